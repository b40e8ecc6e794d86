//! What one connection has yet to be sent: bytes of its own, then the rest of its dialect's broadcast log.
//!
//! The order of one reader's lines is kept by one rule: its own bytes always come first. Before something of its own
//! is queued, what it has not read of the broadcast log is copied in front of it. So a reader that only listens costs
//! nothing per message, one that is written to personally while it keeps up costs nothing more, and only a slow one
//! costs a copy.

#[cfg(test)]
mod tests;

use std::io::IoSlice;
use std::time::Instant;

use papo_common::memory::release_memory;

use crate::broadcast::{BroadcastLog, Offset};

/// Who has as many bytes of its own waiting is not asked what else it wants: an answer may have many times the length of
/// the question, and what one has asked for in one packet is no reason to keep it all in memory.
const MAX_UNREAD: usize = 256 * 1024;

/// What readers take by one `recv` that end nothing with a newline, in bytes. As many programs decode each `recv` by
/// itself, one that ended in the middle of a character would end them.
pub const PIECE: usize = 1024;

/// The output buffer of a connection. It takes memory for its own bytes only while there are some: most connections of
/// a large room only listen, and keep up.
#[derive(Debug, Default)]
pub struct SendQueue {
    own: Option<Box<Direct>>,
    /// Whether the last byte written is not the last of its line.
    in_mid_line: bool,
    must_drain: bool,
    /// How much is left of the piece that is being written, for readers that are written to in pieces.
    piece: u16,
    /// Whether that piece is shorter than a `recv`, so that the next one must not be joined to it.
    is_short: bool,
    /// Up to where the broadcast log is written; `None` for who does not read it (not yet, or no more).
    read_to: Option<Offset>,
}

/// What is for one reader alone.
#[derive(Debug, Default)]
struct Direct {
    bytes: Vec<u8>,
    /// How much of it is written.
    written: usize,
    /// Up to where it does not count against the reader's limit.
    uncounted: usize,
    hold: Option<Pause>,
}

/// A pause after the first bytes of one's own, for readers that take a line by one whole `recv`.
#[derive(Debug)]
struct Pause {
    after: usize,
    until: Instant,
}

impl Drop for Direct {
    fn drop(&mut self) {
        release_memory(&mut self.bytes);
    }
}

impl Direct {
    /// Or who always lags a little would make it keep all that it was ever sent. To move the rest only when it is the
    /// smaller half costs a byte moved per byte written.
    fn forget_written(&mut self) {
        if self.written <= self.bytes.len() / 2 {
            return;
        }
        self.bytes.drain(..self.written);
        self.uncounted = self.uncounted.saturating_sub(self.written);
        if let Some(hold) = &mut self.hold {
            hold.after -= self.written;
        }
        self.written = 0;
    }
}

impl SendQueue {
    /// Begins to read the broadcast log at its end.
    pub fn subscribe(&mut self, broadcast: &BroadcastLog) {
        self.read_to = Some(broadcast.end());
    }

    /// Takes what is left of the broadcast log into its own bytes and reads it no further.
    pub fn unsubscribe(&mut self, broadcast: &BroadcastLog) {
        self.catch_up(broadcast, broadcast.end());
        self.read_to = None;
    }

    /// Queues bytes for this reader alone, behind all that it has been told so far.
    pub fn push(&mut self, broadcast: &BroadcastLog, write: impl FnOnce(&mut Vec<u8>)) {
        self.catch_up(broadcast, broadcast.end());
        write(&mut self.direct().bytes);
    }

    /// Leaves out what the broadcast log holds since `from`: it is not for this reader.
    pub fn skip(&mut self, broadcast: &BroadcastLog, from: Offset) {
        self.catch_up(broadcast, from);
        self.read_to = self.read_to.map(|_| broadcast.end());
    }

    /// Writes nothing behind what stands in it now until `until`.
    pub fn pause(&mut self, until: Instant) {
        let own = self.direct();
        own.hold = Some(Pause { after: own.bytes.len(), until });
    }

    /// How many bytes may be written now to a reader that is written to in pieces: the rest of one of at most [`PIECE`]
    /// bytes, which ends with a whole character.
    pub fn piece(&mut self, broadcast: &BroadcastLog) -> usize {
        if self.piece == 0 {
            let length = whole_characters(&self.slices(broadcast, PIECE + 1));
            self.is_short = length < PIECE;
            self.piece = length as u16;
        }
        self.piece.into()
    }

    /// Takes note that so much of a piece was written: behind one that is shorter than a `recv` nothing is written until
    /// `until`, or its reader might be given both as one.
    pub fn piece_written(&mut self, bytes: usize, until: Instant) {
        self.piece = self.piece.saturating_sub(bytes as u16);
        if self.piece == 0 && self.is_short {
            let own = self.direct();
            // A pause that has begun already is for what is longer than this one.
            own.hold.get_or_insert(Pause { after: own.written, until });
        }
    }

    /// Until when something is held back.
    pub fn paused_until(&self) -> Option<Instant> {
        self.own.as_ref()?.hold.as_ref().map(|hold| hold.until)
    }

