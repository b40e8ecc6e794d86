//! A connection's protocol: bytes in, requests out; events in, bytes out. Pure: no socket and no clock.

mod deadlines;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use papo_common::{Dialect, Event, Malformed, Refusal, Request};

use crate::broadcast::{BroadcastLog, Offset};
use crate::config::ConnectionConfig;
use crate::connection::closing::{CloseStep, Closing, ISOLATION};
use crate::connection::codec::{Codec, InputError};
use crate::connection::heartbeat::Heartbeat;
use crate::connection::phase::{Close, Output, Phase, Role};
use crate::connection::read_gate::ReadGate;
use crate::connection::send_queue::SendQueue;
use crate::connection::stall::Stall;
use crate::keys::MemberKey;
use crate::token_bucket::TokenBucket;

/// Time for a connection that cannot stay to speak, so that it can be told so in its dialect.
pub const REFUSING_TIMEOUT: Duration = Duration::from_secs(2);

/// The protocol state of one connection. Time comes in as `now`, which never goes back.
///
/// To be called in this order:
///
/// 1. [`Session::handle_readable`] when the transport may hold something, then for each read [`Session::handle_bytes`],
///    [`Session::handle_drained`] or [`Session::handle_end`]; before and after each, [`Session::next_request`] until it
///    gives `None`, and no further read while [`Session::is_paused`].
/// 2. For each event [`Session::tell`], or [`Session::welcome`] after [`Session::register`]; [`Session::close`] at the
///    end.
/// 3. Once per turn [`Session::next_output`], each time followed by [`Session::handle_written`], until nothing is left or
///    the transport takes no more, and then [`Session::handle_flushed`]; [`Session::handle_write_error`] if it breaks.
/// 4. [`Session::timeout`], now and at [`Session::deadline`].
#[derive(Debug)]
pub struct Session {
    codec: Codec,
    /// Delays of its requests.
    pub gate: ReadGate,
    send_queue: SendQueue,
    stall: Stall,
    heartbeat: Heartbeat,
    phase: Phase,
    /// Whether writing has failed: the other side reads no more. Requests that it sent before still count.
    is_broken: bool,
    /// Whether the input has ended.
    has_ended: bool,
    /// Whether the transport may hold more than was read.
    has_unread: bool,
    /// Lines taken since [`Session::take_used`].
    used: u32,
}

impl Session {
    /// For a connection that begins now. With a `refusal` it is only waited for to be told so.
    pub fn new(refusal: Option<Refusal>, config: &ConnectionConfig, now: Instant) -> Session {
        let refusing = |refusal| Phase::Refusing(Box::new((refusal, now + REFUSING_TIMEOUT)));
        Session {
            codec: Codec::new(config.max_line),
            gate: ReadGate::default(),
            send_queue: SendQueue::default(),
            stall: Stall::default(),
            heartbeat: Heartbeat::new(now),
            phase: refusal.map_or(Phase::Open(Role::Greeting { bad_hellos: 0 }), refusing),
            is_broken: false,
            has_ended: false,
            has_unread: false,
            used: 0,
        }
    }

    /// The dialect, once the first bytes tell.
    pub fn dialect(&self) -> Option<Dialect> {
        self.codec.dialect()
    }

    /// The member for whom it speaks, if it does.
    pub fn member(&self) -> Option<MemberKey> {
        if let Phase::Open(Role::Member(member)) = self.phase { Some(member) } else { None }
    }

