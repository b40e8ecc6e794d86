//! Public messages that the operator takes back.

use papo_common::{Event, Hello};

use super::Room;

/// How many of the numbers that were taken back last are remembered, for those who come back and may still show them.
pub const MAX_REMOVED: usize = 200;

impl Room {
    /// Whether memory holds the public message with that number.
    pub fn has_message(&self, seq: u64) -> bool {
        self.backlog.contains(seq)
    }

    /// Whether that message was taken back, as far as memory goes.
    pub fn has_removed(&self, seq: u64) -> bool {
        self.removed.contains(&seq)
    }

    /// Takes that message out of memory and tells all that it is shown no more. Its sender's receipt stays, or asking
    /// again would say it again.
    pub fn remove_message(&mut self, seq: u64) {
        self.backlog.remove(seq);
        self.removed.push_back(seq);
        if self.removed.len() > MAX_REMOVED {
            self.removed.pop_front();
        }
        self.tell_all(None, Event::Removed { seq });
    }

    /// The numbers that were taken back, for somebody who was here before: it says so by a log.
    pub(super) fn removed_for(&self, hello: &Hello) -> Vec<u64> {
        if hello.log.is_some() { self.removed.iter().copied().collect() } else { Vec::new() }
    }
}
