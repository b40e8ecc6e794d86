//! Saying and whispering: what is said once is done once, however often it is asked.

use crate::keys::MemberKey;
use papo_common::limits::MAX_NAME;
use papo_common::{
    Dialect, ErrorReason, Event, LineBreaks, Message, Name, Private, SafeInteger, Text, TextError, sentences,
};

use super::record::Record;
use super::session::{Receipt, RefStatus};
use super::{Member, Room};

impl Room {
    pub(super) fn say(&mut self, from: MemberKey, reference: Option<SafeInteger>, raw: &str, at: u64) {
        let Some(member) = self.members.get(from) else { return };
        // Before anything else: what has been said cannot be undone by a muting since, and its sender must learn it.
        match member.ref_status(reference) {
            RefStatus::No => {}
            RefStatus::Yes(receipt) => return self.repeat_said(from, reference, &receipt, raw),
            RefStatus::Unknown => return self.refuse(from, ErrorReason::RefOld, reference, sentences::REF_OLD),
        }
        let text = match self.check_may_speak(member, raw) {
            Ok(text) => text,
            Err(unsaid) => return self.reject(from, reference, unsaid),
        };
        let seq = self.backlog.seq() + 1;
        let Some(member) = self.members.get_mut(from) else { return };
        member.note(reference, || Receipt::Said { seq, at });
        let (name, id, connection) = (member.name.clone(), member.id, member.connection);
        let message = Message { seq, from: name, id, text, at, reference };
        self.backlog.push(message.clone());
        self.record(|| Record::Message(message.clone()));
        self.tell_all(Some(connection), Event::Message(message));
    }

    pub(super) fn send_private(
        &mut self,
        from: MemberKey,
        reference: Option<SafeInteger>,
        to: &str,
        raw: &str,
        at: u64,
    ) {
        let Some(sender) = self.members.get(from) else { return };
        match sender.ref_status(reference) {
            RefStatus::No => {}
            RefStatus::Yes(receipt) => return self.repeat_private(from, reference, receipt, raw),
            RefStatus::Unknown => return self.refuse(from, ErrorReason::RefOld, reference, sentences::REF_OLD),
        }
        let Some(addressee) = self.addressee(to) else {
            let to =
                Text::clean(to, LineBreaks::Space).map(|to| to.as_str().chars().take(MAX_NAME).collect::<String>());
            let detail = sentences::no_such_user(&to.unwrap_or_default());
            return self.refuse(from, ErrorReason::NoSuchUser, reference, detail);
        };
        if addressee == sender.name {
            return self.refuse(from, ErrorReason::ToOneself, reference, sentences::TO_ONESELF);
        }
        let (name, id) = (sender.name.clone(), sender.id);
        let text = match self.check_may_speak(sender, raw) {
            Ok(text) => text,
            Err(unsaid) => return self.reject(from, reference, unsaid),
        };
        let to = addressee.clone();
        let mut private = Private { pseq: 0, from: name, id, to, text, at, reference, away: false };
        private.away = self.deliver_private(&addressee, &private);
        self.send_receipt(from, private);
    }

    /// The one who is called so, here or away.
    fn addressee(&self, typed: &str) -> Option<Name> {
        let name = Name::recall(typed).ok()?;
        // Rather an equal name than one that only looks the same.
        self.names_like(&name).min_by_key(|other| **other != name).cloned()
    }

    /// Gives a private message to its addressee; true if that is away and will have it on coming back.
    fn deliver_private(&mut self, addressee: &Name, private: &Private) -> bool {
        if let Some(away) = self.reservations.find_mut(addressee) {
            away.memory.get_or_insert_default().keep(private.clone());
            return true;
        }
        let key = self.members.named(addressee);
        if let Some(member) = key.and_then(|key| self.members.get_mut(key)) {
            let (connection, private) = (member.connection, member.keep(private.clone()));
            self.tell(connection, Event::Private(private));
        }
        false
    }

