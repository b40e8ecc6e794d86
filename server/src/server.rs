//! The poll loop: the only place that polls, and that knows what each token stands for.
//!
//! One turn waits for readiness, reads what came and lets the room act on it, writes to everybody once, and only then
//! removes what has closed. The loop is [`Server::turn`]; what closes a connection is [`Server::disconnect`] alone.

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

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use papo_common::{CloseReason, Event, LogId, RunId};
use slab::Slab;

use self::door::AcceptState;
use self::keeping::KeptBlocks;
use crate::broadcast::BroadcastLogs;
use crate::clock::{Clock, Now};
use crate::config::ConnectionConfig;
use crate::connection::{Connection, Timeout};
use crate::disconnect::DisconnectReason;
use crate::history::{History, Job, Queries};
use crate::keys::ConnectionKey;
use crate::net::admission::Admission;
use crate::net::listener::listen;
use crate::net::refusals::Refusals;
use crate::net::throttle::Throttle;
use crate::operator::console::Console;
use crate::operator::log::Log;
use crate::options::Options;
use crate::os::output::NonBlockingFd;
use crate::os::resources::raise_descriptor_limit;
use crate::os::signals::Signals;
use crate::os::stdin::{self, Stdin};
use crate::room::Room;
use crate::stats::Traffic;
use crate::strings;
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
    accept_state: AcceptState,
    admission: Admission,
    refusals: Refusals,
    throttle: Throttle,
    connections: Slab<Connection<TcpStream>>,
    room: Room,
    history: History,
    /// Questions of members to the history.
    queries: Queries,
    /// The file that is being written for the operator.
    job: Option<Job>,
    broadcast: BroadcastLogs,
    timers: Timers,
    connection_config: ConnectionConfig,
    /// How many bytes may wait for one reader.
    reader_buffer: usize,
    /// How many bytes all connections together may keep in memory.
    total_buffer: usize,
    /// How many each keeps for itself, in sum; the broadcast logs that they share come on top.
    buffered: usize,
    clock: Clock,
    now: Now,
    /// Whether what the operator forbids is kept as it is now.
    kept_blocks: KeptBlocks,
    log: Log,
    console: Console,
    stdin: Option<Stdin>,
    /// Whether commands come from something else than a terminal.
    is_script: bool,
    outputs: Vec<NonBlockingFd>,
    /// Those of them that are files.
    files: Vec<NonBlockingFd>,
    signals: Option<Signals>,
    scratch: Box<[u8]>,
    /// Connections with more to be read than the last turn took in, in the order in which they are read next.
    deferred: VecDeque<ConnectionKey>,
    /// Bytes that this turn may still take in from all connections together.
    budget: usize,
    /// Who is to be looked at before the turn ends: it was told something, or a deadline of its own has come.
    dirty: Vec<ConnectionKey>,
    dead: Vec<ConnectionKey>,
    /// Whether somebody left after this turn's list of who is there: the next turn does not wait.
    user_list_stale: bool,
    traffic: Traffic,
    /// How many turns there have been.
    turns: u64,
}

