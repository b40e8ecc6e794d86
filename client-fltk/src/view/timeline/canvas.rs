//! The row to be drawn, with everything that its block needs for it.

use fltk::draw as fltk_draw;
use fltk::enums::Color;

use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, LINE, SMALL};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;
use crate::view::timeline::line::Mark;
use crate::view::timeline::metrics::{Columns, RIGHT_MARGIN};
use crate::view::timeline::text_frame::TextFrame;

/// A row in the window.
pub(super) struct RowCanvas<'a> {
    pub(super) frame: TextFrame<'a>,
    /// The marks in the text, later ones above earlier ones.
    pub(super) marks: Vec<Mark>,
    /// The rectangle of the whole conversation.
    pub(super) area: Rect,
    pub(super) columns: Columns,
    /// The upper and lower edge of the row, without the separators above it.
    pub(super) top: i32,
    pub(super) bottom: i32,
    /// The time of the item, as it is shown.
    pub(super) time: String,
    /// Whether the pointer is on it.
    pub(super) is_hovered: bool,
}

impl RowCanvas<'_> {
    /// The right edge of cards.
    pub(super) fn right(&self) -> i32 {
        self.area.right() - RIGHT_MARGIN
    }

    /// The rectangle of an avatar beside the head, whose line begins at `y`; `None` if the window is too narrow for
    /// avatars.
    pub(super) fn avatar(&self, y: i32) -> Option<Rect> {
        (!self.columns.is_narrow).then(|| Rect::new(self.area.x + self.columns.avatar(), y + 2, 32, 32))
    }

    /// Draws an icon beside the first line.
    pub(super) fn paint_sign(&self, icon: Icon) {
        if !self.columns.is_narrow {
            let place = Rect::new(self.area.x + self.columns.avatar(), self.frame.y, 32, LINE);
            icon::draw(icon, 14, palette().soft, place);
        }
    }

    /// Draws the time left of the first line.
    pub(super) fn paint_time_beside(&self) {
        let x = self.frame.x - 12 - SMALL.width(&self.time);
        draw::text(&self.time, SMALL, palette().soft, x, BODY.baseline(self.frame.y, LINE));
    }

    /// Draws the lines in sight, and returns the right end and the top of the last of them.
    pub(super) fn paint_text(&self, colour: Color) -> (i32, i32) {
        let TextFrame { lines, x, y: top, .. } = self.frame;
        // Combining marks can be stacked to any height: clip them to their own row.
        fltk_draw::push_clip(self.area.x, self.top, self.area.w, self.bottom - self.top);
        let mut end = (x, top);
        for (index, line) in lines.iter().enumerate() {
            let y = top + LINE * index as i32;
            if y + LINE <= self.area.y && index + 1 < lines.len() {
                continue;
            }
            end = (self.frame.paint_line(line, y, colour, &self.marks), y);
            if y >= self.area.bottom() {
                break;
            }
        }
        fltk_draw::pop_clip();
        end
    }
}
