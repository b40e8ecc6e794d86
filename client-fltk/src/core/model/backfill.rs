//! Backfill: messages before the first one that the server told, fetched on scrolling up to them.

use papo_common::{Event, Message, Notice, Request, SafeInteger};

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
    /// Asks for older messages, when the first item of the room is nearly in sight.
    pub(crate) fn look_back(&mut self) {
        let is_wanted = self.state.place == ConversationId::Room && self.past() == OlderHistory::Available;
        if is_wanted {
            self.ask_older(OlderHistory::PAGE);
        }
    }

    /// Asks for so many older messages of the room, or notes that they are wanted once nothing else is on its way.
    pub(crate) fn ask_older(&mut self, count: usize) {
        let before = self.oldest_in_room().and_then(SafeInteger::new);
        let Some(room) = self.state.room_mut() else { return };
        let count = count.min(room.timeline.room());
        let asked = before.zip(SafeInteger::new(count as u64));
        let request = asked.map(|(before, count)| Request::History { reference: None, before, count });
        room.past = if request.is_some() { OlderHistory::Loading } else { OlderHistory::Unknown };
        let may_ask = self.state.phase == Phase::Talking && self.fetching.is_none();
        if let Some(request) = request.filter(|_| may_ask) {
            self.fetching = Some(HistoryRequest::Backfill);
            self.request(Effect::Send(request));
        }
    }

    /// Handles the answer to the request for history that is under way.
    pub(crate) fn receive_history(&mut self, messages: Vec<Event>, more: bool) {
        self.outstanding.history_answered();
        match self.fetching.take() {
            Some(HistoryRequest::Backfill) => self.receive_older(messages, more),
            Some(HistoryRequest::Gap) => self.receive_gap_page(messages, more),
            None => return,
        }
        self.go_on_fetching();
    }

    /// Sends the next request for history: first for messages that the person has scrolled up to.
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

    /// The items of the answer that are older than all known ones, newest first. Messages out of
    /// order are left out, so that numbers fall whatever the server sends.
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

    /// The number of the oldest message known; if all of them were taken back, one above the last that was told.
    fn oldest_in_room(&self) -> Option<u64> {
        let room = self.state.room()?;
        room.oldest().or(room.past.may_be_more().then_some(self.resume.seq.saturating_add(1)))
    }

    /// The notice as an item; `None` if it stands in the room already or is among the items `coming`: the server
    /// repeats notices with the messages around them.
    pub(crate) fn given_meanwhile(&self, notice: Notice, coming: &[Item]) -> Option<Item> {
        let notice = Item::new(notice.at, Content::Announcement(notice.text));
        let is_it = |item: &Item| item.at == notice.at && item.content == notice.content;
        let room = self.state.room()?;
        let is_told = room.timeline.items().chain(coming).any(is_it);
        (!is_told).then_some(notice)
    }

    /// Begins a new chat: adds the line below messages that were said before this member came.
    pub(crate) fn begin_after_past(&mut self) {
        let Some(room) = self.state.room_mut() else { return };
        room.past = match room.oldest() {
            None => OlderHistory::Unknown,
            Some(1) => OlderHistory::Exhausted,
            Some(_) => OlderHistory::Available,
        };
        // The line takes the time of the item above it: it belongs to that day.
        if let Some(at) = room.timeline.confirmed().back().map(|item| item.at) {
            room.push(at, Content::JoinMarker);
        }
    }

    /// Continues a chat under another numbering than before: the known numbers mean nothing any more.
    pub(crate) fn go_on_after_past(&mut self) {
        self.give_up_gaps_above(0);
        if let Some(room) = self.state.room_mut() {
            room.past = OlderHistory::Unknown;
            room.timeline.forget_seqs(|_| true);
        }
    }

    /// Stops waiting for older messages when the connection is over: they will not come.
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
