//! Newcomers: to stay, or to be told why they cannot.

use std::net::SocketAddr;

use papo_common::Refusal;

use super::Hub;
use crate::connection::Connection;
use crate::connection::phase::Close;
use crate::connection::transport::Transport;
use crate::disconnect::DisconnectReason;
use crate::keys::ConnectionKey;
use crate::net::Net;
use crate::net::admission::Obstacle;
use crate::strings;

impl<T: Transport> Hub<T> {
    /// Lets a newcomer from `addr` in, to stay or to be told why it cannot. False if others have to be removed before
    /// the next one.
    pub fn admit(&mut self, net: &mut Net, transport: T, addr: SocketAddr) -> bool {
        let (ip, now) = (addr.ip(), self.now.instant);
        let mut goes_on = true;
        let mut obstacle = net.admission.obstacle(ip);
        if let Some(key) = obstacle.and_then(|obstacle| net.admission.in_the_way(ip, obstacle, now)) {
            goes_on = self.displace(net, key);
            obstacle = net.admission.obstacle(ip).filter(|_| goes_on);
        }
        if let Some(obstacle) = obstacle {
            net.refusals.add(ip, obstacle);
        }
        let entry = self.connections.vacant_entry();
        let key = ConnectionKey(entry.key());
        let Some(permit) = net.admission.arrive(key, ip, obstacle, now) else { return goes_on };
        let refusal = obstacle.map(Obstacle::refusal);
        let mut connection = Connection::new(transport, addr, (permit, refusal), &self.config.connection, now);
        if let Err(error) = connection.watch(&self.poller, key) {
            net.admission.leave(permit, key);
            self.log(strings::connection_closed(addr, &DisconnectReason::Broken(error)));
            return goes_on;
        }
        entry.insert(connection);
        self.dirty.push(key);
        goes_on
    }

    /// Closes an unregistered connection whose place a newcomer needs: with a word while there is a refusal slot for it,
    /// else at once. False in that case: its descriptor is free only when the turn ends.
    fn displace(&mut self, net: &mut Net, key: ConnectionKey) -> bool {
        let Some(connection) = self.connections.get_mut(key.0) else { return true };
        net.refusals.add(connection.addr().ip(), Obstacle::RoomFull);
        if net.admission.displace(&mut connection.permit, key) {
            self.disconnect(net, key, &DisconnectReason::Refused(Refusal::RoomFull));
            return true;
        }
        connection.session.close(Close::Now, self.broadcast.of(None), self.now.instant);
        self.dirty.push(key);
        false
    }
}
