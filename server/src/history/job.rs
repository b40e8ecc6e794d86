//! A file that is written for the operator, a part per turn of the loop: the others are served in between.

use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::copy::Copy;
use super::error::HistoryError;
use super::export::{Export, ExportKind, Labels};
use super::step::Step;

/// A file that is being written. Dropped before it is whole, it is removed: half of it looks like all of it.
#[derive(Debug)]
pub enum Job {
    /// A table or text for people.
    Export(Export),
    /// All that is kept, as a history of its own.
    Copy(Copy),
}

impl Job {
    /// Begins a table or text with the state of things at `at`, Unix ms. An error if the file cannot be made; one that is
    /// there already is not written over.
    pub fn export(kind: ExportKind, path: &Path, at: u64, labels: Labels) -> io::Result<Job> {
        Export::create(kind, path, at, labels).map(Job::Export)
    }

    /// Begins a copy; otherwise as [`Job::export`].
    pub fn copy(path: &Path) -> io::Result<Job> {
        Copy::create(path).map(Job::Copy)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Job::Export(export) => export.path(),
            Job::Copy(copy) => copy.path(),
        }
    }

    /// Writes the next rows; `elapsed` is the server's running time in ms.
    pub(super) fn step(&mut self, db: &Connection, elapsed: u64) -> Result<Step, HistoryError> {
        match self {
            Job::Export(export) => export.step(db, elapsed),
            Job::Copy(copy) => Ok(match copy.step(db) {
                Ok(None) => Step::More,
                Ok(Some(rows)) => Step::Done(rows),
                Err(error) => Step::NotCopied(error),
            }),
        }
    }
}
