//! What is under the pointer.

use crate::view::kit::draw::LINE;
use crate::view::kit::rect::Rect;
use crate::view::timeline::hotspots;
use crate::view::timeline::hotspots::ClickAction;
use crate::view::timeline::log::Log;
use crate::view::timeline::selection::{Point, byte_at};
use crate::view::timeline::widths::measure;

/// The scroll bar's width, and its distance from the edge.
pub(super) const BAR: i32 = 6;
pub(super) const BAR_MARGIN: i32 = 4;
const SHORTEST_THUMB: i32 = 32;

/// The thumb of the scroll bar; `None` if everything is in sight.
pub(super) fn thumb(log: &Log, area: Rect) -> Option<Rect> {
    let (from, to) = log.sight()?;
    let track = area.h - 2 * BAR_MARGIN;
    let height = ((to - from) * f64::from(track)).round() as i32;
    let height = height.clamp(SHORTEST_THUMB.min(track), track);
    // A thumb longer than its share has less way to go.
    let way = f64::from(track - height);
    let share = from / (1.0 - (to - from)).max(f64::EPSILON);
    let y = area.y + BAR_MARGIN + (share * way).round() as i32;
    Some(Rect::new(area.right() - BAR_MARGIN - BAR, y, BAR, height))
}

/// The share of the whole that is above when the thumb's top is at `y`.
pub(super) fn share_at(log: &Log, area: Rect, y: i32) -> Option<f64> {
    let (from, to) = log.sight()?;
    let thumb = thumb(log, area)?;
    let way = f64::from((area.h - 2 * BAR_MARGIN - thumb.h).max(1));
    let share = (f64::from(y - area.y - BAR_MARGIN) / way).clamp(0.0, 1.0);
    Some(share * (1.0 - (to - from)))
}

/// The item at height `y` of the window, if any.
pub(super) fn item_at(log: &Log, area: Rect, y: i32) -> Option<u64> {
    let y = log.top() + i64::from(y - area.y);
    let (number, row) = log.rows_from(y).next()?;
    (row.y <= y).then_some(number)
}

/// The point of the text nearest to (`x`, `y`).
pub(super) fn point_at(log: &Log, area: Rect, x: i32, y: i32) -> Option<Point> {
    let y = log.top() + i64::from(y - area.y);
    let (number, row) = log.rows_from(y).next().or_else(|| log.last())?;
    let within = (y - row.y) as i32 - row.text_y;
    if within < 0 {
        return Some(Point { number, byte: 0 });
    }
    let Some(line) = row.lines.get((within / LINE) as usize) else {
        return Some(Point { number, byte: row.text.len() });
    };
    let x = x - area.x - log.columns().text();
    let text = row.text.get(line.clone())?;
    let byte = byte_at(text, x as f32, |part| measure(row.body.style(), part));
    Some(Point { number, byte: line.start + byte })
}

/// What a click on (`x`, `y`) would do besides selecting.
pub(super) fn target_at(log: &Log, area: Rect, x: i32, y: i32) -> Option<ClickAction> {
    hotspots::at(log, area, item_at(log, area, y)?, (x, y))
}
