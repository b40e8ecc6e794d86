//! The heights of rows: exact where they are read, estimates elsewhere.

use crate::view::timeline::log::Log;
use crate::view::timeline::log::anchor::{Anchor, NEAR};
use crate::view::timeline::metrics::Columns;
use crate::view::timeline::row::Row;

/// Once more rows than this are laid out, those far from the anchor forget their lines; their heights stay exact.
const MOST_LAID_OUT: usize = 1_000;

impl Log {
    /// Fits everything into another width and height.
    pub(in crate::view::timeline) fn resize(&mut self, columns: Columns, height: i32) {
        self.height = height;
        let breaks_alike = columns.text_width() == self.columns.text_width();
        self.columns = columns;
        if !breaks_alike {
            self.estimate_all();
        }
        self.settle();
    }

    /// Forgets the widths of words, and estimates all heights again.
    pub(in crate::view::timeline) fn remeasure(&mut self) {
        self.widths.clear();
        self.estimate_all();
        self.settle();
    }

    fn estimate_all(&mut self) {
        for row in &mut self.rows {
            row.estimate(self.columns);
        }
        self.laid_out = 0;
        self.stack(0);
    }

    /// Lays out the rows near the anchor, which stays where it is in the window. Every change of the rows, the size or
    /// the anchor ends with this call, so that the rows that are drawn or under the pointer are laid out.
    pub(super) fn settle(&mut self) {
        let Some(last) = self.rows.len().checked_sub(1) else { return };
        let index = match self.anchor {
            Anchor::Bottom => last,
            Anchor::At { item, .. } => self.index(item).unwrap_or(0),
        };
        let near = NEAR * i64::from(self.height);
        let end = self.lay_out_while(index..=last, near + self.above_edge(index));
        let start = self.lay_out_while((0..index).rev(), near);
        if self.laid_out > MOST_LAID_OUT {
            self.forget_all_but(start.unwrap_or(index), end.unwrap_or(index));
        }
        let is_at_edge = |row: &Row| (0..i64::from(row.height)).contains(&self.above_edge(index));
        if self.anchor != Anchor::Bottom && !self.rows.get(index).is_some_and(is_at_edge) {
            self.anchor = self.anchor_at(self.top());
        }
    }

    /// The number of pixels of the anchor's row that are above the upper edge; `index` is the index of that row.
    fn above_edge(&self, index: usize) -> i64 {
        match (self.anchor, self.rows.get(index)) {
            (Anchor::At { offset, .. }, Some(row)) => i64::from(row.text_y) + i64::from(offset),
            _ => 0,
        }
    }

    /// Lays out the rows at `indices` until they fill `room` pixels. Returns the index of the last one.
    fn lay_out_while(&mut self, indices: impl Iterator<Item = usize>, mut room: i64) -> Option<usize> {
        let (mut changed, mut last) = (None, None);
        for index in indices {
            let Some(row) = self.rows.get_mut(index).filter(|_| room > 0) else { break };
            if !row.is_laid_out() {
                row.lay_out(self.columns, &mut self.widths);
                self.laid_out += 1;
                changed = Some(changed.map_or(index, |lowest: usize| lowest.min(index)));
            }
            room -= i64::from(row.height);
            last = Some(index);
        }
        if let Some(index) = changed {
            self.stack(index);
        }
        last
    }

    /// Lays out the row at `index`, even if it is far from the anchor.
    pub(super) fn lay_out(&mut self, index: usize) {
        self.lay_out_while(index..=index, 1);
    }

    fn forget_all_but(&mut self, first: usize, last: usize) {
        for (index, row) in self.rows.iter_mut().enumerate() {
            if !(first..=last).contains(&index) {
                row.forget_lines();
            }
        }
        self.laid_out = last + 1 - first;
    }

    /// Puts the rows from `index` on below each other.
    pub(super) fn stack(&mut self, index: usize) {
        let above = index.checked_sub(1).and_then(|above| self.rows.get(above));
        let mut y = match (above, self.rows.front()) {
            (Some(above), _) => above.y + i64::from(above.height),
            (None, first) => first.map_or(0, |first| first.y),
        };
        for row in self.rows.iter_mut().skip(index) {
            row.y = y;
            y += i64::from(row.height);
        }
    }
}
