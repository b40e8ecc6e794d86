//! An established connection: reading, writing, and reporting to the window.

use std::io;
use std::time::{Duration, Instant};

use papo_common::{Event, LineBuffer, json};

use super::outgoing::Outgoing;
use super::report::Report;
use super::transport::Transport;
use super::wire::Wire;

/// Both directions of a connection, until it ends or the window leaves it.
pub(super) struct Exchange {
    wire: Wire,
    /// `None` once the connection has ended; the window may still have to take events that came before.
    transport: Option<Transport>,
    outgoing: Outgoing,
    /// The time since which the server has taken none of the bytes being written.
    stalled_at: Option<Instant>,
    lines: LineBuffer,
    batch: Batch,
    /// Whether reading is paused: the batch is full, and the window has not handled those before it.
    is_paused: bool,
    /// The time when the server was last heard; while reading is paused, when it was last sent a sign of life.
    alive_at: Instant,
    bytes: Vec<u8>,
}

/// The longest line from a server: a welcome with its 256 KiB of history, all of it escaped, and a full room.
/// A longer one ends the connection.
pub(super) const MAX_LINE: usize = 4 * 1024 * 1024;
/// Limit of events in a batch, so that the window is drawn again soon.
pub(super) const MAX_EVENTS: usize = 64;
/// Limit of the bytes of lines in a batch, which its last line may exceed: with [`MAX_EVENTS`] alone, long ones could
/// be hundreds of megabytes.
const MAX_BATCH: usize = 256 * 1024;
/// Limit of bytes in one read.
pub(super) const READ_SIZE: usize = 16 * 1024;

#[derive(Default)]
struct Batch {
    events: Vec<Event>,
    /// The bytes of the lines of these events.
    size: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.events.len() >= MAX_EVENTS || self.size >= MAX_BATCH
    }
}

impl Exchange {
    pub(super) fn new(wire: Wire, transport: Transport, outgoing: Outgoing) -> Exchange {
        Exchange {
            wire,
            transport: Some(transport),
            outgoing,
            stalled_at: None,
            lines: LineBuffer::new(MAX_LINE),
            batch: Batch::default(),
            is_paused: false,
            alive_at: Instant::now(),
            bytes: vec![0; READ_SIZE],
        }
    }

    /// Runs until the connection has ended, in whichever way, and the window has been told; or until the window leaves
    /// it.
    pub(super) fn run(mut self) {
        while !self.wire.shared.is_left() {
            if self.wait(self.next_timeout()).is_err() {
                return self.wire.tell(Report::Ended);
            }
            if self.turn().is_err() {
                self.transport = None;
            }
            if self.transport.is_none() && self.batch.events.is_empty() {
                return self.wire.tell(Report::Ended);
            }
        }
        if !self.wire.shared.is_dropped() {
            // Errors are ignored: the window takes no more reports.
            let _ = self.take_leave();
        }
    }

    /// Hands over, reads, checks the timeouts and writes, each once. An error if the connection has ended.
    fn turn(&mut self) -> io::Result<()> {
        self.hand_over();
        if !self.is_paused {
            self.read()?;
        }
        self.check_timeouts()?;
        self.write();
        Ok(())
    }

    fn wait(&mut self, until: Option<Instant>) -> io::Result<()> {
        self.wire.wait(until)?;
        if let Some(transport) = &mut self.transport {
            self.wire.events.iter().for_each(|event| transport.heed(event));
        }
        Ok(())
    }

    fn next_timeout(&self) -> Option<Instant> {
        let transport = self.transport.as_ref()?;
        if transport.is_readable() && !self.is_paused {
            return Some(Instant::now());
        }
        let stalled = self.stalled_at.map(|since| since + self.wire.timeouts.write);
        let alive = self.alive_at + self.alive_for();
        Some(stalled.map_or(alive, |stalled| stalled.min(alive)))
    }

