//! What stands in a conversation, and how it changes.

mod filling;
mod moves;
mod receipts;

use std::collections::VecDeque;

use crate::core::composer::input_history::InputHistory;
pub use crate::core::conversation::filling::Shift;
pub use crate::core::conversation::moves::Move;
use crate::core::conversation::moves::Moves;
pub(crate) use crate::core::conversation::receipts::Receipt;
use crate::core::{Content, ConversationId, Item, OlderHistory, PresenceChange};

/// What was said in one place.
#[derive(Debug)]
pub struct Conversation {
    /// Where.
    pub place: ConversationId,
    /// What stands there, oldest first, at most [`Conversation::MAX_ITEMS`].
    pub items: VecDeque<Item>,
    /// The number of the first item: item `i` has the number `first + i`, and keeps it but for a [`Shift`]. It rises when
    /// old items are dropped, and falls when still older ones are put in front.
    pub first: u64,
    /// What there is above the first item.
    pub past: OlderHistory,
    /// Whether older items were dropped here.
    pub is_cut: bool,
    /// Rises whenever an item that already stood here changes (its `revision` rises too).
    pub edits: u64,
    /// The last time that items took other numbers all the same.
    pub shift: Shift,
    /// Messages that came while nobody was looking; joins and leaves never count.
    pub unread: usize,
    /// The number of the first item that came while nobody was looking: the line goes above it.
    pub new_from: Option<u64>,
    /// The text kept for this place while another one is shown.
    pub draft: String,
    /// What was sent from here.
    pub(crate) history: InputHistory,
    /// The number of the newest item that somebody said.
    last_said: Option<u64>,
    /// How many items have not arrived: they wait for a receipt, or for the person.
    pub(crate) unsent: usize,
    /// The lowest number that changed since [`Conversation::take_changed`].
    changed_from: Option<u64>,
    moves: Moves,
}

impl Conversation {
    /// The number of the first item ever; below it is room for those that are fetched later.
    pub const FIRST: u64 = 1 << 32;
    /// Older items are dropped.
    pub const MAX_ITEMS: usize = 10_000;
    /// Past that many private conversations, the one longest without a message goes.
    pub const MAX_PRIVATE: usize = 200;
    /// The most people in one [`Content::Passed`]; after that a new item begins.
    pub const MAX_RUN: usize = 1_000;
    /// So does it after that time, in ms: an item stands at the time of the first of them.
    pub const RUN_MS: u64 = 60 * 60 * 1000;

    /// An empty one.
    pub fn new(place: ConversationId) -> Conversation {
        Conversation {
            place,
            items: VecDeque::new(),
            first: Conversation::FIRST,
            past: OlderHistory::Unknown,
            is_cut: false,
            edits: 0,
            shift: Shift::default(),
            unread: 0,
            new_from: None,
            draft: String::new(),
            history: InputHistory::default(),
            last_said: None,
            unsent: 0,
            changed_from: None,
            moves: Moves::default(),
        }
    }

    /// Whether anybody has said anything here.
    pub fn has_messages(&self) -> bool {
        self.items.iter().any(|item| matches!(item.content, Content::Message(_) | Content::Notice(_)))
    }

    /// The item with that number, if it still stands here.
    pub fn item(&self, number: u64) -> Option<&Item> {
        self.items.get(self.index_of(number)?)
    }

    /// The newest item that somebody said.
    pub fn last_said(&self) -> Option<&Item> {
        self.item(self.last_said?)
    }

    /// How often an item went to another place.
    pub fn moves(&self) -> u64 {
        self.moves.count()
    }

    /// The moves after the first `count`, the last one last; `None` if they are too many to be known.
    pub fn moves_since(&self, count: u64) -> Option<impl Iterator<Item = Move>> {
        self.moves.since(count)
    }

    /// Adds an item at the end.
    pub(crate) fn push(&mut self, at: u64, content: Content) {
        if matches!(content, Content::Message(_) | Content::Notice(_)) {
            self.last_said = Some(self.next_number());
        }
        self.unsent += usize::from(is_unsent(&content));
        self.items.push_back(Item { at, revision: 0, content });
        if self.items.len() > Conversation::MAX_ITEMS {
            self.trim();
        }
    }

