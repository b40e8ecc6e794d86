//! The standard output and the standard error as something that can be written without waiting. Unix alone.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, AsRawFd as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::rc::Rc;

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token, event};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::OFlags;

/// How many bytes a pipe or a socket that says that it can be written takes without waiting.
const AT_ONCE: usize = 512;

/// A descriptor that nobody waits for.
#[derive(Clone, Debug)]
pub struct Outlet {
    file: Rc<File>,
    /// Whether a write may wait, so that it has to be asked first.
    may_wait: bool,
}

impl Outlet {
    /// Writes where `stream` does. An error if the system has no descriptor left, or does not know that one.
    pub fn of(stream: impl AsFd) -> io::Result<Outlet> {
        let file = File::from(stream.as_fd().try_clone_to_owned()?);
        // A file never lets anybody wait; and opened anew it would be written from its beginning.
        if file.metadata()?.is_file() {
            return Ok(Outlet { file: Rc::new(file), may_wait: false });
        }
        // What is opened anew has modes of its own; those of the descriptor are shared with the shell.
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        let anew = File::options().write(true).custom_flags(flags).open(path);
        let may_wait = anew.is_err();
        Ok(Outlet { file: Rc::new(anew.unwrap_or(file)), may_wait })
    }

    fn is_ready(&self) -> bool {
        let mut polled = [PollFd::new(&*self.file, PollFlags::OUT)];
        let found = rustix::event::poll(&mut polled, Some(&Timespec::default()));
        // What is broken says so when it is written.
        found.is_ok_and(|found| found > 0)
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.may_wait {
            return (&*self.file).write(bytes);
        }
        if !self.is_ready() {
            return Err(ErrorKind::WouldBlock.into());
        }
        (&*self.file).write(&bytes[..bytes.len().min(AT_ONCE)])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl event::Source for Outlet {
    fn register(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        SourceFd(&self.file.as_raw_fd()).register(registry, token, interest)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        SourceFd(&self.file.as_raw_fd()).reregister(registry, token, interest)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        SourceFd(&self.file.as_raw_fd()).deregister(registry)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[track_caller]
    fn check(write: impl AsFd, mut read: impl io::Read, may_wait: bool) {
        let mut outlet = Outlet::of(write).unwrap();
        assert_eq!(outlet.may_wait, may_wait);
        let mut written = 0;
        let end = loop {
            match outlet.write(&[b'x'; 4096]) {
                Ok(more) => written += more,
                Err(error) => break error,
            }
        };
        assert_eq!(end.kind(), ErrorKind::WouldBlock);
        read.read_exact(&mut vec![0; written]).unwrap();
        outlet.write_all(b"mais").unwrap();
    }

    #[test]
    fn who_does_not_read_is_not_waited_for() {
        let (read, write) = io::pipe().unwrap();
        check(&write, &read, false);
        // The modes of the descriptor itself are as they were.
        assert!(!rustix::fs::fcntl_getfl(&write).unwrap().contains(OFlags::NONBLOCK));
        let (read, write) = std::os::unix::net::UnixStream::pair().unwrap();
        check(&write, &read, true);
    }

    #[test]
    fn a_file_is_written_behind_what_is_in_it() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"um ").unwrap();
        Outlet::of(&file).unwrap().write_all(b"dois").unwrap();
        let mut found = String::new();
        io::Seek::rewind(&mut file).unwrap();
        file.read_to_string(&mut found).unwrap();
        assert_eq!(found, "um dois");
    }
}
