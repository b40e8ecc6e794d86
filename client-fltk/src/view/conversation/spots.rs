//! What can be pressed in a conversation, by the mouse or by keys.

use std::ops::Range;

use super::failure;
use super::log::Log;
use super::row::{Body, Row};
use super::widths::measure;
use crate::state::Delivery;
use crate::view::draw::LINE;
use crate::view::geometry::Rect;

/// What pressing something does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Open a link.
    Link(String),
    /// Fold or unfold a note.
    Note(u64),
    /// Send a message that failed again.
    Retry(u64),
    /// Give it up.
    Discard(u64),
}

impl Target {
    /// The same where items have other numbers.
    pub(super) fn renumbered(self, number_of: impl Fn(u64) -> u64) -> Target {
        match self {
            Target::Link(link) => Target::Link(link),
            Target::Note(number) => Target::Note(number_of(number)),
            Target::Retry(number) => Target::Retry(number_of(number)),
            Target::Discard(number) => Target::Discard(number_of(number)),
        }
    }
}

/// A place that can be pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The item that it is part of.
    pub(super) number: u64,
    pub(super) target: Target,
    /// A rectangle for each line that it is in.
    pub(super) rects: Vec<Rect>,
}

/// All that are in sight, from top to bottom.
pub(super) fn in_sight(log: &Log, area: Rect) -> Vec<Spot> {
    let top = log.top();
    let rows = log.rows_from(top).map(|(number, row)| (number, row, area.y + (row.y - top) as i32));
    let rows = rows.take_while(|(.., y)| *y < area.bottom());
    rows.flat_map(|(number, row, y)| spots_of(row, number, area.x + log.columns().text(), y)).collect()
}

/// The one at (`x`, `y`) in item `number`.
pub(super) fn at(log: &Log, area: Rect, number: u64, (x, y): (i32, i32)) -> Option<Target> {
    let row = log.row(number)?;
    let top = area.y + (row.y - log.top()) as i32;
    let spots = spots_of(row, number, area.x + log.columns().text(), top);
    spots.into_iter().find(|spot| spot.rects.iter().any(|rect| rect.contains(x, y))).map(|spot| spot.target)
}

/// Those of a row whose text begins at `x` and which itself begins at `y`.
fn spots_of(row: &Row, number: u64, x: i32, y: i32) -> Vec<Spot> {
    let text_y = y + row.text_y;
    let spot = |target, range| Spot { number, target, rects: rects_of(row, range, x, text_y) };
    if row.has_forms() {
        return vec![spot(Target::Note(number), 0..row.text.len())];
    }
    let links = row.links.iter().filter_map(|link| Some((link.clone(), row.text.get(link.clone())?.to_owned())));
    let mut spots: Vec<Spot> = links.map(|(range, link)| spot(Target::Link(link), range)).collect();
    if let Body::Message(message) = &row.body
        && matches!(message.delivery, Delivery::Failed(_))
    {
        let actions = failure::actions(number, x, text_y + LINE * row.lines.len() as i32);
        spots.extend(actions.map(|(rect, target, _)| Spot { number, target, rects: vec![rect] }));
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
