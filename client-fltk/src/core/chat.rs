//! News of the chat, and the conversations that it goes to.

use papo_common::{ErrorReason, Event, MemberId, Message, Name, Private, SafeInteger, Text};

use crate::core::model::{Model, words};
use crate::core::notices::{Failure, LocalNotice};
use crate::core::timeline::outbox::Receipt;
use crate::core::{ChatMessage, Content, Conversation, ConversationId, Item, Mode, Person, PresenceChange};
use crate::text::folding::mentions;

/// The index of the room in the list of conversations.
const ROOM: usize = 0;

impl Model {
    /// News of the chat.
    pub(crate) fn receive_news(&mut self, event: Event) {
        self.resume.note(&event);
        match event {
            Event::Joined { name, id, addr, at } => self.joined(Person { name, id, addr }, at),
            Event::Left { id, at, .. } => self.left(id, at),
            Event::Message(message) => self.receive_message(message),
            Event::Removed { seq } => self.take_back(seq),
            Event::Private(private) => self.receive_private(private),
            Event::Problem { reason, detail, reference } => {
                self.problem(reference, &detail);
                if matches!(reason, ErrorReason::NothingToFind | ErrorReason::Unavailable) {
                    self.receive_no_answer(reason == ErrorReason::Unavailable);
                }
            }
            Event::Notice(notice) => {
                if let Some(Item { at, content, .. }) = self.given_meanwhile(notice, &[]) {
                    self.add_received(ROOM, at, content);
                }
            }
            Event::History { messages, more, .. } => self.receive_history(messages, more),
            Event::Found { messages, more, .. } => self.receive_found(&messages, more),
            // Not for the window.
            _ => {}
        }
    }

    /// Replaces the list of members by the one that the server gives on entering.
    pub(crate) fn replace_people(&mut self, people: impl Iterator<Item = Person>) {
        self.roster.replace(&mut self.state.people, people, self.now, self.limits.keep);
        self.state.people_version += 1;
    }

    fn joined(&mut self, person: Person, at: u64) {
        self.roster.add(&mut self.state.people, person.clone());
        self.meet(&person.name, person.id, at);
        self.state.people_version += 1;
        if let Some(room) = self.state.conversations.get_mut(ROOM) {
            room.push_presence(PresenceChange { person, came: true, at });
        }
        self.update_mode();
    }

    fn left(&mut self, id: MemberId, at: u64) {
        let removed = self.roster.remove(&mut self.state.people, id, self.now, self.limits.keep);
        let Some(person) = removed else { return };
        self.state.people_version += 1;
        if let Some(room) = self.state.conversations.get_mut(ROOM) {
            room.push_presence(PresenceChange { person, came: false, at });
        }
        self.update_mode();
    }

    fn receive_message(&mut self, message: Message) {
        let is_mine = self.is_me(message.id);
        let receipt = Receipt { seq: Some(message.seq), text: &message.text, at: message.at, is_kept: false };
        if is_mine && self.confirm(ROOM, message.reference, receipt) {
            if self.resume.removed.contains(message.seq) {
                self.take_back(message.seq);
            }
            return;
        }
        self.note_speaker(&message.from);
        let said = self.chat_message(message.from, is_mine, message.text, None, Some(message.seq));
        self.alert_to(&said);
        self.add_received(ROOM, message.at, Content::Message(said));
    }

    fn receive_private(&mut self, private: Private) {
        let is_mine = self.is_me(private.id);
        let partner = if is_mine { &private.to } else { &private.from };
        // The sender may have left since, and somebody else be there by that name.
        let behind = if is_mine { self.id_of(partner) } else { Some(private.id) };
        let index = self.private_begun_with(partner, behind);
        let receipt = Receipt { seq: None, text: &private.text, at: private.at, is_kept: private.away };
        if is_mine && self.confirm(index, private.reference, receipt) {
            return;
        }
        if !is_mine {
            self.meet(&private.from, private.id, private.at);
        }
        let index = self.raise(index);
        self.note_speaker(&private.from);
        let said = self.chat_message(private.from, is_mine, private.text, Some(private.to), None);
        self.alert_to(&said);
        self.add_received(index, private.at, Content::Message(said));
    }

