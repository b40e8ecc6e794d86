//! Resume point: the last sequence numbers that were heard, told on coming back so that the server replays only what was
//! missed.

use std::collections::VecDeque;

use papo_common::{Event, LogToken, Notice, RunId, Text, Welcome};

/// The last sequence numbers that were heard.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResumePoint {
    /// The run of the server that was heard last; its memory of private messages lasts as long.
    pub(crate) run: Option<RunId>,
    /// The numbering that `seq` belongs to.
    pub(crate) log: Option<LogToken>,
    /// The last public message; 0 before the first.
    pub(crate) seq: u64,
    /// The last private message of this session; 0 before the first.
    pub(crate) pseq: u64,
    /// The notices since that message, each with its time: coming back tells them again. Cleared from sight, they stay so.
    notices: VecDeque<(u64, Text)>,
}

impl ResumePoint {
    /// A welcome tells no more of them.
    const MAX_NOTICES: usize = 50;

    /// Whether the known numbers mean something under this welcome. A session goes on under another numbering only where
    /// a lesson began meanwhile: numbers go on too, then.
    pub(crate) fn is_same_log(&self, welcome: &Welcome) -> bool {
        welcome.resumed || self.log.as_ref() == Some(&welcome.log)
    }

    /// Forgets the numbers that mean nothing any more under this welcome.
    pub(crate) fn goes_on_with(&mut self, welcome: &Welcome, is_continued: bool) {
        if !(is_continued && self.is_same_log(welcome)) {
            self.seq = 0;
            self.notices.clear();
        }
        (self.run, self.log) = (welcome.run, Some(welcome.log.clone()));
        if !welcome.resumed {
            self.pseq = 0;
        }
    }

    /// Whether that event was not heard yet.
    pub(crate) fn is_news(&self, event: &Event) -> bool {
        match event {
            Event::Message(message) => message.seq > self.seq,
            Event::Private(private) => private.pseq > self.pseq,
            Event::Notice(Notice { text, at, after, .. }) => {
                let is_known = self.notices.iter().any(|(time, heard)| time == at && heard == text);
                !is_known && after.is_none_or(|after| after >= self.seq)
            }
            _ => true,
        }
    }

    /// Notes that event as heard.
    pub(crate) fn note(&mut self, event: &Event) {
        match event {
            Event::Message(message) if message.seq > self.seq => {
                self.seq = message.seq;
                self.notices.clear();
            }
            Event::Private(private) => self.pseq = self.pseq.max(private.pseq),
            Event::Notice(notice) => {
                // A lesson begins: numbers go on under another log.
                self.log = notice.log.clone().or_else(|| self.log.take());
                self.notices.push_back((notice.at, notice.text.clone()));
                if self.notices.len() > ResumePoint::MAX_NOTICES {
                    self.notices.pop_front();
                }
            }
            _ => {}
        }
    }
}
