//! Everyone who is connected: the connections, the room that they enter and the broadcast log that they read.
//!
//! A turn calls [`Hub::begin_turn`], [`Hub::read_from`] for each connection that has something to be read,
//! [`Hub::send_user_list`], [`Hub::flush`], [`Hub::reap`] and [`Hub::release`], in this order. A connection ends by
//! [`Hub::disconnect`] and is removed by [`Hub::reap`] alone, because the slab gives a freed key out again at once.

mod admit;
mod deliver;
mod flush;
mod receive;
pub mod timers;

use std::collections::VecDeque;
use std::time::Instant;

use papo_common::Event;
use slab::Slab;

use self::timers::Timers;
use crate::broadcast::BroadcastLogs;
use crate::clock::Now;
use crate::config::HubConfig;
use crate::connection::Connection;
use crate::connection::phase::Close;
use crate::connection::transport::Transport;
use crate::disconnect::DisconnectReason;
use crate::history::Queries;
use crate::keys::ConnectionKey;
use crate::net::Net;
use crate::notes::Note;
use crate::random::Random;
use crate::room::Room;
use crate::stats::Traffic;
use crate::strings;

/// Size of one read, in bytes. A throttled connection buffers at most this plus one unfinished line.
const SCRATCH: usize = 16 * 1024;
/// Bytes that one turn takes in from all connections together: bytes read, and bytes encoded because of them for others
/// (a broadcast once per dialect). Connections beyond it are read in the next turn, after every reader has been written
/// to, so that a turn stays short however many speak at once.
const TURN_BUDGET: usize = 512 * 1024;

/// Connections, room and broadcast log.
#[derive(Debug)]
pub struct Hub<T: Transport> {
    /// The room that they enter.
    pub room: Room,
    /// Queries of members that the history has yet to answer.
    pub queries: Queries,
    /// Source of ids and secrets.
    pub random: Random,
    connections: Slab<Connection<T>>,
    broadcast: BroadcastLogs,
    timers: Timers,
    config: HubConfig,
    poller: T::Poller,
    now: Now,
    scratch: Box<[u8]>,
    /// Connections with more to be read than the last turn took in, in the order in which they are read next.
    deferred: VecDeque<ConnectionKey>,
    /// Bytes that this turn may still take in from all connections together.
    budget: usize,
    /// Connections to be looked at before the turn ends: they were told something, or a deadline of theirs has come.
    dirty: Vec<ConnectionKey>,
    /// Connections with a welcome so long that it is written before others join.
    urgent: Vec<ConnectionKey>,
    dead: Vec<ConnectionKey>,
    /// Bytes that all connections keep in memory for themselves; the broadcast log that they share comes on top.
    buffered: usize,
    traffic: Traffic,
    notes: Vec<Note>,
}

impl<T: Transport> Hub<T> {
    /// With nobody connected to `room`; sockets are watched by `poller`.
    pub fn new(room: Room, config: HubConfig, poller: T::Poller, random: Random, now: Now) -> Hub<T> {
        Hub {
            room,
            queries: Queries::default(),
            random,
            connections: Slab::new(),
            broadcast: BroadcastLogs::default(),
            timers: Timers::default(),
            config,
            poller,
            now,
            scratch: vec![0; SCRATCH].into(),
            deferred: VecDeque::new(),
            budget: 0,
            dirty: Vec::new(),
            urgent: Vec::new(),
            dead: Vec::new(),
            buffered: 0,
            traffic: Traffic::default(),
            notes: Vec::new(),
        }
    }

    /// Begins a turn at `now`: time goes on for everyone, and there is a budget again.
    pub fn begin_turn(&mut self, now: Now) {
        self.now = now;
        self.room.set_now(now.instant.saturating_duration_since(self.config.connection.epoch).as_millis() as u64);
        self.budget = TURN_BUDGET;
    }

    /// The connections, those that are being closed included.
    pub fn connections(&self) -> impl ExactSizeIterator<Item = (ConnectionKey, &Connection<T>)> {
        self.connections.iter().map(|(key, connection)| (ConnectionKey(key), connection))
    }

    /// Bytes that wait to be written to a connection, its part of the broadcast log included; 0 if it is gone.
    pub fn pending_bytes(&self, key: ConnectionKey) -> usize {
        let connection = self.connections.get(key.0);
        connection.map_or(0, |connection| connection.session.pending(self.broadcast.of(connection.session.dialect())))
    }

