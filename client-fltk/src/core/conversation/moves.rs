//! Which items went to another place: for whoever has noted their numbers.

use std::collections::VecDeque;

/// An item went down, and those between made room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The number that it had.
    pub from: u64,
    /// The number that it has now.
    pub to: u64,
}

impl Move {
    /// The number that the item with that `number` has now.
    pub fn number_of(self, number: u64) -> u64 {
        match number {
            _ if number == self.from => self.to,
            _ if number > self.from && number <= self.to => number - 1,
            _ => number,
        }
    }
}

/// The last of them.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    count: u64,
    last: VecDeque<Move>,
}

impl Moves {
    /// Older ones are forgotten: the window looks after every few.
    const MOST: usize = 256;

    pub(crate) fn add(&mut self, moved: Move) {
        self.count += 1;
        self.last.push_back(moved);
        if self.last.len() > Moves::MOST {
            self.last.pop_front();
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Those after the first `count`; `None` if some of them are forgotten.
    pub(crate) fn since(&self, count: u64) -> Option<impl Iterator<Item = Move>> {
        let new = usize::try_from(self.count.checked_sub(count)?).ok()?;
        let known = self.last.len().checked_sub(new)?;
        Some(self.last.range(known..).copied())
    }
}
