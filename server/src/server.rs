//! The poll loop: the only place that polls, and that knows what each token stands for.
//!
//! One turn waits for readiness, reads what came and lets the room act on it, writes to everybody once, and only then
//! removes what has closed. The loop is [`Server::turn`]; what closes a connection is [`Server::part`] alone.

mod blocking;
mod door;
mod input;
mod keeping;
mod lesson;
mod operator;
mod output;

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};
use papo_common::{CloseReason, Event, LogId, RunId, UserListCache};
use slab::Slab;

use self::door::Door;
use self::keeping::KeptBlocks;
use crate::admission::Admission;
use crate::clock::{Clock, Now};
use crate::connection::{Connection, ConnectionKey, Due, Rules, Traffic};
use crate::console::Console;
use crate::fanout::Fanouts;
use crate::history::{History, Job, Lookups};
use crate::journal::Journal;
use crate::listener::listen;
use crate::options::Options;
use crate::outlet::Outlet;
use crate::reason::Reason;
use crate::refusals::Refusals;
use crate::resources::raise_descriptor_limit;
use crate::room::Room;
use crate::signals::Signal;
use crate::stdin::{self, Stdin};
use crate::strings;
use crate::throttle::Throttle;
use crate::timers::Timers;

/// The most that one read takes, in bytes. So much, and the unfinished line before it, is the most that waits in memory
/// for a talker over its rate whose reading pauses.
const SCRATCH: usize = 16 * 1024;

const LISTENER: Token = Token(usize::MAX);
const SIGNAL: Token = Token(usize::MAX - 1);
const STDIN: Token = Token(usize::MAX - 2);
const OUTLET: Token = Token(usize::MAX - 3);

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
    door: Door,
    admission: Admission,
    refusals: Refusals,
    throttle: Throttle,
    connections: Slab<Connection>,
    room: Room,
    history: History,
    /// Questions of members to the history.
    lookups: Lookups,
    /// The file that is being written for the operator.
    job: Option<Job>,
    fanouts: Fanouts,
    roll: UserListCache,
    timers: Timers,
    rules: Rules,
    /// How many bytes may wait for one reader.
    reader_buffer: usize,
    /// How many bytes all connections together may keep in memory.
    total_buffer: usize,
    /// How many each keeps for itself, in sum; the fan-outs that they share come on top.
    buffered: usize,
    clock: Clock,
    now: Now,
    /// Whether what the operator forbids is kept as it is now.
    kept_blocks: KeptBlocks,
    journal: Journal,
    console: Console,
    stdin: Option<Stdin>,
    /// Whether commands come from something else than a terminal.
    is_script: bool,
    outlets: Vec<Outlet>,
    /// Those of them that are files.
    files: Vec<Outlet>,
    signal: Option<Signal>,
    scratch: Box<[u8]>,
    /// Connections with more to be read than the last turn took in, in the order in which they are read next.
    deferred: VecDeque<ConnectionKey>,
    /// Bytes that this turn may still take in from all connections together.
    budget: usize,
    /// Who is to be looked at before the turn ends: it was told something, or a deadline of its own has come.
    touched: Vec<ConnectionKey>,
    closed: Vec<ConnectionKey>,
    /// Whether somebody left after this turn's list of who is there: the next turn does not wait.
    is_list_late: bool,
    traffic: Traffic,
    /// How many turns there have been.
    turns: u64,
}

