//! A copy of the whole file, made while people talk: some rows per turn of the loop.
//!
//! The database's own backup holds both files for as long as it takes, which a loop of turns cannot. Rows that change
//! after they were copied are copied again at the end.

use std::path::{Path, PathBuf};
use std::{fs, io};

use rusqlite::{Connection, params};

use super::error::HistoryError;
use super::schema;
use crate::os::files;

/// Rows copied per turn: a few milliseconds.
const ROWS: i64 = 1_000;

/// A copy in progress. Dropped before it is complete, it removes its file: half a copy looks like a whole one.
#[derive(Debug)]
pub struct Copy {
    path: PathBuf,
    /// Tables still to be copied, the one in progress last.
    tables: Option<Vec<String>>,
    /// The last copied row of the table in progress.
    last: i64,
    rows: u64,
    is_whole: bool,
}

impl Copy {
    /// Creates the file. An error if it cannot be created or exists.
    pub(super) fn create(path: &Path) -> io::Result<Copy> {
        files::create_new(path)?;
        Ok(Copy { path: path.into(), tables: None, last: i64::MIN, rows: 0, is_whole: false })
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Copies the next rows; returns their number once there are no more. After an error the copy is abandoned.
    pub(super) fn step(&mut self, db: &Connection) -> Result<Option<u64>, HistoryError> {
        let done = self.next(db);
        if !matches!(done, Ok(None)) {
            // The history itself goes on, also where the copy has failed.
            let _ = db.execute_batch("DETACH copy");
        }
        self.is_whole = matches!(done, Ok(Some(_)));
        done
    }

    fn next(&mut self, db: &Connection) -> Result<Option<u64>, HistoryError> {
        let Some(tables) = &mut self.tables else {
            self.tables = Some(self.begin(db)?);
            return Ok(None);
        };
        let Some(table) = tables.last() else { return self.finish(db).map(Some) };
        let select = format!("SELECT rowid FROM main.{table} WHERE rowid > ? ORDER BY rowid LIMIT ?");
        let last = format!("SELECT max(rowid) FROM ({select})");
        let last: Option<i64> = db.query_row(&last, params![self.last, ROWS], |row| row.get(0))?;
        let last = last.unwrap_or(self.last);
        let rows =
            format!("INSERT OR REPLACE INTO copy.{table} SELECT * FROM main.{table} WHERE rowid > ? AND rowid <= ?");
        let copied = db.execute(&rows, [self.last, last])?;
        self.rows += copied as u64;
        self.last = last;
        // Each turn may add rows: a table is done when a step finds less than a full one.
        if copied < ROWS as usize {
            tables.pop();
            self.last = i64::MIN;
        }
        Ok(None)
    }

    fn begin(&self, db: &Connection) -> Result<Vec<String>, HistoryError> {
        drop(schema::open(&self.path)?);
        db.execute("ATTACH ? AS copy", [self.path.to_string_lossy()])?;
        let tables = "SELECT name FROM main.sqlite_schema
            WHERE type = 'table' AND name <> 'facts' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'";
        let mut tables = db.prepare(tables)?;
        let names = tables.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Copies again what may have changed after it was copied.
    fn finish(&self, db: &Connection) -> Result<u64, HistoryError> {
        db.execute_batch(
            "BEGIN;
            INSERT OR REPLACE INTO copy.facts SELECT * FROM main.facts;
            INSERT OR REPLACE INTO copy.visits SELECT * FROM main.visits
                WHERE id IN (SELECT id FROM copy.visits WHERE went IS NULL);
            DELETE FROM copy.sessions WHERE member NOT IN (SELECT member FROM main.sessions);
            INSERT OR REPLACE INTO copy.sessions SELECT * FROM main.sessions;
            DELETE FROM copy.messages WHERE seq IN (SELECT seq FROM main.removed);
            COMMIT;",
        )?;
        Ok(self.rows)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if !self.is_whole {
            // A failure leaves nothing better to do.
            for ending in ["", "-wal", "-shm", "-journal"] {
                let mut name = self.path.clone().into_os_string();
                name.push(ending);
                let _ = fs::remove_file(name);
            }
        }
    }
}
