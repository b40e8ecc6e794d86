//! What stands above and below the conversation: header, banner, status.

use super::draw::{self, HEADING, NAME, SMALL};
use super::geometry::Rect;
use super::icon::{self, Icon};
use super::theme::palette;
use crate::state::Tone;
use crate::strings::window as strings;

/// The header of the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) title: String,
    pub(super) note: String,
    /// Instead of the note in a narrow window.
    pub(super) short_note: String,
    /// How much room the buttons at the right take.
    pub(super) buttons: i32,
}

impl Header {
    /// Draws it.
    pub(super) fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.ground);
        draw::fill(Rect::new(rect.x, rect.bottom() - 1, rect.w, 1), colours.line);
        if rect.h >= 56 {
            let width = rect.w - 16 - self.buttons;
            draw::fitted(&self.title, HEADING, colours.text, rect.x + 16, HEADING.baseline(rect.y + 9, 22), width);
            draw::fitted(&self.note, SMALL, colours.soft, rect.x + 16, SMALL.baseline(rect.y + 29, 20), width);
            return;
        }
        let baseline = HEADING.baseline(rect.y, rect.h);
        let right = rect.right() - self.buttons;
        let end = draw::fitted(&self.title, HEADING, colours.text, rect.x + 12, baseline, right - rect.x - 12);
        draw::fitted(&self.short_note, SMALL, colours.soft, end + 9, baseline, right - end - 9);
    }
}

/// The banner of a lost connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Banner {
    /// What happens next.
    pub(super) detail: String,
}

impl Banner {
    /// Draws it.
    pub(super) fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.warning_ground);
        let x = rect.x + if rect.w < 500 { 12 } else { 16 };
        icon::draw(Icon::Alert, 16, colours.warning, Rect::new(x, rect.y, 18, rect.h));
        let baseline = NAME.baseline(rect.y, rect.h);
        let right = rect.right() - 152;
        let end = draw::fitted(strings::LOST, NAME, colours.warning, x + 28, baseline, right - x - 28);
        draw::fitted(&self.detail, draw::BODY, colours.warning, end + 9, baseline, right - end - 9);
    }
}

/// The status bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) text: String,
    pub(super) tone: Tone,
    /// At the right; `None` in a narrow window.
    pub(super) note: Option<String>,
}

impl Status {
    /// Draws it.
    pub(super) fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.side);
        draw::fill(Rect::new(rect.x, rect.y, rect.w, 1), colours.line);
        let dot = Rect::new(rect.x + 16, rect.y + (rect.h - 8) / 2 + 1, 8, 8);
        draw::disc(
            dot,
            match self.tone {
                Tone::Good => colours.ok,
                Tone::Waiting => colours.amber,
                Tone::Bad => colours.error,
            },
        );
        let baseline = SMALL.baseline(rect.y + 1, rect.h);
        let mut right = rect.right() - 16;
        if let Some(note) = &self.note {
            right -= SMALL.width(note);
            draw::text(note, SMALL, colours.soft, right, baseline);
        }
        draw::fitted(&self.text, SMALL, colours.soft, rect.x + 32, baseline, right - 12 - rect.x - 32);
    }
}
