//! Requests that the server has not answered. Each has a time limit: a server of another version or make may not know
//! the request, or may answer with a problem that does not name it.

use std::collections::{HashMap, HashSet};

use papo_common::{Request, SafeInteger};

/// The kind of the `history` request that the server has not answered; there is at most one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryRequest {
    /// Messages before the first one that is known.
    Backfill,
    /// Messages of a gap, said during an absence.
    Gap,
}

/// The requests of this connection that wait for an answer, with the seconds left for it.
#[derive(Debug, Default)]
pub(crate) struct Outstanding {
    pub(crate) search: Option<u32>,
    pub(crate) history: Option<(HistoryRequest, u32)>,
    /// Messages by the reference that their receipt bears.
    messages: HashMap<SafeInteger, u32>,
}

impl Outstanding {
    /// Seconds for the server to answer anything.
    pub(crate) const SECONDS: u32 = 30;

    /// Whether anything is waited for.
    pub(crate) fn is_waiting(&self) -> bool {
        self.search.is_some() || self.history.is_some() || !self.messages.is_empty()
    }

    /// Takes note of a request that is sent, other than one for history.
    pub(crate) fn sent(&mut self, request: &Request) {
        match request {
            Request::Search { .. } => self.search = Some(Outstanding::SECONDS),
            Request::Say { reference: Some(reference), .. } | Request::Private { reference: Some(reference), .. } => {
                self.messages.insert(*reference, Outstanding::SECONDS);
            }
            _ => {}
        }
    }

    /// Counts one second: a search or history is overdue at 0. The messages that are overdue are returned and forgotten,
    /// as are those that are not `pending` any more.
    pub(crate) fn tick(&mut self, pending: &HashSet<SafeInteger>) -> HashSet<SafeInteger> {
        self.messages.retain(|reference, _| pending.contains(reference));
        let history = self.history.iter_mut().map(|(_, left)| left);
        for left in self.search.iter_mut().chain(history).chain(self.messages.values_mut()) {
            *left = left.saturating_sub(1);
        }
        self.messages.extract_if(|_, left| *left == 0).map(|(reference, _)| reference).collect()
    }
}
