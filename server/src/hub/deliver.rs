//! Delivering: events of the room reach the queues of their audience, encoded once whatever its size.

use papo_common::{Event, Welcome};

use super::Hub;
use crate::connection::phase::Close;
use crate::connection::transport::Transport;
use crate::keys::ConnectionKey;
use crate::room::{Audience, Delivery};

/// Larger welcomes are written at once, in bytes: if all welcomes of a join storm waited for the end of the turn, they
/// would take more memory than the room.
const LONG_WELCOME: usize = 16 * 1024;
/// The part of a welcome that counts against a turn's budget. A welcome is written to one reader only; counted whole,
/// it would let one newcomer in per turn where a room is large, and each turn writes to everybody.
const WELCOME_SHARE: usize = 64;

impl<T: Transport> Hub<T> {
    /// Sends the roster to classic members if somebody came or went since they were last given it.
    pub fn send_user_list(&mut self) {
        self.room.end_turn();
        self.deliver();
    }

    /// Queues all that the room has to tell.
    pub fn deliver(&mut self) {
        while let Some(Delivery { to, event }) = self.room.next_delivery() {
            match (to, event) {
                (Audience::One(key), Event::Welcome(welcome)) => self.welcome(key, welcome),
                (Audience::One(key), event) => self.tell(key, &event),
                (Audience::All { subject }, event) => self.tell_all(subject, &event),
            }
        }
    }

    /// Queues the answer to a member's query and lets it ask on.
    pub fn answer(&mut self, key: ConnectionKey, answer: &Event) {
        self.tell(key, answer);
        if let Some(connection) = self.connections.get_mut(key.0) {
            connection.session.gate.end_query();
            // The connection may have asked more, or ended, meanwhile.
            self.defer(key);
        }
    }

    pub(super) fn tell(&mut self, key: ConnectionKey, event: &Event) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (broadcast, now) = (self.broadcast.of(connection.session.dialect()), self.now.instant);
        if let Event::Closed { .. } = event {
            // Its member is in the room no more, or is there by another connection.
            connection.session.close(Close::InOrder(Some(event.clone())), broadcast, now);
        } else {
            connection.session.tell(event, broadcast);
        }
        self.dirty.push(key);
    }

    fn welcome(&mut self, key: ConnectionKey, welcome: Box<Welcome>) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let Some(dialect) = connection.session.dialect() else { return };
        self.broadcast.open(dialect);
        let broadcast = self.broadcast.of(Some(dialect));
        connection.session.welcome(&Event::Welcome(welcome), broadcast, self.now.instant);
        self.dirty.push(key);
        let length = connection.session.pending(broadcast);
        self.spend(length / WELCOME_SHARE);
        if length > LONG_WELCOME {
            self.urgent.push(key);
        }
    }

    fn tell_all(&mut self, subject: Option<ConnectionKey>, event: &Event) {
        let (start, encoded) = self.broadcast.encode(event);
        self.spend(encoded);
        let Some(connection) = subject.and_then(|key| self.connections.get_mut(key.0)) else { return };
        let Some(dialect) = connection.session.dialect().filter(|dialect| !dialect.echoes_to_subject(event)) else {
            return;
        };
        connection.session.skip(self.broadcast.of(Some(dialect)), start.of(dialect));
    }
}