    /// Ends the pause if its time has come.
    pub fn resume(&mut self, now: Instant) {
        if let Some(own) = &mut self.own {
            own.hold.take_if(|hold| hold.until <= now);
        }
    }

    /// How many bytes wait, held back or not.
    pub fn backlog(&self, broadcast: &BroadcastLog) -> usize {
        self.own.as_ref().map_or(0, |own| own.bytes.len() - own.written) + self.unread(broadcast)
    }

    /// Bytes of memory that its own bytes take.
    pub fn memory(&self) -> usize {
        self.own.as_ref().map_or(0, |own| own.bytes.capacity())
    }

    /// What now waits does not count against the reader's limit: a welcome is as long as the room is full.
    pub fn exempt_pending(&mut self) {
        if let Some(own) = &mut self.own {
            own.uncounted = own.bytes.len();
        }
    }

    /// How many bytes wait that count against the reader's limit.
    pub fn counted_backlog(&self, broadcast: &BroadcastLog) -> usize {
        let uncounted = self.own.as_ref().map_or(0, |own| own.uncounted.saturating_sub(own.written));
        self.backlog(broadcast) - uncounted
    }

    /// Whether it must read before it may ask for more.
    pub fn must_drain(&self) -> bool {
        self.must_drain
    }

    /// Asks for that if too much of its own waits.
    pub fn note_full(&mut self) {
        self.must_drain |= self.is_full();
    }

    /// Whether it has now read as much as was asked for; told once.
    pub fn has_drained(&mut self) -> bool {
        let has_drained = self.must_drain && !self.is_full();
        self.must_drain &= !has_drained;
        has_drained
    }

    fn is_full(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.bytes.len() - own.written.max(own.uncounted) > MAX_UNREAD)
    }

    /// What may be written now, at most so many bytes: own bytes and broadcast log.
    pub fn slices<'a>(&'a self, broadcast: &'a BroadcastLog, most: usize) -> [IoSlice<'a>; 2] {
        let shared = self.read_to.map_or(&[][..], |read_to| broadcast.after(read_to));
        let (own, shared) = match self.own.as_deref() {
            None => (&[][..], shared),
            Some(Direct { bytes, written, hold: Some(hold), .. }) => (&bytes[*written..hold.after], &[][..]),
            Some(Direct { bytes, written, .. }) => (&bytes[*written..], shared),
        };
        let own = &own[..own.len().min(most)];
        [IoSlice::new(own), IoSlice::new(&shared[..shared.len().min(most - own.len())])]
    }

    /// Takes off `bytes` that were written from [`SendQueue::slices`].
    pub fn advance(&mut self, broadcast: &BroadcastLog, bytes: usize) {
        let Some(last) = bytes.checked_sub(1) else { return };
        let [own, shared] = self.slices(broadcast, bytes);
        let last = own.get(last).or_else(|| shared.get(last - own.len())).copied();
        let of_own = bytes.min(own.len());
        self.in_mid_line = last != Some(b'\n');
        self.read_to = self.read_to.map(|read_to| read_to.plus(bytes - of_own));
        if let Some(own) = &mut self.own {
            own.written += of_own;
        }
        self.own.take_if(|own| own.written == own.bytes.len() && own.hold.is_none());
        if let Some(own) = &mut self.own {
            own.forget_written();
        }
    }

    /// Up to where it has read the broadcast log, if it reads it.
    pub fn cursor(&self) -> Option<Offset> {
        self.read_to
    }

    /// Drops all that waits but the rest of a line that is partly written, and reads the broadcast log no further.
    pub fn discard_pending(&mut self, broadcast: &BroadcastLog) {
        self.unsubscribe(broadcast);
        self.piece = 0;
        let Some(own) = self.own.take().filter(|_| self.in_mid_line) else { return };
        let waiting = &own.bytes[own.written..];
        let rest = waiting.iter().position(|&b| b == b'\n').map_or(0, |end| end + 1);
        self.direct().bytes = waiting[..rest].to_vec();
    }

    fn direct(&mut self) -> &mut Direct {
        self.own.get_or_insert_default()
    }

    fn unread(&self, broadcast: &BroadcastLog) -> usize {
        self.read_to.map_or(0, |read_to| broadcast.end().since(read_to))
    }

    fn catch_up(&mut self, broadcast: &BroadcastLog, to: Offset) {
        let Some(read_to) = self.read_to else { return };
        let unread = broadcast.between(read_to, to);
        if !unread.is_empty() {
            self.direct().bytes.extend_from_slice(unread);
        }
        self.read_to = Some(to.max(read_to));
    }
}

/// How many of these bytes make a piece.
fn whole_characters(slices: &[IoSlice<'_>; 2]) -> usize {
    let [own, shared] = slices;
    let is_inside = |&end: &usize| {
        let next = own.get(end).or_else(|| shared.get(end - own.len()));
        next.is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000)
    };
    let most = (own.len() + shared.len()).min(PIECE);
    // No character has more than four bytes.
    (most.saturating_sub(3)..=most).rev().find(|end| !is_inside(end)).unwrap_or(most)
}
