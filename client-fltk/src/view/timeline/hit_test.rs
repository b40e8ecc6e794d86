//! Hit testing: finds the item, the point of the text or the hotspot at a position.

use crate::core::ItemId;
use crate::view::kit::draw::LINE;
use crate::view::kit::rect::Rect;
use crate::view::kit::scroll_bar::ScrollBar;
use crate::view::timeline::hotspots;
use crate::view::timeline::hotspots::ClickAction;
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
    let y = log.top() + i64::from(y - area.y);
    let (_, row) = log.rows_from(y).next()?;
    (row.y <= y).then_some(row.item)
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

/// The action of the hotspot at (`x`, `y`), if there is one.
pub(super) fn target_at(log: &Log, area: Rect, x: i32, y: i32) -> Option<ClickAction> {
    hotspots::at(log, area, item_at(log, area, y)?, (x, y))
}
