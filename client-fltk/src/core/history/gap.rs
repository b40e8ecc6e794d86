//! Messages of the room that are not known: gaps, and what lies above the first item.

/// Messages of the room that are not known, between the item above the gap and the one below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The number of the last message known above; 0 if there is none.
    pub(crate) after: u64,
    /// The number of the first message known below.
    pub(crate) before: u64,
    /// The number of pages that may still be asked for.
    pub(crate) pages: u8,
}

impl Gap {
    /// The most pages fetched of a long absence; the rest is left out.
    pub(crate) const MAX_PAGES: u8 = 10;

    /// The number of messages that may lie in the gap.
    pub(crate) fn count(self) -> u64 {
        self.before.saturating_sub(self.after).saturating_sub(1)
    }

    /// Whether the message with that number is missing here.
    pub(crate) fn contains(self, seq: u64) -> bool {
        self.after < seq && seq < self.before
    }

    /// Whether all messages missing here come after the message with that number.
    pub(crate) fn is_after(self, seq: u64) -> bool {
        self.after >= seq
    }

    /// The gaps that remain above and below the message with that number, once it is known.
    pub(crate) fn divided_at(self, seq: u64) -> (Option<Gap>, Option<Gap>) {
        let part = |gap: Gap| Some(gap).filter(|gap| gap.count() > 0);
        (part(Gap { before: seq, ..self }), part(Gap { after: seq, ..self }))
    }
}

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
