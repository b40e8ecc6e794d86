//! One socket with its two buffers: the only place that reads or writes one.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::time::{Duration, Instant};

use mio::event::Source;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use papo_common::native::Malformed;
use papo_common::{Dialect, Event, LineTooLong, Request, classic, native};

use crate::fanout::Fanout;
use crate::framing::Framing;
use crate::outbox::Outbox;
use crate::room::MemberKey;

/// A connection's place in the slab. It is given out again once the connection has been reaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionKey(pub usize);

/// How long a reader that takes a line by one whole `recv` is left alone before and after such a line.
pub const ALONE: Duration = Duration::from_millis(100);
/// How long a connection that is being closed may take to read the last it was sent.
pub const LINGER: Duration = Duration::from_secs(2);

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

/// A socket with an input and an output buffer.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    addr: SocketAddr,
    dialect: Option<Dialect>,
    framing: Framing,
    outbox: Outbox,
    phase: Phase,
    /// Whether the socket took less than it was given: it is written to again when it says so.
    is_blocked: bool,
    /// Whether the other side has said its last.
    has_ended: bool,
    registered: Option<Interest>,
    /// Who speaks here, once that is known.
    pub member: Option<MemberKey>,
    /// How many times something else than `hello` came first.
    pub bad_hellos: u8,
    /// The note of [`crate::timers::Timers`].
    pub armed: Option<Instant>,
}

#[derive(Debug)]
enum Phase {
    Open,
    Ending(Ending),
    Closed,
}

/// A connection is closed in good order: what waits is written, then the last word, then the writing side is shut,
/// and what still comes is discarded until the other side closes too. A plain close with unread input would send a
/// reset, which can destroy the last line on its way.
#[derive(Debug)]
struct Ending {
    /// The line that goes out alone.
    last_word: Option<Event>,
    /// When it may.
    not_before: Option<Instant>,
    is_shut: bool,
    deadline: Instant,
}

impl Connection {
    /// Takes over an accepted socket; no line may have more than `max_line` bytes.
    pub fn new(stream: TcpStream, addr: SocketAddr, max_line: usize) -> Connection {
        // An IPv4 address that arrives mapped in IPv6 is the same address to people.
        let addr = SocketAddr::new(addr.ip().to_canonical(), addr.port());
        // Without it a line waits up to 40 ms for the acknowledgement of the one before; it is no reason to refuse.
        let _ = stream.set_nodelay(true);
        Connection {
            stream,
            addr,
            dialect: None,
            framing: Framing::new(max_line),
            outbox: Outbox::default(),
            phase: Phase::Open,
            is_blocked: false,
            has_ended: false,
            registered: None,
            member: None,
            bad_hellos: 0,
            armed: None,
        }
    }

    /// The other side's address, as all see it.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The dialect it speaks, once its first byte has come.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// Whether it is neither closed nor being closed.
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

    /// Up to where it has read its dialect's fan-out, if it reads it.
    pub fn read_to(&self) -> Option<crate::fanout::Position> {
        self.outbox.read_to()
    }

    /// Reads once.
    pub fn fill(&mut self, scratch: &mut [u8], now: Instant) -> io::Result<Filled> {
        match self.stream.read(scratch) {
            Ok(0) => {
                self.has_ended = true;
                self.framing.finish(now);
                Ok(Filled::End)
            }
            Ok(read) => {
                self.receive(&scratch[..read], now);
                Ok(Filled::Some(read))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Filled::Blocked),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(Filled::Some(0)),
            Err(error) => Err(error),
        }
    }

    /// The next request that has come whole.
    pub fn next_request(&mut self, now: Instant) -> Result<Option<Result<Request, Malformed>>, LineTooLong> {
        while self.is_open()
            && let Some(line) = self.framing.next_line(now)?
        {
            if let Some(request) = self.parse(&line).transpose() {
                return Ok(Some(request));
            }
        }
        Ok(None)
    }

    /// Makes a member of it: from now on it hears what all hear.
    pub fn join(&mut self, member: MemberKey) {
        self.member = Some(member);
        self.framing.named();
    }

    /// Queues `event` for it alone.
    pub fn tell(&mut self, event: &Event, fanout: &Fanout, now: Instant) {
        let Some(dialect) = self.dialect.filter(|_| self.is_open()) else { return };
        self.outbox.push(fanout, |own| dialect.encode(event, own));
        if let Event::Welcome(_) = event {
            self.outbox.waive();
            self.outbox.subscribe(fanout);
            if self.framing.is_unterminated() {
                self.outbox.hold(now + ALONE);
            }
        }
    }

