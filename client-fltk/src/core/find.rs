//! Search in the conversation shown. Folded texts are kept while the find bar is open, so that a key typed in it, or a
//! new item, costs little even with ten thousand items.

pub(crate) mod index;
pub(crate) mod server_search;

use std::collections::VecDeque;

use papo_common::fold::fold;

use crate::core::find::index::{Entry, Hit, Index};
use crate::core::find::server_search::ServerSearch;
use crate::core::notices::NoticeText;
use crate::core::timeline::splices::replace_part;
use crate::core::{Conversation, ItemId, Splice};

/// A search in the conversation shown, and its hits. Case and accents do not count.
#[derive(Debug)]
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
    pub(crate) server_search: Option<ServerSearch>,
    /// The sequence number of the message above which the server has no further hits.
    pub(crate) exhausted: Option<u64>,
    /// Whether the server has hits beyond those that fit into this window, or has not looked through everything.
    pub(crate) is_beyond: bool,
    /// Whether a step up from the first hit asks the server.
    pub(crate) may_ask: bool,
    needle: String,
    /// The folded texts; `None` while nothing is looked for.
    index: Option<Index>,
    notice_text: NoticeText,
}

/// An empty search, without words for notices.
impl Default for Find {
    fn default() -> Find {
        Find {
            query: String::new(),
            hits: VecDeque::new(),
            current: None,
            is_more: false,
            version: 0,
            moves: 0,
            asked: 0,
            server_search: None,
            exhausted: None,
            is_beyond: false,
            may_ask: false,
            needle: String::new(),
            index: None,
            notice_text: |_| String::new(),
        }
    }
}

/// The result of a search. [`crate::strings::find`] has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindSummary {
    /// Nothing is looked for.
    Idle,
    /// The server is looking for older messages.
    Searching,
    /// Nothing is found in what was fetched so far; the server can be asked.
    MayAsk,
    /// Nothing is found, but not everything was looked at.
    NotAllSeen,
    /// Nothing is found.
    Nothing,
    /// There are hits.
    At {
        /// The current hit, counted from 1.
        number: usize,
        /// The number of hits.
        count: usize,
        /// Whether there are more than are counted.
        is_more: bool,
    },
}

impl Find {
    /// The most hits that are kept: more are of no use to anybody.
    pub const MAX_HITS: usize = 10_000;

    /// A find bar with an empty field.
    pub(crate) fn new(notice_text: NoticeText) -> Find {
        Find { notice_text, ..Find::default() }
    }

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

    /// Searches for another text: upwards from the current hit, or from the bottom.
    pub(crate) fn look_for(&mut self, query: String, conversation: &Conversation) {
        (self.server_search, self.exhausted, self.is_beyond) = (None, None, false);
        let here = self.current_start();
        self.needle = fold(&query);
        self.query = query;
        self.index.get_or_insert_with(|| Index::of(conversation, self.notice_text));
        self.keep_up(conversation);
        self.search_all(conversation);
        self.settle(here);
        self.moves += 1;
    }

    /// Moves to the next hit below or above; after the last comes the first.
    pub(crate) fn step(&mut self, is_down: bool) {
        let (Some(current), count @ 1..) = (self.current, self.hits.len()) else { return };
        self.current = Some(if is_down { current + 1 } else { current + count - 1 } % count);
        self.version += 1;
        self.moves += 1;
    }

    /// Moves to a hit among older messages just fetched: the one above the current hit, or the lowest if there was
    /// none. False if nothing was found in them.
    pub(crate) fn step_into_older(&mut self, search: ServerSearch) -> bool {
        let found = match self.current {
            Some(current) if search.is_from_nothing => Some(current),
            Some(current) => current.checked_sub(1),
            None => None,
        };
        if found.is_some() {
            self.current = found;
            self.moves += 1;
            self.set_server_search(None);
        }
        found.is_some()
    }

    pub(crate) fn set_server_search(&mut self, search: Option<ServerSearch>) {
        if self.server_search != search {
            self.server_search = search;
            self.version += 1;
        }
    }

    /// Whether there is no hit above the current one.
    pub(crate) fn is_at_the_first(&self) -> bool {
        !self.needle.is_empty() && self.current.is_none_or(|current| current == 0)
    }

    /// Moves to the lowest hit.
    pub(crate) fn wrap(&mut self) {
        self.current = self.hits.len().checked_sub(1);
        self.version += 1;
        self.moves += 1;
    }

    /// Brings hits and folded texts up to date with the conversation.
    pub(crate) fn keep_up(&mut self, conversation: &Conversation) {
        if self.needle.is_empty() {
            self.index = None;
            return;
        }
        let here =
            self.current_start().filter(|_| self.index.as_ref().is_some_and(|it| it.place == conversation.place));
        let changes = self.index.as_ref().and_then(|it| conversation.timeline.changes_since(it.revision));
        let Some(changes) = changes else {
            self.index = Some(Index::of(conversation, self.notice_text));
            self.search_all(conversation);
            return self.settle(here);
        };
        let has_changed = changes.into_iter().fold(false, |any, splice| self.follow(conversation, splice) | any);
        if let Some(index) = &mut self.index {
            index.revision = conversation.timeline.revision();
        }
        if self.is_more && self.hits.len() < Find::MAX_HITS {
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
        let Splice { at, removed, added } = splice;
        // Hits above the first one kept were dropped: counted from the end, places are right all the same.
        let end = self.hits.len().saturating_sub(index.hits_from(at + removed));
        let start = end.saturating_sub(index.entries.range(at..at + removed).map(|entry| entry.hits).sum());
        let items = || (at..at + added).filter_map(|index| conversation.timeline.get(index));
        let entries: Vec<Entry> = items().map(|item| Entry::of(item, self.notice_text)).collect();
        replace_part(&mut index.entries, at..at + removed, entries);
        let new = index.entries.range_mut(at..at + added).zip(items());
        let found: Vec<Hit> =
            new.flat_map(|(entry, item)| entry.search(item, &self.needle, self.notice_text)).collect();
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
        let Some(index) = &mut self.index else { return };
        for (entry, item) in index.entries.iter_mut().rev().zip(conversation.timeline.items().rev()) {
            entry.hits = 0;
            let room = Find::MAX_HITS - self.hits.len();
            if room == 0 && self.is_more {
                continue;
            }
            let found = entry.search(item, &self.needle, self.notice_text);
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
