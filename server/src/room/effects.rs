//! Effects of the room: events to deliver, records to store, queries that only the history can answer.
//! Values only; the room does none of it itself.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

use papo_common::{Event, LogId, MemberId, Message, Name, Notice, SafeInteger};

use super::search::Search;
use super::secret_hash::SecretHash;
use crate::keys::ConnectionKey;

/// An event and its audience.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The audience.
    pub to: Audience,
    /// The event.
    pub event: Event,
}

/// The audience of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One connection. After [`Event::Closed`] it is to be closed.
    One(ConnectionKey),
    /// All members. The dialect of the member that the event is about decides whether that member is told, too
    /// ([`papo_common::Dialect::echoes_to_subject`]).
    All {
        /// The connection of the member that came or speaks; `None` if it is no member any more, or never was.
        subject: Option<ConnectionKey>,
    },
}

/// A fact to be stored, in the order in which things happened. Private messages are never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A public message. Its sender's session is found by the member's id: each session has one of its own.
    Message(Message),
    /// A notice of the operator.
    Notice(Notice),
    /// A lesson begins: messages and notices before this record are shown to nobody any more.
    LessonBegan {
        /// The new numbering.
        log: LogId,
        /// The number of the last public message before it.
        start: u64,
    },
    /// A member joined.
    Joined {
        /// Its name.
        name: Name,
        /// Its public id.
        id: MemberId,
        /// Its address.
        addr: SocketAddr,
        /// When, Unix ms.
        at: u64,
        /// The hash of its session's secret; `None` if the session cannot be resumed.
        secret: Option<SecretHash>,
    },
    /// A member left.
    Left {
        /// Its public id.
        id: MemberId,
        /// When, Unix ms.
        at: u64,
    },
    /// A session is open, for a file that may not know it.
    SessionOpen {
        /// Its member's name.
        name: Name,
        /// Its member's public id.
        id: MemberId,
        /// Its address, or the last one.
        ip: IpAddr,
        /// The hash of its secret.
        secret: SecretHash,
    },
    /// A session is over: it cannot be resumed.
    SessionEnded {
        /// Its member's public id.
        id: MemberId,
        /// When, Unix ms.
        at: u64,
    },
}

/// A member's query that the room's memory cannot answer.
#[derive(Clone, Debug)]
pub struct Query {
    /// The connection that asks.
    pub connection: ConnectionKey,
    /// The number that the answer bears.
    pub reference: Option<SafeInteger>,
    /// The messages that it asks for.
    pub kind: QueryKind,
}

/// The public messages that a query asks for.
#[derive(Clone, Debug)]
pub enum QueryKind {
    /// The last `count` with a smaller number than `before`.
    History {
        /// The number below which to look.
        before: u64,
        /// How many.
        count: usize,
    },
    /// The messages that a search finds.
    Search(Search),
}

/// Effects that have not been taken out yet, each kind in order.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) deliveries: VecDeque<Delivery>,
    /// `None` where nobody stores records.
    pub(super) records: Option<Vec<Record>>,
    pub(super) queries: VecDeque<Query>,
}

impl Effects {
    /// Tells one connection.
    pub(super) fn send(&mut self, to: ConnectionKey, event: Event) {
        self.deliveries.push_back(Delivery { to: Audience::One(to), event });
    }

    /// Tells all members.
    pub(super) fn broadcast(&mut self, subject: Option<ConnectionKey>, event: Event) {
        self.deliveries.push_back(Delivery { to: Audience::All { subject }, event });
    }

    /// Stores a record, made only where records are stored.
    pub(super) fn record(&mut self, record: impl FnOnce() -> Record) {
        if let Some(records) = &mut self.records {
            records.push(record());
        }
    }
}
