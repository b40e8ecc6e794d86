//! The database file: how it is opened, and how an older one becomes one of today.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::file;
use super::trouble::Trouble;

/// Marks the file as Papo's.
const APPLICATION: i64 = 0x5061_706f;
/// What takes a file from one version to the next; its version is how many of them were done. None is ever changed.
const MIGRATIONS: &[&str] = &[
    include_str!("schema1.sql"),
    include_str!("schema2.sql"),
    include_str!("schema3.sql"),
    include_str!("schema4.sql"),
];
/// For how long a start waits for a file that somebody has. While the server runs the file is its own.
const PATIENCE: Duration = Duration::from_secs(1);
/// How much of the log of changes is kept when it has been taken over, in bytes.
const LOG_KEPT: i64 = 8 << 20;

/// Opens the file at `path`, made or brought up to date if need be, for this process alone.
pub(super) fn open(path: &Path) -> Result<Connection, Trouble> {
    file::make(path).map_err(Trouble::Place)?;
    let mut db = Connection::open(path)?;
    db.busy_timeout(PATIENCE)?;
    db.set_prepared_statement_cache_capacity(32);
    // Before the first look: a second server must find the file locked, also where both only read so far.
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    migrate(&mut db, MIGRATIONS)?;
    // A commit outlives this process as soon as it is made. A power cut may take the last few, and damages nothing.
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.pragma_update(None, "journal_size_limit", LOG_KEPT)?;
    Ok(db)
}

fn migrate(db: &mut Connection, migrations: &[&str]) -> Result<(), Trouble> {
    let number = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")? as usize);
    let is_empty = number("schema_version")? == 0;
    if !is_empty && application != APPLICATION {
        return Err(Trouble::Foreign);
    }
    if version > migrations.len() {
        return Err(Trouble::Newer);
    }
    if is_empty {
        // So that the file can shrink in small steps.
        db.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    let mode: String = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Trouble::ReadOnly);
    }
    let change = db.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
    for migration in &migrations[version..] {
        change.execute_batch(migration)?;
    }
    change.pragma_update(None, "application_id", APPLICATION)?;
    change.pragma_update(None, "user_version", migrations.len() as i64)?;
    change.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(db: &Connection) -> i64 {
        db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_older_file_keeps_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papo.db");
        let db = open(&path).unwrap();
        db.execute("INSERT INTO messages VALUES (1, 2, 'ana', 3, 'oi', NULL)", []).unwrap();
        drop(db);
        let mut db = Connection::open(&path).unwrap();
        let later = [MIGRATIONS, &["ALTER TABLE messages ADD COLUMN mood TEXT"]].concat();
        migrate(&mut db, &later).unwrap();
        assert_eq!(version(&db), MIGRATIONS.len() as i64 + 1);
        let found: String = db.query_row("SELECT name FROM messages WHERE mood IS NULL", [], |row| row.get(0)).unwrap();
        assert_eq!(found, "ana");
        migrate(&mut db, &later).unwrap();
        assert_eq!(version(&db), MIGRATIONS.len() as i64 + 1);
        assert!(matches!(migrate(&mut db, MIGRATIONS), Err(Trouble::Newer)));
    }

    #[test]
    fn what_an_older_file_holds_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papo.db");
        let mut db = Connection::open(&path).unwrap();
        migrate(&mut db, &MIGRATIONS[..3]).unwrap();
        let say = |db: &Connection, seq: i64| {
            db.execute("INSERT INTO messages VALUES (?, 2, 'ana', 3, 'bom dia', NULL)", [seq]).unwrap();
        };
        (1..=3).for_each(|seq| say(&db, seq));
        crate::history::words::catch_up(&db).unwrap();
        say(&db, 4);
        drop(db);
        let db = open(&path).unwrap();
        crate::history::words::catch_up(&db).unwrap();
        db.execute("DELETE FROM messages WHERE seq = 1", []).unwrap();
        for beginning in ["d", "di", "dia"] {
            let found = "SELECT count(*) FROM words WHERE words MATCH ?";
            let found: i64 = db.query_row(found, [format!("\"{beginning}\"*")], |row| row.get(0)).unwrap();
            assert_eq!(found, 3, "{beginning}");
        }
        db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)", []).unwrap();
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut db = Connection::open(folder.path().join("papo.db")).unwrap();
        assert!(migrate(&mut db, &["CREATE TABLE a (b)", "nonsense"]).is_err());
        assert_eq!(version(&db), 0);
        migrate(&mut db, MIGRATIONS).unwrap();
        assert_eq!(version(&db), MIGRATIONS.len() as i64);
    }

    #[test]
    fn a_second_server_and_other_programs_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papo.db");
        let first = open(&path).unwrap();
        assert!(matches!(open(&path), Err(Trouble::Locked)));
        drop(first);
        open(&path).unwrap();
        let foreign = folder.path().join("other.db");
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
        assert!(matches!(open(&foreign), Err(Trouble::Foreign)));
        let noise = folder.path().join("noise.db");
        std::fs::write(&noise, "x".repeat(10_000)).unwrap();
        assert!(matches!(open(&noise), Err(Trouble::Corrupt)));
        assert!(matches!(open(folder.path()), Err(Trouble::Place(_))));
    }
}
