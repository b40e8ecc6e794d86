//! Widgets that open over a window and cover all of it: menus, dialogs.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use fltk::app;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::view::kit::redraw_window;

/// What opens over a window. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Overlay {
    pub(crate) widget: Widget,
    /// The widgets over it that take the keys in its place, in the order of Tab.
    parts: Rc<RefCell<Vec<Widget>>>,
    /// Whether they take them by Tab alone.
    keeps_keys: Rc<Cell<bool>>,
    /// Who gets the keys back.
    before: Rc<RefCell<Option<Widget>>>,
}

impl Overlay {
    /// Builds it, closed; one of the last children of its window.
    pub(crate) fn new() -> Overlay {
        let mut widget = Widget::default();
        widget.hide();
        Overlay { widget, parts: Rc::default(), keeps_keys: Rc::default(), before: Rc::default() }
    }

    /// Lets the widgets that stand over it take the keys in its place by Tab alone, or also when it opens.
    pub(crate) fn keep_keys(&self, keeps_keys: bool) {
        self.keeps_keys.set(keeps_keys);
    }

    /// Names the widgets that stand over it and take the keys in its place.
    pub(crate) fn set_parts(&mut self, parts: Vec<Widget>) {
        self.parts.replace(parts);
    }

    /// Whether it has the keys, or a part over it.
    pub(crate) fn has_focus(&self) -> bool {
        self.widget.has_focus() || self.parts.borrow().iter().any(Widget::has_focus)
    }

    /// Gives the keys to the next part, or the one before.
    pub(crate) fn focus_next(&self, is_forward: bool) {
        let mut parts: Vec<Widget> = self.parts.borrow().iter().filter(|part| part.visible()).cloned().collect();
        let next = match parts.iter().position(Widget::has_focus) {
            Some(at) => (if is_forward { at + 1 } else { at + parts.len() - 1 }) % parts.len(),
            None => 0,
        };
        if let Some(next) = parts.get_mut(next) {
            next.take_focus().ok();
        }
    }

    /// Gives the keys to its first part, if the window has them: else FLTK would ask for the place in front.
    pub(crate) fn take_focus(&self) {
        if self.focus_in_window().is_none() {
            return;
        }
        let first = self.parts.borrow().iter().find(|part| part.visible() && !self.keeps_keys.get()).cloned();
        first.unwrap_or_else(|| self.widget.clone()).take_focus().ok();
    }

    /// Whether it is up.
    pub(crate) fn is_open(&self) -> bool {
        self.widget.visible()
    }

    /// Opens it over its whole window and gives it the keys, if the window has them.
    pub(crate) fn open(&mut self) {
        *self.before.borrow_mut() = self.focus_in_window();
        self.cover();
        self.widget.show();
        self.take_focus();
    }

    /// Covers a window of another size.
    pub(crate) fn cover(&mut self) {
        let Some(mut window) = self.widget.window() else { return };
        self.widget.resize(0, 0, window.w(), window.h());
        window.redraw();
    }

    /// Closes it, if it is up, and gives the keys back to whoever had them before. While another window has them nobody
    /// may take them: FLTK would ask for that window's place in front. Then they are given back later.
    pub(crate) fn close(&mut self) {
        if !self.is_open() {
            return;
        }
        let (has_keys, is_owed) = (self.has_focus(), self.focus_in_window().is_none());
        self.widget.hide();
        if has_keys {
            self.give_back();
        } else if !is_owed {
            self.before.take();
        }
        redraw_window(&self.widget);
    }

    /// Call this when the window has the keys again. The part that had them last keeps them.
    pub(crate) fn come_to_front(&mut self) {
        if !self.is_open() {
            self.give_back();
        } else if !self.has_focus() {
            self.take_focus();
        }
    }

    fn give_back(&self) {
        let before = self.before.take();
        if let Some(mut before) = before {
            before.take_focus().ok();
        }
    }

    fn focus_in_window(&self) -> Option<Widget> {
        let window = self.widget.parent()?;
        app::focus().filter(|focus| focus.inside(&window)).map(|focus| focus.as_base_widget())
    }
}
