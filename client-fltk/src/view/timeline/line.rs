//! Drawing a line of text: links, and what is marked in it.

use std::ops::Range;

use fltk::draw as canvas;
use fltk::enums::Color;

use crate::view::kit::draw;
use crate::view::kit::draw::LINE;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;
use crate::view::timeline::text_frame::TextFrame;

/// A part of a text that stands out.
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) kind: MarkKind,
}

/// Why it stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// It was found.
    Found,
    /// It is the hit looked at.
    Current,
    /// It is selected.
    Selected,
}

impl MarkKind {
    /// Of the ground and of all text on it.
    fn colours(self) -> (Color, Color) {
        let colours = palette();
        match self {
            MarkKind::Found => (colours.warning_ground, colours.text),
            MarkKind::Current => (colours.warning, colours.on_accent),
            MarkKind::Selected => (colours.mark, colours.text),
        }
    }
}

/// A line with what is needed to draw it.
pub(super) struct LinePainter<'a> {
    pub(super) frame: TextFrame<'a>,
    pub(super) line: &'a Range<usize>,
    pub(super) colour: Color,
    pub(super) y: i32,
}

impl LinePainter<'_> {
    /// Draws the line with its `marks`, later ones above earlier ones, and tells where it ends.
    pub(super) fn paint(&self, marks: &[Mark]) -> i32 {
        let marks = marks.iter().filter_map(|mark| Some((self.place(mark)?, mark.kind.colours())));
        let end = self.paint_runs(self.colour, palette().accent);
        for (rect, (ground, ink)) in marks {
            // The same runs at the same places, so that no letter moves when it is marked; on a new ground, for
            // letters drawn twice look bold.
            canvas::push_clip(rect.x, rect.y, rect.w, rect.h);
            draw::fill(rect, ground);
            self.paint_runs(ink, ink);
            canvas::pop_clip();
        }
        end
    }

    /// Where a mark stands in this line; a selection that goes on in the next one includes the break.
    fn place(&self, Mark { range, kind }: &Mark) -> Option<Rect> {
        let (start, end) = (range.start.max(self.line.start), range.end.min(self.line.end));
        let goes_on = *kind == MarkKind::Selected && range.end > self.line.end && range.start <= self.line.end;
        if start >= end && !goes_on {
            return None;
        }
        let left = self.offset(start.min(self.line.end));
        let right = self.offset(end.max(self.line.start)) + if goes_on { 4 } else { 0 };
        (right > left).then(|| Rect::new(self.frame.x + left, self.y, right - left, LINE))
    }

    fn offset(&self, byte: usize) -> i32 {
        self.frame.offset(self.line, byte)
    }

    fn paint_runs(&self, colour: Color, link_colour: Color) -> i32 {
        let baseline = self.frame.style.baseline(self.y, LINE);
        let mut at = self.line.start;
        for link in self.frame.links.iter().filter(|link| link.start < self.line.end && link.end > self.line.start) {
            let (start, end) = (link.start.max(self.line.start), link.end.min(self.line.end));
            self.paint_run(at..start, colour, baseline);
            let left = self.frame.x + self.offset(start);
            let right = self.paint_run(start..end, link_colour, baseline);
            draw::fill(Rect::new(left, baseline + 2, right - left, 1), link_colour);
            at = end;
        }
        self.paint_run(at..self.line.end, colour, baseline)
    }

    fn paint_run(&self, run: Range<usize>, colour: Color, baseline: i32) -> i32 {
        let Some(text) = self.frame.text.get(run.clone()) else { return self.frame.x };
        draw::text(text, self.frame.style, colour, self.frame.x + self.offset(run.start), baseline)
    }
}
