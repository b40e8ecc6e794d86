//! Finds the hotspots of the rows in sight, for the mouse and the keyboard.

use crate::core::ItemId;
use crate::view::kit::rect::Rect;
pub(super) use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::log::Log;

/// All hotspots in sight, from top to bottom.
pub(super) fn in_sight(log: &Log, area: Rect) -> Vec<Hotspot> {
    let top = log.top();
    let rows = log.rows_from(top).map(|(_, row)| (row, area.y + (row.y - top) as i32));
    let rows = rows.take_while(|(_, y)| *y < area.bottom());
    rows.flat_map(|(row, y)| row.hotspots(area.x + log.columns().text(), y)).collect()
}

/// The action of the hotspot at (`x`, `y`) in `item`.
pub(super) fn at(log: &Log, area: Rect, item: ItemId, (x, y): (i32, i32)) -> Option<ClickAction> {
    let row = log.row(item)?;
    let top = area.y + (row.y - log.top()) as i32;
    let spots = row.hotspots(area.x + log.columns().text(), top);
    spots.into_iter().find(|spot| spot.rects.iter().any(|rect| rect.contains(x, y))).map(|spot| spot.target)
}
