//! The index of words, by which messages are searched. It may be behind: it is filled many messages at a time, which is
//! five times less work than one by one, and at the latest when somebody searches.

use rusqlite::Connection;

/// When the texts that are not in it have so many bytes, it catches up: a few milliseconds of the loop.
pub(super) const MUCH: usize = 32 * 1024;

/// Takes in all that is not in it yet. It belongs into a transaction.
pub(super) fn catch_up(db: &Connection) -> Result<(), rusqlite::Error> {
    let catch_up = "INSERT INTO words (rowid, text) SELECT seq, text FROM messages
        WHERE seq > (SELECT value FROM facts WHERE name = 'indexed') ORDER BY seq";
    db.prepare_cached(catch_up)?.execute([])?;
    let indexed = "UPDATE facts SET value = max(value, coalesce((SELECT max(seq) FROM messages), 0))
        WHERE name = 'indexed'";
    db.prepare_cached(indexed)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::schema;

    #[test]
    fn it_holds_what_is_there_however_far_it_was_behind() {
        let folder = tempfile::tempdir().unwrap();
        let db = schema::open(&folder.path().join("papo.db")).unwrap();
        let say = |seq: i64| {
            db.execute("INSERT INTO messages VALUES (?, 2, 'ana', 3, 'bom dia', NULL)", [seq]).unwrap();
        };
        let found = || -> i64 {
            db.query_row("SELECT count(*) FROM words WHERE words MATCH 'dia'", [], |row| row.get(0)).unwrap()
        };
        catch_up(&db).unwrap();
        assert_eq!(found(), 0);
        (1..=4).for_each(say);
        catch_up(&db).unwrap();
        assert_eq!(found(), 4);
        (5..=8).for_each(say);
        // Forgotten: one that is in the index and one that never was.
        db.execute("DELETE FROM messages WHERE seq IN (1, 5)", []).unwrap();
        assert_eq!(found(), 3);
        catch_up(&db).unwrap();
        catch_up(&db).unwrap();
        assert_eq!(found(), 6);
        // The database itself looks whether it says just what the messages say.
        db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)", []).unwrap();
    }
}