    /// Gives a private message's sender the receipt, where its dialect has receipts.
    fn send_receipt(&mut self, from: MemberKey, private: Private) {
        let Some(sender) = self.members.get_mut(from).filter(|sender| sender.dialect == Dialect::Json) else {
            return;
        };
        let (connection, private) = (sender.connection, sender.keep(private));
        let Private { pseq, at, away, .. } = private;
        sender.note(private.reference, || Receipt::Whispered { pseq, to: private.to.clone(), at, away });
        self.tell(connection, Event::Private(private));
    }

    fn repeat_said(&mut self, from: MemberKey, reference: Option<SafeInteger>, receipt: &Receipt, raw: &str) {
        let &Receipt::Said { seq, at } = receipt else { return self.reused(from, reference) };
        let Some(sender) = self.members.get(from) else { return };
        let text = match self.clean(sender, raw) {
            Ok(text) => text,
            Err(unsaid) => return self.reject(from, reference, unsaid),
        };
        let (name, id, connection) = (sender.name.clone(), sender.id, sender.connection);
        self.tell(connection, Event::Message(Message { seq, from: name, id, text, at, reference }));
    }

    fn repeat_private(&mut self, from: MemberKey, reference: Option<SafeInteger>, receipt: Receipt, raw: &str) {
        let Receipt::Whispered { pseq, to, at, away } = receipt else { return self.reused(from, reference) };
        let Some(sender) = self.members.get(from) else { return };
        let text = match self.clean(sender, raw) {
            Ok(text) => text,
            Err(unsaid) => return self.reject(from, reference, unsaid),
        };
        let (name, id, connection) = (sender.name.clone(), sender.id, sender.connection);
        self.tell(connection, Event::Private(Private { pseq, from: name, id, to, text, at, reference, away }));
    }

    /// That number was given to a request of the other kind.
    fn reused(&mut self, from: MemberKey, reference: Option<SafeInteger>) {
        self.refuse(from, ErrorReason::Malformed, reference, sentences::MALFORMED);
    }

    /// What `sender` says, if it may.
    fn check_may_speak(&self, sender: &Member, raw: &str) -> Result<Text, Rejection> {
        if self.blocks.mutes(sender.addr.ip(), sender.id, &sender.name) {
            return Err(Rejection::Muted);
        }
        self.clean(sender, raw)
    }

    /// What `sender` says, whether or not it still may.
    fn clean(&self, sender: &Member, raw: &str) -> Result<Text, Rejection> {
        let breaks = if sender.dialect == Dialect::Classic { LineBreaks::Space } else { LineBreaks::Keep };
        Text::parse(raw, breaks, &self.config.limits).map_err(|error| match error {
            TextError::Blank => Rejection::Blank,
            TextError::TooLong => Rejection::TooLong,
        })
    }

    /// Tells the sender why that is not said.
    fn reject(&mut self, from: MemberKey, reference: Option<SafeInteger>, unsaid: Rejection) {
        match unsaid {
            Rejection::Blank => {}
            Rejection::Muted => self.refuse(from, ErrorReason::Muted, reference, sentences::MUTED),
            Rejection::TooLong => {
                let detail = sentences::too_long(self.config.limits.text);
                self.refuse(from, ErrorReason::TooLong, reference, detail);
            }
        }
    }
}

/// Why something is not said.
#[derive(Clone, Copy)]
enum Rejection {
    /// There is nothing in it: nobody is told.
    Blank,
    /// The operator has silenced its sender.
    Muted,
    /// It is over the limits.
    TooLong,
}

impl Member {
    fn ref_status(&self, reference: Option<SafeInteger>) -> RefStatus {
        let remembered = reference.zip(self.state.as_ref());
        remembered.map_or(RefStatus::No, |(reference, memory)| memory.ref_status(reference))
    }

    fn note(&mut self, reference: Option<SafeInteger>, receipt: impl FnOnce() -> Receipt) {
        if let Some(reference) = reference {
            self.state.get_or_insert_default().note(reference, receipt());
        }
    }

    /// Numbers a private message for this member; a classic one has no use for the number and cannot come back.
    fn keep(&mut self, private: Private) -> Private {
        match self.dialect {
            Dialect::Classic => private,
            Dialect::Json => self.state.get_or_insert_default().keep(private),
        }
    }
}
