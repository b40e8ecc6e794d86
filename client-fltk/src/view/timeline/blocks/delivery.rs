//! The delivery state of an own message: a word or an icon beside it, and under a failed one a line with the actions
//! and the reason.

use crate::core::{Delivery, ItemId};
use crate::strings::{notices, window as strings};
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, CHIP, LINE, SMALL};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;
use crate::view::timeline::canvas::RowCanvas;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::text_frame::TextFrame;

/// The space between the parts of the line under a failed message.
const GAP: i32 = 10;
/// The distance from the icon's left edge to the words beside it.
const INDENT: i32 = 20;

/// The height of the line below the text: 0 unless the message failed.
pub(super) fn below(delivery: &Delivery) -> i32 {
    if matches!(delivery, Delivery::Failed(_)) { LINE } else { 0 }
}

/// The hotspots of the line under the message `item`: none unless it failed.
pub(super) fn hotspots(delivery: &Delivery, item: ItemId, frame: &TextFrame<'_>) -> Vec<Hotspot> {
    let buttons = buttons(delivery, item).into_iter().zip(places(frame.x, frame.bottom()));
    buttons.map(|((_, target), rect)| Hotspot { item, target, rects: vec![rect] }).collect()
}

/// The actions on the message `item`, each with its name: none unless it failed.
pub(super) fn buttons(delivery: &Delivery, item: ItemId) -> Vec<(&'static str, ClickAction)> {
    if !matches!(delivery, Delivery::Failed(_)) {
        return Vec::new();
    }
    vec![(strings::TRY_AGAIN, ClickAction::Retry(item)), (strings::DISCARD, ClickAction::Discard(item))]
}

/// Draws the state in the head, whose line begins at `y`, from `x` on.
pub(super) fn paint_in_head(delivery: &Delivery, x: i32, y: i32) {
    let (soft, baseline) = (palette().soft, BODY.baseline(y, LINE));
    match delivery {
        Delivery::Pending(_) => {
            icon::draw(Icon::Clock, 12, soft, Rect::new(x, y, 12, LINE));
            draw::text(strings::SENDING, SMALL, soft, x + 17, baseline);
        }
        Delivery::Kept => {
            draw::text(strings::KEPT, SMALL, soft, x, baseline);
        }
        Delivery::Done | Delivery::Failed(_) => {}
    }
}

/// Draws the state after a text that has no head, ends at `end` and whose last line begins at `y`; a failure is drawn
/// below the text, with a head or without.
pub(super) fn paint_behind(delivery: &Delivery, has_head: bool, (end, y): (i32, i32), canvas: &RowCanvas<'_>) {
    match delivery {
        Delivery::Pending(_) if !has_head => {
            icon::draw(Icon::Clock, 12, palette().soft, Rect::new(end + 8, y, 12, LINE));
        }
        Delivery::Kept if !has_head => {
            draw::text(strings::KEPT, SMALL, palette().soft, end + 8, BODY.baseline(y, LINE));
        }
        Delivery::Failed(failure) => {
            paint_failure(&notices::failure(failure), (canvas.frame.x, y + LINE), canvas.right());
        }
        _ => {}
    }
}

/// The rectangles of the two buttons, retry and discard, in a line that begins at (`x`, `y`).
fn places(x: i32, y: i32) -> [Rect; 2] {
    let again_x = x + INDENT + SMALL.width(strings::NOT_SENT) + GAP;
    let again = Rect::new(again_x, y, CHIP.width(strings::TRY_AGAIN), LINE);
    [again, Rect::new(again.right() + GAP, y, CHIP.width(strings::DISCARD), LINE)]
}

/// Draws the line under a failed message, up to `right`.
fn paint_failure(reason: &str, (x, y): (i32, i32), right: i32) {
    let colours = palette();
    let baseline = BODY.baseline(y, LINE);
    icon::draw(Icon::Alert, 13, colours.error, Rect::new(x, y, 14, LINE));
    draw::text(strings::NOT_SENT, SMALL, colours.error, x + INDENT, baseline);
    let mut end = x;
    for (text, rect) in [strings::TRY_AGAIN, strings::DISCARD].into_iter().zip(places(x, y)) {
        end = draw::text(text, CHIP, colours.accent, rect.x, baseline) + GAP;
    }
    draw::fitted(reason, SMALL, colours.soft, end, baseline, right - end);
}
