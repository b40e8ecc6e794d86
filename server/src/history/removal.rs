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
    erasing(db, || {
        let change = db.unchecked_transaction()?;
        let removals = remove_all(db, seqs)?;
        change.commit()?;
        Ok(removals)
    })
}

/// Makes `change` so that texts which it deletes are in the file no more.
pub(super) fn erasing<T, E: From<rusqlite::Error>>(
    db: &Connection,
    change: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    // Otherwise long texts stay in free parts of the file.
    db.pragma_update(None, "secure_delete", "ON")?;
    let done = change()?;
    // The change is made, whatever becomes of these: otherwise texts stay in the write-ahead log until it is emptied
    // another time.
    let _ = db.pragma_update(None, "secure_delete", "FAST");
    let _ = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    Ok(done)
}

/// Removes these messages within a transaction of the caller's; the outcome for each.
pub(super) fn remove_all(db: &Connection, seqs: &[u64]) -> Result<Vec<Removal>, rusqlite::Error> {
    seqs.iter().map(|seq| remove_one(db, *seq as i64)).collect()
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
