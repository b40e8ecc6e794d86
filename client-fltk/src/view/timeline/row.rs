//! The row of an item, with its position and lines.

use std::ops::Range;
use std::sync::Arc;

use crate::core::{Content, Item, ItemId};
use crate::text::line_breaks::wrap;
use crate::text::urls::links;
use crate::view::dates::Calendar;
use crate::view::kit::draw::LINE;
use crate::view::timeline::blocks;
use crate::view::timeline::blocks::Block;
use crate::view::timeline::click_action::Hotspot;
use crate::view::timeline::metrics::{Columns, DAY_HEIGHT, NEW_HEIGHT};
use crate::view::timeline::text_frame::TextFrame;
use crate::view::timeline::widths::Widths;

/// The average width of a letter, in pixels: used to estimate the height of rows that are not laid out.
const LETTER: i32 = 7;
/// The longest time between two messages under one head.
const GROUP_MS: u64 = 5 * 60 * 1000;

/// The row of an item, with its position and lines.
#[derive(Debug)]
pub(super) struct Row {
    /// The item that is laid out.
    pub(super) item: ItemId,
    /// The time of the item, Unix time in ms.
    pub(super) at: u64,
    /// The y of the upper edge, in the coordinates of the log: only differences matter, since its origin is arbitrary.
    pub(super) y: i64,
    /// The height, including separators: an estimate until the row is laid out.
    pub(super) height: i32,
    /// The heading of the day above the row, if a day begins here.
    pub(super) day: Option<String>,
    /// Whether the line of the new messages is above the row.
    pub(super) is_first_new: bool,
    /// The kind of the row, with all that it shows besides the text.
    pub(super) block: Box<dyn Block>,
    /// The text.
    pub(super) text: Arc<str>,
    /// The lines of the text; none unless the row is laid out.
    pub(super) lines: Vec<Range<usize>>,
    /// The links in the text, once it is laid out.
    pub(super) links: Vec<Range<usize>>,
    /// The distance from `y` to the first line of the text.
    pub(super) text_y: i32,
}

/// The settings with which the row of an item is built.
pub(super) struct Context<'a> {
    pub(super) columns: Columns,
    pub(super) calendar: &'a Calendar,
    pub(super) is_first_new: bool,
    pub(super) is_unfolded: bool,
}

impl Row {
    /// Builds the row of `item`, which comes after `previous`, at y 0: not laid out, its height an estimate.
    pub(super) fn new(item: &Item, previous: Option<&Item>, context: &Context<'_>) -> Row {
        let day = context.calendar.day(item.at);
        let is_new_day = previous.is_none_or(|previous| context.calendar.day(previous.at) != day);
        let breaks_group = is_new_day || context.is_first_new;
        let has_head = breaks_group || !previous.is_some_and(|previous| belongs_under(previous, item));
        let (block, text) = blocks::of(item, has_head, context.is_unfolded);
        let mut row = Row {
            item: item.id,
            at: item.at,
            y: 0,
            height: 0,
            day: is_new_day.then(|| context.calendar.heading(day)),
            is_first_new: context.is_first_new,
            links: Vec::new(),
            block,
            text,
            lines: Vec::new(),
            text_y: 0,
        };
        row.estimate(context.columns);
        row
    }

    /// Forgets lines and links, and estimates the height in another width by the length of the text.
    pub(super) fn estimate(&mut self, columns: Columns) {
        self.forget_lines();
        let letters = (columns.text_width() / LETTER).max(1) as usize;
        let breaks = self.text.bytes().filter(|&byte| byte == b'\n').count();
        self.measure(breaks + self.text.len().div_ceil(letters).max(1));
    }

    /// Breaks the text into lines and finds its links: from now on the height is exact.
    pub(super) fn lay_out(&mut self, columns: Columns, widths: &mut Widths) {
        let style = self.block.style();
        self.lines = wrap(&self.text, columns.text_width() as f32, |part| widths.of(style, part));
        self.links = if self.block.has_links() { links(&self.text) } else { Vec::new() };
        self.measure(self.lines.len());
    }

    /// Whether its lines and links are known.
    pub(super) fn is_laid_out(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Forgets lines and links, and keeps the height.
    pub(super) fn forget_lines(&mut self) {
        (self.lines, self.links) = (Vec::new(), Vec::new());
    }

    /// Shows the other text of a block that has two. Returns false if it has only one.
    pub(super) fn toggle(&mut self, columns: Columns, widths: &mut Widths) -> bool {
        let Some(text) = self.block.toggle() else { return false };
        self.text = text;
        self.lay_out(columns, widths);
        true
    }

    fn measure(&mut self, lines: usize) {
        let (above, below) = self.block.around_text();
        self.text_y = self.content_y() + above;
        self.height = self.text_y + LINE * lines as i32 + below;
    }

    /// The distance from `y` to the row's own content, below the separators and the gap.
    pub(super) fn content_y(&self) -> i32 {
        let day = if self.day.is_some() { DAY_HEIGHT } else { 0 };
        let new = if self.is_first_new { NEW_HEIGHT } else { 0 };
        day + new + self.block.gap()
    }

    /// The frame of the text, which begins at `x`, for a row that begins at `y`.
    pub(super) fn frame(&self, x: i32, y: i32) -> TextFrame<'_> {
        TextFrame {
            text: &self.text,
            lines: &self.lines,
            links: &self.links,
            style: self.block.style(),
            x,
            y: y + self.text_y,
        }
    }

    /// The hotspots of the row, for a row that begins at `y` and whose text begins at `x`.
    pub(super) fn hotspots(&self, x: i32, y: i32) -> Vec<Hotspot> {
        self.block.hotspots(self.item, &self.frame(x, y))
    }

    /// The part `range` of the text, for the clipboard. If that is all of it, it is copied unfolded.
    pub(super) fn copied(&self, range: Range<usize>) -> Option<&str> {
        if range == (0..self.text.len()) { Some(self.block.whole(&self.text)) } else { self.text.get(range) }
    }
}

/// Whether `item` goes without a head under `previous`: both are messages of the same sender to the same people, and
/// their times differ by at most `GROUP_MS`, whichever is the older.
fn belongs_under(previous: &Item, item: &Item) -> bool {
    let (Content::Message(before), Content::Message(said)) = (&previous.content, &item.content) else { return false };
    before.from == said.from
        && before.mine == said.mine
        && before.private_to == said.private_to
        && item.at.abs_diff(previous.at) <= GROUP_MS
}

#[cfg(test)]
mod tests;
