//! Deadlines of connections, earliest first.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::keys::ConnectionKey;

/// When to look at which connection again.
///
/// A connection stands in it at most once and never later than its deadline; it may stand earlier, and is then looked
/// at for nothing. So a deadline that only moves away, as most do with each byte, costs nothing.
#[derive(Debug, Default)]
pub struct Timers(BTreeSet<(Instant, ConnectionKey)>);

impl Timers {
    /// Sees to it that `key` comes up by `deadline`, if there is one. `armed` is the connection's own note of when it
    /// comes up.
    pub fn arm(&mut self, key: ConnectionKey, armed: &mut Option<Instant>, deadline: Option<Instant>) {
        let Some(deadline) = deadline else { return self.disarm(key, armed) };
        if armed.is_some_and(|armed| armed <= deadline) {
            return;
        }
        self.disarm(key, armed);
        self.0.insert((deadline, key));
        *armed = Some(deadline);
    }

    /// Forgets `key`.
    pub fn disarm(&mut self, key: ConnectionKey, armed: &mut Option<Instant>) {
        if let Some(armed) = armed.take() {
            self.0.remove(&(armed, key));
        }
    }

    /// When the next one comes up.
    pub fn next(&self) -> Option<Instant> {
        self.0.first().map(|&(at, _)| at)
    }

    /// Takes out one that has come up by `now`; its note is to be cleared.
    pub fn pop(&mut self, now: Instant) -> Option<ConnectionKey> {
        let due = self.next().filter(|&at| at <= now);
        due.and_then(|_| self.0.pop_first()).map(|(_, key)| key)
    }

    /// Whether nobody waits for anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
