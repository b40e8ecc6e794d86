//! The operator, the person at the console: commands, answers and the log.

pub mod command;
pub mod console;
pub mod execute;
pub mod file_name;
pub mod log;
pub mod log_file;
pub mod output_buffer;

use std::net::SocketAddr;

use self::console::Console;
use self::log::Log;
use crate::clock::Now;
use crate::engine::CLOCK_JUMP;
use crate::history::History;
use crate::net::addresses::{of_this_machine, reached_at};
use crate::notes::Note;
use crate::strings;

/// The operator's console and log.
#[derive(Debug)]
pub struct Operator {
    /// The console, for commands and answers.
    pub console: Console,
    /// The log.
    pub log: Log,
    /// The listening address; `None` once the server has ended.
    pub listening: Option<SocketAddr>,
}

impl Operator {
    /// Notes and tells what happened by itself.
    pub fn report(&mut self, notes: impl IntoIterator<Item = Note>, now: Now) {
        for note in notes {
            match note {
                Note::Log(line) => self.log.note(now.unix_ms, line),
                Note::Tell(line) => self.tell(&line, now),
                Note::ClockJumped(expected) => {
                    self.tell(&strings::clock_jumped(self.log.date_and_time(expected)), now);
                }
                Note::Exported(line) => {
                    self.console.print(line);
                    self.console.prompt();
                }
            }
        }
    }

    /// The addresses at which others enter, as things are now.
    pub fn addresses(&self) -> String {
        let bound = self.listening;
        strings::addresses(&bound.map(|bound| reached_at(bound, &of_this_machine())).unwrap_or_default())
    }

    /// A question about the date, if this run begins before the last one ended.
    pub fn odd_date(&self, history: &History, now: Now) -> Option<String> {
        let last = history.last_stamp_before();
        let is_odd = now.unix_ms + (CLOCK_JUMP.as_millis() as u64) < last;
        is_odd.then(|| strings::odd_date(self.log.date_and_time(now.unix_ms), self.log.date_and_time(last)))
    }

    /// Writes what the operator has not read so far.
    pub fn flush(&mut self) {
        self.log.output().flush();
        self.console.output().flush();
    }

    /// Whether some of it cannot be written yet.
    pub fn has_unread(&mut self) -> bool {
        self.log.output().has_waiting() || self.console.output().has_waiting()
    }

    fn tell(&mut self, line: &str, now: Now) {
        self.log.note(now.unix_ms, line);
        self.console.print(line);
    }
}
