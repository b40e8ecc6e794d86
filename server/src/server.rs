//! The poll loop: the only place that names `Poll`, `Registry` and `Token`.
//!
//! One turn waits for readiness, reads what came and lets the room act on it, writes to everybody once, and only then
//! removes what has closed. The loop is [`Server::turn`]; what closes a connection is [`Server::part`] alone.

mod operator;
mod output;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use papo_common::native::Malformed;
use papo_common::{Closing, Dialect, Event, Hello, Limits, LogId, MemberId, Name, Refusal, Request, Session};
use slab::Slab;

use crate::clock::{Clock, Now};
use crate::connection::{Connection, ConnectionKey, Filled};
use crate::console::Console;
use crate::fanout::Fanouts;
use crate::journal::Journal;
use crate::listener::listen;
use crate::options::Options;
use crate::room::{Newcomer, Room};
use crate::signals::Signal;
use crate::stdin::Stdin;
use crate::strings::{self, Reason};
use crate::timers::Timers;

/// When a connection has sent as many bytes in one turn, the others come first.
const READ_BUDGET: usize = 64 * 1024;
/// The most that one read takes, in bytes.
const SCRATCH: usize = 64 * 1024;
/// How many newcomers are let in before others are served again.
const ACCEPT_BUDGET: usize = 256;
/// How long the listener rests when the system cannot give it another connection.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);
/// How often a connection may say something else before its `hello`.
const MAX_BAD_HELLOS: u8 = 3;

const LISTENER: Token = Token(usize::MAX);
const SIGNAL: Token = Token(usize::MAX - 1);
const STDIN: Token = Token(usize::MAX - 2);

/// What comes after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Another one.
    Next,
    /// Nothing: the server has ended and everyone has been told.
    Ended,
}

/// The server: its sockets, its room and its operator.
#[derive(Debug)]
pub struct Server {
    poll: Poll,
    listener: Option<TcpListener>,
    /// When to accept again although the listener does not say so.
    accept_at: Option<Instant>,
    connections: Slab<Connection>,
    room: Room,
    fanouts: Fanouts,
    timers: Timers,
    options: Options,
    clock: Clock,
    now: Now,
    journal: Journal,
    console: Console,
    stdin: Option<Stdin>,
    signal: Option<Signal>,
    scratch: Box<[u8]>,
    /// Who was not read to the end in the last turn.
    owed: Vec<ConnectionKey>,
    /// Who is to be looked at before the turn ends: it was told something, or a deadline of its own has come.
    touched: Vec<ConnectionKey>,
    closed: Vec<ConnectionKey>,
}

impl Server {
    /// Listens as `options` say; what the operator reads goes to `console` and `journal`.
    pub fn bind(options: Options, clock: Clock, console: Console, journal: Journal) -> io::Result<Server> {
        let poll = Poll::new()?;
        let mut listener = listen(options.listen)?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let limits = Limits { name: Name::MAX, text: options.max_text, lines: Options::MAX_LINES };
        Ok(Server {
            poll,
            listener: Some(listener),
            accept_at: None,
            connections: Slab::new(),
            room: Room::new(LogId::from_random(random()?), limits),
            fanouts: Fanouts::default(),
            timers: Timers::default(),
            options,
            now: clock.now(),
            clock,
            journal,
            console,
            stdin: None,
            signal: None,
            scratch: vec![0; SCRATCH].into(),
            owed: Vec::new(),
            touched: Vec::new(),
            closed: Vec::new(),
        })
    }

