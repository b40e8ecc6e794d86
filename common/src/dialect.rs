//! The two dialects, and how a connection shows which it speaks.

use crate::Event;

/// A dialect of the wire. Both share one port; a connection's first byte tells which it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Lines of text, for `nc` and students' programs.
    Classic,
    /// JSON lines, for the Papo client.
    Json,
}

/// The byte order mark that some programs put in front of UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

impl Dialect {
    /// Both, for encoding a broadcast.
    pub const ALL: [Dialect; 2] = [Dialect::Classic, Dialect::Json];

    /// The dialect of a connection that begins with `bytes`, not counting a byte order mark; `None` if more bytes are
    /// needed to tell.
    pub fn of(bytes: &[u8]) -> Option<Dialect> {
        let first = if bytes.len() < BOM.len() && BOM.starts_with(bytes) {
            None
        } else {
            bytes.strip_prefix(BOM).unwrap_or(bytes).first()
        };
        first.map(|&first| if first == b'{' { Dialect::Json } else { Dialect::Classic })
    }

    /// Whether a broadcast also goes to its subject, the member that came or spoke: a classic newcomer sees its own
    /// coming, and the sender of a JSON message takes that copy as the receipt.
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
