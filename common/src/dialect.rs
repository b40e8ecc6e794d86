//! Which of the two dialects a connection speaks.

use crate::{Event, classic, json};

/// A dialect of the wire. Both share one port; a connection's first byte tells which it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Lines of text, for `nc` and students' programs.
    Classic,
    /// JSON lines, for the Papo client.
    Json,
}

/// The byte order mark, as some programs put it in front of UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

impl Dialect {
    /// Both, for whoever encodes something for all.
    pub const ALL: [Dialect; 2] = [Dialect::Classic, Dialect::Json];

    /// The dialect of a connection that begins with `bytes`, a byte order mark in front of them left out; `None` if they
    /// do not tell yet.
    pub fn of(bytes: &[u8]) -> Option<Dialect> {
        let first = if bytes.len() < BOM.len() && BOM.starts_with(bytes) {
            None
        } else {
            bytes.strip_prefix(BOM).unwrap_or(bytes).first()
        };
        first.map(|&first| if first == b'{' { Dialect::Json } else { Dialect::Classic })
    }

    /// Appends `event` as whole lines; nothing where this dialect has no word for it.
    pub fn encode(self, event: &Event, out: &mut Vec<u8>) {
        match self {
            Dialect::Classic => classic::encode(event, out),
            Dialect::Json => json::encode(event, out),
        }
    }

    /// Whether the member whom a broadcast is about (who came, or who spoke) is told too: a classic newcomer sees
    /// itself come, a JSON sender takes its own message for the receipt.
    pub fn echoes_to_subject(self, event: &Event) -> bool {
        match self {
            Dialect::Classic => !matches!(event, Event::Message(_)),
            Dialect::Json => matches!(event, Event::Message(_)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        use Dialect::*;
        for (bytes, dialect) in [
            (&b""[..], None),
            (b"{", Some(Json)),
            (b"a{", Some(Classic)),
            (b"\n{", Some(Classic)),
            (b"\xef\xbb\xbf{\"type\"", Some(Json)),
            (b"\xef\xbb\xbfbia", Some(Classic)),
            (b"\xef", None),
            (b"\xef\xbb\xbf", None),
            (b"\xef\xb7\xba", Some(Classic)),
        ] {
            assert_eq!(Dialect::of(bytes), dialect, "{bytes:x?}");
        }
    }
}
