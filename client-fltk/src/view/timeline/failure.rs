//! The line under a message that did not arrive: that it did not, what can be done, and why.

use crate::core::ItemId;
use crate::strings::window as strings;
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, CHIP, LINE, SMALL};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;
use crate::view::timeline::hotspots::ClickAction;

/// The room between what stands in the line.
const GAP: i32 = 10;
/// What is beside the icon begins here.
const INDENT: i32 = 20;

/// Where the two things that can be done stand, in a line whose text begins at (`x`, `y`).
pub(super) fn actions(item: ItemId, x: i32, y: i32) -> [(Rect, ClickAction, &'static str); 2] {
    let again_x = x + INDENT + SMALL.width(strings::NOT_SENT) + GAP;
    let again = Rect::new(again_x, y, CHIP.width(strings::TRY_AGAIN), LINE);
    let discard = Rect::new(again.right() + GAP, y, CHIP.width(strings::DISCARD), LINE);
    [(again, ClickAction::Retry(item), strings::TRY_AGAIN), (discard, ClickAction::Discard(item), strings::DISCARD)]
}

/// Draws the line up to `right`.
pub(super) fn paint(reason: &str, item: ItemId, (x, y): (i32, i32), right: i32) {
    let colours = palette();
    let baseline = BODY.baseline(y, LINE);
    icon::draw(Icon::Alert, 13, colours.error, Rect::new(x, y, 14, LINE));
    draw::text(strings::NOT_SENT, SMALL, colours.error, x + INDENT, baseline);
    let mut end = x;
    for (rect, _, text) in actions(item, x, y) {
        end = draw::text(text, CHIP, colours.accent, rect.x, baseline) + GAP;
    }
    draw::fitted(reason, SMALL, colours.soft, end, baseline, right - end);
}
