//! What a client is told by the server, in either dialect.

use std::borrow::Cow;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::{LogToken, MemberId, Name, Number, RunId, SessionToken, Text, strings};

/// One event. `at` is Unix time in milliseconds by the server's clock; `detail` is a sentence in Portuguese for
/// people, programs look at `reason`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// To the newcomer: it is in.
    Welcome(Box<Welcome>),
    /// To a newcomer that may not enter under that name, or at all.
    Refused {
        /// Why.
        reason: Refusal,
        /// The same for people.
        #[serde(default)]
        detail: Cow<'static, str>,
    },
    /// A member came.
    Joined {
        /// Who.
        name: Name,
        /// Its public id.
        id: MemberId,
        /// From where.
        addr: SocketAddr,
        /// When.
        at: u64,
    },
    /// A member went.
    Left {
        /// Who.
        name: Name,
        /// Its public id.
        id: MemberId,
        /// When.
        at: u64,
    },
    /// Who is there, after members came or went; the classic dialect's alone.
    #[serde(skip)]
    Users {
        /// Those who came last, at most [`Event::MAX_USERS`], in order of joining.
        names: Vec<Name>,
        /// How many more there are.
        more: usize,
    },
    /// A public message.
    Message(Message),
    /// A private message: to its addressee and, as the receipt, to its sender.
    Private(Private),
    /// A request that could not be done; changes nothing for anybody.
    Problem {
        /// Why.
        reason: Problem,
        /// The same for people.
        #[serde(default)]
        detail: Cow<'static, str>,
        /// The number of the request, if it had one.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        reference: Option<Number>,
    },
    /// The operator's word.
    Notice(Notice),
    /// The operator took a public message back: it is shown no more.
    Removed {
        /// Its number in the room.
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
        reference: Option<Number>,
    },
    /// Answers `search`, oldest first.
    Found {
        /// Whole `message` events.
        messages: Vec<Event>,
        /// Whether there are older messages that were not looked through.
        more: bool,
        /// The number of the request, if it had one.
        #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
        reference: Option<Number>,
    },
    /// Last, before the server closes this connection alone.
    Closed {
        /// Why.
        reason: Closing,
        /// The same for people.
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
    /// The most names in one [`Event::Users`].
    pub const MAX_USERS: usize = 100;

    /// The refusal with its sentence.
    pub fn refused(reason: Refusal) -> Event {
        Event::Refused { reason, detail: strings::refusal(reason).into() }
    }

    /// The problem with a sentence of its own, which may name what it is about.
    pub fn problem(reason: Problem, reference: Option<Number>, detail: impl Into<Cow<'static, str>>) -> Event {
        Event::Problem { reason, detail: detail.into(), reference }
    }

    /// The closing with its usual sentence.
    pub fn closed(reason: Closing) -> Event {
        Event::Closed { reason, detail: strings::closing(reason).into() }
    }
}

/// What a newcomer needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The name as the server spells it.
    pub name: Name,
    /// One's own public id.
    pub id: MemberId,
    /// One's own address as the others see it.
    pub addr: SocketAddr,
    /// The secret for coming back.
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
    /// Who is there, oneself included, in order of joining.
    pub users: Vec<User>,
    /// Messages: whole `message` and `private` events, at most 500 or 256 KiB, and at most 50 `notice` events.
    pub history: Vec<Event>,
    /// The numbers of the messages that the operator took back last, at most 200, for somebody who was here before and
    /// may still show them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<u64>,
    /// What the server accepts.
    pub limits: Limits,
}

/// A member as others see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its name.
    pub name: Name,
    /// Its public id.
    pub id: MemberId,
    /// Its address.
    pub addr: SocketAddr,
}

/// What the server accepts from a client, and keeps for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest name, in Unicode scalar values.
    pub name: usize,
    /// The longest text, in bytes of UTF-8.
    pub text: usize,
    /// The most lines in a text.
    pub lines: usize,
    /// For how long the name of a member whose connection broke, and private messages for it, are kept, in ms; 0 if they
    /// are not.
    #[serde(default = "Limits::usual_keep")]
    pub keep: u64,
}

impl Limits {
    /// [`Limits::keep`] unless the operator has chosen otherwise, and of servers that do not tell.
    pub const USUAL_KEEP: u64 = 60_000;

    fn usual_keep() -> u64 {
        Limits::USUAL_KEEP
    }
}

/// A public message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number in the room: rises by one with each.
    pub seq: u64,
    /// Who said it.
    pub from: Name,
    /// That member's public id.
    pub id: MemberId,
    /// What was said.
    pub text: Text,
    /// When.
    pub at: u64,
    /// The sender's number for it, by which the sender knows its receipt; none from classic members.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Number>,
}

/// The operator's word to all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What is said.
    pub text: Text,
    /// When, Unix time in ms.
    pub at: u64,
    /// The number of the last public message before it; 0 before the first. `None` from a server that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// With this notice a lesson begins: from here on `seq` belongs to this numbering, and goes on rising.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogToken>,
}

/// A private message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    /// Its number in the session that reads it.
    pub pseq: u64,
    /// Who said it.
    pub from: Name,
    /// That member's public id.
    pub id: MemberId,
    /// The addressee's own spelling.
    pub to: Name,
    /// What was said.
    pub text: Text,
    /// When.
    pub at: u64,
    /// The sender's number for it; none from classic members.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Number>,
    /// Whether the addressee was away and will read it on coming back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub away: bool,
}

/// Why a newcomer may not enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Somebody has that name, or one that looks like it; another may be tried.
    NameInUse,
    /// Not a name, or a reserved one; another may be tried.
    NameInvalid,
    /// A version of the dialect that the server does not speak.
    Version,
    /// Not a `hello`.
    Malformed,
    /// No place left; the server closes.
    RoomFull,
    /// The operator does not want this address; the server closes.
    Banned,
    /// The operator has silenced this address, under another name; only names that it bore then may enter.
    Muted,
    /// No name was said in the time that the operator gives; the server closes.
    NoName,
    /// A reason that this version does not know; never sent.
    #[serde(other)]
    Unknown,
}

/// Why a request could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The addressee is not there.
    NoSuchUser,
    /// The addressee is the sender.
    #[serde(rename = "self")]
    ToOneself,
    /// Not a request.
    Malformed,
    /// The text is over a limit; it was refused whole.
    TooLong,
    /// The operator does not let this member speak.
    Muted,
    /// There is nothing in the text that could be looked for.
    NothingToFind,
    /// The history failed while it was looked into.
    Unavailable,
    /// The number is too old to know whether it was said already.
    RefOld,
    /// A reason that this version does not know; never sent.
    #[serde(other)]
    Unknown,
}

/// Why the server closes one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// The operator removed this member; the session is void.
    Kicked,
    /// The operator banned this address; the session is void.
    Banned,
    /// It did not read what it was sent.
    Slow,
    /// It was silent for too long.
    Idle,
    /// The same session came back on another connection.
    Replaced,
    /// A reason that this version does not know; never sent.
    #[serde(other)]
    Unknown,
}
