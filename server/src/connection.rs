//! One connection: a transport with a receive queue and a send queue.

pub mod closing;
mod flush;
pub mod framing;
pub mod heartbeat;
mod pending_query;
pub mod recv_queue;
pub mod send_queue;
mod timeout;
pub mod transport;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use papo_common::{Dialect, Event, Malformed, Refusal, Request, Welcome};

pub use self::flush::{MAX_BACKLOG, PIECE_PAUSE, STALL_TIMEOUT};
use self::pending_query::PendingQuery;
pub use self::timeout::Timeout;
use crate::broadcast::{BroadcastLog, Offset};
use crate::config::ConnectionConfig;
use crate::connection::closing::{Closing, ISOLATION};
use crate::connection::heartbeat::Heartbeat;
use crate::connection::recv_queue::{InputError, RecvQueue};
use crate::connection::send_queue::SendQueue;
use crate::connection::transport::Transport;
use crate::keys::{ConnectionKey, MemberKey};
use crate::net::admission::Permit;
use crate::net::token_bucket::TokenBucket;

/// How long someone who cannot stay is waited for, to answer in its dialect.
pub const REFUSING_TIMEOUT: Duration = Duration::from_secs(2);

/// What one read gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// That many bytes.
    Bytes(usize),
    /// Nothing for now.
    Blocked,
    /// The other side will say no more.
    End,
}

/// A transport with a receive queue and a send queue.
#[derive(Debug)]
pub struct Connection<T> {
    transport: T,
    /// Of its address; the rest of that stands in the permit.
    port: u16,
    recv_queue: RecvQueue,
    send_queue: SendQueue,
    heartbeat: Heartbeat,
    phase: Phase,
    write_state: WriteState,
    pending_query: PendingQuery,
    /// Whether the other side has said its last.
    has_ended: bool,
    /// Whether there may be more to read than was read.
    has_more: bool,
    /// What the poller was last told, if it knows the transport: whether to wake the loop for writing too.
    watched_for_writing: Option<bool>,
    /// Who speaks here, once that is known.
    pub member: Option<MemberKey>,
    /// How many times something else than `hello` came first.
    pub bad_hellos: u8,
    /// Its part in the count of connections.
    pub permit: Permit,
    /// Whether it waits for the next turn to be read on.
    pub is_deferred: bool,
    /// Its part in the server's count of bytes that connections keep in memory.
    pub counted: u32,
    /// The note of [`crate::timers::Timers`].
    pub armed: Option<Instant>,
}

/// Whether the socket takes what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WriteState {
    /// As far as is known.
    Ready,
    /// It took less than it was given: it is written to again when it says so.
    Blocked,
    /// The other side is gone. What it has said still counts.
    Broken,
}

#[derive(Debug)]
enum Phase {
    Open,
    /// It will be told this and closed, once it has said which dialect it speaks, or then.
    /// Boxed like the next one, because both are rare.
    Refusing(Box<(Refusal, Instant)>),
    Closing(Box<Closing>),
    Closed,
}

impl<T: Transport> Connection<T> {
    /// Takes over an accepted connection of `addr`, the address as all see it. With a `refusal` it is only waited for to
    /// be told so.
    pub fn new(
        transport: T,
        addr: SocketAddr,
        (permit, refusal): (Permit, Option<Refusal>),
        rules: &ConnectionConfig,
        now: Instant,
    ) -> Connection<T> {
        Connection {
            transport,
            port: addr.port(),
            recv_queue: RecvQueue::new(rules.max_line),
            send_queue: SendQueue::default(),
            heartbeat: Heartbeat::new(now),
            phase: refusal.map_or(Phase::Open, |refusal| Phase::Refusing(Box::new((refusal, now + REFUSING_TIMEOUT)))),
            write_state: WriteState::Ready,
            pending_query: PendingQuery::default(),
            has_ended: false,
            has_more: false,
            watched_for_writing: None,
            member: None,
            bad_hellos: 0,
            permit,
            is_deferred: false,
            counted: 0,
            armed: None,
        }
    }

