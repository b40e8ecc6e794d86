//! Hit testing: finds the item, the point of the text or the hotspot at a position, and all hotspots in sight.

use crate::core::ItemId;
use crate::view::kit::draw::LINE;
use crate::view::kit::rect::Rect;
use crate::view::kit::scroll_bar::ScrollBar;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::log::Log;
use crate::view::timeline::selection::{Point, byte_at};
use crate::view::timeline::widths::measure;

/// The scroll bar; `None` if everything is in sight.
pub(super) fn bar(log: &Log, area: Rect) -> Option<ScrollBar> {
    let (whole, above) = log.extent();
    ScrollBar::new(area, whole, above)
}

/// The item at height `y` of the window, if any.
pub(super) fn item_at(log: &Log, area: Rect, y: i32) -> Option<ItemId> {
    log.rows_in(area).find(|(_, row, top)| (*top..top + row.height).contains(&y)).map(|(_, row, _)| row.item)
}

/// The point of the text nearest to (`x`, `y`).
pub(super) fn point_at(log: &Log, area: Rect, x: i32, y: i32) -> Option<Point> {
    let y = log.top() + i64::from(y - area.y);
    let row = log.rows_from(y).next().map(|(_, row)| row).or_else(|| log.last())?;
    let item = row.item;
    let within = (y - row.y) as i32 - row.text_y;
    if within < 0 {
        return Some(Point { item, byte: 0 });
    }
    let Some(line) = row.lines.get((within / LINE) as usize) else {
        return Some(Point { item, byte: row.text.len() });
    };
    let x = x - area.x - log.columns().text();
    let text = row.text.get(line.clone())?;
    let byte = byte_at(text, x as f32, |part| measure(row.block.style(), part));
    Some(Point { item, byte: line.start + byte })
}

/// All hotspots in sight, from top to bottom.
pub(super) fn hotspots(log: &Log, area: Rect) -> Vec<Hotspot> {
    let text = area.x + log.columns().text();
    log.rows_in(area).flat_map(|(_, row, top)| row.hotspots(text, top)).collect()
}

/// The action of the hotspot at (`x`, `y`), if there is one.
pub(super) fn target_at(log: &Log, area: Rect, x: i32, y: i32) -> Option<ClickAction> {
    let (_, row, top) = log.rows_in(area).find(|(_, row, top)| y < top + row.height)?;
    let mut spots = row.hotspots(area.x + log.columns().text(), top).into_iter();
    spots.find(|spot| spot.rects.iter().any(|rect| rect.contains(x, y))).map(|spot| spot.target)
}
