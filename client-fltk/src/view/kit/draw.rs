//! Shapes with soft edges, and text that is never interpreted.

use std::borrow::Cow;

use fltk::draw;
use fltk::enums::{Color, Font};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::view::kit::rect::Rect;
use crate::view::kit::theme::{REGULAR, STRONG};

/// The radius of fields, buttons and rows.
pub(crate) const RADIUS: i32 = 8;
/// The height of a line of text.
pub(crate) const LINE: i32 = 20;

/// A font with its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style(Font, i32);

/// Text.
pub(crate) const BODY: Style = Style(REGULAR, 14);
/// Names, buttons.
pub(crate) const NAME: Style = Style(STRONG, 14);
/// Times, addresses, notes.
pub(crate) const SMALL: Style = Style(REGULAR, 12);
/// Chips and badges.
pub(crate) const CHIP: Style = Style(STRONG, 12);
/// Above fields.
pub(crate) const LABEL: Style = Style(STRONG, 13);
/// What is wrong, under fields.
pub(crate) const ERROR: Style = Style(REGULAR, 13);
/// Headings.
pub(crate) const HEADING: Style = Style(STRONG, 16);
/// The program's name where one enters.
pub(crate) const TITLE: Style = Style(STRONG, 22);

impl Style {
    /// Makes it the font of what is drawn or measured next.
    pub(crate) fn select(self) {
        draw::set_font(self.0, self.1);
    }

    /// The baseline of a line of this style in the middle of `h` pixels from `y`.
    pub(crate) fn baseline(self, y: i32, h: i32) -> i32 {
        self.select();
        y + (h - draw::height()) / 2 + draw::height() - draw::descent()
    }

    /// How wide `text` is, in whole pixels.
    pub(crate) fn width(self, text: &str) -> i32 {
        self.select();
        draw::width(text).ceil() as i32
    }
}

/// Draws `text` on a baseline and returns where it ends.
pub(crate) fn text(text: &str, style: Style, colour: Color, x: i32, baseline: i32) -> i32 {
    style.select();
    draw::set_draw_color(colour);
    if !text.is_empty() {
        draw::draw_text_n(text, x, baseline);
    }
    x + draw::width(text).ceil() as i32
}

/// Draws as much of `text` as fits into `width`, with an ellipsis for the rest, and returns where it ends.
pub(crate) fn fitted(shown: &str, style: Style, colour: Color, x: i32, baseline: i32, width: i32) -> i32 {
    text(&elided(shown, style, width), style, colour, x, baseline)
}

/// Draws `text` in the middle of `rect`.
pub(crate) fn centred(shown: &str, style: Style, colour: Color, rect: Rect) {
    let shown = elided(shown, style, rect.w);
    let x = rect.x + (rect.w - style.width(&shown)) / 2;
    text(&shown, style, colour, x, style.baseline(rect.y, rect.h));
}

/// `text`, cut with an ellipsis at a grapheme boundary if it is wider than `width`.
pub(crate) fn elided(text: &str, style: Style, width: i32) -> Cow<'_, str> {
    style.select();
    elide(text, f64::from(width), draw::width)
}

fn elide(text: &str, width: f64, measure: impl Fn(&str) -> f64) -> Cow<'_, str> {
    // Longer texts are cut before they are measured: a text of 4 KiB costs no more than what could be seen of it.
    const SEEN: usize = 256;
    let seen = text.grapheme_indices(true).nth(SEEN).map_or(text.len(), |(at, _)| at);
    if seen == text.len() && measure(text) <= width {
        return Cow::Borrowed(text);
    }
    let boundaries: Vec<usize> = text[..seen].grapheme_indices(true).map(|(at, _)| at).collect();
    let fitting = boundaries.partition_point(|&end| measure(&format!("{}…", &text[..end])) <= width);
    match fitting.checked_sub(1).and_then(|last| boundaries.get(last)) {
        Some(&end) => Cow::Owned(format!("{}…", text[..end].trim_end())),
        None => Cow::Borrowed(""),
    }
}

/// Fills a rectangle.
pub(crate) fn fill(rect: Rect, colour: Color) {
    draw::draw_rect_fill(rect.x, rect.y, rect.w, rect.h, colour);
}

/// Fills a rectangle with round corners.
pub(crate) fn rounded(rect: Rect, radius: i32, colour: Color) {
    if 2 * radius >= rect.h {
        return pill(rect, colour);
    }
    draw::set_draw_color(colour);
    draw::draw_rounded_rectf(rect.x, rect.y, rect.w, rect.h, radius);
    // The filled shape alone leaves half a pixel soft on its straight sides; its outline closes them.
    draw::draw_rounded_rect(rect.x, rect.y, rect.w, rect.h, radius);
}

/// Fills a shape whose ends are half circles. FLTK's rounded outline shows spikes with such radii, and parts beside each
/// other show a seam where a scaled pixel is shared between them: it is one path.
pub(crate) fn pill(rect: Rect, colour: Color) {
    let [x, y, w, h] = [rect.x, rect.y, rect.w, rect.h].map(f64::from);
    let radius = h / 2.0;
    // A path goes through the middles of pixels, a rectangle begins at their edges.
    let (left, right, middle) = (x - 0.5 + radius, x - 0.5 + w - radius, y - 0.5 + radius);
    draw::set_draw_color(colour);
    draw::begin_polygon();
    draw::draw_arc2(left, middle, radius, 270.0, 90.0);
    draw::draw_arc2(right, middle, radius, 90.0, -90.0);
    draw::end_polygon();
}

/// Fills a rectangle with round corners and an edge of `thickness`.
pub(crate) fn edged(rect: Rect, radius: i32, edge: Color, thickness: i32, ground: Color) {
    rounded(rect, radius, edge);
    rounded(rect.inset(thickness), radius - thickness, ground);
}

/// Fills a circle.
pub(crate) fn disc(rect: Rect, colour: Color) {
    draw::set_draw_color(colour);
    draw::draw_pie(rect.x, rect.y, rect.w, rect.h, 0.0, 360.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, width: f64, expected: &str) {
        assert_eq!(elide(text, width, |part| part.graphemes(true).count() as f64), expected);
    }

    #[test]
    fn texts_are_cut_between_graphemes() {
        check("olá", 3.0, "olá");
        check("olá, pessoal", 5.0, "olá,…");
        check("olá pessoal", 5.0, "olá…");
        check("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2.0, "👨‍👩‍👧…");
        check("olá", 1.0, "…");
        check("olá", 0.0, "");
        check(&"a".repeat(4096), 10.0, "aaaaaaaaa…");
    }
}