    fn note_speaker(&mut self, from: &Name) {
        // The names suggested are sorted by who spoke last.
        if self.roster.note_speaker(from) && matches!(self.state.composer.mode, Mode::Naming(_)) {
            self.update_mode();
        }
    }

    /// Builds a chat message from one that the server tells.
    pub(crate) fn chat_message(
        &self,
        from: Name,
        mine: bool,
        text: Text,
        private_to: Option<Name>,
        seq: Option<u64>,
    ) -> ChatMessage {
        let is_named = |me: &Person| mentions(text.as_str(), me.name.as_str());
        let mentions_me = !mine && self.state.me.as_ref().is_some_and(is_named);
        ChatMessage { mine, private_to, mentions_me, seq, ..ChatMessage::new(from, text) }
    }

    fn confirm(&mut self, index: usize, reference: Option<SafeInteger>, receipt: Receipt<'_>) -> bool {
        let (Some(conversation), Some(reference)) = (self.state.conversations.get_mut(index), reference) else {
            return false;
        };
        conversation.timeline.confirm(reference, receipt)
    }

    fn add_received(&mut self, index: usize, at: u64, content: Content) {
        let is_mine = matches!(&content, Content::Message(said) if said.mine);
        let Some(conversation) = self.state.conversations.get_mut(index) else { return };
        let is_seen = is_mine || (self.is_seen && conversation.place == self.state.place);
        conversation.receive(at, content, is_seen);
    }

    /// Marks the message with that reference as refused. Adds a notice to the conversation shown if there is no such
    /// message, or if it is a private one of another conversation.
    fn problem(&mut self, reference: Option<SafeInteger>, detail: &str) {
        let detail = words(detail);
        let failed = reference.and_then(|reference| {
            let mut places = self.state.conversations.iter_mut();
            places
                .find_map(|it| it.timeline.fail(reference, Failure::Refused(detail.clone())).then(|| it.place.clone()))
        });
        match failed {
            Some(ConversationId::Direct(name)) if self.state.place != ConversationId::Direct(name.clone()) => {
                self.add_notice(LocalNotice::WhisperFailed { to: name, failure: Failure::Refused(detail) });
            }
            Some(_) => {}
            None => self.add_notice(LocalNotice::Problem(detail)),
        }
    }

    /// Notes who is behind the name of a private conversation, and says so if that is not the same as before, or if
    /// nobody knew who that was.
    fn meet(&mut self, name: &Name, id: MemberId, at: u64) {
        let place = ConversationId::Direct(name.clone());
        let Some(conversation) = self.state.conversation_mut(&place) else { return };
        if self.roster.meet(name, id) {
            conversation.timeline.hand_over_kept();
        } else {
            // It was kept for a session that is over.
            conversation.timeline.fail_kept(&Failure::NeverRead);
            conversation.push(at, Content::LocalNotice(LocalNotice::AnotherPerson(name.clone())));
        }
    }

    /// Does the same for the partners of all private conversations, once all that was said before is told.
    pub(crate) fn meet_all(&mut self) {
        let at = self.clock.time(self.now);
        let partners = self.state.conversations.iter().filter_map(|it| match &it.place {
            ConversationId::Room => None,
            ConversationId::Direct(name) => self.person(name),
        });
        let there: Vec<(Name, MemberId)> = partners.map(|it| (it.name.clone(), it.id)).collect();
        for (name, id) in there {
            self.meet(&name, id, at);
        }
    }

    /// Shows another conversation; the text in the field is kept as the draft of the one shown so far.
    pub(crate) fn show(&mut self, place: ConversationId) {
        if place == self.state.place || self.state.conversation_mut(&place).is_none() {
            return;
        }
        let text = std::mem::take(&mut self.state.composer.text);
        if let Some(left) = self.state.shown_mut() {
            left.draft = text;
            left.end_new();
        }
        let draft = self.state.conversation_mut(&place).map(|shown| std::mem::take(&mut shown.draft));
        self.state.place = place;
        self.set_text(draft.unwrap_or_default());
        // The view tells whether the end of this conversation is in sight: it may have been left further up.
        self.is_seen = false;
    }

