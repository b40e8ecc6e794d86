//! Messages of the room that the operator took back.

use papo_common::Welcome;

use crate::core::model::Model;
use crate::core::notices::LocalNotice;
use crate::core::{Content, Conversation, Item};

impl Model {
    /// The operator took that message of the room back: its text is not shown any more, nor found, copied or saved.
    pub(crate) fn take_back(&mut self, seq: u64) {
        self.resume.removed.add(seq);
        self.alerts.take_back(seq);
        if let Some(room) = self.state.room_mut() {
            room.take_back(seq);
        }
    }

    /// The same for what was taken back during an absence. Under another numbering than before, what stands here are other
    /// messages.
    pub(crate) fn take_back_missed(&mut self, welcome: &Welcome, is_same_log: bool) {
        for &seq in &welcome.removed {
            if is_same_log { self.take_back(seq) } else { self.resume.removed.add(seq) }
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
