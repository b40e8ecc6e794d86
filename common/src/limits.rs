//! Every number of the wire. `PROTOCOL.md` tells them to people; the tests hold both together.

use serde::{Deserialize, Serialize};

/// The TCP port where a server listens unless told otherwise.
pub const DEFAULT_PORT: u16 = 12345;

/// The longest name, in Unicode scalar values after NFC.
pub const MAX_NAME: usize = 32;
/// The most combining marks that may follow one another in a name: more only serve to smear over other lines.
pub const MAX_NAME_MARKS: usize = 2;
/// The most combining marks that may follow one another in a text, the others are dropped: no script needs more, and
/// they smear over the lines above and below.
pub const MAX_TEXT_MARKS: usize = 4;
/// The most lines of a text.
pub const MAX_LINES: usize = 200;
/// The most names in one list of users of the classic dialect.
pub const MAX_LISTED: usize = 100;
/// The most messages that one `history` or `search` may ask for.
pub const MAX_COUNT: u64 = 200;
/// The most bytes of an identity.
pub const MAX_IDENTITY: usize = 256;
/// The largest whole number: 2⁵³−1, so that every language's numbers hold it.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;
/// The cost of one `history` or `search`, in lines of its sender's rate.
pub const LOOKUP_COST: usize = 5;

/// The most bytes of a line, its end not counted, where texts have at most `text` bytes: enough for a text with every
/// character escaped. A longer line closes the connection.
pub const fn max_line(text: usize) -> usize {
    6 * text + 1024
}

/// Limits of the names and texts that a server accepts, and of the time for which it keeps the name of a member that is
/// away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest name, in Unicode scalar values.
    pub name: usize,
    /// The longest text, in bytes of UTF-8.
    pub text: usize,
    /// The most lines in a text.
    pub lines: usize,
    /// The time for which the name of a member whose connection broke, and private messages for it, are kept, in ms; 0
    /// if they are not.
    #[serde(default = "default_keep")]
    pub keep: u64,
}

impl Default for Limits {
    /// The limits of a server whose operator has chosen no others.
    fn default() -> Limits {
        Limits { name: MAX_NAME, text: 4096, lines: MAX_LINES, keep: default_keep() }
    }
}

/// Assumed of a server that does not tell.
fn default_keep() -> u64 {
    60_000
}