    /// Bytes that went over the wire.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// The moment from which on uptime counts.
    pub fn epoch(&self) -> Instant {
        self.config.connection.epoch
    }

    /// Whether nothing is left behind: no connection, member, timer, query or stored byte.
    pub fn is_idle(&self) -> bool {
        self.connections.is_empty()
            && self.room.members().len() == 0
            && self.timers.is_empty()
            && self.broadcast.is_empty()
            && self.queries.is_empty()
    }

    /// Takes out what the operator is to be told, oldest first.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// The earliest deadline of a connection.
    pub fn next_timer(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Takes out a connection whose deadline has come; it is to be read from.
    pub fn pop_timer(&mut self) -> Option<ConnectionKey> {
        let key = self.timers.pop(self.now.instant)?;
        if let Some(connection) = self.connections.get_mut(key.0) {
            connection.armed = None;
        }
        Some(key)
    }

    /// When the next reservation of a name expires.
    pub fn next_expiry(&self) -> Option<Instant> {
        self.room.directory().next_expiry().map(|elapsed| self.epoch() + std::time::Duration::from_millis(elapsed))
    }

    /// Closes a connection, whatever state it is in, and lets its member leave: in good order where the other side can
    /// still read, at once where the socket is broken.
    pub fn disconnect(&mut self, net: &mut Net, key: ConnectionKey, reason: &DisconnectReason) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let session = &mut connection.session;
        let (broadcast, now) = (self.broadcast.of(session.dialect()), self.now.instant);
        let member = session.close(reason.close(), broadcast, now);
        let bucket = session.gate.bucket();
        self.dirty.push(key);
        if session.gate.end_query() {
            self.queries.cancel(key);
        }
        net.admission.registered(&mut connection.permit, key);
        let addr = connection.addr();
        if let Some(member) = member.and_then(|member| self.room.leave(member, reason.departure(), self.now.unix_ms)) {
            net.throttle.note(addr.ip(), &member.name, bucket, now);
            self.log(strings::left(&member, reason));
        } else if reason.is_logged() {
            self.log(strings::connection_closed(addr, reason));
        }
        self.deliver();
    }

    /// Lets all members leave and begins to close every connection, with the server's end as the last line.
    pub fn close_all(&mut self) {
        self.room.clear(self.now.unix_ms);
        for (key, connection) in &mut self.connections {
            let broadcast = self.broadcast.of(connection.session.dialect());
            connection.session.close(Close::InOrder(Some(Event::ServerClosed)), broadcast, self.now.instant);
            self.dirty.push(ConnectionKey(key));
        }
    }

    /// Closes every connection at once.
    pub fn abort_all(&mut self) {
        for (key, connection) in &mut self.connections {
            connection.session.close(Close::Now, self.broadcast.of(None), self.now.instant);
            self.dirty.push(ConnectionKey(key));
        }
    }

    /// Removes what has closed; true if that was anything.
    pub fn reap(&mut self, net: &mut Net) -> bool {
        let mut has_freed = false;
        for key in std::mem::take(&mut self.dead) {
            let Some(mut connection) = self.connections.try_remove(key.0) else { continue };
            has_freed = true;
            self.timers.disarm(key, &mut connection.armed);
            if connection.session.gate.end_query() {
                self.queries.cancel(key);
            }
            net.admission.leave(connection.permit, key);
            self.buffered -= connection.counted as usize;
        }
        self.assert_members_are_connected();
        has_freed
    }

    /// Forgets what all have read.
    pub fn release(&mut self) {
        self.broadcast.release(|dialect| {
            let readers =
                self.connections.iter().filter(|(_, connection)| connection.session.dialect() == Some(dialect));
            readers.filter_map(|(_, connection)| connection.session.cursor()).min()
        });
    }

    fn log(&mut self, line: String) {
        self.notes.push(Note::Log(line));
    }

    /// A member has a connection that has joined, and the reverse.
    fn assert_members_are_connected(&self) {
        debug_assert!(self.room.members().all(|(key, member)| {
            self.connections.get(member.connection.0).is_some_and(|connection| connection.session.member() == Some(key))
        }));
        debug_assert_eq!(
            self.room.members().len(),
            self.connections.iter().filter(|(_, connection)| connection.session.member().is_some()).count()
        );
    }
}
