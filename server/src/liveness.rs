//! Whether the other side of a quiet connection is still there.

use std::time::{Duration, Instant};

/// A native member that was sent nothing for so long is sent a `ping`.
pub const PING_AFTER: Duration = Duration::from_secs(30);
/// A native member that has said nothing for so long after a `ping` is gone.
pub const DEAD_AFTER: Duration = Duration::from_secs(60);

/// The clock of one native member.
#[derive(Debug)]
pub struct Liveness {
    last_sent: Instant,
    pinged: Option<Instant>,
}

/// What is to be done for a member whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Ask whether it is there.
    Ping,
    /// It is gone.
    Dead,
}

impl Liveness {
    /// For a connection that begins now.
    pub fn new(now: Instant) -> Liveness {
        Liveness { last_sent: now, pinged: None }
    }

    /// Something was written to it.
    pub fn sent(&mut self, now: Instant) {
        self.last_sent = now;
    }

    /// Any byte is a sign of life, and so is our own pause in reading.
    pub fn heard(&mut self) {
        self.pinged = None;
    }

    /// When something is to be done, if nothing happens until then.
    pub fn deadline(&self) -> Instant {
        match self.pinged {
            Some(pinged) => pinged + DEAD_AFTER,
            None => self.last_sent + PING_AFTER,
        }
    }

    /// What is to be done now.
    pub fn due(&mut self, now: Instant) -> Option<Due> {
        if now < self.deadline() {
            return None;
        }
        if self.pinged.is_some() {
            return Some(Due::Dead);
        }
        self.pinged = Some(now);
        Some(Due::Ping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asked_after_thirty_seconds_and_gone_sixty_later() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut member = Liveness::new(start);
        assert_eq!(member.due(at(29)), None);
        assert_eq!(member.due(at(30)), Some(Due::Ping));
        member.sent(at(30));
        assert_eq!(member.due(at(89)), None);
        assert_eq!(member.due(at(90)), Some(Due::Dead));
        member.heard();
        assert_eq!(member.due(at(90)), Some(Due::Ping));
    }

    #[test]
    fn who_is_sent_something_is_not_asked() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut member = Liveness::new(start);
        for s in 0..100 {
            member.sent(at(s));
            assert_eq!(member.due(at(s + 29)), None);
        }
    }
}