impl Server {
    /// Listens as `options` say; what the operator reads goes to `console` and `journal`. An error if the address cannot
    /// be taken or the system gives no poll or no randomness; a history that cannot be opened is only told of.
    pub fn bind(options: &Options, clock: Clock, console: Console, journal: Log) -> io::Result<Server> {
        let poll = Poll::new()?;
        let mut listener = listen(options.listen)?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let now = clock.now();
        let (run, log) = (RunId::from_random(random()?), LogId::from_random(random()?));
        let mut room = Room::new(run, log, options.room_config());
        let (history, past) = History::open(&options.history, log, now);
        if let Some(past) = past {
            room.restore(past, now.unix_ms);
        } else if history.error().is_some() {
            room.keep_records();
        }
        let mut server = Server {
            poll,
            listener: Some(listener),
            accept_state: AcceptState::Open,
            admission: Admission::new(options.connection_limits(raise_descriptor_limit())),
            refusals: Refusals::default(),
            throttle: Throttle::new(options.address_limits()),
            connections: Slab::new(),
            room,
            history,
            queries: Queries::default(),
            job: None,
            broadcast: BroadcastLogs::default(),
            timers: Timers::default(),
            connection_config: options.connection_config(now.instant),
            reader_buffer: options.reader_buffer,
            total_buffer: options.total_buffer,
            buffered: 0,
            now,
            clock,
            kept_blocks: KeptBlocks::Unread,
            log: journal,
            console,
            stdin: None,
            is_script: false,
            outputs: Vec::new(),
            files: Vec::new(),
            signals: None,
            scratch: vec![0; SCRATCH].into(),
            deferred: VecDeque::new(),
            budget: 0,
            dirty: Vec::new(),
            dead: Vec::new(),
            user_list_stale: false,
            traffic: Traffic::default(),
            turns: 0,
        };
        server.keep_blocks();
        server.note_history_error();
        for told in [server.few_places(options.max_clients), server.zone_trouble()].into_iter().flatten() {
            server.log.note(now.unix_ms, told);
        }
        Ok(server)
    }

