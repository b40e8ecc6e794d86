//! What stands in a conversation, and how it changes.

use std::collections::VecDeque;

use papo_common::{Number, Text};

use super::{Content, Conversation, Delivery, Item, Person, Place, Said};

impl Conversation {
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
        }
    }

    /// Whether anybody has said anything here.
    pub fn has_messages(&self) -> bool {
        self.items.iter().any(|item| matches!(item.content, Content::Said(_) | Content::Notice(_)))
    }

    /// Adds an item at the end.
    pub(super) fn push(&mut self, at: u64, content: Content) {
        self.items.push_back(Item { at, revision: 0, content });
        if self.items.len() > Conversation::MAX_ITEMS {
            self.items.pop_front();
            self.trimmed += 1;
            self.new_from = self.new_from.filter(|&number| number >= self.trimmed);
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
        let Some(index) = self.pending(reference) else { return false };
        self.move_to_end(index);
        if let Some(Item { at: sent, content: Content::Said(said), .. }) = self.items.back_mut() {
            *sent = at;
            said.text = text.clone();
            said.delivery = Delivery::Done;
        }
        self.touch_last();
        true
    }

    /// One's own message was refused for `reason`. False if no such message waits here.
    pub(super) fn fail(&mut self, reference: Number, reason: &str) -> bool {
        let Some(index) = self.pending(reference) else { return false };
        if let Some(said) = self.items.get_mut(index).and_then(said_mut) {
            said.delivery = Delivery::Failed(reason.to_owned());
        }
        self.touch(index);
        true
    }

    /// The connection ended: nothing that waits for a receipt will get one.
    pub(super) fn fail_all(&mut self, reason: &str) {
        for index in 0..self.items.len() {
            if let Some(said) = self.items.get_mut(index).and_then(said_mut)
                && matches!(said.delivery, Delivery::Pending(_))
            {
                said.delivery = Delivery::Failed(reason.to_owned());
                self.touch(index);
            }
        }
    }

    fn next_number(&self) -> u64 {
        self.trimmed + self.items.len() as u64
    }

    /// Newest first: what waits was sent a moment ago.
    fn pending(&self, reference: Number) -> Option<usize> {
        self.items.iter().rposition(
            |item| matches!(&item.content, Content::Said(said) if said.delivery == Delivery::Pending(reference)),
        )
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
        }
    }
}

fn said_mut(item: &mut Item) -> Option<&mut Said> {
    match &mut item.content {
        Content::Said(said) => Some(said),
        _ => None,
    }
}
