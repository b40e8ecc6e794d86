//! Letting newcomers in, as far as there is room for them.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use papo_common::Refusal;

use super::Server;
use crate::connection::Connection;
use crate::disconnect::DisconnectReason;
use crate::keys::ConnectionKey;
use crate::net::admission::Obstacle;
use crate::net::listener::accept;
use crate::strings;

/// How many newcomers are let in before others are served again.
const ACCEPT_BUDGET: usize = 256;
/// How long the listener rests when the system cannot give it another connection.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// With fewer places than this the operator is told so at the start: about two classes.
const FEW_PLACES: usize = 64;

/// Whether newcomers are let in as soon as the listener has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AcceptState {
    Open,
    /// It is looked at again then, whatever the listener says: the system had no descriptor, or others come first.
    ShutUntil(Instant),
    /// Neither the room nor the reserve has a place: until somebody leaves.
    Full,
}

impl Server {
    pub(super) fn accept(&mut self) {
        for _ in 0..ACCEPT_BUDGET {
            let Some(listener) = &self.listener else { return };
            if self.admission.is_full(self.now.instant) {
                let may_make_room = self.admission.has_unregistered();
                self.accept_state = if may_make_room {
                    AcceptState::ShutUntil(self.now.instant + ACCEPT_PAUSE)
                } else {
                    AcceptState::Full
                };
                return;
            }
            self.accept_state = AcceptState::Open;
            match accept(listener) {
                Ok((stream, addr)) => {
                    if !self.admit(stream, addr) {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if is_newcomers_own(&error) => {}
                Err(error) => {
                    self.log.note(self.now.unix_ms, strings::cannot_accept(&error));
                    self.accept_state = AcceptState::ShutUntil(self.now.instant + ACCEPT_PAUSE);
                    return;
                }
            }
        }
        self.accept_state = AcceptState::ShutUntil(self.now.instant);
    }

    /// Lets a newcomer in, to stay or to be told why it cannot. False if others have to be removed before the next one.
    fn admit(&mut self, stream: TcpStream, addr: SocketAddr) -> bool {
        let (ip, now) = (addr.ip(), self.now.instant);
        let mut goes_on = true;
        let mut obstacle = self.admission.obstacle(ip);
        if let Some(key) = obstacle.and_then(|obstacle| self.admission.in_the_way(ip, obstacle, now)) {
            goes_on = self.displace(key);
            obstacle = self.admission.obstacle(ip).filter(|_| goes_on);
        }
        if let Some(obstacle) = obstacle {
            self.refusals.add(ip, obstacle);
        }
        let entry = self.connections.vacant_entry();
        let key = ConnectionKey(entry.key());
        let Some(permit) = self.admission.arrive(key, ip, obstacle, now) else { return goes_on };
        let refusal = obstacle.map(Obstacle::refusal);
        let mut connection = Connection::new(stream, addr, (permit, refusal), &self.connection_config, now);
        if let Err(error) = connection.watch(self.poll.registry(), key) {
            self.admission.leave(permit, key);
            self.log.note(self.now.unix_ms, strings::turned_away(addr, &DisconnectReason::Broken(error)));
            return goes_on;
        }
        entry.insert(connection);
        self.dirty.push(key);
        goes_on
    }

    /// Closes a connection without a name whose place a newcomer needs: with a word while the reserve has a place for
    /// it, else at once. False in that case: its descriptor is free only when the turn ends.
    fn displace(&mut self, key: ConnectionKey) -> bool {
        let Some(connection) = self.connections.get_mut(key.0) else { return true };
        self.refusals.add(connection.addr().ip(), Obstacle::RoomFull);
        if self.admission.displace(&mut connection.permit, key) {
            self.disconnect(key, &DisconnectReason::Refused(Refusal::RoomFull));
            return true;
        }
        connection.close();
        self.dirty.push(key);
        false
    }

    /// Says so if the system gives fewer places than were `asked` for, or than a class takes.
    pub fn few_places(&self, asked: Option<usize>) -> Option<String> {
        let total = self.admission.limits().total;
        (total < asked.unwrap_or(FEW_PLACES)).then(|| strings::few_places(total))
    }

    /// Tells the operator of newcomers that could not stay, if it is time.
    pub(super) fn tell_refusals(&mut self) {
        if let Some(summary) = self.refusals.take(self.now.instant) {
            self.log.note(self.now.unix_ms, strings::refusals(&summary));
        }
    }
}

/// Errors of `accept` that are the newcomer's alone: the next one may do better.
fn is_newcomers_own(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}
