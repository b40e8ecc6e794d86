//! What the clock demands of a connection, and when.

use std::time::Instant;

use papo_common::{Dialect, Refusal};

use super::writing::STALL_TIMEOUT;
use super::{Connection, Phase, Rules};
use crate::liveness;

/// What the clock demands of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// To ask whether the other side is there.
    Ping,
    /// To close it: the other side has been silent for too long.
    Dead,
    /// To close it: it never said a name.
    NoName,
    /// To close it: it cannot stay, for that reason.
    Unwelcome(Refusal),
}

impl Connection {
    /// What its deadline has brought, if it has come.
    pub fn due(&mut self, rules: &Rules, now: Instant) -> Option<Due> {
        if let Phase::Unwelcome(unwelcome) = &self.phase {
            let (refusal, until) = **unwelcome;
            return (self.dialect().is_some() || self.has_ended || until <= now).then_some(Due::Unwelcome(refusal));
        }
        if !self.is_open() {
            return None;
        }
        if self.name_deadline(rules).is_some_and(|deadline| deadline <= now) {
            return Some(Due::NoName);
        }
        if !self.is_pinged() {
            return None;
        }
        if self.has_more && !self.outbox.must_drain() {
            self.liveness.excuse(now);
        }
        match self.liveness.due(now, rules.epoch)? {
            liveness::Due::Ping => Some(Due::Ping),
            liveness::Due::Dead => Some(Due::Dead),
        }
    }

    /// When it must be looked at again although nothing comes.
    pub fn deadline(&self, rules: &Rules) -> Option<Instant> {
        let when_open = || {
            let name = self.name_deadline(rules);
            let rate = self.inbox.ready_at(rules.rate).filter(|_| self.has_more || self.inbox.has_waiting());
            let ping = self.is_pinged().then(|| self.liveness.deadline(rules.epoch));
            let input = [self.inbox.deadline(rules.rate), rate].into_iter().flatten().filter(|_| !self.must_wait());
            let stalled = self.waits.stalled_since().map(|since| since + STALL_TIMEOUT);
            [self.outbox.held_until(), name, ping, stalled].into_iter().flatten().chain(input).min()
        };
        match &self.phase {
            Phase::Open => when_open(),
            Phase::Unwelcome(unwelcome) => Some(unwelcome.1),
            Phase::Ending(ending) => [Some(ending.deadline()), self.outbox.held_until()].into_iter().flatten().min(),
            Phase::Closed => None,
        }
    }

    fn name_deadline(&self, rules: &Rules) -> Option<Instant> {
        Some(self.ticket.nameless_since()? + rules.name_timeout?)
    }

    fn is_pinged(&self) -> bool {
        self.member.is_some() && self.dialect() == Some(Dialect::Json)
    }
}
