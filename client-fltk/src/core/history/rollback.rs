//! A server whose disk failed goes on with the same numbering and without its last part: those numbers come again.

use std::collections::HashMap;

use papo_common::{Event, Message, Welcome};

use crate::core::history::backfill::seq;
use crate::core::model::Model;
use crate::core::{Content, Conversation, ConversationId};

impl Model {
    /// The server knows less than one was told: what one knows goes up to the last message that both know, and the
    /// numbers after that mean others.
    pub(crate) fn forget_lost_part(&mut self, welcome: &Welcome) {
        let Some(room) = self.conversation_mut(&ConversationId::Room) else { return };
        let last = room.last_in_common(welcome);
        for item in &mut room.items {
            if let Content::Message(said) = &mut item.content {
                said.seq = said.seq.filter(|&seq| seq <= last);
            }
        }
        self.heard.seq = last;
    }
}

impl Conversation {
    /// One message is the same as another if number and time are. Of what the welcome does not tell nobody can say which
    /// it was: then all that it tells is new.
    fn last_in_common(&self, welcome: &Welcome) -> u64 {
        let known: HashMap<u64, u64> = self.items.iter().filter_map(|item| Some((seq(item)?, item.at))).collect();
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
