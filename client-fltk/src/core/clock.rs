//! This machine's clock, and the server's as far as its events tell: lines that this window adds itself take their time
//! from the server's, so that they stand on the same day as what is said around them, however wrong the clock of this
//! machine is.

use papo_common::Event;

/// The time of the message that is being handled.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// This machine's time, Unix time in ms.
    pub(crate) now: u64,
    /// The server's time minus this machine's, in ms.
    offset: i64,
}

impl Clock {
    /// Forgets the server's clock: the next server has another.
    pub(crate) fn forget_server(&mut self) {
        self.offset = 0;
    }

    /// Takes the time of something that happened just now.
    pub(crate) fn note(&mut self, event: &Event) {
        if let Some(at) = time(event) {
            self.offset = at.cast_signed().saturating_sub(self.now.cast_signed());
        }
    }

    /// Takes the time of something that happened earlier: the server's clock is at least as far.
    pub(crate) fn note_past(&mut self, event: &Event) {
        if time(event).is_some_and(|at| at > self.server_time()) {
            self.note(event);
        }
    }

    /// The server's time, Unix time in ms.
    pub(crate) fn server_time(&self) -> u64 {
        self.now.saturating_add_signed(self.offset)
    }
}

fn time(event: &Event) -> Option<u64> {
    match event {
        Event::Message(message) => Some(message.at),
        Event::Private(private) => Some(private.at),
        Event::Notice(notice) => Some(notice.at),
        Event::Joined { at, .. } | Event::Left { at, .. } => Some(*at),
        _ => None,
    }
}
