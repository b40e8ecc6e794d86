//! How far a file that is written for the operator has come.

use std::io;

use super::error::HistoryError;

/// The outcome of one step.
#[derive(Debug)]
pub enum Step {
    /// There is more.
    More,
    /// It is written, with so many rows.
    Done(u64),
    /// The file cannot be written.
    Failed(io::Error),
    /// The copy cannot be made.
    NotCopied(HistoryError),
}
