//! Whether somebody is looking at the end of the conversation.

use std::cell::Cell;

use fltk::app::Sender;

use crate::message::Message;

/// Tells when it changes whether the end is in sight and the window in front.
pub(super) struct Sight {
    sender: Sender<Message>,
    is_at_bottom: Cell<bool>,
    is_in_front: Cell<bool>,
    told: Cell<bool>,
}

impl Sight {
    /// Nobody looks yet.
    pub(super) fn new(sender: Sender<Message>) -> Sight {
        Sight { sender, is_at_bottom: Cell::new(true), is_in_front: Cell::new(false), told: Cell::new(false) }
    }

    /// The conversation was scrolled, or grew.
    pub(super) fn set_at_bottom(&self, is_at_bottom: bool) {
        self.is_at_bottom.set(is_at_bottom);
        self.tell();
    }

    /// The window came to the front or left it.
    pub(super) fn set_in_front(&self, is_in_front: bool) {
        if self.is_in_front.replace(is_in_front) != is_in_front {
            self.sender.send(Message::Front(is_in_front));
        }
        self.tell();
    }

    /// Another conversation is shown, and nothing was told of that one.
    pub(super) fn forget(&self) {
        self.told.set(false);
    }

    fn tell(&self) {
        let is_seen = self.is_at_bottom.get() && self.is_in_front.get();
        if self.told.replace(is_seen) != is_seen {
            self.sender.send(Message::Seen(is_seen));
        }
    }
}
