//! A conversation laid out: its rows, and how far it is scrolled.

mod copy;
mod moves;
mod past;
mod scroll;

use std::collections::VecDeque;

use crate::core::{Conversation, Find, Item, OlderHistory};
use crate::view::dates::Calendar;
use crate::view::timeline::found::Found;
use crate::view::timeline::hotspots::ClickAction;
pub(super) use crate::view::timeline::log::past::HEAD_HEIGHT;
pub(super) use crate::view::timeline::log::scroll::Anchor;
use crate::view::timeline::row::{Columns, Context, Row};
use crate::view::timeline::selection::{Point, Selection};
use crate::view::timeline::widths::Widths;

/// The rows of one conversation.
#[derive(Debug)]
pub(super) struct Log {
    /// What is in sight.
    pub(super) anchor: Anchor,
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// What the find bar found.
    pub(super) found: Found,
    /// What Enter presses, with its item.
    pub(super) cursor: Option<(u64, ClickAction)>,
    rows: VecDeque<Row>,
    /// The number of the first row.
    first: u64,
    edits: u64,
    /// How often items took other numbers.
    shifts: u64,
    moves: u64,
    new_from: Option<u64>,
    /// What there is above the first row.
    past: OlderHistory,
    columns: Columns,
    height: i32,
    calendar: Calendar,
    widths: Widths,
}

impl Log {
    /// An empty one, whose words are measured by `widths`.
    pub(super) fn new(widths: Widths) -> Log {
        Log {
            anchor: Anchor::Bottom,
            selection: None,
            found: Found::default(),
            cursor: None,
            rows: VecDeque::new(),
            first: 0,
            edits: 0,
            shifts: 0,
            moves: 0,
            new_from: None,
            past: OlderHistory::Unknown,
            columns: Columns { width: 0, is_narrow: false },
            height: 0,
            calendar: Calendar::local(),
            widths,
        }
    }

    /// Where things stand across.
    pub(super) fn columns(&self) -> Columns {
        self.columns
    }

    /// Lays out another conversation.
    pub(super) fn replace(&mut self, conversation: &Conversation, anchor: Anchor) {
        self.rows.clear();
        self.first = conversation.first;
        self.edits = conversation.edits;
        self.shifts = conversation.shift.count;
        self.moves = conversation.moves();
        self.new_from = conversation.new_from;
        self.past = conversation.past;
        (self.selection, self.cursor) = (None, None);
        self.anchor = anchor;
        self.append(conversation);
    }

    /// Follows what happened to the same conversation; true if anything did. What did not change is not touched.
    pub(super) fn follow(&mut self, conversation: &Conversation) -> bool {
        let known = self.next_number();
        let is_same = self.first == conversation.first
            && known == conversation.first + conversation.items.len() as u64
            && self.edits == conversation.edits
            && self.new_from == conversation.new_from
            && self.past == conversation.past;
        if is_same {
            return false;
        }
        if self.is_another(conversation) {
            self.replace(conversation, Anchor::Bottom);
            return true;
        }
        self.follow_moves(conversation);
        self.trim(conversation);
        self.look_back(conversation);
        self.relay_edited(conversation);
        self.shift(conversation.shift);
        self.move_new_line(conversation);
        self.append(conversation);
        true
    }

    /// Counts and the number of the last item only rise: where they fell, the place is the same but what was said there is not.
    fn is_another(&self, conversation: &Conversation) -> bool {
        let next = conversation.first + conversation.items.len() as u64;
        next < self.next_number() || conversation.edits < self.edits
    }

    /// Each edit raised one revision by one: from the end, where edits happen, no further than all are found.
    fn relay_edited(&mut self, conversation: &Conversation) {
        let mut left = conversation.edits.saturating_sub(self.edits);
        self.edits = conversation.edits;
        let mut lowest = self.rows.len();
        for index in (0..self.rows.len()).rev() {
            let (Some(row), Some(item)) = (self.rows.get(index), conversation.items.get(index)) else { continue };
            if left == 0 {
                break;
            }
            let edits = u64::from(item.revision.wrapping_sub(row.revision));
            if edits > 0 {
                left = left.saturating_sub(edits);
                lowest = index;
                self.relay(conversation, index);
                // Whether the next one needs a head of its own depends on this one.
                self.relay(conversation, index + 1);
            }
        }
        self.stack(lowest);
    }

    fn move_new_line(&mut self, conversation: &Conversation) {
        if self.new_from == conversation.new_from {
            return;
        }
        let places = [self.new_from, conversation.new_from];
        self.new_from = conversation.new_from;
        for number in places.into_iter().flatten() {
            if let Some(index) = self.index(number) {
                self.relay(conversation, index);
                self.stack(index);
            }
        }
    }

