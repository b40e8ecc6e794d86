//! From what the room tells to what the sockets take: encode once, write once, remember only what somebody has not read.

use std::io::{self, ErrorKind};
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest};
use papo_common::{Event, Welcome};

use super::{OUTLET, Server};
use crate::connection::Connection;
use crate::disconnect::DisconnectReason;
use crate::keys::ConnectionKey;
use crate::os::output::NonBlockingFd;
use crate::room::{Audience, Delivery};

/// A welcome with more bytes than this lists many people. It is written at once: held until the turn ends, those of all
/// who come in it would take more memory than the room.
const LONG_WELCOME: usize = 16 * 1024;
/// The part of a welcome that counts against a turn's budget. A welcome is written to one reader only; counted whole,
/// it would let one newcomer in per turn where a room is large, and each turn writes to everybody.
const WELCOME_SHARE: usize = 64;
/// How long the end waits for an operator who does not read.
const LAST_LINES: Duration = Duration::from_secs(1);

impl Server {
    pub(super) fn deliver(&mut self) {
        while let Some(Delivery { to, event }) = self.room.next_delivery() {
            match (to, event) {
                (Audience::One(key), Event::Welcome(welcome)) => self.welcome(key, welcome),
                (Audience::One(key), event) => self.tell(key, &event),
                (Audience::All { subject }, event) => self.tell_all(subject, &event),
            }
        }
    }

