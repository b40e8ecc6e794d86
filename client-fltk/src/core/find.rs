//! Search in the conversation shown. Folded texts are kept while the find bar is open, so that a key typed in it, or a
//! new item, costs little even with ten thousand items.

pub(crate) mod index;
mod server_search;
pub(crate) mod summary;

use std::collections::VecDeque;

use papo_common::fold::fold;
use papo_common::limits::MAX_COUNT;
use papo_common::{Event, Limits, Request, SafeInteger};

use crate::core::effect::Effects;
use crate::core::find::index::{Entry, Hit, Index};
use crate::core::find::server_search::{ServerSearch, Stage};
use crate::core::find::summary::FindSummary;
use crate::core::history::History;
use crate::core::notices::NoticeText;
use crate::core::timeline::splices::replace_part;
use crate::core::{Conversation, ItemId, OlderHistory, Splice};

/// A search in the conversation shown, and its hits. Case and accents do not count.
#[derive(Debug, Default)]
pub struct Find {
    /// The text in the field of the find bar.
    pub query: String,
    /// The hits, from top to bottom; if there are more than [`Find::MAX_HITS`], the newest.
    pub hits: VecDeque<Hit>,
    /// The index in `hits` of the current hit.
    pub current: Option<usize>,
    /// Whether there are more hits than are kept.
    pub is_more: bool,
    /// Rises whenever `hits` or `current` change.
    pub version: u64,
    /// Rises when the person moves to a hit, and only then: the view brings the current one into sight.
    pub moves: u64,
    /// Rises each time the person asks for the find bar, also while it is open: its field takes the focus.
    pub asked: u64,
    /// The search on the server, while one is under way.
    pub(in crate::core) server_search: Option<ServerSearch>,
    /// The sequence number of the message above which the server has no further hits.
    exhausted: Option<u64>,
    /// Whether the server has hits beyond those that fit into this window, or has not looked through everything.
    is_beyond: bool,
    /// Whether a step up from the first hit asks the server.
    may_ask: bool,
    /// The folded text that the hits are those of.
    needle: String,
    /// The folded texts; `None` while nothing is looked for.
    index: Option<Index>,
}

impl Find {
    /// The most hits that are kept: more are of no use to anybody.
    pub const MAX_HITS: usize = 10_000;

    /// The result of the search.
    pub fn summary(&self) -> FindSummary {
        let is_more = self.is_more || self.is_beyond;
        match self.current {
            _ if self.needle.is_empty() => FindSummary::Idle,
            _ if self.server_search.is_some() => FindSummary::Searching,
            Some(current) => FindSummary::At { number: current + 1, count: self.hits.len(), is_more },
            None if self.may_ask => FindSummary::MayAsk,
            None if self.is_beyond => FindSummary::NotAllSeen,
            None => FindSummary::Nothing,
        }
    }

    /// Whether a step up finds a hit to go to, or a server to ask.
    pub fn leads_up(&self) -> bool {
        self.current.is_some() || self.server_search.is_some() || self.may_ask
    }

    /// The person edited the text: it is looked for upwards from the current hit, or from the bottom.
    pub(crate) fn edit(&mut self, query: &str) {
        (self.server_search, self.exhausted, self.is_beyond) = (None, None, false);
        query.clone_into(&mut self.query);
        self.moves += 1;
    }

    /// Goes to the next hit below or above; after the last comes the first. Above the first one the server may know more
    /// of them.
    pub(crate) fn step(&mut self, is_down: bool) {
        match self.server_search {
            Some(_) if !is_down => {}
            None if !is_down && self.may_ask => {
                self.set_server_search(Some(ServerSearch::new(self.hits.is_empty())));
            }
            _ => {
                self.set_server_search(None);
                let (Some(current), count @ 1..) = (self.current, self.hits.len()) else { return };
                self.go_to(Some(if is_down { current + 1 } else { current + count - 1 } % count));
            }
        }
    }

