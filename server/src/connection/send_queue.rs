//! Bytes that one connection has yet to be sent: direct ones, then the rest of its dialect's broadcast log.
//!
//! One rule keeps a reader's lines in order: direct bytes always come first. Before something direct is queued, the
//! unread part of the broadcast log is copied in front of it. So a reader that only listens costs nothing per message,
//! one that is written to directly while it keeps up costs nothing more, and only a slow one costs a copy.

#[cfg(test)]
mod tests;

use std::io::IoSlice;
use std::time::{Duration, Instant};

use papo_common::memory::release_memory;

use crate::broadcast::{BroadcastLog, Offset};

/// Stop reading requests from a connection while more than this many bytes of its replies are unsent: replies can be far
/// larger than requests, so a pipelining client must not make us buffer them all.
const MAX_UNREAD: usize = 256 * 1024;

/// Size of the pieces, in bytes, in which readers are written to that end nothing with a newline: they take one by one
/// `recv`. Many such programs decode each `recv` by itself and would fail at one that ends inside a character.
pub const PIECE: usize = 1024;
/// Pause behind a piece that is shorter than a `recv`, so that the next one is not joined to it.
pub const PIECE_PAUSE: Duration = Duration::from_millis(50);

/// The output buffer of a connection. It takes memory for direct bytes only while there are some: most connections of a
/// large room only listen, and keep up.
#[derive(Debug, Default)]
pub struct SendQueue {
    direct: Option<Box<Direct>>,
    /// Whether the last byte written is not the last of its line.
    in_mid_line: bool,
    /// The piece that is being written; `None` for a reader that takes any number of bytes.
    piece: Option<Piece>,
    /// End of the written part of the broadcast log; `None` before the welcome and once closing has begun.
    cursor: Option<Offset>,
}

/// Bytes for this reader alone.
#[derive(Debug, Default)]
struct Direct {
    bytes: Vec<u8>,
    /// Number of them that are written.
    written: usize,
    /// Number of them, from the first on, that do not count against the reader's limit.
    exempt: usize,
    pause: Option<Pause>,
}

/// A pause behind the first direct bytes, for readers that take a line by one whole `recv`.
#[derive(Debug)]
struct Pause {
    after: usize,
    until: Instant,
}

#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    /// Bytes of it that are left to write.
    left: u16,
    /// Whether it is shorter than a `recv`, so that the next one must not be joined to it.
    is_short: bool,
}

impl Drop for Direct {
    fn drop(&mut self) {
        release_memory(&mut self.bytes);
    }
}

impl Direct {
    /// Drops written bytes once they are the larger half; otherwise a reader that always lags a little would pin everything
    /// it was ever sent. Amortised: one byte moved per byte written.
    fn forget_written(&mut self) {
        if self.written <= self.bytes.len() / 2 {
            return;
        }
        self.bytes.drain(..self.written);
        self.exempt = self.exempt.saturating_sub(self.written);
        if let Some(pause) = &mut self.pause {
            pause.after -= self.written;
        }
        self.written = 0;
    }
}

impl SendQueue {
    /// Begins to read the broadcast log at its end.
    pub fn subscribe(&mut self, broadcast: &BroadcastLog) {
        self.cursor = Some(broadcast.end());
    }

    /// Copies what is left of the broadcast log to the direct bytes and reads it no further.
    pub fn unsubscribe(&mut self, broadcast: &BroadcastLog) {
        self.catch_up(broadcast, broadcast.end());
        self.cursor = None;
    }

    /// Queues direct bytes behind everything that this reader has been told so far.
    pub fn push(&mut self, broadcast: &BroadcastLog, write: impl FnOnce(&mut Vec<u8>)) {
        self.catch_up(broadcast, broadcast.end());
        write(&mut self.direct().bytes);
    }

    /// Leaves out what the broadcast log holds since `from`: it is not for this reader.
    pub fn skip(&mut self, broadcast: &BroadcastLog, from: Offset) {
        self.catch_up(broadcast, from);
        self.cursor = self.cursor.map(|_| broadcast.end());
    }

    /// Writes nothing behind the bytes that wait now before `until`.
    pub fn pause(&mut self, until: Instant) {
        let direct = self.direct();
        direct.pause = Some(Pause { after: direct.bytes.len(), until });
    }

    /// From now on writes pieces of at most [`PIECE`] bytes that end with a whole character, with a pause behind each
    /// that is shorter.
    pub fn write_in_pieces(&mut self) {
        self.piece = Some(Piece::default());
    }

    /// End of the pause in writing, if there is one.
    pub fn paused_until(&self) -> Option<Instant> {
        self.direct.as_ref()?.pause.as_ref().map(|pause| pause.until)
    }

    /// Ends the pause if its time has come.
    pub fn resume(&mut self, now: Instant) {
        if let Some(direct) = &mut self.direct {
            direct.pause.take_if(|pause| pause.until <= now);
        }
    }

    /// Bytes that wait, behind a pause or not.
    pub fn pending(&self, broadcast: &BroadcastLog) -> usize {
        self.direct.as_ref().map_or(0, |direct| direct.bytes.len() - direct.written) + self.unread(broadcast)
    }

    /// Bytes of memory that its direct bytes take.
    pub fn memory(&self) -> usize {
        self.direct.as_ref().map_or(0, |direct| direct.bytes.capacity())
    }

