//! Layout of a dialog, and what stands in its body.

use accesskit::{NodeId, Role};
use fltk::draw as canvas;

use crate::text::line_breaks::wrap;
use crate::view::kit::dialog::Content;
use crate::view::kit::{BODY, CHIP, HEADING, NAME, Rect, Scroll, Tree, draw, named, palette, placed, shadow};

const WIDTH: i32 = 480;
const MARGIN: i32 = 20;
const HEAD: i32 = 52;
const FIELD: i32 = 36;
const BUTTON: i32 = 36;
/// The room above the buttons.
const GAP: i32 = 16;
/// Widths of a column of sections, and of the part of it that the keys take.
const COLUMN: i32 = 400;
const KEYS: i32 = 148;
/// The height of a line of a section, and the distance that an arrow key scrolls.
pub(super) const LINE: i32 = 26;

/// Layout of the dialog: its place in the window, and what stands in its body.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) rect: Rect,
    /// The area in which the rows are seen.
    pub(super) body: Rect,
    /// The height of all rows.
    pub(super) whole: i32,
    /// The rows, each where it stands while nothing is scrolled away.
    pub(super) rows: Vec<(Row, Rect)>,
}

/// A line of the body.
#[derive(Debug)]
pub(super) enum Row {
    Text(String),
    Heading(&'static str),
    Keys(String, &'static str),
}

impl Frame {
    /// The layout in a window of `w` by `h`.
    pub(super) fn of(content: &Content, (w, h): (i32, i32)) -> Frame {
        let is_list = !content.sections.is_empty();
        let columns = if is_list && w >= 2 * COLUMN + 3 * MARGIN { 2 } else { 1 };
        let wanted = if is_list { columns * COLUMN + (columns + 1) * MARGIN } else { WIDTH };
        let width = wanted.min(w - 16);
        let mut at = Rect::new(MARGIN, 0, (width - (columns + 1) * MARGIN) / columns, 0);
        let mut rows = Vec::new();
        let mut stack = |row: Row, at: &mut Rect| {
            at.h = row.height();
            rows.push((row, *at));
            at.y = at.bottom();
        };
        if !is_list {
            BODY.select();
            for line in wrap(&content.text, at.w as f32, |part| canvas::width(part) as f32) {
                stack(Row::Text(content.text.get(line).unwrap_or_default().to_owned()), &mut at);
            }
        }
        for column in content.sections.chunks(content.sections.len().div_ceil(columns as usize).max(1)) {
            at.y = 0;
            for section in column {
                stack(Row::Heading(section.heading), &mut at);
                for (keys, does) in &section.lines {
                    stack(Row::Keys(keys.clone(), does), &mut at);
                }
            }
            at.x += at.w + MARGIN;
        }
        let whole = rows.iter().map(|(_, rect)| rect.bottom()).max().unwrap_or(0);
        let foot = MARGIN + BUTTON + GAP + if content.field.is_some() { FIELD + 12 } else { 0 };
        let height = (HEAD + whole + foot).min(h - 16);
        let rect = Rect::new((w - width) / 2, (h - height) / 2, width, height);
        let body = Rect::new(rect.x + 1, rect.y + HEAD, rect.w - 2, height - HEAD - foot);
        for (_, row) in &mut rows {
            (row.x, row.y) = (row.x + rect.x, row.y + body.y);
        }
        Frame { rect, body, whole, rows }
    }

    /// The places of the field, of the accept button and of the cancel button.
    pub(super) fn parts(&self, content: &Content) -> (Rect, Rect, Rect) {
        let mut room = self.rect.inset(MARGIN);
        let mut buttons = room.cut_bottom(BUTTON);
        room.cut_bottom(GAP);
        let mut button = |text: Option<&str>| {
            let Some(text) = text else { return Rect::default() };
            let button = buttons.cut_right((NAME.width(text) + 32).max(96));
            buttons.cut_right(8);
            button
        };
        let (accept, cancel) = (button(content.accept), button(content.cancel));
        (room.cut_bottom(if content.field.is_some() { FIELD } else { 0 }), accept, cancel)
    }

    /// Draws everything but the field and the buttons.
    pub(super) fn paint(&self, title: &str, scroll: &Scroll) {
        let colours = palette();
        let &Frame { rect, body, .. } = self;
        shadow::panel(rect);
        let baseline = HEADING.baseline(rect.y, HEAD);
        draw::fitted(title, HEADING, colours.text, rect.x + MARGIN, baseline, rect.w - 2 * MARGIN);
        canvas::push_clip(body.x, body.y, body.w, body.h);
        for (row, rect) in &self.rows {
            row.paint(Rect { y: rect.y - scroll.top, ..*rect });
        }
        scroll.paint(body, self.whole);
        canvas::pop_clip();
    }
}

impl Row {
    fn height(&self) -> i32 {
        match self {
            Row::Text(_) => 22,
            // With the room above it.
            Row::Heading(_) => 36,
            Row::Keys(..) => LINE,
        }
    }

    fn paint(&self, Rect { x, y, w, h }: Rect) {
        let colours = palette();
        match self {
            Row::Text(text) => drop(draw::fitted(text, BODY, colours.text, x, BODY.baseline(y, h), w)),
            Row::Heading(text) => drop(draw::text(text, CHIP, colours.accent, x, CHIP.baseline(y + 8, h - 10))),
            Row::Keys(keys, does) => {
                let chip = Rect::new(x, y + 2, (CHIP.width(keys) + 16).min(KEYS - 8), h - 4);
                draw::rounded(chip, 6, colours.raised);
                draw::centred(keys, CHIP, colours.text, chip);
                draw::fitted(does, BODY, colours.text, x + KEYS, BODY.baseline(y, h), w - KEYS);
            }
        }
    }

    /// Adds its node, unless it is of the text, which is told as a whole.
    pub(super) fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        let node = match self {
            Row::Text(_) => return,
            Row::Heading(text) => named(Role::Heading, text),
            Row::Keys(keys, does) => named(Role::Paragraph, &format!("{keys}: {does}")),
        };
        tree.add(id, placed(node, rect));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::kit::dialog::Section;

    fn help(lines: usize) -> Content {
        let section = Section { heading: "Teclas", lines: vec![("F1".to_owned(), "ajuda"); lines] };
        Content { sections: vec![section.clone(), section], ..Content::default() }
    }

    #[test]
    fn what_does_not_fit_can_be_scrolled_to() {
        for (w, h) in [(480, 320), (640, 480), (900, 400)] {
            let frame = Frame::of(&help(14), (w, h));
            let mut scroll = Scroll::default();
            scroll.to(i32::MAX, frame.body, frame.whole);
            let end = frame.rows.iter().map(|(_, rect)| rect.bottom()).max().unwrap();
            assert!(scroll.top > 0, "{frame:?}");
            assert_eq!(end - scroll.top, frame.body.bottom(), "{frame:?}");
            assert!(frame.rect.y >= 0 && frame.rect.bottom() <= h, "{frame:?}");
        }
    }

    #[test]
    fn sections_stand_in_columns_where_there_is_room() {
        let frame = Frame::of(&help(9), (1_100, 720));
        assert_eq!(frame.body.h, frame.whole);
        let tops = frame.rows.iter().filter(|(row, _)| matches!(row, Row::Heading(_))).map(|(_, rect)| rect.y);
        assert_eq!(tops.collect::<Vec<_>>(), [frame.body.y, frame.body.y]);
    }
}
