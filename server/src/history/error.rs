//! Why there is no stored history.

use std::io;

use rusqlite::{Error, ErrorCode};

/// What went wrong. [`crate::strings`] says it to the operator.
#[derive(Debug)]
pub enum HistoryError {
    /// The folder or the file cannot be made or opened.
    Io(io::Error),
    /// It can be read and not be written.
    ReadOnly,
    /// It was moved away, removed or replaced while it was open.
    Moved,
    /// Somebody else has it: another server most likely.
    Locked,
    /// No space is left.
    Full,
    /// It is damaged, or no database at all.
    Corrupt,
    /// A database, but of some other program.
    Foreign,
    /// A later version of this program has made it.
    Newer,
    /// Anything else.
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
