//! The text field: to whom it would go, and what must not go at all.

pub(crate) mod commands;
pub(crate) mod completion;
pub(crate) mod field;
pub(crate) mod input_history;
pub(crate) mod problem;

use papo_common::classic::addressed;
use papo_common::limits::MAX_NAME;
use papo_common::{LineBreaks, Name, SafeInteger, Text, TextError};

use crate::core::composer::commands::{SlashCommand, intent};
use crate::core::composer::input_history::InputHistory;
use crate::core::composer::problem::{ComposerError, LimitNote};
use crate::core::model::Model;
use crate::core::notices::LocalNotice;
use crate::core::{ChatMessage, Content, ConversationId, Delivery, Effect, Mode, Phase};
use crate::text::cut::cut;

/// A text that may be sent.
struct Outgoing {
    to: Option<Name>,
    text: Text,
}

impl Model {
    pub(crate) fn edit(&mut self, text: String) {
        let composer = &mut self.state.composer;
        composer.caret = text.len();
        composer.text = text;
        composer.error = None;
        self.state.composer.limit = self.limit_note();
        self.update_mode();
    }

    /// Sends what stands in the field, or does what it asks for, or says why not and leaves it there.
    pub(crate) fn send_text(&mut self) {
        let text = Text::clean(&self.state.composer.text, LineBreaks::Keep);
        if text.is_some_and(|text| self.run_command(intent(text.as_str()))) {
            return;
        }
        match self.outgoing() {
            Ok(Some(outgoing)) => {
                self.note_sent();
                self.send(outgoing);
                self.set_text(String::new());
            }
            Ok(None) => {}
            Err(error) => self.state.composer.error = Some(error),
        }
    }

    /// The program sets the field's text, the caret behind it.
    pub(crate) fn set_text(&mut self, text: String) {
        let caret = text.len();
        self.set_text_with_caret(text, caret);
    }

    /// The same with the caret at that byte.
    pub(crate) fn set_text_with_caret(&mut self, text: String, caret: usize) {
        self.edit(text);
        self.state.composer.version += 1;
        self.state.composer.caret = caret;
    }

    pub(crate) fn recall_older(&mut self) {
        self.recall(InputHistory::older);
    }

    pub(crate) fn recall_newer(&mut self) {
        self.recall(InputHistory::newer);
    }

    fn recall(&mut self, step: impl FnOnce(&mut InputHistory, &str) -> Option<String>) {
        let current = std::mem::take(&mut self.state.composer.text);
        let recalled = self.state.shown_mut().and_then(|shown| step(&mut shown.history, &current));
        match recalled {
            Some(text) => self.set_text(text),
            None => self.state.composer.text = current,
        }
    }

    fn note_sent(&mut self) {
        let text = self.state.composer.text.clone();
        if let Some(shown) = self.state.shown_mut() {
            shown.history.add(text);
        }
    }

    /// Said from nine tenths of a limit on.
    pub(crate) fn limit_note(&self) -> Option<LimitNote> {
        // The limit is the server's word, whatever it says.
        let is_near = |used: usize, limit: usize| used.saturating_mul(10) >= limit.saturating_mul(9);
        let raw = &self.state.composer.text;
        // Cleaning makes no text longer.
        if !is_near(raw.len(), self.limits.text) && !is_near(raw.lines().count(), self.limits.lines) {
            return None;
        }
        let text = Text::clean(raw, LineBreaks::Keep)?;
        let body = Text::clean(body(text.as_str()), LineBreaks::Keep)?;
        let (bytes, lines) = (body.as_str().len(), body.lines().count());
        let bytes = Some(bytes).filter(|&bytes| is_near(bytes, self.limits.text));
        let lines = Some(lines).filter(|&lines| is_near(lines, self.limits.lines));
        let is_told = bytes.or(lines).is_some();
        is_told.then_some(LimitNote { bytes, lines, limits: self.limits })
    }

    /// Decides again to whom the text would go: members come and go while it is typed.
    pub(crate) fn update_mode(&mut self) {
        self.state.composer.mode = self.mode_of_composer();
    }

    pub(crate) fn mode_of_composer(&self) -> Mode {
        // What stands in the field is taken as the server would see it: an invisible character in front of the `@`
        // must not turn a private text into a public one.
        let text = Text::clean(&self.state.composer.text, LineBreaks::Keep);
        if let Some((typed, _)) = text.as_ref().and_then(|text| addressed(text.as_str())) {
            return self.mode_of_addressee(typed);
        }
        match &self.state.place {
            ConversationId::Room => Mode::Public,
            ConversationId::Direct(name) if self.reachable(name).is_some() && !self.is_my_name(name) => {
                Mode::Private(name.clone())
            }
            ConversationId::Direct(name) => Mode::Nobody(name.as_str().to_owned()),
        }
    }

