//! The text field: to whom its text would go, and what must not go at all.

pub(crate) mod commands;
pub(crate) mod completion;
pub(crate) mod input_history;
pub(crate) mod problem;

use papo_common::classic::addressed;
use papo_common::limits::MAX_NAME;
use papo_common::{Limits, LineBreaks, Name, Text, TextError};

use crate::core::composer::commands::{SlashCommand, intent};
use crate::core::composer::completion::Completion;
use crate::core::composer::problem::{ComposerError, LimitNote};
use crate::core::effect::Effects;
use crate::core::roster::Roster;
use crate::core::{ConversationId, Effect};
use crate::text::cut::cut;

/// The text field.
#[derive(Debug, Default)]
pub struct Composer {
    /// The text in the field.
    pub text: String,
    /// Rises each time the program, not the person, sets `text`: only then does the view write it to the field.
    pub version: u64,
    /// The position of the caret in `text`, in bytes, when the program sets both.
    pub caret: usize,
    /// The addressee of the text, if it is sent now.
    pub mode: Mode,
    /// The error of the last attempt to send the text, shown above the field.
    pub error: Option<ComposerError>,
    /// The use of the limits of a message, for a text near a limit or beyond.
    pub limit: Option<LimitNote>,
    /// The text as the server would see it: an invisible character in front of the `@` must not turn a private text into
    /// a public one.
    pub(crate) cleaned: Option<Text>,
    completion: Option<Completion>,
}

/// The addressee of the text in the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everybody in the room.
    #[default]
    Public,
    /// The member of that name alone.
    Private(Name),
    /// `@` and the beginning of these names, which Tab completes: it cannot be sent yet.
    Naming(Vec<Name>),
    /// `@nome` of this user: it will not be sent.
    Oneself,
    /// `@nome` of somebody who is not there: it will not be sent.
    Nobody(String),
}

impl Mode {
    /// Whether there is somebody to whom the text would go.
    pub fn has_addressee(&self) -> bool {
        matches!(self, Mode::Public | Mode::Private(_))
    }
}

impl Composer {
    /// The person edited the text.
    pub(crate) fn edit(&mut self, text: String) {
        self.cleaned = Text::clean(&text, LineBreaks::Keep);
        (self.caret, self.text, self.error) = (text.len(), text, None);
    }

    /// The program sets the text, the caret behind it.
    pub fn set(&mut self, text: String) {
        self.edit(text);
        self.version += 1;
    }

    /// Completes the word before the caret, or goes on to the next name that fits.
    pub(crate) fn complete(&mut self, caret: usize, roster: &Roster, effects: &mut Effects) {
        let going_on = self.completion.take().filter(|it| it.stands(&self.text, caret)).map(Completion::next);
        let begin = || Completion::begin(&self.text, caret, roster);
        let Some(completion) = going_on.or_else(begin) else { return effects.push(Effect::FocusNext) };
        let (text, caret) = completion.shown();
        self.set(text);
        self.caret = caret;
        self.completion = Some(completion).filter(Completion::goes_on);
    }

    /// Puts `nome, ` behind what stands there.
    pub(crate) fn mention(&mut self, name: &Name) {
        let is_open = self.text.chars().next_back().is_some_and(|last| !last.is_whitespace());
        let space = if is_open { " " } else { "" };
        self.set(format!("{}{space}{name}, ", self.text));
    }

    /// Empties the field for a new chat, except for a text for the room: it is kept until the server is back; a private
    /// one might reach somebody else. `draft` is the room's while another conversation is shown.
    pub(crate) fn begin(&mut self, place: &ConversationId, draft: String) {
        let text = match (place, &self.mode) {
            (ConversationId::Room, Mode::Public) => std::mem::take(&mut self.text),
            (ConversationId::Room, _) => String::new(),
            (ConversationId::Direct(_), _) => draft,
        };
        *self = Composer { version: self.version, ..Composer::default() };
        self.set(text);
    }

    /// The text to be sent, and its addressee unless it is for the room; `None` if there is nothing to send.
    pub(crate) fn outgoing(
        &self,
        is_talking: bool,
        limits: &Limits,
    ) -> Result<Option<(Option<Name>, Text)>, ComposerError> {
        let Some(text) = &self.cleaned else { return Ok(None) };
        if !is_talking {
            return Err(ComposerError::NotConnected);
        }
        let prefix = addressed(text.as_str());
        let to = match &self.mode {
            Mode::Public => None,
            Mode::Private(name) => Some(name.clone()),
            Mode::Oneself => return Err(ComposerError::ToSelf),
            Mode::Nobody(name) => return Err(why_nobody(name, prefix.is_some())),
            Mode::Naming(_) => return Err(why_nobody(prefix.map_or("", |(typed, _)| typed), true)),
        };
        match Text::parse(body(text.as_str()), LineBreaks::Keep, limits) {
            Ok(text) => Ok(Some((to, text))),
            Err(TextError::Blank) if prefix.is_some() => Err(ComposerError::BadFormat),
            Err(TextError::Blank) => Ok(None),
            Err(TextError::TooLong) => Err(ComposerError::TooLong(*limits)),
        }
    }

    /// Decides again to whom the text would go, and whether it fits: members come and go while it is typed. `now` is Unix
    /// time in ms.
    pub(crate) fn keep_up(&mut self, place: &ConversationId, roster: &Roster, limits: &Limits, now: u64) {
        let text = self.cleaned.as_ref().map(Text::as_str);
        let typed = text.and_then(addressed).map(|(typed, _)| typed);
        self.limit = text.and_then(|text| limit_note(body(text), limits));
        self.mode = match (typed, place) {
            (Some(typed), _) => self.mode_of_addressee(typed, roster, now),
            (None, ConversationId::Room) => Mode::Public,
            (None, ConversationId::Direct(name)) => match roster.reachable(name, now) {
                Some(_) if !roster.is_my_name(name) => Mode::Private(name.clone()),
                _ => Mode::Nobody(name.as_str().to_owned()),
            },
        };
    }

    fn mode_of_addressee(&self, typed: &str, roster: &Roster, now: u64) -> Mode {
        if let Ok(name) = Name::parse(typed) {
            if roster.is_my_name(&name) {
                return Mode::Oneself;
            }
            if let Some((spelled, _)) = roster.reachable(&name, now) {
                return Mode::Private(spelled.clone());
            }
        }
        let is_being_typed = !self.text.trim_start().contains(char::is_whitespace);
        let names = if is_being_typed { roster.names_beginning_with(typed) } else { Vec::new() };
        if names.is_empty() { Mode::Nobody(cut(typed, MAX_NAME).to_owned()) } else { Mode::Naming(names) }
    }
}

/// The note about the limits, from nine tenths of one on.
fn limit_note(text: &str, limits: &Limits) -> Option<LimitNote> {
    // The limit is the server's word, whatever it says.
    let near = |used: usize, limit: usize| Some(used).filter(|it| it.saturating_mul(10) >= limit.saturating_mul(9));
    let (bytes, lines) = (near(text.len(), limits.text), near(text.lines().count(), limits.lines));
    bytes.or(lines).map(|_| LimitNote { bytes, lines, limits: *limits })
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