    /// Begins to close it in good order, with `event` as its last line if there is one.
    pub fn end(&mut self, event: Option<Event>, fanout: &Fanout, now: Instant) {
        if !self.is_open() {
            return;
        }
        let is_unterminated = self.framing.is_unterminated();
        let is_last_word = event == Some(Event::ServerClosed);
        if let Some(event) = event.filter(|_| !(is_unterminated && is_last_word)) {
            let dialect = self.dialect.unwrap_or(Dialect::Classic);
            self.outbox.push(fanout, |own| dialect.encode(&event, own));
        }
        self.outbox.unsubscribe(fanout);
        // Such programs read on for ever after the end of the stream; this word alone stops them.
        let last_word = is_unterminated.then_some(Event::ServerClosed);
        let deadline = now + LINGER;
        self.phase = Phase::Ending(Ending { last_word, not_before: None, is_shut: false, deadline });
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

    /// The socket can be written to again.
    pub fn unblock(&mut self) {
        self.is_blocked = false;
    }

    /// Whether a write would have to wait.
    pub fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    /// Writes what may be written now, and takes the next step of a closing.
    pub fn flush(&mut self, fanout: &Fanout, now: Instant) -> io::Result<()> {
        self.outbox.resume(now);
        self.write(fanout)?;
        while self.step(fanout, now) {
            self.write(fanout)?;
        }
        Ok(())
    }

    /// When it must be looked at again although nothing comes.
    pub fn deadline(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Open => [self.framing.deadline(), self.outbox.held_until()].into_iter().flatten().min(),
            Phase::Ending(ending) => {
                [Some(ending.deadline), ending.not_before, self.outbox.held_until()].into_iter().flatten().min()
            }
            Phase::Closed => None,
        }
    }

    /// Tells the kernel what to wake the loop for, if that is not what it was last told.
    pub fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        let wanted = if self.is_blocked { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        match self.registered {
            Some(registered) if registered == wanted => return Ok(()),
            Some(_) => self.stream.reregister(registry, token, wanted)?,
            None => self.stream.register(registry, token, wanted)?,
        }
        self.registered = Some(wanted);
        Ok(())
    }

    fn receive(&mut self, read: &[u8], now: Instant) {
        if !self.is_open() {
            return;
        }
        if let (None, Some(&first)) = (self.dialect, read.first()) {
            let dialect = Dialect::of(first);
            self.dialect = Some(dialect);
            self.framing.speak(dialect);
        }
        self.framing.receive(read, now);
    }

    fn parse(&self, line: &str) -> Result<Option<Request>, Malformed> {
        match self.dialect {
            Some(Dialect::Native) if line.trim().is_empty() => Ok(None),
            Some(Dialect::Native) => native::parse_request(line).map(Some),
            _ if self.member.is_none() => Ok(Some(classic::parse_hello(line))),
            _ => classic::parse_request(line),
        }
    }

    fn write(&mut self, fanout: &Fanout) -> io::Result<()> {
        while !self.is_blocked {
            let slices = self.outbox.slices(fanout);
            if slices.iter().all(|slice| slice.is_empty()) {
                break;
            }
            match self.stream.write_vectored(&slices) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => self.outbox.advance(fanout, written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.is_blocked = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Takes one step of a closing; true if there is something to write again.
    fn step(&mut self, fanout: &Fanout, now: Instant) -> bool {
        let Phase::Ending(ending) = &mut self.phase else { return false };
        if now >= ending.deadline || (ending.is_shut && self.has_ended) {
            self.phase = Phase::Closed;
            return false;
        }
        if self.outbox.backlog(fanout) > 0 || ending.is_shut {
            return false;
        }
        if ending.last_word.is_some() && now < *ending.not_before.get_or_insert(now + ALONE) {
            return false;
        }
        ending.not_before = None;
        if let Some(word) = ending.last_word.take() {
            self.outbox.push(fanout, |own| Dialect::Classic.encode(&word, own));
            return true;
        }
        // An error here means that the other side is gone, which the next read will say.
        let _ = self.stream.shutdown(Shutdown::Write);
        ending.is_shut = true;
        true
    }
}
