//! Queries of members; a few milliseconds of every turn go into them.
//!
//! A search reads the messages one by one, the newest first, and compares folded texts, so that a text is found in any
//! script and in the middle of a word. One scan over the messages serves all searches that wait when it begins; each
//! leaves it once it is complete. Later searches wait for the next scan.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use papo_common::fold::fold_into;
use papo_common::{ErrorReason, Event, Name, SafeInteger, sentences};
use rusqlite::Connection;

use super::notices::IN_LESSON;
use super::rows::{self, COLUMNS};
use crate::keys::ConnectionKey;
use crate::os::resources::processor_time;
use crate::room::effects::{Query, QueryKind};
use crate::room::search::Search;

/// The share of one turn that queries get.
#[derive(Clone, Copy, Debug)]
pub struct TimeSlice {
    /// Processor time. Searches get at least half of it, whatever pages take.
    pub time: Duration,
    /// Bytes of text, times the searches they are compared with, between two looks at that time.
    pub stride: usize,
}

impl TimeSlice {
    /// The slice of the server's loop. A message that arrives meanwhile waits for so long.
    pub const DEFAULT: TimeSlice = TimeSlice { time: Duration::from_millis(5), stride: 64 * 1024 };
}

/// Queries that wait, and answers that have not been taken out.
#[derive(Debug, Default)]
pub struct Queries {
    pages: VecDeque<PageQuery>,
    /// Searches for the next scan.
    searches: Vec<SearchQuery>,
    scan: Option<Scan>,
    answers: VecDeque<(ConnectionKey, Event)>,
}

/// A query for the last `count` messages before number `before`.
#[derive(Debug)]
struct PageQuery {
    to: ConnectionKey,
    reference: Option<SafeInteger>,
    before: u64,
    count: usize,
}

/// A search with the connection that asks.
#[derive(Debug)]
struct SearchQuery {
    to: ConnectionKey,
    reference: Option<SafeInteger>,
    search: Search,
}

/// One pass over the messages from the newest on.
#[derive(Debug)]
struct Scan {
    /// Searches that are not complete: never none.
    searches: Vec<SearchQuery>,
    /// Messages from this number on have been scanned, or interest no search.
    position: u64,
    /// Names checked so far: to check one is more work than to read a row, and few people send many messages.
    names: HashMap<String, Option<Name>>,
    /// The folded text of one message.
    folded: String,
}

impl Queries {
    /// Adds a query. Its connection has no other one here.
    pub fn push(&mut self, Query { connection: to, reference, kind }: Query) {
        match kind {
            QueryKind::History { before, count } => self.pages.push_back(PageQuery { to, reference, before, count }),
            QueryKind::Search(search) => self.searches.push(SearchQuery { to, reference, search }),
        }
    }

    /// Drops the query of a connection that is gone.
    pub fn cancel(&mut self, to: ConnectionKey) {
        self.pages.retain(|page| page.to != to);
        self.searches.retain(|query| query.to != to);
        if let Some(scan) = &mut self.scan {
            scan.searches.retain(|query| query.to != to);
        }
        self.scan.take_if(|scan| scan.searches.is_empty());
        self.answers.retain(|(key, _)| *key != to);
    }

    /// Drops the messages that `is_hidden` says are shown to nobody any more from what searches have found so far.
    pub fn redact(&mut self, is_hidden: impl Fn(u64) -> bool) {
        let under_way = self.scan.iter_mut().flat_map(|scan| &mut scan.searches);
        under_way.for_each(|query| query.search.redact(&is_hidden));
    }

