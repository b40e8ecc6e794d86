//! Newcomers that could not stay: counted, and told to the operator now and then instead of one by one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use crate::net::admission::Obstacle;

/// The shortest time between two lines about refusals in the log.
pub const TOLD_EVERY: Duration = Duration::from_secs(60);
/// Addresses that are counted one by one between two tellings; those of further ones are counted together.
const MAX_ADDRESSES: usize = 256;

/// Refusals since the operator was last told, and in all.
#[derive(Debug, Default)]
pub struct Refusals {
    recent: HashMap<(IpAddr, Obstacle), usize>,
    others: usize,
    total: u64,
    told_at: Option<Instant>,
}

/// Refusals that the operator is told of at a time.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    /// Refusals by address and reason, most first.
    pub counts: Vec<(IpAddr, Obstacle, usize)>,
    /// Refusals of addresses that are not in `counts`.
    pub others: usize,
}

impl Refusals {
    /// A newcomer from `ip` could not stay.
    pub fn add(&mut self, ip: IpAddr, obstacle: Obstacle) {
        self.total += 1;
        if self.recent.len() < MAX_ADDRESSES || self.recent.contains_key(&(ip, obstacle)) {
            *self.recent.entry((ip, obstacle)).or_default() += 1;
        } else {
            self.others += 1;
        }
    }

    /// The number of refusals since the start.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// When the operator is to be told; `None` while there is nothing to tell. The first refusal is told at once.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let is_none = self.recent.is_empty();
        (!is_none).then(|| self.told_at.map_or(now, |told_at| told_at + TOLD_EVERY))
    }

    /// Takes out the summary that is to be told at `now`, if it is time.
    pub fn take(&mut self, now: Instant) -> Option<Summary> {
        self.due(now).filter(|&due| due <= now)?;
        self.told_at = Some(now);
        let recent = std::mem::take(&mut self.recent);
        let mut counts: Vec<_> = recent.into_iter().map(|((ip, obstacle), count)| (ip, obstacle, count)).collect();
        counts.sort_by_key(|&(ip, obstacle, count)| (std::cmp::Reverse(count), ip, obstacle));
        Some(Summary { counts, others: std::mem::take(&mut self.others) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_next_ones_together() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let ip = |last| IpAddr::from([10, 0, last, 7]);
        let mut refusals = Refusals::default();
        assert_eq!((refusals.due(at(0)), refusals.take(at(0))), (None, None));
        refusals.add(ip(1), Obstacle::RoomFull);
        let told = refusals.take(at(0)).unwrap();
        assert_eq!(told, Summary { counts: vec![(ip(1), Obstacle::RoomFull, 1)], others: 0 });
        for _ in 0..3 {
            refusals.add(ip(2), Obstacle::Banned);
        }
        refusals.add(ip(1), Obstacle::AddressFull);
        assert_eq!((refusals.due(at(1)), refusals.take(at(59))), (Some(at(60)), None));
        let told = refusals.take(at(60)).unwrap();
        assert_eq!(told.counts, [(ip(2), Obstacle::Banned, 3), (ip(1), Obstacle::AddressFull, 1)]);
        for n in 0..=MAX_ADDRESSES {
            refusals.add([10, 1, (n / 256) as u8, n as u8].into(), Obstacle::RoomFull);
        }
        let told = refusals.take(at(120)).unwrap();
        assert_eq!((told.counts.len(), told.others, refusals.total()), (MAX_ADDRESSES, 1, 262));
    }
}
