//! The server's clock, as far as its events tell: lines that this window adds itself take their time from it, so that they
//! stand on the same day as what is said around them, however wrong the clock of this machine is.

use papo_common::Event;

/// The difference between the server's clock and this machine's.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    /// The server's time minus this machine's, in ms.
    offset: i64,
}

impl ServerClock {
    /// Takes the time of something that happened just now.
    pub(crate) fn note(&mut self, event: &Event, now: u64) {
        if let Some(at) = time(event) {
            self.offset = at.cast_signed().saturating_sub(now.cast_signed());
        }
    }

    /// Takes the time of something that happened earlier: the server's clock is at least as far.
    pub(crate) fn note_past(&mut self, event: &Event, now: u64) {
        if time(event).is_some_and(|at| at > self.time(now)) {
            self.note(event, now);
        }
    }

    /// The server's time when it is `now` on this machine, both Unix time in ms.
    pub(crate) fn time(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.offset)
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
