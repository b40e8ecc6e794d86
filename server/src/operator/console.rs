//! What the operator types and reads.

use std::collections::BTreeSet;
use std::fmt::{self, Display};
use std::io::Write;

use papo_common::limits::MAX_COUNT;
use papo_common::{LineBuffer, SafeInteger, decode};

use crate::history::ExportKind;
use crate::operator::output_buffer::OutputBuffer;
use crate::room::removal::MAX_REMOVED;
use crate::strings;

/// A longer line on the console is no command, in bytes.
const MAX_LINE: usize = 4 * 1024;

/// What the operator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// End the server.
    Quit,
    /// Who is there?
    Users,
    /// How is the server doing?
    Status,
    /// Which commands are there?
    Help,
    /// Tell everyone something.
    Notice(String),
    /// Remove the member of that name, for a reason perhaps.
    Kick(String, Option<String>),
    /// Remove everyone from that address, or that member's, and let nobody from it in again, for a reason perhaps.
    Ban(String, Option<String>),
    /// Let that address or that member speak no more, for a reason perhaps.
    Mute(String, Option<String>),
    /// Take back what was forbidden to that address or that name, or free a name that is kept.
    Release(String),
    /// What is forbidden to whom?
    Blocks,
    /// Under which addresses do others reach the server?
    Addresses,
    /// Show the last messages, so many if that is said.
    History(Option<u64>),
    /// Take the messages with those numbers back.
    Remove(Vec<u64>),
    /// Begin a lesson.
    NewLesson,
    /// Write history to that file.
    Export(ExportKind, String),
    /// Copy the whole history to that file.
    Copy(String),
    /// A command without what it needs; how it is used.
    Incomplete(&'static str),
    /// Something that is no command.
    Unknown,
}

impl Command {
    /// Takes a line for a command, its first word in any case; `None` for a blank one.
    pub fn parse(line: &str) -> Option<Command> {
        // Some editors begin a file with a mark.
        let line = line.trim_start_matches('\u{feff}').trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let (first, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let with_rest = |usage, command: fn(String) -> Command| {
            if rest.is_empty() { Command::Incomplete(usage) } else { command(rest.into()) }
        };
        let with_reason = |usage, command: fn(String, Option<String>) -> Command| {
            let why = Some(more.trim().to_owned()).filter(|why| !why.is_empty());
            if first.is_empty() { Command::Incomplete(usage) } else { command(first.into(), why) }
        };
        Some(match (word.to_lowercase().as_str(), rest) {
            ("", _) => return None,
            ("sair", "") => Command::Quit,
            ("usuarios" | "usuários", "") => Command::Users,
            ("estado", "") => Command::Status,
            ("ajuda", _) => Command::Help,
            ("aviso", _) => with_rest(strings::USAGE_NOTICE, Command::Notice),
            ("expulsar", _) => with_reason(strings::USAGE_KICK, Command::Kick),
            ("banir", _) => with_reason(strings::USAGE_BAN, Command::Ban),
            ("silenciar", _) => with_reason(strings::USAGE_MUTE, Command::Mute),
            ("liberar", _) => with_rest(strings::USAGE_RELEASE, Command::Release),
            ("bloqueios", "") => Command::Blocks,
            ("enderecos" | "endereços", "") => Command::Addresses,
            ("historico" | "histórico", "") => Command::History(None),
            ("historico" | "histórico", count) => {
                let count = count.parse().ok().filter(|count| (1..=MAX_COUNT).contains(count));
                count.map_or(Command::Incomplete(strings::USAGE_HISTORY), |count| Command::History(Some(count)))
            }
            ("apagar", numbers) => {
                numbers_in(numbers).map_or(Command::Incomplete(strings::USAGE_REMOVE), Command::Remove)
            }
            ("nova-aula", "") | ("nova", "aula") => Command::NewLesson,
            ("exportar", _) => with_rest(strings::USAGE_EXPORT, |path| Command::Export(ExportKind::Messages, path)),
            ("copiar", _) => with_rest(strings::USAGE_COPY, Command::Copy),
            ("presenca" | "presença", _) => {
                with_rest(strings::USAGE_ATTENDANCE, |path| Command::Export(ExportKind::Attendance, path))
            }
            _ => Command::Unknown,
        })
    }
}

/// The numbers in a text such as `12 15-18`, rising, each once: at least one, at most [`MAX_REMOVED`]. `None` if it is
/// no such list.
fn numbers_in(text: &str) -> Option<Vec<u64>> {
    let mut numbers = BTreeSet::new();
    for part in text.split([' ', ',']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        if first == 0 || last > SafeInteger::MAX.value() || last < first || last - first >= MAX_REMOVED as u64 {
            return None;
        }
        numbers.extend(first..=last);
    }
    (1..=MAX_REMOVED).contains(&numbers.len()).then(|| numbers.into_iter().collect())
}

/// The operator's side: lines typed, answers printed.
pub struct Console {
    input: LineBuffer,
    out: OutputBuffer,
}

impl Console {
    /// Prints to `out`. Where `out` would have to wait it says so.
    pub fn new(out: Box<dyn Write>) -> Console {
        Console { input: LineBuffer::new(MAX_LINE), out: OutputBuffer::new(out) }
    }

    /// Takes in what was typed.
    pub fn receive(&mut self, typed: &[u8]) {
        self.input.push(typed);
    }

    /// Nothing more will be typed: what stands there without an end is a line too.
    pub fn finish(&mut self) {
        self.input.push(b"\n");
    }

