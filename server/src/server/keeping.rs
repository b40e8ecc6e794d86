//! From what the room records to what is kept beyond it, and back.

use std::io;
use std::path::{self, Path};
use std::time::{Duration, Instant};

use papo_common::Event;
use papo_common::limits::MAX_COUNT;

use super::Server;
use crate::clock::Now;
use crate::history::{Failed, History, Job, Slice, Step};
use crate::operator::file_name;
use crate::strings;

/// By how much the clock has to leave the server's own count of time for the operator to be told.
const JUMP: Duration = Duration::from_secs(60);
/// How many messages `historico` shows unless told otherwise.
const SHOWN: usize = 20;

/// State of the stored copy of the operator's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeptBlocks {
    /// It has not been read yet.
    Unread,
    /// It differs from the present blocks.
    Old,
    /// It holds the present blocks.
    Current,
}

impl KeptBlocks {
    pub(super) fn change(&mut self) {
        if *self == KeptBlocks::Current {
            *self = KeptBlocks::Old;
        }
    }
}

impl Server {
    /// What is kept.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Keeps for sure what has happened since the last time. What people are told of it is written after that.
    pub(super) fn commit(&mut self) {
        self.keep_blocks();
        let records = self.room.take_records();
        let kept = self.history.commit(&records, self.now.instant);
        self.note_history_result(kept);
    }

    /// Keeps what the operator forbids if that has changed, after reading what was kept of it. While there is no history
    /// it stands in memory, and is kept when there is one again.
    pub(super) fn keep_blocks(&mut self) {
        if !self.history.is_on() {
            return;
        }
        if self.kept_blocks == KeptBlocks::Unread {
            let has_some = self.room.blocks().iter().len() > 0;
            match self.history.blocks(self.now.instant) {
                Ok(kept) => self.recall_blocks(kept),
                Err(failed) => return self.note_history_result(Err(failed)),
            }
            self.kept_blocks = if has_some { KeptBlocks::Old } else { KeptBlocks::Current };
        }
        if self.kept_blocks == KeptBlocks::Old {
            let kept = self.history.keep_blocks(self.room.blocks(), self.now.instant);
            if kept.is_ok() {
                self.kept_blocks = KeptBlocks::Current;
            }
            self.note_history_result(kept);
        }
    }

    /// Hands over to the history the questions that the room's memory cannot answer.
    pub(super) fn ask(&mut self) {
        while let Some(question) = self.room.next_query() {
            let Some(connection) = self.connections.get_mut(question.to.0) else { continue };
            connection.begin_query();
            self.queries.ask(question);
        }
    }

    /// Works on the questions to the history for one slice. Messages of this turn are kept by now, so that they are
    /// found too.
    pub(super) fn look_up(&mut self) {
        if let Err(failed) = self.history.look_up(&mut self.queries, Slice::USUAL, self.now.instant) {
            self.note_history_result(Err(failed));
            self.queries.fail_all();
        }
        while let Some((key, answer)) = self.queries.next_answer() {
            self.tell(key, &answer);
            if let Some(connection) = self.connections.get_mut(key.0) {
                connection.end_query();
                // It may have asked more, or ended, meanwhile.
                self.defer(key);
            }
        }
    }

    /// When there is something to do with what is kept.
    pub(super) fn history_deadline(&self) -> Option<Instant> {
        if self.job.is_some() {
            return Some(self.now.instant);
        }
        let beat = self.history.beat_due().filter(|_| self.room.members().len() > 0);
        self.history.due().into_iter().chain(beat).min()
    }

    /// Does a little of what takes long.
    pub(super) fn work_on_history(&mut self) {
        if self.room.members().len() > 0 {
            let beat = self.history.beat(self.now.instant);
            self.note_history_result(beat);
        }
        let tidied = self.history.prune(self.now);
        self.note_history_result(tidied);
        if let Some((kept, lost)) = self.history.try_again(self.now.instant, || self.room.standing()) {
            self.room.set_archive(true);
            self.tell_operator(&strings::history_is_back(self.history.path(), kept, lost));
        }
        self.work_on_job();
    }