    /// The other side's address, as all see it.
    pub fn addr(&self) -> SocketAddr {
        SocketAddr::new(self.permit.ip(), self.port)
    }

    /// The dialect it speaks, once its first bytes tell.
    pub fn dialect(&self) -> Option<Dialect> {
        self.recv_queue.dialect()
    }

    /// Whether it is neither closed nor about to be.
    pub fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    /// Whether it can be reaped.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// What it is written and how far that is.
    pub fn send_queue(&mut self) -> &mut SendQueue {
        &mut self.send_queue
    }

    /// How many bytes wait to be written to it.
    pub fn backlog(&self, broadcast: &BroadcastLog) -> usize {
        self.send_queue.backlog(broadcast)
    }

    /// Bytes of memory that it alone takes: for what came and nobody acted on, and for what is for it alone.
    pub fn buffered(&self) -> usize {
        self.recv_queue.backlog() + self.send_queue.memory()
    }

    /// Up to where it has read its dialect's broadcast log, if it reads it.
    pub fn cursor(&self) -> Option<Offset> {
        self.send_queue.cursor()
    }

    /// What it has sent.
    pub fn recv_queue(&self) -> &RecvQueue {
        &self.recv_queue
    }

    /// Takes no request before `ready_at`; see [`RecvQueue::wait_for_address`].
    pub fn wait_for_address(&mut self, ready_at: Option<Instant>) {
        self.recv_queue.wait_for_address(ready_at);
    }

    /// How many lines were taken from it since this was last asked.
    pub fn take_used(&mut self) -> usize {
        self.recv_queue.take_used()
    }

