//! Why connections end.

use std::io::Error;

use papo_common::{CloseReason, Event, Refusal};

use crate::room::Leaving;

/// Why a connection ended. [`crate::strings`] says it to the operator.
#[derive(Debug)]
pub enum Reason {
    /// Its member said so.
    Left,
    /// The other side closed it.
    HungUp,
    /// It broke.
    Broken(Error),
    /// It sent a line longer than any may be.
    LineTooLong,
    /// It sent more than may wait for its turn.
    TooMuchWaiting,
    /// It did not read what it was sent.
    Slow,
    /// All connections together kept too much in memory, and it the most.
    OutOfMemory,
    /// It did not answer.
    Idle,
    /// It sent three times something else than a hello.
    NoHello,
    /// It never said a name.
    NoName,
    /// It could not stay.
    Refused(Refusal),
    /// The operator removed it, for a reason perhaps.
    Kicked(Option<String>),
    /// The operator banned its address.
    Banned,
    /// Its session came back on another connection.
    Replaced,
}

impl Reason {
    /// What the other side is told before the connection is closed.
    pub fn last_event(&self) -> Option<Event> {
        match self {
            Reason::Slow | Reason::OutOfMemory => Some(Event::closed(CloseReason::Slow)),
            Reason::Idle => Some(Event::closed(CloseReason::Idle)),
            Reason::Refused(refusal) => Some(Event::refused(*refusal)),
            Reason::NoName => Some(Event::refused(Refusal::NoName)),
            Reason::Kicked(None) => Some(Event::closed(CloseReason::Kicked)),
            Reason::Kicked(Some(why)) => {
                Some(Event::Closed { reason: CloseReason::Kicked, detail: why.clone().into() })
            }
            Reason::Banned => Some(Event::closed(CloseReason::Banned)),
            Reason::Replaced => Some(Event::closed(CloseReason::Replaced)),
            Reason::Left
            | Reason::HungUp
            | Reason::Broken(_)
            | Reason::LineTooLong
            | Reason::TooMuchWaiting
            | Reason::NoHello => None,
        }
    }

    /// Whether its member may come back.
    pub fn leaving(&self) -> Leaving {
        match self {
            Reason::Left | Reason::Kicked(_) | Reason::Banned => Leaving::ForGood,
            _ => Leaving::Dropped,
        }
    }

    /// Whether the operator wants to know of it also where nobody had entered yet. Those who are sent away at the door,
    /// and those who only looked in, come by the thousand.
    pub fn is_worth_a_note(&self) -> bool {
        matches!(
            self,
            Reason::LineTooLong | Reason::TooMuchWaiting | Reason::NoHello | Reason::NoName | Reason::OutOfMemory
        )
    }
}
