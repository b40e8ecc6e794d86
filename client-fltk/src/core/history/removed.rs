//! Messages of the room that the operator took back.

use std::collections::BTreeSet;

use crate::core::Gap;

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

    /// The gap without the messages at its ends that were taken back.
    pub(crate) fn narrow(&self, mut gap: Gap) -> Gap {
        while gap.count() > 0 && self.contains(gap.after + 1) {
            gap.after += 1;
        }
        while gap.count() > 0 && self.contains(gap.before - 1) {
            gap.before -= 1;
        }
        gap
    }
}
