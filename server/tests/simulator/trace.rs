//! Everything that happened in a run: a hash over all of it, and the last lines in words.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hasher as _};
use std::time::Duration;

/// How many of the last lines are kept for the report of a failure.
const KEPT: usize = 60;
/// The longest line that is kept, in bytes; the hash takes in all of it.
const MAX_LINE: usize = 300;

/// The trace of one run. Two runs of a seed have the same hash, or the simulator is not deterministic.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    hash: DefaultHasher,
    lines: VecDeque<String>,
    /// Whether all lines are printed, too.
    pub(crate) is_loud: bool,
    /// How many lines there were.
    pub(crate) count: u64,
}

impl Trace {
    /// Takes in one line, of the moment `now`.
    pub(crate) fn note(&mut self, now: Duration, line: fmt::Arguments<'_>) {
        let mut whole = if self.lines.len() < KEPT { None } else { self.lines.pop_front() }.unwrap_or_default();
        whole.clear();
        let _ = write!(whole, "{:>6}.{:06} {line}", now.as_secs(), now.subsec_micros());
        self.hash.write(whole.as_bytes());
        if self.is_loud {
            println!("{whole}");
        }
        if whole.len() > MAX_LINE {
            let end = (0..=MAX_LINE).rev().find(|&end| whole.is_char_boundary(end)).unwrap_or_default();
            whole.truncate(end);
        }
        self.lines.push_back(whole);
        self.count += 1;
    }

    /// The hash over all lines.
    pub(crate) fn hash(&self) -> u64 {
        self.hash.finish()
    }

    /// The last lines, oldest first.
    pub(crate) fn last_lines(&self) -> String {
        self.lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
    }
}
