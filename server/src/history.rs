//! What was said to all, and who came and went, kept in a file beyond the server's own life. Private messages never
//! reach this module.
//!
//! The loop writes the room's records in one transaction right before the turn's flush, so that nobody reads a message
//! that a killed server would have forgotten. Departures found during that flush are committed right after it; nothing
//! else is ever sent before it is stored. Where the file fails, the chat goes on without it: a receipt then says no more
//! than that the server's memory has the message, and the records wait in memory until the file can be written again.

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
    /// The stamp of the last thing kept by earlier runs, Unix ms; when this one began if there is none.
    last_stamp_before: u64,
    /// When it is next looked whether the file still has its name.
    check_file_at: Instant,
    /// When what was written is taken into the file itself, unless more is written until then.
    checkpoint_at: Option<Instant>,
    /// When it is next noted that the server runs, while there are members.
    heartbeat_at: Instant,
}

#[derive(Debug)]
enum State {
    On(Store),
    Off,
    Failed(Outage),
}

/// How often it is looked whether the file still has its name.
const FILE_CHECK_INTERVAL: Duration = Duration::from_secs(10);
/// How long nothing is written before all that was is taken into the file itself.
const CHECKPOINT_IDLE: Duration = Duration::from_secs(5);
/// How often it is noted that the server runs: a power cut takes no more than that off anybody's minutes.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(60);

impl History {
    /// Opens it, and reads where the last run ended; nothing of the past where there is no history, or none that can
    /// be read: [`History::error`] says which. `log` is the numbering of messages if it begins with this run.
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

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why there is no history although there should be.
    pub fn error(&self) -> Option<&HistoryError> {
        if let State::Failed(outage) = &self.state { Some(&outage.error) } else { None }
    }

    /// How many messages it holds and how many bytes it takes; `None` without history.
    pub fn usage(&self) -> Option<(u64, u64)> {
        if let State::On(store) = &self.state { store.usage().ok() } else { None }
    }

    /// The stamp of the last thing kept by earlier runs, Unix ms; when this one began if there is none.
    pub fn last_stamp_before(&self) -> u64 {
        self.last_stamp_before
    }

