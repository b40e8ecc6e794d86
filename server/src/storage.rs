//! The state that outlives the server, kept in step with the room: records, bans and mutes, files written on request.

use std::io;
use std::path::Path;
use std::time::Instant;

use papo_common::{Event, LogId};

use crate::blocks::BlockKind;
use crate::clock::Now;
use crate::config::HistoryConfig;
use crate::history::{Failed, History, Job, Queries, Removal, Step, TimeSlice};
use crate::net::admission::Admission;
use crate::notes::Note;
use crate::room::Room;
use crate::room::snapshot::Snapshot;
use crate::strings;

/// The history, and the state of what is copied into it.
#[derive(Debug)]
pub struct Storage {
    /// How much of one turn goes into queries: of processor time, unless a test must not depend on that.
    pub query_slice: TimeSlice,
    history: History,
    stored_blocks: StoredBlocks,
    /// The file that is being written for the operator.
    job: Option<Job>,
    notes: Vec<Note>,
}

/// State of the stored copy of the operator's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StoredBlocks {
    /// It has not been read yet.
    Unread,
    /// It differs from the present blocks.
    Old,
    /// It holds the present blocks.
    Current,
}

impl Storage {
    /// Opens the history; gives what it holds of earlier runs, if it can be read. `log` is the numbering of messages if it
    /// begins with this run.
    pub fn open(config: &HistoryConfig, log: LogId, now: Now) -> (Storage, Option<Snapshot>) {
        let (history, snapshot) = History::open(config, log, now);
        let mut storage = Storage {
            query_slice: TimeSlice::DEFAULT,
            history,
            stored_blocks: StoredBlocks::Unread,
            job: None,
            notes: Vec::new(),
        };
        if let Some(error) = storage.error() {
            storage.notes.push(Note::Log(error));
        }
        (storage, snapshot)
    }

    /// The history.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The sentence that says why there is no history although there should be.
    pub fn error(&self) -> Option<String> {
        Some(strings::history_failed(self.history.path(), self.history.error()?))
    }

    /// Whether a file is being written for the operator.
    pub fn is_exporting(&self) -> bool {
        self.job.is_some()
    }

    /// Gives up the file that is being written.
    pub fn cancel_export(&mut self) {
        self.job = None;
    }

    /// Takes out what the operator is to be told, oldest first.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// Stores what has happened since the last commit. Only after that it is told to anybody.
    pub fn commit(&mut self, room: &mut Room, admission: &mut Admission, now: Now) {
        self.sync_blocks(room, admission, now);
        let records = room.take_records();
        let committed = self.history.commit(&records, now.instant);
        self.check(committed, room);
    }

    /// The operator's blocks have changed: they are to be stored.
    pub fn blocks_changed(&mut self) {
        if self.stored_blocks == StoredBlocks::Current {
            self.stored_blocks = StoredBlocks::Old;
        }
    }

    /// Stores bans and mutes if they have changed, after reading what was stored of it. While there is no
    /// history it stands in memory, and is stored when there is one again.
    pub fn sync_blocks(&mut self, room: &mut Room, admission: &mut Admission, now: Now) {
        if !self.history.is_on() {
            return;
        }
        if self.stored_blocks == StoredBlocks::Unread {
            let has_some = room.blocks().iter().len() > 0;
            let stored = match self.history.load_blocks(now.instant) {
                Ok(stored) => stored,
                Err(failed) => return self.check(Err(failed), room),
            };
            stored.iter().filter(|block| block.kind == BlockKind::Ban).for_each(|block| admission.ban(block.ip));
            // A decision of this run about the same person or address stands.
            for block in std::mem::replace(room.blocks_mut(), stored).iter() {
                room.blocks_mut().add(block.clone());
            }
            self.stored_blocks = if has_some { StoredBlocks::Old } else { StoredBlocks::Current };
        }
        if self.stored_blocks == StoredBlocks::Old {
            let stored = self.history.save_blocks(room.blocks(), now.instant);
            if stored.is_ok() {
                self.stored_blocks = StoredBlocks::Current;
            }
            self.check(stored, room);
        }
    }

