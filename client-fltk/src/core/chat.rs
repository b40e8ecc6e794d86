//! The chat: members, conversations, the text field and the find bar, and how they follow the news of the room.

use papo_common::{ErrorReason, Event, Limits, Message, Name, Private, SafeInteger, Welcome};

use crate::core::alerts::Alerts;
use crate::core::clock::Clock;
use crate::core::conversations::Conversations;
use crate::core::effect::Effects;
use crate::core::history::History;
use crate::core::notices::{Failure, LocalNotice, NoticeText, words};
use crate::core::roster::Roster;
use crate::core::sending::Sending;
use crate::core::timeline::receipt::Receipt;
use crate::core::{ChatMessage, Composer, Content, ConversationId, Find, Item, OlderHistory, Person, PresenceChange};

/// The chat with a server: what is said, to whom, and what the server is asked for.
#[derive(Debug, Default)]
pub struct Chat {
    /// The members.
    pub roster: Roster,
    /// The room and the private conversations.
    pub conversations: Conversations,
    /// The text field.
    pub composer: Composer,
    /// The search, while the find bar is open.
    pub find: Option<Find>,
    pub(crate) clock: Clock,
    pub(crate) alerts: Alerts,
    pub(crate) history: History,
    pub(crate) sending: Sending,
    /// Limits of the server; the defaults until a welcome says them.
    limits: Limits,
    /// Whether the events that are being handled happened before this user came.
    is_replaying: bool,
}

impl Chat {
    /// Takes a welcome, which continues this chat or begins a new one.
    pub(crate) fn welcome(&mut self, welcome: Welcome, is_continued: bool, effects: &mut Effects) {
        if !is_continued {
            self.begin();
        }
        welcome.history.iter().for_each(|event| self.clock.note_past(event));
        let (now, at) = (self.clock.now, self.clock.server_time());
        let is_same_run = welcome.run == self.history.resume.run;
        // Public messages and their references outlive the server's run where it keeps history; private ones and theirs do
        // not. It is unknown which of those arrived in another run, so that none may be sent again: it may have been read.
        let (is_resumed, is_run_known) = (welcome.resumed, welcome.run.is_some());
        let is_remembered =
            |said: &ChatMessage| is_resumed && (said.private_to.is_none() || is_run_known && is_same_run);
        self.history.welcome(&welcome, is_continued, &mut self.conversations.room, &mut self.alerts, at);
        if !welcome.resumed {
            self.sending.begin_session();
        }
        self.limits = welcome.limits;
        // There is a connection again.
        self.composer.error = None;
        let me = Person { name: welcome.name, id: welcome.id, addr: welcome.addr };
        let people =
            welcome.users.to_vec().into_iter().map(|user| Person { name: user.name, id: user.id, addr: user.addr });
        self.roster.welcome(me, people, welcome.limits.keep, now);
        if is_run_known && !is_same_run {
            // Private messages that wait for their reader live in the memory of one run of the server.
            self.conversations.iter_mut().for_each(|it| it.timeline.fail_kept(&Failure::NotConfirmed));
        }
        self.catch_up(welcome.history, is_continued, effects);
        // Everything up to this number is told now, or known to be missing.
        self.history.resume.seq = self.history.resume.seq.max(welcome.seq);
        self.meet_all();
        Sending::settle(&mut self.conversations, &self.roster, is_remembered, effects);
        self.history.go_on(&mut self.conversations.room, effects);
    }

    /// Handles news of the chat.
    pub(crate) fn receive(&mut self, event: Event, effects: &mut Effects) {
        self.history.resume.note(&event);
        match event {
            Event::Joined { name, id, addr, at } => self.joined(Person { name, id, addr }, at),
            Event::Left { id, at, .. } => {
                if let Some(person) = self.roster.remove(id, self.clock.now) {
                    self.conversations.room.push_presence(PresenceChange { person, came: false, at });
                }
            }
            Event::Message(message) => self.receive_message(message, effects),
            Event::Removed { seq } => self.history.take_back(seq, &mut self.conversations.room, &mut self.alerts),
            Event::Private(private) => self.receive_private(private, effects),
            Event::Problem { reason, detail, reference } => self.receive_problem(reason, reference, &detail, effects),
            Event::Notice(notice) => {
                if let Some(Item { at, content, .. }) = self.conversations.room.announcement(notice, &[]) {
                    self.conversations.receive(&ConversationId::Room, at, content);
                }
            }
            Event::History { messages, more, .. } => self.receive_history((messages, more), effects),
            Event::Found { messages, more, .. } => self.receive_found(&messages, more, effects),
            // Not for the window.
            _ => {}
        }
    }

