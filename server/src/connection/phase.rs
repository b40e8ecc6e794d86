//! The life of a connection: greeting, member, closing, closed.

use std::io::IoSlice;
use std::time::Instant;

use papo_common::{Event, Refusal};

use crate::connection::closing::Closing;
use crate::keys::MemberKey;

/// Stage of a connection's life. It only moves down this list.
#[derive(Debug)]
pub enum Phase {
    /// Its requests are acted on.
    Open(Role),
    /// The connection cannot stay: it is told so and closed once its dialect is known, or at that time.
    /// Boxed like the next one, because both are rare.
    Refusing(Box<(Refusal, Instant)>),
    /// Pending output is written and input discarded.
    Closing(Box<Closing>),
    /// The connection is to be reaped.
    Closed,
}

/// Position of an open connection in the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The connection has yet to give a name that is accepted.
    Greeting {
        /// Number of requests that were no `hello`.
        bad_hellos: u8,
    },
    /// The connection speaks for this member.
    Member(MemberKey),
}

/// Ways to close a connection.
#[derive(Debug)]
pub enum Close {
    /// After all that waits, with the event as its last line if there is one.
    InOrder(Option<Event>),
    /// With the event as its last line, and without what waits: its reader does not read.
    DiscardPending(Event),
    /// At once: the transport is broken, or nothing is waited for any more.
    Now,
}

/// Next step for the transport.
#[derive(Debug)]
pub enum Output<'a> {
    /// Write these bytes; none if there are none.
    Bytes([IoSlice<'a>; 2]),
    /// Shut down its writing side.
    ShutDown,
}