    /// The next command that was typed whole.
    pub fn next_command(&mut self) -> Option<Command> {
        loop {
            match self.input.next_line() {
                Ok(Some(line)) => {
                    if let Some(command) = Command::parse(&decode(line)) {
                        return Some(command);
                    }
                }
                Ok(None) => return None,
                Err(_) => {
                    self.input = LineBuffer::new(MAX_LINE);
                    return Some(Command::Unknown);
                }
            }
        }
    }

    /// Prints a line. That nobody reads it is no reason to stop the chat.
    pub fn print(&mut self, line: impl Display) {
        self.out.push(&format!("{line}\n"));
    }

    /// Asks for the next command.
    pub fn prompt(&mut self) {
        self.out.push(strings::PROMPT);
    }

    /// Where what was printed goes.
    pub fn output(&mut self) -> &mut OutputBuffer {
        &mut self.out
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("input", &self.input).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands() {
        for (line, command) in [
            ("sair", Some(Command::Quit)),
            ("  SAIR \r", Some(Command::Quit)),
            ("Usuarios", Some(Command::Users)),
            ("USUÁRIOS", Some(Command::Users)),
            ("ajuda", Some(Command::Help)),
            ("sair agora", Some(Command::Unknown)),
            ("\u{feff}ajuda", Some(Command::Help)),
            ("Estado", Some(Command::Status)),
            ("aviso  vou  reiniciar ", Some(Command::Notice("vou  reiniciar".into()))),
            ("aviso", Some(Command::Incomplete(strings::USAGE_NOTICE))),
            ("EXPULSAR Zé", Some(Command::Kick("Zé".into(), None))),
            ("expulsar zé  por  spam", Some(Command::Kick("zé".into(), Some("por  spam".into())))),
            ("expulsar", Some(Command::Incomplete(strings::USAGE_KICK))),
            ("banir 10.0.0.7", Some(Command::Ban("10.0.0.7".into(), None))),
            ("banir zé  por  gritar ", Some(Command::Ban("zé".into(), Some("por  gritar".into())))),
            ("banir", Some(Command::Incomplete(strings::USAGE_BAN))),
            ("silenciar zé", Some(Command::Mute("zé".into(), None))),
            ("silenciar 10.0.0.7 chega", Some(Command::Mute("10.0.0.7".into(), Some("chega".into())))),
            ("silenciar ", Some(Command::Incomplete(strings::USAGE_MUTE))),
            ("Bloqueios", Some(Command::Blocks)),
            ("ENDEREÇOS", Some(Command::Addresses)),
            ("enderecos", Some(Command::Addresses)),
            ("liberar 10.0.0.7", Some(Command::Release("10.0.0.7".into()))),
            ("liberar", Some(Command::Incomplete(strings::USAGE_RELEASE))),
            ("historico", Some(Command::History(None))),
            ("Histórico 50", Some(Command::History(Some(50)))),
            ("historico 0", Some(Command::Incomplete(strings::USAGE_HISTORY))),
            ("historico 201", Some(Command::Incomplete(strings::USAGE_HISTORY))),
            ("historico ana", Some(Command::Incomplete(strings::USAGE_HISTORY))),
            ("apagar 12", Some(Command::Remove(vec![12]))),
            ("Apagar 13 12, 15-17 12", Some(Command::Remove(vec![12, 13, 15, 16, 17]))),
            ("apagar 1-200", Some(Command::Remove((1..=200).collect()))),
            ("apagar 1-201", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 1-200 300", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 9007199254740992", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 1-18446744073709551615", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 7-5", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 0", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar ana", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("nova-aula", Some(Command::NewLesson)),
            ("NOVA aula", Some(Command::NewLesson)),
            ("nova-aula já", Some(Command::Unknown)),
            ("exportar a b.csv", Some(Command::Export(ExportKind::Messages, "a b.csv".into()))),
            ("exportar", Some(Command::Incomplete(strings::USAGE_EXPORT))),
            ("presença x.txt", Some(Command::Export(ExportKind::Attendance, "x.txt".into()))),
            ("presenca", Some(Command::Incomplete(strings::USAGE_ATTENDANCE))),
            ("\u{1b}[A", Some(Command::Unknown)),
            ("", None),
            (" \t", None),
        ] {
            assert_eq!(Command::parse(line), command, "{line:?}");
        }
    }

    #[test]
    fn typed_on_a_terminal_that_does_not_speak_utf8() {
        let mut console = Console::new(Box::new(std::io::sink()));
        console.receive(b"aviso Reuni\xe3o \xe0s 10h\n");
        assert_eq!(console.next_command(), Some(Command::Notice("Reunião às 10h".into())));
    }

    #[test]
    fn typed_in_pieces_or_without_end() {
        let mut console = Console::new(Box::new(std::io::sink()));
        console.receive(b"\n\nusu");
        assert_eq!(console.next_command(), None);
        console.receive(b"arios\nsair\n");
        assert_eq!(console.next_command(), Some(Command::Users));
        assert_eq!(console.next_command(), Some(Command::Quit));
        console.receive(&[b'x'; MAX_LINE + 1]);
        assert_eq!(console.next_command(), Some(Command::Unknown));
        console.receive(b"ajuda\n");
        assert_eq!(console.next_command(), Some(Command::Help));
        console.receive(b"ajuda\nsair");
        console.finish();
        assert_eq!(console.next_command(), Some(Command::Help));
        assert_eq!(console.next_command(), Some(Command::Quit));
        console.finish();
        assert_eq!(console.next_command(), None);
    }
}
