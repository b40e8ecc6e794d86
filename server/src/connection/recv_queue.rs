//! What one connection has sent and nobody has acted on yet: bytes in, requests out, no faster than its rate.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Instant;

use papo_common::{Dialect, LineTooLong, Malformed, Request, classic, json};

use crate::connection::framing::Framing;
use crate::net::token_bucket::{RateLimit, TokenBucket};

/// The most bytes of messages that may wait for their rate where reading cannot be paused.
pub const MAX_DELAYED: usize = 16 * 1024;
/// What a message that waits counts besides its bytes: about what it takes in memory however short it is.
pub const DELAYED_COST: usize = 32;

/// The input buffer of a connection.
#[derive(Debug)]
pub struct RecvQueue {
    framing: Framing,
    delayed: Option<Box<Delayed>>,
    bucket: TokenBucket,
    /// Lines taken since [`RecvQueue::take_used`] was last asked.
    used: u32,
    /// Whether names are asked for: a classic line means something else then.
    is_member: bool,
}

/// Rare: where there are none, a connection has no more of it than a pointer.
#[derive(Debug, Default)]
struct Delayed {
    /// Messages that have come whole and wait for their rate, where reading cannot be paused.
    messages: VecDeque<String>,
    /// What all of them count.
    weight: usize,
    /// When the connections of this address may send their next line, as of [`RecvQueue::wait_for_address`].
    address_ready_at: Option<Instant>,
}

impl Delayed {
    fn push(&mut self, message: String) {
        self.weight += weight(&message);
        self.messages.push_back(message);
    }

    fn pop(&mut self) -> Option<String> {
        let message = self.messages.pop_front()?;
        self.weight -= weight(&message);
        Some(message)
    }
}

fn weight(message: &str) -> usize {
    message.len() + DELAYED_COST
}

/// Why a connection cannot be followed any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputError {
    /// A line is longer than any may be.
    LineTooLong,
    /// More messages wait for their rate than may.
    QueueFull,
}

impl RecvQueue {
    /// For a connection that has yet to say its first byte; no line may have more than `max_line` bytes.
    pub fn new(max_line: usize) -> RecvQueue {
        RecvQueue {
            framing: Framing::new(max_line),
            delayed: None,
            bucket: TokenBucket::default(),
            used: 0,
            is_member: false,
        }
    }

    /// The dialect it speaks, once its first bytes tell.
    pub fn dialect(&self) -> Option<Dialect> {
        self.framing.dialect()
    }

    /// Whether the other side ends nothing with a newline.
    pub fn is_unterminated(&self) -> bool {
        self.framing.is_unterminated()
    }

    /// Whether its telnet program is owed an answer; told once.
    pub fn owes_telnet_answer(&mut self) -> bool {
        self.framing.owes_telnet_answer()
    }

    /// Whether messages wait for their rate.
    pub fn has_delayed(&self) -> bool {
        self.delayed.as_ref().is_some_and(|waiting| !waiting.messages.is_empty())
    }

    /// Whether no more may be read until [`RecvQueue::ready_at`]: nothing is lost, the sender's own buffers fill and it
    /// waits. Where each read is a message a pause would join messages, so they wait here instead.
    pub fn is_paused(&self, rate: Option<RateLimit>, now: Instant) -> bool {
        !self.is_unterminated() && self.must_wait(rate, now)
    }

    /// When the next request may be taken, if its turn has to be waited for.
    pub fn ready_at(&self, rate: Option<RateLimit>) -> Option<Instant> {
        let address = self.delayed.as_ref().and_then(|waiting| waiting.address_ready_at);
        rate.and_then(|rate| self.bucket.ready_at(rate)).max(address)
    }

    /// Takes no request before `ready_at`, whatever this connection's own rate says: others of its address have used
    /// what they have in common.
    pub fn wait_for_address(&mut self, ready_at: Option<Instant>) {
        if ready_at.is_some() || self.has_delayed() {
            self.delayed.get_or_insert_default().address_ready_at = ready_at;
        } else {
            self.delayed = None;
        }
    }

    /// How many lines were taken since this was last asked.
    pub fn take_used(&mut self) -> usize {
        std::mem::take(&mut self.used) as usize
    }

    /// Bytes that have come and nobody has acted on yet.
    pub fn backlog(&self) -> usize {
        self.framing.backlog() + self.delayed.as_ref().map_or(0, |waiting| waiting.weight)
    }

