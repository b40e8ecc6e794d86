//! What is missing in the room.

/// Messages of the room that are not known, between what stands above the gap and what stands below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The number of the last message known above; 0 if there is none.
    pub(crate) after: u64,
    /// The number of the first message known below.
    pub(crate) before: u64,
    /// How many more pages may be asked for.
    pub(crate) pages: u8,
}

impl Gap {
    /// Bounds what is fetched of a long absence; the rest is left out.
    pub(crate) const MAX_PAGES: u8 = 10;

    /// How many numbers lie in it.
    pub(crate) fn count(self) -> u64 {
        self.before.saturating_sub(self.after).saturating_sub(1)
    }

    /// Whether the message with that number is missing here.
    pub(crate) fn contains(self, seq: u64) -> bool {
        self.after < seq && seq < self.before
    }

    /// Whether all that is missing here was said after the message with that number.
    pub(crate) fn is_after(self, seq: u64) -> bool {
        self.after >= seq
    }

    /// What is missing above and below that message, which is missing no more.
    pub(crate) fn divided_at(self, seq: u64) -> (Option<Gap>, Option<Gap>) {
        let part = |gap: Gap| Some(gap).filter(|gap| gap.count() > 0);
        (part(Gap { before: seq, ..self }), part(Gap { after: seq, ..self }))
    }
}