    /// Whether there is neither a query nor an answer.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.searches.is_empty() && self.scan.is_none() && self.answers.is_empty()
    }

    /// Takes out an answer and the connection that it is for.
    pub fn next_answer(&mut self) -> Option<(ConnectionKey, Event)> {
        self.answers.pop_front()
    }

    /// Answers every query that there is no history to ask any more.
    pub fn fail_all(&mut self) {
        let pages = self.pages.drain(..).map(|page| (page.to, page.reference));
        let under_way = self.scan.take().into_iter().flat_map(|scan| scan.searches);
        let searches = under_way.chain(self.searches.drain(..)).map(|it| (it.to, it.reference));
        let unavailable = |reference| Event::problem(ErrorReason::Unavailable, reference, sentences::UNAVAILABLE);
        self.answers.extend(pages.chain(searches).map(|(to, reference)| (to, unavailable(reference))));
    }

    /// Works for one slice. After an error of the database, queries without an answer still wait.
    pub(super) fn step(&mut self, db: &Connection, slice: TimeSlice) -> Result<(), rusqlite::Error> {
        let end = processor_time() + slice.time;
        while let Some(page) = self.pages.front() {
            self.answers.push_back((page.to, page.answer(db)?));
            self.pages.pop_front();
            if processor_time() >= end {
                break;
            }
        }
        self.search(db, end.max(processor_time() + slice.time / 2), slice.stride)
    }

    fn search(&mut self, db: &Connection, end: Duration, stride: usize) -> Result<(), rusqlite::Error> {
        loop {
            if self.scan.is_none() && !self.searches.is_empty() {
                self.scan = Some(Scan::new(std::mem::take(&mut self.searches)));
            }
            let Some(scan) = &mut self.scan else { return Ok(()) };
            scan.step(db, end, stride, &mut self.answers)?;
            self.scan.take_if(|scan| scan.searches.is_empty());
            if processor_time() >= end {
                return Ok(());
            }
        }
    }
}

impl PageQuery {
    fn answer(&self, db: &Connection) -> Result<Event, rusqlite::Error> {
        let (messages, more) = rows::page(db, self.before, self.count)?;
        Ok(Event::History { messages, more, reference: self.reference })
    }
}

impl SearchQuery {
    fn answer(self, more: bool) -> (ConnectionKey, Event) {
        (self.to, self.search.into_event(more, self.reference))
    }
}

impl Scan {
    fn new(searches: Vec<SearchQuery>) -> Scan {
        let position = searches.iter().map(|it| it.search.before()).max().unwrap_or_default();
        Scan { searches, position, names: HashMap::new(), folded: String::new() }
    }

    /// Scans one message at least, and more until the processor time `end` or until all searches are complete.
    fn step(
        &mut self,
        db: &Connection,
        end: Duration,
        stride: usize,
        answers: &mut VecDeque<(ConnectionKey, Event)>,
    ) -> Result<(), rusqlite::Error> {
        let older = format!("SELECT {COLUMNS} FROM messages WHERE seq < ? AND {IN_LESSON} ORDER BY seq DESC");
        let mut older = db.prepare_cached(&older)?;
        let first = format!("SELECT coalesce(min(seq), 0) FROM messages WHERE {IN_LESSON}");
        let mut first = db.prepare_cached(&first)?;
        let first: i64 = first.query_row([], |row| row.get(0))?;
        let mut rows = older.query([self.position as i64])?;
        let mut compared = 0;
        while !self.searches.is_empty() {
            let Some(row) = rows.next()? else {
                answers.extend(self.searches.drain(..).map(|it| it.answer(false)));
                break;
            };
            let (seq, text) = (rows::seq(row)?, rows::text(row)?);
            self.folded.clear();
            fold_into(text, &mut self.folded);
            compared += text.len() * self.searches.len();
            let wants = |it: &SearchQuery| it.search.matches(seq, &self.folded);
            if let Some(place) = self.searches.iter().position(wants)
                && let Some(message) = rows::message(row, &mut self.names)?
            {
                let over = self
                    .searches
                    .extract_if(place.., |it| it.search.matches(seq, &self.folded) && it.search.add(&message));
                answers.extend(over.map(|it| it.answer(seq > first as u64)));
            }
            self.position = seq;
            if compared >= stride {
                compared = 0;
                if processor_time() >= end {
                    break;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
