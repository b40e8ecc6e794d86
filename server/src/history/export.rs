//! Exports of the history for people, a part per turn of the loop: others are served in between.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use rusqlite::{Connection, Row, params};

use super::error::HistoryError;
use super::step::Step;
use super::table::TableFormat;
use crate::os::files;

/// Rows written per turn: a few milliseconds.
const ROWS: i64 = 1_000;

/// The content of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// Public messages and notices.
    Messages,
    /// Visits: members with their times of joining and leaving.
    Attendance,
}

/// The words of an export, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct Labels {
    /// The titles of a table of messages whose times are in a zone of that offset.
    pub message_titles: fn(Offset) -> Vec<String>,
    /// The titles of a table of visits whose times are in a zone of that offset.
    pub attendance_titles: fn(Offset) -> Vec<String>,
    /// The author of a notice.
    pub notice_author: &'static str,
}

/// An export in progress. Dropped before it is complete, it removes its file: half an export looks like a whole one.
#[derive(Debug)]
pub struct Export {
    kind: ExportKind,
    format: TableFormat,
    path: PathBuf,
    out: BufWriter<File>,
    /// The zone of written times. A table names its offset in the titles, so all its rows have the offset of `at`:
    /// titles are true and minutes fit, also where summer time ended in between.
    zone: TimeZone,
    notice_author: &'static str,
    /// When the export began, Unix ms: visits that have not ended count until then.
    at: i64,
    /// The last row written.
    last: i64,
    /// The last notice written behind that message; 0 if none is.
    last_notice: i64,
    rows: u64,
    /// Whether the file is complete.
    is_whole: bool,
}

impl Export {
    /// Creates the file, for the state of things at `at`, Unix ms. An error if it cannot be created or exists.
    pub fn create(kind: ExportKind, path: &Path, at: u64, labels: Labels) -> io::Result<Export> {
        Export::create_in(&TimeZone::system(), kind, path, at as i64, labels)
    }

    fn create_in(local: &TimeZone, kind: ExportKind, path: &Path, at: i64, labels: Labels) -> io::Result<Export> {
        let (format, offset) = (TableFormat::of(path), local.to_offset(timestamp(at)));
        let zone = if format == TableFormat::Csv { TimeZone::fixed(offset) } else { local.clone() };
        let out = BufWriter::new(files::create_new(path)?);
        let (path, last) = (path.into(), i64::MIN);
        let mut export = Export {
            kind,
            format,
            path,
            out,
            zone,
            notice_author: labels.notice_author,
            at,
            last,
            last_notice: 0,
            rows: 0,
            is_whole: false,
        };
        let titles = match kind {
            ExportKind::Messages => (labels.message_titles)(offset),
            ExportKind::Attendance => (labels.attendance_titles)(offset),
        };
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        export.out.write_all(format.header(&titles).as_bytes())?;
        Ok(export)
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the next rows; `elapsed` is the server's running time in ms.
    pub(super) fn step(&mut self, db: &Connection, elapsed: u64) -> Result<Step, HistoryError> {
        let select = match self.kind {
            ExportKind::Messages => {
                "SELECT seq, at, name, text, 0 FROM messages WHERE seq > ?1
                    UNION ALL SELECT after, at, NULL, text, id FROM notices WHERE (after, id) > (?1, ?3)
                    ORDER BY 1, 5 LIMIT ?2"
            }
            ExportKind::Attendance => {
                "SELECT id, name, addr, came, went, lasted, began FROM visits WHERE id > ? ORDER BY id LIMIT ?"
            }
        };
        let mut select = db.prepare_cached(select)?;
        let mut rows = match self.kind {
            ExportKind::Messages => select.query(params![self.last, ROWS, self.last_notice])?,
            ExportKind::Attendance => select.query(params![self.last, ROWS])?,
        };
        let before = self.rows;
        while let Some(row) = rows.next()? {
            let line = match self.kind {
                ExportKind::Messages => self.message(row)?,
                ExportKind::Attendance => self.visit(row, elapsed as i64)?,
            };
            if let Err(error) = self.out.write_all(line.as_bytes()) {
                return Ok(Step::Failed(error));
            }
            self.last = row.get(0)?;
            if self.kind == ExportKind::Messages {
                self.last_notice = row.get(4)?;
            }
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
        let (name, text): (Option<String>, String) = (row.get(2)?, row.get(3)?);
        let number = if name.is_some() { seq.to_string() } else { String::new() };
        let name = name.unwrap_or_else(|| self.notice_author.to_owned());
        Ok(match self.format {
            TableFormat::Csv => self.format.row(&[&number, &at, &name, &text]),
            TableFormat::Text => self.format.row(&[&format!("{at} {name}: {text}")]),
        })
    }

    fn visit(&self, row: &Row<'_>, elapsed: i64) -> Result<String, rusqlite::Error> {
        let (name, addr): (String, String) = (row.get(1)?, row.get(2)?);
        let (came, went): (i64, Option<i64>) = (row.get(3)?, row.get(4)?);
        let (lasted, began): (Option<i64>, Option<i64>) = (row.get(5)?, row.get(6)?);
        let by_clock = || went.unwrap_or(self.at) - came;
        let so_far = || began.filter(|_| went.is_none()).map(|began| elapsed - began);
        let minutes = lasted.or_else(so_far).unwrap_or_else(by_clock).max(0) / 60_000;
        let left = went.map(|went| self.time(went)).unwrap_or_default();
        Ok(self.format.row(&[&name, &addr, &self.time(came), &left, &minutes.to_string()]))
    }

    /// Date and time in the one form that Excel and `LibreOffice` take for a date in every language: an Excel in pt-BR
    /// shows it as dd/mm/aaaa hh:mm. `05/03/2024` would be the 3rd of May to readers set to English.
    fn time(&self, at: i64) -> String {
        timestamp(at).to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// A timestamp from Unix ms; the epoch for a stamp beyond the calendar.
fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or_default()
}

impl Drop for Export {
    fn drop(&mut self) {
        if !self.is_whole {
            // A failure leaves nothing better to do.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::EXPORT_LABELS;

    /// 2023-11-05, 05:00 UTC: an hour before New York's summer time ends.
    const SUMMER: i64 = 1_699_160_400_000;
    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_table_names_the_one_offset_of_its_times() {
        let folder = tempfile::tempdir().unwrap();
        let export = |zone: &str, name: &str, at| {
            let local = TimeZone::posix(zone).unwrap();
            let mut export =
                Export::create_in(&local, ExportKind::Messages, &folder.path().join(name), at, EXPORT_LABELS).unwrap();
            export.out.flush().unwrap();
            let titles = fs::read_to_string(export.path()).unwrap();
            (titles, [export.time(SUMMER), export.time(SUMMER + HOUR)])
        };
        let new_york = "EST5EDT,M3.2.0,M11.1.0";
        for (zone, name, at, title, times) in [
            (new_york, "a.csv", SUMMER, "\"Quando (UTC-4)\"", ["01:00:00", "02:00:00"]),
            (new_york, "b.csv", SUMMER + HOUR, "\"Quando (UTC-5)\"", ["00:00:00", "01:00:00"]),
            (new_york, "c.txt", SUMMER, "", ["01:00:00", "01:00:00"]),
            ("<-03>3", "d.csv", SUMMER, "\"Quando (UTC-3)\"", ["02:00:00", "03:00:00"]),
        ] {
            let (titles, written) = export(zone, name, at);
            assert!(titles.contains(title), "{titles}");
            assert_eq!(written, times.map(|time| format!("2023-11-05 {time}")), "{name}");
        }
    }
}
