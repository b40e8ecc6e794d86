//! Parts of a window that only show something.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::prelude::*;
use fltk::widget::Widget;

use super::geometry::Rect;

/// A part of a window that draws a model, and again when the model changes.
#[derive(Clone)]
pub(super) struct Panel<T> {
    widget: Widget,
    model: Rc<RefCell<T>>,
}

impl<T: PartialEq + 'static> Panel<T> {
    /// Draws `model` by `paint`, which fills its whole rectangle.
    pub(super) fn new(model: T, paint: fn(&T, Rect)) -> Panel<T> {
        let mut widget = Widget::default();
        let model = Rc::new(RefCell::new(model));
        widget.draw({
            let model = Rc::clone(&model);
            move |widget| paint(&model.borrow(), Rect::of(widget))
        });
        Panel { widget, model }
    }

    /// Shows another model.
    pub(super) fn set(&mut self, model: T) {
        if *self.model.borrow() != model {
            *self.model.borrow_mut() = model;
            self.redraw();
        }
    }

    /// Gives it its place.
    pub(super) fn resize(&mut self, rect: Rect) {
        self.widget.resize(rect.x, rect.y, rect.w, rect.h);
    }

    /// Shows or hides it.
    pub(super) fn set_visible(&mut self, is_visible: bool) {
        match (is_visible, self.widget.visible()) {
            (true, false) => self.widget.show(),
            (false, true) => self.widget.hide(),
            _ => {}
        }
    }

    /// Buttons and fields stand on panels: drawn alone, a panel would paint over them.
    pub(super) fn redraw(&mut self) {
        if let Some(mut window) = self.widget.window() {
            window.redraw();
        }
    }
}
