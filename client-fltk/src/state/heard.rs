//! How far one has heard, so that coming back tells only what is new.

use papo_common::{Event, LogId, Notice, RunId, Welcome};

use super::removal::Removed;

/// The last numbers that one was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// The server's run in which one was there last; its memory of private messages lasts as long.
    pub(super) run: Option<RunId>,
    /// The numbering that `seq` belongs to.
    pub(super) log: Option<LogId>,
    /// The last public message; 0 before the first.
    pub(super) seq: u64,
    /// The last private message of this session; 0 before the first.
    pub(super) pseq: u64,
    /// The messages of that numbering that were taken back.
    pub(super) removed: Removed,
}

impl Heard {
    /// Forgets the numbers that mean nothing any more under this welcome.
    pub(super) fn goes_on_with(&mut self, welcome: &Welcome, is_fresh: bool) {
        self.run = welcome.run;
        // A session goes on under another numbering only where a lesson began meanwhile: numbers go on too, then.
        if is_fresh || (self.log != Some(welcome.log) && !welcome.resumed) {
            (self.seq, self.removed) = (0, Removed::default());
        }
        self.log = Some(welcome.log);
        if !welcome.resumed {
            self.pseq = 0;
        }
    }

    /// Whether that was not told yet.
    pub(super) fn is_news(&self, event: &Event) -> bool {
        match event {
            Event::Message(message) => message.seq > self.seq,
            Event::Private(private) => private.pseq > self.pseq,
            Event::Notice(notice) => notice.after.is_none_or(|after| after >= self.seq),
            _ => true,
        }
    }

    /// That is told now.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Message(message) => self.seq = self.seq.max(message.seq),
            Event::Private(private) => self.pseq = self.pseq.max(private.pseq),
            // A lesson begins: numbers go on under another log.
            Event::Notice(Notice { log: log @ Some(_), .. }) => self.log = *log,
            _ => {}
        }
    }
}
