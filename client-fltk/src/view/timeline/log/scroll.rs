//! The scroll position of a conversation, and what stands at its upper end.

use crate::core::{ItemId, OlderHistory};
use crate::strings::window as strings;
use crate::view::kit::draw::LINE;
use crate::view::timeline::log::Log;
use crate::view::timeline::log::anchor::Anchor;
use crate::view::timeline::metrics::HEAD_HEIGHT;
use crate::view::timeline::row::Row;

/// The free space under the last row.
const BELOW: i64 = 12;

impl Log {
    /// The y of the upper end, including the words above the first row.
    pub(in crate::view::timeline) fn start(&self) -> i64 {
        let head = if self.past == OlderHistory::Unknown { 0 } else { i64::from(HEAD_HEIGHT) };
        self.rows.front().map_or(0, |row| row.y - head)
    }

    fn end(&self) -> i64 {
        self.rows.back().map_or(0, |row| row.y + i64::from(row.height) + BELOW)
    }

    fn lowest_top(&self) -> i64 {
        self.start().max(self.end() - i64::from(self.height))
    }

    /// The y at the upper edge of the viewport.
    pub(in crate::view::timeline) fn top(&self) -> i64 {
        match self.anchor {
            Anchor::Bottom => self.lowest_top(),
            Anchor::At { item, offset } => {
                let row = self.row(item);
                let top = row.map_or(self.start(), |row| row.y + i64::from((row.text_y + offset).min(row.height)));
                top.clamp(self.start(), self.lowest_top())
            }
        }
    }

    /// Scrolls so that `top` is at the upper edge, but never beyond either end.
    pub(in crate::view::timeline) fn set_top(&mut self, top: i64) {
        self.move_to(self.anchor_at(top));
    }

    /// Scrolls to the end.
    pub(in crate::view::timeline) fn scroll_to_end(&mut self) {
        self.move_to(Anchor::Bottom);
    }

    /// The anchor while `top` is at the upper edge.
    pub(super) fn anchor_at(&self, top: i64) -> Anchor {
        let top = top.max(self.start());
        let first = self.rows_from(top).next().filter(|_| top < self.lowest_top());
        let offset = |row: &Row| (top - row.y) as i32 - row.text_y;
        first.map_or(Anchor::Bottom, |(_, row)| Anchor::At { item: row.item, offset: offset(row) })
    }

    fn move_to(&mut self, anchor: Anchor) {
        self.anchor = anchor;
        self.settle();
        // Estimated heights may have been too great: then this is the end already.
        if self.anchor != Anchor::Bottom && self.is_at_bottom() {
            self.anchor = Anchor::Bottom;
            self.settle();
        }
    }

    /// Scrolls so that the line with byte `byte` of that item is in sight, in the middle if it was not.
    pub(in crate::view::timeline) fn reveal(&mut self, item: ItemId, byte: usize) {
        let Some(index) = self.index(item) else { return };
        self.lay_out(index);
        let Some(row) = self.rows.get(index) else { return };
        let line = row.lines.iter().rposition(|line| line.start <= byte).unwrap_or(0);
        let offset = LINE * line as i32;
        let y = row.y + i64::from(row.text_y + offset);
        let (height, line) = (i64::from(self.height), i64::from(LINE));
        if y < self.top() + line || y + 2 * line > self.top() + height {
            // Anchored to this row, because the heights of the rows between are still estimates.
            self.move_to(Anchor::At { item, offset: offset - (self.height - LINE) / 2 });
        }
    }

    /// Scrolls by `distance` pixels, down if positive.
    pub(in crate::view::timeline) fn scroll_by(&mut self, distance: i32) {
        self.set_top(self.top() + i64::from(distance));
    }

    /// Whether the end is in sight.
    pub(in crate::view::timeline) fn is_at_bottom(&self) -> bool {
        self.top() >= self.lowest_top()
    }

    /// The height of the whole conversation, and the height of its part above the viewport, in pixels.
    pub(in crate::view::timeline) fn extent(&self) -> (i64, i64) {
        (self.end() - self.start(), self.top() - self.start())
    }

    /// Scrolls so that `above` pixels of the whole are above the viewport.
    pub(in crate::view::timeline) fn scroll_to(&mut self, above: i64) {
        self.set_top(self.start() + above);
    }

    /// The words above the first row, if there are any.
    pub(in crate::view::timeline) fn head(&self) -> Option<&'static str> {
        match self.past {
            OlderHistory::Unknown | OlderHistory::Available => None,
            OlderHistory::Loading => Some(strings::OLDER_COMING),
            OlderHistory::Exhausted => Some(strings::BEGINNING),
        }
    }

    /// Whether older items are worth asking for: there may be some, and less than a screen is left above.
    pub(in crate::view::timeline) fn wants_older(&self) -> bool {
        let above = self.top() - self.start();
        self.past == OlderHistory::Available && self.height > 0 && above < i64::from(self.height)
    }
}
