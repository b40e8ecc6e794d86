//! The connection to the server, and the session on it.

use papo_common::SessionToken;

use crate::core::Phase;
use crate::net::Address;

/// The current connection, and the server and name that the user wants.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// The number of the current connection; reports from any other are stale.
    connection: u64,
    wire: Wire,
    /// Seconds left for the server to answer `hello`.
    answer_in: Option<u32>,
    /// The server and the name that the user asked for.
    pub(crate) goal: Option<Goal>,
    /// The session token, which proves to the server that this client comes back.
    pub(crate) id: Option<SessionToken>,
}

/// The state of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wire {
    #[default]
    Down,
    Opening,
    Up,
}

/// The server that the user wants to be on, and the name there.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    pub(crate) address: Address,
    pub(crate) name: String,
}

/// Seconds for the server to answer `hello`: the program that listens there may not be a Papo server.
const ANSWER_SECONDS: u32 = 10;
/// Seconds before each attempt to reconnect; the last one for all that follow.
const PAUSES: [u32; 6] = [1, 2, 4, 8, 15, 30];

impl Session {
    /// The number of the current connection.
    pub(crate) fn connection(&self) -> u64 {
        self.connection
    }

    /// Whether the connection of that number is the current one, so that its reports count.
    pub(crate) fn is_current(&self, connection: u64) -> bool {
        self.wire != Wire::Down && connection == self.connection
    }

    /// Whether the server can be spoken to.
    pub(crate) fn is_up(&self) -> bool {
        self.wire == Wire::Up
    }

    /// Whether the server owes an answer to `hello`.
    pub(crate) fn is_waiting(&self) -> bool {
        self.answer_in.is_some()
    }

    /// Begins a connection to the goal's address: its number and the address, or `None` without a goal.
    pub(crate) fn open(&mut self) -> Option<(u64, Address)> {
        let address = self.goal.as_ref()?.address.clone();
        self.connection += 1;
        self.wire = Wire::Opening;
        Some((self.connection, address))
    }

    /// `hello` goes out: the server has some seconds to answer.
    pub(crate) fn say_hello(&mut self) {
        self.wire = Wire::Up;
        self.answer_in = Some(ANSWER_SECONDS);
    }

    /// The server answered.
    pub(crate) fn answered(&mut self) {
        self.answer_in = None;
    }

    /// Ends the connection: its later reports are stale. False if there was none.
    pub(crate) fn close(&mut self) -> bool {
        self.answered();
        let was_there = std::mem::take(&mut self.wire) != Wire::Down;
        self.connection += u64::from(was_there);
        was_there
    }

    /// A second has passed. True if the server had all its time to answer `hello` and did not.
    pub(crate) fn tick(&mut self) -> bool {
        let Some(seconds) = &mut self.answer_in else { return false };
        *seconds = seconds.saturating_sub(1);
        *seconds == 0
    }
}

/// The phase after a lost connection and so many attempts to reconnect.
pub(crate) fn lost(attempt: u32) -> Phase {
    let pause = PAUSES.get(attempt as usize).or(PAUSES.last()).copied();
    Phase::Lost { attempt, retry_in: pause }
}
