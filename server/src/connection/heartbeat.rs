//! Whether the other side of a quiet connection is still there.

use std::time::{Duration, Instant};

use crate::connection::timeout::Timeout;

/// A JSON member that was sent nothing for so long is sent a `ping`. Pings are put off by up to a second, so that many go
/// out at once; even so they go out within 30 s, and a dead member is found within 90.
pub const PING_AFTER: Duration = Duration::from_secs(28);
/// A JSON member that has said nothing for so long after a `ping` is dead.
pub const DEAD_AFTER: Duration = Duration::from_secs(60);

/// The clock of one JSON member.
#[derive(Debug)]
pub struct Heartbeat {
    last_sent: Instant,
    pinged: Option<Instant>,
}

impl Heartbeat {
    /// For a connection that begins now.
    pub fn new(now: Instant) -> Heartbeat {
        Heartbeat { last_sent: now, pinged: None }
    }

    /// Something was written to it.
    pub fn on_sent(&mut self, now: Instant) {
        self.last_sent = now;
    }

    /// Any byte is a sign of life.
    pub fn on_received(&mut self) {
        self.pinged = None;
    }

    /// Reading was paused, so a pong may be waiting: its time begins anew. No new ping is sent, or a blocked connection
    /// would collect pings for ever.
    pub fn restart(&mut self, now: Instant) {
        self.pinged = self.pinged.map(|_| now);
    }

    /// When something is to be done, if nothing happens until then. Pings are due at whole seconds since `epoch`; the
    /// end is not put off.
    pub fn deadline(&self, epoch: Instant) -> Instant {
        match self.pinged {
            Some(pinged) => pinged + DEAD_AFTER,
            None => whole_second(self.last_sent + PING_AFTER, epoch),
        }
    }

    /// The ping or the end that is due now.
    pub fn timeout(&mut self, now: Instant, epoch: Instant) -> Option<Timeout> {
        if now < self.deadline(epoch) {
            return None;
        }
        if self.pinged.is_some() {
            return Some(Timeout::Dead);
        }
        self.pinged = Some(now);
        Some(Timeout::Ping)
    }
}

fn whole_second(time: Instant, epoch: Instant) -> Instant {
    let elapsed = time.saturating_duration_since(epoch);
    epoch + Duration::from_secs(elapsed.as_secs() + u64::from(elapsed.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asked_within_thirty_seconds_and_gone_sixty_later() {
        let epoch = Instant::now();
        let at = |ms| epoch + Duration::from_millis(ms);
        let mut member = Heartbeat::new(at(0));
        assert_eq!(member.timeout(at(27_999), epoch), None);
        assert_eq!(member.timeout(at(28_000), epoch), Some(Timeout::Ping));
        member.on_sent(at(28_000));
        assert_eq!(member.timeout(at(87_999), epoch), None);
        assert_eq!(member.timeout(at(88_000), epoch), Some(Timeout::Dead));
        member.on_received();
        assert_eq!(member.timeout(at(88_000), epoch), Some(Timeout::Ping));
    }

    #[test]
    fn who_is_not_read_is_asked_once_and_has_all_its_time_afterwards() {
        let epoch = Instant::now();
        let at = |s| epoch + Duration::from_secs(s);
        let mut member = Heartbeat::new(at(0));
        assert_eq!(member.timeout(at(28), epoch), Some(Timeout::Ping));
        for s in 28..1_000 {
            member.restart(at(s));
            assert_eq!(member.timeout(at(s), epoch), None);
        }
        assert_eq!(member.timeout(at(1_058), epoch), None);
        assert_eq!(member.timeout(at(1_059), epoch), Some(Timeout::Dead));
    }

    #[test]
    fn pings_are_put_off_to_the_whole_second_and_the_end_is_not() {
        let epoch = Instant::now();
        let at = |ms| epoch + Duration::from_millis(ms);
        let mut member = Heartbeat::new(at(1));
        assert_eq!(member.deadline(epoch), at(29_000));
        assert_eq!(member.timeout(at(29_010), epoch), Some(Timeout::Ping));
        // Silent since 1 ms after the beginning, it is gone within 90 s.
        assert_eq!(member.deadline(epoch), at(89_010));
    }

    #[test]
    fn who_is_sent_something_is_not_asked() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut member = Heartbeat::new(start);
        for s in 0..100 {
            member.on_sent(at(s));
            assert_eq!(member.timeout(at(s + 27), start), None);
        }
    }
}
