//! Timeline: the items of a conversation in order, the confirmed ones first and the outbox below them.

pub(crate) mod item;
pub(crate) mod outbox;
pub(crate) mod splices;

use std::collections::{HashSet, VecDeque};

use crate::core::ids::ItemId;
use crate::core::timeline::splices::{Journal, replace_part};
use crate::core::{Content, Item, Revision, Splice};

/// The items of a conversation, oldest first. Every change of order or content is recorded as a [`Splice`].
#[derive(Debug, Default)]
pub struct Timeline {
    /// Items that are confirmed, or need no confirmation.
    confirmed: VecDeque<Item>,
    /// Own messages that have not arrived: they stay at the end until they do, or are discarded.
    outbox: VecDeque<Item>,
    journal: Journal,
}

impl Timeline {
    /// The most items; older ones are dropped.
    pub const MAX_ITEMS: usize = 10_000;

    /// The number of items, the outbox included.
    pub fn len(&self) -> usize {
        self.confirmed.len() + self.outbox.len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All items as they are shown.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.confirmed.iter().chain(&self.outbox)
    }

    /// The item at that index from the top.
    pub fn get(&self, index: usize) -> Option<&Item> {
        self.confirmed.get(index).or_else(|| self.outbox.get(index.checked_sub(self.confirmed.len())?))
    }

    /// The index of that item from the top; `None` if it has gone.
    pub fn position(&self, id: ItemId) -> Option<usize> {
        let outbox = self.outbox.iter().rposition(|item| item.id == id).map(|index| self.confirmed.len() + index);
        outbox.or_else(|| self.confirmed.iter().rposition(|item| item.id == id))
    }

    /// The item of that id; `None` if it has gone.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.get(self.position(id)?)
    }

    /// The first of these items that is still here, to look at in the place of one that has gone.
    pub fn first_standing(&self, ids: impl IntoIterator<Item = ItemId>) -> Option<ItemId> {
        let mut ids = ids.into_iter();
        let first = ids.next()?;
        if self.position(first).is_some() {
            return Some(first);
        }
        let standing: HashSet<ItemId> = self.items().map(|item| item.id).collect();
        ids.find(|id| standing.contains(id))
    }

    /// The state of the timeline, for [`Timeline::changes_since`].
    pub fn revision(&self) -> Revision {
        self.journal.revision()
    }

    /// The changes since `revision`, from top to bottom: in the place of `removed` items there are now those from `at`
    /// to `at + added`. `None` if they are no longer known, or `revision` is another timeline's: begin anew.
    pub fn changes_since(&self, revision: Revision) -> Option<Vec<Splice>> {
        self.journal.since(revision)
    }

    pub(crate) fn confirmed(&self) -> &VecDeque<Item> {
        &self.confirmed
    }

    /// Adds an item: an unsent message at the end, any other below the confirmed items.
    pub(crate) fn push(&mut self, item: Item) {
        self.journal.record(if item.is_unsent() { self.len() } else { self.confirmed.len() }, 0, 1);
        let queue = if item.is_unsent() { &mut self.outbox } else { &mut self.confirmed };
        queue.push_back(item);
    }

    /// Adds older items, the newest of them first, as far as there is room; false if there was none for all of them.
    pub(crate) fn push_older(&mut self, older: Vec<Item>) -> bool {
        let (room, count) = (self.room(), older.len());
        older.into_iter().take(room).for_each(|item| self.confirmed.push_front(item));
        self.record_added(0, count.min(room));
        count <= room
    }

    /// Puts items, oldest first, below the confirmed item at `index`, which goes or becomes `rest`.
    pub(crate) fn fill(&mut self, index: usize, rest: Option<Content>, items: Vec<Item>) {
        let at = if rest.is_some() { index + 1 } else { index };
        match rest {
            Some(content) => self.edit(index, |item| item.content = content),
            None => drop(self.take_confirmed(index)),
        }
        let count = items.len();
        replace_part(&mut self.confirmed, at..at, items);
        self.record_added(at, count);
    }

    /// Changes the confirmed item at `index`, which stays where it is.
    pub(crate) fn edit(&mut self, index: usize, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.confirmed.get_mut(index) {
            change(item);
            self.journal.record(index, 1, 1);
        }
    }

    /// Forgets those numbers of the room that are void. They are not shown, so that no change is recorded.
    pub(crate) fn forget_seqs(&mut self, is_forgotten: impl Fn(u64) -> bool) {
        for item in &mut self.confirmed {
            if let Content::Message(said) = &mut item.content {
                said.seq = said.seq.filter(|&seq| !is_forgotten(seq));
            }
        }
    }

    /// Drops the oldest item; one of the outbox only if nothing else is left.
    pub(crate) fn drop_oldest(&mut self) -> Option<Item> {
        let oldest = self.confirmed.pop_front().or_else(|| self.outbox.pop_front());
        oldest.inspect(|_| self.journal.record(0, 1, 0))
    }

    /// Drops everything but the outbox.
    pub(crate) fn clear(&mut self) {
        self.journal.record(0, self.confirmed.len(), 0);
        self.confirmed.clear();
    }

    /// The number of items that can still be added.
    pub(crate) fn room(&self) -> usize {
        Timeline::MAX_ITEMS.saturating_sub(self.len())
    }

    fn take_confirmed(&mut self, index: usize) -> Option<Item> {
        let item = self.confirmed.remove(index);
        item.inspect(|_| self.journal.record(index, 1, 0))
    }

    fn insert_confirmed(&mut self, index: usize, item: Item) {
        self.confirmed.insert(index, item);
        self.record_added(index, 1);
    }

    fn record_added(&mut self, at: usize, count: usize) {
        if count > 0 {
            self.journal.record(at, 0, count);
        }
    }
}
