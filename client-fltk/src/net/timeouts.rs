//! Time limits of a connection.

use std::time::Duration;

/// Time limits of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// Limit for resolving a machine's name and connecting to it.
    pub(super) connect: Duration,
    /// Limit for connecting to one of its addresses.
    pub(super) attempt: Duration,
    /// Delay before the next address is tried beside those that have not answered.
    pub(super) attempt_delay: Duration,
    /// Longest silence of the server, which pings every 30 s: after it the connection counts as lost.
    pub(super) silence: Duration,
    /// Interval of signs of life while nothing is read, so that the server does not take this program for dead.
    pub(super) sign_of_life: Duration,
    /// Limit for the server to take any of the bytes being written.
    pub(super) write: Duration,
    /// Limit for the server to take all that is queued when the connection is closed.
    pub(super) flush: Duration,
    /// Limit for the server to close after the last line was written.
    pub(super) farewell: Duration,
}

/// The usual limits.
pub(super) const USUAL: Timeouts = Timeouts {
    connect: Duration::from_secs(20),
    attempt: Duration::from_secs(5),
    attempt_delay: Duration::from_millis(250),
    silence: Duration::from_secs(75),
    sign_of_life: Duration::from_secs(30),
    write: Duration::from_secs(15),
    flush: Duration::from_secs(2),
    farewell: Duration::from_secs(1),
};
