//! Writing: one transaction for what is kept at a time.

use std::path::Path;

use papo_common::Message;
use rusqlite::{Connection, params};

use super::trouble::Trouble;
use super::{notices, schema};
use crate::room::record::Record;

/// The open file.
#[derive(Debug)]
pub(super) struct Store {
    db: Connection,
}

impl Store {
    pub(super) fn open(path: &Path) -> Result<Store, Trouble> {
        Ok(Store { db: schema::open(path)? })
    }

    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    /// Writes `records`, all of them or none. From now on not even a killed server forgets them.
    pub(super) fn write(&mut self, records: &[Record]) -> Result<(), Trouble> {
        if records.is_empty() {
            return Ok(());
        }
        self.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        records.iter().try_for_each(|record| write(&self.db, record))?;
        self.db.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    /// Gives the file up after a failure. What is said from now on has numbers that the file does not know, so that the
    /// next run must not go on with its numbering: it is given another one, if the file takes even that. Nor does the
    /// file learn who leaves from now on, so that the sessions in it end here.
    pub(super) fn renounce(self) {
        let _ = self.db.execute_batch("ROLLBACK");
        let _ = self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        let _ = self.db.execute("DELETE FROM facts WHERE name = 'log'", []);
        let _ = end_sessions(&self.db);
    }

    /// How many messages there are, and how many bytes they and all else take in the file.
    pub(super) fn extent(&self) -> Result<(u64, u64), rusqlite::Error> {
        // Numbers rise by one with each, the oldest are forgotten first, and of the rest some may be taken back.
        let count = "WITH ends AS (SELECT (SELECT seq FROM messages ORDER BY seq LIMIT 1) AS first,
                (SELECT seq FROM messages ORDER BY seq DESC LIMIT 1) AS last)
            SELECT coalesce(last - first + 1
                - (SELECT count(*) FROM removed WHERE seq BETWEEN first AND last), 0) FROM ends";
        let messages: i64 = self.db.query_row(count, [], |row| row.get(0))?;
        Ok((messages as u64, size(&self.db)?))
    }
}

/// Ends all sessions that are open. When is of no interest, so that they are forgotten at once.
pub(super) fn end_sessions(db: &Connection) -> Result<(), rusqlite::Error> {
    db.execute("DELETE FROM sessions WHERE ended IS NULL", []).map(drop)
}

/// How many bytes of the file are in use.
pub(super) fn size(db: &Connection) -> Result<u64, rusqlite::Error> {
    let number = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    Ok(((number("page_count")? - number("freelist_count")?) * number("page_size")?) as u64)
}

fn write(db: &Connection, record: &Record) -> Result<(), rusqlite::Error> {
    match record {
        Record::Said(Message { seq, from, id, text, at, reference }) => {
            let reference = reference.map(|reference| reference.value() as i64);
            let mut said = db.prepare_cached("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)")?;
            let id = id.to_bits() as i64;
            said.execute(params![*seq as i64, *at as i64, from.as_str(), id, text.as_str(), reference])?;
        }
        Record::Notice(notice) => notices::write(db, notice)?,
        Record::Began { log, line } => notices::draw_line(db, *log, *line)?,
        Record::Came { name, id, addr, at, seal } => {
            let (id, name, at) = (id.to_bits() as i64, name.as_str(), *at as i64);
            if let Some(seal) = seal {
                let mut session = db.prepare_cached("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, NULL)")?;
                session.execute(params![id, name, seal.as_bytes(), addr.ip().to_string()])?;
            }
            let came = "INSERT INTO visits (member, name, addr, came) VALUES (?, ?, ?, ?)";
            db.prepare_cached(came)?.execute(params![id, name, addr.to_string(), at])?;
        }
        Record::Went { id, at } => {
            let went = "UPDATE visits SET went = ? WHERE member = ? AND went IS NULL";
            db.prepare_cached(went)?.execute(params![*at as i64, id.to_bits() as i64])?;
        }
        Record::Ended { id, at } => {
            let ended = "UPDATE sessions SET ended = ? WHERE member = ? AND ended IS NULL";
            db.prepare_cached(ended)?.execute(params![*at as i64, id.to_bits() as i64])?;
        }
    }
    Ok(())
}
