//! The dialect of one connection: its bytes become lines and these requests, and events become its bytes.
//!
//! A codec belongs to one recipient and may keep what the encoding for it needs. Events for everybody are encoded by
//! [`crate::broadcast`] instead, once per dialect and without any state.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

use papo_common::{Dialect, Event, LineBuffer, LineTooLong, Malformed, Request, Telnet, classic, json};

/// Silence after which the bytes of a classic connection are taken for a name although no newline ends them.
pub const NAME_QUIET: Duration = Duration::from_millis(200);
/// Silence with the same meaning where a read brought a single character: somebody is typing, in a program that sends
/// each key.
pub const TYPING_QUIET: Duration = Duration::from_secs(3);
/// Time for which a read that may be a part of a message waits for the rest.
pub const PART_QUIET: Duration = Duration::from_millis(50);
/// A read of fewer bytes than this is a message of its own where messages have no end.
pub const WHOLE_READ: usize = 1024;
/// The most bytes of messages that may wait for their rate where reading cannot be paused.
pub const MAX_DELAYED: usize = 16 * 1024;
/// Bytes that a waiting message counts beyond its text: about the memory that an empty one takes.
pub const DELAYED_COST: usize = 32;

/// Translator between the bytes of one connection and its requests and events.
#[derive(Debug)]
pub struct Codec {
    lines: LineBuffer,
    /// Filter for telnet's commands; `None` for a dialect that has none.
    telnet: Option<Telnet>,
    dialect: Option<Dialect>,
    delimiter: Delimiter,
    /// Whether a name was accepted: until then a classic line is one.
    is_registered: bool,
    /// Whether a part of the unfinished name came as a single character.
    is_typed: bool,
    /// Whether the last line handed out had no end of its own.
    was_unterminated: bool,
    /// Dropped bytes that no line has paid for.
    dropped: u32,
    /// Time at which the unfinished line counts as a whole one.
    complete_at: Option<Instant>,
    /// Boxed, because few connections ever delay anything.
    delayed: Option<Box<Delayed>>,
}

/// End of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delimiter {
    /// Its newline.
    Newline,
    /// For a classic connection without a name: its newline, or silence for [`NAME_QUIET`].
    NewlineOrSilence,
    /// For a classic member that ended its name with nothing: the end of the read.
    EachRead,
}

