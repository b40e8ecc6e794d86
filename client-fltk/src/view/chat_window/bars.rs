//! What stands above and below the conversation: header, banner, status.

use crate::core::Severity;
use crate::strings::window as strings;
use crate::view::kit::draw;
use crate::view::kit::draw::{HEADING, NAME, SMALL};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;

/// The header of the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) title: String,
    pub(crate) note: String,
    /// Instead of the note in a narrow window.
    pub(crate) short_note: String,
    /// How much room the buttons at the right take.
    pub(crate) buttons: i32,
}

impl Header {
    /// Draws it.
    pub(crate) fn paint(&self, rect: Rect) {
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
pub(crate) struct Banner {
    /// What happens next.
    pub(crate) detail: String,
}

impl Banner {
    /// Draws it.
    pub(crate) fn paint(&self, rect: Rect) {
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
pub(crate) struct Status {
    pub(crate) text: String,
    pub(crate) tone: Severity,
    /// At the right; `None` in a narrow window.
    pub(crate) note: Option<String>,
}

impl Status {
    /// Draws it.
    pub(crate) fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.side);
        draw::fill(Rect::new(rect.x, rect.y, rect.w, 1), colours.line);
        let dot = Rect::new(rect.x + 16, rect.y + (rect.h - 8) / 2 + 1, 8, 8);
        draw::disc(
            dot,
            match self.tone {
                Severity::Good => colours.ok,
                Severity::Waiting => colours.amber,
                Severity::Bad => colours.error,
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
