//! Whether somebody is looking at the end of the conversation.

use std::cell::Cell;

use crate::core::message::Message;
use crate::dispatch::Dispatch;

/// Tells when it changes whether the end is in sight and the window in front.
pub(crate) struct ReadTracker {
    dispatch: Dispatch,
    is_at_bottom: Cell<bool>,
    is_in_front: Cell<bool>,
    told: Cell<bool>,
}

impl ReadTracker {
    /// Nobody looks yet.
    pub(crate) fn new(dispatch: Dispatch) -> ReadTracker {
        ReadTracker { dispatch, is_at_bottom: Cell::new(true), is_in_front: Cell::new(false), told: Cell::new(false) }
    }

    /// The conversation was scrolled, or grew.
    pub(crate) fn set_at_bottom(&self, is_at_bottom: bool) {
        self.is_at_bottom.set(is_at_bottom);
        self.tell();
    }

    /// The window came to the front or left it.
    pub(crate) fn set_in_front(&self, is_in_front: bool) {
        if self.is_in_front.replace(is_in_front) != is_in_front {
            self.dispatch.send(Message::Front(is_in_front));
        }
        self.tell();
    }

    /// Another conversation is shown, and nothing was told of that one.
    pub(crate) fn forget(&self) {
        self.told.set(false);
    }

    fn tell(&self) {
        let is_seen = self.is_at_bottom.get() && self.is_in_front.get();
        if self.told.replace(is_seen) != is_seen {
            self.dispatch.send(Message::ViewingEnd(is_seen));
        }
    }
}
