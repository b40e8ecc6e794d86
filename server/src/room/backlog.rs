//! The last public messages, for those who come and those who come back.

use std::collections::VecDeque;

use papo_common::Message;

/// How many are kept.
pub const MAX_MESSAGES: usize = 500;
/// How many bytes of them.
pub const MAX_BYTES: usize = 256 * 1024;

/// The end of what was said to all, in memory.
#[derive(Debug, Default)]
pub struct Backlog {
    messages: VecDeque<Message>,
    bytes: usize,
    /// The number of the last one said, kept or not.
    seq: u64,
    /// The number of the last one that was kept here no longer, or never. Those that were taken back do not count.
    lost: u64,
}

impl Backlog {
    /// Recalls the memory of an earlier run: its last number, and its last messages, oldest first, without those that
    /// `is_removed` says were taken back.
    pub fn restored(seq: u64, messages: Vec<Message>, is_removed: impl Fn(u64) -> bool) -> Backlog {
        let mut lost = messages.first().map_or(seq, |first| first.seq.saturating_sub(1));
        while lost > 0 && is_removed(lost) {
            lost -= 1;
        }
        let mut recent = Backlog { lost, ..Backlog::default() };
        for message in messages {
            recent.push(message);
        }
        recent.seq = seq.max(recent.seq);
        recent
    }

    /// The number of the last one.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Keeps `message`, which has the next number.
    pub fn push(&mut self, message: Message) {
        self.seq = message.seq;
        self.bytes += message.text.as_str().len();
        self.messages.push_back(message);
        while self.messages.len() > MAX_MESSAGES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.messages.pop_front() else { break };
            self.bytes -= oldest.text.as_str().len();
            self.lost = oldest.seq;
        }
    }

    /// Takes one out, if it is here.
    pub fn remove(&mut self, seq: u64) {
        if let Ok(place) = self.place_of(seq)
            && let Some(removed) = self.messages.remove(place)
        {
            self.bytes -= removed.text.as_str().len();
        }
    }

    /// Forgets all of them; numbers go on.
    pub fn forget_all(&mut self) {
        *self = Backlog { seq: self.seq, lost: self.seq, ..Backlog::default() };
    }

    /// Whether message `seq` is here.
    pub fn contains(&self, seq: u64) -> bool {
        self.place_of(seq).is_ok()
    }

    fn place_of(&self, seq: u64) -> Result<usize, usize> {
        self.messages.binary_search_by_key(&seq, |message| message.seq)
    }

    /// The number of the last one that is not here any more; 0 if all are.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// How many are here.
    pub fn count(&self) -> usize {
        self.messages.len()
    }

    /// Those after number `since`, and whether some of them are lost.
    pub fn since(&self, since: u64) -> (impl Iterator<Item = &Message>, bool) {
        (self.messages.iter().filter(move |message| message.seq > since), since < self.lost)
    }

    /// The last `count`.
    pub fn last(&self, count: usize) -> impl Iterator<Item = &Message> {
        self.messages.iter().skip(self.messages.len().saturating_sub(count))
    }

    /// All of them, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().rev()
    }

    /// At most `count` of those before number `before`, oldest first, and whether there are still older ones.
    pub fn before(&self, before: u64, count: usize) -> (impl Iterator<Item = &Message>, bool) {
        let older = self.messages.partition_point(|message| message.seq < before);
        let skipped = older.saturating_sub(count);
        (self.messages.range(skipped..older), skipped > 0)
    }
}

#[cfg(test)]
mod tests {
    use papo_common::{LineBreaks, MemberId, Name, Text};

    use super::*;

    fn said(seq: u64, text: &str) -> Message {
        let text = Text::clean(text, LineBreaks::Keep).unwrap();
        let from = Name::parse("ana").unwrap();
        Message { seq, from, id: MemberId::from_random(1), text, at: 0, reference: None }
    }

    fn numbers<'a>(messages: impl Iterator<Item = &'a Message>) -> (Option<u64>, usize) {
        let numbers: Vec<u64> = messages.map(|message| message.seq).collect();
        (numbers.first().copied(), numbers.len())
    }

    #[test]
    fn the_last_messages_are_kept() {
        let mut recent = Backlog::default();
        assert_eq!(numbers(recent.since(0).0), (None, 0));
        assert!(!recent.since(0).1);
        for seq in 1..=600 {
            recent.push(said(seq, "oi"));
        }
        assert_eq!(recent.seq(), 600);
        assert_eq!(numbers(recent.last(50)), (Some(551), 50));
        assert_eq!((numbers(recent.since(598).0), recent.since(598).1), ((Some(599), 2), false));
        assert_eq!((numbers(recent.since(100).0), recent.since(100).1), ((Some(101), 500), false));
        assert_eq!((numbers(recent.since(99).0), recent.since(99).1), ((Some(101), 500), true));
        assert_eq!((numbers(recent.before(200, 10).0), recent.before(200, 10).1), ((Some(190), 10), true));
        assert_eq!((numbers(recent.before(105, 10).0), recent.before(105, 10).1), ((Some(101), 4), false));
        recent.push(said(601, &"x".repeat(MAX_BYTES)));
        assert_eq!(numbers(recent.last(50)), (Some(601), 1));
    }
}