    /// Writes a little of the operator's file, and tells when that has come to an end.
    fn work_on_job(&mut self) {
        let Some(mut job) = self.job.take() else { return };
        let told = match self.history.work_on(&mut job, self.now.instant) {
            Ok(Step::More) => {
                self.job = Some(job);
                return;
            }
            Ok(Step::Done(rows)) => strings::exported(job.path(), rows),
            Ok(Step::Failed(error)) => strings::cannot_export(job.path(), &error),
            Ok(Step::NotCopied(trouble)) => strings::cannot_copy(job.path(), &trouble),
            Err(failed) => {
                self.note_history_result(Err(failed));
                strings::export_stopped(job.path())
            }
        };
        self.console.print(told);
        self.console.prompt();
        // Those that had to wait for it.
        self.resume_commands();
    }

    /// Tells the operator, on the console and in the log, what happened by itself.
    fn tell_operator(&mut self, told: &str) {
        self.log.note(self.now.unix_ms, told);
        self.console.print(told);
    }

    /// Tells the operator if the clock of this machine has jumped since the last turn.
    pub(super) fn watch_clock(&mut self, before: Now) {
        let expected = before.unix_ms as i64 + (self.now.instant - before.instant).as_millis() as i64;
        if (self.now.unix_ms as i64).abs_diff(expected) >= JUMP.as_millis() as u64 {
            let told = strings::clock_jumped(self.log.date_and_time(expected.max(0) as u64));
            self.tell_operator(&told);
        }
    }

    /// A question about the date, if this run begins before the last one ended.
    pub fn odd_date(&self) -> Option<String> {
        let last = self.history.last_before();
        let is_odd = self.now.unix_ms + (JUMP.as_millis() as u64) < last;
        let (now, last) = (self.log.date_and_time(self.now.unix_ms), self.log.date_and_time(last));
        is_odd.then(|| strings::odd_date(now, last))
    }

    /// The last messages, for the operator.
    pub(super) fn last_said(&mut self, count: Option<u64>) -> String {
        let count = count.map_or(SHOWN, |count| count.min(MAX_COUNT) as usize);
        self.commit();
        let row = self.history.last(count, self.now.instant).unwrap_or_else(|failed| {
            self.note_history_result(Err(failed));
            self.room.last_said(count)
        });
        let said = row.iter().filter_map(|event| match event {
            Event::Message(message) => Some(strings::said(message, self.log.when(message.at, self.now.unix_ms))),
            Event::Notice(notice) => Some(strings::notice(&notice.text, self.log.when(notice.at, self.now.unix_ms))),
            _ => None,
        });
        let said: Vec<String> = said.collect();
        if said.is_empty() { strings::NOTHING_SAID.into() } else { said.join("\n") }
    }

    /// Begins to write a file; the answer comes when it is written.
    pub(super) fn begin_job(&mut self, path: &str, begin: impl FnOnce(&Path) -> io::Result<Job>) -> Option<String> {
        if self.job.is_some() {
            return Some(strings::STILL_EXPORTING.into());
        }
        if !self.history.is_on() {
            return Some(strings::NOTHING_KEPT.into());
        }
        let path = file_name::typed(path, std::env::home_dir().as_deref());
        // The whole path, so that the answer says where the file is.
        let path = path::absolute(&path).unwrap_or(path);
        match begin(&path) {
            Ok(job) => self.job = Some(job),
            Err(error) => return Some(strings::cannot_export(&path, &error)),
        }
        None
    }

    /// From now on there is only memory, if that is what has happened, and the operator is told once.
    pub(super) fn note_history_result(&mut self, done: Result<(), Failed>) {
        if done != Err(Failed { is_new: true }) {
            return;
        }
        // The file may be another one when it is back.
        self.kept_blocks.change();
        self.room.set_archive(false);
        if let Some(told) = self.note_history_error() {
            self.console.print(told);
        }
    }

    /// Notes in the log that there is no history although there should be, if so, and gives what it noted.
    pub(super) fn note_history_error(&mut self) -> Option<String> {
        let told = strings::no_history(self.history.path(), self.history.error()?);
        self.log.note(self.now.unix_ms, &told);
        Some(told)
    }
}