    /// When the unfinished line, if there is one, counts as a whole one and can be taken.
    pub fn deadline(&self, rate: Option<RateLimit>) -> Option<Instant> {
        let ripe_at = self.framing.deadline()?;
        // Looked at before its turn, it would have come to nothing, and at once again.
        let ready_at = self.ready_at(rate).filter(|_| !self.is_unterminated());
        Some(ready_at.map_or(ripe_at, |ready_at| ready_at.max(ripe_at)))
    }

    /// Notes the dialect that the first bytes tell.
    pub fn detect_dialect(&mut self, read: &[u8]) {
        if self.dialect().is_none() {
            self.framing.detect_dialect(read);
        }
    }

    /// Takes in one read.
    pub fn receive(&mut self, read: &[u8], now: Instant) {
        self.framing.receive(read, now);
    }

    /// Drops all that has come: nobody acts on it any more.
    pub fn discard(&mut self) {
        self.framing.discard();
        self.delayed = None;
    }

    /// No more will come.
    pub fn finish(&mut self, now: Instant) {
        self.framing.finish(now);
    }

    /// What has been used of the rate.
    pub fn bucket(&self) -> TokenBucket {
        self.bucket
    }

    /// The last request was a name and is accepted. Who entered had used `bucket` of its rate before.
    pub fn registered(&mut self, bucket: TokenBucket) {
        self.bucket = self.bucket.max(bucket);
        self.framing.registered();
        self.is_member = true;
    }

    /// The next request that has come whole and whose turn it is, or that a line is none. An error if there is no
    /// telling how the input goes on.
    pub fn next_request(
        &mut self,
        rate: Option<RateLimit>,
        now: Instant,
    ) -> Result<Option<Result<Request, Malformed>>, InputError> {
        loop {
            if self.must_wait(rate, now) {
                self.delay(now)?;
                return Ok(None);
            }
            let (dialect, is_member) = (self.dialect(), self.is_member);
            let Some(request) = self.next_line(now, |line| parse(dialect, is_member, line))? else { return Ok(None) };
            let cost = request.as_ref().ok().and_then(Option::as_ref).map_or(1, Request::cost);
            self.used = self.used.saturating_add(cost as u32);
            if let Some(rate) = rate {
                self.bucket.charge(rate, cost, now);
            }
            if let Some(request) = request.transpose() {
                return Ok(Some(request));
            }
        }
    }

    fn next_line<T>(&mut self, now: Instant, read: impl Fn(&[u8]) -> T) -> Result<Option<T>, LineTooLong> {
        match self.delayed.as_mut().and_then(|waiting| waiting.pop()) {
            Some(line) => Ok(Some(read(line.as_bytes()))),
            None => self.framing.next_line(now, read),
        }
    }

    fn must_wait(&self, rate: Option<RateLimit>, now: Instant) -> bool {
        self.ready_at(rate).is_some_and(|ready_at| ready_at > now)
    }

    /// Takes out of the framing what has come whole before its turn, where the next read would be joined to it.
    fn delay(&mut self, now: Instant) -> Result<(), InputError> {
        if !self.is_unterminated() {
            return Ok(());
        }
        while let Some(line) = self.framing.next_line(now, |line| classic::decode_line(line).into_owned())? {
            // A blank one asks for nothing: it has no turn to wait for.
            if line.trim().is_empty() {
                continue;
            }
            let waiting = self.delayed.get_or_insert_default();
            waiting.push(line);
            if waiting.weight > MAX_DELAYED {
                return Err(InputError::QueueFull);
            }
        }
        Ok(())
    }
}

/// The request that a line is; `None` for a blank one.
fn parse(dialect: Option<Dialect>, is_member: bool, line: &[u8]) -> Result<Option<Request>, Malformed> {
    if dialect == Some(Dialect::Json) {
        // JSON is UTF-8, which is found out many bytes at a time; what is not is damage, and is looked at one by one. The
        // mark of its byte order may stand in front of the first line.
        let line = str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed);
        let line = line.strip_prefix('\u{feff}').filter(|_| !is_member).unwrap_or(&line);
        return if line.trim_start().is_empty() { Ok(None) } else { json::parse_request(line).map(Some) };
    }
    let line = classic::decode_line(line);
    if is_member { classic::parse_request(&line) } else { Ok(Some(classic::parse_hello(&line))) }
}

impl From<LineTooLong> for InputError {
    fn from(_: LineTooLong) -> InputError {
        InputError::LineTooLong
    }
}
