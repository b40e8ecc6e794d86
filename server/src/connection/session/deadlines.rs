//! The deadlines of a session.

use std::time::Instant;

use papo_common::Dialect;

use super::Session;
use crate::config::ConnectionConfig;
use crate::connection::phase::Phase;
use crate::connection::timeout::Timeout;

impl Session {
    /// Demand of a deadline that has come.
    pub fn timeout(&mut self, config: &ConnectionConfig, now: Instant) -> Option<Timeout> {
        if let Phase::Refusing(refusing) = &self.phase {
            let (refusal, until) = **refusing;
            let may_close = self.dialect().is_some() || self.has_ended || until <= now;
            return may_close.then_some(Timeout::Refused(refusal));
        }
        if !self.is_open() {
            return None;
        }
        if self.stall.deadline().is_some_and(|deadline| deadline <= now) {
            return Some(Timeout::Slow);
        }
        if !self.has_heartbeat() {
            return None;
        }
        if self.has_unread && !self.must_drain() {
            self.heartbeat.restart(now);
        }
        self.heartbeat.timeout(now, config.epoch)
    }

    /// Time at which to call [`Session::timeout`] although nothing comes.
    pub fn deadline(&self, config: &ConnectionConfig) -> Option<Instant> {
        let deadlines = match &self.phase {
            Phase::Open(_) => {
                let ping = self.has_heartbeat().then(|| self.heartbeat.deadline(config.epoch));
                [self.input_deadline(config), ping, self.stall.deadline(), self.send_queue.paused_until()]
            }
            Phase::Refusing(refusing) => [Some(refusing.1), None, None, None],
            Phase::Closing(closing) => [Some(closing.deadline()), self.send_queue.paused_until(), None, None],
            Phase::Closed => [None; 4],
        };
        deadlines.into_iter().flatten().min()
    }

    /// Time at which input that has come becomes a request, or may be read on.
    fn input_deadline(&self, config: &ConnectionConfig) -> Option<Instant> {
        if self.must_wait() {
            return None;
        }
        let ready_at = self.gate.ready_at(config.rate);
        let complete_at = self.codec.deadline();
        // Before the rate allows it, a complete line could not be taken, and its deadline would come again at once.
        let line = if self.codec.is_unterminated() {
            complete_at
        } else {
            complete_at.map(|at| ready_at.map_or(at, |ready| ready.max(at)))
        };
        let next = ready_at.filter(|_| self.has_unread || self.codec.has_delayed());
        line.into_iter().chain(next).min()
    }

    fn has_heartbeat(&self) -> bool {
        self.member().is_some() && self.dialect() == Some(Dialect::Json)
    }
}