    /// Exempts all that waits now from the reader's limit: a welcome is as long as the room is full.
    pub fn exempt_pending(&mut self) {
        if let Some(direct) = &mut self.direct {
            direct.exempt = direct.bytes.len();
        }
    }

    /// Waiting bytes that count against the reader's limit.
    pub fn counted_pending(&self, broadcast: &BroadcastLog) -> usize {
        let exempt = self.direct.as_ref().map_or(0, |direct| direct.exempt.saturating_sub(direct.written));
        self.pending(broadcast) - exempt
    }

    /// Whether so many direct bytes wait that no more replies may be asked for.
    pub fn is_full(&self) -> bool {
        self.direct.as_ref().is_some_and(|it| it.bytes.len() - it.written.max(it.exempt) > MAX_UNREAD)
    }

    /// The bytes to be written now: direct ones, then those of the broadcast log.
    pub fn next_slices<'a>(&'a mut self, broadcast: &'a BroadcastLog) -> [IoSlice<'a>; 2] {
        if let Some(Piece { left: 0, .. }) = self.piece {
            let length = whole_characters(&self.slices(broadcast, PIECE + 1));
            self.piece = Some(Piece { left: length as u16, is_short: length < PIECE });
        }
        self.slices(broadcast, self.piece.map_or(usize::MAX, |piece| piece.left.into()))
    }

    /// Takes off `bytes` of [`SendQueue::next_slices`] that were written.
    pub fn advance(&mut self, broadcast: &BroadcastLog, bytes: usize, now: Instant) {
        let Some(last) = bytes.checked_sub(1) else { return };
        let [direct, shared] = self.slices(broadcast, bytes);
        let last = direct.get(last).or_else(|| shared.get(last - direct.len())).copied();
        let of_direct = bytes.min(direct.len());
        self.in_mid_line = last != Some(b'\n');
        self.cursor = self.cursor.map(|cursor| cursor.plus(bytes - of_direct));
        if let Some(direct) = &mut self.direct {
            direct.written += of_direct;
        }
        self.direct.take_if(|direct| direct.written == direct.bytes.len() && direct.pause.is_none());
        if let Some(direct) = &mut self.direct {
            direct.forget_written();
        }
        self.advance_piece(bytes, now);
    }

    fn advance_piece(&mut self, bytes: usize, now: Instant) {
        let Some(piece) = &mut self.piece else { return };
        piece.left = piece.left.saturating_sub(bytes as u16);
        if piece.left == 0 && piece.is_short {
            let direct = self.direct();
            // A pause that has begun already is for what is longer than this one.
            direct.pause.get_or_insert(Pause { after: direct.written, until: now + PIECE_PAUSE });
        }
    }

    /// End of the written part of the broadcast log, if this reader has joined.
    pub fn cursor(&self) -> Option<Offset> {
        self.cursor
    }

    /// Drops all that waits but the rest of a line that is partly written, and reads the broadcast log no further.
    pub fn discard_pending(&mut self, broadcast: &BroadcastLog) {
        self.unsubscribe(broadcast);
        self.piece = self.piece.map(|_| Piece::default());
        let Some(direct) = self.direct.take().filter(|_| self.in_mid_line) else { return };
        let waiting = &direct.bytes[direct.written..];
        let rest = waiting.iter().position(|&b| b == b'\n').map_or(0, |end| end + 1);
        self.direct().bytes = waiting[..rest].to_vec();
    }

    fn slices<'a>(&'a self, broadcast: &'a BroadcastLog, most: usize) -> [IoSlice<'a>; 2] {
        let shared = self.cursor.map_or(&[][..], |cursor| broadcast.after(cursor));
        let (direct, shared) = match self.direct.as_deref() {
            None => (&[][..], shared),
            Some(Direct { bytes, written, pause: Some(pause), .. }) => (&bytes[*written..pause.after], &[][..]),
            Some(Direct { bytes, written, .. }) => (&bytes[*written..], shared),
        };
        let direct = &direct[..direct.len().min(most)];
        [IoSlice::new(direct), IoSlice::new(&shared[..shared.len().min(most - direct.len())])]
    }

    fn direct(&mut self) -> &mut Direct {
        self.direct.get_or_insert_default()
    }

    fn unread(&self, broadcast: &BroadcastLog) -> usize {
        self.cursor.map_or(0, |cursor| broadcast.end().since(cursor))
    }

    fn catch_up(&mut self, broadcast: &BroadcastLog, to: Offset) {
        let Some(cursor) = self.cursor else { return };
        let unread = broadcast.between(cursor, to);
        if !unread.is_empty() {
            self.direct().bytes.extend_from_slice(unread);
        }
        self.cursor = Some(to.max(cursor));
    }
}

/// Length of the first piece of these bytes.
fn whole_characters(slices: &[IoSlice<'_>; 2]) -> usize {
    let [direct, shared] = slices;
    let is_inside = |&end: &usize| {
        let next = direct.get(end).or_else(|| shared.get(end - direct.len()));
        next.is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000)
    };
    let most = (direct.len() + shared.len()).min(PIECE);
    // No character has more than four bytes.
    (most.saturating_sub(3)..=most).rev().find(|end| !is_inside(end)).unwrap_or(most)
}