    /// Whether it is in its phase open: neither closed, nor about to be, nor refused.
    pub fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open(_))
    }

    /// Whether it can be reaped.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// Bytes of input that no request was made of yet.
    pub fn unhandled(&self) -> usize {
        self.codec.unhandled()
    }

    /// Bytes that wait to be written.
    pub fn pending(&self, broadcast: &BroadcastLog) -> usize {
        self.send_queue.pending(broadcast)
    }

    /// Bytes of memory that its queues take, the broadcast log left out.
    pub fn memory(&self) -> usize {
        self.codec.unhandled() + self.send_queue.memory()
    }

    /// End of the written part of its dialect's broadcast log, if it has joined.
    pub fn cursor(&self) -> Option<Offset> {
        self.send_queue.cursor()
    }

    /// Whether every request that came is taken and every query answered.
    pub fn is_finished(&self) -> bool {
        !self.codec.has_delayed() && !self.gate.has_query()
    }

    /// The transport may hold something to read.
    pub fn handle_readable(&mut self) {
        self.has_unread = true;
    }

    /// The transport holds nothing more to read for now.
    pub fn handle_drained(&mut self) {
        self.has_unread = false;
    }

    /// The input has ended.
    pub fn handle_end(&mut self, now: Instant) {
        self.has_unread = false;
        self.has_ended = true;
        self.codec.handle_end(now);
    }

    /// Takes in one read. Unless the connection is open, only its dialect matters.
    pub fn handle_bytes(&mut self, read: &[u8], now: Instant) {
        self.heartbeat.on_received();
        if self.is_open() { self.codec.handle_bytes(read, now) } else { self.codec.detect_dialect(read) }
    }

    /// The next request that is complete and may be taken now, or the complaint about a line that is none. An error if the
    /// input cannot be followed any further.
    pub fn next_request(
        &mut self,
        config: &ConnectionConfig,
        now: Instant,
    ) -> Result<Option<Result<Request, Malformed>>, InputError> {
        if !self.is_open() || self.must_wait() {
            return Ok(None);
        }
        if let Some(query) = self.gate.release_query() {
            return Ok(Some(Ok(query)));
        }
        while !self.gate.is_limited(config.rate, now) {
            let Some(line) = self.codec.decode(now)? else { return Ok(None) };
            let cost = line.as_ref().ok().and_then(Option::as_ref).map_or(1, Request::cost);
            self.gate.charge(config.rate, cost, now);
            self.used = self.used.saturating_add(cost as u32);
            if let Some(request) = line.transpose() {
                return Ok(self.gate.admit(request));
            }
        }
        self.codec.delay(now)?;
        Ok(None)
    }

    /// Cost of the lines taken since the last call, in lines.
    pub fn take_used(&mut self) -> usize {
        std::mem::take(&mut self.used) as usize
    }

    /// Whether reading is paused: nothing is lost, the sender's own buffers fill and it waits.
    pub fn is_paused(&self, config: &ConnectionConfig, now: Instant) -> bool {
        let is_limited = || !self.codec.is_unterminated() && self.gate.is_limited(config.rate, now);
        self.is_open() && (self.must_wait() || is_limited())
    }

    /// Whether unread input is to be read on and discarded, although the poller may not report it again.
    pub fn must_discard_input(&self) -> bool {
        !self.is_open() && self.has_unread
    }

    /// Whether unread replies keep its next request back. Only JSON has requests with long answers.
    pub fn must_drain(&self) -> bool {
        self.dialect() == Some(Dialect::Json) && self.send_queue.is_full()
    }

    /// Counts a request that was no `hello`; gives how many there were.
    pub fn count_bad_hello(&mut self) -> u8 {
        let Phase::Open(Role::Greeting { bad_hellos }) = &mut self.phase else { return 0 };
        *bad_hellos += 1;
        *bad_hellos
    }

    /// Makes it a member's connection: the name that it gave is accepted, and `bucket` of the member's rate used before.
    pub fn register(&mut self, member: MemberKey, bucket: TokenBucket) {
        self.phase = Phase::Open(Role::Member(member));
        self.gate.take_over(bucket);
        self.codec.register();
        if self.codec.is_unterminated() {
            self.send_queue.write_in_pieces();
        }
    }

    /// Queues `event` for this connection.
    pub fn tell(&mut self, event: &Event, broadcast: &BroadcastLog) {
        if self.is_open() && !self.is_broken {
            self.send_queue.push(broadcast, |out| self.codec.encode(event, out));
        }
    }

    /// Queues its welcome, behind which it reads the broadcast log.
    pub fn welcome(&mut self, welcome: &Event, broadcast: &BroadcastLog, now: Instant) {
        if !self.is_open() || self.is_broken {
            return;
        }
        self.tell(welcome, broadcast);
        self.send_queue.exempt_pending();
        self.send_queue.subscribe(broadcast);
        if self.codec.is_unterminated() {
            self.send_queue.pause(now + ISOLATION);
        }
    }

    /// Leaves out the broadcasts since `from`: they are not for this connection.
    pub fn skip(&mut self, broadcast: &BroadcastLog, from: Offset) {
        self.send_queue.skip(broadcast, from);
    }

    /// Begins to close, or closes; gives the member for whom it spoke until now, for the caller to let it leave the room.
    pub fn close(&mut self, how: Close, broadcast: &BroadcastLog, now: Instant) -> Option<MemberKey> {
        let member = self.member();
        let is_closing = matches!(self.phase, Phase::Closing(_) | Phase::Closed);
        match how {
            Close::Now => {
                self.send_queue = SendQueue::default();
                self.phase = Phase::Closed;
            }
            _ if is_closing => {}
            _ if self.is_broken => self.phase = Phase::Closed,
            Close::InOrder(event) => self.close_in_order(event, broadcast, now),
            Close::DiscardPending(event) => {
                self.send_queue.discard_pending(broadcast);
                self.close_in_order(Some(event), broadcast, now);
            }
        }
        member
    }

    fn close_in_order(&mut self, event: Option<Event>, broadcast: &BroadcastLog, now: Instant) {
        // Programs that end nothing with a newline read on for ever after the end of the stream; this line alone stops
        // them.
        let has_farewell = self.codec.is_unterminated();
        if let Some(event) = event.filter(|event| !(has_farewell && *event == Event::ServerClosed)) {
            self.send_queue.push(broadcast, |out| self.codec.encode(&event, out));
        }
        self.send_queue.unsubscribe(broadcast);
        self.codec.discard();
        self.phase = Phase::Closing(Box::new(Closing::new(has_farewell, now)));
    }

    /// The next step for the transport; each call also takes the next step of closing.
    pub fn next_output<'a>(&'a mut self, broadcast: &'a BroadcastLog, now: Instant) -> Output<'a> {
        self.send_queue.resume(now);
        match &mut self.phase {
            Phase::Open(_) => {
                if let Some(reply) = self.codec.take_reply().filter(|_| !self.is_broken) {
                    self.send_queue.push(broadcast, |out| out.extend_from_slice(reply));
                }
            }
            Phase::Closing(closing) => match closing.step(self.send_queue.pending(broadcast), self.has_ended, now) {
                CloseStep::Wait => {}
                CloseStep::SayFarewell => {
                    self.send_queue.push(broadcast, |out| self.codec.encode(&Event::ServerClosed, out));
                }
                CloseStep::ShutDown => return Output::ShutDown,
                CloseStep::Close => self.phase = Phase::Closed,
            },
            Phase::Refusing(_) | Phase::Closed => {}
        }
        Output::Bytes(self.send_queue.next_slices(broadcast))
    }

    /// The transport took `bytes` of the last output.
    pub fn handle_written(&mut self, bytes: usize, broadcast: &BroadcastLog, now: Instant) {
        self.send_queue.advance(broadcast, bytes, now);
        self.heartbeat.on_sent(now);
        if self.must_drain() {
            // Reading is paused, so a pong may be waiting.
            self.heartbeat.restart(now);
        }
    }

    /// The transport takes nothing more: the other side closed without a goodbye. Whole lines that it sent before may
    /// still be unread, or wait for their rate; the end of the input comes behind them.
    pub fn handle_write_error(&mut self) {
        self.send_queue = SendQueue::default();
        self.is_broken = true;
    }

    /// The transport has taken `bytes` in this turn and takes no more for now; `limit` bytes may wait for a reader that
    /// stalls.
    pub fn handle_flushed(&mut self, bytes: usize, limit: usize, broadcast: &BroadcastLog, now: Instant) {
        let pending = if self.is_open() { self.send_queue.counted_pending(broadcast) } else { 0 };
        self.stall.update(pending, limit, bytes > 0, now);
    }

    /// Whether no request is taken before its replies are read or its query is answered.
    fn must_wait(&self) -> bool {
        self.must_drain() || self.gate.holds_query()
    }
}
