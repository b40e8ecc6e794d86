//! How far a conversation is scrolled.

use crate::core::OlderHistory;
use crate::view::kit::draw::LINE;
use crate::view::timeline::log::{HEAD_HEIGHT, Log};

/// Free space under the last row.
const BELOW: i64 = 12;

/// What of a conversation is in sight: told by an item, never by pixels alone, which mean something else as soon as
/// a height changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::view::timeline) enum Anchor {
    /// The end, whatever comes.
    #[default]
    Bottom,
    /// The upper edge is `offset` pixels below the top of item `number`.
    At { number: u64, offset: i32 },
}

impl Log {
    /// The y of the upper end, what stands above the first row included.
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

    /// The y of what is at the upper edge.
    pub(in crate::view::timeline) fn top(&self) -> i64 {
        match self.anchor {
            Anchor::Bottom => self.lowest_top(),
            Anchor::At { number, offset } => {
                let row = self.row(number);
                let top = row.map_or(self.start(), |row| row.y + i64::from(offset.min(row.height)));
                top.clamp(self.start(), self.lowest_top())
            }
        }
    }

    /// Scrolls so that `top` is at the upper edge, as far as there is anything.
    pub(in crate::view::timeline) fn set_top(&mut self, top: i64) {
        let top = top.max(self.start());
        self.anchor = if top >= self.lowest_top() {
            Anchor::Bottom
        } else {
            let first = self.rows_from(top).next();
            first.map_or(Anchor::Bottom, |(number, row)| Anchor::At { number, offset: (top - row.y) as i32 })
        };
    }

    /// Scrolls so that the line with byte `byte` of item `number` is in sight, in the middle if it was not.
    pub(in crate::view::timeline) fn reveal(&mut self, number: u64, byte: usize) {
        let Some(row) = self.row(number) else { return };
        let line = row.lines.iter().rposition(|line| line.start <= byte).unwrap_or(0);
        let y = row.y + i64::from(row.text_y + LINE * line as i32);
        let (height, line) = (i64::from(self.height), i64::from(LINE));
        if y < self.top() + line || y + 2 * line > self.top() + height {
            self.set_top(y - (height - line) / 2);
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

    /// How many pixels the whole has, and how many of them are above what is in sight.
    pub(in crate::view::timeline) fn extent(&self) -> (i64, i64) {
        (self.end() - self.start(), self.top() - self.start())
    }

    /// Scrolls so that `above` pixels of the whole are above.
    pub(in crate::view::timeline) fn scroll_to(&mut self, above: i64) {
        self.set_top(self.start() + above);
    }
}
