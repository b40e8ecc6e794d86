//! Events for all readers of one dialect, encoded and stored once whatever their number.
//!
//! Four shapes were measured as bare loops of the benchmark (`scripts/bench`), by processor time per delivery in
//! multiples of this one, a log in which each reader has an offset, written to each reader once per turn:
//!
//! | members/senders, in flight | one log with offsets | shared blocks by `writev` | a copy per reader | a write per message |
//! | --- | ---: | ---: | ---: | ---: |
//! | 50/5, 256 | 1 | 3.6 | 3.6 | 214 |
//! | 1,000/10, 16 | 1 | 1.4 | 1.8 | 63 |
//! | 1,000/10, 256 | 1 | 5.2 | 6.5 | not tried |
//!
//! A copy per reader also takes a hundred times the memory. Blocks save the copy, but each reader keeps a list of them and
//! hands the kernel one slice per message; the log needs one slice for any number of messages, and a number per reader. It
//! is also the simplest: no references are counted, and the front that all have read is dropped.

use papo_common::{Dialect, Event, classic, json};

/// A position in a [`BroadcastLog`], in bytes since it began; it stays valid while the front is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offset(u64);

impl Offset {
    /// The position `bytes` further on.
    #[must_use]
    pub fn plus(self, bytes: usize) -> Offset {
        Offset(self.0 + bytes as u64)
    }

    /// Bytes between `earlier` and this position; 0 if it is not earlier.
    pub fn since(self, earlier: Offset) -> usize {
        self.0.saturating_sub(earlier.0) as usize
    }
}

/// The encoded broadcasts of one dialect that some reader has not yet read. Each reader has an [`Offset`] in it.
#[derive(Debug, Default)]
pub struct BroadcastLog {
    bytes: Vec<u8>,
    /// Whether there may be a reader: without one nothing is encoded.
    is_read: bool,
    /// Number of bytes released before `bytes[0]`.
    released: u64,
}

/// Memory that is kept when every reader has read everything, in bytes: enough for a busy turn.
const KEPT: usize = 512 * 1024;

impl BroadcastLog {
    /// The position behind the last byte.
    pub fn end(&self) -> Offset {
        Offset(self.released + self.bytes.len() as u64)
    }

    /// The bytes that are stored, to append to.
    #[cfg(test)]
    pub fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Bytes between two positions, without those that were released already.
    pub fn between(&self, from: Offset, to: Offset) -> &[u8] {
        let index = |offset: Offset| (offset.0.saturating_sub(self.released) as usize).min(self.bytes.len());
        self.bytes.get(index(from)..index(to)).unwrap_or_default()
    }

    /// Bytes that a reader at `from` has yet to read.
    pub fn after(&self, from: Offset) -> &[u8] {
        self.between(from, self.end())
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Drops the bytes before `slowest`, the offset of the reader that is furthest behind.
    pub fn release(&mut self, slowest: Offset) {
        let read = slowest.since(Offset(self.released)).min(self.bytes.len());
        if read == self.bytes.len() {
            self.bytes.clear();
            self.bytes.shrink_to(KEPT);
        } else if read > self.bytes.len() / 2 {
            // Dropped only when they are the larger half: one byte moved per byte released.
            self.bytes.drain(..read);
            self.bytes.shrink_to(KEPT.max(2 * self.bytes.len()));
        } else {
            return;
        }
        self.released += read as u64;
    }
}

/// The broadcast log of each dialect.
#[derive(Debug, Default)]
pub struct BroadcastLogs {
    by_dialect: [BroadcastLog; Dialect::ALL.len()],
    is_dirty: bool,
}

/// Beginning of a broadcast in the log of each dialect.
#[derive(Clone, Copy, Debug)]
pub struct Offsets([Offset; Dialect::ALL.len()]);

impl Offsets {
    /// The offset in that dialect's log.
    pub fn of(self, dialect: Dialect) -> Offset {
        self.0[dialect as usize]
    }
}

impl BroadcastLogs {
    /// The log of a dialect. A connection that has yet to say a byte counts as classic.
    pub fn of(&self, dialect: Option<Dialect>) -> &BroadcastLog {
        &self.by_dialect[dialect.unwrap_or(Dialect::Classic) as usize]
    }

    /// Notes that a dialect has a reader from now on.
    pub fn open(&mut self, dialect: Dialect) {
        self.by_dialect[dialect as usize].is_read = true;
    }

    /// Encodes `event` once per dialect that has readers; gives where it begins, and its bytes in sum.
    pub fn encode(&mut self, event: &Event) -> (Offsets, usize) {
        let mut encoded = 0;
        let start = Offsets(Dialect::ALL.map(|dialect| {
            let broadcast = &mut self.by_dialect[dialect as usize];
            let start = broadcast.end();
            if broadcast.is_read {
                match dialect {
                    Dialect::Classic => classic::encode(event, &mut broadcast.bytes),
                    Dialect::Json => json::encode(event, &mut broadcast.bytes),
                }
                encoded += broadcast.end().since(start);
            }
            start
        }));
        self.is_dirty |= encoded > 0;
        (start, encoded)
    }

    /// Whether something was encoded since [`BroadcastLogs::take_dirty`].
    pub fn is_dirty(&self) -> bool {
        self.is_dirty
    }

    /// Whether something was encoded since the last call.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.is_dirty)
    }

    /// Drops the bytes that all readers of a dialect have read. `slowest` gives the offset of the one furthest behind, if
    /// there is any.
    pub fn release(&mut self, slowest: impl Fn(Dialect) -> Option<Offset>) {
        for dialect in Dialect::ALL {
            let broadcast = &mut self.by_dialect[dialect as usize];
            if !broadcast.is_empty() {
                let slowest = slowest(dialect);
                broadcast.is_read = slowest.is_some();
                broadcast.release(slowest.unwrap_or(broadcast.end()));
            }
        }
    }

    /// Bytes of memory that the logs take, not counting those kept for the next busy turn.
    pub fn memory(&self) -> usize {
        let memory =
            |broadcast: &BroadcastLog| broadcast.bytes.capacity().saturating_sub(KEPT).max(broadcast.bytes.len());
        self.by_dialect.iter().map(memory).sum()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.by_dialect.iter().all(BroadcastLog::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_stay_valid_while_the_front_is_released() {
        let mut broadcast = BroadcastLog::default();
        let start = broadcast.end();
        broadcast.tail().extend(b"0123456789");
        let seven = start.plus(7);
        assert_eq!(broadcast.after(seven), b"789");
        broadcast.release(seven);
        assert_eq!(broadcast.after(seven), b"789");
        assert_eq!(broadcast.end().since(seven), 3);
        broadcast.tail().extend(b"ab");
        assert_eq!(broadcast.after(seven), b"789ab");
        assert_eq!(broadcast.between(seven, seven.plus(2)), b"78");
        broadcast.release(broadcast.end());
        assert!(broadcast.is_empty());
        assert_eq!(broadcast.after(broadcast.end()), b"");
        assert_eq!(broadcast.end().since(start), 12);
    }

    #[test]
    fn memory_of_a_busy_turn_is_given_back() {
        let mut broadcast = BroadcastLog::default();
        broadcast.tail().resize(10 * KEPT, 0);
        broadcast.release(broadcast.end());
        assert!(broadcast.bytes.capacity() <= KEPT);
    }
}
