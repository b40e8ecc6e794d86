//! Words beside what the pointer rests on, where there is no room for them. FLTK has one tooltip for each widget, and a
//! list is one widget.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::prelude::*;
use fltk::widget::Widget;

use crate::view::kit::{NAME, Rect, draw, palette, redraw_window, shadow};

const HEIGHT: i32 = 32;
const PADDING: i32 = 12;
/// Around it, for its shadow.
const MARGIN: i32 = 10;

/// The words. A clone is another handle of the same ones.
#[derive(Clone)]
pub(crate) struct RowTooltip {
    pub(crate) widget: Widget,
    text: Rc<RefCell<String>>,
}

impl RowTooltip {
    /// None yet; one of the last children of its window.
    pub(crate) fn new() -> RowTooltip {
        let mut widget = Widget::default();
        widget.hide();
        let text = Rc::new(RefCell::new(String::new()));
        widget.draw({
            let text = Rc::clone(&text);
            move |widget| paint(&text.borrow(), Rect::of(widget).inset(MARGIN))
        });
        RowTooltip { widget, text }
    }

    /// Shows `text` at the right of `rect`.
    pub(crate) fn show(&mut self, text: &str, rect: Rect) {
        let Some(window) = self.widget.window() else { return };
        text.clone_into(&mut self.text.borrow_mut());
        let width = (NAME.width(text) + 2 * PADDING).min(window.w() - rect.right() - 2 * MARGIN);
        let (x, y) = (rect.right() + 4, rect.y + (rect.h - HEIGHT) / 2);
        self.widget.resize(x - MARGIN, y - MARGIN, width + 2 * MARGIN, HEIGHT + 2 * MARGIN);
        self.widget.show();
        redraw_window(&self.widget);
    }

    /// Shows nothing.
    pub(crate) fn hide(&mut self) {
        if self.widget.visible() {
            self.widget.hide();
            redraw_window(&self.widget);
        }
    }
}

fn paint(text: &str, rect: Rect) {
    let colours = palette();
    shadow::panel(rect);
    draw::fitted(text, NAME, colours.text, rect.x + PADDING, NAME.baseline(rect.y, rect.h), rect.w - 2 * PADDING);
}
