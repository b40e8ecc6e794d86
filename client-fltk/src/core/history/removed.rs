//! Messages of the room that the operator took back.

use std::collections::BTreeSet;

/// The numbers of messages that were taken back: where only such lie between two messages nothing is missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Removed(BTreeSet<u64>);

impl Removed {
    /// The lowest numbers are forgotten when there are more.
    const MOST: usize = 10_000;

    /// Forgets the numbers above `seq`, which the server gives to other messages.
    pub(crate) fn forget_above(&mut self, seq: u64) {
        self.0.retain(|&removed| removed <= seq);
    }

    pub(crate) fn add(&mut self, seq: u64) {
        self.0.insert(seq);
        if self.0.len() > Removed::MOST {
            self.0.pop_first();
        }
    }

    pub(crate) fn contains(&self, seq: u64) -> bool {
        self.0.contains(&seq)
    }

    /// `after` and `before`, moved towards each other past the messages next to them that were taken back: what may still
    /// be missing lies between.
    pub(crate) fn narrow(&self, mut after: u64, mut before: u64) -> (u64, u64) {
        while after.saturating_add(1) < before && self.contains(after + 1) {
            after += 1;
        }
        while after.saturating_add(1) < before && self.contains(before - 1) {
            before -= 1;
        }
        (after, before)
    }
}