    fn mode_of_addressee(&self, typed: &str) -> Mode {
        if let Some(name) = self.find_other(typed) {
            return Mode::Private(name);
        }
        if Name::parse(typed).is_ok_and(|name| self.is_my_name(&name)) {
            return Mode::Oneself;
        }
        let is_being_typed = !self.state.composer.text.trim_start().contains(char::is_whitespace);
        let names = if is_being_typed { self.names_beginning_with(typed) } else { Vec::new() };
        if names.is_empty() { Mode::Nobody(cut(typed, MAX_NAME).to_owned()) } else { Mode::Naming(names) }
    }

    /// `None` if there is nothing to send.
    fn outgoing(&self) -> Result<Option<Outgoing>, ComposerError> {
        let Some(text) = Text::clean(&self.state.composer.text, LineBreaks::Keep) else { return Ok(None) };
        if self.state.phase != Phase::Talking {
            return Err(ComposerError::NotConnected);
        }
        let prefix = addressed(text.as_str());
        let body = body(text.as_str());
        let to = match &self.state.composer.mode {
            Mode::Public => None,
            Mode::Private(name) => Some(name.clone()),
            Mode::Oneself => return Err(ComposerError::ToSelf),
            Mode::Nobody(name) => return Err(why_nobody(name, prefix.is_some())),
            Mode::Naming(_) => return Err(why_nobody(prefix.map_or("", |(typed, _)| typed), true)),
        };
        match Text::parse(body, LineBreaks::Keep, &self.limits) {
            Ok(text) => Ok(Some(Outgoing { to, text })),
            Err(TextError::Blank) if prefix.is_some() => Err(ComposerError::BadFormat),
            Err(TextError::Blank) => Ok(None),
            Err(TextError::TooLong) => Err(ComposerError::TooLong(self.limits)),
        }
    }

    fn send(&mut self, outgoing: Outgoing) {
        let Some(me) = self.state.me.clone() else { return };
        let reference = self.next_reference();
        let index = outgoing.to.as_ref().map_or(0, |name| {
            let index = self.private_with(name);
            self.raise(index)
        });
        let said = ChatMessage {
            mine: true,
            meant_for: outgoing.to.as_ref().and_then(|name| self.roster.partner(name)),
            private_to: outgoing.to.clone(),
            delivery: Delivery::Pending(reference),
            reference: Some(reference),
            ..ChatMessage::new(me.name, outgoing.text)
        };
        let request = said.request(reference);
        let Some(conversation) = self.state.conversations.get_mut(index) else { return };
        conversation.end_new();
        conversation.push(self.clock.time(self.now), Content::Message(said));
        let is_elsewhere = conversation.place != self.state.place;
        self.request(Effect::Send(request));
        // It stands in a conversation of its own; here only that it went out.
        if let Some(name) = outgoing.to.filter(|_| is_elsewhere) {
            self.add_notice(LocalNotice::Whispered(name));
        }
    }

    /// Rises for as long as the program runs, so it is never used again in a session.
    pub(crate) fn next_reference(&mut self) -> SafeInteger {
        self.last_reference += 1;
        SafeInteger::new(self.last_reference).unwrap_or(SafeInteger::MAX)
    }

    fn find_other(&self, typed: &str) -> Option<Name> {
        let name = Name::parse(typed).ok()?;
        let (spelled, _) = self.reachable(&name)?;
        (!self.is_my_name(&name)).then(|| spelled.clone())
    }

    pub(crate) fn is_my_name(&self, name: &Name) -> bool {
        self.state.me.as_ref().is_some_and(|me| me.name == *name)
    }
}

fn why_nobody(name: &str, is_typed: bool) -> ComposerError {
    match name {
        "" => ComposerError::BadFormat,
        _ if is_typed => ComposerError::NoSuchUser(name.to_owned()),
        _ => ComposerError::PartnerAbsent(name.to_owned()),
    }
}

/// The part of a whole text that is said: without addressee and without the second slash.
fn body(text: &str) -> &str {
    match (addressed(text), intent(text)) {
        (Some((_, body)), _) => body,
        (None, SlashCommand::Say(said)) => said,
        (None, _) => text,
    }
}
