//! The operator's console: lines typed, answers printed.

use std::fmt::{self, Display};
use std::io::Write;

use papo_common::{LineBuffer, decode};

use crate::operator::command::Command;
use crate::operator::output_buffer::OutputBuffer;
use crate::strings;

/// A longer line on the console is no command, in bytes.
const MAX_LINE: usize = 4 * 1024;

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

    /// Prints a line. An operator who does not read it is no reason to stop the chat.
    pub fn print(&mut self, line: impl Display) {
        self.out.push(&format!("{line}\n"));
    }

    /// Asks for the next command.
    pub fn prompt(&mut self) {
        self.out.push(strings::PROMPT);
    }

    /// The buffer that takes the printed lines.
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
