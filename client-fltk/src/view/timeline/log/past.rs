//! The upper end of a conversation: older items put in front, and what stands above the first one.

use crate::core::{Conversation, OlderHistory, Shift};
use crate::strings::window as strings;
use crate::view::timeline::log::Log;
use crate::view::timeline::log::scroll::Anchor;
use crate::view::timeline::row::Row;

/// How high what stands above the first row is.
pub(in crate::view::timeline) const HEAD_HEIGHT: i32 = 40;

impl Log {
    /// Takes in what was put in front, and what is above that. What is in sight stays where it is.
    pub(super) fn look_back(&mut self, conversation: &Conversation) {
        self.past = conversation.past;
        let top = self.top();
        if self.rows.is_empty() {
            self.first = conversation.first;
        }
        let count = self.first.saturating_sub(conversation.first) as usize;
        if count == 0 {
            return;
        }
        self.first = conversation.first;
        for index in (0..count).rev() {
            let Some(item) = conversation.items.get(index) else { continue };
            let row = self.lay_out(conversation, index, item, false);
            let y = self.rows.front().map_or(0, |below| below.y) - i64::from(row.height);
            self.rows.push_front(Row { y, ..row });
        }
        self.join(conversation, count);
        if self.anchor != Anchor::Bottom {
            self.set_top(top);
        }
    }

    /// Lets go of what was dropped.
    pub(super) fn trim(&mut self, conversation: &Conversation) {
        let gone = conversation.first.saturating_sub(self.first) as usize;
        if gone == 0 {
            return;
        }
        self.rows.drain(..gone.min(self.rows.len()));
        self.first = conversation.first;
        // The new first row has nothing before it.
        self.relay_above(conversation, 0);
    }

    /// Items took other numbers: what is in sight, what is selected and what Enter presses stay the same.
    pub(super) fn shift(&mut self, shift: Shift) {
        if std::mem::replace(&mut self.shifts, shift.count) == shift.count {
            return;
        }
        let number_of = |number: u64| {
            if number <= shift.to { number.saturating_add_signed(-shift.by) } else { number }
        };
        if let Anchor::At { number, .. } = &mut self.anchor {
            *number = number_of(*number);
        }
        if let Some(selection) = &mut self.selection {
            selection.anchor.number = number_of(selection.anchor.number);
            selection.head.number = number_of(selection.head.number);
        }
        let cursor = self.cursor.take();
        self.cursor = cursor.map(|(number, target)| (number_of(number), target.renumbered(number_of)));
    }

    /// Lays out row `index` anew for what stands above it now. What follows keeps its place: it is the start that moves.
    fn relay_above(&mut self, conversation: &Conversation, index: usize) {
        let before = self.rows.get(index).map(|row| row.y + i64::from(row.height));
        self.relay(conversation, index);
        if let (Some(bottom), Some(row)) = (before, self.rows.get_mut(index)) {
            row.y = bottom - i64::from(row.height);
        }
    }

    /// What was the first row may belong under the one above it now: it becomes lower at its top, and those above follow.
    fn join(&mut self, conversation: &Conversation, index: usize) {
        self.relay_above(conversation, index);
        let Some(mut y) = self.rows.get(index).map(|row| row.y) else { return };
        for row in self.rows.iter_mut().take(index).rev() {
            y -= i64::from(row.height);
            row.y = y;
        }
    }

    /// What stands above the first row.
    pub(in crate::view::timeline) fn head(&self) -> Option<&'static str> {
        match self.past {
            OlderHistory::Unknown | OlderHistory::More => None,
            OlderHistory::Coming => Some(strings::OLDER_COMING),
            OlderHistory::Beginning => Some(strings::BEGINNING),
        }
    }

    /// Whether older items are worth asking for: there may be some, and less than a screen is left above.
    pub(in crate::view::timeline) fn wants_older(&self) -> bool {
        let above = self.top() - self.start();
        self.past == OlderHistory::More && self.height > 0 && above < i64::from(self.height)
    }
}
