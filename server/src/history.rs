//! What was said to all, and who came and went, kept in a file beyond the server's own life. Private messages never
//! reach this module.
//!
//! The loop writes what the room records in one transaction right before the turn's flush, so that nobody reads a
//! message that a killed server would have forgotten. Who is found gone only by that flush is kept gone right after it: of
//! this alone the others may have heard before. Where the file fails, the chat goes on without it: what was under way
//! still goes out, and a receipt then says no more than that the server's memory has it.

mod blocks;
mod export;
mod file;
mod lookup;
mod lookups;
mod past;
mod schema;
mod sheet;
mod store;
mod tidy;
mod trouble;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use papo_common::{LogId, Message, Number};

pub use self::export::{Export, Step, What};
pub use self::file::{make, of_port, state_folder, usual};
pub use self::lookups::{Lookups, Slice};
use self::store::Store;
use self::tidy::Tidiness;
pub use self::trouble::Trouble;
use crate::blocks::Blocks;
use crate::clock::Now;
use crate::room::record::{Past, Record};

/// Where history is kept, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The file; `None` for no history.
    pub path: Option<PathBuf>,
    /// For how long.
    pub time: Duration,
    /// How large the file may become, in bytes.
    pub size: u64,
}

/// The stored history, if there is one.
#[derive(Debug)]
pub struct History {
    state: State,
    path: PathBuf,
    tidiness: Tidiness,
}

#[derive(Debug)]
enum State {
    On(Store),
    Off,
    Failed(Trouble),
}

impl History {
    /// Opens it, and reads where the last run ended; nothing of the past where there is no history, or none that can
    /// be read: [`History::trouble`] says which. `log` is the numbering of messages if it begins with this run.
    pub fn open(keeping: &Keeping, log: LogId, now: Now) -> (History, Option<Past>) {
        let tidiness = Tidiness::new(keeping, now.instant);
        let Some(path) = keeping.path.clone() else {
            return (History { state: State::Off, path: PathBuf::new(), tidiness }, None);
        };
        let opened = Store::open(&path).and_then(|store| Ok((past::recall(store.db(), log)?, store)));
        match opened {
            Ok((past, store)) => (History { state: State::On(store), path, tidiness }, Some(past)),
            Err(trouble) => (History { state: State::Failed(trouble), path, tidiness }, None),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why there is no history although there should be.
    pub fn trouble(&self) -> Option<&Trouble> {
        if let State::Failed(trouble) = &self.state { Some(trouble) } else { None }
    }

    /// How many messages it holds at most and how many bytes it takes; `None` without history.
    pub fn extent(&self) -> Option<(u64, u64)> {
        if let State::On(store) = &self.state { store.extent().ok() } else { None }
    }

    /// Keeps `records` for sure. An error if there is no history any more, as for all that follows.
    pub fn keep(&mut self, records: &[Record], now: Instant) -> Result<(), Failed> {
        self.tidiness.wrote(records, now);
        self.with(|store| store.write(records))
    }

    /// What the operator forbade, as far as it is kept.
    pub fn blocks(&mut self) -> Result<Blocks, Failed> {
        self.with(|store| blocks::recall(store.db()))
    }

    /// Keeps for sure what the operator forbids, and nothing else that was kept of the kind.
    pub fn keep_blocks(&mut self, blocks: &Blocks) -> Result<(), Failed> {
        self.with(|store| blocks::keep(store.db(), blocks))
    }

    /// Goes on with the questions in `lookups` for one slice, if there are any.
    pub fn look_up(&mut self, lookups: &mut Lookups, slice: Slice) -> Result<(), Failed> {
        if lookups.is_empty() { Ok(()) } else { self.with(|store| Ok(lookups.step(store.db(), slice)?)) }
    }

    /// The last `count` messages, oldest first.
    pub fn last(&mut self, count: usize) -> Result<Vec<Message>, Failed> {
        self.with(|store| Ok(lookup::older(store.db(), Number::MAX.value(), count)?.0))
    }

    /// Goes on with an export.
    pub fn export(&mut self, export: &mut Export) -> Result<Step, Failed> {
        self.with(|store| export.step(store.db()))
    }

    /// When there is something to tidy up, or may be.
    pub fn due(&self) -> Option<Instant> {
        if let State::On(_) = self.state { Some(self.tidiness.due()) } else { None }
    }

    /// Forgets a little of what need not be kept any longer, if it is time.
    pub fn tidy(&mut self, now: Now) -> Result<(), Failed> {
        if self.due().is_none_or(|due| now.instant < due) {
            return Ok(());
        }
        let mut tidiness = self.tidiness.clone();
        let done = self.with(|store| Ok(tidiness.step(store.db(), now)?));
        self.tidiness = tidiness;
        done
    }

    /// What `act` makes of the store; where it fails, history ends here.
    fn with<T>(&mut self, act: impl FnOnce(&mut Store) -> Result<T, Trouble>) -> Result<T, Failed> {
        let State::On(store) = &mut self.state else { return Err(Failed { is_new: false }) };
        act(store).map_err(|trouble| {
            if let State::On(store) = std::mem::replace(&mut self.state, State::Failed(trouble)) {
                store.renounce();
            }
            Failed { is_new: true }
        })
    }
}

/// There is no history to do that with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Whether there was until now: the operator has to be told.
    pub is_new: bool,
}
