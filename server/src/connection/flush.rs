//! What goes out of a connection, to the last step of its closing.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use papo_common::{Dialect, Event, Telnet};

use super::{Connection, Phase, WriteState};
use crate::broadcast::BroadcastLog;
use crate::connection::closing::CloseStep;
use crate::connection::send_queue::SendQueue;
use crate::connection::transport::Transport;

/// How long a reader may be over its limit without taking a byte.
pub const STALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes that may wait for one reader however well it reads; `--reader-buffer` may ask for more.
pub const MAX_BACKLOG: usize = 16 * 1024 * 1024;
/// How long a reader that takes a piece by one `recv` is left alone after one that is shorter than that.
pub const PIECE_PAUSE: Duration = Duration::from_millis(50);

impl<T: Transport> Connection<T> {
    /// Writes what may be written now, and takes the next steps of a closing; gives the number of bytes written. An error
    /// if the socket is of no more use; that it would have to wait is none.
    pub fn flush(&mut self, broadcast: &BroadcastLog, now: Instant) -> io::Result<usize> {
        if self.recv_queue.owes_telnet_answer() && self.is_open() && self.write_state != WriteState::Broken {
            self.send_queue.push(broadcast, |own| own.extend(Telnet::NO_MARK));
        }
        self.send_queue.resume(now);
        let mut written = self.write(broadcast, now)?;
        while self.step(broadcast, now) {
            written += self.write(broadcast, now)?;
        }
        Ok(written)
    }

    fn write(&mut self, broadcast: &BroadcastLog, now: Instant) -> io::Result<usize> {
        let mut total = 0;
        while self.write_state == WriteState::Ready {
            let in_pieces = self.recv_queue.is_unterminated();
            let most = if in_pieces { self.send_queue.piece(broadcast) } else { usize::MAX };
            let slices = self.send_queue.slices(broadcast, most);
            let is_empty = slices.iter().all(|slice| slice.is_empty());
            if is_empty && !self.transport.wants_write() {
                break;
            }
            match self.transport.write_vectored(&slices) {
                Ok(0) if is_empty => break,
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    total += written;
                    self.send_queue.advance(broadcast, written);
                    if in_pieces {
                        self.send_queue.piece_written(written, now + PIECE_PAUSE);
                    }
                    self.heartbeat.on_sent(now);
                    self.pending_query.set_stalled(None);
                    if self.send_queue.must_drain() {
                        // Its answer to a ping waits unread until it has read this.
                        self.heartbeat.restart(now);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.write_state = WriteState::Blocked,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // The other side closed without a goodbye. Whole lines that it sent before may still be unread here, or
                // wait for their rate; behind them reading comes to an end of its own.
                Err(_) if self.is_open() => {
                    self.send_queue = SendQueue::default();
                    self.write_state = WriteState::Broken;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(total)
    }

    /// Whether the reader has to be given up: over [`MAX_BACKLOG`], or over `limit` bytes for [`STALL_TIMEOUT`] without
    /// having taken one. A burst of others may put any reader over the limit for a moment; one that reads on, stays.
    pub fn is_slow(&mut self, broadcast: &BroadcastLog, limit: usize, now: Instant) -> bool {
        let backlog = self.send_queue.counted_backlog(broadcast);
        if !self.is_open() || backlog <= limit {
            self.pending_query.set_stalled(None);
            return false;
        }
        let since = self.pending_query.stalled_since().unwrap_or(now);
        self.pending_query.set_stalled(Some(since));
        backlog > MAX_BACKLOG.max(limit) || since + STALL_TIMEOUT <= now
    }

    /// Takes one step of a closing; true if there may be another.
    fn step(&mut self, broadcast: &BroadcastLog, now: Instant) -> bool {
        let Phase::Closing(ending) = &mut self.phase else { return false };
        match ending.step(self.send_queue.backlog(broadcast), self.has_ended, now) {
            CloseStep::Wait => return false,
            CloseStep::SayLastWord => {
                self.send_queue.push(broadcast, |own| Dialect::Classic.encode(&Event::ServerClosed, own));
            }
            // An error here means that the other side is gone, which the next read will say.
            CloseStep::Shut => drop(self.transport.shut_down()),
            CloseStep::Close => self.phase = Phase::Closed,
        }
        true
    }
}
