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
    by_hand: Option<(Now, ManualClock)>,
}

/// Turns a clock that stands still by itself.
#[derive(Clone, Debug, Default)]
pub struct ManualClock {
    elapsed: Rc<Cell<Duration>>,
    /// By how much people have put their time back meanwhile.
    put_back: Rc<Cell<Duration>>,
}

impl ManualClock {
    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        self.elapsed.set(self.elapsed.get() + by);
    }

    /// Puts the time of people back; durations go on.
    pub fn set_back(&self, by: Duration) {
        self.put_back.set(self.put_back.get() + by);
    }
}

impl Clock {
    /// The system's clocks.
    pub fn system() -> Clock {
        Clock::default()
    }

    /// A clock that moves only by its hand.
    pub fn manual() -> (Clock, ManualClock) {
        let hand = ManualClock::default();
        (Clock { by_hand: Some((system_now(), hand.clone())) }, hand)
    }

    /// The time.
    pub fn now(&self) -> Now {
        match &self.by_hand {
            None => system_now(),
            Some((start, hand)) => {
                let (elapsed, put_back) = (hand.elapsed.get(), hand.put_back.get().as_millis() as u64);
                let unix_ms = start.unix_ms + elapsed.as_millis() as u64 - put_back;
                Now { instant: start.instant + elapsed, unix_ms }
            }
        }
    }
}

fn system_now() -> Now {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Now { instant: Instant::now(), unix_ms: since_epoch.as_millis() as u64 }
}
