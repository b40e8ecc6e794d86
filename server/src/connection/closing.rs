//! The end of a connection in good order.
//!
//! Pending output is written, then the farewell, then the writing side is shut down; further input is discarded until
//! the other side closes too. A plain close with unread input would send a reset, which can destroy the last line on its
//! way.

use std::time::{Duration, Instant};

/// Silence before and after a line for a reader that takes it by one whole `recv`.
pub const ISOLATION: Duration = Duration::from_millis(100);
/// Time in which a connection that is being closed may still read its last lines.
pub const LINGER: Duration = Duration::from_secs(2);

/// Progress of closing a connection.
#[derive(Debug)]
pub struct Closing {
    farewell: Farewell,
    is_shut_down: bool,
    deadline: Instant,
}

/// The line that goes out alone, for programs that stop at nothing else.
#[derive(Debug, PartialEq, Eq)]
enum Farewell {
    None,
    AfterAllElse,
    NotBefore(Instant),
}

/// Next step of closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseStep {
    /// Nothing for now.
    Wait,
    /// Queue the farewell.
    SayFarewell,
    /// Shut down the writing side.
    ShutDown,
    /// Close.
    Close,
}

impl Closing {
    /// Begins now, with a farewell that goes out alone or without one.
    pub fn new(has_farewell: bool, now: Instant) -> Closing {
        let farewell = if has_farewell { Farewell::AfterAllElse } else { Farewell::None };
        Closing { farewell, is_shut_down: false, deadline: now + LINGER }
    }

    /// The next step for a connection that has `pending` bytes to write and whose other side `has_ended` or not.
    pub fn step(&mut self, pending: usize, has_ended: bool, now: Instant) -> CloseStep {
        if now >= self.deadline || (self.is_shut_down && has_ended) {
            return CloseStep::Close;
        }
        if pending > 0 || self.is_shut_down {
            return CloseStep::Wait;
        }
        match self.farewell {
            Farewell::AfterAllElse => {
                self.farewell = Farewell::NotBefore(now + ISOLATION);
                CloseStep::Wait
            }
            Farewell::NotBefore(time) if now < time => CloseStep::Wait,
            Farewell::NotBefore(_) => {
                self.farewell = Farewell::None;
                CloseStep::SayFarewell
            }
            Farewell::None => {
                self.is_shut_down = true;
                CloseStep::ShutDown
            }
        }
    }

    /// When to take a step although nothing happens.
    pub fn deadline(&self) -> Instant {
        match self.farewell {
            Farewell::NotBefore(time) => time.min(self.deadline),
            _ => self.deadline,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps at these milliseconds with these bytes to write and this state of the other side.
    #[track_caller]
    fn check(has_farewell: bool, steps: &[(u64, usize, bool, CloseStep)]) {
        let start = Instant::now();
        let mut closing = Closing::new(has_farewell, start);
        for &(ms, pending, has_ended, expected) in steps {
            assert_eq!(closing.step(pending, has_ended, start + Duration::from_millis(ms)), expected, "{ms}");
        }
    }

    #[test]
    fn steps() {
        use CloseStep::*;
        check(false, &[(0, 5, false, Wait), (1, 0, false, ShutDown), (2, 0, false, Wait), (3, 0, true, Close)]);
        check(false, &[(0, 0, true, ShutDown), (0, 0, true, Close)]);
        check(false, &[(0, 0, false, ShutDown), (1_999, 0, false, Wait), (2_000, 0, false, Close)]);
        check(false, &[(0, 5, true, Wait), (2_000, 5, true, Close)]);
        check(true, &[(0, 5, false, Wait), (10, 0, false, Wait), (109, 0, false, Wait), (110, 0, false, SayFarewell)]);
        check(
            true,
            &[(0, 0, true, Wait), (100, 0, true, SayFarewell), (100, 0, true, ShutDown), (100, 0, true, Close)],
        );
    }
}
