//! Which of the two dialects a connection speaks.

use crate::{Event, classic, native};

/// A dialect of the wire. Both share one port; a connection's first byte tells which it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Lines of text, for `nc` and students' programs.
    Classic,
    /// JSON lines, for the Papo client.
    Native,
}

impl Dialect {
    /// Both, for whoever encodes something for all.
    pub const ALL: [Dialect; 2] = [Dialect::Classic, Dialect::Native];

    /// The dialect of a connection that begins with `first`.
    pub fn of(first: u8) -> Dialect {
        if first == b'{' { Dialect::Native } else { Dialect::Classic }
    }

    /// Appends `event` as whole lines; nothing where this dialect has no word for it.
    pub fn encode(self, event: &Event, out: &mut Vec<u8>) {
        match self {
            Dialect::Classic => classic::encode(event, out),
            Dialect::Native => native::encode(event, out),
        }
    }

    /// Whether the member whom a broadcast is about (who came, or who spoke) is told too: a classic newcomer sees
    /// itself come, a native sender takes its own message for the receipt.
    pub fn tells_subject(self, event: &Event) -> bool {
        match self {
            Dialect::Classic => !matches!(event, Event::Message(_)),
            Dialect::Native => matches!(event, Event::Message(_)),
        }
    }
}
