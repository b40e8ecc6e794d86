//! Time as the server sees it: the system's, or a hand that a test turns.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One moment by both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// For durations and deadlines.
    pub instant: Instant,
    /// For people: Unix time in milliseconds.
    pub unix_ms: u64,
}

/// Where the server takes the time from.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    by_hand: Option<(Now, Hand)>,
}

/// Turns a clock that stands still by itself.
#[derive(Clone, Debug, Default)]
pub struct Hand(Rc<Cell<Duration>>);

impl Hand {
    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        self.0.set(self.0.get() + by);
    }
}

impl Clock {
    /// The system's clocks.
    pub fn system() -> Clock {
        Clock::default()
    }

    /// A clock that moves only by its hand.
    pub fn by_hand() -> (Clock, Hand) {
        let hand = Hand::default();
        (Clock { by_hand: Some((system_now(), hand.clone())) }, hand)
    }

    /// The time.
    pub fn now(&self) -> Now {
        match &self.by_hand {
            None => system_now(),
            Some((start, Hand(elapsed))) => {
                let elapsed = elapsed.get();
                Now { instant: start.instant + elapsed, unix_ms: start.unix_ms + elapsed.as_millis() as u64 }
            }
        }
    }
}

fn system_now() -> Now {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Now { instant: Instant::now(), unix_ms: since_epoch.as_millis() as u64 }
}
