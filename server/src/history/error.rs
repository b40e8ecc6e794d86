//! Errors of the stored history.

use std::io;

use rusqlite::{Error, ErrorCode};

/// An error of the stored history. [`crate::strings`] explains it to the operator.
#[derive(Debug)]
pub enum HistoryError {
    /// The folder or the file cannot be created or opened.
    Io(io::Error),
    /// The file can be read and not be written.
    ReadOnly,
    /// The file was moved away, removed or replaced while it was open.
    Moved,
    /// Another process has locked the file, most likely another server.
    Locked,
    /// No space is left.
    Full,
    /// The file is damaged, or no database at all.
    Corrupt,
    /// The file is another program's database.
    Foreign,
    /// The file was written by a later version of this program.
    Newer,
    /// Any other error of the database.
    Other(Error),
}

impl From<Error> for HistoryError {
    fn from(error: Error) -> HistoryError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryError::Locked,
            Some(ErrorCode::DiskFull) => HistoryError::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => HistoryError::Corrupt,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => HistoryError::ReadOnly,
            _ => HistoryError::Other(error),
        }
    }
}
