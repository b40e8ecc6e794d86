//! The schema of the database file, and the migrations from older ones.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::error::HistoryError;
use crate::os::files;

/// Marks the file as Papo's.
const APPLICATION: i64 = 0x5061_706f;
/// Migrations, each from one version to the next; a file's version is the number of migrations done. None is ever
/// changed.
const MIGRATIONS: &[&str] = &[
    include_str!("schema1.sql"),
    include_str!("schema2.sql"),
    include_str!("schema3.sql"),
    include_str!("schema4.sql"),
    include_str!("schema5.sql"),
    include_str!("schema6.sql"),
    include_str!("schema7.sql"),
    include_str!("schema8.sql"),
];
/// How long a start waits for a locked file. While the server runs the file is its own.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// The bytes that the write-ahead log keeps after a checkpoint.
const WAL_LIMIT: i64 = 8 << 20;

/// Opens the file at `path` for this process alone; creates or migrates it if need be.
pub(super) fn open(path: &Path) -> Result<Connection, HistoryError> {
    files::create(path).map_err(HistoryError::Io)?;
    let mut db = Connection::open(path)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(32);
    // Before the first read: a second server must find the file locked even while both only read.
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    migrate(&mut db, MIGRATIONS)?;
    // A commit outlives this process as soon as it is made. A power cut may take the last few, and damages nothing.
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.pragma_update(None, "journal_size_limit", WAL_LIMIT)?;
    // Texts that move to another place in the file leave no copy behind, which no removal would find.
    db.pragma_update(None, "secure_delete", "FAST")?;
    Ok(db)
}

fn migrate(db: &mut Connection, migrations: &[&str]) -> Result<(), HistoryError> {
    let number = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")? as usize);
    let is_empty = number("schema_version")? == 0;
    if !is_empty && application != APPLICATION {
        return Err(HistoryError::Foreign);
    }
    if version > migrations.len() {
        return Err(HistoryError::Newer);
    }
    if is_empty {
        // The file can shrink in small steps.
        db.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    let mode: String = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(HistoryError::ReadOnly);
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
    use std::time::Instant;

    use papo_common::LogId;

    use super::*;
    use crate::clock::Now;
    use crate::config::HistoryConfig;
    use crate::history::History;

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
        assert!(matches!(migrate(&mut db, MIGRATIONS), Err(HistoryError::Newer)));
    }

    #[test]
    fn a_file_of_any_version_loses_its_index_and_nothing_else() {
        for version in 1..MIGRATIONS.len() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("papo.db");
            let mut db = Connection::open(&path).unwrap();
            migrate(&mut db, &MIGRATIONS[..version]).unwrap();
            for seq in 1..=3 {
                db.execute("INSERT INTO messages VALUES (?, 2, 'ana', 3, 'bom dia', NULL)", [seq]).unwrap();
            }
            drop(db);
            let db = open(&path).unwrap();
            db.execute("DELETE FROM messages WHERE seq = 1", []).unwrap();
            let count = |query: &str| -> i64 { db.query_row(query, [], |row| row.get(0)).unwrap() };
            assert_eq!(count("SELECT count(*) FROM messages WHERE text = 'bom dia'"), 2, "{version}");
            assert_eq!(count("SELECT count(*) FROM facts WHERE name = 'indexed'"), 0, "{version}");
            assert_eq!(count("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'words%' OR type = 'trigger'"), 0);
            assert_eq!(count("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
        }
    }

    #[test]
    fn what_the_index_took_is_given_back_a_little_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papo.db");
        let mut db = Connection::open(&path).unwrap();
        migrate(&mut db, &MIGRATIONS[..1]).unwrap();
        let change = db.transaction().unwrap();
        for seq in 1..=6_000_i64 {
            let text: Vec<String> = (0..20).map(|n| format!("p{:x}", seq * 7919 + n)).collect();
            let say = "INSERT INTO messages VALUES (?, 1000, 'ana', 3, ?, NULL)";
            change.execute(say, rusqlite::params![seq, text.join(" ")]).unwrap();
        }
        change.commit().unwrap();
        drop(db);
        let length = || std::fs::metadata(&path).unwrap().len();
        let config = HistoryConfig { path: Some(path.clone()), time: Duration::from_secs(60), size: 1 << 30 };
        let now = |instant| Now { instant, unix_ms: 2_000 };
        let start = Instant::now();
        let (mut history, past) = History::open(&config, LogId::from_random(1), now(start));
        assert_eq!(past.unwrap().seq, 6_000);
        let (mut steps, before) = (0, length());
        while let Some(due) = history.due().filter(|due| *due < start + Duration::from_secs(600)) {
            history.prune(now(due)).unwrap();
            steps += 1;
            assert!(steps < 200, "it never ends");
        }
        drop(history);
        assert!(steps > 2 && before - length() > 512 * 1024, "{steps} steps, {before} bytes, then {}", length());
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
        assert!(matches!(open(&path), Err(HistoryError::Locked)));
        drop(first);
        open(&path).unwrap();
        let foreign = folder.path().join("other.db");
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
        assert!(matches!(open(&foreign), Err(HistoryError::Foreign)));
        let noise = folder.path().join("noise.db");
        std::fs::write(&noise, "x".repeat(10_000)).unwrap();
        assert!(matches!(open(&noise), Err(HistoryError::Corrupt)));
        assert!(matches!(open(folder.path()), Err(HistoryError::Io(_))));
    }
}
