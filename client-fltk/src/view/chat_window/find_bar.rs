//! The find bar, between the header and the conversation.

use std::cell::Cell;
use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::prelude::*;

use crate::core::message::Message;
use crate::core::{Find, State};
use crate::dispatch::Dispatch;
use crate::strings::{find as words, window as strings};
use crate::view::chat_window::bar::Bar;
use crate::view::keymap;
use crate::view::kit::panel::Content;
use crate::view::kit::{
    Accessible, Button, Face, Field, Icon, Panel, Rect, SMALL, Tree, draw, field, palette, placed, spoken, tell_all,
};

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
}

#[derive(Clone, Default, PartialEq)]
struct Ground {
    summary: String,
    is_vain: bool,
}

impl FindBar {
    /// Builds it, without a place.
    pub(crate) fn new() -> FindBar {
        let button = |icon, tip| Button::new(Face::icon(icon, tip), |colours| colours.side);
        FindBar {
            ground: Panel::new(Ground::default()),
            field: Field::new(field::Kind::Search, strings::FIND_HINT, strings::FIND_HINT),
            previous: button(Icon::ArrowUp, strings::FIND_PREVIOUS),
            next: button(Icon::ArrowDown, strings::FIND_NEXT),
            close: button(Icon::Close, strings::FIND_CLOSE),
            asked: Rc::default(),
            is_up: Rc::default(),
        }
    }

    /// Gives every part what it does.
    pub(crate) fn wire(&mut self, dispatch: &Dispatch) {
        let edits = dispatch.clone();
        field::on_edit(&mut self.field.input, move |query| edits.send(Message::FindEdited(query)));
        let keys = dispatch.clone();
        field::on_event(&mut self.field.input, move |event| {
            keymap::send(&[keymap::FIND, keymap::WINDOW, keymap::TEXT_SIZE], event, &keys)
        });
        for (button, message) in [
            (&mut self.previous, Message::FindPrevious),
            (&mut self.next, Message::FindNext),
            (&mut self.close, Message::Find(false)),
        ] {
            button.set_focus_after(&self.field.input);
            button.sends(dispatch, message);
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
        let rect = self.ground.rect();
        let (field, buttons, _) = self.ground.look(|ground| ground.parts(rect));
        self.field.resize(field, 8);
        for (button, rect) in [&mut self.close, &mut self.next, &mut self.previous].into_iter().zip(buttons) {
            button.resize(rect);
        }
    }
}

impl Bar for FindBar {
    fn render(&mut self, state: &State) {
        self.is_up.set(state.chat.find.is_some());
        let Some(find) = &state.chat.find else { return };
        let (summary, is_vain) = (words::summary(find.summary()), !find.leads_up());
        self.previous.set_active(!is_vain);
        self.next.set_active(find.current.is_some());
        if self.ground.set(Ground { summary, is_vain }) {
            self.place_parts();
        }
    }

    fn is_up(&self, is_over_members: bool) -> bool {
        self.is_up.get() && !is_over_members
    }

    fn resize(&mut self, rect: Rect, _is_narrow: bool) {
        self.ground.resize(rect);
        self.place_parts();
    }
}

impl Accessible for FindBar {
    fn tell(&self, tree: &mut Tree) {
        tell_all(&[&self.field, &self.ground, &self.previous, &self.next, &self.close], tree);
    }
}

impl Ground {
    /// The places of the field, of the buttons from the right, and of the summary.
    fn parts(&self, rect: Rect) -> (Rect, [Rect; 3], Rect) {
        let mut room = rect;
        room.cut_left(if rect.w < 500 { 8 } else { 16 });
        room.cut_right(8);
        let buttons = [(); 3].map(|()| room.cut_right(BUTTON).middle(BUTTON));
        room.cut_right(8);
        let summary = SUMMARY.max(SMALL.width(&self.summary) + 12);
        let field = room.cut_left((room.w - summary).clamp(NARROWEST, FIELD)).middle(32);
        room.cut_left(12);
        (field, buttons, room)
    }
}

impl Content for Ground {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.side);
        draw::fill(Rect { y: rect.bottom() - 1, h: 1, ..rect }, colours.line);
        let colour = if self.is_vain { colours.error } else { colours.soft };
        let (.., at) = self.parts(rect);
        draw::fitted(&self.summary, SMALL, colour, at.x, SMALL.baseline(at.y, at.h), at.w);
    }

    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        if !self.summary.is_empty() {
            let (.., at) = self.parts(rect);
            tree.add(id, placed(spoken(Role::Status, &self.summary, Live::Polite), at));
        }
    }
}
