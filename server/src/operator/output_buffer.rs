//! A buffer in front of an output, which never waits for the reader.

use std::collections::VecDeque;
use std::fmt;
use std::io::{ErrorKind, Write};

use crate::strings;

/// The most bytes that wait for a reader that does not read: a terminal that was stopped, a pipe that nobody empties.
/// Further lines are dropped by whole pieces until all that waits is read, and then it is said how many those were.
const MAX_WAITING: usize = 256 * 1024;

/// Bytes on their way out.
pub struct OutputBuffer {
    out: Box<dyn Write>,
    waiting: VecDeque<u8>,
    /// The number of lines that were dropped behind what waits.
    lost: usize,
}

impl OutputBuffer {
    /// Writes to `out`, which says [`ErrorKind::WouldBlock`] instead of waiting.
    pub fn new(out: Box<dyn Write>) -> OutputBuffer {
        OutputBuffer { out, waiting: VecDeque::new(), lost: 0 }
    }

    /// Writes `piece` as far as it goes and keeps the rest. One piece alone is taken whatever its length.
    pub fn push(&mut self, piece: &str) {
        self.flush();
        let has_room = self.waiting.is_empty() || self.waiting.len() + piece.len() <= MAX_WAITING;
        if self.lost > 0 || !has_room {
            self.lost += piece.matches('\n').count();
            return;
        }
        self.waiting.extend(piece.as_bytes());
        self.flush();
    }

    /// Writes what waits, as far as it goes. A reader who does not read is no reason to stop the chat.
    pub fn flush(&mut self) {
        while !self.waiting.is_empty() || self.lost > 0 {
            if self.waiting.is_empty() {
                let told = strings::lines_lost(std::mem::take(&mut self.lost));
                self.waiting.extend(told.as_bytes());
            }
            match self.out.write(self.waiting.as_slices().0) {
                Ok(written) if written > 0 => drop(self.waiting.drain(..written)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // Nobody can ever read it.
                Ok(_) | Err(_) => self.waiting.clear(),
            }
        }
        let _ = self.out.flush();
    }

    /// Whether something waits to be read.
    pub fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }
}

impl fmt::Debug for OutputBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spool").field("waiting", &self.waiting.len()).field("lost", &self.lost).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io;
    use std::rc::Rc;

    use super::*;

    /// Takes so many bytes, then none until it is told to.
    #[derive(Clone, Default)]
    struct Pipe(Rc<RefCell<(Vec<u8>, usize)>>);

    impl Pipe {
        fn allow(&self, more: usize) {
            self.0.borrow_mut().1 += more;
        }

        fn text(&self) -> String {
            String::from_utf8(self.0.borrow().0.clone()).unwrap()
        }
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let (taken, room) = &mut *self.0.borrow_mut();
            let most = bytes.len().min(*room);
            if most == 0 {
                return Err(ErrorKind::WouldBlock.into());
            }
            *room -= most;
            taken.extend(&bytes[..most]);
            Ok(most)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_not_read_waits_and_what_is_too_much_is_counted() {
        let pipe = Pipe::default();
        let mut spool = OutputBuffer::new(Box::new(pipe.clone()));
        let line = format!("{}\n", "x".repeat(1023));
        for _ in 0..MAX_WAITING / 1024 + 7 {
            spool.push(&line);
        }
        assert_eq!(spool.waiting.len(), MAX_WAITING);
        // Half of it is read: what was lost was lost behind the rest.
        pipe.allow(MAX_WAITING / 2);
        spool.push("mais\n");
        assert_eq!(pipe.text().len(), MAX_WAITING / 2);
        pipe.allow(MAX_WAITING);
        spool.push("depois\n");
        assert_eq!(pipe.text()[MAX_WAITING..], format!("{}depois\n", strings::lines_lost(8)));
        assert!(!spool.has_waiting());
    }
}
