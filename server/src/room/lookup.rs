//! Looking back: pages of history and searches, answered from memory or handed on to the stored history.

use papo_common::{Event, SafeInteger};

use super::channel::Channel;
use super::draft::Rejection;
use super::effects::{Effects, Query, QueryKind};
use super::search::Search;
use crate::keys::ConnectionKey;

/// A member's wish to look back.
pub(super) struct Lookup<'a> {
    pub(super) connection: ConnectionKey,
    /// The number that the answer bears.
    pub(super) reference: Option<SafeInteger>,
    /// Whether there is a stored history: where there is none, memory is all there is.
    pub(super) has_history: bool,
    pub(super) channel: &'a Channel,
    pub(super) effects: &'a mut Effects,
}

impl Lookup<'_> {
    /// Gives the last `count` messages before number `before`: from memory if that holds the whole page.
    pub(super) fn page(self, before: u64, count: usize) {
        let (messages, more) = self.channel.page(before, count);
        if self.has_history && !self.channel.is_whole(&messages, more) {
            return self.query(QueryKind::History { before, count });
        }
        self.effects.send(self.connection, Event::History { messages, more, reference: self.reference });
    }

    /// Gives what a search finds.
    pub(super) fn search(self, search: Option<Search>) -> Result<(), Rejection> {
        let mut search = search.ok_or(Rejection::NothingToFind)?;
        if self.has_history {
            self.query(QueryKind::Search(search));
        } else {
            let more = search.scan(self.channel.backlog.newest_first());
            self.effects.send(self.connection, search.into_event(more, self.reference));
        }
        Ok(())
    }

    fn query(self, kind: QueryKind) {
        self.effects.queries.push_back(Query { connection: self.connection, reference: self.reference, kind });
    }
}
