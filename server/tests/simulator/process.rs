//! The server's process: it may be killed at any of its writes to the network, and leaves the disk as it is then.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a database.
const PARTS: [&str; 2] = ["", "-wal"];

/// The life of one process.
#[derive(Debug, Default)]
pub(crate) struct Process {
    /// How many more writes it lives through; `None` for any number.
    writes: Cell<Option<u32>>,
    is_dead: Cell<bool>,
    /// The database as it was at the moment of death, and where that copy goes.
    snapshot: RefCell<Option<(PathBuf, PathBuf)>>,
}

impl Process {
    /// Kills it at its next write but so many. Its disk then stands at `copy`, as it was at `database` at that moment.
    pub(crate) fn kill_after(&self, writes: u32, database: &Path, copy: &Path) {
        self.writes.set(Some(writes));
        *self.snapshot.borrow_mut() = Some((database.into(), copy.into()));
    }

    /// Kills it now.
    pub(crate) fn kill(&self) {
        if self.is_dead.replace(true) {
            return;
        }
        if let Some((database, copy)) = self.snapshot.borrow_mut().take() {
            copy_database(&database, &copy);
        }
    }

    /// Whether it was killed. What it does from then on has no effect.
    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead.get()
    }

    /// Counts a write; false if that one is not done any more.
    pub(crate) fn lives_through_a_write(&self) -> bool {
        match self.writes.get() {
            Some(0) => self.kill(),
            Some(left) => self.writes.set(Some(left - 1)),
            None => {}
        }
        !self.is_dead()
    }
}

/// Copies a database as a killed process leaves it; no file where there is none.
pub(crate) fn copy_database(from: &Path, to: &Path) {
    for part in PARTS {
        let [from, to] = [from, to].map(|path| with_suffix(path, part));
        let _ = fs::remove_file(&to);
        // A file that was moved away is not there to be copied.
        let _ = fs::copy(from, to);
    }
}

/// The path of a part of the database at `path`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