    /// Gives up all that waits for the server: the session is over, and nothing will come.
    pub(crate) fn give_up(&mut self) {
        self.conversations.fail_pending(&Failure::NotConfirmed, |_| true);
        let past = &mut self.conversations.room.past;
        if *past == OlderHistory::Loading {
            *past = OlderHistory::Available;
        }
    }

    /// A second has passed: gives up what the server should have answered long ago, and alerts if it is time.
    pub(crate) fn tick(&mut self, sound: bool, effects: &mut Effects) {
        let pending = self.conversations.pending().map(|(reference, _)| reference).collect();
        let overdue = effects.outstanding.tick(&pending);
        if effects.outstanding.search == Some(0) {
            self.receive_found(&[], true, effects);
        }
        if matches!(effects.outstanding.history, Some((_, 0))) {
            self.receive_history((Vec::new(), true), effects);
        }
        let is_overdue = |said: &ChatMessage| said.reference.is_some_and(|it| overdue.contains(&it));
        self.conversations.fail_pending(&Failure::NotConfirmed, is_overdue);
        self.alerts.tick(self.clock.now, sound, effects);
    }

    /// After whatever happened: derives what depends on several parts of the chat.
    pub(crate) fn keep_up(&mut self, is_talking: bool, notice_text: NoticeText, effects: &mut Effects) {
        let Chat { roster, conversations, history, limits, .. } = self;
        self.composer.keep_up(&conversations.place, roster, limits, self.clock.now);
        let Some(find) = &mut self.find else { return };
        find.keep_up(conversations.shown(), notice_text);
        let is_in_room = is_talking && conversations.place == ConversationId::Room;
        find.go_on(Some(&mut conversations.room).filter(|_| is_in_room), history, limits, effects);
    }

    /// Adds a line of the program itself to the conversation shown.
    pub(crate) fn note(&mut self, notice: LocalNotice) {
        self.conversations.shown_mut().note(self.clock.server_time(), notice);
    }

    /// Sends what stands in the field, or says why not and leaves it there.
    pub(crate) fn send(&mut self, is_talking: bool, effects: &mut Effects) {
        match self.composer.outgoing(is_talking, &self.limits) {
            Ok(Some(outgoing)) => {
                self.conversations.shown_mut().history.add(self.composer.text.clone());
                self.sending.say(outgoing, &mut self.conversations, &self.roster, &self.clock, effects);
                self.composer.set(String::new());
            }
            Ok(None) => {}
            Err(error) => self.composer.error = Some(error),
        }
    }

    /// Begins to mention a member in the room.
    pub(crate) fn mention(&mut self, name: &Name) {
        self.conversations.show(ConversationId::Room, &mut self.composer);
        self.composer.mention(name);
    }

    /// Opens the find bar, or has its field take the focus.
    pub(crate) fn open_find(&mut self) {
        self.find.get_or_insert_default().asked += 1;
    }

    /// Goes to the next hit. Without a find bar there is nothing to go on with: it opens.
    pub(crate) fn find_step(&mut self, is_down: bool) {
        match &mut self.find {
            Some(find) => find.step(is_down),
            None => self.open_find(),
        }
    }

    /// Begins anew with an empty room; hits in the old one are void.
    fn begin(&mut self) {
        let Conversations { room, place, is_seen, .. } = std::mem::take(&mut self.conversations);
        self.conversations.is_seen = is_seen;
        self.composer.begin(&place, room.draft);
        (self.roster, self.find) = (Roster::default(), None);
        self.clock.forget_server();
    }

    /// Takes the replayed events. Those before this user came are not unread; those during an absence are.
    fn catch_up(&mut self, events: Vec<Event>, is_continued: bool, effects: &mut Effects) {
        self.is_replaying = !is_continued;
        for event in events {
            if self.history.resume.is_news(&event) {
                self.receive(event, effects);
            }
        }
        self.is_replaying = false;
        if !is_continued {
            History::begin(&mut self.conversations.room);
            self.conversations.iter_mut().for_each(|it| (it.unread, it.new_from) = (0, None));
        }
    }

