//! A text that a member asks to send, to all or in private, and why it may not be sent.

use std::borrow::Cow;

use papo_common::{Dialect, ErrorReason, Event, Limits, LineBreaks, SafeInteger, Text, TextError, sentences};

use super::member::Member;
use super::session::{Receipt, RefStatus};
use crate::blocks::Blocks;
use crate::keys::MemberKey;

/// A text that a member asks to send.
#[derive(Clone, Copy)]
pub(super) struct Draft<'a> {
    pub(super) from: MemberKey,
    /// The request's own number.
    pub(super) reference: Option<SafeInteger>,
    pub(super) raw: &'a str,
    /// The time, Unix ms.
    pub(super) at: u64,
    pub(super) limits: Limits,
    pub(super) blocks: &'a Blocks,
}

impl Draft<'_> {
    /// Outcome of the draft if it was sent before. Asked before anything else: a mute since then undoes nothing, and
    /// the sender must learn that the text was sent.
    pub(super) fn receipt(&self, sender: &Member) -> Result<Option<Receipt>, Rejection> {
        match sender.ref_status(self.reference) {
            RefStatus::New => Ok(None),
            RefStatus::Done(receipt) => Ok(Some(receipt)),
            RefStatus::Forgotten => Err(Rejection::RefOld),
        }
    }

    /// The text to be sent, if `sender` may send it.
    pub(super) fn check(&self, sender: &Member) -> Result<Text, Rejection> {
        if self.blocks.mutes(sender.addr.ip(), sender.id, &sender.name) {
            return Err(Rejection::Muted);
        }
        self.clean(sender)
    }

    /// The text, whether or not `sender` may still send it.
    pub(super) fn clean(&self, sender: &Member) -> Result<Text, Rejection> {
        let breaks = if sender.dialect == Dialect::Classic { LineBreaks::Space } else { LineBreaks::Keep };
        Text::parse(self.raw, breaks, &self.limits).map_err(|error| match error {
            TextError::Blank => Rejection::Blank,
            TextError::TooLong => Rejection::TooLong(self.limits.text),
        })
    }
}

/// Why a request is not done.
#[derive(Debug)]
pub(super) enum Rejection {
    /// The text is blank: nobody is told.
    Blank,
    /// The request makes no sense.
    Malformed,
    /// The operator has muted its sender.
    Muted,
    /// The text has more than so many bytes, or too many lines.
    TooLong(usize),
    /// The request's number is so old that nobody knows whether it was done.
    RefOld,
    /// The addressee's name, as typed, is nobody's.
    NoSuchUser(String),
    /// A private message to its own sender.
    ToOneself,
    /// A search for nothing.
    NothingToFind,
}

impl Rejection {
    /// The answer to the sender, if there is one.
    pub(super) fn into_event(self, reference: Option<SafeInteger>) -> Option<Event> {
        let (reason, detail): (_, Cow<'static, str>) = match self {
            Rejection::Blank => return None,
            Rejection::Malformed => (ErrorReason::Malformed, sentences::MALFORMED.into()),
            Rejection::Muted => (ErrorReason::Muted, sentences::MUTED.into()),
            Rejection::TooLong(most) => (ErrorReason::TooLong, sentences::too_long(most).into()),
            Rejection::RefOld => (ErrorReason::RefOld, sentences::REF_OLD.into()),
            Rejection::NoSuchUser(name) => (ErrorReason::NoSuchUser, sentences::no_such_user(&name).into()),
            Rejection::ToOneself => (ErrorReason::ToOneself, sentences::TO_ONESELF.into()),
            Rejection::NothingToFind => (ErrorReason::NothingToFind, sentences::NOTHING_TO_FIND.into()),
        };
        Some(Event::problem(reason, reference, detail))
    }
}