    fn welcome(&mut self, key: ConnectionKey, welcome: Box<Welcome>) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let Some(dialect) = connection.dialect() else { return };
        self.broadcast.open(dialect);
        let broadcast = self.broadcast.of(Some(dialect));
        connection.welcome(welcome, broadcast, self.now.instant);
        self.dirty.push(key);
        let length = connection.backlog(broadcast);
        self.spend(length / WELCOME_SHARE);
        if length > LONG_WELCOME {
            // Nobody is told of anything before it is kept.
            self.commit();
            self.flush_one(key);
        }
    }

    pub(super) fn tell(&mut self, key: ConnectionKey, event: &Event) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (broadcast, now) = (self.broadcast.of(connection.dialect()), self.now.instant);
        if let Event::Closed { .. } = event {
            // Its member is in the room no more, or is there by another connection.
            connection.member = None;
            connection.end(Some(event.clone()), broadcast, now);
        } else {
            connection.tell(event, broadcast);
        }
        self.dirty.push(key);
    }

    fn tell_all(&mut self, subject: Option<ConnectionKey>, event: &Event) {
        let (start, encoded) = self.broadcast.encode(event);
        self.spend(encoded);
        let Some(connection) = subject.and_then(|key| self.connections.get_mut(key.0)) else { return };
        let Some(dialect) = connection.dialect().filter(|dialect| !dialect.echoes_to_subject(event)) else { return };
        connection.send_queue().skip(self.broadcast.of(Some(dialect)), start.of(dialect));
    }

    /// Writes to everyone what there is, once. Who is closed for not reading leaves, which the others are told in turn.
    pub(super) fn flush(&mut self) {
        loop {
            if self.broadcast.take_dirty() {
                self.dirty.clear();
                self.dirty.extend(self.connections.iter().map(|(key, _)| ConnectionKey(key)));
            }
            if self.dirty.is_empty() && !self.shed() {
                break;
            }
            for key in std::mem::take(&mut self.dirty) {
                self.flush_one(key);
            }
        }
    }

    /// Bytes of memory that all connections take together.
    pub(super) fn memory(&self) -> usize {
        self.buffered + self.broadcast.memory()
    }

    /// Where all connections together take more memory than they may, closes those for which most waits; false if they do
    /// not, or there is none to close.
    fn shed(&mut self) -> bool {
        if self.memory() > self.total_buffer {
            // Readers may have caught up in this turn.
            self.release();
        }
        let mut excess = self.memory().saturating_sub(self.total_buffer);
        if excess == 0 {
            return false;
        }
        let weight = |connection: &Connection<TcpStream>| {
            connection.recv_queue().backlog() + connection.backlog(self.broadcast.of(connection.dialect()))
        };
        let open = self.connections.iter().filter(|(_, connection)| connection.is_open());
        let mut open: Vec<_> = open.map(|(key, it)| (weight(it), it.counted as usize, ConnectionKey(key))).collect();
        open.sort_unstable_by(|a, b| b.cmp(a));
        // The shared broadcast log shrinks only when its slowest reader has gone: the sum is looked at anew after each of those.
        let heaviest = open.iter().take_while(|(_, own, _)| {
            let goes_on = excess > 0;
            excess = if *own == 0 { 0 } else { excess.saturating_sub(*own) };
            goes_on
        });
        let heaviest: Vec<ConnectionKey> = heaviest.map(|(.., key)| *key).collect();
        for key in &heaviest {
            self.disconnect(*key, &DisconnectReason::OutOfMemory);
        }
        !heaviest.is_empty()
    }

    /// Writes to one connection what waits for it, and counts what it keeps in memory after that.
    fn flush_one(&mut self, key: ConnectionKey) {
        self.write_to(key);
        if let Some(connection) = self.connections.get_mut(key.0) {
            let buffered = u32::try_from(connection.buffered()).unwrap_or(u32::MAX);
            self.buffered = self.buffered + buffered as usize - connection.counted as usize;
            connection.counted = buffered;
        }
    }

    fn write_to(&mut self, key: ConnectionKey) {
        self.check_timeouts(key);
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        if connection.is_closed() {
            return self.dead.push(key);
        }
        let broadcast = self.broadcast.of(connection.dialect());
        let flushed = connection.flush(broadcast, self.now.instant);
        let watched = connection.watch(self.poll.registry(), key);
        match flushed.and_then(|written| watched.map(|()| written)) {
            Ok(written) => self.traffic.written += written as u64,
            Err(error) => return self.disconnect(key, &DisconnectReason::Broken(error)),
        }
        if connection.is_slow(broadcast, self.reader_buffer, self.now.instant) {
            return self.disconnect(key, &DisconnectReason::Slow);
        }
        if connection.is_closed() {
            return self.dead.push(key);
        }
        let resumes = connection.resumes();
        let deadline = connection.deadline(&self.connection_config);
        self.timers.arm(key, &mut connection.armed, deadline);
        if resumes {
            self.defer(key);
        }
    }

    /// What the operator reads goes out by `outlet`: when that can be written again, what waits is.
    pub fn attach_output(&mut self, mut outlet: NonBlockingFd) {
        // What cannot be waited for never has to be.
        if outlet.is_file() {
            self.files.push(outlet);
        } else if self.poll.registry().register(&mut outlet, OUTLET, Interest::WRITABLE).is_ok() {
            self.outputs.push(outlet);
        }
    }

    /// Writes what the operator has not read so far.
    pub(super) fn flush_operator_output(&mut self) {
        self.log.output().flush();
        self.console.output().flush();
    }

    /// Gives an operator who reads slowly a moment for the last lines.
    pub(super) fn drain_operator_output(&mut self, readiness: &mut Events) -> io::Result<()> {
        let end = self.clock.now().instant + LAST_LINES;
        while self.log.output().has_waiting() || self.console.output().has_waiting() {
            let left = end.saturating_duration_since(self.clock.now().instant);
            if left.is_zero() {
                break;
            }
            match self.poll.poll(readiness, Some(left)) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => self.flush_operator_output(),
            }
        }
        Ok(())
    }

    /// Forgets what all have read.
    pub(super) fn release(&mut self) {
        self.broadcast.release(|dialect| {
            let readers = self.connections.iter().filter(|(_, connection)| connection.dialect() == Some(dialect));
            readers.filter_map(|(_, connection)| connection.cursor()).min()
        });
    }
}
