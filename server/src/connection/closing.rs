//! The end of a connection in good order.
//!
//! What waits is written, then the last word, then the writing side is shut, and what still comes is discarded until the
//! other side closes too. A plain close with unread input would send a reset, which can destroy the last line on its way.

use std::time::{Duration, Instant};

/// How long a reader that takes a line by one whole `recv` is left alone before and after such a line.
pub const ISOLATION: Duration = Duration::from_millis(100);
/// How long a connection that is being closed may take to read the last it was sent.
pub const LINGER: Duration = Duration::from_secs(2);

/// How far the closing of a connection has come.
#[derive(Debug)]
pub struct Closing {
    word: Farewell,
    is_shut: bool,
    deadline: Instant,
}

/// The line that goes out alone, for programs that stop at nothing else.
#[derive(Debug, PartialEq, Eq)]
enum Farewell {
    None,
    AfterAllElse,
    NotBefore(Instant),
}

/// What the socket is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseStep {
    /// Nothing for now.
    Wait,
    /// Write the last word.
    SayLastWord,
    /// Shut the writing side.
    Shut,
    /// Close.
    Close,
}

impl Closing {
    /// Begins; with a last word that goes out alone, or without.
    pub fn new(has_last_word: bool, now: Instant) -> Closing {
        let word = if has_last_word { Farewell::AfterAllElse } else { Farewell::None };
        Closing { word, is_shut: false, deadline: now + LINGER }
    }

    /// The next step for a connection that has `backlog` bytes to write and whose other side `has_ended` or not.
    pub fn step(&mut self, backlog: usize, has_ended: bool, now: Instant) -> CloseStep {
        if now >= self.deadline || (self.is_shut && has_ended) {
            return CloseStep::Close;
        }
        if backlog > 0 || self.is_shut {
            return CloseStep::Wait;
        }
        match self.word {
            Farewell::AfterAllElse => {
                self.word = Farewell::NotBefore(now + ISOLATION);
                CloseStep::Wait
            }
            Farewell::NotBefore(time) if now < time => CloseStep::Wait,
            Farewell::NotBefore(_) => {
                self.word = Farewell::None;
                CloseStep::SayLastWord
            }
            Farewell::None => {
                self.is_shut = true;
                CloseStep::Shut
            }
        }
    }

    /// When to take a step although nothing happens.
    pub fn deadline(&self) -> Instant {
        match self.word {
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
    fn check(has_last_word: bool, steps: &[(u64, usize, bool, CloseStep)]) {
        let start = Instant::now();
        let mut ending = Closing::new(has_last_word, start);
        for &(ms, backlog, has_ended, expected) in steps {
            assert_eq!(ending.step(backlog, has_ended, start + Duration::from_millis(ms)), expected, "{ms}");
        }
    }

    #[test]
    fn endings() {
        use CloseStep::*;
        check(false, &[(0, 5, false, Wait), (1, 0, false, Shut), (2, 0, false, Wait), (3, 0, true, Close)]);
        check(false, &[(0, 0, true, Shut), (0, 0, true, Close)]);
        check(false, &[(0, 0, false, Shut), (1_999, 0, false, Wait), (2_000, 0, false, Close)]);
        check(false, &[(0, 5, true, Wait), (2_000, 5, true, Close)]);
        check(true, &[(0, 5, false, Wait), (10, 0, false, Wait), (109, 0, false, Wait), (110, 0, false, SayLastWord)]);
        check(true, &[(0, 0, true, Wait), (100, 0, true, SayLastWord), (100, 0, true, Shut), (100, 0, true, Close)]);
    }
}
