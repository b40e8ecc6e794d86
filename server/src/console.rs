//! What the operator types and reads.

use std::fmt::{self, Display};
use std::io::Write;

use papo_common::LineBuffer;

use crate::room::Room;
use crate::strings;

/// A longer line on the console is no command, in bytes.
const MAX_LINE: usize = 4 * 1024;

/// What the operator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// End the server.
    Quit,
    /// Who is there?
    Users,
    /// Which commands are there?
    Help,
    /// Something that is no command.
    Unknown,
}

impl Command {
    /// Takes a line for a command, in any case; `None` for a blank one.
    pub fn parse(line: &str) -> Option<Command> {
        match line.trim().to_lowercase().as_str() {
            "" => None,
            "sair" => Some(Command::Quit),
            "usuarios" | "usuários" => Some(Command::Users),
            "ajuda" => Some(Command::Help),
            _ => Some(Command::Unknown),
        }
    }
}

/// The operator's side: lines typed, answers printed.
pub struct Console {
    input: LineBuffer,
    out: Box<dyn Write>,
}

impl Console {
    /// Prints to `out`.
    pub fn new(out: Box<dyn Write>) -> Console {
        Console { input: LineBuffer::new(MAX_LINE), out }
    }

    /// Takes in what was typed.
    pub fn receive(&mut self, typed: &[u8]) {
        self.input.push(typed);
    }

    /// The next command that was typed whole.
    pub fn next_command(&mut self) -> Option<Command> {
        loop {
            match self.input.next_line() {
                Ok(Some(line)) => {
                    if let Some(command) = Command::parse(&String::from_utf8_lossy(line)) {
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
        let _ = writeln!(self.out, "{line}");
        let _ = self.out.flush();
    }

    /// Asks for the next command.
    pub fn prompt(&mut self) {
        let _ = write!(self.out, "{}", strings::PROMPT);
        let _ = self.out.flush();
    }

    /// Answers a command that asks for something to read.
    pub fn answer(&mut self, command: Command, room: &Room) {
        match command {
            Command::Quit => {}
            Command::Users => self.print(strings::users(room.members().map(|(_, member)| member))),
            Command::Help => self.print(strings::COMMANDS),
            Command::Unknown => self.print(format_args!("{}\n{}", strings::UNKNOWN_COMMAND, strings::COMMANDS)),
        }
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
            ("\u{1b}[A", Some(Command::Unknown)),
            ("", None),
            (" \t", None),
        ] {
            assert_eq!(Command::parse(line), command, "{line:?}");
        }
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
    }
}
