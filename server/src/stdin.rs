//! The console's input as a source of readiness. Unix alone.

use std::io::{self, ErrorKind, Read as _};
use std::time::Instant;

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token, event};

/// Standard input, left blocking: the terminal's modes are shared with the shell. It is read once per readiness.
#[derive(Debug)]
pub struct Stdin {
    bytes: Box<[u8]>,
    /// What came is another's; until then it is not looked at.
    pub rests_until: Option<Instant>,
}

/// What one read gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed<'a> {
    /// These bytes.
    Some(&'a [u8]),
    /// Nothing for now.
    Nothing,
    /// Something, but for the program in the foreground of the terminal.
    NotOurs,
    /// It is closed for good.
    End,
}

/// A read of this size goes past the buffer that `std` puts before the descriptor, so that nothing stays in it unseen.
const READ: usize = 8 * 1024;

impl Stdin {
    /// The process's standard input.
    pub fn new() -> Stdin {
        Stdin { bytes: vec![0; READ].into(), rests_until: None }
    }

    /// Reads what was typed; only right after readiness, or it waits.
    pub fn read(&mut self) -> Typed<'_> {
        if !is_ours() {
            return Typed::NotOurs;
        }
        typed(io::stdin().lock().read(&mut self.bytes), &self.bytes)
    }
}

fn typed(read: io::Result<usize>, bytes: &[u8]) -> Typed<'_> {
    match read {
        Ok(0) => Typed::End,
        Ok(read) => Typed::Some(&bytes[..read]),
        // Others share the descriptor: one of them may have made it nonblocking, or was quicker to read.
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => Typed::Nothing,
        Err(_) => Typed::End,
    }
}

impl Default for Stdin {
    fn default() -> Stdin {
        Stdin::new()
    }
}

/// A process in the background that reads its terminal is stopped by the system, and the chat with it.
fn is_ours() -> bool {
    match rustix::termios::tcgetpgrp(io::stdin()) {
        Ok(foreground) => foreground == rustix::process::getpgrp(),
        // Not a terminal.
        Err(_) => true,
    }
}

impl event::Source for Stdin {
    fn register(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        SourceFd(&0).register(registry, token, interest)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        SourceFd(&0).reregister(registry, token, interest)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        SourceFd(&0).deregister(registry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_is_the_end() {
        let after = |read| typed(read, b"ajuda\n...");
        assert_eq!(after(Ok(6)), Typed::Some(b"ajuda\n"));
        assert_eq!(after(Ok(0)), Typed::End);
        assert_eq!(after(Err(ErrorKind::Interrupted.into())), Typed::Nothing);
        assert_eq!(after(Err(ErrorKind::WouldBlock.into())), Typed::Nothing);
        // As of a terminal that was closed.
        assert_eq!(after(Err(io::Error::other("EIO"))), Typed::End);
    }
}
