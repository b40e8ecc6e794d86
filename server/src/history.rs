//! The stored history: public messages, notices, visits, sessions and blocks, in a file that outlives the server.
//! Private messages never reach this module.
//!
//! The loop commits the room's records in one transaction right before the turn's flush, so nobody reads a message that
//! a killed server would have forgotten. Departures found during that flush are committed right after it; nothing else
//! is ever sent before it is stored. Where the file fails, the chat goes on without it: a receipt then promises only
//! that the server's memory has the message, and the records wait in memory until the file can be written again.

mod blocks;
mod copy;
mod error;
mod export;
mod job;
mod notices;
mod outage;
mod path;
mod queries;
mod removal;
mod restore;
mod retention;
mod rows;
mod schema;
mod step;
mod table;
mod writer;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use papo_common::{Event, LogId, SafeInteger};

pub use self::error::HistoryError;
pub use self::export::{ExportKind, Labels};
pub use self::job::Job;
use self::outage::{Outage, RETRY};
pub use self::path::{default_path, file_name_for, state_directory};
pub use self::queries::{Queries, TimeSlice};
pub use self::removal::Removal;
use self::retention::Retention;
pub use self::step::Step;
use self::writer::Store;
use crate::blocks::Blocks;
use crate::clock::Now;
use crate::config::HistoryConfig;
use crate::os::files;
use crate::room::effects::Record;
use crate::room::snapshot::{RunState, Snapshot};

/// The stored history, if there is one.
#[derive(Debug)]
pub struct History {
    state: State,
    path: PathBuf,
    retention: Retention,
    /// When this run began.
    start: Now,
    /// The stamp of the last record of earlier runs, Unix ms; the start of this run if there is none.
    last_stamp_before: u64,
    /// When to check again whether the path still names the open file.
    check_file_at: Instant,
    /// When to checkpoint, unless more is written until then.
    checkpoint_at: Option<Instant>,
    /// When to store the next heartbeat, while there are members.
    heartbeat_at: Instant,
}

#[derive(Debug)]
enum State {
    On(Store),
    Off,
    Failed(Outage),
}

/// How often to check whether the path still names the open file.
const FILE_CHECK_INTERVAL: Duration = Duration::from_secs(10);
/// The idle time after the last write before a checkpoint.
const CHECKPOINT_IDLE: Duration = Duration::from_secs(5);
/// How often a heartbeat is stored: a power cut takes no more than that off a visit.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(60);

