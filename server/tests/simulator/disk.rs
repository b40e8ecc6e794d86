//! Faults of the disk, by means that `SQLite` gives everyone: triggers that fail, and files that are not where they were.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::dice::Dice;
use crate::process::with_suffix;

/// From some message after `seq` on, the file does not take messages: the statement, the transaction or all of it fails.
/// At times it does not even take that the server gives it up.
pub(crate) fn fail_messages(database: &Path, seq: u64, dice: &mut Dice) {
    let Some(db) = open(database) else { return };
    let (how, from) = (dice.pick(&["FAIL", "ABORT", "ROLLBACK"]), seq + 1 + dice.below(60) as u64);
    let to = from + dice.pick(&[0, 3, 1_000]);
    let mut faults = format!(
        "CREATE TRIGGER fault BEFORE INSERT ON messages WHEN new.seq BETWEEN {from} AND {to}
            BEGIN SELECT RAISE({how}, 'fault'); END;"
    );
    if dice.once_in(3) {
        faults += "CREATE TRIGGER fault_facts BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'fault'); END;
            CREATE TRIGGER fault_sessions BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'fault'); END;";
    }
    // Tables may be missing that a killed server had no time to make.
    let _ = db.execute_batch(&faults);
}

/// Everything works again.
pub(crate) fn mend(database: &Path) {
    if let Some(db) = open(database) {
        let mended = "DROP TRIGGER IF EXISTS fault; DROP TRIGGER IF EXISTS fault_facts;
            DROP TRIGGER IF EXISTS fault_sessions;";
        db.execute_batch(mended).unwrap();
    }
}

/// Moves the file away, with what belongs to it.
pub(crate) fn take_away(database: &Path) {
    for suffix in ["", "-wal"] {
        let from = with_suffix(database, suffix);
        let _ = fs::rename(&from, with_suffix(&from, ".old"));
    }
}

fn open(database: &Path) -> Option<Connection> {
    database.is_file().then(|| Connection::open(database).unwrap())
}
