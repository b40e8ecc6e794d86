//! The standard output and the standard error as something that can be written without waiting. Unix alone.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, AsRawFd as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::rc::Rc;

use mio::unix::SourceFd;
use mio::{Interest, Registry, Token, event};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::OFlags;

/// The number of bytes that a pipe or a socket takes without waiting once it says that it can be written.
const AT_ONCE: usize = 512;

/// A descriptor that nobody waits for.
#[derive(Clone, Debug)]
pub struct NonBlockingFd {
    target: Rc<Target>,
}

#[derive(Debug)]
struct Target {
    file: RefCell<File>,
    /// Whether a write may wait, so that it has to be asked first.
    may_wait: bool,
    /// Where it lies, if it is a file.
    path: Option<PathBuf>,
    is_file: bool,
}

impl NonBlockingFd {
    /// Writes where `stream` does. An error if the system has no descriptor left, or does not know that one.
    pub fn of(stream: impl AsFd) -> io::Result<NonBlockingFd> {
        let file = File::from(stream.as_fd().try_clone_to_owned()?);
        let link = format!("/proc/self/fd/{}", file.as_raw_fd());
        if file.metadata()?.is_file() {
            // A file never lets anybody wait. Written to at its end, wherever that is, it may be cut short by others
            // meanwhile.
            let path = fs::read_link(&link).ok().filter(|path| path.exists());
            let at_its_end = File::options().append(true).open(&link).unwrap_or(file);
            return Ok(NonBlockingFd::new(at_its_end, false, path, true));
        }
        // A file that is opened anew has modes of its own; those of the descriptor are shared with the shell.
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
        let anew = File::options().write(true).custom_flags(flags).open(link);
        let may_wait = anew.is_err();
        Ok(NonBlockingFd::new(anew.unwrap_or(file), may_wait, None, false))
    }

    fn new(file: File, may_wait: bool, path: Option<PathBuf>, is_file: bool) -> NonBlockingFd {
        NonBlockingFd { target: Rc::new(Target { file: RefCell::new(file), may_wait, path, is_file }) }
    }

    /// Whether it is a file, which can always be written.
    pub fn is_file(&self) -> bool {
        self.target.is_file
    }

    /// Goes on in a file of the same name, made if need be: the one so far was renamed. An output
    /// that is no file, or had no name, stays as it is. An error if the file cannot be opened; the old one then stays.
    pub fn reopen(&self) -> io::Result<()> {
        let Some(path) = &self.target.path else { return Ok(()) };
        let anew = File::options().append(true).create(true).mode(0o600).open(path)?;
        self.target.file.replace(anew);
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let file = self.target.file.borrow();
        let mut polled = [PollFd::new(&*file, PollFlags::OUT)];
        let found = rustix::event::poll(&mut polled, Some(&Timespec::default()));
        // A broken output says so when it is written.
        found.is_ok_and(|found| found > 0)
    }
}

impl Write for NonBlockingFd {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.target.may_wait {
            return (&*self.target.file.borrow()).write(bytes);
        }
        if !self.is_ready() {
            return Err(ErrorKind::WouldBlock.into());
        }
        (&*self.target.file.borrow()).write(&bytes[..bytes.len().min(AT_ONCE)])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl event::Source for NonBlockingFd {
    fn register(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        SourceFd(&self.target.file.borrow().as_raw_fd()).register(registry, token, interest)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        SourceFd(&self.target.file.borrow().as_raw_fd()).reregister(registry, token, interest)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        SourceFd(&self.target.file.borrow().as_raw_fd()).deregister(registry)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[track_caller]
    fn check(write: impl AsFd, mut read: impl io::Read, may_wait: bool) {
        let mut outlet = NonBlockingFd::of(write).unwrap();
        assert_eq!(outlet.target.may_wait, may_wait);
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
        NonBlockingFd::of(&file).unwrap().write_all(b"dois").unwrap();
        let mut found = String::new();
        io::Seek::rewind(&mut file).unwrap();
        file.read_to_string(&mut found).unwrap();
        assert_eq!(found, "um dois");
    }

    #[test]
    fn a_file_that_is_cut_short_or_renamed_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let (path, old) = (folder.path().join("log"), folder.path().join("log.1"));
        let mut outlet = NonBlockingFd::of(File::create(&path).unwrap()).unwrap();
        outlet.write_all(b"um\n").unwrap();
        fs::write(&path, "").unwrap();
        outlet.write_all(b"dois\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "dois\n");
        fs::rename(&path, &old).unwrap();
        outlet.clone().reopen().unwrap();
        outlet.write_all(b"tres\n").unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "dois\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "tres\n");
    }
}
