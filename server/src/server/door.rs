//! Letting newcomers in, as far as there is room for them.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;

use super::{Server, token};
use crate::connection::{Connection, ConnectionKey, shown};
use crate::reason::Reason;
use crate::strings;

/// How many newcomers are let in before others are served again.
const ACCEPT_BUDGET: usize = 256;
/// How long the listener rests when the system cannot give it another connection.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Whether newcomers are let in as soon as the listener has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
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
            if self.admission.is_full() {
                self.door = Door::Full;
                return;
            }
            self.door = Door::Open;
            match listener.accept() {
                Ok((stream, addr)) => self.admit(stream, shown(addr)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if is_newcomers_own(&error) => {}
                Err(error) => {
                    self.journal.note(self.now.unix_ms, strings::cannot_accept(&error));
                    self.door = Door::ShutUntil(self.now.instant + ACCEPT_PAUSE);
                    return;
                }
            }
        }
        self.door = Door::ShutUntil(self.now.instant);
    }

    fn admit(&mut self, stream: TcpStream, addr: SocketAddr) {
        let entry = self.connections.vacant_entry();
        let key = ConnectionKey(entry.key());
        let Some((ticket, refusal)) = self.admission.arrive(key, addr.ip(), self.now.instant) else { return };
        let mut connection = Connection::new(stream, addr, (ticket, refusal), &self.rules, self.now.instant);
        if let Err(error) = connection.register(self.poll.registry(), token(key)) {
            self.admission.leave(ticket, key);
            return self.journal.note(self.now.unix_ms, strings::turned_away(addr, &Reason::Broken(error)));
        }
        entry.insert(connection);
        self.touched.push(key);
    }
}

/// Errors of `accept` that are the newcomer's alone: the next one may do better.
fn is_newcomers_own(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}
