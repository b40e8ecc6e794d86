//! The rate at which one member may speak: a token bucket, kept as the moment up to which its lines are paid for.

use std::time::{Duration, Instant};

/// A number of lines per second, and a number of lines at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The price of one line.
    interval: Duration,
    /// The time by which the payment may run ahead of the clock.
    burst: Duration,
}

impl RateLimit {
    /// After a silence, as many lines may come at once as otherwise in this many seconds.
    pub const BURST: u32 = 5;

    /// `lines` per second; `None` for 0, which is no limit.
    pub fn per_second(lines: u32) -> Option<RateLimit> {
        RateLimit::new(lines, lines.saturating_mul(RateLimit::BURST))
    }

    /// `per_second`, and `at_once` of them where there was silence before; `None` for 0 per second, which is no limit.
    pub fn new(per_second: u32, at_once: u32) -> Option<RateLimit> {
        let interval = Duration::from_secs(1).checked_div(per_second)?;
        Some(RateLimit { interval, burst: interval * at_once })
    }
}

/// The part of its rate that one member has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenBucket {
    paid_until: Option<Instant>,
}

impl TokenBucket {
    /// Since when, or from when on, the next line may come; `None` for long since.
    pub fn ready_at(&self, rate: RateLimit) -> Option<Instant> {
        // Only the whole burst used up leaves nothing for the next line.
        self.paid_until.and_then(|paid| (paid + rate.interval).checked_sub(rate.burst))
    }

    /// Whether anything used is still to be waited for.
    pub fn is_in_debt(&self, now: Instant) -> bool {
        self.paid_until > Some(now)
    }

    /// Pays for `lines`; more than fit are paid for by waiting longer afterwards.
    pub fn charge(&mut self, rate: RateLimit, lines: usize, now: Instant) {
        let from = self.paid_until.map_or(now, |paid| paid.max(now));
        self.paid_until = Some(from + rate.interval * u32::try_from(lines).unwrap_or(u32::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of lines that pass within `ms` when there is always another one.
    fn pass(bucket: &mut TokenBucket, start: Instant, ms: u64) -> usize {
        let rate = RateLimit::per_second(20).unwrap();
        let mut passed = 0;
        for ms in 0..=ms {
            let now = start + Duration::from_millis(ms);
            while bucket.ready_at(rate).is_none_or(|ready| ready <= now) {
                bucket.charge(rate, 1, now);
                passed += 1;
            }
        }
        passed
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let start = Instant::now();
        let mut bucket = TokenBucket::default();
        assert_eq!(pass(&mut bucket, start, 0), 100);
        assert_eq!(pass(&mut bucket, start, 49), 0);
        assert_eq!(pass(&mut bucket, start, 50), 1);
        assert_eq!(pass(&mut bucket, start, 1_000), 19);
        assert_eq!(pass(&mut bucket, start + Duration::from_secs(60), 0), 100);
    }

    #[test]
    fn many_lines_in_one_message_are_paid_for_later() {
        let (start, rate) = (Instant::now(), RateLimit::per_second(20).unwrap());
        let mut bucket = TokenBucket::default();
        bucket.charge(rate, 200, start);
        assert_eq!(bucket.ready_at(rate), Some(start + Duration::from_millis(5_050)));
    }

    #[test]
    fn no_rate_is_no_limit() {
        assert_eq!(RateLimit::per_second(0), None);
    }
}
