//! Drawing a conversation.

use std::ops::Range;

use fltk::draw as canvas;

use crate::core::ItemId;
use crate::strings::window as strings;
use crate::view::kit::draw;
use crate::view::kit::draw::NAME;
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::rect::Rect;
use crate::view::kit::shadow;
use crate::view::kit::theme::palette;
use crate::view::timeline::blocks::divider;
use crate::view::timeline::canvas::RowCanvas;
use crate::view::timeline::hit_test;
use crate::view::timeline::line::{Mark, MarkKind};
use crate::view::timeline::log::Log;
use crate::view::timeline::metrics::DAY_HEIGHT;
use crate::view::timeline::row::Row;
use crate::view::timeline::selection::whole_graphemes;

/// The parts of the conversation under the pointer that are drawn differently for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pointer {
    /// The item under the pointer.
    pub(super) item: Option<ItemId>,
    /// Whether the scroll bar is under the pointer or held by it.
    pub(super) on_bar: bool,
    /// Whether the pill, the button that scrolls to the end, is under the pointer.
    pub(super) on_pill: bool,
}

/// Draws the whole widget.
pub(super) fn conversation(log: &Log, area: Rect, pointer: Pointer, unread: usize, has_ring: bool) {
    canvas::push_clip(area.x, area.y, area.w, area.h);
    draw::fill(area, palette().ground);
    let top = log.top();
    let selected = log.selected();
    if let Some(words) = log.head() {
        divider::paint_head(words, area, area.y + (log.start() - top) as i32);
    }
    // The card of a private message that follows reaches a little above its own row.
    for (index, row, y) in log.rows_in(area) {
        let selected = selected.and_then(|selected| selected.within(index, &row.text));
        paint_row(log, area, row, y, selected, pointer.item == Some(row.item));
    }
    if let Some(bar) = hit_test::bar(log, area) {
        bar.paint(pointer.on_bar);
    }
    if let Some(pill) = pill(log, area, unread) {
        paint_pill(pill, &pill_text(log, unread), pointer.on_pill);
    }
    if has_ring {
        paint_cursor(log, area);
        canvas::set_draw_color(palette().accent);
        canvas::draw_rect(area.x, area.y, area.w, area.h);
        canvas::draw_rect(area.x + 1, area.y + 1, area.w - 2, area.h - 2);
    }
    canvas::pop_clip();
}

/// Draws a ring around the hotspot that Enter would press.
fn paint_cursor(log: &Log, area: Rect) {
    let Some((item, target)) = &log.cursor else { return };
    canvas::set_draw_color(palette().accent);
    for spot in hit_test::hotspots(log, area).iter().filter(|spot| spot.item == *item && spot.target == *target) {
        for Rect { x, y, w, h } in spot.rects.iter().map(|rect| rect.inset(-2)) {
            canvas::draw_rounded_rect(x, y, w, h, 4);
            canvas::draw_rounded_rect(x + 1, y + 1, w - 2, h - 2, 4);
        }
    }
}

/// The rectangle of the pill, the button that scrolls to the end; `None` while the end is in sight.
pub(super) fn pill(log: &Log, area: Rect, unread: usize) -> Option<Rect> {
    if log.is_at_bottom() {
        return None;
    }
    let text = pill_text(log, unread);
    let width = if text.is_empty() { 32 } else { NAME.width(&text) + 52 };
    Some(Rect::new(area.right() - 24 - width, area.bottom() - 12 - 32, width, 32))
}

fn pill_text(log: &Log, unread: usize) -> String {
    match unread {
        0 => String::new(),
        _ if log.columns().is_narrow => unread.to_string(),
        _ => strings::new_messages(unread),
    }
}

fn paint_pill(rect: Rect, text: &str, is_hovered: bool) {
    let colours = palette();
    shadow::draw(rect, rect.h / 2);
    draw::pill(rect, if is_hovered { colours.accent_hover } else { colours.accent });
    let arrow = if text.is_empty() { rect } else { Rect::new(rect.x + 14, rect.y, 14, rect.h) };
    icon::draw(Icon::ArrowDown, 14, colours.on_accent, arrow);
    draw::text(text, NAME, colours.on_accent, rect.x + 35, NAME.baseline(rect.y, rect.h));
}

/// Draws a row that begins at `y` in the window.
fn paint_row(log: &Log, area: Rect, row: &Row, y: i32, selected: Option<Range<usize>>, is_hovered: bool) {
    let day = row.day.as_ref().map(|day| divider::paint_day(day, area, y));
    if row.is_first_new {
        divider::paint_new_line(log.columns(), area, y + day.map_or(0, |()| DAY_HEIGHT));
    }
    row.block.paint(&RowCanvas {
        frame: row.frame(area.x + log.columns().text(), y),
        marks: marks(log, row, selected),
        area,
        columns: log.columns(),
        top: y + row.content_y(),
        bottom: y + row.height,
        time: log.time(row.at),
        is_hovered,
    });
}

/// The marks in the text: the hits, and above them the selection.
fn marks(log: &Log, row: &Row, selected: Option<Range<usize>>) -> Vec<Mark> {
    let mark = |(range, is_current)| Mark {
        // A grapheme such as an emoji cannot be marked in part: a hit within it marks all of it.
        range: whole_graphemes(&row.text, range),
        kind: if is_current { MarkKind::Current } else { MarkKind::Found },
    };
    let selected = selected.map(|range| Mark { range, kind: MarkKind::Selected });
    log.found.within(row.item).map(mark).chain(selected).collect()
}