    fn append(&mut self, conversation: &Conversation) {
        let old = self.rows.len();
        for index in old..conversation.items.len() {
            let Some(item) = conversation.items.get(index) else { return };
            let row = self.lay_out(conversation, index, item, false);
            self.rows.push_back(row);
        }
        self.stack(old);
    }

    /// Lays out row `index` anew, if there is one.
    fn relay(&mut self, conversation: &Conversation, index: usize) {
        let Some(item) = conversation.items.get(index) else { return };
        let Some((y, is_unfolded)) = self.rows.get(index).map(|row| (row.y, row.is_unfolded())) else { return };
        let row = self.lay_out(conversation, index, item, is_unfolded);
        if let Some(place) = self.rows.get_mut(index) {
            *place = Row { y, ..row };
        }
    }

    fn lay_out(&mut self, conversation: &Conversation, index: usize, item: &Item, is_unfolded: bool) -> Row {
        let previous = index.checked_sub(1).and_then(|index| conversation.items.get(index));
        let number = self.first + index as u64;
        let mut context = Context {
            columns: self.columns,
            calendar: &self.calendar,
            widths: &mut self.widths,
            is_first_new: self.new_from == Some(number),
            is_unfolded,
        };
        Row::new(item, previous, &mut context)
    }

    /// Puts the rows from `index` on below each other.
    fn stack(&mut self, index: usize) {
        let above = index.checked_sub(1).and_then(|above| self.rows.get(above));
        let mut y = match (above, self.rows.front()) {
            (Some(above), _) => above.y + i64::from(above.height),
            (None, first) => first.map_or(0, |first| first.y),
        };
        for row in self.rows.iter_mut().skip(index) {
            row.y = y;
            y += i64::from(row.height);
        }
    }

    /// Marks what the find bar found, and scrolls to the hit that the person moved to. True if anything changed.
    pub(super) fn mark_found(&mut self, find: Option<&Find>) -> bool {
        let has_changed = self.found.follow(find);
        let moved_to = self.found.take_move(find);
        if let Some(hit) = &moved_to {
            self.reveal(hit.item, hit.range.start);
        }
        has_changed || moved_to.is_some()
    }

    /// Fits everything into another width and height.
    pub(super) fn resize(&mut self, columns: Columns, height: i32) {
        self.height = height;
        let breaks_alike = columns.text_width() == self.columns.text_width();
        self.columns = columns;
        if !breaks_alike {
            self.wrap_all();
        }
    }

    /// Forgets how wide words are.
    pub(super) fn remeasure(&mut self) {
        self.widths.clear();
        self.wrap_all();
    }

    fn wrap_all(&mut self) {
        for row in &mut self.rows {
            row.wrap(self.columns, &mut self.widths);
        }
        self.stack(0);
    }

    /// Folds or unfolds the note `number`. False if it is none.
    pub(super) fn toggle(&mut self, number: u64) -> bool {
        let Some(index) = self.index(number) else { return false };
        let has_changed = self.rows.get_mut(index).is_some_and(|row| row.toggle(self.columns, &mut self.widths));
        self.stack(index);
        has_changed
    }

    fn next_number(&self) -> u64 {
        self.first + self.rows.len() as u64
    }

    fn index(&self, number: u64) -> Option<usize> {
        let index = number.checked_sub(self.first)? as usize;
        (index < self.rows.len()).then_some(index)
    }

    /// The row of an item.
    pub(super) fn row(&self, number: u64) -> Option<&Row> {
        self.index(number).and_then(|index| self.rows.get(index))
    }

    /// The rows from the one at `y` on, with their numbers.
    pub(super) fn rows_from(&self, y: i64) -> impl Iterator<Item = (u64, &Row)> {
        let index = self.rows.partition_point(|row| row.y + i64::from(row.height) <= y);
        self.rows.iter().enumerate().skip(index).map(|(index, row)| (self.first + index as u64, row))
    }

    /// The last row, with its number.
    pub(super) fn last(&self) -> Option<(u64, &Row)> {
        self.rows.back().map(|row| (self.next_number() - 1, row))
    }

    /// Selects everything.
    pub(super) fn select_all(&mut self) {
        let Some(last) = self.rows.back() else { return };
        let head = Point { number: self.next_number() - 1, byte: last.text.len() };
        self.selection = Some(Selection { anchor: Point { number: self.first, byte: 0 }, head });
    }
}

#[cfg(test)]
mod tests;
