//! Messages of the room that the operator took back.

use std::collections::BTreeSet;

use papo_common::Welcome;

use crate::core::model::Model;
use crate::core::notices::LocalNotice;
use crate::core::{Content, Conversation, ConversationId, Item};

/// The numbers of messages that were taken back: where only such lie between two messages nothing is missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Removed(BTreeSet<u64>);

impl Removed {
    /// The lowest numbers are forgotten when there are more.
    const MOST: usize = 10_000;

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

impl Model {
    /// The operator took that message of the room back: its text is not shown any more, nor found, copied or saved.
    pub(crate) fn take_back(&mut self, seq: u64) {
        self.heard.removed.add(seq);
        self.alerts.take_back(seq);
        if let Some(room) = self.conversation_mut(&ConversationId::Room) {
            room.take_back(seq);
        }
    }

    /// The same for what was taken back during an absence. Under another numbering than before, what stands here are other
    /// messages.
    pub(crate) fn take_back_missed(&mut self, welcome: &Welcome, is_same_log: bool) {
        for &seq in &welcome.removed {
            if is_same_log { self.take_back(seq) } else { self.heard.removed.add(seq) }
        }
    }
}

impl Conversation {
    fn take_back(&mut self, seq: u64) {
        let confirmed = self.timeline.confirmed();
        let Some(index) = confirmed.iter().rposition(|item| item.seq() == Some(seq)) else { return };
        let Some(said) = confirmed.get(index).and_then(Item::message) else { return };
        let note = if said.mine { LocalNotice::OwnRemoved } else { LocalNotice::Removed(said.from.clone()) };
        self.timeline.edit(index, |item| item.content = Content::LocalNotice(note));
    }
}
