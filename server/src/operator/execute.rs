//! The effect of each command of the console.

mod blocks;
mod people;
mod removal;

use std::io;
use std::path::{self, Path};

use papo_common::limits::MAX_COUNT;
use papo_common::{Event, LineBreaks, Text};

use super::Operator;
use super::command::Command;
use super::file_name;
use crate::connection::transport::Transport;
use crate::engine::Engine;
use crate::history::Job;
use crate::os::resources::resident_memory;
use crate::strings::{self, Status};

/// How many messages `historico` shows unless told otherwise.
const SHOWN: usize = 20;

/// The outcome of a command.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer for the console.
    Answer(String),
    /// The answer comes later, as a note.
    Pending,
    /// The server is to end.
    End,
}

/// Does what `command` says.
pub fn execute<T: Transport>(engine: &mut Engine<T>, operator: &mut Operator, command: Command) -> Outcome {
    let mut execution = Execution { engine, operator };
    let answer = match command {
        Command::Quit => return Outcome::End,
        Command::Users => execution.users(),
        Command::Status => execution.status(),
        Command::Help => strings::COMMANDS.into(),
        Command::Notice(text) => execution.give_notice(&text),
        Command::Kick(whom, why) => execution.kick(&whom, why.as_deref()),
        Command::Ban(whom, why) => execution.ban(&whom, why.as_deref()),
        Command::Mute(whom, why) => execution.mute(&whom, why.as_deref()),
        Command::Release(whom) => execution.release(&whom),
        Command::Blocks => execution.list_blocks(),
        Command::Addresses => execution.operator.addresses(),
        Command::History(count) => execution.last_said(count),
        Command::Remove(seqs) => execution.remove(&seqs),
        Command::NewLesson => execution.begin_lesson(),
        Command::Export(kind, path) => {
            let at = execution.engine.now().unix_ms;
            return execution.export(&path, |path| Job::export(kind, path, at, strings::EXPORT_LABELS));
        }
        Command::Copy(path) => return execution.export(&path, Job::copy),
        Command::Incomplete(usage) => strings::incomplete(usage),
        Command::Unknown => format!("{}\n{}", strings::UNKNOWN_COMMAND, strings::COMMANDS),
    };
    execution.report();
    Outcome::Answer(answer)
}

/// A command on its way: what it acts on, and who is answered.
struct Execution<'a, T: Transport> {
    engine: &'a mut Engine<T>,
    operator: &'a mut Operator,
}

impl<T: Transport> Execution<'_, T> {
    fn status(&self) -> String {
        let engine = &self.engine;
        strings::status(&Status {
            members: engine.hub.room.members().len(),
            connections: engine.hub.connections().len(),
            messages: engine.hub.room.channel().messages_sent(),
            traffic: engine.hub.traffic(),
            refused: engine.net.refusals.total(),
            memory: resident_memory(),
            uptime: engine.now().instant.saturating_duration_since(engine.hub.epoch()),
            turns: engine.turns(),
            history: strings::history_status(engine.storage.history()),
        })
    }

    fn give_notice(&mut self, text: &str) -> String {
        let Some(text) = Text::clean(text, LineBreaks::Space) else {
            return strings::incomplete(strings::USAGE_NOTICE);
        };
        self.engine.hub.room.notice(text, self.engine.now().unix_ms);
        self.engine.hub.deliver();
        strings::NOTICE_SENT.into()
    }

    /// The last messages, for the operator.
    fn last_said(&mut self, count: Option<u64>) -> String {
        let count = count.map_or(SHOWN, |count| count.min(MAX_COUNT) as usize);
        // Messages of this turn have to be in the file, too.
        self.engine.commit();
        let now = self.engine.now();
        let when = |at| self.operator.log.when(at, now.unix_ms);
        let row = self.engine.storage.last(count, &mut self.engine.hub.room, now);
        let said = row.iter().filter_map(|event| match event {
            Event::Message(message) => Some(strings::message_line(message, when(message.at))),
            Event::Notice(notice) => Some(strings::notice_line(&notice.text, when(notice.at))),
            _ => None,
        });
        let said: Vec<String> = said.collect();
        if said.is_empty() { strings::NO_MESSAGES.into() } else { said.join("\n") }
    }

    fn export(&mut self, path: &str, begin: impl FnOnce(&Path) -> io::Result<Job>) -> Outcome {
        let path = file_name::typed(path, std::env::home_dir().as_deref());
        // The whole path, so that the answer says where the file is.
        let path = path::absolute(&path).unwrap_or(path);
        match self.engine.storage.begin_export(&path, begin) {
            Ok(()) => Outcome::Pending,
            Err(why_not) => Outcome::Answer(why_not),
        }
    }

    /// Notes what the command did, behind all that it made happen.
    fn note(&mut self, line: &str) {
        self.report();
        self.operator.log.note(self.engine.now().unix_ms, line);
    }

    /// Notes the answer to a command too, and gives it back.
    fn noted(&mut self, answer: String) -> String {
        self.note(&strings::by_operator(&answer));
        answer
    }

    fn report(&mut self) {
        let notes = self.engine.take_notes();
        self.operator.report(notes, self.engine.now());
    }
}

/// The operator's text as one line, harmless for the screens of others.
fn one_line(text: &str) -> Option<String> {
    Text::clean(text, LineBreaks::Space).map(|text| text.as_str().to_owned())
}
