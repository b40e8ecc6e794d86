//! What stands in a conversation, and how it changes.

use std::collections::VecDeque;

use papo_common::{Number, Text};

use super::history::History;
use super::{Content, Delivery, Item, Person, Place, Said};

/// What was said in one place.
#[derive(Debug)]
pub struct Conversation {
    /// Where.
    pub place: Place,
    /// What stands there, oldest first, at most [`Conversation::MAX_ITEMS`].
    pub items: VecDeque<Item>,
    /// How many items were dropped at the front: item `i` keeps the number `trimmed + i` for ever.
    pub trimmed: u64,
    /// Rises whenever an item that already stood here changes (its `revision` rises too).
    pub edits: u64,
    /// Messages that came while nobody was looking; joins and leaves never count.
    pub unread: usize,
    /// The number of the first item that came while nobody was looking: the line goes above it.
    pub new_from: Option<u64>,
    /// The text kept for this place while another one is shown.
    pub draft: String,
    /// What was sent from here.
    pub(super) history: History,
    /// The number of the newest item that somebody said.
    last_said: Option<u64>,
    /// How many items still have the number under which they were sent.
    waiting: usize,
    /// The lowest number that changed since [`Conversation::take_changed`].
    changed_from: Option<u64>,
}

impl Conversation {
    /// Older items are dropped.
    pub const MAX_ITEMS: usize = 10_000;
    /// Past that many private conversations, the one longest without a message goes.
    pub const MAX_PRIVATE: usize = 200;
    /// The most people in one [`Content::Came`] or [`Content::Went`]; after that a new item begins.
    pub const MAX_RUN: usize = 1_000;

    /// An empty one.
    pub fn new(place: Place) -> Conversation {
        Conversation {
            place,
            items: VecDeque::new(),
            trimmed: 0,
            edits: 0,
            unread: 0,
            new_from: None,
            draft: String::new(),
            history: History::default(),
            last_said: None,
            waiting: 0,
            changed_from: None,
        }
    }

    /// Whether anybody has said anything here.
    pub fn has_messages(&self) -> bool {
        self.items.iter().any(|item| matches!(item.content, Content::Said(_) | Content::Notice(_)))
    }

    /// The item with that number, if it still stands here.
    pub fn item(&self, number: u64) -> Option<&Item> {
        self.items.get(self.index_of(number)?)
    }

    /// The newest item that somebody said.
    pub fn last_said(&self) -> Option<&Item> {
        self.item(self.last_said?)
    }

    /// Adds an item at the end.
    pub(super) fn push(&mut self, at: u64, content: Content) {
        if matches!(content, Content::Said(_) | Content::Notice(_)) {
            self.last_said = Some(self.next_number());
        }
        self.waiting += usize::from(is_waiting(&content));
        self.items.push_back(Item { at, revision: 0, content });
        if self.items.len() > Conversation::MAX_ITEMS {
            self.trim();
        }
    }

    fn trim(&mut self) {
        if let Some(item) = self.items.pop_front() {
            self.waiting -= usize::from(is_waiting(&item.content));
            self.trimmed += 1;
            self.new_from = self.new_from.filter(|&number| number >= self.trimmed);
        }
    }

    /// Empties the conversation, but for what has not arrived: those items take new numbers.
    pub(super) fn clear(&mut self) {
        let items = std::mem::take(&mut self.items);
        self.trimmed += items.len() as u64;
        (self.unread, self.new_from, self.last_said, self.waiting) = (0, None, None, 0);
        for Item { at, content, .. } in items {
            if matches!(&content, Content::Said(said) if said.delivery != Delivery::Done) {
                self.push(at, content);
            }
        }
    }

    /// Adds something that others said: it counts as unread unless somebody is looking.
    pub(super) fn receive(&mut self, at: u64, content: Content, is_seen: bool) {
        if !is_seen {
            if self.unread == 0 {
                self.new_from = Some(self.next_number());
            }
            self.unread += 1;
        }
        self.push(at, content);
    }

    /// Adds one who came to those who did so just before, or begins a new item.
    pub(super) fn push_came(&mut self, at: u64, person: Person) {
        if let Some(Item { content: Content::Came(run), .. }) = self.items.back_mut()
            && run.len() < Conversation::MAX_RUN
        {
            run.push(person);
            self.touch_last();
        } else {
            self.push(at, Content::Came(vec![person]));
        }
    }

    /// The same for one who went.
    pub(super) fn push_went(&mut self, at: u64, person: Person) {
        if let Some(Item { content: Content::Went(run), .. }) = self.items.back_mut()
            && run.len() < Conversation::MAX_RUN
        {
            run.push(person);
            self.touch_last();
        } else {
            self.push(at, Content::Went(vec![person]));
        }
    }

    /// One's own message has its receipt: it takes the server's text, time and place in the order, which is after
    /// everything that came before the receipt. False if no such message waits here.
    pub(super) fn confirm(&mut self, reference: Number, text: &Text, at: u64) -> bool {
        let Some(index) = self.waiting(reference) else { return false };
        self.move_to_end(index);
        let last = self.items.len().saturating_sub(1);
        self.deliver(last, Delivery::Done, None);
        if let Some(Item { at: sent, content: Content::Said(said), .. }) = self.items.back_mut() {
            *sent = at;
            said.text = text.clone();
        }
        self.last_said = Some(self.trimmed + last as u64);
        true
    }

