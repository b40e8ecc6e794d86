//! What all readers of one dialect are told, stored once whatever their number.
//!
//! Four shapes were measured as bare loops of the benchmark (`scripts/bench`), by processor time per delivery beside this
//! one, a log in which readers hold a place, written to each once per turn:
//!
//! | members/senders, in flight | one log with places | shared blocks by `writev` | a copy per reader | a write per message |
//! | --- | ---: | ---: | ---: | ---: |
//! | 50/5, 256 | 1 | 3.6 | 3.6 | 214 |
//! | 1,000/10, 16 | 1 | 1.4 | 1.8 | 63 |
//! | 1,000/10, 256 | 1 | 5.2 | 6.5 | not tried |
//!
//! A copy per reader takes a hundred times the memory besides. Blocks save the copy, but each reader keeps a list of them
//! and hands the kernel one slice per message; the log needs one slice whatever was said, and a number per reader. It is
//! also the simplest: nothing is counted, and what all have read is forgotten from the front.

use papo_common::{Dialect, Event};

/// A place in a [`Fanout`], in bytes since it began; it stays valid while the front is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(u64);

impl Position {
    /// The place `bytes` further on.
    #[must_use]
    pub fn plus(self, bytes: usize) -> Position {
        Position(self.0 + bytes as u64)
    }

    /// How many bytes lie between `earlier` and this place; 0 if it is not earlier.
    pub fn since(self, earlier: Position) -> usize {
        self.0.saturating_sub(earlier.0) as usize
    }
}

/// The encoded broadcasts of one dialect that some reader has not yet read. Readers hold a [`Position`] in it.
#[derive(Debug, Default)]
pub struct Fanout {
    bytes: Vec<u8>,
    /// Whether there may be a reader: what nobody reads is not even encoded.
    is_read: bool,
    /// How many bytes were released before `bytes[0]`.
    released: u64,
}

/// Memory that is kept when every reader has read everything, in bytes: enough for a busy turn.
const KEPT: usize = 512 * 1024;

impl Fanout {
    /// The place behind the last byte.
    pub fn end(&self) -> Position {
        Position(self.released + self.bytes.len() as u64)
    }

    /// Appends to the end.
    #[cfg(test)]
    pub fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// What lies between two places; what was released already is left out.
    pub fn between(&self, from: Position, to: Position) -> &[u8] {
        let index = |position: Position| (position.0.saturating_sub(self.released) as usize).min(self.bytes.len());
        self.bytes.get(index(from)..index(to)).unwrap_or_default()
    }

    /// What a reader at `from` has yet to read.
    pub fn after(&self, from: Position) -> &[u8] {
        self.between(from, self.end())
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Forgets what lies before `slowest`, the place of the reader that is furthest behind.
    pub fn release(&mut self, slowest: Position) {
        let read = slowest.since(Position(self.released)).min(self.bytes.len());
        if read == self.bytes.len() {
            self.bytes.clear();
            self.bytes.shrink_to(KEPT);
        } else if read > self.bytes.len() / 2 {
            // Moving the rest at most when it is the smaller half costs a byte moved per byte released.
            self.bytes.drain(..read);
            self.bytes.shrink_to(KEPT.max(2 * self.bytes.len()));
        } else {
            return;
        }
        self.released += read as u64;
    }
}

/// The fan-out of each dialect.
#[derive(Debug, Default)]
pub struct Fanouts {
    by_dialect: [Fanout; Dialect::ALL.len()],
    has_news: bool,
}

/// Where a broadcast begins in the fan-out of each dialect.
#[derive(Clone, Copy, Debug)]
pub struct Start([Position; Dialect::ALL.len()]);

impl Start {
    /// In that dialect's.
    pub fn of(self, dialect: Dialect) -> Position {
        self.0[dialect as usize]
    }
}

impl Fanouts {
    /// That dialect's. Who has not yet said a byte speaks as `nc` does.
    pub fn of(&self, dialect: Option<Dialect>) -> &Fanout {
        &self.by_dialect[dialect.unwrap_or(Dialect::Classic) as usize]
    }

    /// From now on that dialect has a reader.
    pub fn open(&mut self, dialect: Dialect) {
        self.by_dialect[dialect as usize].is_read = true;
    }

    /// Encodes `event` once per dialect that has readers, whatever their number; gives the bytes that took.
    pub fn encode(&mut self, event: &Event) -> (Start, usize) {
        let mut encoded = 0;
        let start = Start(Dialect::ALL.map(|dialect| {
            let fanout = &mut self.by_dialect[dialect as usize];
            let start = fanout.end();
            if fanout.is_read {
                dialect.encode(event, &mut fanout.bytes);
                encoded += fanout.end().since(start);
            }
            start
        }));
        self.has_news |= encoded > 0;
        (start, encoded)
    }

    /// Whether something was encoded since this was last asked.
    pub fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.has_news)
    }

    /// Forgets what all readers of a dialect have read. `slowest` gives the place of the one furthest behind, if there
    /// is any.
    pub fn release(&mut self, slowest: impl Fn(Dialect) -> Option<Position>) {
        for dialect in Dialect::ALL {
            let fanout = &mut self.by_dialect[dialect as usize];
            if !fanout.is_empty() {
                let slowest = slowest(dialect);
                fanout.is_read = slowest.is_some();
                fanout.release(slowest.unwrap_or(fanout.end()));
            }
        }
    }

    /// Bytes of memory that they take, what is kept for the next busy turn left out.
    pub fn memory(&self) -> usize {
        let memory = |fanout: &Fanout| fanout.bytes.capacity().saturating_sub(KEPT).max(fanout.bytes.len());
        self.by_dialect.iter().map(memory).sum()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.by_dialect.iter().all(Fanout::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_valid_while_the_front_is_released() {
        let mut fanout = Fanout::default();
        let start = fanout.end();
        fanout.tail().extend(b"0123456789");
        let seven = start.plus(7);
        assert_eq!(fanout.after(seven), b"789");
        fanout.release(seven);
        assert_eq!(fanout.after(seven), b"789");
        assert_eq!(fanout.end().since(seven), 3);
        fanout.tail().extend(b"ab");
        assert_eq!(fanout.after(seven), b"789ab");
        assert_eq!(fanout.between(seven, seven.plus(2)), b"78");
        fanout.release(fanout.end());
        assert!(fanout.is_empty());
        assert_eq!(fanout.after(fanout.end()), b"");
        assert_eq!(fanout.end().since(start), 12);
    }

    #[test]
    fn memory_of_a_busy_turn_is_given_back() {
        let mut fanout = Fanout::default();
        fanout.tail().resize(10 * KEPT, 0);
        fanout.release(fanout.end());
        assert!(fanout.bytes.capacity() <= KEPT);
    }
}
