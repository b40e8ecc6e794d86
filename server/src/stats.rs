//! Counters that the operator's status shows.

/// Bytes that went over the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// From clients.
    pub read: u64,
    /// To clients.
    pub written: u64,
}
