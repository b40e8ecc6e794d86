//! Notices of the program itself, and reasons why a message was not delivered: as values, without sentences.

use papo_common::{CloseReason, LineBreaks, Name, Text};

/// A line of the program itself, in one conversation only. [`crate::strings::notices`] has its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalNotice {
    /// Messages that were said while this member was away may be missing here.
    MissedMessages,
    /// A failed message was given up.
    Discarded,
    /// The operator took back a message of this member.
    OwnRemoved,
    /// The operator took back a message of that member.
    Removed(Name),
    /// The name of a private conversation came back with another id.
    AnotherPerson(Name),
    /// A private message went to that member and stands in its own conversation.
    Whispered(Name),
    /// A private message that stands in another conversation failed.
    WhisperFailed {
        /// The addressee of that message.
        to: Name,
        /// The reason.
        failure: Failure,
    },
    /// The server could not do what it was asked for; its own words, where it had any.
    Problem(Option<Text>),
    /// The server closed the connection; its own words, where it had any.
    Closed {
        /// The reason.
        reason: CloseReason,
        /// The server's words.
        detail: Option<Text>,
    },
    /// The sound of alerts was switched on.
    SoundOn,
    /// The sound of alerts was switched off.
    SoundOff,
    /// The conversation was written to the file of that path.
    Saved(String),
    /// The desktop could not open that link.
    LinkNotOpened(String),
}

/// Why a message of this member was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The connection ended, or the server fell silent: it may have arrived all the same.
    NotConfirmed,
    /// The addressee's name belongs to another id since.
    AnotherAddressee,
    /// The server kept it for an addressee who did not come back.
    NeverRead,
    /// There was no connection to send it again.
    NotConnected,
    /// The server refused it; its own words, where it had any.
    Refused(Option<Text>),
}

/// The sentence of a notice, which the find bar looks through. The core has no sentences: it is given this one.
pub type NoticeText = fn(&LocalNotice) -> String;

/// The server's words, cleaned as the text of any other; `None` if there are none.
pub(crate) fn words(detail: &str) -> Option<Text> {
    Text::clean(detail, LineBreaks::Space)
}