    /// Shows the conversation below or above, and goes round.
    pub(crate) fn show_neighbour(&mut self, is_below: bool) {
        let count = self.state.conversations.len();
        let shown = self.state.conversations.iter().position(|it| it.place == self.state.place).unwrap_or(ROOM);
        let index = if is_below { shown + 1 } else { shown + count - 1 } % count.max(1);
        if let Some(neighbour) = self.state.conversations.get(index) {
            self.show(neighbour.place.clone());
        }
    }

    pub(crate) fn look(&mut self, is_seen: bool) {
        self.is_seen = is_seen;
        let shown = self.state.shown_mut();
        if let Some(conversation) = shown.filter(|_| is_seen) {
            conversation.unread = 0;
        }
    }

    /// Opens the private conversation with a member, or with anybody who has one already.
    pub(crate) fn open_private(&mut self, name: &Name) {
        let place = ConversationId::Direct(name.clone());
        let is_known = self.person(name).is_some() || self.state.conversation_mut(&place).is_some();
        let is_oneself = self.state.me.as_ref().is_some_and(|me| me.name == *name);
        if is_known && !is_oneself {
            self.private_with(name);
            self.show(place);
        }
    }

    /// Whether that is the user, now or in an earlier session of the same chat.
    pub(crate) fn is_me(&self, id: MemberId) -> bool {
        self.state.me.as_ref().is_some_and(|me| me.id == id) || self.earlier_ids.contains(&id)
    }

    pub(crate) fn person(&self, name: &Name) -> Option<&Person> {
        self.roster.find(&self.state.people, name)
    }

    /// The member of that name, or the one who left a moment ago.
    pub(crate) fn reachable(&self, name: &Name) -> Option<(&Name, MemberId)> {
        let there = self.person(name).map(|person| (&person.name, person.id));
        there.or_else(|| self.roster.find_recently_left(name, self.now, self.limits.keep))
    }

    fn id_of(&self, name: &Name) -> Option<MemberId> {
        self.reachable(name).map(|(_, id)| id)
    }

    /// The index of the private conversation with `name`, which is begun if there is none yet.
    pub(crate) fn private_with(&mut self, name: &Name) -> usize {
        self.private_begun_with(name, self.id_of(name))
    }

    /// The same; `behind` is taken for the partner's id if none is known yet.
    fn private_begun_with(&mut self, name: &Name, behind: Option<MemberId>) -> usize {
        let place = ConversationId::Direct(name.clone());
        let known = self.state.conversations.iter().position(|conversation| conversation.place == place);
        if known.is_none() {
            self.make_room_for_private();
        }
        if let Some(id) = behind {
            self.roster.presume(name, id);
        }
        if let Some(index) = known {
            return index;
        }
        self.state.conversations.insert(ROOM + 1, Conversation::new(place));
        ROOM + 1
    }

    /// Moves a private conversation to the top: it has the newest message.
    pub(crate) fn raise(&mut self, index: usize) -> usize {
        if index == ROOM {
            return index;
        }
        if let Some(moved) = self.state.conversations.get_mut(ROOM + 1..=index) {
            moved.rotate_right(1);
        }
        ROOM + 1
    }

    /// Drops a private conversation when there are too many, never the one shown: one without draft and unread messages
    /// if possible, and one with unsent messages last.
    fn make_room_for_private(&mut self) {
        let conversations = &mut self.state.conversations;
        if conversations.len() <= Conversation::MAX_PRIVATE {
            return;
        }
        let may_go = |it: &Conversation| it.place != ConversationId::Room && it.place != self.state.place;
        let worth = |it: &Conversation| (it.timeline.has_unsent(), !it.draft.is_empty() || it.unread > 0);
        let candidates = conversations.iter().enumerate().rev().filter(|(_, it)| may_go(it));
        let Some((index, _)) = candidates.min_by_key(|(_, it)| worth(it)) else { return };
        if let ConversationId::Direct(name) = conversations.remove(index).place {
            self.roster.forget_partner(&name);
        }
    }
}
