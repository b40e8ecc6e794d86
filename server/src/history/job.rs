//! A file written for the operator, a part per turn of the loop: others are served in between.

use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::copy::Copy;
use super::error::HistoryError;
use super::export::{Export, ExportKind, Labels};
use super::step::Step;

/// A file in progress. Dropped before it is complete, it is removed: half a file looks like a whole one.
#[derive(Debug)]
pub enum Job {
    /// A table or text for people.
    Export(Export),
    /// A copy of the whole history.
    Copy(Copy),
}

impl Job {
    /// Begins an export of the state of things at `at`, Unix ms. An error if the file cannot be created or exists.
    pub fn export(kind: ExportKind, path: &Path, at: u64, labels: Labels) -> io::Result<Job> {
        Export::create(kind, path, at, labels).map(Job::Export)
    }

    /// Begins a copy; errors as for [`Job::export`].
    pub fn copy(path: &Path) -> io::Result<Job> {
        Copy::create(path).map(Job::Copy)
    }

    /// The path of the file.
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
