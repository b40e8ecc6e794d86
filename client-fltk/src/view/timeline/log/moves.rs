//! Items that went to another place: what was noted of them goes with them.

use crate::core::{Conversation, Move};
use crate::view::timeline::log::Log;
use crate::view::timeline::log::scroll::Anchor;

impl Log {
    /// Takes in where items went since the last look, as long as the rows are those of that look.
    pub(super) fn follow_moves(&mut self, conversation: &Conversation) {
        if let Some(moves) = conversation.moves_since(self.moves) {
            moves.for_each(|moved| self.follow_move(moved));
        } else {
            (self.selection, self.cursor) = (None, None);
        }
        self.moves = conversation.moves();
    }

    fn follow_move(&mut self, moved: Move) {
        if let Some(selection) = &mut self.selection {
            selection.follow(moved);
        }
        let number_of = |number| moved.number_of(number);
        let cursor = self.cursor.take();
        self.cursor = cursor.map(|(number, target)| (number_of(number), target.renumbered(number_of)));
        if let Anchor::At { number, offset } = &mut self.anchor {
            // One does not look after what went away, but at what stands in its place.
            if *number == moved.from {
                *offset = 0;
            } else {
                *number = number_of(*number);
            }
        }
        self.move_row(moved);
    }

    /// Whether a note is unfolded goes with it; heights and revisions are those of the places, and seen to later.
    fn move_row(&mut self, moved: Move) {
        let from = moved.from.saturating_sub(self.first) as usize;
        let to = self.index(moved.to).unwrap_or(self.rows.len().saturating_sub(1));
        for index in from..to {
            self.rows.swap(index, index + 1);
            let [Some((y, revision)), Some((next_y, next_revision))] =
                [index, index + 1].map(|index| self.rows.get(index).map(|row| (row.y, row.revision)))
            else {
                return;
            };
            if let Some(row) = self.rows.get_mut(index) {
                (row.y, row.revision) = (next_y, next_revision);
            }
            if let Some(row) = self.rows.get_mut(index + 1) {
                (row.y, row.revision) = (y, revision);
            }
        }
    }
}
