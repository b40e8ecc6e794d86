//! The text of a row and its position in the window.

use std::ops::Range;

use crate::view::kit::draw::{LINE, Style};
use crate::view::kit::rect::Rect;
use crate::view::timeline::widths::measure;

/// A text in lines, the first of which begins at (`x`, `y`).
#[derive(Clone, Copy, Debug)]
pub(super) struct TextFrame<'a> {
    pub(super) text: &'a str,
    pub(super) lines: &'a [Range<usize>],
    /// The links in the text.
    pub(super) links: &'a [Range<usize>],
    pub(super) style: Style,
    pub(super) x: i32,
    pub(super) y: i32,
}

impl TextFrame<'_> {
    /// The y below the last line.
    pub(super) fn bottom(&self) -> i32 {
        self.y + LINE * self.lines.len() as i32
    }

    /// The rectangles of a part of the text, one for each line that it is in.
    pub(super) fn rects_of(&self, range: &Range<usize>) -> Vec<Rect> {
        let lines = self.lines.iter().enumerate().filter(|(_, line)| range.start < line.end && range.end > line.start);
        let rect = |(index, line): (usize, &Range<usize>)| {
            let left = self.offset(line, range.start.max(line.start));
            let right = self.offset(line, range.end.min(line.end));
            Rect::new(self.x + left, self.y + LINE * index as i32, right - left, LINE)
        };
        lines.map(rect).collect()
    }

    /// The distance in pixels from the beginning of a line to the byte `byte` of the text.
    pub(super) fn offset(&self, line: &Range<usize>, byte: usize) -> i32 {
        self.text.get(line.start..byte).map_or(0, |part| measure(self.style, part).round() as i32)
    }
}