    fn joined(&mut self, person: Person, at: u64) {
        self.roster.add(person.clone());
        if let Some(conversation) = self.conversations.get_mut(&ConversationId::Direct(person.name.clone())) {
            conversation.meet(&person.name, person.id, at);
        }
        self.conversations.room.push_presence(PresenceChange { person, came: true, at });
    }

    fn receive_message(&mut self, message: Message, effects: &mut Effects) {
        let Message { seq, from, id, text, at, reference } = message;
        let room = &mut self.conversations.room;
        let receipt = Receipt { seq: Some(seq), text: &text, at, is_kept: false };
        if self.roster.is_me(id) && reference.is_some_and(|reference| room.timeline.confirm(reference, receipt)) {
            if self.history.removed.contains(seq) {
                self.history.take_back(seq, room, &mut self.alerts);
            }
            return;
        }
        let said = ChatMessage { seq: Some(seq), ..ChatMessage::received(from, id, text, &self.roster) };
        self.hear(&ConversationId::Room, at, said, effects);
    }

    fn receive_private(&mut self, private: Private, effects: &mut Effects) {
        let Private { from, id, to, text, at, reference, away, .. } = private;
        let is_mine = self.roster.is_me(id);
        let partner = if is_mine { to.clone() } else { from.clone() };
        // The sender may have left since, and somebody else be there by that name.
        let behind = if is_mine { self.roster.id_of(&partner, self.clock.now) } else { Some(id) };
        let conversation = self.conversations.with(&partner, behind);
        let receipt = Receipt { seq: None, text: &text, at, is_kept: away };
        if is_mine && reference.is_some_and(|reference| conversation.timeline.confirm(reference, receipt)) {
            return;
        }
        if !is_mine {
            conversation.meet(&from, id, at);
        }
        self.conversations.raise(&partner, None);
        let said = ChatMessage { private_to: Some(to), ..ChatMessage::received(from, id, text, &self.roster) };
        self.hear(&ConversationId::Direct(partner), at, said, effects);
    }

    /// Adds a message that is no receipt, and alerts the user to it.
    fn hear(&mut self, place: &ConversationId, at: u64, said: ChatMessage, effects: &mut Effects) {
        self.roster.note_speaker(&said.from);
        if !self.is_replaying {
            self.alerts.note(&said, self.clock.now, effects);
        }
        self.conversations.receive(place, at, Content::Message(said));
    }

    /// Marks the message with that reference as refused. Adds a notice to the conversation shown if there is no such
    /// message, or if it is a private one of another conversation. A search, or whatever else was asked for, may come to
    /// nothing by it.
    fn receive_problem(
        &mut self,
        reason: ErrorReason,
        reference: Option<SafeInteger>,
        detail: &str,
        effects: &mut Effects,
    ) {
        let detail = words(detail);
        let failed = reference.and_then(|reference| {
            let refused = || Failure::Refused(detail.clone());
            let mut places = self.conversations.iter_mut();
            places.find_map(|it| it.timeline.fail(reference, refused()).then(|| it.place.clone()))
        });
        match failed {
            None => self.note(LocalNotice::Problem(detail)),
            Some(ConversationId::Direct(to)) if self.conversations.place != ConversationId::Direct(to.clone()) => {
                self.note(LocalNotice::WhisperFailed { to, failure: Failure::Refused(detail) });
            }
            Some(_) => {}
        }
        let is_unavailable = reason == ErrorReason::Unavailable;
        if is_unavailable || reason == ErrorReason::NothingToFind {
            self.receive_found(&[], is_unavailable, effects);
        }
        if is_unavailable {
            self.receive_history((Vec::new(), true), effects);
        }
    }

    fn receive_found(&mut self, messages: &[Event], more: bool, effects: &mut Effects) {
        effects.outstanding.search = None;
        self.find.iter_mut().for_each(|find| find.receive(messages, more));
    }

    fn receive_history(&mut self, answer: (Vec<Event>, bool), effects: &mut Effects) {
        self.history.receive(answer, &mut self.conversations.room, &self.roster, effects);
    }

    /// Notes who is behind the names of all private conversations, once all that was said before is told.
    fn meet_all(&mut self) {
        let at = self.clock.server_time();
        for conversation in &mut self.conversations.direct {
            let ConversationId::Direct(name) = &conversation.place else { continue };
            let Some(Person { name, id, .. }) = self.roster.find(name) else { continue };
            conversation.meet(name, *id, at);
        }
    }
}
