//! The operator's notices, and where a lesson begins.

use std::ops::Range;

use papo_common::{LineBreaks, LogId, Notice, Text};
use rusqlite::{Connection, params};

use crate::room::notices::MAX_NOTICES;

/// SQL condition: the messages of the present lesson.
pub(super) const IN_LESSON: &str = "seq > coalesce((SELECT value FROM facts WHERE name = 'line'), 0)";

pub(super) fn write(db: &Connection, notice: &Notice) -> Result<(), rusqlite::Error> {
    let after = notice.after.unwrap_or_default() as i64;
    let mut given = db.prepare_cached("INSERT INTO notices (after, at, text) VALUES (?, ?, ?)")?;
    given.execute(params![after, notice.at as i64, notice.text.as_str()]).map(drop)
}

/// Stores that a lesson with the numbering `log` begins after message `line`.
pub(super) fn begin_lesson(db: &Connection, log: LogId, line: u64) -> Result<(), rusqlite::Error> {
    let facts = "INSERT OR REPLACE INTO facts VALUES ('log', ?), ('line', ?),
        ('notice_line', (SELECT coalesce(max(id), 0) FROM notices))";
    db.execute(facts, params![log.to_bits() as i64, line as i64]).map(drop)
}

/// The number of the last message before the lesson; 0 if none ever began.
pub(super) fn lesson_start(db: &Connection) -> Result<u64, rusqlite::Error> {
    let line = "SELECT coalesce((SELECT value FROM facts WHERE name = 'line'), 0)";
    db.query_row(line, [], |row| row.get::<_, i64>(0)).map(|line| line as u64)
}

/// The lesson's notices after message `after` or a later one and before message `before`, oldest first, the last
/// [`MAX_NOTICES`] of them. A row that cannot be read is skipped.
pub(super) fn between(db: &Connection, after: u64, before: u64) -> Result<Vec<Notice>, rusqlite::Error> {
    let mut given = db.prepare_cached(
        "SELECT after, at, text FROM notices WHERE after >= ? AND after < ?
            AND id > coalesce((SELECT value FROM facts WHERE name = 'notice_line'), 0)
            ORDER BY after DESC, id DESC LIMIT ?",
    )?;
    let mut rows = given.query(params![after as i64, before as i64, MAX_NOTICES as i64])?;
    let mut notices = Vec::new();
    while let Some(row) = rows.next()? {
        let (after, at) = (Some(row.get::<_, i64>(0)? as u64), row.get::<_, i64>(1)? as u64);
        let text = Text::clean(row.get_ref(2)?.as_str()?, LineBreaks::Keep);
        notices.extend(text.map(|text| Notice { text, at, after, log: None }));
    }
    notices.reverse();
    Ok(notices)
}

/// Deletes the oldest notices, at most `rows` of them, with a stamp in `times` and an id up to `target`; those with an
/// earlier stamp too, if all messages before them are gone. Returns how many.
pub(super) fn prune(db: &Connection, times: Range<i64>, target: i64, rows: usize) -> Result<usize, rusqlite::Error> {
    let notices = "DELETE FROM notices WHERE id IN (SELECT id FROM notices
        WHERE at < ? AND id <= ? AND (at >= ? OR after < (SELECT min(seq) FROM messages)) ORDER BY id LIMIT ?)";
    db.prepare_cached(notices)?.execute(params![times.end, target, times.start, rows as i64])
}
