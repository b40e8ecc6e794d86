//! Demands of a connection's clock.

use papo_common::Refusal;

/// Demand of a deadline that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// Send a `ping`: the connection has been quiet.
    Ping,
    /// Close it: the `ping` stayed unanswered.
    Dead,
    /// Close it: no name was ever given.
    Unregistered,
    /// Close it: it cannot stay, for that reason.
    Refused(Refusal),
    /// Close it: its reader has fallen too far behind.
    Slow,
}
