//! The find bar, between the header and the conversation.

use std::cell::Cell;
use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::prelude::*;

use crate::accessibility::tree::{Tree, spoken};
use crate::core::message::Message;
use crate::core::{Find, State};
use crate::dispatch::Dispatch;
use crate::strings::{find as words, window as strings};
use crate::view::chat_window::bar::Bar;
use crate::view::keymap;
use crate::view::kit::accessible::{Accessible, Described, placed, tell_all};
use crate::view::kit::button::{Button, Kind};
use crate::view::kit::draw;
use crate::view::kit::draw::SMALL;
use crate::view::kit::field;
use crate::view::kit::field::Field;
use crate::view::kit::icon::Icon;
use crate::view::kit::panel::Panel;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;

/// The widest that the field gets and the narrowest, and the least room for what was found beside it.
const FIELD: i32 = 320;
const NARROWEST: i32 = 80;
const SUMMARY: i32 = 116;
const BUTTON: i32 = 32;

/// The bar. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct FindBar {
    ground: Panel<Ground>,
    field: Field,
    previous: Button,
    next: Button,
    close: Button,
    /// [`Find::asked`] when the field took the focus last.
    asked: Rc<Cell<u64>>,
    is_up: Rc<Cell<bool>>,
    rect: Rc<Cell<Rect>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ground {
    summary: String,
    is_vain: bool,
    /// Where the summary begins.
    left: i32,
}

impl FindBar {
    /// Builds it, without a place.
    pub(crate) fn new() -> FindBar {
        let button = |icon, tip| {
            let mut button = Button::new(Kind::Icon, Some(icon), "", |colours| colours.side);
            button.set_tooltip(tip);
            button
        };
        FindBar {
            ground: Panel::new(Ground::default(), Ground::paint),
            field: Field::new(field::Kind::Search, strings::FIND_HINT, strings::FIND_HINT),
            previous: button(Icon::ArrowUp, strings::FIND_PREVIOUS),
            next: button(Icon::ArrowDown, strings::FIND_NEXT),
            close: button(Icon::Close, strings::FIND_CLOSE),
            asked: Rc::default(),
            is_up: Rc::default(),
            rect: Rc::default(),
        }
    }

    /// Gives every part what it does.
    pub(crate) fn wire(&mut self, dispatch: &Dispatch) {
        let edits = dispatch.clone();
        self.field.on_edit(move |query| edits.send(Message::FindEdited(query)));
        let keys = dispatch.clone();
        self.field
            .on_event(move |event| keymap::send(&[keymap::FIND, keymap::WINDOW, keymap::TEXT_SIZE], event, &keys));
        for (button, message) in [
            (&mut self.previous, Message::FindPrevious),
            (&mut self.next, Message::FindNext),
            (&mut self.close, Message::Find(false)),
        ] {
            button.set_focus_after(&self.field.input);
            let clicks = dispatch.clone();
            button.on_click(move || clicks.send(message.clone()));
        }
    }

    /// Whether it was closed since it was asked last.
    pub(crate) fn take_closed(&self, find: Option<&Find>) -> bool {
        find.is_none() && self.asked.take() > 0
    }

    /// Whether the person asked for it just now.
    pub(crate) fn is_asked(&self, find: Option<&Find>) -> bool {
        find.is_some_and(|find| find.asked != self.asked.get())
    }

    /// The field takes the focus if the person asked for it; the bar must have its place by then.
    pub(crate) fn focus_if_asked(&mut self, find: Option<&Find>) {
        let Some(find) = find.filter(|find| self.asked.replace(find.asked) != find.asked) else { return };
        let input = &mut self.field.input;
        if input.value() != find.query {
            input.set_value(&find.query);
        }
        input.take_focus().ok();
        input.set_mark(0).ok();
        input.set_position(input.value().len() as i32).ok();
        input.set_mark(0).ok();
    }

    /// Takes the colours of the look.
    pub(crate) fn dress(&mut self) {
        self.field.dress();
    }

    fn place_parts(&mut self) {
        let rect = self.rect.get();
        self.ground.resize(rect);
        let is_up = rect.h > 0;
        let part = |x, w, h| if is_up { Rect::new(x, rect.y + (rect.h - h) / 2, w, h) } else { Rect::default() };
        let first = rect.right() - 8 - 3 * BUTTON;
        let left = rect.x + if rect.w < 500 { 8 } else { 16 };
        let summary = SMALL.width(&self.ground.model().summary) + 12;
        let field = (first - 8 - SUMMARY.max(summary) - left).clamp(NARROWEST, FIELD);
        self.field.resize(part(left, field, 32), 8);
        for (nth, button) in [&mut self.previous, &mut self.next, &mut self.close].into_iter().enumerate() {
            button.resize(part(first + nth as i32 * BUTTON, BUTTON, BUTTON));
        }
        let ground = Ground { left: left + field + 12, ..self.ground.model() };
        self.ground.set(ground);
    }
}

impl Bar for FindBar {
    fn render(&mut self, state: &State) {
        self.is_up.set(state.chat.find.is_some());
        let Some(find) = &state.chat.find else { return };
        let (summary, is_vain) = (words::summary(find.summary()), !find.leads_up());
        self.previous.set_active(!is_vain);
        self.next.set_active(find.current.is_some());
        let has_other_summary = self.ground.model().summary != summary;
        self.ground.set(Ground { summary, is_vain, ..self.ground.model() });
        if has_other_summary {
            self.place_parts();
        }
    }

    fn is_up(&self) -> bool {
        self.is_up.get()
    }

    fn stays_over_members(&self) -> bool {
        false
    }

    fn resize(&mut self, rect: Rect, _is_narrow: bool) {
        self.rect.set(rect);
        self.place_parts();
    }
}

impl Accessible for FindBar {
    fn tell(&self, tree: &mut Tree) {
        tell_all(&[&self.field, &self.ground, &self.previous, &self.next, &self.close], tree);
    }
}

impl Ground {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.side);
        draw::fill(Rect::new(rect.x, rect.bottom() - 1, rect.w, 1), colours.line);
        let colour = if self.is_vain { colours.error } else { colours.soft };
        let width = rect.right() - 8 - 3 * BUTTON - 8 - self.left;
        draw::fitted(&self.summary, SMALL, colour, self.left, SMALL.baseline(rect.y, rect.h), width);
    }
}

impl Described for Ground {
    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        if !self.summary.is_empty() {
            let width = rect.right() - 8 - 3 * BUTTON - 8 - self.left;
            let summary = spoken(Role::Status, &self.summary, Live::Polite);
            tree.add(id, placed(summary, Rect { x: self.left, w: width, ..rect }));
        }
    }
}
