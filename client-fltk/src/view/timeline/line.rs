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

impl TextFrame<'_> {
    /// Draws a line of the text at `y`, with its `marks`, later ones above earlier ones, and tells where it ends.
    pub(super) fn paint_line(&self, line: &Range<usize>, y: i32, colour: Color, marks: &[Mark]) -> i32 {
        let marks = marks.iter().filter_map(|mark| Some((self.place(line, y, mark)?, mark.kind.colours())));
        let end = self.paint_runs(line, y, colour, palette().accent);
        for (rect, (ground, ink)) in marks {
            // The same runs at the same places, so that no letter moves when it is marked; on a new ground, for
            // letters drawn twice look bold.
            canvas::push_clip(rect.x, rect.y, rect.w, rect.h);
            draw::fill(rect, ground);
            self.paint_runs(line, y, ink, ink);
            canvas::pop_clip();
        }
        end
    }

    /// Where a mark stands in this line; a selection that goes on in the next one includes the break.
    fn place(&self, line: &Range<usize>, y: i32, Mark { range, kind }: &Mark) -> Option<Rect> {
        let (start, end) = (range.start.max(line.start), range.end.min(line.end));
        let goes_on = *kind == MarkKind::Selected && range.end > line.end && range.start <= line.end;
        if start >= end && !goes_on {
            return None;
        }
        let left = self.offset(line, start.min(line.end));
        let right = self.offset(line, end.max(line.start)) + if goes_on { 4 } else { 0 };
        (right > left).then(|| Rect::new(self.x + left, y, right - left, LINE))
    }

    fn paint_runs(&self, line: &Range<usize>, y: i32, colour: Color, link_colour: Color) -> i32 {
        let baseline = self.style.baseline(y, LINE);
        let mut at = line.start;
        for link in self.links.iter().filter(|link| link.start < line.end && link.end > line.start) {
            let (start, end) = (link.start.max(line.start), link.end.min(line.end));
            self.paint_run(line, at..start, colour, baseline);
            let left = self.x + self.offset(line, start);
            let right = self.paint_run(line, start..end, link_colour, baseline);
            draw::fill(Rect::new(left, baseline + 2, right - left, 1), link_colour);
            at = end;
        }
        self.paint_run(line, at..line.end, colour, baseline)
    }

    fn paint_run(&self, line: &Range<usize>, run: Range<usize>, colour: Color, baseline: i32) -> i32 {
        let Some(text) = self.text.get(run.clone()) else { return self.x };
        draw::text(text, self.style, colour, self.x + self.offset(line, run.start), baseline)
    }
}