impl History {
    /// Opens the history and restores the last run's snapshot: `None` where history is off, or cannot be read, which
    /// [`History::error`] explains. `log` is the numbering of messages if none is stored.
    pub fn open(config: &HistoryConfig, log: LogId, now: Now) -> (History, Option<Snapshot>) {
        let (state, past) = match &config.path {
            None => (State::Off, None),
            Some(path) => match Store::open(path).and_then(|store| Ok((restore::restore(store.db(), log)?, store))) {
                Ok((past, store)) => (State::On(store), Some(past)),
                Err(error) => (State::Failed(Outage::new(error, None, now.instant + RETRY)), None),
            },
        };
        let history = History {
            state,
            path: config.path.clone().unwrap_or_default(),
            retention: Retention::new(config, now.instant),
            start: now,
            last_stamp_before: past.as_ref().and_then(|past| past.last_at).unwrap_or(now.unix_ms),
            check_file_at: now.instant + FILE_CHECK_INTERVAL,
            checkpoint_at: None,
            heartbeat_at: now.instant,
        };
        (history, past)
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The error that keeps the history from being stored, if any.
    pub fn error(&self) -> Option<&HistoryError> {
        if let State::Failed(outage) = &self.state { Some(&outage.error) } else { None }
    }

    /// The number of messages, and the bytes in use; `None` without history.
    pub fn usage(&self) -> Option<(u64, u64)> {
        if let State::On(store) = &self.state { store.usage().ok() } else { None }
    }

    /// The stamp of the last record of earlier runs, Unix ms; the start of this run if there is none.
    pub fn last_stamp_before(&self) -> u64 {
        self.last_stamp_before
    }

    /// Commits `records`; while the file cannot be written they wait in memory. An error only when the file begins to
    /// fail.
    pub fn commit(&mut self, records: &[Record], now: Instant) -> Result<(), Failed> {
        if records.is_empty() {
            return Ok(());
        }
        self.retention.note_written(records, now);
        let elapsed = self.elapsed(now);
        let has_moved = now >= self.check_file_at && self.has_moved(now);
        let kept = self.with_store(now, |store| {
            if has_moved {
                return Err(HistoryError::Moved);
            }
            store.write(records.iter().map(|record| (elapsed, record)))
        });
        match &mut self.state {
            State::On(_) => self.checkpoint_at = Some(now + CHECKPOINT_IDLE),
            State::Failed(outage) => outage.buffer(records, elapsed),
            State::Off => {}
        }
        // A failure that was reported before is no news.
        if kept == Err(Failed { is_new: false }) { Ok(()) } else { kept }
    }

    /// The stored blocks of the operator.
    pub fn load_blocks(&mut self, now: Instant) -> Result<Blocks, Failed> {
        self.with_store(now, |store| blocks::load(store.db()))
    }

    /// Stores these blocks in place of the stored ones.
    pub fn save_blocks(&mut self, blocks: &Blocks, now: Instant) -> Result<(), Failed> {
        self.checkpoint_at = Some(now + CHECKPOINT_IDLE);
        self.with_store(now, |store| blocks::save(store.db(), blocks))
    }

    /// Works on `queries` for one slice, if there are any.
    pub fn run_queries(&mut self, queries: &mut Queries, slice: TimeSlice, now: Instant) -> Result<(), Failed> {
        if queries.is_empty() { Ok(()) } else { self.with_store(now, |store| Ok(queries.step(store.db(), slice)?)) }
    }

    /// The last `count` messages, oldest first, with the notices between them.
    pub fn last_messages(&mut self, count: usize, now: Instant) -> Result<Vec<Event>, Failed> {
        self.with_store(now, |store| Ok(rows::page(store.db(), SafeInteger::MAX.value(), count)?.0))
    }

    /// Removes these messages for good; the outcome for each. While the file cannot be written, they are removed as
    /// soon as it can be.
    pub fn remove_messages(&mut self, seqs: &[u64], now: Instant) -> Result<Vec<Removal>, Failed> {
        let done = self.with_store(now, |store| Ok(removal::remove(store.db(), seqs)?));
        if let State::Failed(outage) = &mut self.state {
            outage.remove(seqs);
        }
        done
    }

    /// Writes the next part of a file for the operator.
    pub fn run_job(&mut self, job: &mut Job, now: Instant) -> Result<Step, Failed> {
        let elapsed = self.elapsed(now);
        self.with_store(now, |store| job.step(store.db(), elapsed))
    }

    /// When to call [`History::prune`] or [`History::retry`] next.
    pub fn due(&self) -> Option<Instant> {
        match &self.state {
            State::On(_) => self.checkpoint_at.into_iter().chain([self.retention.due()]).min(),
            State::Failed(outage) => Some(outage.retry_at),
            State::Off => None,
        }
    }

    /// Whether the file is open and has not failed.
    pub fn is_on(&self) -> bool {
        matches!(self.state, State::On(_))
    }

    /// When the next heartbeat is due, while there are members; `None` without history.
    pub fn heartbeat_due(&self) -> Option<Instant> {
        self.is_on().then_some(self.heartbeat_at)
    }

    /// Stores a heartbeat, if it is due.
    pub fn heartbeat(&mut self, now: Instant) -> Result<(), Failed> {
        if self.heartbeat_due().is_none_or(|due| now < due) {
            return Ok(());
        }
        self.heartbeat_at = now + HEARTBEAT_INTERVAL;
        let elapsed = now.saturating_duration_since(self.start.instant);
        let has_moved = self.has_moved(now);
        self.checkpoint_at = Some(now + CHECKPOINT_IDLE);
        self.with_store(now, |store| if has_moved { Err(HistoryError::Moved) } else { store.heartbeat(elapsed) })
    }

    /// Deletes a little of what is too old or too much, and checkpoints, each if it is due.
    pub fn prune(&mut self, now: Now) -> Result<(), Failed> {
        if !self.is_on() {
            return Ok(());
        }
        if self.checkpoint_at.take_if(|at| *at <= now.instant).is_some() {
            self.with_store(now.instant, Store::checkpoint)?;
        }
        if now.instant < self.retention.due() {
            return Ok(());
        }
        let (mut retention, age) = (self.retention.clone(), Now { unix_ms: self.age_clock(now), ..now });
        let done = self.with_store(now.instant, |store| {
            let before = store.db().total_changes();
            retention.step(store.db(), age)?;
            Ok(store.db().total_changes() > before)
        });
        self.retention = retention;
        if done? {
            self.checkpoint_at = Some(now.instant + CHECKPOINT_IDLE);
        }
        Ok(())
    }

    /// Opens a failed file again, if it is time; `run_state` is called once it opens. Returns the number of messages
    /// written late and of messages lost; `None` where nothing has changed.
    pub fn retry(&mut self, now: Instant, run_state: impl FnOnce() -> RunState) -> Option<(u64, u64)> {
        let State::Failed(outage) = &mut self.state else { return None };
        if now < outage.retry_at {
            return None;
        }
        outage.retry_at = now + RETRY;
        let store = Store::open(&self.path).ok()?;
        let elapsed = now.saturating_duration_since(self.start.instant).as_millis() as u64;
        if let Err(error) = outage.write_to(&store, &run_state(), elapsed) {
            outage.error = error;
            store.abandon();
            return None;
        }
        let messages = outage.messages();
        self.state = State::On(store);
        self.checkpoint_at = Some(now + CHECKPOINT_IDLE);
        Some(messages)
    }

    /// The time by which ages are measured, Unix ms: the wall clock, but no later than the server's own count of time
    /// allows, so that a wrong date deletes nothing.
    fn age_clock(&self, now: Now) -> u64 {
        now.unix_ms.min(self.last_stamp_before + self.elapsed(now.instant))
    }

    /// The time since this run began, ms.
    fn elapsed(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.start.instant).as_millis() as u64
    }

    /// Whether the path names another file now, or none.
    fn has_moved(&mut self, now: Instant) -> bool {
        self.check_file_at = now + FILE_CHECK_INTERVAL;
        if let State::On(store) = &self.state { files::id_of(&self.path) != store.id() } else { false }
    }

    /// The result of `act` on the store. Where it fails, the file counts as failed until [`History::retry`] opens it
    /// again.
    fn with_store<T>(
        &mut self,
        now: Instant,
        act: impl FnOnce(&mut Store) -> Result<T, HistoryError>,
    ) -> Result<T, Failed> {
        let State::On(store) = &mut self.state else { return Err(Failed { is_new: false }) };
        let (done, id) = (act(store), store.id());
        done.map_err(|error| {
            // An operator who has moved the file away wants a new one at once.
            let retry_at = if matches!(error, HistoryError::Moved) { now } else { now + RETRY };
            let outage = State::Failed(Outage::new(error, id, retry_at));
            if let State::On(store) = std::mem::replace(&mut self.state, outage) {
                store.abandon();
            }
            Failed { is_new: true }
        })
    }
}

/// The history is off or has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Whether it has failed just now: the operator has to be told.
    pub is_new: bool,
}
