//! A conversation laid out: its rows and its scroll position.

mod anchor;
mod follow;
mod layout;
mod scroll;

use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::Range;

use crate::core::{Conversation, Find, Item, ItemId, OlderHistory, Revision};
use crate::view::dates::Calendar;
use crate::view::kit::rect::Rect;
use crate::view::timeline::click_action::ClickAction;
use crate::view::timeline::found::Found;
use crate::view::timeline::log::anchor::NEAR;
pub(super) use crate::view::timeline::log::anchor::{Anchor, Bookmark};
use crate::view::timeline::metrics::Columns;
use crate::view::timeline::row::{Context, Row};
use crate::view::timeline::selection::{Point, Selected, Selection};
use crate::view::timeline::widths::Widths;

/// The rows of one conversation.
#[derive(Debug)]
pub(super) struct Log {
    /// The scroll position.
    pub(super) anchor: Anchor,
    /// The selection, which may be empty.
    pub(super) selection: Option<Selection>,
    /// The hits of the find bar.
    pub(super) found: Found,
    /// The hotspot that Enter presses: its item and its action.
    pub(super) cursor: Option<(ItemId, ClickAction)>,
    rows: VecDeque<Row>,
    /// The index of the row that was looked up last.
    looked_up: Cell<usize>,
    /// The revision of the timeline that is laid out; `None` before the first conversation.
    revision: Option<Revision>,
    new_from: Option<ItemId>,
    /// The state of the history above the first row.
    past: OlderHistory,
    columns: Columns,
    height: i32,
    calendar: Calendar,
    widths: Widths,
    /// An upper bound of the number of rows that are laid out.
    laid_out: usize,
}

impl Log {
    /// Creates an empty log; `widths` measures its words.
    pub(super) fn new(widths: Widths) -> Log {
        Log {
            anchor: Anchor::Bottom,
            selection: None,
            found: Found::default(),
            cursor: None,
            rows: VecDeque::new(),
            looked_up: Cell::new(0),
            revision: None,
            new_from: None,
            past: OlderHistory::Unknown,
            columns: Columns { width: 0, is_narrow: false },
            height: 0,
            calendar: Calendar::local(),
            widths,
            laid_out: 0,
        }
    }

    /// The horizontal layout.
    pub(super) fn columns(&self) -> Columns {
        self.columns
    }

    /// The height of the viewport.
    pub(super) fn height(&self) -> i32 {
        self.height
    }

    /// Builds row `index` again, if there is such a row.
    fn relay(&mut self, conversation: &Conversation, index: usize) {
        let Some(item) = conversation.timeline.get(index) else { return };
        let Some((y, is_unfolded)) = self.rows.get(index).map(|row| (row.y, row.block.is_unfolded())) else { return };
        let row = self.row_of(conversation, index, item, is_unfolded);
        if let Some(place) = self.rows.get_mut(index) {
            *place = Row { y, ..row };
        }
    }

    fn row_of(&self, conversation: &Conversation, index: usize, item: &Item, is_unfolded: bool) -> Row {
        let previous = index.checked_sub(1).and_then(|index| conversation.timeline.get(index));
        let context = Context {
            columns: self.columns,
            calendar: &self.calendar,
            is_first_new: self.new_from == Some(item.id),
            is_unfolded,
        };
        Row::new(item, previous, &context)
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

    /// Folds or unfolds the note `item`. Returns false if `item` is no note that can be folded.
    pub(super) fn toggle(&mut self, item: ItemId) -> bool {
        let Some(index) = self.index(item) else { return false };
        let has_changed = self.rows.get_mut(index).is_some_and(|row| row.toggle(self.columns, &mut self.widths));
        self.stack(index);
        self.settle();
        has_changed
    }

    /// The index of an item's row. The last result is kept, because the same few are looked up again and again.
    fn index(&self, item: ItemId) -> Option<usize> {
        let is_it = |row: &Row| row.item == item;
        if !self.rows.get(self.looked_up.get()).is_some_and(is_it) {
            self.looked_up.set(self.rows.iter().rposition(is_it)?);
        }
        Some(self.looked_up.get())
    }

    /// The time of day of Unix time `at`, in ms, such as `10:42`.
    pub(super) fn time(&self, at: u64) -> String {
        self.calendar.time(at)
    }

    /// The row of an item.
    pub(super) fn row(&self, item: ItemId) -> Option<&Row> {
        self.index(item).and_then(|index| self.rows.get(index))
    }

    /// The rows from the one at `y` on, each with its index.
    pub(super) fn rows_from(&self, y: i64) -> impl Iterator<Item = (usize, &Row)> {
        let index = self.rows.partition_point(|row| row.y + i64::from(row.height) <= y);
        self.rows.iter().enumerate().skip(index)
    }

    /// The rows in sight in a conversation at `area`, each with its index and the y at which it begins in the window.
    pub(super) fn rows_in(&self, area: Rect) -> impl Iterator<Item = (usize, &Row, i32)> {
        let top = self.top();
        let rows = self.rows_from(top).map(move |(index, row)| (index, row, area.y + (row.y - top) as i32));
        rows.take_while(move |(.., y)| *y < area.bottom())
    }

    /// The indices of the rows in sight and of those that lie so near that they are laid out, too.
    pub(super) fn near(&self) -> Range<usize> {
        let (top, screens) = (self.top(), NEAR * i64::from(self.height));
        let is_above = |y: i64| move |row: &Row| row.y + i64::from(row.height) <= y;
        let end = self.rows.partition_point(|row| row.y < top + i64::from(self.height) + screens);
        self.rows.partition_point(is_above(top - screens)).min(end)..end
    }

    /// The last row.
    pub(super) fn last(&self) -> Option<&Row> {
        self.rows.back()
    }

    /// Selects everything.
    pub(super) fn select_all(&mut self) {
        let (Some(first), Some(last)) = (self.rows.front(), self.rows.back()) else { return };
        let head = Point { item: last.item, byte: last.text.len() };
        self.selection = Some(Selection { anchor: Point { item: first.item, byte: 0 }, head });
    }

    /// The selection by rows; `None` if nothing is selected.
    pub(super) fn selected(&self) -> Option<Selected> {
        let Selection { anchor, head } = self.selection.filter(|selection| !selection.is_empty())?;
        let (anchor, head) = ((self.index(anchor.item)?, anchor.byte), (self.index(head.item)?, head.byte));
        Some(Selected { first: anchor.min(head), last: anchor.max(head) })
    }

    /// The selection as it goes to the clipboard: the bare text if it is within one item, otherwise an entry with its
    /// time for each item.
    pub(super) fn selected_text(&self) -> Option<String> {
        let selected = self.selected()?;
        let copied = |index, row: &'_ Row| -> Option<String> {
            row.copied(selected.within(index, &row.text)?).map(str::to_owned)
        };
        let (first, last) = (selected.first.0, selected.last.0);
        let mut rows = self.rows.iter().enumerate().skip(first).take(last - first + 1);
        if first == last {
            return rows.next().and_then(|(index, row)| copied(index, row));
        }
        let entries: Vec<String> =
            rows.filter_map(|(index, row)| row.block.entry(&self.time(row.at), &copied(index, row)?)).collect();
        (!entries.is_empty()).then(|| entries.join("\n"))
    }
}

#[cfg(test)]
mod tests;
