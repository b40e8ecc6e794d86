//! When a reader that has fallen behind is given up.

use std::time::{Duration, Instant};

/// Time for which a reader may be over its limit without taking a byte.
pub const STALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes that may wait for one reader however well it reads; `--reader-buffer` may ask for more.
pub const MAX_PENDING: usize = 16 * 1024 * 1024;

/// The clock of a reader that is over its limit. A burst of others may put any reader over the limit for a moment; a
/// reader that takes bytes stays. Boxed, because few readers are over their limit at any moment.
#[derive(Debug, Default)]
pub struct Stall(Option<Box<Instant>>);

impl Stall {
    /// After an attempt to write: `pending` bytes are left that count against `limit`, and the reader took some or none.
    pub fn update(&mut self, pending: usize, limit: usize, has_taken: bool, now: Instant) {
        if pending <= limit {
            self.0 = None;
        } else if pending > MAX_PENDING.max(limit) {
            self.0 = Some(Box::new(now));
        } else if has_taken || self.0.is_none() {
            self.0 = Some(Box::new(now + STALL_TIMEOUT));
        }
    }

    /// When the reader is given up, unless it takes something before.
    pub fn deadline(&self) -> Option<Instant> {
        self.0.as_deref().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_given_up_after_silence_over_the_limit_or_at_once_over_the_greatest() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut stall = Stall::default();
        for (s, pending, has_taken, deadline) in [
            (0, 10, false, None),
            (1, 11, true, Some(6)),
            (4, 12, false, Some(6)),
            (5, 12, true, Some(10)),
            (9, 10, false, None),
            (9, 11, false, Some(14)),
            (10, MAX_PENDING + 1, true, Some(10)),
        ] {
            stall.update(pending, 10, has_taken, at(s));
            assert_eq!(stall.deadline(), deadline.map(at), "{s}");
        }
        stall.update(MAX_PENDING + 2, MAX_PENDING + 2, false, at(11));
        assert_eq!(stall.deadline(), None);
    }
}
