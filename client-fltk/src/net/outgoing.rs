//! Outgoing lines that wait to be written.

use std::sync::mpsc::Receiver;

use papo_common::{Request, json};

/// The lines to write: those from the window's queue, and the answer to a ping.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// Lines that the window has sent, in order; bounded by the sender.
    queue: Receiver<Vec<u8>>,
    /// The lines being written.
    bytes: Vec<u8>,
    /// The number of `bytes` that are written.
    written: usize,
    owes_pong: bool,
}

/// Lines are taken from the queue until they come to this many bytes, to be written at once.
const WRITE_SIZE: usize = 16 * 1024;

impl Outgoing {
    pub(super) fn new(queue: Receiver<Vec<u8>>) -> Outgoing {
        Outgoing { queue, bytes: Vec::new(), written: 0, owes_pong: false }
    }

    /// Sends a `pong` with the next write. A single one answers any number of pings, so that a server that pings on
    /// without reading makes nothing grow.
    pub(super) fn pong(&mut self) {
        self.owes_pong = true;
    }

    /// The next bytes to write; empty if there are none.
    pub(super) fn next(&mut self) -> &[u8] {
        if self.written == self.bytes.len() {
            self.bytes.clear();
            self.written = 0;
            if std::mem::take(&mut self.owes_pong) {
                json::encode_request(&Request::Pong, &mut self.bytes);
            }
            while self.bytes.len() < WRITE_SIZE
                && let Ok(line) = self.queue.try_recv()
            {
                self.bytes.extend(line);
            }
        }
        &self.bytes[self.written..]
    }

    /// Notes that `length` of the bytes of [`Outgoing::next`] were written.
    pub(super) fn advance(&mut self, length: usize) {
        self.written += length;
    }

    /// Whether there are lines being written that the socket has not taken.
    pub(super) fn is_under_way(&self) -> bool {
        self.written < self.bytes.len()
    }
}
