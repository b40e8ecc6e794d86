//! Reading: bytes of a connection become requests, and requests reach the room.

use std::io;
use std::time::Duration;

use papo_common::{Dialect, Event, Hello, Malformed, MemberId, Refusal, Request, SessionSecret};

use super::Hub;
use crate::connection::ReadOutcome;
use crate::connection::codec::InputError;
use crate::connection::transport::Transport;
use crate::disconnect::DisconnectReason;
use crate::keys::ConnectionKey;
use crate::net::Net;
use crate::room::JoinRequest;
use crate::strings;

/// Bytes read from one connection in a turn, after which the others come first.
const READ_BUDGET: usize = 64 * 1024;
/// Places for deferred connections that are kept when none is deferred.
const DEFERRED_KEPT: usize = 256;
/// After how long a newcomer is looked at again that waits because all others together take much memory.
const CROWDED_PAUSE: Duration = Duration::from_millis(20);
/// The number of other requests before its `hello` at which a connection is closed.
const MAX_BAD_HELLOS: u8 = 3;

impl<T: Transport> Hub<T> {
    /// Takes the readiness of a connection and reads what it has sent.
    pub fn on_ready(&mut self, net: &mut Net, key: ConnectionKey, is_writable: bool) {
        if let Some(connection) = self.connections.get_mut(key.0) {
            connection.on_ready(is_writable);
        }
        self.read_from(net, key);
    }

    /// The number of connections that the turn before left over.
    pub fn deferred(&self) -> usize {
        self.deferred.len()
    }

    /// Takes out the next connection that the turn before left over; `None` while the turn's budget is spent, so that the
    /// rest stays in front of those that have had a share of this turn.
    pub fn next_deferred(&mut self) -> Option<ConnectionKey> {
        let key = if self.budget == 0 { None } else { self.deferred.pop_front() }?;
        if let Some(connection) = self.connections.get_mut(key.0) {
            connection.is_deferred = false;
        }
        // A storm of newcomers is no reason to keep room for the next one.
        if self.deferred.is_empty() {
            self.deferred.shrink_to(DEFERRED_KEPT);
        }
        Some(key)
    }

    /// Reads on from `key` in the next turn.
    pub(super) fn defer(&mut self, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        if !std::mem::replace(&mut connection.is_deferred, true) {
            self.deferred.push_back(key);
        }
    }

    /// Reads what `key` has sent, as far as its rate and its budget for one turn go.
    pub fn read_from(&mut self, net: &mut Net, key: ConnectionKey) {
        let mut read_so_far = 0;
        self.dirty.push(key);
        if self.budget == 0 {
            return self.defer(key);
        }
        // A deferred connection has had its share of this turn: the others come first, also if the kernel wakes it again.
        if self.connections.get(key.0).is_some_and(|connection| connection.is_deferred) {
            return;
        }
        self.take_requests(net, key);
        while let Some(connection) = self.connections.get_mut(key.0).filter(|connection| !connection.is_deferred) {
            if connection.session.is_closed() || connection.session.is_paused(&self.config.connection, self.now.instant)
            {
                return;
            }
            match connection.read(&mut self.scratch, self.now.instant) {
                Ok(ReadOutcome::Blocked) => return,
                Ok(ReadOutcome::Bytes(read)) => {
                    self.traffic.read += read as u64;
                    self.spend(read);
                    self.take_requests(net, key);
                    read_so_far += read;
                    if read_so_far >= READ_BUDGET || self.budget == 0 {
                        return self.defer(key);
                    }
                }
                Ok(ReadOutcome::End) => {
                    self.take_requests(net, key);
                    return self.hang_up(net, key);
                }
                Err(error) => return self.disconnect(net, key, &DisconnectReason::Broken(error)),
            }
        }
    }

