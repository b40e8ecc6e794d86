//! The dialect of one connection: its bytes become requests, and events become its bytes.
//!
//! A codec belongs to one recipient and may keep what the encoding for it needs. Events for everybody are encoded by
//! [`crate::broadcast`] instead, once per dialect and without any state.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Instant;

use papo_common::{Dialect, Event, LineTooLong, Malformed, Request, Telnet, classic, json};

use crate::connection::framing::Framing;

/// The most bytes of messages that may wait for their rate where reading cannot be paused.
pub const MAX_DELAYED: usize = 16 * 1024;
/// What a message that waits counts besides its bytes: about what it takes in memory however short it is.
pub const DELAYED_COST: usize = 32;

/// What turns the bytes of one connection into requests, and the events for it into bytes.
#[derive(Debug)]
pub struct Codec {
    framing: Framing,
    /// Boxed, because few connections ever delay anything.
    delayed: Option<Box<Delayed>>,
}

/// Messages that have come whole and wait for their rate where reading cannot be paused.
#[derive(Debug, Default)]
struct Delayed {
    messages: VecDeque<String>,
    /// What all of them count.
    weight: usize,
}

/// Why the input of a connection cannot be followed any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputError {
    /// A line is longer than any may be.
    LineTooLong,
    /// More messages wait for their rate than may.
    QueueFull,
}

impl Codec {
    /// For a connection that has yet to say its first byte; no line may have more than `max_line` bytes.
    pub fn new(max_line: usize) -> Codec {
        Codec { framing: Framing::new(max_line), delayed: None }
    }

    /// The dialect, once the first bytes tell.
    pub fn dialect(&self) -> Option<Dialect> {
        self.framing.dialect()
    }

    /// Whether the other side ends nothing with a newline. Pausing its input would join its messages, so these are
    /// delayed instead.
    pub fn is_unterminated(&self) -> bool {
        self.framing.is_unterminated()
    }

    /// Takes in one read.
    pub fn handle_bytes(&mut self, read: &[u8], now: Instant) {
        self.framing.receive(read, now);
    }

    /// Takes in one read of a connection of which only the dialect matters.
    pub fn detect_dialect(&mut self, read: &[u8]) {
        if self.dialect().is_none() {
            self.framing.detect_dialect(read);
        }
    }

    /// No more will come.
    pub fn handle_end(&mut self, now: Instant) {
        self.framing.finish(now);
    }

    /// The last request was a name and is accepted.
    pub fn register(&mut self) {
        self.framing.register();
    }

    /// The next line that has come whole; `Ok(None)` in it for a blank one. An error once a line is too long.
    pub fn decode(&mut self, now: Instant) -> Result<Option<Result<Option<Request>, Malformed>>, InputError> {
        let (dialect, is_registered) = (self.dialect(), self.framing.is_registered());
        let parse = |line: &[u8]| match dialect {
            Some(Dialect::Json) => parse_json(line, is_registered),
            _ if is_registered => classic::parse_request(&classic::decode_line(line)),
            _ => Ok(Some(classic::parse_hello(&classic::decode_line(line)))),
        };
        match self.delayed.as_mut().and_then(|delayed| delayed.pop()) {
            Some(message) => Ok(Some(parse(message.as_bytes()))),
            None => Ok(self.framing.next_line(now, parse)?),
        }
    }

    /// Sets aside the messages that have come whole before their turn, where the next read would be joined to them.
    /// An error if more would wait than [`MAX_DELAYED`].
    pub fn delay(&mut self, now: Instant) -> Result<(), InputError> {
        if !self.is_unterminated() {
            return Ok(());
        }
        while let Some(message) = self.framing.next_line(now, |line| classic::decode_line(line).into_owned())? {
            // A blank one asks for nothing: it has no turn to wait for.
            if message.trim().is_empty() {
                continue;
            }
            let delayed = self.delayed.get_or_insert_default();
            delayed.push(message);
            if delayed.weight > MAX_DELAYED {
                return Err(InputError::QueueFull);
            }
        }
        Ok(())
    }

    /// Whether messages were set aside.
    pub fn has_delayed(&self) -> bool {
        self.delayed.as_ref().is_some_and(|delayed| !delayed.messages.is_empty())
    }

    /// Bytes of memory that undecoded input takes.
    pub fn backlog(&self) -> usize {
        self.framing.backlog() + self.delayed.as_ref().map_or(0, |delayed| delayed.weight)
    }

    /// When the unfinished line, if there is one, counts as a whole one.
    pub fn deadline(&self) -> Option<Instant> {
        self.framing.deadline()
    }

    /// Drops all input that has come.
    pub fn discard(&mut self) {
        self.framing.discard();
        self.delayed = None;
    }

    /// Appends `event` as its recipient reads it. A recipient that has said nothing yet reads classic.
    pub fn encode(&self, event: &Event, out: &mut Vec<u8>) {
        self.dialect().unwrap_or(Dialect::Classic).encode(event, out);
    }

    /// Bytes that the wire itself owes the other side in answer to its input, which no request asks for; told once.
    pub fn take_reply(&mut self) -> Option<&'static [u8]> {
        self.framing.owes_telnet_answer().then_some(&Telnet::NO_MARK)
    }
}

impl Delayed {
    fn push(&mut self, message: String) {
        self.weight += message.len() + DELAYED_COST;
        self.messages.push_back(message);
    }

    fn pop(&mut self) -> Option<String> {
        let message = self.messages.pop_front()?;
        self.weight -= message.len() + DELAYED_COST;
        Some(message)
    }
}

impl From<LineTooLong> for InputError {
    fn from(_: LineTooLong) -> InputError {
        InputError::LineTooLong
    }
}

/// The request that a line is; `None` for a blank one.
fn parse_json(line: &[u8], is_registered: bool) -> Result<Option<Request>, Malformed> {
    // UTF-8 is checked many bytes at a time; only a damaged line is looked at one by one. A byte order mark may stand in
    // front of the first line.
    let line = str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed);
    let line = line.strip_prefix('\u{feff}').filter(|_| !is_registered).unwrap_or(&line);
    if line.trim_start().is_empty() { Ok(None) } else { json::parse_request(line).map(Some) }
}
