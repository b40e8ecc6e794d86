//! Writing history out for people, a part per turn of the loop: the others are served in between.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params};

use super::file;
use super::sheet::Sheet;
use super::trouble::Trouble;
use crate::strings;

/// How many rows are written in one turn: a few milliseconds.
const ROWS: i64 = 1_000;

/// What is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// All that was said to all.
    Messages,
    /// Who was there, and when.
    Attendance,
}

/// A file that is being written. Dropped before it is whole, it is removed: half of it looks like all of it.
#[derive(Debug)]
pub struct Export {
    what: What,
    sheet: Sheet,
    path: PathBuf,
    out: BufWriter<File>,
    zone: TimeZone,
    /// When it began, Unix ms: until then those who are still there have been there.
    at: i64,
    /// The last row that is written.
    last: i64,
    rows: u64,
    /// Whether all of it stands in the file.
    is_whole: bool,
}

/// How far an export has come.
#[derive(Debug)]
pub enum Step {
    /// There is more.
    More,
    /// It is written, with so many rows.
    Done(u64),
    /// The file cannot be written.
    Failed(io::Error),
}

impl Export {
    /// Begins a new file with the state of things at `at`, Unix ms. An error if it cannot be made; one that is there
    /// already is not written over.
    pub fn create(what: What, path: &Path, at: u64) -> io::Result<Export> {
        let out = BufWriter::new(file::create_new(path)?);
        let (sheet, zone) = (Sheet::of(path), TimeZone::system());
        let mut export =
            Export { what, sheet, path: path.into(), out, zone, at: at as i64, last: 0, rows: 0, is_whole: false };
        let titles = match what {
            What::Messages => &strings::MESSAGE_TITLES[..],
            What::Attendance => &strings::ATTENDANCE_TITLES,
        };
        export.out.write_all(sheet.head(titles).as_bytes())?;
        Ok(export)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the next rows.
    pub(super) fn step(&mut self, db: &Connection) -> Result<Step, Trouble> {
        let select = match self.what {
            What::Messages => "SELECT seq, at, name, text FROM messages WHERE seq > ? ORDER BY seq LIMIT ?",
            What::Attendance => "SELECT id, name, addr, came, went FROM visits WHERE id > ? ORDER BY id LIMIT ?",
        };
        let mut select = db.prepare_cached(select)?;
        let mut rows = select.query(params![self.last, ROWS])?;
        let before = self.rows;
        while let Some(row) = rows.next()? {
            let line = match self.what {
                What::Messages => self.message(row)?,
                What::Attendance => self.visit(row)?,
            };
            if let Err(error) = self.out.write_all(line.as_bytes()) {
                return Ok(Step::Failed(error));
            }
            self.last = row.get(0)?;
            self.rows += 1;
        }
        if self.rows - before == ROWS as u64 {
            return Ok(Step::More);
        }
        if let Err(error) = self.out.flush() {
            return Ok(Step::Failed(error));
        }
        self.is_whole = true;
        Ok(Step::Done(self.rows))
    }

    fn message(&self, row: &Row<'_>) -> Result<String, rusqlite::Error> {
        let (seq, at): (i64, String) = (row.get(0)?, self.time(row.get(1)?));
        let (name, text): (String, String) = (row.get(2)?, row.get(3)?);
        Ok(match self.sheet {
            Sheet::Csv => self.sheet.row(&[&seq.to_string(), &at, &name, &text]),
            Sheet::Text => self.sheet.row(&[&format!("{at} {name}: {text}")]),
        })
    }

    fn visit(&self, row: &Row<'_>) -> Result<String, rusqlite::Error> {
        let (name, addr): (String, String) = (row.get(1)?, row.get(2)?);
        let (came, went): (i64, Option<i64>) = (row.get(3)?, row.get(4)?);
        let minutes = (went.unwrap_or(self.at) - came).max(0) / 60_000;
        let left = went.map(|went| self.time(went)).unwrap_or_default();
        Ok(self.sheet.row(&[&name, &addr, &self.time(came), &left, &minutes.to_string()]))
    }

    fn time(&self, at: i64) -> String {
        let time = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(self.zone.clone());
        time.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        if !self.is_whole {
            // Nothing better can be done where that fails.
            let _ = fs::remove_file(&self.path);
        }
    }
}
