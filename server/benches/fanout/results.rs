//! What was measured, repetition by repetition.

use std::collections::BTreeMap;

use crate::rows::Row;
use crate::servers::Kind;

/// The values of every cell, and why some have none.
#[derive(Debug, Default)]
pub(crate) struct Results {
    values: BTreeMap<(Row, Kind), Vec<f64>>,
    failures: BTreeMap<(Row, Kind), String>,
}

impl Results {
    /// Adds what one repetition gave.
    pub(crate) fn add(&mut self, row: Row, kind: Kind, value: f64) {
        self.values.entry((row, kind)).or_default().push(value);
    }

    /// Notes that a cell cannot be filled.
    pub(crate) fn fail(&mut self, row: Row, kind: Kind, why: String) {
        self.failures.insert((row, kind), why);
    }

    /// Whether a cell cannot be filled.
    pub(crate) fn has_failed(&self, row: Row, kind: Kind) -> bool {
        self.failures.contains_key(&(row, kind))
    }

    /// All cells that cannot be filled, and why.
    pub(crate) fn failures(&self) -> impl Iterator<Item = (Row, Kind, &str)> {
        self.failures.iter().map(|(&(row, kind), why)| (row, kind, why.as_str()))
    }

    /// All repetitions of a cell, smallest first.
    fn sorted(&self, row: Row, kind: Kind) -> Option<Vec<f64>> {
        if self.has_failed(row, kind) {
            return None;
        }
        let mut values = self.values.get(&(row, kind))?.clone();
        values.sort_by(f64::total_cmp);
        Some(values)
    }

    /// The median of the repetitions; of two middle ones, the mean.
    pub(crate) fn median(&self, row: Row, kind: Kind) -> Option<f64> {
        let values = self.sorted(row, kind)?;
        let middle = values.len() / 2;
        let upper = *values.get(middle)?;
        Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
    }

    /// What a quarter of the repetitions do not exceed: those that nothing else on the machine disturbed.
    pub(crate) fn quartile(&self, row: Row, kind: Kind) -> Option<f64> {
        let values = self.sorted(row, kind)?;
        values.get(values.len() / 4).copied()
    }

    /// The smallest and the greatest of the repetitions.
    pub(crate) fn range(&self, row: Row, kind: Kind) -> Option<(f64, f64)> {
        let values = self.sorted(row, kind)?;
        Some((*values.first()?, *values.last()?))
    }

    /// The smallest median among `kinds`.
    pub(crate) fn best(&self, row: Row, kinds: &[Kind]) -> Option<f64> {
        kinds.iter().filter_map(|&kind| self.median(row, kind)).min_by(f64::total_cmp)
    }

    /// Whether anything stands in that row.
    pub(crate) fn has(&self, row: Row) -> bool {
        self.values.keys().any(|&(other, _)| other == row)
    }

    /// Whether anything stands in that column.
    pub(crate) fn knows(&self, kind: Kind) -> bool {
        self.values.keys().any(|&(_, other)| other == kind)
    }
}
