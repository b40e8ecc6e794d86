//! What waits to be written.

use std::sync::mpsc::Receiver;

use papo_common::{Request, native};

/// Lines from the window's queue, and the answer to a ping.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// Lines that the window has sent, in order; bounded by the sender.
    queue: Receiver<Vec<u8>>,
    /// Lines on their way.
    bytes: Vec<u8>,
    /// How many of them are written.
    written: usize,
    owes_pong: bool,
}

/// Lines are taken from the queue until so many bytes stand together, to be written at once.
const WRITE_SIZE: usize = 16 * 1024;

impl Outgoing {
    pub(super) fn new(queue: Receiver<Vec<u8>>) -> Outgoing {
        Outgoing { queue, bytes: Vec::new(), written: 0, owes_pong: false }
    }

    /// Sends a sign of life with the next write. One answers any number of pings: a server that asks on without reading
    /// makes nothing grow.
    pub(super) fn pong(&mut self) {
        self.owes_pong = true;
    }

    /// The next bytes to write; empty if there are none.
    pub(super) fn next(&mut self) -> &[u8] {
        if self.written == self.bytes.len() {
            self.bytes.clear();
            self.written = 0;
            if std::mem::take(&mut self.owes_pong) {
                native::encode_request(&Request::Pong, &mut self.bytes);
            }
            while self.bytes.len() < WRITE_SIZE
                && let Ok(line) = self.queue.try_recv()
            {
                self.bytes.extend(line);
            }
        }
        &self.bytes[self.written..]
    }

    /// So many of the bytes of [`Outgoing::next`] were written.
    pub(super) fn advance(&mut self, length: usize) {
        self.written += length;
    }

    /// Whether lines are on their way that the socket has not taken.
    pub(super) fn is_under_way(&self) -> bool {
        self.written < self.bytes.len()
    }
}
