//! A dialog inside its window: a title, a text or a list of keys, maybe a field, one or two buttons. It takes the window's keys and
//! clicks; everything else in the window goes on.

mod content;
mod frame;

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::app;
use fltk::enums::Event;
use fltk::prelude::*;

use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::window as strings;
use crate::view::keymap::{self, PartKey};
use crate::view::kit::button::{self, Button};
pub(crate) use crate::view::kit::dialog::content::{Content, Section};
use crate::view::kit::dialog::frame::{Frame, LINE};
use crate::view::kit::{
    Accessible, Face, Field, Overlay, Rect, Scroll, Tree, child_id, field, named, part_id, place, placed,
    redraw_window, spoken, tell_all,
};

/// Keys of a dialog where the focus is not in the field.
const BODY_KEYS: &[keymap::Table<PartKey>] = &[keymap::DIALOG, keymap::DIALOG_BODY, keymap::MOVES];

/// The dialog. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Dialog {
    pub(crate) overlay: Overlay,
    id: NodeId,
    field: Field,
    accept: Button,
    cancel: Button,
    content: Rc<RefCell<Content>>,
    scroll: Rc<RefCell<Scroll>>,
}

impl Dialog {
    /// Builds it, closed; the last children of its window.
    pub(crate) fn new(dispatch: &Dispatch) -> Dialog {
        let mut overlay = Overlay::new();
        let (content, scroll) = (Rc::<RefCell<Content>>::default(), Rc::<RefCell<Scroll>>::default());
        overlay.widget.draw({
            let (content, scroll) = (Rc::clone(&content), Rc::clone(&scroll));
            move |widget| {
                let content = content.borrow();
                Frame::of(&content, (widget.w(), widget.h())).paint(&content.title, &scroll.borrow());
            }
        });
        let field = Field::new(field::Kind::Plain, strings::FILE, "");
        let button = |kind| Button::new(Face::words(kind, ""), |colours| colours.ground);
        let (mut accept, mut cancel) = (button(button::Kind::Primary), button(button::Kind::Quiet));
        accept.sends(dispatch, Message::DialogAccepted);
        cancel.sends(dispatch, Message::DialogCancelled);
        let parts = [field.input.as_base_widget(), accept.widget.as_base_widget(), cancel.widget.as_base_widget()];
        overlay.set_parts(parts.to_vec());
        let mut dialog = Dialog { overlay, id: part_id(), field, accept, cancel, content, scroll };
        dialog.place(None);
        dialog.wire(dispatch);
        dialog
    }

    fn wire(&mut self, dispatch: &Dispatch) {
        let edits = dispatch.clone();
        field::on_edit(&mut self.field.input, move |text| edits.send(Message::DialogEdited(text)));
        let (dialog, keys) = (self.clone(), dispatch.clone());
        field::on_event(&mut self.field.input, move |event| dialog.press_key(event, &[keymap::DIALOG], &keys));
        let dialog = self.clone();
        for button in [&mut self.accept, &mut self.cancel] {
            let (dialog, keys) = (dialog.clone(), dispatch.clone());
            button.on_key(move || {
                // Arrows would lead out of the dialog.
                dialog.press_key(Event::KeyDown, BODY_KEYS, &keys);
            });
        }
        let (dialog, dispatch) = (self.clone(), dispatch.clone());
        self.overlay.widget.handle(move |_, event| {
            dialog.handle(event, &dispatch);
            true
        });
    }

    fn handle(&self, event: Event, dispatch: &Dispatch) {
        let (frame, is_list) = (self.frame(), !self.content.borrow().sections.is_empty());
        let (x, y) = app::event_coords();
        if event == Event::Push && is_list && !frame.rect.contains(x, y) {
            dispatch.send(Message::DialogCancelled);
        } else if self.scroll.borrow_mut().handle(event, frame.body, frame.whole) {
            redraw_window(&self.overlay.widget);
        } else {
            self.press_key(event, BODY_KEYS, dispatch);
        }
    }