    /// Where it listens. An error once it has ended.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.as_ref().ok_or_else(|| io::Error::from(ErrorKind::NotConnected))?.local_addr()
    }

    /// Ends in good order on SIGINT and SIGTERM.
    pub fn heed(&mut self, mut signal: Signal) -> io::Result<()> {
        self.poll.registry().register(&mut signal, SIGNAL, Interest::READABLE)?;
        self.signal = Some(signal);
        Ok(())
    }

    /// Takes commands from `stdin`, if that is something that can be waited for: a file cannot.
    pub fn listen_to(&mut self, mut stdin: Stdin) {
        if self.poll.registry().register(&mut stdin, STDIN, Interest::READABLE).is_ok() {
            self.stdin = Some(stdin);
        }
    }

    /// What the operator reads.
    pub fn console(&mut self) -> &mut Console {
        &mut self.console
    }

    /// Who is there.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// How many sockets stand, those that are being closed included.
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Whether nothing is left behind: no connection, member, timer or stored byte.
    pub fn is_idle(&self) -> bool {
        self.connections.is_empty()
            && self.room.members().len() == 0
            && self.timers.is_empty()
            && self.fanouts.is_empty()
    }

    /// Serves until it is told to end.
    pub fn run(&mut self) -> io::Result<()> {
        let mut readiness = Events::with_capacity(1024);
        while self.turn_with(&mut readiness, None)? == Turn::Next {}
        Ok(())
    }

    /// One turn of the loop, waiting at most `timeout` for something to do.
    pub fn turn(&mut self, timeout: Option<Duration>) -> io::Result<Turn> {
        self.turn_with(&mut Events::with_capacity(1024), timeout)
    }

    fn turn_with(&mut self, readiness: &mut Events, timeout: Option<Duration>) -> io::Result<Turn> {
        self.wait(readiness, timeout)?;
        self.now = self.clock.now();
        self.serve_owed();
        for ready in &*readiness {
            match ready.token() {
                LISTENER => self.accept(),
                SIGNAL => self.heed_signal(),
                STDIN => self.read_stdin()?,
                Token(key) => self.serve(ConnectionKey(key), ready.is_writable()),
            }
        }
        self.expire();
        self.room.end_turn();
        self.deliver();
        self.flush();
        self.reap();
        self.release();
        let has_ended = self.listener.is_none() && self.connections.is_empty();
        Ok(if has_ended { Turn::Ended } else { Turn::Next })
    }

    fn wait(&mut self, readiness: &mut Events, timeout: Option<Duration>) -> io::Result<()> {
        let now = self.clock.now().instant;
        let owed = if self.owed.is_empty() { None } else { Some(now) };
        let deadlines = [self.timers.next(), self.accept_at, owed];
        let due = deadlines.into_iter().flatten().map(|at| at.saturating_duration_since(now));
        match self.poll.poll(readiness, due.chain(timeout).min()) {
            Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }

    fn accept(&mut self) {
        self.accept_at = None;
        for _ in 0..ACCEPT_BUDGET {
            let Some(listener) = &self.listener else { return };
            match listener.accept() {
                Ok((stream, addr)) => self.admit(stream, addr),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if is_newcomers_own(&error) => {}
                Err(error) => {
                    self.journal.note(self.now.unix_ms, strings::cannot_accept(&error));
                    self.accept_at = Some(self.now.instant + ACCEPT_PAUSE);
                    return;
                }
            }
        }
        self.accept_at = Some(self.now.instant);
    }

    fn admit(&mut self, stream: TcpStream, addr: SocketAddr) {
        let entry = self.connections.vacant_entry();
        let token = token(ConnectionKey(entry.key()));
        let mut connection = Connection::new(stream, addr, self.options.max_line());
        match connection.register(self.poll.registry(), token) {
            Ok(()) => {
                entry.insert(connection);
            }
            Err(error) => self.journal.note(self.now.unix_ms, strings::turned_away(addr, &Reason::Broken(error))),
        }
    }

    fn serve_owed(&mut self) {
        for key in std::mem::take(&mut self.owed) {
            self.serve(key, false);
        }
    }

    /// Reads what `key` has sent, as far as its budget for one turn goes.
    fn serve(&mut self, key: ConnectionKey, is_writable: bool) {
        let mut read_so_far = 0;
        self.touched.push(key);
        while let Some(connection) = self.connections.get_mut(key.0).filter(|connection| !connection.is_closed()) {
            if is_writable {
                connection.unblock();
            }
            match connection.fill(&mut self.scratch, self.now.instant) {
                Ok(Filled::Blocked) => return,
                Ok(Filled::Some(read)) => {
                    self.take_requests(key);
                    read_so_far += read;
                    if read_so_far >= READ_BUDGET {
                        return self.owed.push(key);
                    }
                }
                Ok(Filled::End) => {
                    self.take_requests(key);
                    return self.part(key, &Reason::Left);
                }
                Err(error) => return self.part(key, &Reason::Broken(error)),
            }
        }
    }

    fn take_requests(&mut self, key: ConnectionKey) {
        while let Some(connection) = self.connections.get_mut(key.0) {
            match connection.next_request(self.now.instant) {
                Ok(Some(request)) => self.handle(key, request),
                Ok(None) => return,
                Err(_) => return self.part(key, &Reason::LineTooLong),
            }
        }
    }

    fn handle(&mut self, key: ConnectionKey, request: Result<Request, Malformed>) {
        let at = self.now.unix_ms;
        match (self.connections.get(key.0).and_then(|connection| connection.member), request) {
            (None, Ok(Request::Hello(hello))) => self.join(key, &hello),
            (None, _) => self.refuse(key),
            (Some(_), Ok(Request::Leave)) => self.part(key, &Reason::Left),
            (Some(member), Ok(request)) => self.room.handle(member, request, at),
            (Some(member), Err(Malformed(detail))) => self.room.malformed(member, detail),
        }
        self.deliver();
    }

    fn join(&mut self, key: ConnectionKey, hello: &Hello) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (Ok(id), Ok(session)) = (random(), random()) else {
            return self.part(key, &Reason::Broken(io::Error::other(strings::NO_ENTROPY)));
        };
        let newcomer = Newcomer {
            connection: key,
            dialect: connection.dialect().unwrap_or(Dialect::Classic),
            addr: connection.addr(),
            id: MemberId::from_random(id),
            session: Session::from_random(session),
        };
        if let Some(member) = self.room.join(&newcomer, hello, self.now.unix_ms) {
            connection.join(member);
            let came = self.room.member(member).map(strings::came);
            if let Some(came) = came {
                self.journal.note(self.now.unix_ms, came);
            }
        }
    }

    fn refuse(&mut self, key: ConnectionKey) {
        self.tell(key, &Event::refused(Refusal::Malformed));
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        connection.bad_hellos += 1;
        if connection.bad_hellos >= MAX_BAD_HELLOS {
            self.part(key, &Reason::NoHello);
        }
    }

    /// Closes `key`, however far that has come already, and lets its member leave: in good order where the other side
    /// can still read, at once where the socket is broken.
    fn part(&mut self, key: ConnectionKey, reason: &Reason) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (fanout, now) = (self.fanouts.of(connection.dialect()), self.now.instant);
        match reason {
            Reason::Broken(_) => connection.close(),
            Reason::Slow => connection.abandon(Event::closed(Closing::Slow), fanout, now),
            Reason::Left | Reason::LineTooLong | Reason::NoHello => connection.end(None, fanout, now),
        }
        self.touched.push(key);
        let (addr, member) = (connection.addr(), connection.member.take());
        match member.and_then(|member| self.room.leave(member, self.now.unix_ms)) {
            Some(member) => self.journal.note(self.now.unix_ms, strings::went(&member, reason)),
            None if matches!(reason, Reason::LineTooLong | Reason::NoHello) => {
                self.journal.note(self.now.unix_ms, strings::turned_away(addr, reason));
            }
            None => {}
        }
        self.deliver();
    }

    /// Looks again at those whose time has come.
    fn expire(&mut self) {
        if self.accept_at.is_some_and(|at| at <= self.now.instant) {
            self.accept();
        }
        while let Some(key) = self.timers.pop(self.now.instant) {
            if let Some(connection) = self.connections.get_mut(key.0) {
                connection.armed = None;
            }
            self.take_requests(key);
            self.touched.push(key);
        }
    }

    /// Removes what has closed; only here, because the slab gives a freed key out again at once.
    fn reap(&mut self) {
        for key in std::mem::take(&mut self.closed) {
            let Some(mut connection) = self.connections.try_remove(key.0) else { continue };
            self.timers.disarm(key, &mut connection.armed);
            // A descriptor is free again: who waits outside may come in.
            self.accept_at = self.accept_at.map(|_| self.now.instant);
        }
        debug_assert!(self.room.members().all(|(key, member)| {
            self.connections.get(member.connection.0).is_some_and(|connection| connection.member == Some(key))
        }));
        debug_assert_eq!(
            self.room.members().len(),
            self.connections.iter().filter(|(_, connection)| connection.member.is_some()).count()
        );
    }
}

fn token(key: ConnectionKey) -> Token {
    Token(key.0)
}

/// Errors of `accept` that are the newcomer's alone: the next one may do better.
fn is_newcomers_own(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

fn random() -> io::Result<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u128::from_le_bytes(bytes))
}
