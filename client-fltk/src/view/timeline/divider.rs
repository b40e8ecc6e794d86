//! Where one came, and where it all begins: words across a conversation.

use crate::strings::window as strings;
use crate::view::kit::draw;
use crate::view::kit::draw::{CHIP, LINE, SMALL};
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;
use crate::view::timeline::log::{HEAD_HEIGHT, Log};
use crate::view::timeline::paint::RIGHT_MARGIN;

/// The space above the words, and between them and the lines beside them.
const GAP: i32 = 8;

/// Draws what stands above the first item.
pub(super) fn head(log: &Log, area: Rect) {
    if let Some(words) = log.head() {
        let y = area.y + (log.start() - log.top()) as i32;
        draw::centred(words, SMALL, palette().soft, Rect::new(area.x, y + GAP, area.w, HEAD_HEIGHT - GAP));
    }
}

/// Draws the line under what was said before one came, at `y`.
pub(super) fn entered(log: &Log, area: Rect, y: i32) {
    let colours = palette();
    let width = CHIP.width(strings::BEFORE_ENTERING);
    let words = Rect::new(area.x + (area.w - width) / 2, y + GAP, width, LINE);
    let (left, right) = (area.x + log.columns().avatar() + 4, area.right() - RIGHT_MARGIN);
    let (middle, end, begin) = (words.y + LINE / 2, words.x - GAP, words.right() + GAP);
    draw::fill(Rect::new(left, middle, end - left, 1), colours.line);
    draw::fill(Rect::new(begin, middle, right - begin, 1), colours.line);
    draw::centred(strings::BEFORE_ENTERING, CHIP, colours.soft, words);
}