    /// Does what a key means by these tables; false if it means nothing there.
    fn press_key(&self, event: Event, tables: &[keymap::Table<PartKey>], dispatch: &Dispatch) -> bool {
        let Some(key) = keymap::part_key(tables, event) else { return false };
        match key {
            PartKey::Enter => dispatch.send(Message::DialogAccepted),
            PartKey::Escape => dispatch.send(Message::DialogCancelled),
            PartKey::Help => dispatch.send(Message::Help),
            PartKey::Next => self.overlay.focus_next(true),
            PartKey::Previous => self.overlay.focus_next(false),
            _ => self.scroll_by_key(key),
        }
        true
    }

    fn scroll_by_key(&self, key: PartKey) {
        let (frame, mut scroll) = (self.frame(), self.scroll.borrow_mut());
        // The last line in sight becomes the first.
        let page = (frame.body.h - LINE).max(LINE);
        let top = match key {
            PartKey::Up => scroll.top - LINE,
            PartKey::Down => scroll.top + LINE,
            PartKey::PageUp => scroll.top - page,
            PartKey::PageDown => scroll.top + page,
            PartKey::First => 0,
            PartKey::Last => frame.whole,
            _ => return,
        };
        scroll.to(top, frame.body, frame.whole);
        redraw_window(&self.overlay.widget);
    }

    fn frame(&self) -> Frame {
        Frame::of(&self.content.borrow(), (self.overlay.widget.w(), self.overlay.widget.h()))
    }

    /// Shows this, or nothing.
    pub(crate) fn show(&mut self, content: Option<Content>) {
        let Some(content) = content else { return self.close() };
        let is_other = !self.overlay.is_open() || self.content.borrow().title != content.title;
        if is_other || *self.content.borrow() != content {
            let text = content.field.clone().unwrap_or_default();
            if self.field.input.value() != text {
                field::put(&mut self.field.input, &text, text.len());
            }
            for (button, text) in [(&mut self.accept, content.accept), (&mut self.cancel, content.cancel)] {
                button.set(Face { text: text.unwrap_or_default(), ..button.face() });
            }
            self.field.set_kind(if content.is_wrong { field::Kind::Wrong } else { field::Kind::Plain });
            // Keys that were meant for something else press no button there.
            self.overlay.keep_keys(content.accept.is_none() || !content.sections.is_empty());
            self.content.replace(content);
            if is_other {
                self.scroll.take();
            }
            self.relayout();
        }
        if !self.overlay.is_open() {
            self.overlay.open();
        } else if is_other || !self.overlay.has_focus() {
            self.overlay.take_focus();
        }
    }

    /// Adapts to a new size of the window.
    pub(crate) fn relayout(&mut self) {
        self.overlay.cover();
        let frame = self.frame();
        let top = self.scroll.borrow().top;
        self.scroll.borrow_mut().to(top, frame.body, frame.whole);
        self.place(Some(&frame));
    }

    /// Takes the colours of the look.
    pub(crate) fn dress(&mut self) {
        self.field.dress();
    }

    fn close(&mut self) {
        if self.overlay.is_open() {
            self.overlay.close();
            self.place(None);
        }
    }

    fn place(&mut self, frame: Option<&Frame>) {
        let (field, accept, cancel) = frame.map_or_else(Default::default, |frame| frame.parts(&self.content.borrow()));
        self.field.resize(field, 10);
        self.accept.resize(accept);
        self.cancel.resize(cancel);
        if frame.is_none() {
            place(&mut self.overlay.widget, Rect::default());
        }
    }
}

impl Accessible for Dialog {
    fn tell(&self, tree: &mut Tree) {
        if !self.overlay.is_open() {
            return;
        }
        let (content, frame) = (self.content.borrow(), self.frame());
        let is_list = !content.sections.is_empty();
        let role = if is_list { Role::Dialog } else { Role::AlertDialog };
        let mut dialog = placed(named(role, &content.title), frame.rect);
        dialog.set_modal();
        tree.add_with(self.id, dialog, |tree| {
            if !is_list {
                tree.add(child_id(self.id, "text"), spoken(Role::Paragraph, &content.text, Live::Assertive));
            }
            for (nth, (row, rect)) in frame.rows.iter().enumerate() {
                let y = rect.y - self.scroll.borrow().top;
                row.tell(child_id(self.id, nth), Rect { y, ..*rect }, tree);
            }
            tell_all(&[&self.field, &self.accept, &self.cancel], tree);
        });
        if self.overlay.widget.has_focus() {
            tree.set_focus(self.id);
        }
    }
}
