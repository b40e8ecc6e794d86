//! Backfill: what was said before the first message that the server told, fetched on scrolling up to it.

use papo_common::{Event, Message, Notice, Number, Request};

use crate::core::history::older::HistoryRequest;
use crate::core::model::Model;
use crate::core::{Content, Conversation, ConversationId, Effect, Item, OlderHistory, Phase};

impl Conversation {
    /// The room's number of the oldest message that has one.
    pub(crate) fn oldest(&self) -> Option<u64> {
        self.timeline.confirmed().iter().find_map(Item::seq)
    }

    /// Whether the message with that number in the room stands here.
    pub(crate) fn has(&self, seq: u64) -> bool {
        self.timeline.confirmed().iter().any(|item| item.seq() == Some(seq))
    }
}

impl Model {
    /// The first line of the conversation shown is nearly in sight.
    pub(crate) fn look_back(&mut self) {
        let is_wanted = self.state.place == ConversationId::Room && self.past() == OlderHistory::Available;
        if is_wanted {
            self.ask_older(OlderHistory::PAGE);
        }
    }

    /// Asks for so many older messages of the room, or notes that they are wanted as soon as nothing else is on its way.
    pub(crate) fn ask_older(&mut self, count: usize) {
        let before = self.oldest_in_room().and_then(Number::new);
        let Some(room) = self.state.room_mut() else { return };
        let count = count.min(room.timeline.room());
        let asked = before.zip(Number::new(count as u64));
        let request = asked.map(|(before, count)| Request::History { reference: None, before, count });
        room.past = if request.is_some() { OlderHistory::Loading } else { OlderHistory::Unknown };
        let may_ask = self.state.phase == Phase::Talking && self.fetching.is_none();
        if let Some(request) = request.filter(|_| may_ask) {
            self.fetching = Some(HistoryRequest::Backfill);
            self.request(Effect::Send(request));
        }
    }

    /// Takes the server's answer to whatever was asked.
    pub(crate) fn receive_history(&mut self, messages: Vec<Event>, more: bool) {
        self.outstanding.history_answered();
        match self.fetching.take() {
            Some(HistoryRequest::Backfill) => self.receive_older(messages, more),
            Some(HistoryRequest::Gap) => self.receive_gap_page(messages, more),
            None => return,
        }
        self.go_on_fetching();
    }

    /// Asks for what is wanted next: first what a person has scrolled up to.
    pub(crate) fn go_on_fetching(&mut self) {
        if self.past() == OlderHistory::Loading {
            self.ask_older(OlderHistory::PAGE);
        }
        if self.fetching.is_none()
            && let Some(request) = self.ask_for_gap()
        {
            self.fetching = Some(HistoryRequest::Gap);
            self.request(request);
        }
    }

    /// Takes a page of older messages, oldest first. It changes nothing if nobody waits for it any more.
    fn receive_older(&mut self, messages: Vec<Event>, more: bool) {
        if self.past() != OlderHistory::Loading {
            return;
        }
        let older = self.older_than_known(messages);
        let is_any = older.iter().any(|item| item.message().is_some());
        let Some(room) = self.state.room_mut() else { return };
        let is_whole = room.timeline.push_older(older);
        room.past = match (is_whole, more) {
            (true, false) => OlderHistory::Exhausted,
            (true, true) if is_any => OlderHistory::Available,
            // Full, or a server that promises more and gives nothing.
            _ => OlderHistory::Unknown,
        };
    }

    /// What of the answer is older than all that is known: the newest first, with falling numbers, whatever the server
    /// says.
    fn older_than_known(&self, messages: Vec<Event>) -> Vec<Item> {
        let mut limit = self.oldest_in_room().unwrap_or_default();
        let mut older = Vec::new();
        for event in messages.into_iter().rev() {
            match event {
                Event::Message(Message { seq, from, id, text, at, .. }) if seq < limit => {
                    limit = seq;
                    let said = self.chat_message(from, self.is_me(id), text, None, Some(seq));
                    older.push(Item::new(at, Content::Message(said)));
                }
                Event::Notice(notice) if notice.after < Some(limit) => {
                    older.extend(self.given_meanwhile(notice, &older));
                }
                _ => {}
            }
        }
        older
    }

    /// The number of the oldest message that is known; where all of them were taken back, one above all that was told.
    fn oldest_in_room(&self) -> Option<u64> {
        let room = self.state.room()?;
        room.oldest().or(room.past.may_be_more().then_some(self.resume.seq.saturating_add(1)))
    }

    /// That notice as an item, unless it stands in the room already, or among those that are about to be put there: notices
    /// come again with what was said around them.
    pub(crate) fn given_meanwhile(&self, notice: Notice, coming: &[Item]) -> Option<Item> {
        let notice = Item::new(notice.at, Content::Notice(notice.text));
        let is_it = |item: &Item| item.at == notice.at && item.content == notice.content;
        let room = self.state.room()?;
        let is_told = room.timeline.items().chain(coming).any(is_it);
        (!is_told).then_some(notice)
    }

    /// Begins a new chat: what was said before this member came stands above a line that says so.
    pub(crate) fn begin_after_past(&mut self) {
        let Some(room) = self.state.room_mut() else { return };
        room.past = match room.oldest() {
            None => OlderHistory::Unknown,
            Some(1) => OlderHistory::Exhausted,
            Some(_) => OlderHistory::Available,
        };
        // With the time of what stands above it: it belongs to that day.
        if let Some(at) = room.timeline.confirmed().back().map(|item| item.at) {
            room.push(at, Content::Entered);
        }
    }

    /// A chat goes on under another numbering than the one before: the known numbers mean nothing any more.
    pub(crate) fn go_on_after_past(&mut self) {
        self.give_up_gaps();
        if let Some(room) = self.state.room_mut() {
            room.past = OlderHistory::Unknown;
            room.timeline.forget_seqs(|_| true);
        }
    }

    /// The connection is over: what was on its way does not come any more.
    pub(crate) fn stop_fetching(&mut self) {
        if self.past() == OlderHistory::Loading
            && let Some(room) = self.state.room_mut()
        {
            room.past = OlderHistory::Available;
        }
    }

    pub(crate) fn past(&self) -> OlderHistory {
        let room = self.state.room();
        room.map(|room| room.past).unwrap_or_default()
    }
}
