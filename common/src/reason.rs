//! The reasons in refusals, problems and closings.

use serde::{Deserialize, Serialize};

/// The reason why a newcomer may not enter.
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

/// The reason why a request could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorReason {
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

/// The reason why the server closes one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The operator removed this member; the session is void.
    Kicked,
    /// The operator banned this address; the session is void.
    Banned,
    /// The client did not read its events.
    Slow,
    /// The client was silent for too long.
    Idle,
    /// The same session came back on another connection.
    Replaced,
    /// A reason that this version does not know; never sent.
    #[serde(other)]
    Unknown,
}
