//! Removing messages so that nothing of their texts is left in the file.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::room::removal::MAX_REMOVED;

/// The outcome of removing one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// The message is removed.
    Removed,
    /// It was removed before.
    AlreadyRemoved,
    /// There is no message with that number, or it was pruned.
    NotFound,
}

/// Removes these messages, all of them or none; the outcome for each.
pub(super) fn remove(db: &Connection, seqs: &[u64]) -> Result<Vec<Removal>, rusqlite::Error> {
    // Otherwise long texts stay in free parts of the file.
    db.pragma_update(None, "secure_delete", "ON")?;
    let change = db.unchecked_transaction()?;
    let removals = seqs.iter().map(|seq| remove_one(db, *seq as i64)).collect::<Result<Vec<_>, _>>()?;
    change.commit()?;
    db.pragma_update(None, "secure_delete", "FAST")?;
    // Otherwise they stay in the write-ahead log. While it is being read it is emptied another time.
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(removals)
}

fn remove_one(db: &Connection, seq: i64) -> Result<Removal, rusqlite::Error> {
    let keep = "INSERT INTO removed (seq, at, member, ref) SELECT seq, at, member, ref FROM messages WHERE seq = ?";
    if db.prepare_cached(keep)?.execute([seq])? > 0 {
        db.prepare_cached("DELETE FROM messages WHERE seq = ?")?.execute([seq])?;
        return Ok(Removal::Removed);
    }
    let mut before = db.prepare_cached("SELECT 1 FROM removed WHERE seq = ?")?;
    let is_gone = before.query_row([seq], |_| Ok(())).optional()?.is_some();
    Ok(if is_gone { Removal::AlreadyRemoved } else { Removal::NotFound })
}

/// The numbers of the messages that were removed last, oldest first.
pub(super) fn last_removed(db: &Connection) -> Result<Vec<u64>, rusqlite::Error> {
    let mut last = db.prepare("SELECT seq FROM removed ORDER BY id DESC LIMIT ?")?;
    let seqs = last.query_map([MAX_REMOVED as i64], |row| row.get::<_, i64>(0))?;
    let mut seqs = seqs.map(|seq| seq.map(|seq| seq as u64)).collect::<Result<Vec<u64>, _>>()?;
    seqs.reverse();
    Ok(seqs)
}

/// Deletes at most `rows` numbers of removed messages with a stamp before `oldest`, or a number up to `target`; how
/// many. The last number always stays: numbers go on from it.
pub(super) fn prune(db: &Connection, oldest: i64, target: i64, rows: usize) -> Result<usize, rusqlite::Error> {
    let removed = "DELETE FROM removed WHERE id IN (SELECT id FROM removed
        WHERE (at < ? OR seq <= ?) AND seq < (SELECT max(seq) FROM messages) ORDER BY id LIMIT ?)";
    db.prepare_cached(removed)?.execute(params![oldest, target, rows as i64])
}
