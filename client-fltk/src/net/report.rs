//! Reports from a connection to the window.

use papo_common::Event;

use super::shared::Permit;

/// A report from a connection. Reports come in this order: `Connected`, `Events`…, `Ended`; or `Failed` alone.
#[derive(Clone, Debug)]
pub enum Report {
    /// The connection stands; `hello` may be sent.
    Connected,
    /// The connection could not be made.
    Failed(ConnectError),
    /// Events from the server, in order; at least one. The permit is dropped when the events have been handled.
    Events(Vec<Event>, Permit),
    /// The connection ended, in good order or not, and the server did not say why.
    Ended,
}

impl From<Event> for Report {
    /// A batch of one event that counts against no limit.
    fn from(event: Event) -> Report {
        Report::Events(vec![event], Permit::default())
    }
}

/// The reason why a connection could not be made, as far as people can do something about it; ordered by how much it
/// tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectError {
    /// No machine has that name.
    NotFound,
    /// The network of this machine is down, or another system error.
    Unreachable,
    /// Nothing answers: a wrong address or a firewall.
    NoAnswer,
    /// The machine answers, but no server runs there.
    Refused,
}