    fn trim(&mut self) {
        if let Some(item) = self.items.pop_front() {
            self.unsent -= usize::from(is_unsent(&item.content));
            self.first += 1;
            self.past = OlderHistory::Unknown;
            self.new_from = self.new_from.map(|number| number.max(self.first));
            self.is_cut = true;
        }
    }

    /// What was new is known: the line goes, unless some of it is unread still.
    pub(crate) fn end_new(&mut self) {
        self.new_from = self.new_from.filter(|_| self.unread > 0);
    }

    /// Adds an item in front of all others.
    pub(crate) fn push_front(&mut self, at: u64, content: Content) {
        let is_last = self.last_said().is_none() && matches!(content, Content::Message(_) | Content::Notice(_));
        self.items.push_front(Item { at, revision: 0, content });
        self.first -= 1;
        if is_last {
            self.last_said = Some(self.first);
        }
    }

    /// Empties the conversation, but for what has not arrived: those items take new numbers.
    pub(crate) fn clear(&mut self) {
        let items = std::mem::take(&mut self.items);
        self.first += items.len() as u64;
        (self.past, self.is_cut) = (OlderHistory::Unknown, false);
        (self.unread, self.new_from, self.last_said, self.unsent) = (0, None, None, 0);
        for Item { at, content, .. } in items {
            if is_unsent(&content) {
                self.push(at, content);
            }
        }
    }

    /// Adds something that others said: it counts as unread unless somebody is looking.
    pub(crate) fn receive(&mut self, at: u64, content: Content, is_seen: bool) {
        if !is_seen {
            if self.unread == 0 {
                self.new_from = Some(self.next_number());
            }
            self.unread += 1;
        }
        self.push(at, content);
    }

    /// Adds one who came or went to those who did so just before, or begins a new item.
    pub(crate) fn push_passage(&mut self, passage: PresenceChange) {
        match self.items.back_mut() {
            Some(Item { at, content: Content::Passed(run), .. })
                if run.len() < Conversation::MAX_RUN && passage.at.saturating_sub(*at) < Conversation::RUN_MS =>
            {
                run.push(passage);
                self.touch_last();
            }
            _ => self.push(passage.at, Content::Passed(vec![passage])),
        }
    }

    /// Puts something else where the item with that number stands.
    pub(crate) fn replace(&mut self, number: u64, content: Content) {
        let Some(index) = self.index_of(number) else { return };
        if let Some(item) = self.items.get_mut(index) {
            self.unsent -= usize::from(is_unsent(&item.content));
            self.unsent += usize::from(is_unsent(&content));
            item.content = content;
        }
        if self.last_said == Some(number) {
            self.last_said = self.items.iter().rposition(is_said).map(|index| self.first + index as u64);
        }
        self.touch(index);
    }

    /// The lowest number whose item changed since the last call.
    pub(crate) fn take_changed(&mut self) -> Option<u64> {
        self.changed_from.take()
    }

    /// The number that the next item will have.
    pub(crate) fn next_number(&self) -> u64 {
        self.first + self.items.len() as u64
    }

    fn index_of(&self, number: u64) -> Option<usize> {
        number.checked_sub(self.first).map(|index| index as usize).filter(|&index| index < self.items.len())
    }

    fn touch_last(&mut self) {
        self.touch(self.items.len().saturating_sub(1));
    }

    fn touch(&mut self, index: usize) {
        if let Some(item) = self.items.get_mut(index) {
            item.revision += 1;
            self.edits += 1;
            let number = self.first + index as u64;
            self.changed_from = Some(self.changed_from.map_or(number, |from| from.min(number)));
        }
    }
}

fn is_said(item: &Item) -> bool {
    matches!(item.content, Content::Message(_) | Content::Notice(_))
}

fn is_unsent(content: &Content) -> bool {
    matches!(content, Content::Message(said) if said.delivery.is_unsent())
}
