//! What opens over a window and covers all of it: menus, the list of keys.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app;
use fltk::enums::Damage;
use fltk::prelude::*;
use fltk::widget::Widget;
use fltk::window::DoubleWindow;

/// Keeps `overlays`, the last children of the window, whole while they are up. What is drawn anew under one would
/// paint over it, and its shadow drawn twice gets darker: whatever part of the window is drawn then is drawn with all
/// its layers. FLTK clips that to the part.
pub(crate) fn keep_whole(window: &mut DoubleWindow, overlays: Vec<Widget>) {
    window.super_draw_first(false);
    window.draw(move |window| {
        if overlays.iter().any(Widget::visible) {
            window.set_damage_type(Damage::All);
        }
    });
}

/// Draws what stands over a window anew, and so the whole window.
pub(crate) fn redraw(overlay: &Widget) {
    if let Some(mut window) = overlay.window() {
        window.redraw();
    }
}

/// What opens over a window. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Overlay {
    pub(crate) widget: Widget,
    /// Who gets the keys back.
    before: Rc<RefCell<Option<Widget>>>,
}

impl Overlay {
    /// Builds it, closed; one of the last children of its window.
    pub(crate) fn new() -> Overlay {
        let mut widget = Widget::default();
        widget.hide();
        Overlay { widget, before: Rc::default() }
    }

    /// Whether it is up.
    pub(crate) fn is_open(&self) -> bool {
        self.widget.visible()
    }

    /// Opens it over its whole window and gives it the keys, if the window has them.
    pub(crate) fn open(&mut self) {
        let before = self.focus_in_window();
        let has_keys = before.is_some();
        *self.before.borrow_mut() = before;
        self.cover();
        self.widget.show();
        if has_keys {
            self.widget.take_focus().ok();
        }
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
        let (has_keys, is_owed) = (self.widget.has_focus(), self.focus_in_window().is_none());
        self.widget.hide();
        if has_keys {
            self.give_back();
        } else if !is_owed {
            self.before.take();
        }
        self.redraw();
    }

    /// The window has the keys again.
    pub(crate) fn come_to_front(&mut self) {
        if self.is_open() {
            self.widget.take_focus().ok();
        } else {
            self.give_back();
        }
    }

    /// Draws it anew, and so the whole window.
    pub(crate) fn redraw(&self) {
        redraw(&self.widget);
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
