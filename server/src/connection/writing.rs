//! What goes out of a connection, to the last step of its closing.

use std::io::{self, ErrorKind, Write as _};
use std::net::Shutdown;
use std::time::{Duration, Instant};

use papo_common::{Dialect, Event, Telnet};

use super::{Connection, Phase, Writing};
use crate::closing::Step;
use crate::fanout::Fanout;
use crate::outbox::Outbox;

/// How long a reader may be over its limit without taking a byte.
pub const STALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes that may wait for one reader however well it reads; `--reader-buffer` may ask for more.
pub const MAX_BACKLOG: usize = 16 * 1024 * 1024;
/// How long a reader that takes a piece by one `recv` is left alone after one that is shorter than that.
pub const PIECE_PAUSE: Duration = Duration::from_millis(50);

impl Connection {
    /// Writes what may be written now, and takes the next steps of a closing; gives the number of bytes written. An error
    /// if the socket is of no more use; that it would have to wait is none.
    pub fn flush(&mut self, fanout: &Fanout, now: Instant) -> io::Result<usize> {
        if self.inbox.owes_telnet_answer() && self.is_open() && self.writing != Writing::Impossible {
            self.outbox.push(fanout, |own| own.extend(Telnet::NO_MARK));
        }
        self.outbox.resume(now);
        let mut written = self.write(fanout, now)?;
        while self.step(fanout, now) {
            written += self.write(fanout, now)?;
        }
        Ok(written)
    }

    fn write(&mut self, fanout: &Fanout, now: Instant) -> io::Result<usize> {
        let mut total = 0;
        while self.writing == Writing::Possible {
            let in_pieces = self.inbox.is_unterminated();
            let most = if in_pieces { self.outbox.piece(fanout) } else { usize::MAX };
            let slices = self.outbox.slices(fanout, most);
            if slices.iter().all(|slice| slice.is_empty()) {
                break;
            }
            match self.stream.write_vectored(&slices) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    total += written;
                    self.outbox.advance(fanout, written);
                    if in_pieces {
                        self.outbox.piece_written(written, now + PIECE_PAUSE);
                    }
                    self.liveness.sent(now);
                    self.waits.set_stalled(None);
                    if self.outbox.must_drain() {
                        // Its answer to a ping waits unread until it has read this.
                        self.liveness.excuse(now);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.writing = Writing::Blocked,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // The other side closed without a goodbye. Whole lines that it sent before may still be unread here, or
                // wait for their rate; behind them reading comes to an end of its own.
                Err(_) if self.is_open() => {
                    self.outbox = Outbox::default();
                    self.writing = Writing::Impossible;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(total)
    }

    /// Whether the reader has to be given up: over [`MAX_BACKLOG`], or over `limit` bytes for [`STALL_TIMEOUT`] without
    /// having taken one. A burst of others may put any reader over the limit for a moment; one that reads on, stays.
    pub fn is_slow(&mut self, fanout: &Fanout, limit: usize, now: Instant) -> bool {
        let backlog = self.outbox.counted_backlog(fanout);
        if !self.is_open() || backlog <= limit {
            self.waits.set_stalled(None);
            return false;
        }
        let since = self.waits.stalled_since().unwrap_or(now);
        self.waits.set_stalled(Some(since));
        backlog > MAX_BACKLOG.max(limit) || since + STALL_TIMEOUT <= now
    }

    /// Takes one step of a closing; true if there may be another.
    fn step(&mut self, fanout: &Fanout, now: Instant) -> bool {
        let Phase::Ending(ending) = &mut self.phase else { return false };
        match ending.step(self.outbox.backlog(fanout), self.has_ended, now) {
            Step::Wait => return false,
            Step::SayLastWord => {
                self.outbox.push(fanout, |own| Dialect::Classic.encode(&Event::ServerClosed, own));
            }
            // An error here means that the other side is gone, which the next read will say.
            Step::Shut => drop(self.stream.shutdown(Shutdown::Write)),
            Step::Close => self.phase = Phase::Closed,
        }
        true
    }
}
