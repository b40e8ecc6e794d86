//! Finding in the conversation shown. What is folded is kept while the find bar is open, so that a key typed in it
//! and a line that arrives cost little with ten thousand lines.

pub(crate) mod server_search;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use papo_common::fold::fold;

use crate::core::find::server_search::ServerSearch;
use crate::core::model::Model;
use crate::core::notices::NoticeText;
use crate::core::{Content, Conversation, ConversationId};
use crate::text::folding::ranges;

/// What is looked for, and where it stands. Case and accents do not count.
#[derive(Debug)]
pub struct Find {
    /// What stands in the field of the find bar.
    pub query: String,
    /// All places where it stands, from top to bottom, at most [`Find::MAX_HITS`]: then the newest.
    pub hits: VecDeque<Hit>,
    /// Which of them is the one looked at.
    pub current: Option<usize>,
    /// Whether there are more than that.
    pub is_more: bool,
    /// Rises whenever `hits` or `current` change.
    pub version: u64,
    /// Rises when the person moves to a hit, and only then: the view brings the current one into sight.
    pub moves: u64,
    /// Rises each time the person asks for the find bar, also while it is open: its field takes the focus.
    pub asked: u64,
    /// What the server is asked meanwhile.
    pub(crate) quest: Option<ServerSearch>,
    /// The server knows nothing more above the message with that number.
    pub(crate) exhausted: Option<u64>,
    /// The server knows more than fits into this window, or than it has looked through.
    pub(crate) is_beyond: bool,
    /// Going further up asks the server.
    may_ask: bool,
    needle: String,
    /// `None` while nothing is looked for.
    index: Option<Index>,
    notice_text: NoticeText,
}

/// Looks for nothing, and has no words for notices.
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
            quest: None,
            exhausted: None,
            is_beyond: false,
            may_ask: false,
            needle: String::new(),
            index: None,
            notice_text: |_| String::new(),
        }
    }
}

/// What came of a search. [`crate::strings::find`] has the words.
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
        /// The one looked at, counted from 1.
        number: usize,
        /// How many there are.
        count: usize,
        /// Whether there are more than are counted.
        is_more: bool,
    },
}

/// One place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The number of the item.
    pub item: u64,
    /// The bytes of its text.
    pub range: Range<usize>,
}

impl Find {
    /// More hits are of no use to anybody.
    pub const MAX_HITS: usize = 10_000;

    /// A find bar that looks for nothing yet.
    pub(crate) fn new(notice_text: NoticeText) -> Find {
        Find { notice_text, ..Find::default() }
    }

    /// What came of it.
    pub fn summary(&self) -> FindSummary {
        let is_more = self.is_more || self.is_beyond;
        match self.current {
            _ if self.needle.is_empty() => FindSummary::Idle,
            _ if self.quest.is_some() => FindSummary::Searching,
            Some(current) => FindSummary::At { number: current + 1, count: self.hits.len(), is_more },
            None if self.may_ask => FindSummary::MayAsk,
            None if self.is_beyond => FindSummary::NotAllSeen,
            None => FindSummary::Nothing,
        }
    }

    /// Whether there is anything to go up to, or anybody to ask.
    pub fn leads_up(&self) -> bool {
        self.current.is_some() || self.quest.is_some() || self.may_ask
    }

    /// Looks for something else: from the hit looked at upwards, or from the bottom.
    pub(crate) fn look_for(&mut self, query: String, conversation: &Conversation) {
        (self.quest, self.exhausted, self.is_beyond) = (None, None, false);
        let here = self.current_start();
        self.needle = fold(&query);
        self.query = query;
        self.keep_up(conversation, None);
        self.search_all(conversation);
        self.settle(here);
        self.moves += 1;
    }

    /// To the next hit below or above; after the last comes the first.
    pub(crate) fn step(&mut self, is_down: bool) {
        let (Some(current), count @ 1..) = (self.current, self.hits.len()) else { return };
        self.current = Some(if is_down { current + 1 } else { current + count - 1 } % count);
        self.version += 1;
        self.moves += 1;
    }

    /// Whether there is no hit above the one looked at.
    pub(crate) fn is_at_the_first(&self) -> bool {
        !self.needle.is_empty() && self.current.is_none_or(|current| current == 0)
    }

    /// To the bottom.
    pub(crate) fn wrap(&mut self) {
        self.current = self.hits.len().checked_sub(1);
        self.version += 1;
        self.moves += 1;
    }

    /// Takes over what happened to the conversation; `changed_from` is the lowest number whose item changed.
    fn keep_up(&mut self, conversation: &Conversation, changed_from: Option<u64>) {
        if self.needle.is_empty() {
            self.index = None;
            return;
        }
        let Some(index) = self.index.as_mut().filter(|index| index.place == conversation.place) else {
            let mut index = Index::of(conversation, self.notice_text);
            index.add_new(conversation);
            self.index = Some(index);
            self.search_all(conversation);
            return self.settle(None);
        };
        let end = index.end();
        let kept = conversation.first..changed_from.unwrap_or(end).min(end);
        index.keep(&kept);
        let new = index.add_new(conversation);
        let older = index.add_older(conversation);
        if kept.end < end || !new.is_empty() || self.hits.front().is_some_and(|hit| hit.item < kept.start) {
            let here = self.current_start();
            self.keep_hits(&kept);
            self.search(conversation, new);
            self.settle(here);
        }
        if !older.is_empty() {
            let here = self.current_start();
            self.search_above(conversation, older);
            self.settle(here);
        }
    }