    /// Reads once. An error if the socket is of no more use; that it would have to wait is none.
    pub fn read(&mut self, scratch: &mut [u8], now: Instant) -> io::Result<ReadOutcome> {
        self.has_more = true;
        match self.transport.read(scratch) {
            Ok(0) => {
                self.has_more = false;
                self.has_ended = true;
                self.recv_queue.finish(now);
                Ok(ReadOutcome::End)
            }
            Ok(read) => {
                self.receive(&scratch[..read], now);
                Ok(ReadOutcome::Bytes(read))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.has_more = false;
                Ok(ReadOutcome::Blocked)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(ReadOutcome::Bytes(0)),
            Err(error) => Err(error),
        }
    }

    /// The next request that has come whole and whose turn it is, or that a line is none. An error if there is no
    /// telling how this connection goes on.
    pub fn next_request(
        &mut self,
        rules: &ConnectionConfig,
        now: Instant,
    ) -> Result<Option<Result<Request, Malformed>>, InputError> {
        // Only this dialect has requests whose answers are long.
        if self.dialect() == Some(Dialect::Json) {
            self.send_queue.note_full();
        }
        if !self.is_open() || self.must_wait() {
            return Ok(None);
        }
        if let Some(request) = self.pending_query.next_deferred() {
            return Ok(Some(Ok(request)));
        }
        let request = self.recv_queue.next_request(rules.rate, now)?;
        Ok(request.and_then(|request| self.pending_query.admit(request)))
    }

    /// Whether it must read what it has asked for, or be answered, before any more of it is read.
    fn must_wait(&self) -> bool {
        self.send_queue.must_drain() || self.pending_query.must_wait()
    }

    /// Notes that its last request is a question whose answer is outstanding.
    pub fn begin_query(&mut self) {
        self.pending_query.begin();
    }

    /// Notes that no answer is outstanding any more; true if one was.
    pub fn end_query(&mut self) -> bool {
        self.pending_query.end()
    }

    /// Whether an answer is outstanding.
    pub fn has_query(&self) -> bool {
        self.pending_query.is_open()
    }

    /// Whether no more may be read for now. What comes at its end is discarded at any rate.
    pub fn is_paused(&self, rules: &ConnectionConfig, now: Instant) -> bool {
        self.is_open() && (self.must_wait() || self.recv_queue.is_paused(rules.rate, now))
    }

    /// Whether to read on although nothing may tell of it: it has read what it asked for, or begins to end, with more
    /// to be read than was read.
    pub fn resumes(&mut self) -> bool {
        self.send_queue.has_drained() || (!self.is_open() && self.has_more)
    }

    /// Makes a member of it, which had used `bucket` of its rate before: from now on it hears what all hear.
    pub fn join(&mut self, member: MemberKey, bucket: TokenBucket) {
        self.member = Some(member);
        self.recv_queue.registered(bucket);
    }

    /// The dialect in which it can be told something; `None` if there is nobody to read it.
    fn output_dialect(&self) -> Option<Dialect> {
        self.dialect().filter(|_| self.is_open() && self.write_state != WriteState::Broken)
    }

    /// Queues `event` for it alone.
    pub fn tell(&mut self, event: &Event, broadcast: &BroadcastLog) {
        let Some(dialect) = self.output_dialect() else { return };
        self.send_queue.push(broadcast, |own| dialect.encode(event, own));
    }

    /// Queues its welcome; behind that it is told what all are told.
    pub fn welcome(&mut self, welcome: Box<Welcome>, broadcast: &BroadcastLog, now: Instant) {
        let Some(dialect) = self.output_dialect() else { return };
        self.send_queue.push(broadcast, |own| dialect.encode(&Event::Welcome(welcome), own));
        self.send_queue.exempt_pending();
        self.send_queue.subscribe(broadcast);
        if self.recv_queue.is_unterminated() {
            self.send_queue.pause(now + ISOLATION);
        }
    }

    /// Begins to close it in good order, with `event` as its last line if there is one.
    pub fn end(&mut self, event: Option<Event>, broadcast: &BroadcastLog, now: Instant) {
        if matches!(self.phase, Phase::Closing(_) | Phase::Closed) {
            return;
        }
        if self.write_state == WriteState::Broken {
            return self.close();
        }
        // Such programs read on for ever after the end of the stream; this word alone stops them.
        let has_last_word = self.recv_queue.is_unterminated();
        if let Some(event) = event.filter(|event| !(has_last_word && *event == Event::ServerClosed)) {
            let dialect = self.dialect().unwrap_or(Dialect::Classic);
            self.send_queue.push(broadcast, |own| dialect.encode(&event, own));
        }
        self.send_queue.unsubscribe(broadcast);
        self.recv_queue.discard();
        self.phase = Phase::Closing(Box::new(Closing::new(has_last_word, now)));
    }

    /// Drops all that waits for a reader that does not read, then begins to close it with `event`.
    pub fn abandon(&mut self, event: Event, broadcast: &BroadcastLog, now: Instant) {
        self.send_queue.discard_pending(broadcast);
        self.end(Some(event), broadcast, now);
    }

    /// Closes it at once: the socket is of no more use.
    pub fn close(&mut self) {
        self.phase = Phase::Closed;
    }

    /// The kernel tells that there may be something to read, or that the socket can be written to again. It tells so once:
    /// whoever does not read now must remember it.
    pub fn on_ready(&mut self, is_writable: bool) {
        self.has_more = true;
        if is_writable && self.write_state == WriteState::Blocked {
            self.write_state = WriteState::Ready;
        }
    }

    /// Tells the poller what to wake the loop for, if that is not what it was last told. An error if it does not take it.
    pub fn watch(&mut self, poller: &T::Poller, key: ConnectionKey) -> io::Result<()> {
        let for_writing = self.write_state == WriteState::Blocked || self.transport.wants_write();
        if self.watched_for_writing != Some(for_writing) {
            self.transport.watch(poller, key, for_writing, self.watched_for_writing.is_some())?;
            self.watched_for_writing = Some(for_writing);
        }
        Ok(())
    }

    fn receive(&mut self, read: &[u8], now: Instant) {
        self.heartbeat.on_received();
        if self.is_open() { self.recv_queue.receive(read, now) } else { self.recv_queue.detect_dialect(read) }
    }
}
