//! The conversation: one widget that lays out, scrolls, selects and draws by itself. FLTK's text display knows one
//! line height, no padding, no cards and no pictures.

mod accessible;
mod blocks;
mod canvas;
mod click_action;
mod found;
pub(crate) mod hit_test;
pub(crate) mod hotspots;
pub(crate) mod input;
mod line;
mod log;
mod metrics;
mod paint;
pub(crate) mod read_tracker;
mod row;
mod selection;
mod text_frame;
mod widths;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use accesskit::NodeId;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::part_id;
use crate::core::message::Message;
use crate::core::{Conversations, Find};
use crate::dispatch::Dispatch;
use crate::view::kit::draw::LINE;
use crate::view::kit::panel::place;
use crate::view::kit::rect::Rect;
use crate::view::kit::timer::Timer;
use crate::view::timeline::accessible::Told;
use crate::view::timeline::input::{Drag, go_on_dragging, handle};
use crate::view::timeline::log::{Bookmark, Log};
use crate::view::timeline::metrics::Columns;
use crate::view::timeline::paint::Pointer;
use crate::view::timeline::read_tracker::ReadTracker;
use crate::view::timeline::widths::{Widths, measure};

/// The widget.
#[derive(Clone)]
pub(super) struct Conversation {
    pub(super) widget: Widget,
    id: NodeId,
    told: Rc<RefCell<Option<Told>>>,
    shared: Rc<RefCell<Shared>>,
}

/// A request for the context menu: its position, and the selection and link that it is for.
pub(super) struct Pressed {
    /// The position in the window.
    pub(super) at: (i32, i32),
    /// The selection, as it would be copied.
    pub(super) selected: Option<String>,
    /// The link at that position.
    pub(super) link: Option<String>,
}

struct Shared {
    log: Log,
    /// The scroll positions at which the session's other conversations were left.
    bookmarks: Vec<Bookmark>,
    unread: usize,
    pointer: Pointer,
    drag: Drag,
    /// Scrolls while a selection is drawn beyond the edge.
    drag_timer: Timer,
    has_ring: bool,
    on_menu: Option<Rc<dyn Fn(Pressed)>>,
    sight: Rc<ReadTracker>,
    dispatch: Dispatch,
    /// Messages to dispatch once this is no longer borrowed.
    asked: Vec<Message>,
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
        self.shared.borrow_mut().log.remeasure();
        self.after_change();
    }

    /// Scrolls by so many pages; from the keys of the text field.
    pub(super) fn scroll_pages(&mut self, pages: i32) {
        let page = page(self.widget.h());
        self.shared.borrow_mut().log.scroll_by(pages * page);
        self.after_change();
    }

    /// Scrolls to the end.
    pub(super) fn scroll_to_end(&mut self) {
        self.shared.borrow_mut().log.scroll_to_end();
        self.after_change();
    }

    fn after_change(&mut self) {
        after_change(&self.shared, &mut self.widget);
    }
}

impl Shared {
    /// Returns true if anything changed.
    fn show(&mut self, conversations: &Conversations) -> bool {
        let shown = conversations.shown();
        let has_other_count = std::mem::replace(&mut self.unread, shown.unread) != shown.unread;
        if self.log.is_of(&shown.timeline) {
            return self.log.follow(shown) | has_other_count;
        }
        self.bookmarks.extend(self.log.bookmark());
        // Those of conversations that have gone, as all of another session have, are of no use any more.
        self.bookmarks.retain(|left| conversations.iter().any(|it| left.is_of(&it.timeline)));
        let left = self.bookmarks.iter().position(|left| left.is_of(&shown.timeline));
        let left = left.map(|index| self.bookmarks.swap_remove(index));
        self.log.open(shown, left.as_ref());
        self.sight.forget();
        true
    }
}

fn drag_timer(shared: Weak<RefCell<Shared>>, mut widget: Widget) -> Timer {
    Timer::new(move || {
        if let Some(shared) = shared.upgrade() {
            go_on_dragging(&shared, &mut widget);
        }
    })
}

/// The distance that a page scrolls in a viewport of that height: two lines of the page before stay in sight, if there
/// is room for them. Always positive.
fn page(height: i32) -> i32 {
    (height - 2 * LINE).max(LINE)
}

fn after_change(shared: &Rc<RefCell<Shared>>, widget: &mut Widget) {
    let (sight, is_at_bottom, dispatch, asked) = {
        let mut shared = shared.borrow_mut();
        if shared.log.wants_older() {
            shared.asked.push(Message::LookBack);
        }
        // While the list of people covers the conversation, its end is not in sight.
        let is_at_bottom = widget.visible() && shared.log.is_at_bottom();
        (Rc::clone(&shared.sight), is_at_bottom, shared.dispatch.clone(), std::mem::take(&mut shared.asked))
    };
    widget.redraw();
    sight.set_at_bottom(is_at_bottom);
    dispatch.send_all(asked);
}

#[cfg(test)]
mod tests;
