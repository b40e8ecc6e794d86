//! Events that the server sends to a client, in either dialect.

use std::borrow::Cow;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::{
    CloseReason, ErrorReason, Limits, LogId, LogToken, MemberId, Name, Refusal, RunId, SafeInteger, SessionSecret,
    SessionToken, Text, User, UserList, sentences,
};

/// One event. `at` is Unix time in milliseconds by the server's clock; `detail` is a sentence in Portuguese for
/// people, programs look at `reason`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Tells a newcomer that it is in.
    Welcome(Box<Welcome>),
    /// Tells a newcomer that it may not enter under that name, or at all.
    Refused {
        /// The reason.
        reason: Refusal,
        /// The reason as a sentence for people.
        #[serde(default)]
        detail: Cow<'static, str>,
    },
    /// A member came.
    Joined {
        /// The member's name.
        name: Name,
        /// Its public id.
        id: MemberId,
        /// The member's address.
        addr: SocketAddr,
        /// The time when it came.
        at: u64,
    },
    /// A member went.
    Left {
        /// The member's name.
        name: Name,
        /// Its public id.
        id: MemberId,
        /// The time when it went.
        at: u64,
    },
    /// The roster, after members came or went; in the classic dialect alone.
    #[serde(skip)]
    Users {
        /// The names of the members that came last, at most [`MAX_LISTED`](crate::limits::MAX_LISTED), in order of
        /// joining.
        names: Vec<Name>,
        /// The number of further members.
        more: usize,
    },
    /// A public message.
    Message(Message),
    /// A private message: to its addressee and, as the receipt, to its sender.
    Private(Private),
    /// A request could not be done; nothing has changed for anybody.
    Problem {
        /// The reason.
        reason: ErrorReason,
        /// The reason as a sentence for people.
        #[serde(default)]
        detail: Cow<'static, str>,
        /// The number of the request, if it had one.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        reference: Option<SafeInteger>,
    },
    /// A notice from the operator.
    Notice(Notice),
    /// The operator took a public message back: clients no longer show it.
    Removed {
        /// The sequence number of the message.
        seq: u64,
    },
    /// Answers `history`, oldest first.
    History {
        /// Whole `message` events, and the `notice` events between them.
        messages: Vec<Event>,
        /// Whether still older ones exist.
        more: bool,
        /// The number of the request, if it had one.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        reference: Option<SafeInteger>,
    },
    /// Answers `search`, oldest first.
    Found {
        /// Whole `message` events.
        messages: Vec<Event>,
        /// Whether there are older messages that were not looked through.
        more: bool,
        /// The number of the request, if it had one.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        reference: Option<SafeInteger>,
    },
    /// The last event before the server closes this connection alone.
    Closed {
        /// The reason.
        reason: CloseReason,
        /// The reason as a sentence for people.
        #[serde(default)]
        detail: Cow<'static, str>,
    },
    /// Asks for a `pong`.
    Ping,
    /// The server ends; the bare word in both dialects, never JSON.
    #[serde(skip)]
    ServerClosed,
    /// A type that this version does not know; never sent.
    #[serde(other, skip_serializing)]
    Unknown,
}

impl Event {
    /// The refusal with its sentence.
    pub fn refused(reason: Refusal) -> Event {
        Event::Refused { reason, detail: sentences::refusal(reason).into() }
    }

    /// The problem with a sentence of its own, which may say a name or a limit.
    pub fn problem(reason: ErrorReason, reference: Option<SafeInteger>, detail: impl Into<Cow<'static, str>>) -> Event {
        Event::Problem { reason, detail: detail.into(), reference }
    }

    /// The closing with its usual sentence.
    pub fn closed(reason: CloseReason) -> Event {
        Event::Closed { reason, detail: sentences::closing(reason).into() }
    }
}

/// The state of the room, and of the newcomer's own session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The name as the server spells it.
    pub name: Name,
    /// The newcomer's own public id.
    pub id: MemberId,
    /// The newcomer's own address as the others see it.
    pub addr: SocketAddr,
    /// The secret with which the session can be resumed.
    pub session: SessionToken,
    /// Whether an earlier session goes on.
    pub resumed: bool,
    /// The server's run; `None` from a server that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The numbering that `seq` belongs to.
    pub log: LogToken,
    /// The last public message's number; 0 before the first.
    pub seq: u64,
    /// The last private message's number in this session; 0 before the first.
    pub pseq: u64,
    /// Whether messages older than `history` were missed and left out.
    pub gap: bool,
    /// The roster in order of joining, the newcomer included.
    pub users: UserList,
    /// Messages: whole `message` and `private` events, at most 500 or 256 KiB, and at most 50 `notice` events.
    pub history: Vec<Event>,
    /// The sequence numbers of the messages that the operator took back last, at most 200, for a client that was here
    /// before and may still show them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<u64>,
    /// The server's limits.
    pub limits: Limits,
}

impl Welcome {
    /// The welcome of `member` to a room where nothing was said, with the usual limits: the first one of run, numbering
    /// and session.
    pub fn first(member: User, run: RunId, log: LogId, session: SessionSecret, users: UserList) -> Welcome {
        Welcome {
            name: member.name,
            id: member.id,
            addr: member.addr,
            session: session.into(),
            resumed: false,
            run: Some(run),
            log: log.into(),
            seq: 0,
            pseq: 0,
            gap: false,
            users,
            history: Vec::new(),
            removed: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// A public message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its sequence number in the room, which rises by one with each public message.
    pub seq: u64,
    /// The sender's name.
    pub from: Name,
    /// The sender's public id.
    pub id: MemberId,
    /// The text.
    pub text: Text,
    /// The time when it was sent.
    pub at: u64,
    /// The sender's number for it, by which the sender knows its receipt; none from classic members.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<SafeInteger>,
}

/// A notice from the operator to all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The text.
    pub text: Text,
    /// The time when it was sent, Unix time in ms.
    pub at: u64,
    /// The number of the last public message before it; 0 before the first. `None` from a server that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// The numbering that `seq` belongs to from here on, rising as before; only in the notice with which a lesson
    /// begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogToken>,
}

/// A private message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    /// Its sequence number in the session of the member that reads it.
    pub pseq: u64,
    /// The sender's name.
    pub from: Name,
    /// The sender's public id.
    pub id: MemberId,
    /// The addressee's own spelling.
    pub to: Name,
    /// The text.
    pub text: Text,
    /// The time when it was sent.
    pub at: u64,
    /// The sender's number for it; none from classic members.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<SafeInteger>,
    /// Whether the addressee was away and will read it on coming back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub away: bool,
}
