//! Requests that the server has not answered. Each has a time limit: a server of another version or make may not know
//! the request, or may answer with a problem that does not name it.

use std::collections::{BTreeMap, HashSet};

use papo_common::{Request, SafeInteger};

/// The requests of this connection that wait for an answer, with the seconds left for it.
#[derive(Debug, Default)]
pub(crate) struct Outstanding {
    search: Option<u32>,
    history: Option<u32>,
    /// Messages by the reference that their receipt bears.
    messages: BTreeMap<SafeInteger, u32>,
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
        self.search.is_some() || self.history.is_some() || !self.messages.is_empty()
    }

    /// Takes note of a request that is sent.
    pub(crate) fn sent(&mut self, request: &Request) {
        match request {
            Request::Search { .. } => self.search = Some(Outstanding::SECONDS),
            Request::History { .. } => self.history = Some(Outstanding::SECONDS),
            Request::Say { reference: Some(reference), .. } | Request::Private { reference: Some(reference), .. } => {
                self.messages.insert(*reference, Outstanding::SECONDS);
            }
            _ => {}
        }
    }

    /// The search was answered.
    pub(crate) fn search_answered(&mut self) {
        self.search = None;
    }

    /// The request for history was answered.
    pub(crate) fn history_answered(&mut self) {
        self.history = None;
    }

    /// Counts one second. Forgets messages that are not `pending` any more, and requests that it returns as overdue.
    pub(crate) fn tick(&mut self, pending: &HashSet<SafeInteger>) -> Overdue {
        self.messages.retain(|reference, _| pending.contains(reference));
        let mut overdue = Overdue {
            search: count_down(&mut self.search),
            history: count_down(&mut self.history),
            messages: HashSet::new(),
        };
        self.messages.retain(|reference, left| {
            *left = left.saturating_sub(1);
            *left > 0 || !overdue.messages.insert(*reference)
        });
        overdue
    }
}

/// Counts one second; at the end true, and the countdown is removed.
fn count_down(left: &mut Option<u32>) -> bool {
    *left = left.map(|seconds| seconds.saturating_sub(1));
    left.take_if(|seconds| *seconds == 0).is_some()
}
