//! Parts of a window that only show something.

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::NodeId;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::{Tree, part_id};
use crate::view::kit::accessible::{Accessible, Described};
use crate::view::kit::rect::Rect;

/// Puts a widget at `rect`, and hides it if that is empty: FLTK would draw it all the same.
pub(crate) fn place(widget: &mut impl WidgetExt, rect: Rect) {
    let has_place = rect.w > 0 && rect.h > 0;
    if has_place {
        widget.resize(rect.x, rect.y, rect.w, rect.h);
    }
    match (has_place, widget.visible()) {
        (true, false) => widget.show(),
        (false, true) => widget.hide(),
        _ => {}
    }
}

/// A part of a window that draws a model, and again when the model changes.
#[derive(Clone)]
pub(crate) struct Panel<T> {
    widget: Widget,
    id: NodeId,
    model: Rc<RefCell<T>>,
}

impl<T: Clone + PartialEq + 'static> Panel<T> {
    /// Draws `model` by `paint`, which fills its whole rectangle.
    pub(crate) fn new(model: T, paint: fn(&T, Rect)) -> Panel<T> {
        let mut widget = Widget::default();
        let model = Rc::new(RefCell::new(model));
        widget.draw({
            let model = Rc::clone(&model);
            move |widget| paint(&model.borrow(), Rect::of(widget))
        });
        Panel { widget, id: part_id(), model }
    }

    /// What it shows.
    pub(crate) fn model(&self) -> T {
        self.model.borrow().clone()
    }

    /// Shows another model.
    pub(crate) fn set(&mut self, model: T) {
        if *self.model.borrow() != model {
            *self.model.borrow_mut() = model;
            self.redraw();
        }
    }

    /// Gives it its place; without one it is hidden.
    pub(crate) fn resize(&mut self, rect: Rect) {
        place(&mut self.widget, rect);
    }

    /// Buttons and fields stand on panels: drawn alone, a panel would paint over them.
    pub(crate) fn redraw(&mut self) {
        if let Some(mut window) = self.widget.window() {
            window.redraw();
        }
    }
}

impl<T: Described> Accessible for Panel<T> {
    fn tell(&self, tree: &mut Tree) {
        if self.widget.visible_r() {
            self.model.borrow().tell(self.id, Rect::of(&self.widget), tree);
        }
    }
}
