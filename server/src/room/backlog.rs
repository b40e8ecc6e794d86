//! The backlog: the last public messages, for newcomers and for members that come back.

use std::collections::VecDeque;

use papo_common::Message;

/// The most messages in memory.
pub const MAX_MESSAGES: usize = 500;
/// The most bytes of text in them.
pub const MAX_BYTES: usize = 256 * 1024;

/// The last public messages, in memory.
#[derive(Debug, Default)]
pub struct Backlog {
    messages: VecDeque<Message>,
    bytes: usize,
    /// The number of the last message, kept or not.
    seq: u64,
    /// The greatest number whose message is not kept any more, or never was. Messages that were removed do not count.
    lost_seq: u64,
}

impl Backlog {
    /// The backlog of an earlier run: its last number, and its last messages, oldest first, without those that
    /// `is_removed` says were removed.
    pub fn restored(seq: u64, messages: Vec<Message>, is_removed: impl Fn(u64) -> bool) -> Backlog {
        let mut lost_seq = messages.first().map_or(seq, |first| first.seq.saturating_sub(1));
        while lost_seq > 0 && is_removed(lost_seq) {
            lost_seq -= 1;
        }
        let mut backlog = Backlog { lost_seq, ..Backlog::default() };
        for message in messages {
            backlog.push(message);
        }
        backlog.seq = seq.max(backlog.seq);
        backlog
    }

    /// The number of the last message.
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
            self.lost_seq = oldest.seq;
        }
    }

    /// Removes a message, if it is here.
    pub fn remove(&mut self, seq: u64) {
        if let Ok(index) = self.index_of(seq)
            && let Some(removed) = self.messages.remove(index)
        {
            self.bytes -= removed.text.as_str().len();
        }
    }

    /// Removes every message; numbers go on.
    pub fn clear(&mut self) {
        *self = Backlog { seq: self.seq, lost_seq: self.seq, ..Backlog::default() };
    }

    /// Whether message `seq` is here.
    pub fn contains(&self, seq: u64) -> bool {
        self.index_of(seq).is_ok()
    }

    fn index_of(&self, seq: u64) -> Result<usize, usize> {
        self.messages.binary_search_by_key(&seq, |message| message.seq)
    }

    /// The greatest number whose message is not here any more; 0 if all are.
    pub fn lost_seq(&self) -> u64 {
        self.lost_seq
    }

    /// The number of messages here.
    pub fn count(&self) -> usize {
        self.messages.len()
    }

    /// The messages after number `since`, and whether some of them are lost.
    pub fn since(&self, since: u64) -> (impl Iterator<Item = &Message>, bool) {
        (self.messages.iter().filter(move |message| message.seq > since), since < self.lost_seq)
    }

    /// The last `count` messages.
    pub fn last(&self, count: usize) -> impl Iterator<Item = &Message> {
        self.messages.iter().skip(self.messages.len().saturating_sub(count))
    }

    /// Every message, the newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().rev()
    }

    /// At most `count` messages before number `before`, oldest first, and whether there are still older ones.
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
        let mut backlog = Backlog::default();
        assert_eq!(numbers(backlog.since(0).0), (None, 0));
        assert!(!backlog.since(0).1);
        for seq in 1..=600 {
            backlog.push(said(seq, "oi"));
        }
        assert_eq!(backlog.seq(), 600);
        assert_eq!(numbers(backlog.last(50)), (Some(551), 50));
        assert_eq!((numbers(backlog.since(598).0), backlog.since(598).1), ((Some(599), 2), false));
        assert_eq!((numbers(backlog.since(100).0), backlog.since(100).1), ((Some(101), 500), false));
        assert_eq!((numbers(backlog.since(99).0), backlog.since(99).1), ((Some(101), 500), true));
        assert_eq!((numbers(backlog.before(200, 10).0), backlog.before(200, 10).1), ((Some(190), 10), true));
        assert_eq!((numbers(backlog.before(105, 10).0), backlog.before(105, 10).1), ((Some(101), 4), false));
        backlog.push(said(601, &"x".repeat(MAX_BYTES)));
        assert_eq!(numbers(backlog.last(50)), (Some(601), 1));
    }
}