/// Messages that have come whole and wait for their rate where reading cannot be paused.
#[derive(Debug, Default)]
struct Delayed {
    messages: VecDeque<String>,
    /// Sum of what they count.
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
        Codec {
            lines: LineBuffer::new(max_line),
            telnet: Some(Telnet::default()),
            dialect: None,
            delimiter: Delimiter::Newline,
            is_registered: false,
            is_typed: false,
            was_unterminated: false,
            dropped: 0,
            complete_at: None,
            delayed: None,
        }
    }

    /// The dialect, once the first bytes tell.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// Whether the other side ends nothing with a newline. Pausing its input would join its messages, so these are
    /// delayed instead.
    pub fn is_unterminated(&self) -> bool {
        self.delimiter == Delimiter::EachRead
    }

    /// The last request was a name and is accepted.
    pub fn register(&mut self) {
        self.is_registered = true;
        self.delimiter = if self.was_unterminated { Delimiter::EachRead } else { Delimiter::Newline };
        // Bytes behind the name were received under the silence rule; from now on only a newline ends them.
        self.complete_at = None;
    }

    /// Takes in one read.
    pub fn handle_bytes(&mut self, read: &[u8], now: Instant) {
        let before = self.lines.unfinished().len();
        self.buffer(read);
        if self.lines.unfinished().len() == before {
            return;
        }
        self.is_typed = (self.is_typed && before > 0) || is_one_character(read);
        self.complete_at = match self.delimiter {
            Delimiter::Newline => None,
            Delimiter::NewlineOrSilence => Some(now + if self.is_typed { TYPING_QUIET } else { NAME_QUIET }),
            Delimiter::EachRead if read.len() < WHOLE_READ && ends_with_whole_character(self.lines.unfinished()) => {
                Some(now)
            }
            Delimiter::EachRead => Some(now + PART_QUIET),
        };
    }

    /// Takes in one read of a connection of which only the dialect matters.
    pub fn detect_dialect(&mut self, read: &[u8]) {
        if self.dialect.is_none() {
            self.buffer(read);
        }
    }

    /// No more will come: an unfinished message is whole if reads are messages.
    pub fn handle_end(&mut self, now: Instant) {
        self.complete_at = self.is_unterminated().then_some(now);
    }

    /// The next line that has come whole; `Ok(None)` in it for a blank one. An error once a line is too long.
    pub fn decode(&mut self, now: Instant) -> Result<Option<Result<Option<Request>, Malformed>>, InputError> {
        let (dialect, is_registered) = (self.dialect, self.is_registered);
        let parse = |line: &[u8]| match dialect {
            Some(Dialect::Json) => parse_json(line, is_registered),
            _ if is_registered => classic::parse_request(&classic::decode_line(line)),
            _ => Ok(Some(classic::parse_hello(&classic::decode_line(line)))),
        };
        match self.delayed.as_mut().and_then(|delayed| delayed.pop()) {
            Some(message) => Ok(Some(parse(message.as_bytes()))),
            None => Ok(self.next_line(now, parse)?),
        }
    }

    /// Result of `read` for the next line, without its end; `None` if none is whole. As many dropped bytes as a line may
    /// have count as a blank line, so that they have their price. An error once a line is too long: its end cannot be
    /// known.
    pub fn next_line<T>(&mut self, now: Instant, read: impl Fn(&[u8]) -> T) -> Result<Option<T>, LineTooLong> {
        if let Some(dropped) = self.dropped.checked_sub(self.lines.limit().max(1) as u32) {
            self.dropped = dropped;
            return Ok(Some(read(b"")));
        }
        if let Some(read) = self.lines.next_line()?.map(&read) {
            self.was_unterminated = false;
            return Ok(Some(read));
        }
        if self.deadline().is_none_or(|complete_at| complete_at > now) {
            return Ok(None);
        }
        self.was_unterminated = true;
        self.complete_at = None;
        Ok(Some(read(&self.lines.take_unfinished())))
    }

    /// Sets aside the messages that have come whole before their turn, where the next read would be joined to them.
    /// An error if more would wait than [`MAX_DELAYED`].
    pub fn delay(&mut self, now: Instant) -> Result<(), InputError> {
        if !self.is_unterminated() {
            return Ok(());
        }
        while let Some(message) = self.next_line(now, |line| classic::decode_line(line).into_owned())? {
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
    pub fn unhandled(&self) -> usize {
        self.lines.unfinished().len() + self.delayed.as_ref().map_or(0, |delayed| delayed.weight)
    }

    /// When the unfinished line, if there is one, counts as a whole one.
    pub fn deadline(&self) -> Option<Instant> {
        self.complete_at.filter(|_| !self.lines.unfinished().is_empty())
    }

    /// Drops all input that has come.
    pub fn discard(&mut self) {
        self.lines.take_unfinished();
        self.complete_at = None;
        self.delayed = None;
    }

    /// Appends `event` as its recipient reads it. A recipient that has said nothing yet reads classic.
    pub fn encode(&self, event: &Event, out: &mut Vec<u8>) {
        match self.dialect {
            Some(Dialect::Json) => json::encode(event, out),
            Some(Dialect::Classic) | None => classic::encode(event, out),
        }
    }

    /// Bytes that the wire itself owes the other side in answer to its input, which no request asks for; told once.
    pub fn take_reply(&mut self) -> Option<&'static [u8]> {
        self.telnet.as_mut()?.owes_answer().then_some(&Telnet::NO_MARK)
    }

    fn buffer(&mut self, read: &[u8]) {
        match &mut self.telnet {
            Some(telnet) if !telnet.is_plain(read) => {
                let mut text = Vec::with_capacity(read.len());
                telnet.filter(read, &mut text);
                self.dropped += read.len().saturating_sub(text.len()) as u32;
                self.lines.push(&text);
            }
            _ => self.lines.push(read),
        }
        if self.dialect.is_none() {
            self.dialect = Dialect::of(self.lines.unfinished());
            match self.dialect {
                Some(Dialect::Classic) => self.delimiter = Delimiter::NewlineOrSilence,
                Some(Dialect::Json) => self.telnet = None,
                None => {}
            }
        }
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

fn is_one_character(read: &[u8]) -> bool {
    read.len() == 1 || str::from_utf8(read).is_ok_and(|text| text.chars().nth(1).is_none())
}

fn ends_with_whole_character(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().last().is_none_or(|chunk| chunk.invalid().is_empty())
}