    /// Takes what this turn has taken in off its budget.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.budget = self.budget.saturating_sub(bytes);
    }

    /// The other side has said its last; what it said before still counts.
    fn hang_up(&mut self, net: &mut Net, key: ConnectionKey) {
        if self.connections.get(key.0).is_some_and(|connection| connection.session.is_finished()) {
            self.disconnect(net, key, &DisconnectReason::HungUp);
        }
    }

    fn take_requests(&mut self, net: &mut Net, key: ConnectionKey) {
        // Newcomers are given much to read: while the others have not read theirs, they wait outside.
        let is_crowded = self.memory() > self.config.total_buffer / 2;
        while let Some(connection) = self.connections.get_mut(key.0) {
            let ip = connection.addr().ip();
            let is_member = connection.session.member().is_some();
            let mut ready_at = net.throttle.ready_at(ip, is_member);
            if !is_member && is_crowded {
                ready_at = ready_at.max(Some(self.now.instant + CROWDED_PAUSE));
            }
            connection.session.gate.wait_for_address(ready_at);
            let taken = connection.session.next_request(&self.config.connection, self.now.instant);
            net.throttle.charge(ip, connection.session.take_used(), self.now.instant);
            match taken {
                Ok(Some(request)) => {
                    let is_slow = request.as_ref().is_ok_and(Request::is_slow);
                    self.handle(net, key, request);
                    // A question that is answered already may have taken long: the others come first.
                    let is_answered =
                        is_slow && !self.connections.get(key.0).is_some_and(|it| it.session.gate.has_query());
                    if is_answered || self.budget == 0 {
                        return self.defer(key);
                    }
                }
                Ok(None) => return,
                Err(InputError::LineTooLong) => return self.disconnect(net, key, &DisconnectReason::LineTooLong),
                Err(InputError::QueueFull) => return self.disconnect(net, key, &DisconnectReason::TooMuchWaiting),
            }
        }
    }

    fn handle(&mut self, net: &mut Net, key: ConnectionKey, request: Result<Request, Malformed>) {
        let at = self.now.unix_ms;
        match (self.connections.get(key.0).and_then(|connection| connection.session.member()), request) {
            (None, Ok(Request::Hello(hello))) => self.join(net, key, &hello),
            (None, _) => self.refuse(net, key),
            (Some(_), Ok(Request::Leave)) => self.disconnect(net, key, &DisconnectReason::Left),
            (Some(member), Ok(request)) => self.room.handle(member, request, at),
            (Some(member), Err(Malformed(detail))) => self.room.malformed(member, detail),
        }
        self.begin_queries();
        self.deliver();
    }

    fn join(&mut self, net: &mut Net, key: ConnectionKey, hello: &Hello) {
        let rival = self.room.find(&hello.name);
        let went = rival.map(|rival| strings::left(rival, &DisconnectReason::Replaced));
        let rivals_pace =
            rival.and_then(|rival| self.connections.get(rival.connection.0)).map(|it| it.session.gate.bucket());
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (Ok(id), Ok(session)) = (self.random.draw(), self.random.draw()) else {
            return self.disconnect(net, key, &DisconnectReason::Broken(io::Error::other(strings::NO_ENTROPY)));
        };
        let newcomer = JoinRequest {
            connection: key,
            dialect: connection.session.dialect().unwrap_or(Dialect::Classic),
            addr: connection.addr(),
            id: MemberId::from_random(id),
            session: SessionSecret::from_random(session),
        };
        match self.room.join(&newcomer, hello, self.now.unix_ms) {
            None => net.admission.retried(&mut connection.permit, key, self.now.instant),
            Some(member) => {
                net.admission.registered(&mut connection.permit, key);
                let Some(entrant) = self.room.member(member) else { return };
                // A member of that name that was here has the same session, which goes on on this connection.
                let bucket = rivals_pace.unwrap_or_else(|| net.throttle.take(newcomer.addr.ip(), &entrant.name));
                let came = strings::joined(entrant);
                net.throttle.joined(newcomer.addr.ip(), self.now.instant);
                connection.session.register(member, bucket);
                if let Some(went) = went {
                    self.log(went);
                }
                self.log(came);
            }
        }
    }

    fn refuse(&mut self, net: &mut Net, key: ConnectionKey) {
        self.tell(key, &Event::refused(Refusal::Malformed));
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        if connection.session.count_bad_hello() >= MAX_BAD_HELLOS {
            self.disconnect(net, key, &DisconnectReason::NoHello);
        }
    }

    /// Hands the queries that the room's memory cannot answer over to the history.
    fn begin_queries(&mut self) {
        while let Some(query) = self.room.next_query() {
            let Some(connection) = self.connections.get_mut(query.connection.0) else { continue };
            connection.session.gate.begin_query();
            self.queries.push(query);
        }
    }
}