    /// Sends the next request of a search on the server, if one is under way. `room` is the conversation searched, if it
    /// is the room and there is a connection.
    pub(crate) fn go_on(
        &mut self,
        room: Option<&mut Conversation>,
        history: &History,
        limits: &Limits,
        effects: &mut Effects,
    ) {
        self.may_ask = room.as_ref().is_some_and(|room| self.may_ask_above(room, limits));
        let Some(search) = self.server_search else { return };
        let Some(room) = room else { return self.set_server_search(None) };
        match search.stage {
            Stage::Asking if effects.outstanding.search.is_none() => self.ask(search, room, effects),
            Stage::Asking | Stage::Asked(_) => {}
            Stage::Coming(seq) => self.fetch_up_to(seq, search, room, history, effects),
        }
    }

    fn may_ask_above(&self, room: &Conversation, limits: &Limits) -> bool {
        let is_at_the_first = !self.needle.is_empty() && self.current.is_none_or(|current| current == 0);
        let is_exhausted = self.exhausted.is_some() && self.exhausted == room.oldest();
        // A longer text is no line that the server would take.
        room.past.may_be_more() && is_at_the_first && !is_exhausted && self.query.len() <= limits.text
    }

    fn ask(&mut self, search: ServerSearch, room: &Conversation, effects: &mut Effects) {
        let (Some(before), Some(count), 1..) = (room.oldest(), SafeInteger::new(1), search.left) else {
            return self.end_search();
        };
        self.set_server_search(Some(ServerSearch { stage: Stage::Asked(before), left: search.left - 1, ..search }));
        let (text, before) = (self.query.clone(), SafeInteger::new(before));
        effects.send(Request::Search { reference: None, text, before, count });
    }

    /// Takes the server's answer to a search. An answer to a search that was given up only makes way for the next.
    pub(crate) fn receive(&mut self, messages: &[Event], more: bool) {
        let Some((search, Stage::Asked(before))) = self.server_search.map(|search| (search, search.stage)) else {
            return;
        };
        let seqs = messages.iter().filter_map(|event| match event {
            Event::Message(message) => Some(message.seq),
            _ => None,
        });
        if let Some(seq) = seqs.filter(|&seq| seq < before).max() {
            self.set_server_search(Some(search.at(Stage::Coming(seq))));
        } else {
            self.exhausted = Some(before);
            // The server could look no further.
            self.is_beyond |= more && messages.is_empty();
            self.end_search();
        }
    }

    /// Fetches until there is a hit above the current one, at the latest in message `seq`.
    fn fetch_up_to(
        &mut self,
        seq: u64,
        search: ServerSearch,
        room: &mut Conversation,
        history: &History,
        effects: &mut Effects,
    ) {
        if self.step_into_older(search) {
            return;
        }
        match room.past {
            _ if room.oldest().is_none_or(|oldest| oldest <= seq) => {
                self.set_server_search(Some(search.at(Stage::Asking)));
                if effects.outstanding.search.is_none() {
                    self.ask(search, room, effects);
                }
            }
            OlderHistory::Loading => {}
            OlderHistory::Available => history.ask_older(MAX_COUNT as usize, room, effects),
            // There is something, but further up than this window goes.
            OlderHistory::Unknown | OlderHistory::Exhausted => {
                self.is_beyond = true;
                self.end_search();
            }
        }
    }

    /// Ends a search on the server that has nothing more above: it goes on from the bottom.
    fn end_search(&mut self) {
        self.set_server_search(None);
        self.go_to(self.hits.len().checked_sub(1));
    }

    /// Moves to a hit among older messages just fetched: the one above the current hit, or the lowest if there was
    /// none. False if nothing was found in them.
    fn step_into_older(&mut self, search: ServerSearch) -> bool {
        let found = match self.current {
            Some(current) if search.is_from_nothing => Some(current),
            Some(current) => current.checked_sub(1),
            None => None,
        };
        if found.is_some() {
            self.set_server_search(None);
            self.go_to(found);
        }
        found.is_some()
    }

    fn go_to(&mut self, hit: Option<usize>) {
        self.current = hit;
        self.version += 1;
        self.moves += 1;
    }

    fn set_server_search(&mut self, search: Option<ServerSearch>) {
        if self.server_search != search {
            self.server_search = search;
            self.version += 1;
        }
    }

