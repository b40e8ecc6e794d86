//! The console's input as a source of readiness. Unix alone.

use std::io::{self, ErrorKind, IsTerminal as _, Read as _};
use std::time::Instant;

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token, event};
use rustix::fs::FileType;

/// Standard input, left blocking: the terminal's modes are shared with the shell. It is read once per readiness; a file,
/// which is always ready, once per turn.
#[derive(Debug)]
pub struct Stdin {
    bytes: Box<[u8]>,
    kind: StdinKind,
    /// Until when it is not looked at: what was typed is for the program in the foreground of the terminal.
    pub rests_until: Option<Instant>,
}

/// The kind of file behind standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StdinKind {
    /// A terminal: its end of input is a key, and more may be typed.
    Terminal,
    /// A file, for which the kernel has no readiness.
    File,
    /// A pipe, a socket, or something else that can be waited for and ends for good.
    Stream,
}

/// The outcome of one read.
#[derive(Debug, PartialEq, Eq)]
pub enum ReadOutcome<'a> {
    /// These bytes.
    Some(&'a [u8]),
    /// Nothing for now.
    Nothing,
    /// Something, but for the program in the foreground of the terminal.
    NotOurs,
    /// The key for the end of input, by which a terminal does not end.
    EndKey,
    /// It is closed for good.
    End,
}

/// A read of this size goes past the buffer that `std` puts before the descriptor, so that nothing stays in it unseen.
const READ: usize = 8 * 1024;

impl Stdin {
    /// The process's standard input.
    pub fn new() -> Stdin {
        let is_file =
            || rustix::fs::fstat(io::stdin()).is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode).is_file());
        let kind = match io::stdin().is_terminal() {
            true => StdinKind::Terminal,
            false if is_file() => StdinKind::File,
            false => StdinKind::Stream,
        };
        Stdin { bytes: vec![0; READ].into(), kind, rests_until: None }
    }

    /// The kind of file behind it.
    pub fn kind(&self) -> StdinKind {
        self.kind
    }

    /// Reads what was typed; only right after readiness, or it waits.
    pub fn read(&mut self) -> ReadOutcome<'_> {
        if !is_ours() {
            return ReadOutcome::NotOurs;
        }
        // A terminal that was closed reads as one on which the end of input was typed, and is a terminal no more.
        let read = io::stdin().lock().read(&mut self.bytes);
        let goes_on = self.kind == StdinKind::Terminal && io::stdin().is_terminal();
        typed(read, &self.bytes, goes_on)
    }
}

/// `goes_on` says that more may be typed after an end of input.
fn typed(read: io::Result<usize>, bytes: &[u8], goes_on: bool) -> ReadOutcome<'_> {
    match read {
        Ok(0) if goes_on => ReadOutcome::EndKey,
        Ok(0) => ReadOutcome::End,
        Ok(read) => ReadOutcome::Some(&bytes[..read]),
        // Others share the descriptor: one of them may have made it nonblocking, or was quicker to read.
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => ReadOutcome::Nothing,
        Err(_) => ReadOutcome::End,
    }
}

impl Default for Stdin {
    fn default() -> Stdin {
        Stdin::new()
    }
}

/// Whether the process reads what is typed on its terminal: one in the background that tries is stopped by the system,
/// and the chat with it. True also where there is no terminal.
pub fn is_ours() -> bool {
    match rustix::termios::tcgetpgrp(io::stdin()) {
        Ok(foreground) => foreground == rustix::process::getpgrp(),
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
        let after = |read| typed(read, b"ajuda\n...", false);
        assert_eq!(after(Ok(6)), ReadOutcome::Some(b"ajuda\n"));
        assert_eq!(after(Ok(0)), ReadOutcome::End);
        assert_eq!(after(Err(ErrorKind::Interrupted.into())), ReadOutcome::Nothing);
        assert_eq!(after(Err(ErrorKind::WouldBlock.into())), ReadOutcome::Nothing);
        // As of a terminal that was closed.
        assert_eq!(after(Err(io::Error::other("EIO"))), ReadOutcome::End);
        assert_eq!(typed(Ok(0), b"", true), ReadOutcome::EndKey);
        assert_eq!(typed(Err(io::Error::other("EIO")), b"", true), ReadOutcome::End);
    }
}
