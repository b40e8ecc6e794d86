//! One item of a conversation, with its place and lines.

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

/// How wide a letter is on average, in pixels, by which the height of rows that nobody has seen is estimated.
const LETTER: i32 = 7;
/// The longest time between two messages under one head.
const GROUP_MS: u64 = 5 * 60 * 1000;

/// An item with its place and lines.
#[derive(Debug)]
pub(super) struct Row {
    /// The item that is laid out.
    pub(super) item: ItemId,
    /// When it was said, Unix time in ms.
    pub(super) at: u64,
    /// Where it begins, counted from the first item ever.
    pub(super) y: i64,
    /// Its height, all included: an estimate until the row is laid out.
    pub(super) height: i32,
    /// The head of a day above it.
    pub(super) day: Option<String>,
    /// Whether the line of the new messages is above it.
    pub(super) is_first_new: bool,
    /// What it holds besides its text.
    pub(super) block: Box<dyn Block>,
    /// Its text.
    pub(super) text: Arc<str>,
    /// The lines of the text; none unless the row is laid out.
    pub(super) lines: Vec<Range<usize>>,
    /// The links in the text, once it is laid out.
    pub(super) links: Vec<Range<usize>>,
    /// Where the first line begins, from `y`.
    pub(super) text_y: i32,
}

/// What is needed to lay out an item besides the item.
pub(super) struct Context<'a> {
    pub(super) columns: Columns,
    pub(super) calendar: &'a Calendar,
    pub(super) is_first_new: bool,
    pub(super) is_unfolded: bool,
}

impl Row {
    /// The row of `item`, which stands after `previous`, at y 0: not laid out, its height an estimate.
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

    /// Shows the other text of a block that has two. False if it has not.
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

    /// Where what separates it from the row above ends and its own begins, from `y`.
    pub(super) fn content_y(&self) -> i32 {
        let day = if self.day.is_some() { DAY_HEIGHT } else { 0 };
        let new = if self.is_first_new { NEW_HEIGHT } else { 0 };
        day + new + self.block.gap()
    }

    /// Its text, which begins at `x`, where the row begins at `y`.
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

    /// What can be pressed in it, where it begins at `y` and its text at `x`.
    pub(super) fn hotspots(&self, x: i32, y: i32) -> Vec<Hotspot> {
        self.block.hotspots(self.item, &self.frame(x, y))
    }

    /// That part of the text for the clipboard; all of it is never folded.
    pub(super) fn copied(&self, range: Range<usize>) -> Option<&str> {
        if range == (0..self.text.len()) { Some(self.block.whole(&self.text)) } else { self.text.get(range) }
    }
}

/// Whether `item` is said by the one who said `previous`, in the same tone, and about then: an older message has a head of its own under a newer one.
fn belongs_under(previous: &Item, item: &Item) -> bool {
    let (Content::Message(before), Content::Message(said)) = (&previous.content, &item.content) else { return false };
    before.from == said.from
        && before.mine == said.mine
        && before.private_to == said.private_to
        && item.at.abs_diff(previous.at) <= GROUP_MS
}

#[cfg(test)]
mod tests;
