//! The result of a search, for the find bar.

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
