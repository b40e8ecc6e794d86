//! Public messages: the numbering of public messages, the last of them, and the notices between them.

use papo_common::{Event, LogId, Message, Notice, Text};

use super::backlog::Backlog;
use super::notices::{Notices, interleave};
use super::removal::Removed;

/// Public messages and notices, as far as memory goes.
#[derive(Debug)]
pub struct Channel {
    /// The numbering of messages.
    pub(super) log: LogId,
    /// The number of the last public message before the lesson: that one and all before it are shown to nobody.
    pub(super) lesson_start: u64,
    pub(super) backlog: Backlog,
    pub(super) notices: Notices,
    pub(super) removed: Removed,
    /// The number of the last public message of earlier runs.
    seq_at_start: u64,
}

impl Channel {
    /// Nothing has been said; messages are numbered under `log`.
    pub(super) fn new(log: LogId) -> Channel {
        Channel {
            log,
            lesson_start: 0,
            backlog: Backlog::default(),
            notices: Notices::default(),
            removed: Removed::default(),
            seq_at_start: 0,
        }
    }

    /// Goes on where an earlier run ended, with its numbering, messages, notices and removals.
    pub(super) fn restored(
        log: LogId,
        lesson_start: u64,
        backlog: Backlog,
        notices: Notices,
        removed: Removed,
    ) -> Channel {
        Channel { log, lesson_start, notices, removed, seq_at_start: backlog.seq(), backlog }
    }

    /// The number of public messages that were sent in this run of the server.
    pub fn messages_sent(&self) -> u64 {
        self.backlog.seq() - self.seq_at_start
    }

    /// Whether memory holds the public message with that number.
    pub fn has_message(&self, seq: u64) -> bool {
        self.backlog.contains(seq)
    }

    /// Whether that message was removed, as far as memory goes.
    pub fn has_removed(&self, seq: u64) -> bool {
        self.removed.contains(seq)
    }

    /// The last `count` public messages, oldest first, with the notices between them.
    pub fn last_messages(&self, count: usize) -> Vec<Event> {
        self.page(u64::MAX, count).0
    }

    /// At most `count` messages of those before number `before`, oldest first, with the notices between them, and whether
    /// there are still older ones.
    pub(super) fn page(&self, before: u64, count: usize) -> (Vec<Event>, bool) {
        let (messages, more) = self.backlog.before(before, count);
        let messages: Vec<Message> = messages.cloned().collect();
        let after = messages.first().filter(|_| more).map_or(0, |first| first.seq);
        let messages = messages.into_iter().map(Event::Message).collect();
        (interleave(messages, self.notices.between(after.., before)), more)
    }

    /// Whether a page is whole: neither a message nor a notice of it is missing in memory.
    pub(super) fn is_whole(&self, page: &[Event], more: bool) -> bool {
        let first = page.iter().find_map(|event| if let Event::Message(it) = event { Some(it.seq) } else { None });
        more && first.is_some_and(|first| self.notices.reaches(first))
    }

    /// Adds a notice of the operator after the last message. `at` is the time, Unix ms.
    pub(super) fn add_notice(&mut self, text: Text, at: u64) -> Notice {
        let notice = Notice { text, at, after: Some(self.backlog.seq()), log: None };
        self.notices.push(notice.clone());
        notice
    }

    /// Begins a lesson: what was said so far is shown to nobody any more, and numbers go on under `log`.
    pub(super) fn begin_lesson(&mut self, log: LogId) {
        (self.log, self.lesson_start) = (log, self.backlog.seq());
        self.backlog.clear();
        self.notices = Notices::default();
    }

    /// Removes a message for good.
    pub(super) fn remove(&mut self, seq: u64) {
        self.backlog.remove(seq);
        self.removed.add(seq);
    }
}
