//! How fast one member may speak: a token bucket, kept as the moment up to which its lines are paid for.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use papo_common::Name;

/// How many lines may come per second, and how many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What one line costs.
    interval: Duration,
    /// How far the payment may run ahead of the clock.
    burst: Duration,
}

impl Rate {
    /// Who has been silent may say as many lines at once as come in this many seconds.
    pub const BURST: u32 = 5;

    /// `lines` per second; `None` for 0, which is no limit.
    pub fn per_second(lines: u32) -> Option<Rate> {
        let interval = Duration::from_secs(1).checked_div(lines)?;
        Some(Rate { interval, burst: Duration::from_secs(1) * Rate::BURST })
    }
}

/// What one member has used of its rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pace {
    paid_until: Option<Instant>,
}

impl Pace {
    /// Since when, or from when on, the next line may come; `None` for long since.
    pub fn ready_at(&self, rate: Rate) -> Option<Instant> {
        // Only the whole burst used up leaves nothing for the next line.
        self.paid_until.and_then(|paid| (paid + rate.interval).checked_sub(rate.burst))
    }

    /// Whether the next line has to wait.
    pub fn must_wait(&self, rate: Rate, now: Instant) -> bool {
        self.ready_at(rate).is_some_and(|ready| ready > now)
    }

    /// Pays for `lines`; more than fit are paid for by waiting longer afterwards.
    pub fn charge(&mut self, rate: Rate, lines: usize, now: Instant) {
        let from = self.paid_until.map_or(now, |paid| paid.max(now));
        self.paid_until = Some(from + rate.interval * u32::try_from(lines).unwrap_or(u32::MAX));
    }
}

/// What those who have left had used of their rate: coming back under the same name buys no new burst.
#[derive(Debug, Default)]
pub struct Debts {
    paces: HashMap<Box<str>, Pace>,
    /// How many there may be before those are forgotten that have come to nothing.
    most: usize,
}

impl Debts {
    /// The fewest that are looked through.
    const FEW: usize = 64;

    /// `name` leaves, with that pace.
    pub fn note(&mut self, name: &Name, pace: Pace, now: Instant) {
        let is_owed = |pace: &Pace| pace.paid_until > Some(now);
        if !is_owed(&pace) {
            return;
        }
        if self.paces.len() >= self.most {
            self.paces.retain(|_, pace| is_owed(pace));
            self.most = Debts::FEW.max(2 * self.paces.len());
        }
        self.paces.insert(name.key().into(), pace);
    }

    /// `name` enters: what it still owes.
    pub fn take(&mut self, name: &Name) -> Pace {
        self.paces.remove(name.key()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many lines pass within `ms` when there is always another one.
    fn pass(pace: &mut Pace, start: Instant, ms: u64) -> usize {
        let rate = Rate::per_second(20).unwrap();
        let mut passed = 0;
        for ms in 0..=ms {
            let now = start + Duration::from_millis(ms);
            while !pace.must_wait(rate, now) {
                pace.charge(rate, 1, now);
                passed += 1;
            }
        }
        passed
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let start = Instant::now();
        let mut pace = Pace::default();
        assert_eq!(pass(&mut pace, start, 0), 100);
        assert_eq!(pass(&mut pace, start, 49), 0);
        assert_eq!(pass(&mut pace, start, 50), 1);
        assert_eq!(pass(&mut pace, start, 1_000), 19);
        assert_eq!(pass(&mut pace, start + Duration::from_secs(60), 0), 100);
    }

    #[test]
    fn many_lines_in_one_message_are_paid_for_later() {
        let (start, rate) = (Instant::now(), Rate::per_second(20).unwrap());
        let mut pace = Pace::default();
        pace.charge(rate, 200, start);
        assert!(pace.must_wait(rate, start + Duration::from_secs(5)));
        assert!(!pace.must_wait(rate, start + Duration::from_millis(5_050)));
    }

    #[test]
    fn debts_last_until_they_are_paid() {
        let (start, rate) = (Instant::now(), Rate::per_second(20).unwrap());
        let mut debts = Debts::default();
        let mut pace = Pace::default();
        pace.charge(rate, 100, start);
        for n in 0..Debts::FEW {
            debts.note(&Name::parse(&format!("p{n}")).unwrap(), pace, start);
        }
        assert_eq!(debts.take(&Name::parse("P1").unwrap()), pace);
        assert_eq!(debts.take(&Name::parse("p1").unwrap()), Pace::default(), "given once");
        let late = start + Duration::from_secs(5);
        debts.note(&Name::parse("pago").unwrap(), pace, late);
        pace.charge(rate, 1, late);
        debts.note(&Name::parse("deve").unwrap(), pace, late);
        debts.note(&Name::parse("deve mais".replace(' ', "").as_str()).unwrap(), pace, late);
        assert_eq!(debts.paces.len(), 2, "what has come to nothing is forgotten");
    }

    #[test]
    fn no_rate_is_no_limit() {
        assert_eq!(Rate::per_second(0), None);
    }
}
