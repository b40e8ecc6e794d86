//! Drawing a conversation.

use std::ops::Range;

use fltk::draw as canvas;
use fltk::enums::Color;

use crate::core::{Delivery, ItemId};
use crate::strings::{notices, window as strings};
use crate::view::kit::avatar;
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, CHIP, LINE, NAME, SMALL, Style};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::rect::Rect;
use crate::view::kit::shadow;
use crate::view::kit::theme::{name_colour, palette};
use crate::view::timeline::divider;
use crate::view::timeline::failure;
use crate::view::timeline::hit_test;
use crate::view::timeline::hotspots;
use crate::view::timeline::line::{LinePainter, Mark, MarkKind};
use crate::view::timeline::log::Log;
use crate::view::timeline::row::{Body, CARD_PADDING, DAY_HEIGHT, Message, NEW_HEIGHT, NEXT_GAP, Row};

/// The free space right of cards and of the line of the new messages.
pub(super) const RIGHT_MARGIN: i32 = 20;
/// The width of the bar at the left edge of a private message, and of one that names oneself.
const CARD_BAR: i32 = 3;

const _: () = assert!(CARD_PADDING >= draw::RADIUS, "cards that follow one another join in their padding");

/// What the pointer does, as far as it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pointer {
    /// The item under it.
    pub(super) item: Option<ItemId>,
    /// Whether the scroll bar is under it or held by it.
    pub(super) on_bar: bool,
    /// Whether the pill is under it.
    pub(super) on_pill: bool,
}

/// Draws everything.
pub(super) fn conversation(log: &Log, area: Rect, pointer: Pointer, unread: usize, has_ring: bool) {
    canvas::push_clip(area.x, area.y, area.w, area.h);
    draw::fill(area, palette().ground);
    let top = log.top();
    divider::head(log, area);
    let selected = log.selected();
    // The card of a private message that follows reaches a little above its own row.
    for (index, row) in log.rows_from(top) {
        let y = area.y + (row.y - top) as i32;
        if y >= area.bottom() {
            break;
        }
        let selected = selected.and_then(|selected| selected.within(index, &row.text));
        RowPainter { log, area, row, selected, y, is_hovered: pointer.item == Some(row.item) }.paint();
    }
    if let Some(bar) = hit_test::bar(log, area) {
        bar.paint(pointer.on_bar);
    }
    if let Some(pill) = pill(log, area, unread) {
        paint_pill(pill, &pill_text(log, unread), pointer.on_pill);
    }
    if has_ring {
        paint_cursor(log, area);
        canvas::set_draw_color(palette().accent);
        canvas::draw_rect(area.x, area.y, area.w, area.h);
        canvas::draw_rect(area.x + 1, area.y + 1, area.w - 2, area.h - 2);
    }
    canvas::pop_clip();
}

/// A ring around what Enter would press.
fn paint_cursor(log: &Log, area: Rect) {
    let Some((item, target)) = &log.cursor else { return };
    canvas::set_draw_color(palette().accent);
    for spot in hotspots::in_sight(log, area).iter().filter(|spot| spot.item == *item && spot.target == *target) {
        for Rect { x, y, w, h } in spot.rects.iter().map(|rect| rect.inset(-2)) {
            canvas::draw_rounded_rect(x, y, w, h, 4);
            canvas::draw_rounded_rect(x + 1, y + 1, w - 2, h - 2, 4);
        }
    }
}

/// Where the button that leads to the end stands; `None` while the end is in sight.
pub(super) fn pill(log: &Log, area: Rect, unread: usize) -> Option<Rect> {
    if log.is_at_bottom() {
        return None;
    }
    let text = pill_text(log, unread);
    let width = if text.is_empty() { 32 } else { NAME.width(&text) + 52 };
    Some(Rect::new(area.right() - 24 - width, area.bottom() - 12 - 32, width, 32))
}

fn pill_text(log: &Log, unread: usize) -> String {
    match unread {
        0 => String::new(),
        _ if log.columns().is_narrow => unread.to_string(),
        _ => strings::new_messages(unread),
    }
}

fn paint_pill(rect: Rect, text: &str, is_hovered: bool) {
    let colours = palette();
    shadow::draw(rect, rect.h / 2);
    draw::pill(rect, if is_hovered { colours.accent_hover } else { colours.accent });
    let arrow = if text.is_empty() { rect } else { Rect::new(rect.x + 14, rect.y, 14, rect.h) };
    icon::draw(Icon::ArrowDown, 14, colours.on_accent, arrow);
    draw::text(text, NAME, colours.on_accent, rect.x + 35, NAME.baseline(rect.y, rect.h));
}

struct RowPainter<'a> {
    log: &'a Log,
    area: Rect,
    row: &'a Row,
    /// What of its text is selected.
    selected: Option<Range<usize>>,
    /// The row's top in the window.
    y: i32,
    is_hovered: bool,
}