    fn alive_for(&self) -> Duration {
        let timeouts = &self.wire.timeouts;
        if self.is_paused { timeouts.sign_of_life } else { timeouts.silence }
    }

    /// Reads at most [`READ_SIZE`] bytes, so that a flood holds up neither writing nor closing.
    fn read(&mut self) -> io::Result<()> {
        let Some(transport) = self.transport.as_mut().filter(|it| it.is_readable()) else { return Ok(()) };
        if let Some(length) = transport.read(&mut self.bytes)? {
            self.alive_at = Instant::now();
            self.lines.push(&self.bytes[..length]);
            self.hand_over();
        }
        Ok(())
    }

    /// Hands over what has been read, as far as the window takes it.
    fn hand_over(&mut self) {
        loop {
            self.fill_batch();
            if self.batch.events.is_empty() {
                break;
            }
            let Some(permit) = self.wire.shared.permit() else { break };
            self.wire.tell(Report::Events(std::mem::take(&mut self.batch).events, permit));
        }
        if self.is_paused != self.batch.is_full() {
            self.is_paused = !self.is_paused;
            // Pausing changes what `alive_at` measures, the server's silence or our own: start anew.
            self.alive_at = Instant::now();
        }
    }

    fn fill_batch(&mut self) {
        while !self.batch.is_full() {
            let line = match self.lines.next_line() {
                Ok(Some(line)) => line,
                Ok(None) => return,
                Err(_) => return self.transport = None,
            };
            // A line that makes no sense is passed over: the server may be newer than this program.
            let Ok(event) = json::parse_event(&String::from_utf8_lossy(line)) else { continue };
            match event {
                // Answered here and not in the window: a dialog or a busy moment there must not cost the connection.
                Event::Ping => self.outgoing.pong(),
                Event::Unknown => {}
                event => {
                    self.batch.size += line.len();
                    self.batch.events.push(event);
                }
            }
        }
    }

    fn check_timeouts(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let is_stalled = self.stalled_at.is_some_and(|since| now - since >= self.wire.timeouts.write);
        let is_silent = now - self.alive_at >= self.alive_for();
        if is_silent && self.is_paused {
            self.alive_at = now;
            self.outgoing.pong();
        } else if is_silent || is_stalled || self.wire.shared.is_overrun() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }

    /// Writes what the socket takes. An error ends writing alone: events may have been received before it, and reading
    /// goes on to the end of the connection. While reading is paused, the limit of a stalled write is that end.
    fn write(&mut self) {
        let Some(transport) = &mut self.transport else { return };
        while transport.is_writable() {
            let bytes = self.outgoing.next();
            if bytes.is_empty() {
                break;
            }
            let Ok(length) = transport.write(bytes) else {
                transport.stop_writing();
                break;
            };
            self.outgoing.advance(length);
            if length > 0 {
                self.stalled_at = None;
            }
        }
        let is_stalled = self.outgoing.is_under_way();
        self.stalled_at = is_stalled.then(|| self.stalled_at.unwrap_or_else(Instant::now));
    }

    /// Writes all that is queued. Then the server gets the end of the stream and a moment to close: a close on our side
    /// with something unread would destroy the last line on its way. Anything that the server still sends is discarded.
    /// An error of reading ends it.
    fn take_leave(mut self) -> io::Result<()> {
        let mut ends_at = Instant::now() + self.wire.timeouts.flush;
        let mut is_finished = false;
        while Instant::now() < ends_at {
            self.write();
            let Some(transport) = &mut self.transport else { break };
            if !is_finished && self.outgoing.next().is_empty() {
                is_finished = true;
                ends_at = Instant::now() + self.wire.timeouts.farewell;
                transport.finish()?;
            }
            if transport.is_readable() {
                transport.read(&mut self.bytes)?;
            } else {
                self.wait(Some(ends_at))?;
            }
        }
        Ok(())
    }
}
