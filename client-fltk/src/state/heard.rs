//! How far one has heard, so that coming back tells only what is new.

use papo_common::{Event, LogId, RunId, Welcome};

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
}

impl Heard {
    /// Forgets the numbers that mean nothing any more under this welcome.
    pub(super) fn goes_on_with(&mut self, welcome: &Welcome, is_fresh: bool) {
        self.run = welcome.run;
        if is_fresh || self.log != Some(welcome.log) {
            (self.log, self.seq) = (Some(welcome.log), 0);
        }
        if !welcome.resumed {
            self.pseq = 0;
        }
    }

    /// Whether that was not told yet.
    pub(super) fn is_news(&self, event: &Event) -> bool {
        match event {
            Event::Message(message) => message.seq > self.seq,
            Event::Private(private) => private.pseq > self.pseq,
            _ => true,
        }
    }

    /// That is told now.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Message(message) => self.seq = self.seq.max(message.seq),
            Event::Private(private) => self.pseq = self.pseq.max(private.pseq),
            _ => {}
        }
    }
}
