//! Reasons why a text cannot be sent, and the use of a message's limits: as values, without sentences.

use papo_common::Limits;

/// Why the text in the field was not sent. [`crate::strings::composer::error`] has the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComposerError {
    /// There is no connection.
    NotConnected,
    /// It is longer than these limits allow.
    TooLong(Limits),
    /// The command does not exist.
    UnknownCommand(String),
    /// It is addressed to its own writer.
    ToSelf,
    /// Addressed with `@`, but without a name or without a text behind it.
    BadFormat,
    /// Addressed with `@` to a name that nobody has.
    NoSuchUser(String),
    /// The partner of the private conversation is not there.
    PartnerAbsent(String),
}

/// The use of the limits of a message, for a text near a limit or beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitNote {
    /// The bytes of the text, if near their limit.
    pub bytes: Option<usize>,
    /// The lines of the text, if near their limit.
    pub lines: Option<usize>,
    /// The limits.
    pub limits: Limits,
}

impl LimitNote {
    /// Whether the text is too long to be sent.
    pub fn is_over(&self) -> bool {
        self.bytes.is_some_and(|bytes| bytes > self.limits.text) || self.lines.is_some_and(|it| it > self.limits.lines)
    }
}