impl RowPainter<'_> {
    fn paint(&self) {
        let mut y = self.y;
        if let Some(day) = &self.row.day {
            self.paint_day(day, y);
            y += DAY_HEIGHT;
        }
        if self.row.is_first_new {
            self.paint_new_line(y);
        }
        match &self.row.body {
            Body::Message(message) => self.paint_message(message),
            Body::Note { icon, .. } => self.paint_note(*icon),
            Body::Notice { time } => self.paint_notice(time),
            Body::Entered => divider::entered(self.log, self.area, self.y + self.row.content_y()),
        }
    }

    fn text_x(&self) -> i32 {
        self.area.x + self.log.columns().text()
    }

    fn paint_day(&self, day: &str, y: i32) {
        let width = CHIP.width(day) + 24;
        let chip = Rect::new(self.area.x + (self.area.w - width) / 2, y + 14, width, 24);
        draw::pill(chip, palette().side);
        draw::centred(day, CHIP, palette().soft, chip);
    }

    fn paint_new_line(&self, y: i32) {
        let colours = palette();
        let middle = y + NEW_HEIGHT - 4 - LINE / 2;
        let width = CHIP.width(strings::NEW_MESSAGES) + 20;
        let chip = Rect::new(self.area.right() - RIGHT_MARGIN - width, middle - 10, width, 20);
        let left = self.area.x + self.log.columns().avatar() + 4;
        draw::fill(Rect::new(left, middle, chip.x + 10 - left, 1), colours.new);
        draw::pill(chip, colours.new);
        draw::centred(strings::NEW_MESSAGES, CHIP, colours.on_accent, chip);
    }

    fn paint_message(&self, message: &Message) {
        if message.private.is_some() {
            self.paint_card(message);
        } else if self.is_hovered {
            self.paint_hovered();
            if !self.log.columns().is_narrow {
                self.paint_gutter(message);
            }
        }
        if message.is_mention {
            self.paint_mention();
        }
        if message.has_head {
            self.paint_head(message);
        }
        let colour = match message.delivery {
            Delivery::Pending(_) => palette().soft,
            Delivery::Done | Delivery::Kept | Delivery::Failed(_) => palette().text,
        };
        let end = self.paint_text(BODY, colour);
        match &message.delivery {
            Delivery::Pending(_) if !message.has_head => {
                let clock = Rect::new(end.0 + 8, end.1, 12, LINE);
                icon::draw(Icon::Clock, 12, palette().soft, clock);
            }
            Delivery::Kept if !message.has_head => {
                draw::text(strings::KEPT, SMALL, palette().soft, end.0 + 8, BODY.baseline(end.1, LINE));
            }
            Delivery::Failed(failure) => {
                let at = (self.text_x(), end.1 + LINE);
                failure::paint(&notices::failure(failure), self.row.item, at, self.area.right() - RIGHT_MARGIN);
            }
            _ => {}
        }
    }

    /// What the message under the pointer stands on.
    fn paint_hovered(&self) {
        let y = self.y + self.row.content_y() - NEXT_GAP / 2;
        let bottom = self.y + self.row.height + NEXT_GAP / 2;
        draw::fill(Rect::new(self.area.x, y, self.area.w, bottom - y), palette().side);
    }

    /// The time of a message without a head, left of it.
    fn paint_gutter(&self, message: &Message) {
        if !message.has_head {
            let baseline = BODY.baseline(self.y + self.row.text_y, LINE);
            let x = self.text_x() - 12 - SMALL.width(&message.time);
            draw::text(&message.time, SMALL, palette().soft, x, baseline);
        }
    }

    /// What the text of a message that names oneself stands on; those of several in a row join.
    fn paint_mention(&self) {
        let colours = palette();
        let (x, y) = (self.text_x() - 9, self.y + self.row.text_y - NEXT_GAP / 2);
        let height = self.y + self.row.height + NEXT_GAP / 2 - y;
        draw::fill(Rect::new(x, y, self.area.right() - RIGHT_MARGIN - x, height), colours.side);
        draw::fill(Rect::new(x, y, CARD_BAR, height), colours.accent);
    }

    fn paint_card(&self, message: &Message) {
        let colours = palette();
        let y = self.y + self.row.content_y();
        let bottom = self.y + self.row.height;
        let x = self.area.x + self.log.columns().avatar() - 8;
        let card = Rect::new(x, y, self.area.right() - RIGHT_MARGIN - x, bottom - y);
        draw::rounded(card, draw::RADIUS, colours.private_ground);
        // The bar is what the ground, moved to the right, leaves of a card in the bar's colour.
        canvas::push_clip(x, y, CARD_BAR + draw::RADIUS, card.h);
        draw::fill(card, colours.ground);
        draw::rounded(card, draw::RADIUS, colours.private);
        draw::rounded(Rect::new(x + CARD_BAR, y, card.w - CARD_BAR, card.h), draw::RADIUS, colours.private_ground);
        canvas::pop_clip();
        if !message.has_head {
            // It goes on with the card above: no round corners between the two.
            let join = 2 * draw::RADIUS;
            draw::fill(Rect::new(x, y - join / 2, CARD_BAR, join), colours.private);
            draw::fill(Rect::new(x + CARD_BAR, y - join / 2, card.w - CARD_BAR, join), colours.private_ground);
            if self.is_hovered && !self.log.columns().is_narrow {
                self.paint_gutter(message);
            }
        }
    }

    fn paint_head(&self, message: &Message) {
        let colours = palette();
        let y = self.y + self.row.text_y - LINE;
        let name = message.from.as_str();
        if !self.log.columns().is_narrow {
            let circle = Rect::new(self.area.x + self.log.columns().avatar(), y + 2, 32, 32);
            avatar::person(name, circle);
        }
        let baseline = BODY.baseline(y, LINE);
        let beside =
            if message.private.is_some() || matches!(message.delivery, Delivery::Pending(_)) { 220 } else { 70 };
        let room = self.area.w - self.log.columns().text() - beside;
        let mut x = draw::fitted(name, NAME, name_colour(name), self.text_x(), baseline, room.max(80)) + 8;
        if let Some(private) = &message.private {
            x = self.paint_private_chip(private, x, y) + 8;
        }
        x = draw::text(&message.time, SMALL, colours.soft, x, baseline) + 9;
        if matches!(message.delivery, Delivery::Pending(_)) {
            icon::draw(Icon::Clock, 12, colours.soft, Rect::new(x, y, 12, LINE));
            draw::text(strings::SENDING, SMALL, colours.soft, x + 17, baseline);
        }
        if message.delivery == Delivery::Kept {
            draw::text(strings::KEPT, SMALL, colours.soft, x, baseline);
        }
    }

    fn paint_private_chip(&self, private: &str, x: i32, y: i32) -> i32 {
        let colours = palette();
        let room = (self.area.right() - RIGHT_MARGIN - 60 - x).max(40);
        let private = draw::elided(private, CHIP, room - 30);
        let chip = Rect::new(x, y + 1, CHIP.width(&private) + 30, 18);
        draw::pill(chip, colours.private);
        icon::draw(Icon::Lock, 11, colours.on_accent, Rect::new(x + 8, chip.y, 11, chip.h));
        draw::text(&private, CHIP, colours.on_accent, x + 22, CHIP.baseline(chip.y, chip.h));
        chip.right()
    }

    fn paint_note(&self, icon: Icon) {
        let colours = palette();
        if !self.log.columns().is_narrow {
            let place = Rect::new(self.area.x + self.log.columns().avatar(), self.y + self.row.text_y, 32, LINE);
            icon::draw(icon, 14, colours.soft, place);
        }
        let is_pressable = self.is_hovered && self.row.has_forms();
        self.paint_text(SMALL, if is_pressable { colours.text } else { colours.soft });
    }

    fn paint_notice(&self, time: &str) {
        let colours = palette();
        let y = self.y + self.row.text_y - LINE;
        if !self.log.columns().is_narrow {
            let circle = Rect::new(self.area.x + self.log.columns().avatar(), y + 2, 32, 32);
            draw::disc(circle, colours.warning_ground);
            icon::draw(Icon::Megaphone, 16, colours.warning, circle);
        }
        let baseline = BODY.baseline(y, LINE);
        let x = draw::text(strings::NOTICE, NAME, colours.warning, self.text_x(), baseline) + 8;
        draw::text(time, SMALL, colours.soft, x, baseline);
        self.paint_text(BODY, colours.text);
    }

    /// What is marked in the text; what is selected lies above what was found.
    fn marks(&self) -> Vec<Mark> {
        let found = self.log.found.within(self.row.item);
        let mark =
            |(range, is_current)| Mark { range, kind: if is_current { MarkKind::Current } else { MarkKind::Found } };
        found.map(mark).chain(self.selected.clone().map(|range| Mark { range, kind: MarkKind::Selected })).collect()
    }

    /// Draws the lines of the text that are in sight; where the last one ends, and its top.
    fn paint_text(&self, style: Style, colour: Color) -> (i32, i32) {
        let marks = self.marks();
        let top = self.y + self.row.text_y;
        let mut end = (self.text_x(), top);
        for (index, line) in self.row.lines.iter().enumerate() {
            let y = top + LINE * index as i32;
            if y + LINE <= self.area.y && index + 1 < self.row.lines.len() {
                continue;
            }
            let painter = LinePainter { row: self.row, line, style, colour, x: self.text_x(), y };
            end = (painter.paint(&marks), y);
            if y >= self.area.bottom() {
                break;
            }
        }
        end
    }
}
