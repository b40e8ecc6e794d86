//! What the clock demands of a connection, and when.

use std::time::Instant;

use papo_common::{Dialect, Refusal};

use super::flush::STALL_TIMEOUT;
use super::{Connection, Phase};
use crate::config::ConnectionConfig;
use crate::connection::heartbeat;
use crate::connection::transport::Transport;

/// What the clock demands of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// To ask whether the other side is there.
    Ping,
    /// To close it: the other side has been silent for too long.
    Dead,
    /// To close it: it never said a name.
    Unregistered,
    /// To close it: it cannot stay, for that reason.
    Refused(Refusal),
}

impl<T: Transport> Connection<T> {
    /// What its deadline has brought, if it has come.
    pub fn timeout(&mut self, rules: &ConnectionConfig, now: Instant) -> Option<Timeout> {
        if let Phase::Refusing(unwelcome) = &self.phase {
            let (refusal, until) = **unwelcome;
            return (self.dialect().is_some() || self.has_ended || until <= now).then_some(Timeout::Refused(refusal));
        }
        if !self.is_open() {
            return None;
        }
        if self.name_deadline(rules).is_some_and(|deadline| deadline <= now) {
            return Some(Timeout::Unregistered);
        }
        if !self.has_heartbeat() {
            return None;
        }
        if self.has_more && !self.send_queue.must_drain() {
            self.heartbeat.restart(now);
        }
        match self.heartbeat.action(now, rules.epoch)? {
            heartbeat::HeartbeatAction::Ping => Some(Timeout::Ping),
            heartbeat::HeartbeatAction::Dead => Some(Timeout::Dead),
        }
    }

    /// When it must be looked at again although nothing comes.
    pub fn deadline(&self, rules: &ConnectionConfig) -> Option<Instant> {
        let when_open = || {
            let name = self.name_deadline(rules);
            let rate = self.recv_queue.ready_at(rules.rate).filter(|_| self.has_more || self.recv_queue.has_delayed());
            let ping = self.has_heartbeat().then(|| self.heartbeat.deadline(rules.epoch));
            let input =
                [self.recv_queue.deadline(rules.rate), rate].into_iter().flatten().filter(|_| !self.must_wait());
            let stalled = self.pending_query.stalled_since().map(|since| since + STALL_TIMEOUT);
            [self.send_queue.paused_until(), name, ping, stalled].into_iter().flatten().chain(input).min()
        };
        match &self.phase {
            Phase::Open => when_open(),
            Phase::Refusing(unwelcome) => Some(unwelcome.1),
            Phase::Closing(ending) => {
                [Some(ending.deadline()), self.send_queue.paused_until()].into_iter().flatten().min()
            }
            Phase::Closed => None,
        }
    }

    fn name_deadline(&self, rules: &ConnectionConfig) -> Option<Instant> {
        Some(self.permit.unregistered_since()? + rules.name_timeout?)
    }

    fn has_heartbeat(&self) -> bool {
        self.member.is_some() && self.dialect() == Some(Dialect::Json)
    }
}
