//! The look of the text field, and the note on its text.

use crate::core::{self, ConversationId, Mode};
use crate::strings::{composer as words, window as strings};
use crate::view::kit::field::line_height;
use crate::view::kit::{BODY, Icon, Rect, SMALL, draw, icon, palette};

/// The field with one line; the chip above it; the word about it above the field.
pub(super) const FIELD: i32 = 40;
pub(super) const CHIP: i32 = 32;
pub(super) const WORD: i32 = 24;

/// Everything that decides on the look of the field.
#[derive(Default)]
pub(super) struct Look {
    pub(super) mode: Mode,
    pub(super) word: Option<Word>,
    pub(super) place: Option<ConversationId>,
    pub(super) version: Option<u64>,
    /// The width and the text for which `lines` were counted.
    pub(super) counted: (i32, String),
    pub(super) field: Rect,
    pub(super) lines: i32,
}

/// A note on the text.
#[derive(PartialEq, Eq)]
pub(super) enum Word {
    /// The reason why it was not sent.
    Wrong(String),
    /// The share of a message's limits that the text takes, and whether that is too much.
    Limit(String, bool),
}

impl Word {
    pub(super) fn of(composer: &core::Composer) -> Option<Word> {
        let error = composer.error.as_ref().map(|error| Word::Wrong(words::error(error)));
        error.or_else(|| composer.limit.as_ref().map(|note| Word::Limit(words::limit_note(note), note.is_over())))
    }

    /// Whether it keeps the text from being sent.
    pub(super) fn is_wrong(&self) -> bool {
        matches!(self, Word::Wrong(_) | Word::Limit(_, true))
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Word::Wrong(text) | Word::Limit(text, _) => text,
        }
    }

    fn look(&self) -> (Icon, fltk::enums::Color) {
        match self {
            Word::Limit(_, false) => (Icon::Info, palette().soft),
            Word::Wrong(_) | Word::Limit(..) => (Icon::Alert, palette().error),
        }
    }
}

impl Look {
    /// Whether the chip that names the addressee is up.
    pub(super) fn has_chip(&self) -> bool {
        match (&self.mode, &self.place) {
            (Mode::Public, _) => false,
            // In the addressee's own conversation the header names the addressee.
            (Mode::Private(name), Some(ConversationId::Direct(place))) => name != place,
            _ => true,
        }
    }

    /// The height of everything that the state of the field asks for, in pixels.
    pub(super) fn height(&self) -> i32 {
        let chip = if self.has_chip() { CHIP } else { 0 };
        let word = if self.word.is_some() { WORD } else { 0 };
        FIELD + (self.lines - 1) * line_height() + chip + word
    }

    /// The colour under the text.
    pub(super) fn ground(&self) -> fltk::enums::Color {
        match self.mode {
            Mode::Public => palette().ground,
            Mode::Private(_) | Mode::Naming(_) => palette().private_ground,
            Mode::Nobody(_) | Mode::Oneself => palette().error_ground,
        }
    }

    /// The words shown in the field while it is empty.
    pub(super) fn placeholder(&self) -> String {
        match &self.place {
            Some(ConversationId::Direct(name)) => strings::message_to(name.as_str()),
            _ => strings::MESSAGE_TO_ROOM.to_owned(),
        }
    }

    /// Draws everything but the text and the button.
    pub(super) fn paint(&self, rect: Rect, has_focus: bool) {
        let colours = palette();
        draw::fill(rect, colours.ground);
        draw::fill(Rect::new(rect.x, rect.y, rect.w, 1), colours.line);
        if let Some(word) = &self.word {
            let y = self.field.y - WORD;
            let (icon, colour) = word.look();
            icon::draw(icon, 13, colour, Rect::new(self.field.x + 1, y, 14, 20));
            let width = rect.right() - 16 - self.field.x - 21;
            draw::fitted(word.text(), SMALL, colour, self.field.x + 21, BODY.baseline(y, 20), width);
        }
        let edge = match self.mode {
            Mode::Nobody(_) | Mode::Oneself => colours.error,
            Mode::Private(_) | Mode::Naming(_) => colours.private,
            Mode::Public if has_focus => colours.accent,
            Mode::Public => colours.edge,
        };
        draw::edged(self.field, draw::RADIUS, edge, if has_focus { 2 } else { 1 }, self.ground());
        if self.has_chip() {
            self.paint_chip();
        }
    }

    fn paint_chip(&self) {
        let colours = palette();
        let (text, note, icon, ground) = match &self.mode {
            Mode::Public => return,
            Mode::Private(name) => {
                let name = name.as_str();
                (strings::private_for(name), strings::only_reads(name), Icon::Lock, colours.private)
            }
            Mode::Naming(names) => {
                (strings::WHOM.to_owned(), strings::completed_by_tab(names), Icon::Lock, colours.private)
            }
            Mode::Oneself => {
                (strings::ONESELF.to_owned(), strings::WILL_NOT_BE_SENT.to_owned(), Icon::Alert, colours.error)
            }
            Mode::Nobody(name) => {
                (strings::nobody(name), strings::WILL_NOT_BE_SENT.to_owned(), Icon::Alert, colours.error)
            }
        };
        let text = draw::elided(&text, draw::CHIP, self.field.w - 60);
        let chip = Rect::new(self.field.x + 10, self.field.y + 8, draw::CHIP.width(&text) + 34, 20);
        draw::pill(chip, ground);
        icon::draw(icon, 12, colours.on_accent, Rect::new(chip.x + 8, chip.y, 12, chip.h));
        draw::text(&text, draw::CHIP, colours.on_accent, chip.x + 26, draw::CHIP.baseline(chip.y, chip.h));
        let left = chip.right() + 8;
        draw::fitted(&note, SMALL, ground, left, SMALL.baseline(chip.y, chip.h), self.field.right() - 8 - left);
    }
}
