//! What can be pressed in a conversation, by the mouse or by keys.

use std::ops::Range;

use crate::core::{Delivery, ItemId};
use crate::view::kit::draw::LINE;
use crate::view::kit::rect::Rect;
use crate::view::timeline::failure;
use crate::view::timeline::log::Log;
use crate::view::timeline::row::{Body, Row};
use crate::view::timeline::widths::measure;

/// What pressing something does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ClickAction {
    /// Open a link.
    Link(String),
    /// Fold or unfold a note.
    Note(ItemId),
    /// Send a message that failed again.
    Retry(ItemId),
    /// Give it up.
    Discard(ItemId),
}

/// A place that can be pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hotspot {
    /// The item that it is part of.
    pub(super) item: ItemId,
    pub(super) target: ClickAction,
    /// A rectangle for each line that it is in.
    pub(super) rects: Vec<Rect>,
}

/// All that are in sight, from top to bottom.
pub(super) fn in_sight(log: &Log, area: Rect) -> Vec<Hotspot> {
    let top = log.top();
    let rows = log.rows_from(top).map(|(_, row)| (row, area.y + (row.y - top) as i32));
    let rows = rows.take_while(|(_, y)| *y < area.bottom());
    rows.flat_map(|(row, y)| spots_of(row, area.x + log.columns().text(), y)).collect()
}

/// The one at (`x`, `y`) in that item.
pub(super) fn at(log: &Log, area: Rect, item: ItemId, (x, y): (i32, i32)) -> Option<ClickAction> {
    let row = log.row(item)?;
    let top = area.y + (row.y - log.top()) as i32;
    let spots = spots_of(row, area.x + log.columns().text(), top);
    spots.into_iter().find(|spot| spot.rects.iter().any(|rect| rect.contains(x, y))).map(|spot| spot.target)
}

/// Those of a row whose text begins at `x` and which itself begins at `y`.
fn spots_of(row: &Row, x: i32, y: i32) -> Vec<Hotspot> {
    let (item, text_y) = (row.item, y + row.text_y);
    let spot = |target, range| Hotspot { item, target, rects: rects_of(row, range, x, text_y) };
    if row.has_forms() {
        return vec![spot(ClickAction::Note(item), 0..row.text.len())];
    }
    let links = row.links.iter().filter_map(|link| Some((link.clone(), row.text.get(link.clone())?.to_owned())));
    let mut spots: Vec<Hotspot> = links.map(|(range, link)| spot(ClickAction::Link(link), range)).collect();
    if let Body::Message(message) = &row.body
        && matches!(message.delivery, Delivery::Failed(_))
    {
        let actions = failure::actions(item, x, text_y + LINE * row.lines.len() as i32);
        spots.extend(actions.map(|(rect, target, _)| Hotspot { item, target, rects: vec![rect] }));
    }
    spots
}

fn rects_of(row: &Row, range: Range<usize>, x: i32, y: i32) -> Vec<Rect> {
    let style = row.body.style();
    let width = |from: usize, to: usize| row.text.get(from..to).map_or(0, |part| measure(style, part).round() as i32);
    let lines = row.lines.iter().enumerate().filter(|(_, line)| range.start < line.end && range.end > line.start);
    let rect = |(index, line): (usize, &Range<usize>)| {
        let left = width(line.start, range.start.max(line.start));
        let right = width(line.start, range.end.min(line.end));
        Rect::new(x + left, y + LINE * index as i32, right - left, LINE)
    };
    lines.map(rect).collect()
}
