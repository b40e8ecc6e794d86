//! From what the room records to what is kept beyond it, and back.

use std::path;
use std::time::Instant;

use papo_common::Request;

use super::Server;
use crate::filename;
use crate::history::{Export, Failed, History, Slice, Step, What};
use crate::strings;

/// How many messages `historico` shows unless told otherwise.
const SHOWN: usize = 20;

/// What is kept of what the operator forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeptBlocks {
    /// That has not been read yet.
    Unread,
    /// Something else than what holds now.
    Old,
    /// What holds now.
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
    pub(super) fn keep(&mut self) {
        self.keep_blocks();
        let records = self.room.take_records();
        let kept = self.history.keep(&records, self.now.instant);
        self.heed_history(kept);
    }

    /// Keeps what the operator forbids if that has changed, after reading what was kept of it. While there is no history
    /// it stands in memory, and is kept when there is one again.
    pub(super) fn keep_blocks(&mut self) {
        if self.history.due().is_none() {
            return;
        }
        if self.kept_blocks == KeptBlocks::Unread {
            let has_some = self.room.blocks().iter().len() > 0;
            match self.history.blocks() {
                Ok(kept) => self.recall_blocks(kept),
                Err(failed) => return self.heed_history(Err(failed)),
            }
            self.kept_blocks = if has_some { KeptBlocks::Old } else { KeptBlocks::Current };
        }
        if self.kept_blocks == KeptBlocks::Old {
            let kept = self.history.keep_blocks(self.room.blocks());
            if kept.is_ok() {
                self.kept_blocks = KeptBlocks::Current;
            }
            self.heed_history(kept);
        }
    }

    /// Hands over to the history the questions that the room's memory cannot answer.
    pub(super) fn ask(&mut self) {
        while let Some(question) = self.room.next_question() {
            let Some(connection) = self.connections.get_mut(question.to.0) else { continue };
            connection.asks();
            self.lookups.ask(question);
        }
    }

    /// Works on the questions to the history for one slice. Messages of this turn are kept by now, so that they are
    /// found too.
    pub(super) fn look_up(&mut self) {
        if let Err(failed) = self.history.look_up(&mut self.lookups, Slice::USUAL) {
            self.heed_history(Err(failed));
            self.lookups.give_up();
        }
        while let Some((key, answer)) = self.lookups.next_answer() {
            self.tell(key, &answer);
            if let Some(connection) = self.connections.get_mut(key.0) {
                connection.stop_asking();
                // It may have asked more, or ended, meanwhile.
                self.defer(key);
            }
        }
    }

    /// When there is something to do with what is kept.
    pub(super) fn keeping_due(&self) -> Option<Instant> {
        if self.export.is_some() { Some(self.now.instant) } else { self.history.due() }
    }

    /// Does a little of what takes long.
    pub(super) fn work_on_history(&mut self) {
        let tidied = self.history.tidy(self.now);
        self.heed_history(tidied);
        let Some(mut export) = self.export.take() else { return };
        let told = match self.history.export(&mut export) {
            Ok(Step::More) => {
                self.export = Some(export);
                return;
            }
            Ok(Step::Done(rows)) => strings::exported(export.path(), rows),
            Ok(Step::Failed(error)) => strings::cannot_export(export.path(), &error),
            Err(failed) => {
                self.heed_history(Err(failed));
                strings::export_stopped(export.path())
            }
        };
        self.console.print(told);
        self.console.prompt();
        // Those that had to wait for it.
        self.resume_commands();
    }

    /// The last messages, for the operator.
    pub(super) fn last_said(&mut self, count: Option<u64>) -> String {
        let count = count.map_or(SHOWN, |count| count.min(Request::MAX_COUNT) as usize);
        self.keep();
        let messages = self.history.last(count).unwrap_or_else(|failed| {
            self.heed_history(Err(failed));
            self.room.last_said(count).cloned().collect()
        });
        let said =
            messages.iter().map(|message| strings::said(message, self.journal.when(message.at, self.now.unix_ms)));
        let said: Vec<String> = said.collect();
        if said.is_empty() { strings::NOTHING_SAID.into() } else { said.join("\n") }
    }

    /// Begins to write a file; the answer comes when it is written.
    pub(super) fn begin_export(&mut self, what: What, path: &str) -> Option<String> {
        if self.export.is_some() {
            return Some(strings::STILL_EXPORTING.into());
        }
        if self.history.due().is_none() {
            return Some(strings::NOTHING_KEPT.into());
        }
        let path = filename::typed(path, std::env::home_dir().as_deref());
        // The whole path, so that the answer says where the file is.
        let path = path::absolute(&path).unwrap_or(path);
        match Export::create(what, &path, self.now.unix_ms) {
            Ok(export) => self.export = Some(export),
            Err(error) => return Some(strings::cannot_export(&path, &error)),
        }
        None
    }

    /// From now on there is only memory, if that is what has happened, and the operator is told once.
    fn heed_history(&mut self, done: Result<(), Failed>) {
        if done != Err(Failed { is_new: true }) {
            return;
        }
        // The file may be another one when it is back.
        self.kept_blocks.change();
        self.room.keep_no_records();
        if let Some(told) = self.note_trouble() {
            self.console.print(told);
        }
    }

    /// Notes in the log that there is no history although there should be, if so, and gives what it noted.
    pub(super) fn note_trouble(&mut self) -> Option<String> {
        let told = strings::no_history(self.history.path(), self.history.trouble()?);
        self.journal.note(self.now.unix_ms, &told);
        Some(told)
    }
}
