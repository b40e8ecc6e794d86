//! Writing: one transaction per commit.

use std::path::Path;
use std::time::Duration;

use papo_common::{LogId, Message};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::HistoryError;
use super::{notices, schema};
use crate::os::files::{self, FileId};
use crate::room::effects::Record;

/// The open file.
#[derive(Debug)]
pub(super) struct Store {
    db: Connection,
    /// Its identity, to notice when its path names another file.
    id: Option<FileId>,
}

impl Store {
    pub(super) fn open(path: &Path) -> Result<Store, HistoryError> {
        let db = schema::open(path)?;
        Ok(Store { db, id: files::id_of(path) })
    }

    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    pub(super) fn id(&self) -> Option<FileId> {
        self.id
    }

    /// Writes records, each with the server's running time at which it came about, in ms: all of them or none.
    /// Afterwards not even a killed server forgets them.
    pub(super) fn write<'a>(&mut self, records: impl Iterator<Item = (u64, &'a Record)>) -> Result<(), HistoryError> {
        self.transact(|db| insert(db, records))
    }

    /// Makes all the changes of `change` or none. On an error the store is of no more use than to be abandoned.
    pub(super) fn transact(
        &self,
        change: impl FnOnce(&Connection) -> Result<(), HistoryError>,
    ) -> Result<(), HistoryError> {
        self.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        change(&self.db)?;
        self.db.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    /// Stores the running time `elapsed`: visits that a power cut ends have lasted until then.
    pub(super) fn heartbeat(&mut self, elapsed: Duration) -> Result<(), HistoryError> {
        let beat = "UPDATE facts SET value = ? WHERE name = 'alive'";
        self.db.prepare_cached(beat)?.execute([elapsed.as_millis() as i64])?;
        Ok(())
    }

    /// Takes the write-ahead log into the file itself, so that a plain copy of the file is complete.
    pub(super) fn checkpoint(&mut self) -> Result<(), HistoryError> {
        Ok(self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// Abandons the file after a failure. Later messages have numbers that the file does not know, so the next run must
    /// not go on with its numbering: that is deleted, if the file takes even this. Nor does the file learn of later
    /// departures, so the sessions in it end here.
    pub(super) fn abandon(self) {
        let _ = self.db.execute_batch("ROLLBACK");
        let _ = self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        let _ = self.db.execute("DELETE FROM facts WHERE name = 'log'", []);
        let _ = end_sessions(&self.db);
    }

    /// The number of messages, and the bytes in use.
    pub(super) fn usage(&self) -> Result<(u64, u64), rusqlite::Error> {
        let messages: i64 = self.db.query_row("SELECT count(*) FROM messages", [], |row| row.get(0))?;
        Ok((messages as u64, size(&self.db)?))
    }
}

/// Adds records, each with the server's running time at which it came about, in ms.
pub(super) fn insert<'a>(
    db: &Connection,
    mut records: impl Iterator<Item = (u64, &'a Record)>,
) -> Result<(), HistoryError> {
    Ok(records.try_for_each(|(elapsed, record)| write(db, elapsed as i64, record))?)
}

/// The number of the last message; 0 if there is none.
pub(super) fn last_message(db: &Connection) -> Result<u64, HistoryError> {
    let last = "SELECT coalesce(max(seq), 0) FROM messages";
    Ok(db.query_row(last, [], |row| row.get::<_, i64>(0))?.max(0) as u64)
}

/// The numbering of the file; `None` if it has none.
pub(super) fn stored_log(db: &Connection) -> Result<Option<LogId>, HistoryError> {
    let mut stored = db.prepare("SELECT value FROM facts WHERE name = 'log'")?;
    let log: Option<i64> = stored.query_row([], |row| row.get(0)).optional()?;
    Ok(log.map(|log| LogId::from_random(log as u64 as u128)))
}

/// Goes on with the numbering `log` in this file, and ends the sessions of other runs.
pub(super) fn adopt_log(db: &Connection, log: LogId) -> Result<(), HistoryError> {
    db.execute("INSERT OR REPLACE INTO facts VALUES ('log', ?)", [log.to_bits() as i64])?;
    Ok(end_sessions(db)?)
}

/// Gives messages of another numbering numbers below all others: they are shown to nobody any more, but stay and are
/// exported.
pub(super) fn renumber_below(db: &Connection, log: LogId) -> Result<(), HistoryError> {
    let ends = "SELECT coalesce(min(seq), 1), coalesce(max(seq), 0) FROM messages";
    let (first, last): (i64, i64) = db.query_row(ends, [], |row| row.try_into())?;
    let below = last - first.min(1) + 1;
    db.execute("UPDATE messages SET seq = seq - ? WHERE seq > 0", [below])?;
    db.execute("UPDATE notices SET after = after - ? WHERE after > 0", [below])?;
    db.execute("DELETE FROM removed", [])?;
    Ok(notices::begin_lesson(db, log, 0)?)
}

/// Ends all open sessions. Their time of ending interests nobody, so they are deleted at once.
pub(super) fn end_sessions(db: &Connection) -> Result<(), rusqlite::Error> {
    db.execute("DELETE FROM sessions WHERE ended IS NULL", []).map(drop)
}

/// The bytes of the file in use.
pub(super) fn size(db: &Connection) -> Result<u64, rusqlite::Error> {
    let number = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    Ok(((number("page_count")? - number("freelist_count")?) * number("page_size")?) as u64)
}

fn write(db: &Connection, elapsed: i64, record: &Record) -> Result<(), rusqlite::Error> {
    match record {
        Record::Message(Message { seq, from, id, text, at, reference }) => {
            let reference = reference.map(|reference| reference.value() as i64);
            let mut said = db.prepare_cached("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)")?;
            let id = id.to_bits() as i64;
            said.execute(params![*seq as i64, *at as i64, from.as_str(), id, text.as_str(), reference])?;
        }
        Record::Notice(notice) => notices::write(db, notice)?,
        Record::LessonBegan { log, start } => notices::begin_lesson(db, *log, *start)?,
        Record::Joined { name, id, addr, at, secret } => {
            let (id, name, at) = (id.to_bits() as i64, name.as_str(), *at as i64);
            if let Some(secret) = secret {
                let mut session = db.prepare_cached("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, NULL)")?;
                session.execute(params![id, name, secret.as_bytes(), addr.ip().to_string()])?;
            }
            let came = "INSERT INTO visits (member, name, addr, came, began) VALUES (?, ?, ?, ?, ?)";
            db.prepare_cached(came)?.execute(params![id, name, addr.to_string(), at, elapsed])?;
        }
        Record::Left { id, at } => {
            let went = "UPDATE visits SET went = ?, lasted = ? - began WHERE member = ? AND went IS NULL";
            db.prepare_cached(went)?.execute(params![*at as i64, elapsed, id.to_bits() as i64])?;
        }
        Record::SessionOpen { name, id, ip, secret } => {
            let mut session = db.prepare_cached("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, NULL)")?;
            session.execute(params![id.to_bits() as i64, name.as_str(), secret.as_bytes(), ip.to_string()])?;
        }
        Record::SessionEnded { id, at } => {
            let ended = "UPDATE sessions SET ended = ? WHERE member = ? AND ended IS NULL";
            db.prepare_cached(ended)?.execute(params![*at as i64, id.to_bits() as i64])?;
        }
    }
    Ok(())
}
