//! Drawing a line of text: links, and what is selected of it.

use std::ops::Range;

use fltk::draw as canvas;
use fltk::enums::Color;

use super::row::Row;
use super::widths::measure;
use crate::view::draw::{self, LINE, Style};
use crate::view::geometry::Rect;
use crate::view::theme::palette;

/// A line with what is needed to draw it.
pub(super) struct LinePainter<'a> {
    pub(super) row: &'a Row,
    pub(super) line: &'a Range<usize>,
    pub(super) style: Style,
    pub(super) colour: Color,
    pub(super) x: i32,
    pub(super) y: i32,
}

impl LinePainter<'_> {
    /// Draws the line, what is `selected` of it marked, and tells where it ends.
    pub(super) fn paint(&self, selected: Option<&Range<usize>>) -> i32 {
        let mark = selected.and_then(|selected| self.mark(selected));
        if let Some(mark) = mark {
            draw::fill(mark, palette().mark);
        }
        let end = self.paint_runs(self.colour, palette().accent);
        if let Some(mark) = mark {
            // The same runs at the same places, so that no letter moves when it is selected.
            canvas::push_clip(mark.x, mark.y, mark.w, mark.h);
            self.paint_runs(palette().text, palette().text);
            canvas::pop_clip();
        }
        end
    }

    /// The rectangle of what is selected of this line; a selection that goes on in the next one includes the break.
    fn mark(&self, selected: &Range<usize>) -> Option<Rect> {
        let (start, end) = (selected.start.max(self.line.start), selected.end.min(self.line.end));
        let goes_on = selected.end > self.line.end && selected.start <= self.line.end;
        if start >= end && !goes_on {
            return None;
        }
        let left = self.offset(start.min(self.line.end));
        let right = self.offset(end.max(self.line.start)) + if goes_on { 4 } else { 0 };
        (right > left).then(|| Rect::new(self.x + left, self.y, right - left, LINE))
    }

    fn offset(&self, byte: usize) -> i32 {
        self.row.text.get(self.line.start..byte).map_or(0, |part| measure(self.style, part).round() as i32)
    }

    fn paint_runs(&self, colour: Color, link_colour: Color) -> i32 {
        let baseline = self.style.baseline(self.y, LINE);
        let mut at = self.line.start;
        for link in self.row.links.iter().filter(|link| link.start < self.line.end && link.end > self.line.start) {
            let (start, end) = (link.start.max(self.line.start), link.end.min(self.line.end));
            self.paint_run(at..start, colour, baseline);
            let left = self.x + self.offset(start);
            let right = self.paint_run(start..end, link_colour, baseline);
            draw::fill(Rect::new(left, baseline + 2, right - left, 1), link_colour);
            at = end;
        }
        self.paint_run(at..self.line.end, colour, baseline)
    }

    fn paint_run(&self, run: Range<usize>, colour: Color, baseline: i32) -> i32 {
        let Some(text) = self.row.text.get(run.clone()) else { return self.x };
        draw::text(text, self.style, colour, self.x + self.offset(run.start), baseline)
    }
}
