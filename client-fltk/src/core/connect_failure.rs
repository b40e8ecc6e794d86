//! Reasons why nobody got in, or why a chat ended: as values, without sentences.

use papo_common::{CloseReason, NameError, Refusal, Text};

use crate::core::SessionEnd;
use crate::net::ConnectError;

/// Why an attempt to enter failed. [`crate::strings::connecting::failure`] has the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectFailure {
    /// No connection could be made.
    Connect(ConnectError),
    /// The server took the connection and ended it before the welcome.
    ClosedBeforeWelcome,
    /// Something answers there that does not speak as a Papo server does.
    NoWelcome,
    /// The server closed the connection; its own words, where it had any.
    Closed {
        /// The reason.
        reason: CloseReason,
        /// The server's words.
        detail: Option<Text>,
    },
    /// The server refused to let this client in; its own words, where it had any.
    Refused {
        /// The reason.
        reason: Refusal,
        /// The server's words.
        detail: Option<Text>,
    },
    /// The server ended, or wants no more of this client.
    Ended(Ending),
}

/// The end of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The reason.
    pub end: SessionEnd,
    /// The server's words, where it had any.
    pub detail: Option<Text>,
}

/// The problem with the name in the connect window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// It is not a name.
    Invalid(NameError),
    /// Somebody has it already.
    InUse,
    /// The server does not take it.
    Refused(Refusal),
}
