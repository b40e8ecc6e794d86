//! Reasons for which connections end: the last line of each, and whether the member may come back.

use std::io::Error;

use papo_common::{CloseReason, Event, Refusal};

use crate::connection::phase::Close;
use crate::room::Departure;

/// The reason for which a connection ended. [`crate::strings`] says it to the operator.
#[derive(Debug)]
pub enum DisconnectReason {
    /// Its member said so.
    Left,
    /// The other side closed it.
    HungUp,
    /// The connection broke.
    Broken(Error),
    /// The client sent a line longer than any may be.
    LineTooLong,
    /// The client sent more than may wait for its turn.
    TooMuchWaiting,
    /// The client did not read what it was sent.
    Slow,
    /// All connections together kept too much in memory, and it the most.
    OutOfMemory,
    /// The client did not answer.
    Idle,
    /// The client sent three times something else than a hello.
    NoHello,
    /// The client never gave a name.
    NoName,
    /// The connection could not stay.
    Refused(Refusal),
    /// The operator removed it, for a reason perhaps.
    Kicked(Option<String>),
    /// The operator banned its address.
    Banned,
    /// Its session came back on another connection.
    Replaced,
}

impl DisconnectReason {
    /// The way in which the connection is closed.
    pub fn close(&self) -> Close {
        match self {
            DisconnectReason::Broken(_) => Close::Now,
            DisconnectReason::Slow | DisconnectReason::OutOfMemory => {
                Close::DiscardPending(Event::closed(CloseReason::Slow))
            }
            _ => Close::InOrder(self.last_event()),
        }
    }

    /// The last line that the other side is told.
    fn last_event(&self) -> Option<Event> {
        match self {
            DisconnectReason::Idle => Some(Event::closed(CloseReason::Idle)),
            DisconnectReason::Refused(refusal) => Some(Event::refused(*refusal)),
            DisconnectReason::NoName => Some(Event::refused(Refusal::NoName)),
            DisconnectReason::Kicked(None) => Some(Event::closed(CloseReason::Kicked)),
            DisconnectReason::Kicked(Some(why)) => {
                Some(Event::Closed { reason: CloseReason::Kicked, detail: why.clone().into() })
            }
            DisconnectReason::Banned => Some(Event::closed(CloseReason::Banned)),
            DisconnectReason::Replaced => Some(Event::closed(CloseReason::Replaced)),
            DisconnectReason::Left
            | DisconnectReason::HungUp
            | DisconnectReason::Broken(_)
            | DisconnectReason::Slow
            | DisconnectReason::OutOfMemory
            | DisconnectReason::LineTooLong
            | DisconnectReason::TooMuchWaiting
            | DisconnectReason::NoHello => None,
        }
    }

    /// Whether its member may come back.
    pub fn departure(&self) -> Departure {
        match self {
            DisconnectReason::Left | DisconnectReason::Kicked(_) | DisconnectReason::Banned => Departure::ForGood,
            _ => Departure::Dropped,
        }
    }

    /// Whether the operator wants to know of it also where nobody had entered yet. Those who are sent away at the door,
    /// and those who only looked in, come by the thousand.
    pub fn is_logged(&self) -> bool {
        matches!(
            self,
            DisconnectReason::LineTooLong
                | DisconnectReason::TooMuchWaiting
                | DisconnectReason::NoHello
                | DisconnectReason::NoName
                | DisconnectReason::OutOfMemory
        )
    }
}
