//! One socket with its two buffers: the only place that reads or writes one.

mod due;
mod waits;
mod writing;

use std::io::{self, ErrorKind, Read as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::event::Source as _;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use papo_common::{Dialect, Event, Malformed, Refusal, Request, UserListCache, Welcome};

pub use self::due::Due;
use self::waits::Waits;
pub use self::writing::{MAX_BACKLOG, PIECE_PAUSE, STALL_TIMEOUT};
use crate::admission::Ticket;
use crate::closing::{ALONE, Ending};
use crate::fanout::{Fanout, Position};
use crate::inbox::{Inbox, Unfollowable};
use crate::keepalive;
use crate::liveness::Liveness;
use crate::outbox::Outbox;
use crate::pace::{Pace, Rate};
use crate::room::MemberKey;

/// A connection's place in the slab. It is given out again once the connection has been reaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionKey(pub usize);

/// How long someone who cannot stay is waited for, to answer in its dialect.
pub const UNWELCOME: Duration = Duration::from_secs(2);

/// What holds for every connection of a server.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The longest line, in bytes.
    pub max_line: usize,
    /// How fast lines may come; `None` for no limit.
    pub rate: Option<Rate>,
    /// How long a connection may be without a name; `None` for as long as nobody else needs its place.
    pub name_timeout: Option<Duration>,
    /// Pings are due at whole seconds since then, so that many go out in one turn.
    pub epoch: Instant,
}

/// What one read gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// That many bytes.
    Some(usize),
    /// Nothing for now.
    Blocked,
    /// The other side will say no more.
    End,
}

/// Bytes that went over the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// From clients.
    pub read: u64,
    /// To clients.
    pub written: u64,
}

/// A socket with an input and an output buffer.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// Of its address; the rest of that stands in the ticket.
    port: u16,
    inbox: Inbox,
    outbox: Outbox,
    liveness: Liveness,
    phase: Phase,
    writing: Writing,
    waits: Waits,
    /// Whether the other side has said its last.
    has_ended: bool,
    /// Whether there may be more to read than was read.
    has_more: bool,
    registered: Option<Interest>,
    /// Who speaks here, once that is known.
    pub member: Option<MemberKey>,
    /// How many times something else than `hello` came first.
    pub bad_hellos: u8,
    /// Its part in the count of connections.
    pub ticket: Ticket,
    /// Whether it waits for the next turn to be read on.
    pub is_deferred: bool,
    /// Its part in the server's count of bytes that connections keep in memory.
    pub counted: u32,
    /// The note of [`crate::timers::Timers`].
    pub armed: Option<Instant>,
}

/// Whether the socket takes what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    /// As far as is known.
    Possible,
    /// It took less than it was given: it is written to again when it says so.
    Blocked,
    /// The other side is gone. What it has said still counts.
    Impossible,
}

#[derive(Debug)]
enum Phase {
    Open,
    /// It will be told this and closed, once it has said which dialect it speaks, or then.
    /// Boxed like the next one, because both are rare.
    Unwelcome(Box<(Refusal, Instant)>),
    Ending(Box<Ending>),
    Closed,
}

impl Connection {
    /// Takes over an accepted socket of `addr` (see [`shown`]). With a `refusal` it is only waited for to be told so.
    pub fn new(
        stream: TcpStream,
        addr: SocketAddr,
        (ticket, refusal): (Ticket, Option<Refusal>),
        rules: &Rules,
        now: Instant,
    ) -> Connection {
        // Without the first a line waits up to 40 ms for the acknowledgement of the one before; without the second a
        // lost machine is noticed late. Neither is a reason to send anybody away.
        let _ = stream.set_nodelay(true);
        let _ = keepalive::watch(&stream);
        Connection {
            stream,
            port: addr.port(),
            inbox: Inbox::new(rules.max_line),
            outbox: Outbox::default(),
            liveness: Liveness::new(now),
            phase: refusal.map_or(Phase::Open, |refusal| Phase::Unwelcome(Box::new((refusal, now + UNWELCOME)))),
            writing: Writing::Possible,
            waits: Waits::default(),
            has_ended: false,
            has_more: false,
            registered: None,
            member: None,
            bad_hellos: 0,
            ticket,
            is_deferred: false,
            counted: 0,
            armed: None,
        }
    }

    /// The other side's address, as all see it.
    pub fn addr(&self) -> SocketAddr {
        SocketAddr::new(self.ticket.ip(), self.port)
    }

