//! State shared by the parts of the widget.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use fltk::prelude::*;
use fltk::widget::Widget;

use crate::core::message::Message;
use crate::core::{Conversations, ItemId, Revision};
use crate::dispatch::Dispatch;
use crate::view::kit::draw::LINE;
use crate::view::kit::timer::Timer;
use crate::view::timeline::click_action::ClickAction;
use crate::view::timeline::log::{Bookmark, Log};
use crate::view::timeline::paint::Pointer;
use crate::view::timeline::read_tracker::ReadTracker;

/// A request for the context menu: its position, and the selection and link that it is for.
pub(in crate::view) struct Pressed {
    /// The position in the window.
    pub(in crate::view) at: (i32, i32),
    /// The selection, as it would be copied.
    pub(in crate::view) selected: Option<String>,
    /// The link at that position.
    pub(in crate::view) link: Option<String>,
}

/// State shared by the widget and its callbacks.
pub(super) struct Shared {
    pub(super) log: Log,
    /// The scroll positions at which the session's other conversations were left.
    pub(super) bookmarks: Vec<Bookmark>,
    pub(super) unread: usize,
    pub(super) pointer: Pointer,
    pub(super) drag: Drag,
    /// Scrolls while a selection is drawn beyond the edge.
    pub(super) drag_timer: Timer,
    pub(super) has_ring: bool,
    pub(super) on_menu: Option<Rc<dyn Fn(Pressed)>>,
    pub(super) sight: Rc<ReadTracker>,
    pub(super) dispatch: Dispatch,
    /// Messages to dispatch once this is no longer borrowed.
    pub(super) asked: Vec<Message>,
}

/// Action of the pressed button.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Drag {
    /// Nothing is pressed.
    No,
    /// The thumb, held so many pixels below its top.
    Bar(i32),
    /// A selection, which began on something that a mere click would open.
    Text(Option<ClickAction>),
    /// A word or a message was chosen whole.
    Whole,
}

/// The items of a timeline that a screen reader was told of last.
pub(super) struct Told {
    pub(super) revision: Revision,
    /// Confirmed items: new ones come below the last of them.
    pub(super) confirmed: HashSet<ItemId>,
}

impl Shared {
    /// Returns true if anything changed.
    pub(super) fn show(&mut self, conversations: &Conversations) -> bool {
        let shown = conversations.shown();
        let has_other_count = std::mem::replace(&mut self.unread, shown.unread) != shown.unread;
        if self.log.is_of(&shown.timeline) {
            return self.log.follow(shown) | has_other_count;
        }
        self.bookmarks.extend(self.log.bookmark());
        // States of conversations that have gone, such as all of another session, are of no use any more.
        self.bookmarks.retain(|left| conversations.iter().any(|it| left.is_of(&it.timeline)));
        let left = self.bookmarks.iter().position(|left| left.is_of(&shown.timeline));
        let left = left.map(|index| self.bookmarks.swap_remove(index));
        self.log.open(shown, left.as_ref());
        self.sight.forget();
        true
    }
}

/// The distance that a page scrolls in a viewport of that height: two lines of the page before stay in sight, if there
/// is room for them. Always positive.
pub(super) fn page(height: i32) -> i32 {
    (height - 2 * LINE).max(LINE)
}

/// Redraws the widget, and tells what changed besides.
pub(super) fn after_change(shared: &Rc<RefCell<Shared>>, widget: &mut Widget) {
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