    fn keep_hits(&mut self, numbers: &Range<u64>) {
        let first = self.hits.partition_point(|hit| hit.item < numbers.start);
        self.hits.drain(..first);
        let end = self.hits.partition_point(|hit| hit.item < numbers.end);
        self.hits.truncate(end);
    }

    fn search(&mut self, conversation: &Conversation, numbers: Range<u64>) {
        for number in numbers {
            let found = self.found_in(conversation, number);
            self.hits.extend(found.into_iter().map(|range| Hit { item: number, range }));
        }
        let surplus = self.hits.len().saturating_sub(Find::MAX_HITS);
        self.is_more |= surplus > 0;
        self.hits.drain(..surplus);
    }

    /// From the bottom, and no further than the hits that are kept.
    fn search_all(&mut self, conversation: &Conversation) {
        self.hits.clear();
        self.is_more = false;
        let numbers = self.index.as_ref().map_or(0..0, |index| index.first..index.end());
        self.search_above(conversation, numbers);
    }

    fn search_above(&mut self, conversation: &Conversation, numbers: Range<u64>) {
        for number in numbers.rev() {
            for range in self.found_in(conversation, number).into_iter().rev() {
                if self.hits.len() == Find::MAX_HITS {
                    self.is_more = true;
                    return;
                }
                self.hits.push_front(Hit { item: number, range });
            }
        }
    }

    fn found_in(&self, conversation: &Conversation, number: u64) -> Vec<Range<usize>> {
        let folded = self.index.as_ref().and_then(|index| index.folded(number));
        let text = conversation.item(number).and_then(|item| searchable(&item.content, self.notice_text));
        text.zip(folded).map_or_else(Vec::new, |(text, folded)| ranges(&text, folded, &self.needle))
    }

    /// The current hit is the one that began `here`, else the one above it, else the first; without a place the last.
    fn settle(&mut self, here: Option<(u64, usize)>) {
        let not_below = |here| self.hits.partition_point(|hit| (hit.item, hit.range.start) <= here);
        let count = here.map_or(self.hits.len(), not_below);
        self.current = (!self.hits.is_empty()).then(|| count.saturating_sub(1));
        self.version += 1;
    }

    fn current_start(&self) -> Option<(u64, usize)> {
        self.hits.get(self.current?).map(|hit| (hit.item, hit.range.start))
    }
}

/// The folded texts of a conversation.
#[derive(Debug)]
struct Index {
    place: ConversationId,
    /// The number of the first of `folded`.
    first: u64,
    /// `None` where nothing can be found.
    folded: VecDeque<Option<Box<str>>>,
    notice_text: NoticeText,
}

impl Index {
    fn of(conversation: &Conversation, notice_text: NoticeText) -> Index {
        Index { place: conversation.place.clone(), first: conversation.first, folded: VecDeque::new(), notice_text }
    }

    fn end(&self) -> u64 {
        self.first + self.folded.len() as u64
    }

    fn folded(&self, number: u64) -> Option<&str> {
        self.folded.get(number.checked_sub(self.first)? as usize)?.as_deref()
    }

    fn keep(&mut self, numbers: &Range<u64>) {
        self.folded.truncate(numbers.end.saturating_sub(self.first) as usize);
        let gone = numbers.start.saturating_sub(self.first);
        self.folded.drain(..self.folded.len().min(gone as usize));
        self.first = self.first.max(numbers.start);
    }

    /// Folds what was put in front since; which numbers those are.
    fn add_older(&mut self, conversation: &Conversation) -> Range<u64> {
        let older = conversation.first..self.first.max(conversation.first);
        for number in older.clone().rev() {
            self.folded.push_front(self.fold(conversation, number));
        }
        self.first = conversation.first;
        older
    }

    /// Folds what is not folded yet; which numbers those are.
    fn add_new(&mut self, conversation: &Conversation) -> Range<u64> {
        let new = self.end()..conversation.next_number();
        for number in new.clone() {
            self.folded.push_back(self.fold(conversation, number));
        }
        new
    }

    fn fold(&self, conversation: &Conversation, number: u64) -> Option<Box<str>> {
        let text = conversation.item(number).and_then(|item| searchable(&item.content, self.notice_text));
        text.map(|text| fold(&text).into())
    }
}

/// What people read as a text; who came and went is not looked for.
fn searchable(content: &Content, notice_text: NoticeText) -> Option<Cow<'_, str>> {
    match content {
        Content::Message(said) => Some(said.text.as_str().into()),
        Content::Notice(text) => Some(text.as_str().into()),
        Content::LocalNotice(notice) => Some(notice_text(notice).into()),
        Content::Passed(_) | Content::Entered | Content::Gap(_) => None,
    }
}

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
        let shown = self.state.conversations.iter().find(|it| it.place == self.state.place);
        if let (Some(find), Some(conversation)) = (&mut self.state.find, shown) {
            find.look_for(query, conversation);
        }
    }

    /// After whatever happened.
    pub(crate) fn keep_find_up(&mut self) {
        let mut conversations = self.state.conversations.iter_mut();
        let shown = conversations.find(|it| it.place == self.state.place);
        if let (Some(find), Some(conversation)) = (&mut self.state.find, shown) {
            let changed_from = conversation.take_changed();
            find.keep_up(conversation, changed_from);
        }
        let may_ask = self.may_search();
        if let Some(find) = &mut self.state.find {
            find.may_ask = may_ask;
        }
    }
}