impl Server {
    /// Listens as `options` say; what the operator reads goes to `console` and `journal`. An error if the address cannot
    /// be taken or the system gives no poll or no randomness; a history that cannot be opened is only told of.
    pub fn bind(options: &Options, clock: Clock, console: Console, journal: Journal) -> io::Result<Server> {
        let poll = Poll::new()?;
        let mut listener = listen(options.listen)?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let now = clock.now();
        let (run, log) = (RunId::from_random(random()?), LogId::from_random(random()?));
        let mut room = Room::new(run, log, options.room());
        let (history, past) = History::open(&options.history, log, now);
        if let Some(past) = past {
            room.recall(past, now.unix_ms);
        } else if history.trouble().is_some() {
            room.keep_records();
        }
        let mut server = Server {
            poll,
            listener: Some(listener),
            door: Door::Open,
            admission: Admission::new(options.places(raise_descriptor_limit())),
            refusals: Refusals::default(),
            throttle: Throttle::new(options.address_limits()),
            connections: Slab::new(),
            room,
            history,
            lookups: Lookups::default(),
            job: None,
            fanouts: Fanouts::default(),
            roll: UserListCache::default(),
            timers: Timers::default(),
            rules: options.rules(now.instant),
            reader_buffer: options.reader_buffer,
            total_buffer: options.total_buffer,
            buffered: 0,
            now,
            clock,
            kept_blocks: KeptBlocks::Unread,
            journal,
            console,
            stdin: None,
            is_script: false,
            outlets: Vec::new(),
            files: Vec::new(),
            signal: None,
            scratch: vec![0; SCRATCH].into(),
            deferred: VecDeque::new(),
            budget: 0,
            touched: Vec::new(),
            closed: Vec::new(),
            is_list_late: false,
            traffic: Traffic::default(),
            turns: 0,
        };
        server.keep_blocks();
        server.note_trouble();
        for told in [server.few_places(options.max_clients), server.zone_trouble()].into_iter().flatten() {
            server.journal.note(now.unix_ms, told);
        }
        Ok(server)
    }

