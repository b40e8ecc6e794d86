//! The conversation: one widget that lays out, scrolls, selects and draws by itself. FLTK's text display knows one
//! line height, no padding, no cards and no pictures.

mod accessible;
mod blocks;
mod canvas;
mod click_action;
mod found;
pub(crate) mod hit_test;
pub(crate) mod input;
mod line;
mod log;
mod metrics;
mod paint;
pub(crate) mod read_tracker;
mod row;
mod selection;
mod shared;
mod text_frame;
mod widths;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use accesskit::NodeId;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::part_id;
use crate::core::{Conversations, Find};
use crate::dispatch::Dispatch;
use crate::view::kit::panel::place;
use crate::view::kit::rect::Rect;
use crate::view::kit::timer::Timer;
use crate::view::timeline::input::{go_on_dragging, handle};
use crate::view::timeline::log::Log;
use crate::view::timeline::metrics::Columns;
use crate::view::timeline::paint::Pointer;
use crate::view::timeline::read_tracker::ReadTracker;
pub(super) use crate::view::timeline::shared::Pressed;
use crate::view::timeline::shared::{Drag, Shared, Told, after_change, page};
use crate::view::timeline::widths::{Widths, measure};

/// The widget.
#[derive(Clone)]
pub(super) struct Conversation {
    pub(super) widget: Widget,
    id: NodeId,
    told: Rc<RefCell<Option<Told>>>,
    shared: Rc<RefCell<Shared>>,
}

impl Conversation {
    /// Builds the widget; `sight` is told whether the end of the conversation is in sight.
    pub(super) fn new(dispatch: Dispatch, sight: Rc<ReadTracker>) -> Conversation {
        let mut widget = Widget::default();
        let shared = Rc::new_cyclic(|shared| {
            RefCell::new(Shared {
                drag_timer: drag_timer(shared.clone(), widget.clone()),
                log: Log::new(Widths::new(measure)),
                bookmarks: Vec::new(),
                unread: 0,
                pointer: Pointer::default(),
                drag: Drag::No,
                has_ring: false,
                on_menu: None,
                sight,
                dispatch,
                asked: Vec::new(),
            })
        });
        widget.draw({
            let shared = Rc::clone(&shared);
            move |widget| {
                let shared = shared.borrow();
                let has_ring = shared.has_ring && widget.has_focus();
                paint::conversation(&shared.log, Rect::of(widget), shared.pointer, shared.unread, has_ring);
            }
        });
        widget.handle({
            let shared = Rc::clone(&shared);
            move |widget, event| handle(&shared, widget, event)
        });
        Conversation { widget, id: part_id(), told: Rc::default(), shared }
    }

    /// Sets the action of the right button and the menu key.
    pub(super) fn on_menu(&mut self, open: impl Fn(Pressed) + 'static) {
        self.shared.borrow_mut().on_menu = Some(Rc::new(open));
    }

    /// Selects everything.
    pub(super) fn select_all(&mut self) {
        self.shared.borrow_mut().log.select_all();
        self.widget.take_focus().ok();
        self.widget.redraw();
    }

    /// Places the widget in the window; an empty `rect` hides it.
    pub(super) fn resize(&mut self, rect: Rect, is_narrow: bool) {
        place(&mut self.widget, rect);
        if rect.h > 0 {
            self.shared.borrow_mut().log.resize(Columns { width: rect.w, is_narrow }, rect.h);
        }
        self.after_change();
    }

    /// Shows the conversation of the session that is to be shown, as it is now.
    pub(super) fn show(&mut self, conversations: &Conversations, find: Option<&Find>) {
        let mut shared = self.shared.borrow_mut();
        let has_changed = shared.show(conversations) | shared.log.mark_found(find);
        drop(shared);
        if has_changed {
            self.after_change();
        }
    }

    /// Measures all words again. Call it after the scale changed: their widths differ, if only by a little.
    pub(super) fn remeasure(&mut self) {
        self.change(Log::remeasure);
    }

    /// Scrolls by so many pages; from the keys of the text field.
    pub(super) fn scroll_pages(&mut self, pages: i32) {
        self.change(|log| log.scroll_by(pages * page(log.height())));
    }

    /// Scrolls to the end.
    pub(super) fn scroll_to_end(&mut self) {
        self.change(Log::scroll_to_end);
    }

    fn change(&mut self, change: impl FnOnce(&mut Log)) {
        change(&mut self.shared.borrow_mut().log);
        self.after_change();
    }

    fn after_change(&mut self) {
        after_change(&self.shared, &mut self.widget);
    }
}

fn drag_timer(shared: Weak<RefCell<Shared>>, mut widget: Widget) -> Timer {
    Timer::new(move || {
        if let Some(shared) = shared.upgrade() {
            go_on_dragging(&shared, &mut widget);
        }
    })
}

#[cfg(test)]
mod tests;
