//! How far one has heard, so that coming back tells only what is new.

use papo_common::{Event, LogId, Private, Welcome};

/// The last numbers that one was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// The numbering that `seq` belongs to.
    pub(super) log: Option<LogId>,
    /// The last public message; 0 before the first.
    pub(super) seq: u64,
    /// The last private message of this session; 0 before the first.
    pub(super) pseq: u64,
    /// That message itself: whether the server still has it shows what else it remembers.
    last_private: Option<Private>,
}

impl Heard {
    /// Forgets the numbers that mean nothing any more under this welcome.
    pub(super) fn goes_on_with(&mut self, welcome: &Welcome, is_fresh: bool) {
        if is_fresh || self.log != Some(welcome.log) {
            (self.log, self.seq) = (Some(welcome.log), 0);
        }
        if !welcome.resumed {
            (self.pseq, self.last_private) = (0, None);
        }
    }

    pub(super) fn last_private(&self) -> Option<&Private> {
        self.last_private.as_ref()
    }

    /// The number from which on private messages are wanted, to learn whether the server remembers the last one. Where it
    /// does not, it gives that number to the next one.
    pub(super) fn before_last_private(&self) -> u64 {
        self.last_private.as_ref().map_or(self.pseq, |private| private.pseq.saturating_sub(1))
    }

    /// The server does not remember any private message.
    pub(super) fn forget_privates(&mut self) {
        self.pseq = self.before_last_private();
        self.last_private = None;
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
            Event::Private(private) if private.pseq > self.pseq => {
                (self.pseq, self.last_private) = (private.pseq, Some(private.clone()));
            }
            _ => {}
        }
    }
}