    /// The dialect it speaks, once its first bytes tell.
    pub fn dialect(&self) -> Option<Dialect> {
        self.inbox.dialect()
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
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// How many bytes wait to be written to it.
    pub fn backlog(&self, fanout: &Fanout) -> usize {
        self.outbox.backlog(fanout)
    }

    /// Bytes of memory that it alone takes: for what came and nobody acted on, and for what is for it alone.
    pub fn buffered(&self) -> usize {
        self.inbox.backlog() + self.outbox.memory()
    }

    /// Up to where it has read its dialect's fan-out, if it reads it.
    pub fn read_to(&self) -> Option<Position> {
        self.outbox.read_to()
    }

    /// What it has sent.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Takes no request before `ready_at`; see [`Inbox::wait_for_address`].
    pub fn wait_for_address(&mut self, ready_at: Option<Instant>) {
        self.inbox.wait_for_address(ready_at);
    }

    /// How many lines were taken from it since this was last asked.
    pub fn take_used(&mut self) -> usize {
        self.inbox.take_used()
    }

    /// Reads once. An error if the socket is of no more use; that it would have to wait is none.
    pub fn fill(&mut self, scratch: &mut [u8], now: Instant) -> io::Result<Filled> {
        self.has_more = true;
        match self.stream.read(scratch) {
            Ok(0) => {
                self.has_more = false;
                self.has_ended = true;
                self.inbox.finish(now);
                Ok(Filled::End)
            }
            Ok(read) => {
                self.receive(&scratch[..read], now);
                Ok(Filled::Some(read))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.has_more = false;
                Ok(Filled::Blocked)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(Filled::Some(0)),
            Err(error) => Err(error),
        }
    }

    /// The next request that has come whole and whose turn it is, or that a line is none. An error if there is no
    /// telling how this connection goes on.
    pub fn next_request(
        &mut self,
        rules: &Rules,
        now: Instant,
    ) -> Result<Option<Result<Request, Malformed>>, Unfollowable> {
        // Only this dialect has requests whose answers are long.
        if self.dialect() == Some(Dialect::Json) {
            self.outbox.note_full();
        }
        if !self.is_open() || self.must_wait() {
            return Ok(None);
        }
        if let Some(request) = self.waits.next_question() {
            return Ok(Some(Ok(request)));
        }
        let request = self.inbox.next_request(rules.rate, now)?;
        Ok(request.and_then(|request| self.waits.admit(request)))
    }

    /// Whether it must read what it has asked for, or be answered, before any more of it is read.
    fn must_wait(&self) -> bool {
        self.outbox.must_drain() || self.waits.must_wait()
    }

    /// Notes that its last request is a question whose answer is outstanding.
    pub fn asks(&mut self) {
        self.waits.asks();
    }

    /// Notes that no answer is outstanding any more; true if one was.
    pub fn stop_asking(&mut self) -> bool {
        self.waits.stop_asking()
    }

    /// Whether an answer is outstanding.
    pub fn is_asking(&self) -> bool {
        self.waits.is_asking()
    }

    /// Whether no more may be read for now. What comes at its end is discarded at any rate.
    pub fn is_paused(&self, rules: &Rules, now: Instant) -> bool {
        self.is_open() && (self.must_wait() || self.inbox.is_paused(rules.rate, now))
    }

    /// Whether to read on although nothing may tell of it: it has read what it asked for, or begins to end, with more
    /// to be read than was read.
    pub fn resumes(&mut self) -> bool {
        self.outbox.has_drained() || (!self.is_open() && self.has_more)
    }

    /// Makes a member of it, which had used `pace` of its rate before: from now on it hears what all hear.
    pub fn join(&mut self, member: MemberKey, pace: Pace) {
        self.member = Some(member);
        self.inbox.named(pace);
    }

    /// The dialect in which it can be told something; `None` if there is nobody to read it.
    fn hears_in(&self) -> Option<Dialect> {
        self.dialect().filter(|_| self.is_open() && self.writing != Writing::Impossible)
    }

    /// Queues `event` for it alone.
    pub fn tell(&mut self, event: &Event, fanout: &Fanout) {
        let Some(dialect) = self.hears_in() else { return };
        self.outbox.push(fanout, |own| dialect.encode(event, own));
    }

    /// Queues its welcome; behind that it is told what all are told.
    pub fn welcome(&mut self, welcome: Box<Welcome>, roll: &UserListCache, fanout: &Fanout, now: Instant) {
        let Some(dialect) = self.hears_in() else { return };
        self.outbox.push(fanout, |own| roll.encode(dialect, welcome, own));
        self.outbox.waive();
        self.outbox.subscribe(fanout);
        if self.inbox.is_unterminated() {
            self.outbox.hold(now + ALONE);
        }
    }

    /// Begins to close it in good order, with `event` as its last line if there is one.
    pub fn end(&mut self, event: Option<Event>, fanout: &Fanout, now: Instant) {
        if matches!(self.phase, Phase::Ending(_) | Phase::Closed) {
            return;
        }
        if self.writing == Writing::Impossible {
            return self.close();
        }
        // Such programs read on for ever after the end of the stream; this word alone stops them.
        let has_last_word = self.inbox.is_unterminated();
        if let Some(event) = event.filter(|event| !(has_last_word && *event == Event::ServerClosed)) {
            let dialect = self.dialect().unwrap_or(Dialect::Classic);
            self.outbox.push(fanout, |own| dialect.encode(&event, own));
        }
        self.outbox.unsubscribe(fanout);
        self.inbox.discard();
        self.phase = Phase::Ending(Box::new(Ending::new(has_last_word, now)));
    }

    /// Drops all that waits for a reader that does not read, then begins to close it with `event`.
    pub fn abandon(&mut self, event: Event, fanout: &Fanout, now: Instant) {
        self.outbox.abandon(fanout);
        self.end(Some(event), fanout, now);
    }

    /// Closes it at once: the socket is of no more use.
    pub fn close(&mut self) {
        self.phase = Phase::Closed;
    }

    /// The kernel tells that there may be something to read, or that the socket can be written to again. It tells so once:
    /// whoever does not read now must remember it.
    pub fn wake(&mut self, is_writable: bool) {
        self.has_more = true;
        if is_writable && self.writing == Writing::Blocked {
            self.writing = Writing::Possible;
        }
    }

    /// Tells the kernel what to wake the loop for, if that is not what it was last told. An error if it does not take it.
    pub fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        let is_blocked = self.writing == Writing::Blocked;
        let wanted = if is_blocked { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        match self.registered {
            Some(registered) if registered == wanted => return Ok(()),
            Some(_) => self.stream.reregister(registry, token, wanted)?,
            None => self.stream.register(registry, token, wanted)?,
        }
        self.registered = Some(wanted);
        Ok(())
    }

    fn receive(&mut self, read: &[u8], now: Instant) {
        self.liveness.heard();
        if self.is_open() { self.inbox.receive(read, now) } else { self.inbox.overhear(read) }
    }
}

/// The address that people see: an IPv4 one that arrives mapped in IPv6 is the same to them.
pub fn shown(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}