    /// Where it listens. An error once it has ended.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.as_ref().ok_or_else(|| io::Error::from(ErrorKind::NotConnected))?.local_addr()
    }

    /// Ends in good order on the signals that it tells of. An error if the poll cannot wait for it.
    pub fn attach_signals(&mut self, mut signal: Signals) -> io::Result<()> {
        self.poll.registry().register(&mut signal, SIGNAL, Interest::READABLE)?;
        self.signals = Some(signal);
        Ok(())
    }

    /// Takes commands from `stdin`, if that is something that can be waited for, or a file.
    pub fn attach_stdin(&mut self, mut stdin: Stdin) {
        let is_file = stdin.kind() == stdin::StdinKind::File;
        if is_file || self.poll.registry().register(&mut stdin, STDIN, Interest::READABLE).is_ok() {
            self.is_script = stdin.kind() != stdin::StdinKind::Terminal;
            self.stdin = Some(stdin);
        }
    }

    /// Says so if the time zone of this machine cannot be read.
    pub fn zone_trouble(&self) -> Option<String> {
        self.log.time_zone_error()
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
            && self.broadcast.is_empty()
            && self.queries.is_empty()
    }

    /// Serves until it is told to end. An error if the system can no longer tell what has come.
    pub fn run(&mut self) -> io::Result<()> {
        let mut readiness = Events::with_capacity(1024);
        while self.turn_with(&mut readiness, None)? == Turn::Next {}
        self.drain_operator_output(&mut readiness)
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
        self.room.set_now(self.now.instant.saturating_duration_since(self.connection_config.epoch).as_millis() as u64);
        self.turns += 1;
        self.resume_deferred();
        for ready in &*readiness {
            match ready.token() {
                LISTENER => self.accept(),
                SIGNAL => self.on_signal(),
                STDIN => self.read_stdin(),
                OUTLET => self.flush_operator_output(),
                Token(key) => self.on_ready(ConnectionKey(key), ready.is_writable()),
            }
        }
        self.run_deadlines();
        self.user_list_stale = false;
        self.room.end_turn();
        self.deliver();
        self.commit();
        self.flush();
        self.reap();
        self.release();
        // Who did not read or whose connection broke has left meanwhile.
        self.commit();
        self.look_up();
        self.work_on_history();
        let has_ended = self.listener.is_none() && self.connections.is_empty() && self.job.is_none();
        Ok(if has_ended { Turn::Ended } else { Turn::Next })
    }

    /// For how long the next turn waits if nothing comes; `None` for ever.
    pub fn poll_timeout(&self) -> Option<Duration> {
        let now = self.clock.now().instant;
        let is_behind =
            !self.deferred.is_empty() || self.user_list_stale || !self.queries.is_empty() || self.has_to_read();
        let deferred = is_behind.then_some(now);
        let accept = if let AcceptState::ShutUntil(time) = self.accept_state { Some(time) } else { None };
        let refusals = self.refusals.due(now);
        let expiry =
            self.room.next_expiry().map(|elapsed| self.connection_config.epoch + Duration::from_millis(elapsed));
        let stdin = self.stdin.as_ref().and_then(|stdin| stdin.rests_until);
        let deadlines = [self.timers.next(), accept, refusals, expiry, deferred, stdin, self.history_deadline()];
        deadlines.into_iter().flatten().map(|at| at.saturating_duration_since(now)).min()
    }

    fn wait(&mut self, readiness: &mut Events, timeout: Option<Duration>) -> io::Result<()> {
        let patience = self.poll_timeout();
        match self.poll.poll(readiness, patience.into_iter().chain(timeout).min()) {
            Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }

    /// Closes `key`, however far that has come already, and lets its member leave: in good order where the other side
    /// can still read, at once where the socket is broken.
    fn disconnect(&mut self, key: ConnectionKey, reason: &DisconnectReason) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (broadcast, now) = (self.broadcast.of(connection.dialect()), self.now.instant);
        match reason {
            DisconnectReason::Broken(_) => connection.close(),
            DisconnectReason::Slow | DisconnectReason::OutOfMemory => {
                connection.abandon(Event::closed(CloseReason::Slow), broadcast, now);
            }
            _ => connection.end(reason.last_event(), broadcast, now),
        }
        self.dirty.push(key);
        if connection.end_query() {
            self.queries.forget(key);
        }
        self.admission.registered(&mut connection.permit, key);
        let (addr, member, bucket) = (connection.addr(), connection.member.take(), connection.recv_queue().bucket());
        if let Some(member) = member.and_then(|member| self.room.leave(member, reason.departure(), self.now.unix_ms)) {
            self.user_list_stale = true;
            self.throttle.note(addr.ip(), &member.name, bucket, now);
            self.log.note(self.now.unix_ms, strings::went(&member, reason));
        } else if reason.is_logged() {
            self.log.note(self.now.unix_ms, strings::turned_away(addr, reason));
        }
        self.deliver();
    }

    /// Looks again at those whose time has come.
    fn run_deadlines(&mut self) {
        if matches!(self.accept_state, AcceptState::ShutUntil(time) if time <= self.now.instant) {
            self.accept();
        }
        self.resume_stdin();
        self.tell_refusals();
        self.room.expire(self.now.unix_ms);
        while let Some(key) = self.timers.pop(self.now.instant) {
            if let Some(connection) = self.connections.get_mut(key.0) {
                connection.armed = None;
            }
            self.read_from(key);
        }
    }

    /// Does for `key` what the clock demands.
    fn check_timeouts(&mut self, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        match connection.timeout(&self.connection_config, self.now.instant) {
            None => {}
            Some(Timeout::Ping) => self.tell(key, &Event::Ping),
            Some(Timeout::Dead) => self.disconnect(key, &DisconnectReason::Idle),
            Some(Timeout::Unregistered) => self.disconnect(key, &DisconnectReason::NoName),
            Some(Timeout::Refused(refusal)) => self.disconnect(key, &DisconnectReason::Refused(refusal)),
        }
    }

    /// Removes what has closed; only here, because the slab gives a freed key out again at once.
    fn reap(&mut self) {
        for key in std::mem::take(&mut self.dead) {
            let Some(mut connection) = self.connections.try_remove(key.0) else { continue };
            self.timers.disarm(key, &mut connection.armed);
            if connection.end_query() {
                self.queries.forget(key);
            }
            self.admission.leave(connection.permit, key);
            self.buffered -= connection.counted as usize;
            if self.accept_state != AcceptState::Open {
                // A descriptor is free again: who waits outside may come in.
                self.accept_state = AcceptState::ShutUntil(self.now.instant);
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

fn random() -> io::Result<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u128::from_le_bytes(bytes))
}