    /// Works on the members' queries for one slice. Messages of this turn are committed by now, so they are found too.
    pub fn run_queries(&mut self, queries: &mut Queries, room: &mut Room, now: Now) {
        if let Err(failed) = self.history.run_queries(queries, self.query_slice, now.instant) {
            self.check(Err(failed), room);
            queries.fail_all();
        }
    }

    /// When [`Storage::maintain`] has something to do; `has_members` says whether anybody is there whose presence is to be
    /// stored.
    pub fn next_maintenance(&self, has_members: bool) -> Option<Instant> {
        let beat = self.history.heartbeat_due().filter(|_| has_members);
        self.history.due().into_iter().chain(beat).min()
    }

    /// Stores that the members are still there, deletes a little of what is too old, opens a history that failed.
    pub fn maintain(&mut self, room: &mut Room, now: Now) {
        if room.members().len() > 0 {
            let beat = self.history.heartbeat(now.instant);
            self.check(beat, room);
        }
        let pruned = self.history.prune(now);
        self.check(pruned, room);
        if let Some((stored, lost)) = self.history.retry(now.instant, || room.run_state()) {
            room.set_history_available(true);
            self.notes.push(Note::Tell(strings::history_restored(self.history.path(), stored, lost)));
        }
    }

    /// Begins to write a file that the operator asked for. An error is the sentence that says why
    /// not; how it ends comes as a note.
    pub fn begin_export(&mut self, path: &Path, begin: impl FnOnce(&Path) -> io::Result<Job>) -> Result<(), String> {
        if self.job.is_some() {
            return Err(strings::JOB_RUNNING.into());
        }
        if !self.history.is_on() {
            return Err(strings::NO_HISTORY.into());
        }
        self.job = Some(begin(path).map_err(|error| strings::cannot_write(path, &error))?);
        Ok(())
    }

    /// Writes a little of the operator's file, and notes how that has ended.
    pub fn export_step(&mut self, room: &mut Room, now: Now) {
        let Some(mut job) = self.job.take() else { return };
        let told = match self.history.run_job(&mut job, now.instant) {
            Ok(Step::More) => {
                self.job = Some(job);
                return;
            }
            Ok(Step::Done(rows)) => strings::job_done(job.path(), rows),
            Ok(Step::Failed(error)) => strings::cannot_write(job.path(), &error),
            Ok(Step::NotCopied(error)) => strings::cannot_copy(job.path(), &error),
            Err(failed) => {
                self.check(Err(failed), room);
                strings::job_aborted(job.path())
            }
        };
        self.notes.push(Note::Exported(told));
    }

    /// The last `count` messages and notices, oldest first; from the room's memory where there is no history.
    pub fn last(&mut self, count: usize, room: &mut Room, now: Now) -> Vec<Event> {
        self.history.last_messages(count, now.instant).unwrap_or_else(|failed| {
            self.check(Err(failed), room);
            room.channel().last_messages(count)
        })
    }

    /// Deletes messages from the history: what became of each. An error if there is no history.
    pub fn remove(&mut self, seqs: &[u64], room: &mut Room, now: Now) -> Result<Vec<Removal>, Failed> {
        let removed = self.history.remove_messages(seqs, now.instant);
        if let Err(failed) = &removed {
            self.check(Err(*failed), room);
        }
        removed
    }

    /// From now on there is only memory, if that is what has happened, and the operator is told once.
    fn check(&mut self, done: Result<(), Failed>, room: &mut Room) {
        if done != Err(Failed { is_new: true }) {
            return;
        }
        // The file may be another one when it is back.
        self.blocks_changed();
        room.set_history_available(false);
        self.notes.extend(self.error().map(Note::Tell));
    }
}
