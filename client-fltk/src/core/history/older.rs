//! Older messages of the room, as far as the server has any.

/// What the server was asked for with `history` and has not answered: one thing at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryRequest {
    /// What was said before the first message that is known.
    Backfill,
    /// What was said during an absence.
    Gap,
}

/// What there is above the first item of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OlderHistory {
    /// Not known, or not wanted: nothing is asked.
    #[default]
    Unknown,
    /// Older messages, on the server.
    Available,
    /// Older messages, on their way, or to be asked for as soon as there is a connection.
    Loading,
    /// Nothing: here it begins.
    Exhausted,
}

impl OlderHistory {
    /// How many messages scrolling up asks for.
    pub(crate) const PAGE: usize = 100;

    /// Whether there may be older messages that can be fetched.
    pub(crate) fn may_be_more(self) -> bool {
        matches!(self, OlderHistory::Available | OlderHistory::Loading)
    }
}
