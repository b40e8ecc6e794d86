//! The life of a connection: greeting, member, closing, closed.

use std::io::IoSlice;
use std::time::Instant;

use papo_common::{Event, Refusal};

use crate::connection::closing::Closing;
use crate::keys::MemberKey;

/// How far a connection's life has come. It only moves down this list.
#[derive(Debug)]
pub enum Phase {
    /// Its requests are acted on.
    Open(Role),
    /// It is to be told why it cannot stay and closed, once it has said which dialect it speaks, or at that time.
    /// Boxed like the next one, because both are rare.
    Refusing(Box<(Refusal, Instant)>),
    /// What waits for it is written; its input is discarded.
    Closing(Box<Closing>),
    /// It is to be reaped.
    Closed,
}

/// Position of an open connection in the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It has yet to give a name that is accepted.
    Greeting {
        /// How many requests came that were no `hello`.
        bad_hellos: u8,
    },
    /// It speaks for this member.
    Member(MemberKey),
}

/// How to close a connection.
#[derive(Debug)]
pub enum Close {
    /// After all that waits, with the event as its last line if there is one.
    InOrder(Option<Event>),
    /// With the event as its last line, and without what waits: its reader does not read.
    DiscardPending(Event),
    /// At once: the transport is broken, or nothing is waited for any more.
    Now,
}

/// What the transport is to do next.
#[derive(Debug)]
pub enum Output<'a> {
    /// Write these bytes; none if there are none.
    Bytes([IoSlice<'a>; 2]),
    /// Shut down its writing side.
    ShutDown,
}