    /// Where it listens. An error once it has ended.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.as_ref().ok_or_else(|| io::Error::from(ErrorKind::NotConnected))?.local_addr()
    }

    /// Ends in good order on the signals that it tells of. An error if the poll cannot wait for it.
    pub fn heed(&mut self, mut signal: Signal) -> io::Result<()> {
        self.poll.registry().register(&mut signal, SIGNAL, Interest::READABLE)?;
        self.signal = Some(signal);
        Ok(())
    }

    /// Takes commands from `stdin`, if that is something that can be waited for, or a file.
    pub fn listen_to(&mut self, mut stdin: Stdin) {
        let is_file = stdin.kind() == stdin::Kind::File;
        if is_file || self.poll.registry().register(&mut stdin, STDIN, Interest::READABLE).is_ok() {
            self.is_script = stdin.kind() != stdin::Kind::Terminal;
            self.stdin = Some(stdin);
        }
    }

    /// Says so if the time zone of this machine cannot be read.
    pub fn zone_trouble(&self) -> Option<String> {
        self.journal.zone_trouble()
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
            && self.lookups.is_empty()
    }

    /// Serves until it is told to end. An error if the system can no longer tell what has come.
    pub fn run(&mut self) -> io::Result<()> {
        let mut readiness = Events::with_capacity(1024);
        while self.turn_with(&mut readiness, None)? == Turn::Next {}
        self.settle(&mut readiness)
    }

    /// One turn of the loop, waiting at most `timeout` for something to do. An error as for [`Server::run`]; whatever
    /// befalls one connection is none.
    pub fn turn(&mut self, timeout: Option<Duration>) -> io::Result<Turn> {
        self.turn_with(&mut Events::with_capacity(1024), timeout)
    }

    fn turn_with(&mut self, readiness: &mut Events, timeout: Option<Duration>) -> io::Result<Turn> {
        self.wait(readiness, timeout)?;
        let before = std::mem::replace(&mut self.now, self.clock.now());
        self.watch_clock(before);
        self.room.pass(self.now.instant.saturating_duration_since(self.rules.epoch).as_millis() as u64);
        self.turns += 1;
        self.serve_deferred();
        for ready in &*readiness {
            match ready.token() {
                LISTENER => self.accept(),
                SIGNAL => self.heed_signal(),
                STDIN => self.read_stdin(),
                OUTLET => self.flush_outlets(),
                Token(key) => self.wake(ConnectionKey(key), ready.is_writable()),
            }
        }
        self.expire();
        self.is_list_late = false;
        self.room.end_turn();
        self.deliver();
        self.keep();
        self.flush();
        self.reap();
        self.release();
        // Who did not read or whose connection broke has left meanwhile.
        self.keep();
        self.look_up();
        self.work_on_history();
        let has_ended = self.listener.is_none() && self.connections.is_empty() && self.job.is_none();
        Ok(if has_ended { Turn::Ended } else { Turn::Next })
    }

    /// For how long the next turn waits if nothing comes; `None` for ever.
    pub fn patience(&self) -> Option<Duration> {
        let now = self.clock.now().instant;
        let is_behind =
            !self.deferred.is_empty() || self.is_list_late || !self.lookups.is_empty() || self.has_to_read();
        let deferred = is_behind.then_some(now);
        let accept = if let Door::ShutUntil(time) = self.door { Some(time) } else { None };
        let refusals = self.refusals.due(now);
        let expiry = self.room.next_expiry().map(|elapsed| self.rules.epoch + Duration::from_millis(elapsed));
        let stdin = self.stdin.as_ref().and_then(|stdin| stdin.rests_until);
        let deadlines = [self.timers.next(), accept, refusals, expiry, deferred, stdin, self.keeping_due()];
        deadlines.into_iter().flatten().map(|at| at.saturating_duration_since(now)).min()
    }

    fn wait(&mut self, readiness: &mut Events, timeout: Option<Duration>) -> io::Result<()> {
        let patience = self.patience();
        match self.poll.poll(readiness, patience.into_iter().chain(timeout).min()) {
            Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }

    /// Closes `key`, however far that has come already, and lets its member leave: in good order where the other side
    /// can still read, at once where the socket is broken.
    fn part(&mut self, key: ConnectionKey, reason: &Reason) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (fanout, now) = (self.fanouts.of(connection.dialect()), self.now.instant);
        match reason {
            Reason::Broken(_) => connection.close(),
            Reason::Slow | Reason::OutOfMemory => connection.abandon(Event::closed(CloseReason::Slow), fanout, now),
            _ => connection.end(reason.last_event(), fanout, now),
        }
        self.touched.push(key);
        if connection.stop_asking() {
            self.lookups.forget(key);
        }
        self.admission.owes_no_name(&mut connection.ticket, key);
        let (addr, member, pace) = (connection.addr(), connection.member.take(), connection.inbox().pace());
        if let Some(member) = member.and_then(|member| self.room.leave(member, reason.leaving(), self.now.unix_ms)) {
            self.is_list_late = true;
            self.throttle.note(addr.ip(), &member.name, pace, now);
            self.journal.note(self.now.unix_ms, strings::went(&member, reason));
        } else if reason.is_worth_a_note() {
            self.journal.note(self.now.unix_ms, strings::turned_away(addr, reason));
        }
        self.deliver();
    }

    /// Looks again at those whose time has come.
    fn expire(&mut self) {
        if matches!(self.door, Door::ShutUntil(time) if time <= self.now.instant) {
            self.accept();
        }
        self.resume_stdin();
        self.tell_refusals();
        self.room.expire(self.now.unix_ms);
        while let Some(key) = self.timers.pop(self.now.instant) {
            if let Some(connection) = self.connections.get_mut(key.0) {
                connection.armed = None;
            }
            self.serve(key);
        }
    }

    /// Does for `key` what the clock demands.
    fn heed_clock(&mut self, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        match connection.due(&self.rules, self.now.instant) {
            None => {}
            Some(Due::Ping) => self.tell(key, &Event::Ping),
            Some(Due::Dead) => self.part(key, &Reason::Idle),
            Some(Due::NoName) => self.part(key, &Reason::NoName),
            Some(Due::Unwelcome(refusal)) => self.part(key, &Reason::Refused(refusal)),
        }
    }

    /// Removes what has closed; only here, because the slab gives a freed key out again at once.
    fn reap(&mut self) {
        for key in std::mem::take(&mut self.closed) {
            let Some(mut connection) = self.connections.try_remove(key.0) else { continue };
            self.timers.disarm(key, &mut connection.armed);
            if connection.stop_asking() {
                self.lookups.forget(key);
            }
            self.admission.leave(connection.ticket, key);
            self.buffered -= connection.counted as usize;
            if self.door != Door::Open {
                // A descriptor is free again: who waits outside may come in.
                self.door = Door::ShutUntil(self.now.instant);
            }
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

fn random() -> io::Result<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u128::from_le_bytes(bytes))
}
