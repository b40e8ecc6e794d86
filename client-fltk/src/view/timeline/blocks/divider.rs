//! Separators: the day, the line above new messages, the line where the user entered, and the words above the first
//! row.

use crate::strings::window as strings;
use crate::view::kit::draw;
use crate::view::kit::draw::{CHIP, LINE, SMALL, Style};
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;
use crate::view::timeline::blocks::Block;
use crate::view::timeline::canvas::RowCanvas;
use crate::view::timeline::metrics::{Columns, ENTERED_HEIGHT, HEAD_HEIGHT, NEW_HEIGHT, RIGHT_MARGIN};

/// The space above the words, and between them and the lines beside them.
const GAP: i32 = 8;

/// The line between the messages from before the user entered and those after.
#[derive(Debug)]
pub(super) struct Entered;

impl Block for Entered {
    fn style(&self) -> Style {
        SMALL
    }

    fn gap(&self) -> i32 {
        0
    }

    fn around_text(&self) -> (i32, i32) {
        (0, ENTERED_HEIGHT - LINE)
    }

    fn paint(&self, canvas: &RowCanvas<'_>) {
        let (colours, area) = (palette(), canvas.area);
        let width = CHIP.width(strings::BEFORE_ENTERING);
        let words = Rect::new(area.x + (area.w - width) / 2, canvas.top + GAP, width, LINE);
        let (left, right) = (area.x + canvas.columns.avatar() + 4, canvas.right());
        let (middle, end, begin) = (words.y + LINE / 2, words.x - GAP, words.right() + GAP);
        draw::fill(Rect::new(left, middle, end - left, 1), colours.line);
        draw::fill(Rect::new(begin, middle, right - begin, 1), colours.line);
        draw::centred(strings::BEFORE_ENTERING, CHIP, colours.soft, words);
    }

    fn entry(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    fn sentence(&self, _: &str, _: &str) -> String {
        strings::BEFORE_ENTERING.to_owned()
    }
}

/// Draws the words above the first row, in a strip that begins at `y`.
pub(in crate::view::timeline) fn paint_head(words: &str, area: Rect, y: i32) {
    draw::centred(words, SMALL, palette().soft, Rect::new(area.x, y + GAP, area.w, HEAD_HEIGHT - GAP));
}

/// Draws the heading of a day, in a strip that begins at `y`.
pub(in crate::view::timeline) fn paint_day(day: &str, area: Rect, y: i32) {
    let width = CHIP.width(day) + 24;
    let chip = Rect::new(area.x + (area.w - width) / 2, y + 14, width, 24);
    draw::pill(chip, palette().side);
    draw::centred(day, CHIP, palette().soft, chip);
}

/// Draws the line above new messages, in a strip that begins at `y`.
pub(in crate::view::timeline) fn paint_new_line(columns: Columns, area: Rect, y: i32) {
    let colours = palette();
    let middle = y + NEW_HEIGHT - 4 - LINE / 2;
    let width = CHIP.width(strings::NEW_MESSAGES) + 20;
    let chip = Rect::new(area.right() - RIGHT_MARGIN - width, middle - 10, width, 20);
    let left = area.x + columns.avatar() + 4;
    draw::fill(Rect::new(left, middle, chip.x + 10 - left, 1), colours.new);
    draw::pill(chip, colours.new);
    draw::centred(strings::NEW_MESSAGES, CHIP, colours.on_accent, chip);
}
