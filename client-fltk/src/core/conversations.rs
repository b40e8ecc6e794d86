//! The conversations of a chat, and which of them is shown.

use papo_common::{MemberId, Name, SafeInteger};

use crate::core::composer::input_history::InputHistory;
use crate::core::notices::Failure;
use crate::core::roster::Roster;
use crate::core::{ChatMessage, Composer, Content, Conversation, ConversationId};

/// The room and the private conversations.
#[derive(Debug)]
pub struct Conversations {
    /// The room's conversation.
    pub room: Conversation,
    /// The private conversations, the one with the newest message first.
    pub direct: Vec<Conversation>,
    /// The place whose conversation is shown.
    pub place: ConversationId,
    /// Whether the last line of the conversation shown is being looked at.
    pub(crate) is_seen: bool,
}

impl Default for Conversations {
    fn default() -> Conversations {
        let (room, place) = (Conversation::new(ConversationId::Room), ConversationId::Room);
        Conversations { room, direct: Vec::new(), place, is_seen: false }
    }
}

impl Conversations {
    /// The most private conversations; then the one longest without a message goes.
    pub const MAX_DIRECT: usize = 200;

    /// All of them, the room first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Conversation> {
        std::iter::once(&self.room).chain(&self.direct)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Conversation> {
        std::iter::once(&mut self.room).chain(&mut self.direct)
    }

    /// The conversation of that name, if it was begun.
    pub fn get(&self, id: &ConversationId) -> Option<&Conversation> {
        self.iter().find(|it| it.place == *id)
    }

    pub(crate) fn get_mut(&mut self, id: &ConversationId) -> Option<&mut Conversation> {
        self.iter_mut().find(|it| it.place == *id)
    }

    /// The conversation shown.
    pub fn shown(&self) -> &Conversation {
        self.get(&self.place).unwrap_or(&self.room)
    }

    /// The conversation shown, to be changed.
    pub fn shown_mut(&mut self) -> &mut Conversation {
        let place = &self.place;
        self.direct.iter_mut().find(|it| it.place == *place).unwrap_or(&mut self.room)
    }

    /// The number of unread messages in all conversations.
    pub fn unread(&self) -> usize {
        self.iter().map(|conversation| conversation.unread).sum()
    }

    /// Shows another conversation; the text in the field is kept as the draft of the one shown so far.
    pub(crate) fn show(&mut self, place: ConversationId, composer: &mut Composer) {
        if place == self.place || self.get(&place).is_none() {
            return;
        }
        let left = self.shown_mut();
        left.draft.clone_from(&composer.text);
        left.end_new();
        self.place = place;
        composer.set(std::mem::take(&mut self.shown_mut().draft));
        // The view tells whether the end of this conversation is in sight: it may have been left further up.
        self.is_seen = false;
    }

    /// Opens the private conversation with a member, or with anybody who has one already. `now` is Unix time in ms.
    pub(crate) fn open(&mut self, name: &Name, roster: &Roster, now: u64, composer: &mut Composer) {
        let place = ConversationId::Direct(name.clone());
        let is_known = roster.find(name).is_some() || self.get(&place).is_some();
        if is_known && !roster.is_my_name(name) {
            self.with(name, roster.id_of(name, now));
            self.show(place, composer);
        }
    }

    /// Shows the conversation below or above, and goes round.
    pub(crate) fn show_neighbour(&mut self, is_below: bool, composer: &mut Composer) {
        let mut round: Vec<&ConversationId> = self.iter().map(|it| &it.place).collect();
        if !is_below {
            round.reverse();
        }
        let shown = round.iter().position(|&place| *place == self.place);
        let next = shown.and_then(|shown| round.iter().cycle().nth(shown + 1)).map(|&place| place.clone());
        if let Some(place) = next {
            self.show(place, composer);
        }
    }

    /// Puts a text into the field that was sent from the conversation shown, as the step says.
    pub(crate) fn recall(
        &mut self,
        step: impl FnOnce(&mut InputHistory, &str) -> Option<String>,
        composer: &mut Composer,
    ) {
        if let Some(text) = step(&mut self.shown_mut().history, &composer.text) {
            composer.set(text);
        }
    }

    /// Notes whether the end of the conversation shown is being looked at.
    pub(crate) fn look(&mut self, is_seen: bool) {
        self.is_seen = is_seen;
        if is_seen {
            self.shown_mut().unread = 0;
        }
    }

    /// Adds something that was said, to the room or to the private conversation of that name.
    pub(crate) fn receive(&mut self, place: &ConversationId, at: u64, content: Content) {
        let is_mine = matches!(&content, Content::Message(said) if said.mine);
        let is_seen = is_mine || (self.is_seen && *place == self.place);
        if let Some(conversation) = self.get_mut(place) {
            conversation.receive(at, content, is_seen);
        }
    }

    /// The private conversation with `name`, which is begun if there is none yet. `behind` is taken for the partner's id
    /// if none is known yet.
    pub(crate) fn with(&mut self, name: &Name, behind: Option<MemberId>) -> &mut Conversation {
        let index = self.index_with(name, behind);
        &mut self.direct[index]
    }

    /// The same, moved to the top: it has the newest message.
    pub(crate) fn raise(&mut self, name: &Name, behind: Option<MemberId>) -> &mut Conversation {
        let index = self.index_with(name, behind);
        self.direct[..=index].rotate_right(1);
        &mut self.direct[0]
    }

    /// The messages that were sent and are neither confirmed nor refused.
    pub(crate) fn pending(&self) -> impl Iterator<Item = (SafeInteger, &ChatMessage)> {
        self.iter().flat_map(|it| it.timeline.pending())
    }

    /// Fails the pending messages that are `lost`.
    pub(crate) fn fail_pending(&mut self, failure: &Failure, lost: impl Fn(&ChatMessage) -> bool) {
        self.iter_mut().for_each(|it| it.timeline.fail_pending(failure, &lost));
    }

    fn index_with(&mut self, name: &Name, behind: Option<MemberId>) -> usize {
        let place = ConversationId::Direct(name.clone());
        let index = self.direct.iter().position(|it| it.place == place).unwrap_or_else(|| {
            self.make_room();
            self.direct.insert(0, Conversation::new(place));
            0
        });
        let partner = &mut self.direct[index].partner;
        *partner = partner.or(behind);
        index
    }

    /// Drops a private conversation when there are too many, never the one shown: one without draft and unread messages
    /// if possible, and one with unsent messages last.
    fn make_room(&mut self) {
        if self.direct.len() < Conversations::MAX_DIRECT {
            return;
        }
        let worth = |it: &Conversation| (it.timeline.has_unsent(), !it.draft.is_empty() || it.unread > 0);
        let candidates = self.direct.iter().enumerate().rev().filter(|(_, it)| it.place != self.place);
        if let Some((index, _)) = candidates.min_by_key(|(_, it)| worth(it)) {
            self.direct.remove(index);
        }
    }
}
