//! Older messages of the room, as far as the server has any.

/// The state of the messages above the first item of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OlderHistory {
    /// Unknown or not wanted: nothing is asked for.
    #[default]
    Unknown,
    /// The server has older messages.
    Available,
    /// Older messages are on their way, or will be asked for as soon as there is a connection.
    Loading,
    /// There are no older messages: the conversation begins here.
    Exhausted,
}

impl OlderHistory {
    /// The number of messages that scrolling up asks for.
    pub(crate) const PAGE: usize = 100;

    /// Whether there may be older messages that can be fetched.
    pub(crate) fn may_be_more(self) -> bool {
        matches!(self, OlderHistory::Available | OlderHistory::Loading)
    }
}
