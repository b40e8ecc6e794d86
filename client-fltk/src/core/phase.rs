//! The phase of the program: the window shown, and the state of the connection.

/// The state of the program as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The entering window is up, nothing is under way.
    #[default]
    Entering,
    /// The entering window is up, a connection is being made or a name asked for.
    Connecting,
    /// The talking window is up and connected to `server`.
    Talking,
    /// The talking window is up, the connection lost.
    Lost {
        /// The number of attempts to reconnect so far.
        attempt: u32,
        /// Seconds until the next; `None` while one is under way.
        retry_in: Option<u32>,
    },
    /// The talking window is up and the chat over, which the user is being told: there are no further attempts.
    Over(SessionEnd),
}

/// Why a chat is over for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// The server ended.
    ServerClosed,
    /// The operator removed this member.
    Kicked,
    /// The operator banned this address.
    Banned,
    /// The same session came back on another connection.
    Replaced,
}

/// The severity of the connection's state, as the colour of the dot in the status bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The connection is up.
    Good,
    /// Something is under way.
    Waiting,
    /// The chat is over.
    Bad,
}

impl Phase {
    /// The severity of the connection's state.
    pub fn severity(&self) -> Severity {
        match self {
            Phase::Entering | Phase::Connecting | Phase::Lost { .. } => Severity::Waiting,
            Phase::Talking => Severity::Good,
            Phase::Over(_) => Severity::Bad,
        }
    }
}
