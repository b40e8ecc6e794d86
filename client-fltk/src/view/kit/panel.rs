//! Parts of a window that only show something.

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::NodeId;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::view::kit::{Accessible, Rect, Tree, part_id};

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

/// Draws the whole window of a widget anew: with it what stands under the widget, or over it.
pub(crate) fn redraw_window(widget: &impl WidgetExt) {
    if let Some(mut window) = widget.window() {
        window.redraw();
    }
}

/// The content of a panel.
pub(crate) trait Content: PartialEq + 'static {
    /// Draws it; fills the whole rectangle.
    fn paint(&self, rect: Rect);

    /// Adds the node `id`, or nodes below it, for what stands in `rect`.
    fn tell(&self, _id: NodeId, _rect: Rect, _tree: &mut Tree) {}
}

/// A part of a window that shows its content, and again when the content changes. A clone is another handle of the same
/// one.
#[derive(Clone)]
pub(crate) struct Panel<T> {
    widget: Widget,
    id: NodeId,
    content: Rc<RefCell<T>>,
}

impl<T: Content> Panel<T> {
    /// Shows `content`.
    pub(crate) fn new(content: T) -> Panel<T> {
        let mut widget = Widget::default();
        let content = Rc::new(RefCell::new(content));
        widget.draw({
            let content = Rc::clone(&content);
            move |widget| content.borrow().paint(Rect::of(widget))
        });
        Panel { widget, id: part_id(), content }
    }

    /// Looks at its content.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.content.borrow())
    }

    /// Shows another content; true if it is another one. Buttons and fields stand on panels: drawn alone, a panel would
    /// paint over them.
    pub(crate) fn set(&mut self, content: T) -> bool {
        let is_other = *self.content.borrow() != content;
        if is_other {
            self.content.replace(content);
            redraw_window(&self.widget);
        }
        is_other
    }

    /// Its place in the window; empty while it is hidden.
    pub(crate) fn rect(&self) -> Rect {
        if self.widget.visible() { Rect::of(&self.widget) } else { Rect::default() }
    }

    /// Gives it its place; without one it is hidden.
    pub(crate) fn resize(&mut self, rect: Rect) {
        place(&mut self.widget, rect);
    }
}

impl<T: Content> Accessible for Panel<T> {
    fn tell(&self, tree: &mut Tree) {
        if self.widget.visible_r() {
            self.content.borrow().tell(self.id, self.rect(), tree);
        }
    }
}
