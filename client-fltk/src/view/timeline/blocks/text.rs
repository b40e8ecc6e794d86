//! Chat messages.

use fltk::draw as fltk_draw;
use papo_common::Name;

use crate::core::{ChatMessage, Delivery, ItemId};
use crate::export::transcript;
use crate::export::transcript::indented;
use crate::strings::{accessibility as words, window as strings};
use crate::view::kit::avatar;
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, CHIP, LINE, NAME, SMALL};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::{name_colour, palette};
use crate::view::timeline::blocks::block::{Block, link_hotspots};
use crate::view::timeline::blocks::delivery;
use crate::view::timeline::canvas::RowCanvas;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::metrics::{CARD_PADDING, HEAD_GAP, NEXT_GAP};
use crate::view::timeline::text_frame::TextFrame;

/// The width of the bar at the left edge of a private message, and of a message that mentions the user.
const CARD_BAR: i32 = 3;

const _: () = assert!(CARD_PADDING >= draw::RADIUS, "cards that follow one another join in their padding");

/// A message.
#[derive(Debug)]
pub(super) struct Message {
    from: Name,
    /// Whether name and time stand above the text.
    has_head: bool,
    /// The label in the head that says that the message is private, and to whom; `None` if it is not private.
    private: Option<String>,
    is_mention: bool,
    delivery: Delivery,
}

impl Message {
    /// The block of the message `said`, with a head or without.
    pub(super) fn new(said: &ChatMessage, has_head: bool) -> Message {
        let private = said.private_to.as_ref();
        Message {
            from: said.from.clone(),
            has_head,
            private: private
                .map(|to| if said.mine { strings::private_to(to.as_str()) } else { strings::PRIVATE_TO_YOU.into() }),
            is_mention: said.mentions_me && private.is_none(),
            delivery: said.delivery.clone(),
        }
    }
}

impl Block for Message {
    fn gap(&self) -> i32 {
        match self.has_head {
            true => HEAD_GAP,
            false if self.private.is_some() => 0,
            false => NEXT_GAP,
        }
    }

    fn around_text(&self) -> (i32, i32) {
        let padding = if self.private.is_some() { CARD_PADDING } else { 0 };
        let head = if self.has_head { LINE + padding } else { 0 };
        (head, padding + delivery::below(&self.delivery))
    }

    fn paint(&self, canvas: &RowCanvas<'_>) {
        if self.private.is_some() {
            self.paint_card(canvas);
        } else if canvas.is_hovered {
            paint_hovered(canvas);
        }
        if canvas.is_hovered && !self.has_head && !canvas.columns.is_narrow {
            canvas.paint_time_beside();
        }
        if self.is_mention {
            paint_mention(canvas);
        }
        if self.has_head {
            self.paint_head(canvas);
        }
        let colour = if matches!(self.delivery, Delivery::Pending(_)) { palette().soft } else { palette().text };
        let end = canvas.paint_text(colour);
        delivery::paint_behind(&self.delivery, self.has_head, end, canvas);
    }

    fn hotspots(&self, item: ItemId, frame: &TextFrame<'_>) -> Vec<Hotspot> {
        let mut spots = link_hotspots(item, frame);
        spots.extend(delivery::hotspots(&self.delivery, item, frame));
        spots
    }

    fn entry(&self, time: &str, text: &str) -> Option<String> {
        Some(format!("[{time}] {}: {}", self.from, indented(text)))
    }

    fn sentence(&self, time: &str, text: &str) -> String {
        let kind = match () {
            () if self.private.is_some() => words::PRIVATE,
            () if self.is_mention => words::MENTION,
            () => "",
        };
        words::said(self.from.as_str(), time, text, &format!("{kind}{}", transcript::delivery(&self.delivery)))
    }

    fn buttons(&self, item: ItemId) -> Vec<(&'static str, ClickAction)> {
        delivery::buttons(&self.delivery, item)
    }
}

impl Message {
    fn paint_card(&self, canvas: &RowCanvas<'_>) {
        let colours = palette();
        let x = canvas.area.x + canvas.columns.avatar() - 8;
        let card = Rect::new(x, canvas.top, canvas.right() - x, canvas.bottom - canvas.top);
        draw::rounded(card, draw::RADIUS, colours.private_ground);
        // Draws the bar: a card in the bar's colour, covered by the ground except for its left edge.
        fltk_draw::push_clip(x, card.y, CARD_BAR + draw::RADIUS, card.h);
        draw::fill(card, colours.ground);
        draw::rounded(card, draw::RADIUS, colours.private);
        let ground = Rect::new(x + CARD_BAR, card.y, card.w - CARD_BAR, card.h);
        draw::rounded(ground, draw::RADIUS, colours.private_ground);
        fltk_draw::pop_clip();
        if !self.has_head {
            // Continues the card above: no round corners between the two.
            let join = 2 * draw::RADIUS;
            draw::fill(Rect::new(x, card.y - join / 2, CARD_BAR, join), colours.private);
            draw::fill(Rect::new(ground.x, card.y - join / 2, ground.w, join), colours.private_ground);
        }
    }

    fn paint_head(&self, canvas: &RowCanvas<'_>) {
        let colours = palette();
        let y = canvas.frame.y - LINE;
        let name = self.from.as_str();
        if let Some(circle) = canvas.avatar(y) {
            avatar::person(name, circle);
        }
        let baseline = BODY.baseline(y, LINE);
        let beside = if self.private.is_some() || matches!(self.delivery, Delivery::Pending(_)) { 220 } else { 70 };
        let room = canvas.area.w - canvas.columns.text() - beside;
        let mut x = draw::fitted(name, NAME, name_colour(name), canvas.frame.x, baseline, room.max(80)) + 8;
        if let Some(private) = &self.private {
            x = paint_private_chip(private, x, y, canvas) + 8;
        }
        x = draw::text(&canvas.time, SMALL, colours.soft, x, baseline) + 9;
        delivery::paint_in_head(&self.delivery, x, y);
    }
}

/// Draws the background of the message under the pointer.
fn paint_hovered(canvas: &RowCanvas<'_>) {
    let (y, bottom) = (canvas.top - NEXT_GAP / 2, canvas.bottom + NEXT_GAP / 2);
    draw::fill(Rect::new(canvas.area.x, y, canvas.area.w, bottom - y), palette().side);
}

/// Draws the background of the text of a message that mentions the user; those of several in a row join.
fn paint_mention(canvas: &RowCanvas<'_>) {
    let colours = palette();
    let (x, y) = (canvas.frame.x - 9, canvas.frame.y - NEXT_GAP / 2);
    let height = canvas.bottom + NEXT_GAP / 2 - y;
    draw::fill(Rect::new(x, y, canvas.right() - x, height), colours.side);
    draw::fill(Rect::new(x, y, CARD_BAR, height), colours.accent);
}

fn paint_private_chip(private: &str, x: i32, y: i32, canvas: &RowCanvas<'_>) -> i32 {
    let colours = palette();
    let room = (canvas.right() - 60 - x).max(40);
    let private = draw::elided(private, CHIP, room - 30);
    let chip = Rect::new(x, y + 1, CHIP.width(&private) + 30, 18);
    draw::pill(chip, colours.private);
    icon::draw(Icon::Lock, 11, colours.on_accent, Rect::new(x + 8, chip.y, 11, chip.h));
    draw::text(&private, CHIP, colours.on_accent, x + 22, CHIP.baseline(chip.y, chip.h));
    chip.right()
}