    /// Brings hits and folded texts up to date with the conversation.
    pub(crate) fn keep_up(&mut self, conversation: &Conversation, notice_text: NoticeText) {
        let needle = fold(&self.query);
        if needle.is_empty() && self.needle.is_empty() {
            return;
        }
        let is_edited = std::mem::replace(&mut self.needle, needle) != self.needle;
        let index = self.index.as_ref();
        let revision = conversation.timeline.revision();
        let here = self.current_start().filter(|_| index.is_some_and(|it| it.revision.is_of_same_timeline(revision)));
        let changes = index.and_then(|it| conversation.timeline.changes_since(it.revision));
        let is_new = changes.is_none();
        if is_new {
            self.index = Some(Index::of(conversation, notice_text));
        }
        let changes = changes.into_iter().flatten();
        let has_changed = changes.fold(is_new | is_edited, |any, splice| self.follow(conversation, splice) | any);
        if is_new || is_edited || self.is_more && self.hits.len() < Find::MAX_HITS {
            self.search_all(conversation);
        }
        if has_changed {
            self.settle(here);
        }
    }

    /// Applies one change of the timeline; true if it concerns any hit. If the current hit goes, the one above becomes
    /// current.
    fn follow(&mut self, conversation: &Conversation, splice: Splice) -> bool {
        let Some(index) = &mut self.index else { return false };
        index.revision = conversation.timeline.revision();
        let Splice { at, removed, added } = splice;
        // Hits above the first one kept were dropped: counted from the end, places are right all the same.
        let end = self.hits.len().saturating_sub(index.hits_from(at + removed));
        let start = end.saturating_sub(index.entries.range(at..at + removed).map(|entry| entry.hits).sum());
        let items = || (at..at + added).filter_map(|index| conversation.timeline.get(index));
        let notice_text = index.notice_text;
        let entries: Vec<Entry> = items().map(|item| Entry::of(item, notice_text)).collect();
        replace_part(&mut index.entries, at..at + removed, entries);
        let new = index.entries.range_mut(at..at + added).zip(items());
        let found: Vec<Hit> = new.flat_map(|(entry, item)| entry.search(item, &self.needle, notice_text)).collect();
        let new_end = start + found.len();
        replace_part(&mut self.hits, start..end, found);
        self.current = self.current.map(|current| match current {
            _ if current >= end => current - end + new_end,
            _ if current >= start => start.saturating_sub(1),
            _ => current,
        });
        let surplus = self.hits.len().saturating_sub(Find::MAX_HITS);
        self.is_more |= surplus > 0;
        self.hits.drain(..surplus);
        self.current = self.current.map(|current| current.saturating_sub(surplus));
        new_end > start || end > start
    }

    /// Searches the whole conversation, from the bottom and no further than the hits that are kept.
    fn search_all(&mut self, conversation: &Conversation) {
        self.hits.clear();
        self.is_more = false;
        if self.needle.is_empty() {
            self.index = None;
        }
        let Some(index) = &mut self.index else { return };
        for (entry, item) in index.entries.iter_mut().rev().zip(conversation.timeline.items().rev()) {
            entry.hits = 0;
            let room = Find::MAX_HITS - self.hits.len();
            if room == 0 && self.is_more {
                continue;
            }
            let found = entry.search(item, &self.needle, index.notice_text);
            self.is_more |= found.len() > room;
            found.into_iter().rev().take(room).for_each(|hit| self.hits.push_front(hit));
        }
    }

    /// Sets the current hit: the one that began `here`, else the one above it, else the first; the last without a
    /// place.
    fn settle(&mut self, here: Option<(ItemId, usize)>) {
        let last = self.hits.len().checked_sub(1);
        let place = here.and_then(|(item, start)| Some((self.index.as_ref()?.hits_below(item)?, item, start)));
        self.current = match place {
            Some((below, item, start)) => {
                let end = self.hits.len().saturating_sub(below);
                let is_behind = |hit: &&Hit| hit.item == item && hit.range.start > start;
                let count = end - self.hits.range(..end).rev().take_while(is_behind).count();
                last.map(|_| count.saturating_sub(1))
            }
            None => last.map(|last| self.current.filter(|_| here.is_some()).map_or(last, |current| current.min(last))),
        };
        self.version += 1;
    }

    fn current_start(&self) -> Option<(ItemId, usize)> {
        self.hits.get(self.current?).map(|hit| (hit.item, hit.range.start))
    }
}
