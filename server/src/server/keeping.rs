//! From what the room records to what is kept beyond it, and back.

use std::path::Path;
use std::time::Instant;

use papo_common::{Event, Request};

use super::Server;
use crate::history::{Export, Failed, History, Slice, Step, What};
use crate::strings;

/// How many messages `historico` shows unless told otherwise.
const SHOWN: usize = 20;

impl Server {
    /// What is kept.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Keeps for sure what has happened since the last time. What people are told of it is written after that.
    pub(super) fn keep(&mut self) {
        let records = self.room.take_records();
        let kept = self.history.keep(&records, self.now.instant);
        self.heed_history(kept);
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
    }

    /// The last messages, for the operator.
    pub(super) fn last_said(&mut self, count: Option<u64>) -> String {
        let count = count.map_or(SHOWN, |count| count.min(Request::MAX_COUNT) as usize);
        self.keep();
        let row = self.history.last(count).unwrap_or_else(|failed| {
            self.heed_history(Err(failed));
            self.room.last_said(count)
        });
        let said = row.iter().filter_map(|event| match event {
            Event::Message(message) => Some(strings::said(message, self.journal.time_of_day(message.at))),
            Event::Notice(notice) => Some(strings::notice(&notice.text, self.journal.time_of_day(notice.at))),
            _ => None,
        });
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
        match Export::create(what, Path::new(path), self.now.unix_ms) {
            Ok(export) => self.export = Some(export),
            Err(error) => return Some(strings::cannot_export(Path::new(path), &error)),
        }
        None
    }

    /// From now on there is only memory, if that is what has happened, and the operator is told once.
    pub(super) fn heed_history(&mut self, done: Result<(), Failed>) {
        if done != Err(Failed { is_new: true }) {
            return;
        }
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