    /// Keeps `records` for sure; where the file cannot be written, as long as memory goes. An error if it no longer can
    /// be, as for all that follows.
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
        // A failure that was told before is no news.
        if kept == Err(Failed { is_new: false }) { Ok(()) } else { kept }
    }

    /// The operator's blocks, as far as they are kept.
    pub fn load_blocks(&mut self, now: Instant) -> Result<Blocks, Failed> {
        self.with_store(now, |store| blocks::load(store.db()))
    }

    /// Keeps for sure what the operator forbids, and nothing else that was kept of the kind.
    pub fn save_blocks(&mut self, blocks: &Blocks, now: Instant) -> Result<(), Failed> {
        self.checkpoint_at = Some(now + CHECKPOINT_IDLE);
        self.with_store(now, |store| blocks::save(store.db(), blocks))
    }

    /// Goes on with the questions in `queries` for one slice, if there are any.
    pub fn run_queries(&mut self, queries: &mut Queries, slice: TimeSlice, now: Instant) -> Result<(), Failed> {
        if queries.is_empty() { Ok(()) } else { self.with_store(now, |store| Ok(queries.step(store.db(), slice)?)) }
    }

    /// The last `count` messages, oldest first, with the notices between them.
    pub fn last_messages(&mut self, count: usize, now: Instant) -> Result<Vec<Event>, Failed> {
        self.with_store(now, |store| Ok(rows::page(store.db(), SafeInteger::MAX.value(), count)?.0))
    }

    /// Takes these messages back for good; what became of each. While the file cannot be written it is done as soon as it
    /// can be.
    pub fn remove_messages(&mut self, seqs: &[u64], now: Instant) -> Result<Vec<Removal>, Failed> {
        let done = self.with_store(now, |store| Ok(removal::remove(store.db(), seqs)?));
        if let State::Failed(outage) = &mut self.state {
            outage.remove(seqs);
        }
        done
    }

    /// Goes on with a file that is being written for the operator.
    pub fn run_job(&mut self, job: &mut Job, now: Instant) -> Result<Step, Failed> {
        let elapsed = self.elapsed(now);
        self.with_store(now, |store| job.step(store.db(), elapsed))
    }

    /// When there is something to do, or may be: to tidy up, or to try the file again.
    pub fn due(&self) -> Option<Instant> {
        match &self.state {
            State::On(_) => self.checkpoint_at.into_iter().chain([self.retention.due()]).min(),
            State::Failed(outage) => Some(outage.retry_at),
            State::Off => None,
        }
    }

    /// Whether there is a file that can be written, or was before it failed.
    pub fn is_on(&self) -> bool {
        matches!(self.state, State::On(_))
    }

    /// When it is next to be noted that the server runs, while there are members.
    pub fn heartbeat_due(&self) -> Option<Instant> {
        self.is_on().then_some(self.heartbeat_at)
    }

    /// Notes that the server runs, if it is time.
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

    /// Forgets a little of what need not be kept any longer, and takes into the file what was written, each if it is time.
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

    /// Tries the file again, if it is time; what the file is told of this run is asked for where it opens. How many
    /// messages were written late, and how many are lost; `None` where nothing has changed.
    pub fn retry(&mut self, now: Instant, run_state: impl FnOnce() -> RunState) -> Option<(u64, u64)> {
        let State::Failed(outage) = &mut self.state else { return None };
        if now < outage.retry_at {
            return None;
        }
        outage.retry_at = now + RETRY;
        let mut store = Store::open(&self.path).ok()?;
        let elapsed = now.saturating_duration_since(self.start.instant).as_millis() as u64;
        if let Err(error) = write_missed(&mut store, outage, &run_state(), elapsed) {
            outage.error = error;
            store.abandon();
            return None;
        }
        let messages = outage.messages();
        self.state = State::On(store);
        self.checkpoint_at = Some(now + CHECKPOINT_IDLE);
        Some(messages)
    }

    /// By what the age of what is kept is measured, Unix ms: the clock, but no later than the server knows by itself that
    /// it may be. So a wrong date forgets nothing.
    fn age_clock(&self, now: Now) -> u64 {
        now.unix_ms.min(self.last_stamp_before + self.elapsed(now.instant))
    }

    /// For how long this run has lasted, ms.
    fn elapsed(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.start.instant).as_millis() as u64
    }

    /// Whether the file's name means another file now, or none.
    fn has_moved(&mut self, now: Instant) -> bool {
        self.check_file_at = now + FILE_CHECK_INTERVAL;
        if let State::On(store) = &self.state { files::id_of(&self.path) != store.id() } else { false }
    }

    /// The result of `act` on the store; where it fails, the file is given up until it can be written again.
    fn with_store<T>(
        &mut self,
        now: Instant,
        act: impl FnOnce(&mut Store) -> Result<T, HistoryError>,
    ) -> Result<T, Failed> {
        let State::On(store) = &mut self.state else { return Err(Failed { is_new: false }) };
        let (done, id) = (act(store), store.id());
        done.map_err(|error| {
            // An operator who has moved the file away wants a new one.
            let retry_at = if matches!(error, HistoryError::Moved) { now } else { now + RETRY };
            let outage = State::Failed(Outage::new(error, id, retry_at));
            if let State::On(store) = std::mem::replace(&mut self.state, outage) {
                store.abandon();
            }
            Failed { is_new: true }
        })
    }
}

/// Tells a file that could not be written what it has missed.
fn write_missed(store: &mut Store, outage: &Outage, run_state: &RunState, elapsed: u64) -> Result<(), HistoryError> {
    let is_same = outage.failed_file.is_some() && outage.failed_file == store.id();
    let said = outage.first_message().map_or(run_state.seq, |seq| seq - 1);
    if !is_same && store.last_message()? > said {
        store.renumber_below(run_state.log)?;
    }
    store.adopt_log(run_state.log)?;
    // A commit that failed may have been made all the same.
    let last = store.last_message()?;
    let is_new = |record: &Record| !matches!(record, Record::Message(message) if message.seq <= last);
    let pending = outage.pending().filter(|(_, record)| is_new(record));
    // The file that failed has the visits of those who are there.
    let members = run_state.members.iter().filter(|_| !is_same).map(|record| (elapsed, record));
    store.write(members.chain(pending))?;
    store.write(run_state.sessions.iter().map(|record| (elapsed, record)))?;
    removal::remove(store.db(), outage.removed())?;
    Ok(())
}

/// There is no history to do that with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Whether there was until now: the operator has to be told.
    pub is_new: bool,
}
