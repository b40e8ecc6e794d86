//! Writing: once per connection and turn. Closes connections whose readers do not read.

use papo_common::Event;

use super::Hub;
use crate::connection::phase::Close;
use crate::connection::timeout::Timeout;
use crate::connection::transport::Transport;
use crate::connection::{Connection, Flushed};
use crate::disconnect::DisconnectReason;
use crate::keys::ConnectionKey;
use crate::net::Net;

impl<T: Transport> Hub<T> {
    /// Whether something is to be written before the turn ends, by [`Hub::flush_urgent`]; what happened so far must be
    /// stored first.
    pub fn has_urgent(&self) -> bool {
        !self.urgent.is_empty()
    }

    /// Whether something was queued since everyone was last written to.
    pub fn has_output(&self) -> bool {
        !self.dirty.is_empty() || self.broadcast.is_dirty()
    }

    /// Writes to those who have a long welcome.
    pub fn flush_urgent(&mut self, net: &mut Net) {
        for key in std::mem::take(&mut self.urgent) {
            self.flush_one(net, key);
        }
    }

    /// Writes to everyone what there is, once. A member that is closed for not reading leaves, which the others
    /// are told in turn.
    pub fn flush(&mut self, net: &mut Net) {
        loop {
            if self.broadcast.take_dirty() {
                self.dirty.clear();
                self.dirty.extend(self.connections.iter().map(|(key, _)| ConnectionKey(key)));
            }
            if self.dirty.is_empty() && !self.shed(net) {
                break;
            }
            for key in std::mem::take(&mut self.dirty) {
                self.flush_one(net, key);
            }
        }
    }

    /// Bytes of memory that all connections take together.
    pub fn memory(&self) -> usize {
        self.buffered + self.broadcast.memory()
    }

    /// Where all connections together take more memory than they may, closes those for which most waits; false if they do
    /// not, or there is none to close.
    fn shed(&mut self, net: &mut Net) -> bool {
        if self.memory() > self.config.total_buffer {
            // Readers may have caught up in this turn.
            self.release();
        }
        if self.memory() <= self.config.total_buffer {
            return false;
        }
        let weight = |connection: &Connection<T>| {
            let session = &connection.session;
            session.unhandled() + session.pending(self.broadcast.of(session.dialect()))
        };
        let held = self.connections.iter().filter(|(_, connection)| !connection.session.is_closed());
        let heaviest = held.map(|(key, connection)| (weight(connection), ConnectionKey(key))).max();
        // Closing a connection for which nothing waits frees nothing.
        let Some((_, key)) = heaviest.filter(|(weight, _)| *weight > 0) else { return false };
        match self.connections.get_mut(key.0) {
            Some(connection) if !connection.session.is_open() => {
                // A connection that is being closed already is not waited for while much is still to be written to it.
                connection.session.close(Close::Now, self.broadcast.of(None), self.now.instant);
                self.dirty.push(key);
            }
            _ => self.disconnect(net, key, &DisconnectReason::OutOfMemory),
        }
        true
    }

    /// Writes to one connection what waits for it, and counts what it keeps in memory after that.
    fn flush_one(&mut self, net: &mut Net, key: ConnectionKey) {
        self.write_to(net, key);
        if let Some(connection) = self.connections.get_mut(key.0) {
            let buffered = u32::try_from(connection.session.memory()).unwrap_or(u32::MAX);
            self.buffered = self.buffered + buffered as usize - connection.counted as usize;
            connection.counted = buffered;
        }
    }

    fn write_to(&mut self, net: &mut Net, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        if connection.session.is_closed() {
            return self.dead.push(key);
        }
        let broadcast = self.broadcast.of(connection.session.dialect());
        let flushed = connection.flush(self.config.reader_buffer, broadcast, self.now.instant);
        let watched = connection.watch(&self.poller, key);
        let reads_on = match flushed.and_then(|flushed| watched.map(|()| flushed)) {
            Ok(Flushed { bytes, reads_on }) => {
                self.traffic.written += bytes as u64;
                reads_on
            }
            Err(error) => return self.disconnect(net, key, &DisconnectReason::Broken(error)),
        };
        if connection.session.is_closed() {
            return self.dead.push(key);
        }
        let timeout = connection.timeout(&self.config.connection, self.now.instant);
        let deadline = connection.deadline(&self.config.connection);
        self.timers.arm(key, &mut connection.armed, deadline);
        if reads_on {
            self.defer(key);
        }
        if let Some(timeout) = timeout {
            self.handle_timeout(net, key, timeout);
        }
    }

    fn handle_timeout(&mut self, net: &mut Net, key: ConnectionKey, timeout: Timeout) {
        match timeout {
            Timeout::Ping => self.tell(key, &Event::Ping),
            Timeout::Dead => self.disconnect(net, key, &DisconnectReason::Idle),
            Timeout::Unregistered => self.disconnect(net, key, &DisconnectReason::NoName),
            Timeout::Refused(refusal) => self.disconnect(net, key, &DisconnectReason::Refused(refusal)),
            Timeout::Slow => self.disconnect(net, key, &DisconnectReason::Slow),
        }
    }
}
