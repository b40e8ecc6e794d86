//! Finding in the conversation shown and, above what was fetched, on the server: what lies between is fetched then.

use papo_common::limits::MAX_COUNT;
use papo_common::{Event, Request, SafeInteger};

use crate::core::find::server_search::{ServerSearch, Stage};
use crate::core::model::Model;
use crate::core::{Conversation, ConversationId, Effect, Find, OlderHistory, Phase};

impl Model {
    /// Opens the find bar, or closes it: nothing moves.
    pub(crate) fn open_find(&mut self, is_open: bool) {
        if is_open {
            self.state.find.get_or_insert_with(|| Find::new(self.notice_text)).asked += 1;
        } else {
            self.state.find = None;
        }
    }

    pub(crate) fn find(&mut self, query: String) {
        if let Some((find, conversation)) = self.state.find_in_shown() {
            find.look_for(query, conversation);
        }
    }

    /// After whatever happened.
    pub(crate) fn keep_find_up(&mut self) {
        if let Some((find, conversation)) = self.state.find_in_shown() {
            find.keep_up(conversation);
        }
        let may_ask = self.may_search();
        if let Some(find) = &mut self.state.find {
            find.may_ask = may_ask;
        }
    }

    /// To the next hit below or above. Above the first one the server may know more of them.
    pub(crate) fn find_step(&mut self, is_down: bool) {
        let asks = !is_down && self.may_search();
        // Without a find bar there is nothing to go on with: it opens.
        let Some(find) = &mut self.state.find else { return self.open_find(true) };
        match find.server_search {
            Some(_) if !is_down => {}
            None if asks => find.set_server_search(Some(ServerSearch::new(find.hits.is_empty()))),
            _ => {
                find.set_server_search(None);
                find.step(is_down);
            }
        }
    }

    pub(crate) fn may_search(&self) -> bool {
        let is_there_more = self.is_in_room() && self.past().may_be_more();
        let wants_more =
            |find: &Find| find.is_at_the_first() && find.exhausted.is_none_or(|it| Some(it) != self.oldest());
        // A longer text is no line that the server would take.
        let fits = |find: &Find| find.query.len() <= self.limits.text;
        is_there_more && self.state.find.as_ref().is_some_and(|find| wants_more(find) && fits(find))
    }

    fn is_in_room(&self) -> bool {
        self.state.place == ConversationId::Room && self.state.phase == Phase::Talking
    }

    fn oldest(&self) -> Option<u64> {
        self.state.room().and_then(Conversation::oldest)
    }

    /// After whatever happened: the next step of a search on the server, if one is under way.
    pub(crate) fn go_on_searching(&mut self) {
        let Some(search) = self.state.find.as_ref().and_then(|find| find.server_search) else { return };
        if !self.is_in_room() {
            return self.set_server_search(None);
        }
        match search.stage {
            Stage::Asking if self.searched_on != Some(self.session.connection()) => self.ask_server(search),
            Stage::Asking | Stage::Asked(_) => {}
            Stage::Coming(seq) => self.fetch_up_to(seq, search),
        }
    }

    fn ask_server(&mut self, search: ServerSearch) {
        let (text, before) = (self.state.find.as_ref().map(|find| find.query.clone()), self.oldest());
        let (Some(text), Some(before), Some(count), 1..) = (text, before, SafeInteger::new(1), search.left) else {
            return self.end_search();
        };
        self.set_server_search(Some(ServerSearch { stage: Stage::Asked(before), left: search.left - 1, ..search }));
        self.searched_on = Some(self.session.connection());
        self.request(Effect::Send(Request::Search { reference: None, text, before: SafeInteger::new(before), count }));
    }

    /// The server's answer to a search. An answer to a search that was given up only makes way for the next.
    pub(crate) fn receive_found(&mut self, messages: &[Event], more: bool) {
        self.searched_on = None;
        self.outstanding.search_answered();
        let Some(find) = &mut self.state.find else { return };
        let Some((search, Stage::Asked(before))) = find.server_search.map(|search| (search, search.stage)) else {
            return;
        };
        let seqs = messages.iter().filter_map(|event| match event {
            Event::Message(message) => Some(message.seq),
            _ => None,
        });
        if let Some(seq) = seqs.filter(|&seq| seq < before).max() {
            find.set_server_search(Some(search.at(Stage::Coming(seq))));
        } else {
            find.exhausted = Some(before);
            // It could look no further.
            find.is_beyond |= more && messages.is_empty();
            self.end_search();
        }
    }

    /// The server says that a search, or whatever else it was asked for, comes to nothing: nobody waits for it any more.
    pub(crate) fn receive_no_answer(&mut self, is_all_lost: bool) {
        if self.searched_on.is_some() {
            self.receive_found(&[], is_all_lost);
        }
        if is_all_lost {
            self.receive_history(Vec::new(), true);
        }
    }

    /// Fetches until there is a hit above the current one, at the latest in message `seq`.
    fn fetch_up_to(&mut self, seq: u64, search: ServerSearch) {
        let Some(find) = &mut self.state.find else { return };
        if find.step_into_older(search) {
            return;
        }
        match self.past() {
            _ if self.oldest().is_none_or(|oldest| oldest <= seq) => {
                self.set_server_search(Some(search.at(Stage::Asking)));
                self.go_on_searching();
            }
            OlderHistory::Loading => {}
            OlderHistory::Available => self.ask_older(MAX_COUNT as usize),
            OlderHistory::Unknown | OlderHistory::Exhausted => self.give_up_searching(),
        }
    }

    /// There is something, but further up than this window goes.
    fn give_up_searching(&mut self) {
        if let Some(find) = &mut self.state.find {
            find.is_beyond = true;
        }
        self.end_search();
    }

    /// Nothing more above: it goes on from the bottom.
    fn end_search(&mut self) {
        if let Some(find) = &mut self.state.find {
            find.set_server_search(None);
            find.wrap();
        }
    }

    fn set_server_search(&mut self, search: Option<ServerSearch>) {
        if let Some(find) = &mut self.state.find {
            find.set_server_search(search);
        }
    }
}
