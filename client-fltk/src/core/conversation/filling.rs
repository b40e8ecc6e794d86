//! Items put in among others.

use crate::core::conversation::{Conversation, is_said};
use crate::core::{Content, Item};

/// The numbers of some items changed: what refers to them has to follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// How many there were, this one included.
    pub count: u64,
    /// Up to this number, the old one.
    pub to: u64,
    /// They are lower by that now.
    pub by: i64,
}

impl Conversation {
    /// Puts items, oldest first, in the place of the one with that number, and `rest` above them. All that stands below
    /// keeps its number: what is above takes others.
    pub(crate) fn fill(&mut self, number: u64, rest: Option<Content>, items: Vec<(u64, Content)>) {
        let Some(index) = self.index_of(number) else { return };
        let count = items.len();
        let below = self.items.split_off(index + 1);
        let revisions: Vec<u32> = self.items.iter().map(|item| item.revision).collect();
        let filled = self.items.pop_back();
        let rest = filled.zip(rest).map(|(item, content)| Item { content, ..item });
        self.items.extend(rest);
        self.items.extend(items.into_iter().map(|(at, content)| Item { at, revision: 0, content }));
        let first = std::mem::replace(&mut self.first, number + 1 - self.items.len() as u64);
        self.renew(first, &revisions);
        self.items.extend(below);
        let by = first as i64 - self.first as i64;
        self.shift = Shift { count: self.shift.count + 1, to: number, by };
        self.last_said = self.items.iter().rposition(is_said).map(|index| self.first + index as u64);
        self.count_filled(number, by, count);
    }

    /// After a change of what stands at the numbers from `first` on, which had these revisions: a revision belongs to
    /// the number, not to what stands there.
    fn renew(&mut self, first: u64, revisions: &[u32]) {
        for index in 0..self.items.len() {
            let before = (self.first + index as u64).checked_sub(first);
            let revision = before.and_then(|before| revisions.get(before as usize)).copied();
            if let Some(item) = self.items.get_mut(index) {
                item.revision = revision.unwrap_or_default();
            }
            if revision.is_some() {
                self.touch(index);
            }
        }
    }

    /// What was said while nobody was looking is unread wherever it stands.
    fn count_filled(&mut self, number: u64, by: i64, count: usize) {
        let Some(new_from) = self.new_from else { return };
        if new_from <= number {
            self.new_from = new_from.checked_add_signed(-by);
        } else if self.unread > 0 && count > 0 {
            self.unread += count;
            self.new_from = Some(number + 1 - count as u64);
        }
    }
}
