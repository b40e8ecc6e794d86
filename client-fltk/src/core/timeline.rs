//! Timeline: the items of a conversation in order, the confirmed ones first and the outbox below them.

pub(crate) mod item;
pub(crate) mod receipt;
pub(crate) mod splices;

use std::collections::vec_deque::Iter;
use std::collections::{HashSet, VecDeque};

use papo_common::SafeInteger;

use crate::core::ids::ItemId;
use crate::core::notices::{Failure, LocalNotice};
use crate::core::timeline::receipt::Receipt;
use crate::core::timeline::splices::{Journal, replace_part};
use crate::core::{ChatMessage, Content, Delivery, Item, Revision, Splice};

/// The items of a conversation, oldest first. Every change of order or content is recorded as a [`Splice`].
#[derive(Debug, Default)]
pub struct Timeline {
    /// Items that are confirmed, or need no confirmation; below them the outbox: own messages that have not arrived.
    items: VecDeque<Item>,
    /// The number of items above the outbox.
    confirmed: usize,
    journal: Journal,
}

impl Timeline {
    /// The most items; older ones are dropped.
    pub const MAX_ITEMS: usize = 10_000;

    /// The number of items, the outbox included.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// All items as they are shown.
    pub fn items(&self) -> Iter<'_, Item> {
        self.items.iter()
    }

    /// The item at that index from the top.
    pub fn get(&self, index: usize) -> Option<&Item> {
        self.items.get(index)
    }

    /// The index of that item from the top; `None` if it has gone.
    pub fn position(&self, id: ItemId) -> Option<usize> {
        self.items.iter().rposition(|item| item.id == id)
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

    /// The items above the outbox.
    pub(crate) fn confirmed(&self) -> Iter<'_, Item> {
        self.items.range(..self.confirmed)
    }

    /// Adds an item: an unsent message at the end, any other below the confirmed items.
    pub(crate) fn push(&mut self, item: Item) {
        self.insert(if item.is_unsent() { self.len() } else { self.confirmed }, item);
    }

    /// Puts confirmed items, oldest first, above the item at `index`.
    pub(crate) fn insert_all(&mut self, index: usize, items: Vec<Item>) {
        let count = items.len();
        replace_part(&mut self.items, index..index, items);
        self.confirmed += count;
        if count > 0 {
            self.journal.record(index, 0, count);
        }
    }

    /// Puts items, oldest first, below the confirmed item at `index`, which goes or becomes `rest`.
    pub(crate) fn fill(&mut self, index: usize, rest: Option<Content>, items: Vec<Item>) {
        if let Some(content) = rest {
            self.edit(index, |item| item.content = content);
            self.insert_all(index + 1, items);
        } else {
            self.remove(index);
            self.insert_all(index, items);
        }
    }

    /// Changes the item at `index`, which stays where it is.
    pub(crate) fn edit(&mut self, index: usize, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.get_mut(index) {
            change(item);
            self.journal.record(index, 1, 1);
        }
    }

    /// Forgets those numbers of the room that are void. They are not shown, so that no change is recorded.
    pub(crate) fn forget_seqs(&mut self, is_forgotten: impl Fn(u64) -> bool) {
        let forget = |said: &mut ChatMessage| said.seq = said.seq.filter(|&seq| !is_forgotten(seq));
        self.items.iter_mut().for_each(|item| item.edit_message(forget));
    }

    /// Drops the oldest item; one of the outbox only if nothing else is left.
    pub(crate) fn drop_oldest(&mut self) -> Option<Item> {
        self.remove(0)
    }

    /// Drops everything but the outbox.
    pub(crate) fn clear(&mut self) {
        self.journal.record(0, self.confirmed, 0);
        self.items.drain(..std::mem::take(&mut self.confirmed));
    }

    /// The number of items that can still be added.
    pub(crate) fn room(&self) -> usize {
        Timeline::MAX_ITEMS.saturating_sub(self.len())
    }

    /// Confirms the message with that reference: it leaves the outbox for its place in the order, unless it is kept for
    /// an addressee who is away. False if no such message waits here.
    pub(crate) fn confirm(&mut self, reference: SafeInteger, receipt: Receipt<'_>) -> bool {
        let Some(index) = self.waiting(reference) else { return false };
        if receipt.is_kept {
            self.edit(index, |item| receipt.sign(item));
        } else {
            self.settle(index, |item| receipt.sign(item));
        }
        true
    }

    /// Confirms a message likewise, and takes it out of the timeline: its place is known already.
    pub(crate) fn take_confirmed_by(&mut self, reference: SafeInteger, receipt: Receipt<'_>) -> Option<Item> {
        let mut item = self.remove(self.waiting(reference)?)?;
        receipt.sign(&mut item);
        Some(item)
    }

    /// Marks the message with that reference as refused. False if no such message waits here.
    pub(crate) fn fail(&mut self, reference: SafeInteger, failure: Failure) -> bool {
        let index = self.waiting(reference);
        index.map(|index| self.deliver(index, Delivery::Failed(failure), None)).is_some()
    }

    /// The messages that were sent and are neither confirmed nor refused.
    pub(crate) fn pending(&self) -> impl Iterator<Item = (SafeInteger, &ChatMessage)> {
        self.outbox().filter_map(|(_, said)| Some((said.pending()?, said)))
    }

    /// Fails the pending messages that are `lost`: they will have no receipt. The server may know them all the same.
    pub(crate) fn fail_pending(&mut self, failure: &Failure, lost: impl Fn(&ChatMessage) -> bool) {
        for index in self.confirmed..self.len() {
            let said = self.get(index).and_then(Item::message).filter(|said| lost(said));
            if let Some(reference) = said.and_then(ChatMessage::pending) {
                self.deliver(index, Delivery::Failed(failure.clone()), Some(reference));
            }
        }
    }

    /// Confirms the kept messages: the addressee is back, and the server has handed them over.
    pub(crate) fn hand_over_kept(&mut self) {
        for index in self.kept() {
            self.settle(index, |item| item.edit_message(|said| said.delivery = Delivery::Done));
        }
    }

    /// Fails the kept messages: their addressee will never get them.
    pub(crate) fn fail_kept(&mut self, failure: &Failure) {
        for index in self.kept() {
            self.deliver(index, Delivery::Failed(failure.clone()), None);
        }
    }

    /// Whether anything waits here for a receipt, for its reader, or for the user's decision.
    pub(crate) fn has_unsent(&self) -> bool {
        self.confirmed < self.len()
    }

    /// The message of that item, if it failed.
    pub(crate) fn failed(&self, id: ItemId) -> Option<&ChatMessage> {
        self.item(id)?.message().filter(|said| matches!(said.delivery, Delivery::Failed(_)))
    }

    /// Changes a failed message.
    pub(crate) fn edit_failed(&mut self, id: ItemId, change: impl FnOnce(&mut Item)) {
        if let Some(index) = self.position(id).filter(|_| self.failed(id).is_some()) {
            self.edit(index, change);
        }
    }

    /// Gives a failed message up: it becomes a notice with that time.
    pub(crate) fn discard(&mut self, id: ItemId, at: u64) {
        let Some(index) = self.position(id).filter(|_| self.failed(id).is_some()) else { return };
        self.settle(index, |item| (item.at, item.content) = (at, Content::LocalNotice(LocalNotice::Discarded)));
    }

    /// The messages of the outbox, with their indexes from the top.
    fn outbox(&self) -> impl DoubleEndedIterator<Item = (usize, &ChatMessage)> {
        let items = self.items.iter().enumerate().skip(self.confirmed);
        items.filter_map(|(index, item)| Some((index, item.message()?)))
    }

    fn kept(&self) -> Vec<usize> {
        self.outbox().filter(|(_, said)| said.delivery == Delivery::Kept).map(|(index, _)| index).collect()
    }

    /// The index of the message of the outbox with that reference. One that failed for want of a receipt counts too:
    /// the server may tell of it after all.
    fn waiting(&self, reference: SafeInteger) -> Option<usize> {
        self.outbox().rfind(|(_, said)| said.reference == Some(reference)).map(|(index, _)| index)
    }

    fn deliver(&mut self, index: usize, delivery: Delivery, reference: Option<SafeInteger>) {
        let change = |said: &mut ChatMessage| (said.delivery, said.reference) = (delivery, reference);
        self.edit(index, |item| item.edit_message(change));
    }

    /// Moves an item of the outbox, changed, to its place among the confirmed ones.
    fn settle(&mut self, index: usize, change: impl FnOnce(&mut Item)) {
        let Some(mut item) = self.remove(index) else { return };
        change(&mut item);
        let place = item.seq().map_or(self.confirmed, |seq| self.place_of(seq));
        self.insert(place, item);
    }

    /// The index for the message with that number of the room: below everything that came before its receipt, above
    /// items with a higher number. A gap that contains the number is divided.
    fn place_of(&mut self, seq: u64) -> usize {
        let mut place = self.confirmed;
        for (index, item) in self.confirmed().enumerate().rev() {
            match &item.content {
                Content::Gap(gap) if gap.contains(seq) => {
                    let (at, (above, below)) = (item.at, gap.divided_at(seq));
                    let above = above.map(|gap| Item::new(at, Content::Gap(gap)));
                    let place = index + usize::from(above.is_some());
                    self.fill(index, below.map(Content::Gap), Vec::new());
                    if let Some(gap) = above {
                        self.insert(index, gap);
                    }
                    return place;
                }
                Content::Gap(gap) if gap.is_after(seq) => place = index,
                Content::Message(said) if said.seq.is_some_and(|other| other > seq) => place = index,
                Content::Message(said) if said.seq.is_some() => break,
                _ => {}
            }
        }
        place
    }

    fn insert(&mut self, index: usize, item: Item) {
        self.confirmed += usize::from(!item.is_unsent());
        self.items.insert(index, item);
        self.journal.record(index, 0, 1);
    }

    fn remove(&mut self, index: usize) -> Option<Item> {
        let item = self.items.remove(index)?;
        self.confirmed -= usize::from(index < self.confirmed);
        self.journal.record(index, 1, 0);
        Some(item)
    }
}