    /// One's own message was refused for `reason`. False if no such message waits here.
    pub(super) fn fail(&mut self, reference: Number, reason: &str) -> bool {
        let Some(index) = self.waiting(reference) else { return false };
        self.deliver(index, Delivery::Failed(reason.to_owned()), None);
        true
    }

    /// What was sent and is neither confirmed nor refused.
    pub(super) fn pending(&self) -> impl Iterator<Item = (Number, &Said)> {
        let items = self.items.iter().take(if self.waiting == 0 { 0 } else { usize::MAX });
        items.filter_map(|item| match &item.content {
            Content::Said(said) => said.pending().map(|reference| (reference, said)),
            _ => None,
        })
    }

    /// Of what is pending, that which is `lost` will have no receipt. The server may know it all the same.
    pub(super) fn fail_pending(&mut self, reason: &str, lost: impl Fn(&Said) -> bool) {
        if self.waiting == 0 {
            return;
        }
        for index in 0..self.items.len() {
            if let Some(Content::Said(said)) = self.items.get(index).map(|item| &item.content)
                && let Some(reference) = said.pending().filter(|_| lost(said))
            {
                self.deliver(index, Delivery::Failed(reason.to_owned()), Some(reference));
            }
        }
    }

    /// A failed message was sent again at `at`.
    pub(super) fn send_again(&mut self, number: u64, reference: Number, at: u64) {
        let Some(index) = self.index_of(number) else { return };
        self.deliver(index, Delivery::Pending(reference), Some(reference));
        if let Some(item) = self.items.get_mut(index) {
            item.at = at;
        }
    }

    /// A failed message could not be sent again for `reason`.
    pub(super) fn fail_again(&mut self, number: u64, reason: String) {
        let reference = match self.item(number).map(|item| &item.content) {
            Some(Content::Said(said)) => said.reference,
            _ => return,
        };
        if let Some(index) = self.index_of(number) {
            self.deliver(index, Delivery::Failed(reason), reference);
        }
    }

    /// Puts something else where the item with that number stands.
    pub(super) fn replace(&mut self, number: u64, content: Content) {
        let Some(index) = self.index_of(number) else { return };
        if let Some(item) = self.items.get_mut(index) {
            self.waiting -= usize::from(is_waiting(&item.content));
            item.content = content;
        }
        if self.last_said == Some(number) {
            let is_said = |item: &Item| matches!(item.content, Content::Said(_) | Content::Notice(_));
            self.last_said = self.items.iter().rposition(is_said).map(|index| self.trimmed + index as u64);
        }
        self.touch(index);
    }

    /// The lowest number whose item changed since the last call.
    pub(super) fn take_changed(&mut self) -> Option<u64> {
        self.changed_from.take()
    }

    /// The number that the next item will have.
    pub(super) fn next_number(&self) -> u64 {
        self.trimmed + self.items.len() as u64
    }

    fn index_of(&self, number: u64) -> Option<usize> {
        number.checked_sub(self.trimmed).map(|index| index as usize).filter(|&index| index < self.items.len())
    }

    fn deliver(&mut self, index: usize, delivery: Delivery, reference: Option<Number>) {
        let Some(said) = self.items.get_mut(index).and_then(said_mut) else { return };
        self.waiting -= usize::from(said.reference.is_some());
        self.waiting += usize::from(reference.is_some());
        said.delivery = delivery;
        said.reference = reference;
        self.touch(index);
    }

    /// Newest first: what waits was sent a moment ago. One that failed for want of a receipt waits too, for a server
    /// that tells of it after all.
    fn waiting(&self, reference: Number) -> Option<usize> {
        let is_it = |item: &Item| matches!(&item.content, Content::Said(said) if said.reference == Some(reference));
        (self.waiting > 0).then(|| self.items.iter().rposition(is_it)).flatten()
    }

    /// The items between take the numbers before their own, so each of those numbers counts as changed.
    fn move_to_end(&mut self, index: usize) {
        let last = self.items.len().saturating_sub(1);
        for i in index..last {
            self.items.swap(i, i + 1);
            self.exchange_revisions(i);
        }
        let moved = self.trimmed + index as u64;
        self.new_from = self.new_from.map(|number| if number > moved { number - 1 } else { number });
    }

    /// After a swap of item `i` with its successor: a revision belongs to the number, not to what stands there.
    fn exchange_revisions(&mut self, i: usize) {
        let (Some(one), Some(two)) = (self.items.get(i), self.items.get(i + 1)) else { return };
        let (left, right) = (two.revision, one.revision);
        if let Some(item) = self.items.get_mut(i) {
            item.revision = left;
        }
        if let Some(item) = self.items.get_mut(i + 1) {
            item.revision = right;
        }
        self.touch(i);
    }

    fn touch_last(&mut self) {
        self.touch(self.items.len().saturating_sub(1));
    }

    fn touch(&mut self, index: usize) {
        if let Some(item) = self.items.get_mut(index) {
            item.revision += 1;
            self.edits += 1;
            let number = self.trimmed + index as u64;
            self.changed_from = Some(self.changed_from.map_or(number, |from| from.min(number)));
        }
    }
}

fn is_waiting(content: &Content) -> bool {
    matches!(content, Content::Said(said) if said.reference.is_some())
}

fn said_mut(item: &mut Item) -> Option<&mut Said> {
    match &mut item.content {
        Content::Said(said) => Some(said),
        _ => None,
    }
}
