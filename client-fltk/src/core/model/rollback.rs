//! After losing its disk a server may resume the same log from an earlier sequence number and give later numbers again.

use std::collections::HashMap;

use papo_common::{Event, Message, Welcome};

use crate::core::Conversation;
use crate::core::model::Model;

impl Model {
    /// A server whose disk failed goes on with the same log from an earlier number, and gives the numbers after that
    /// again: what counts here goes up to the last message that both know.
    pub(crate) fn forget_lost_part(&mut self, welcome: &Welcome) {
        let Some(room) = self.state.room_mut() else { return };
        let last = room.last_in_common(welcome);
        room.timeline.forget_seqs(|seq| seq > last);
        self.resume.seq = last;
        // Both speak of numbers that are given again.
        self.resume.removed.forget_above(last);
        self.give_up_gaps_above(last);
    }
}

impl Conversation {
    /// Two messages are the same if number and time match. If the welcome tells none that is known here, all that it
    /// tells is new.
    fn last_in_common(&self, welcome: &Welcome) -> u64 {
        let known: HashMap<u64, u64> =
            self.timeline.confirmed().iter().filter_map(|item| Some((item.seq()?, item.at))).collect();
        let told = || welcome.history.iter().filter_map(message);
        let is_known = |message: &&Message| known.get(&message.seq) == Some(&message.at);
        let before_all = || told().next().map_or(welcome.seq, |first| first.seq.saturating_sub(1));
        told().rfind(is_known).map_or_else(before_all, |message| message.seq)
    }
}

fn message(event: &Event) -> Option<&Message> {
    match event {
        Event::Message(message) => Some(message),
        _ => None,
    }
}
