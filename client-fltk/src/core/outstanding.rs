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
    search: Option<u32>,
    history: Option<(HistoryRequest, u32)>,
    /// Messages by the reference that their receipt bears.
    messages: HashMap<SafeInteger, u32>,
}

/// The requests that were not answered in time.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Overdue {
    pub(crate) search: bool,
    pub(crate) history: bool,
    pub(crate) messages: HashSet<SafeInteger>,
}

impl Outstanding {
    /// Seconds for the server to answer anything.
    pub(crate) const SECONDS: u32 = 30;

    /// Whether anything is waited for.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_searching() || self.is_fetching() || !self.messages.is_empty()
    }

    /// Whether a search is waited for.
    pub(crate) fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Whether messages of the history are waited for.
    pub(crate) fn is_fetching(&self) -> bool {
        self.history.is_some()
    }

    /// Takes note of a request for messages of the history that is sent.
    pub(crate) fn fetching(&mut self, kind: HistoryRequest) {
        self.history = Some((kind, Outstanding::SECONDS));
    }

    /// Takes note of any other request that is sent.
    pub(crate) fn sent(&mut self, request: &Request) {
        match request {
            Request::Search { .. } => self.search = Some(Outstanding::SECONDS),
            Request::Say { reference: Some(reference), .. } | Request::Private { reference: Some(reference), .. } => {
                self.messages.insert(*reference, Outstanding::SECONDS);
            }
            _ => {}
        }
    }

    /// The search was answered; false if none was waited for.
    pub(crate) fn search_answered(&mut self) -> bool {
        self.search.take().is_some()
    }

    /// The request for history was answered: its kind, if one was waited for.
    pub(crate) fn history_answered(&mut self) -> Option<HistoryRequest> {
        self.history.take().map(|(kind, _)| kind)
    }

    /// Counts one second, and tells what is overdue. Forgets messages that are not `pending` any more or are overdue.
    pub(crate) fn tick(&mut self, pending: &HashSet<SafeInteger>) -> Overdue {
        self.messages.retain(|reference, _| pending.contains(reference));
        let history = self.history.iter_mut().map(|(_, left)| left);
        for left in self.search.iter_mut().chain(history).chain(self.messages.values_mut()) {
            *left = left.saturating_sub(1);
        }
        Overdue {
            search: self.search == Some(0),
            history: self.history.is_some_and(|(_, left)| left == 0),
            messages: self.messages.extract_if(|_, left| *left == 0).map(|(reference, _)| reference).collect(),
        }
    }
}
