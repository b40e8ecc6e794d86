//! Public messages that the operator removed.

use std::collections::VecDeque;

/// How many of the numbers that were removed last are remembered, for clients that come back and may still show them.
pub const MAX_REMOVED: usize = 200;

/// The numbers that were removed last, oldest first.
#[derive(Debug, Default)]
pub(super) struct Removed(VecDeque<u64>);

impl Removed {
    pub(super) fn restored(seqs: Vec<u64>) -> Removed {
        Removed(seqs.into())
    }

    pub(super) fn add(&mut self, seq: u64) {
        self.0.push_back(seq);
        if self.0.len() > MAX_REMOVED {
            self.0.pop_front();
        }
    }

    pub(super) fn contains(&self, seq: u64) -> bool {
        self.0.contains(&seq)
    }

    pub(super) fn to_vec(&self) -> Vec<u64> {
        self.0.iter().copied().collect()
    }
}
