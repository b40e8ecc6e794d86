//! Requests of a client to the server, in either dialect.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::limits::{LOOKUP_COST, MAX_COUNT, MAX_LINES};
use crate::{LogToken, SafeInteger, SessionToken};

/// A line that is no request, or no event, of its dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(
    /// The sentence for the person who sent it.
    pub &'static str,
);

/// One request. Names and texts are as they arrived: the room parses them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Asks to enter.
    Hello(Hello),
    /// A public message.
    Say {
        /// The client's number for it; none in the classic dialect.
        #[serde(rename = "ref", deserialize_with = "required")]
        reference: Option<SafeInteger>,
        /// The text.
        text: String,
    },
    /// A message for one other member.
    Private {
        /// The client's number for it; none in the classic dialect.
        #[serde(rename = "ref", deserialize_with = "required")]
        reference: Option<SafeInteger>,
        /// The addressee as typed.
        to: String,
        /// The text.
        text: String,
    },
    /// Older public messages, at most `count` of those with a smaller sequence number than `before`.
    History {
        /// The client's number for it, which stands in the answer too. It is none of those of `say` and `private`.
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<SafeInteger>,
        /// The sequence number below which to look.
        before: SafeInteger,
        /// The most messages to answer with, 1 to [`MAX_COUNT`].
        #[serde(deserialize_with = "count")]
        count: SafeInteger,
    },
    /// Public messages that contain every part of `text` between its white space.
    Search {
        /// As for `history`.
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<SafeInteger>,
        /// The parts to find.
        text: String,
        /// The sequence number below which to look; the newest if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<SafeInteger>,
        /// The most messages to answer with, 1 to [`MAX_COUNT`].
        #[serde(deserialize_with = "count")]
        count: SafeInteger,
    },
    /// Goes for good: nothing is kept.
    Leave,
    /// The answer to a ping.
    Pong,
    /// A type that this version does not know; never sent, ignored where it arrives.
    #[serde(other, skip_serializing)]
    Unknown,
}

impl Request {
    /// The cost of the request, in lines of its sender's rate.
    pub fn cost(&self) -> usize {
        match self {
            Request::Say { reference: Some(_), text } | Request::Private { reference: Some(_), text, .. } => {
                lines(text)
            }
            _ if self.is_slow() => LOOKUP_COST,
            // A text of the classic dialect, which has no number, is one line.
            _ => 1,
        }
    }

    /// Whether the answer may take long: it is looked up in what was said.
    pub fn is_slow(&self) -> bool {
        matches!(self, Request::History { .. } | Request::Search { .. })
    }
}

/// The number of lines that the text has once it is cleaned. A text of more than [`MAX_LINES`] is refused, and costs as
/// much as the longest that is accepted.
fn lines(text: &str) -> usize {
    let text = text.trim();
    let of_two = text.matches("\r\n").count();
    let breaks = text.matches(['\n', '\r', '\u{2028}', '\u{2029}']).count() - of_two;
    (breaks + 1).min(MAX_LINES)
}

/// A request to enter, with what a JSON client knows from an earlier connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The wanted name as typed.
    pub name: String,
    /// The version of the JSON dialect that the client speaks.
    pub version: SafeInteger,
    /// The session to come back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionToken>,
    /// The numbering that `since` belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<LogToken>,
    /// The last public message seen; `None` before the first, which may stand as 0 on the wire too.
    #[serde(default, deserialize_with = "from_zero", skip_serializing_if = "Option::is_none")]
    pub since: Option<SafeInteger>,
    /// The last private message seen, by the session's own count; likewise.
    #[serde(default, deserialize_with = "from_zero", skip_serializing_if = "Option::is_none")]
    pub private_since: Option<SafeInteger>,
}

impl Hello {
    /// The version of the JSON dialect that this crate speaks.
    pub const VERSION: SafeInteger = SafeInteger::ONE;

    /// A first entrance under `name`.
    pub fn new(name: impl Into<String>) -> Hello {
        Hello { name: name.into(), version: Hello::VERSION, session: None, log: None, since: None, private_since: None }
    }
}

/// Reads a number that only the classic dialect leaves out.
fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SafeInteger>, D::Error> {
    SafeInteger::deserialize(deserializer).map(Some)
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SafeInteger, D::Error> {
    let count = SafeInteger::deserialize(deserializer)?;
    if count.value() <= MAX_COUNT { Ok(count) } else { Err(D::Error::custom("count out of range")) }
}

/// Reads a number that counts from 0, which says as much as if it were left out.
fn from_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SafeInteger>, D::Error> {
    match Option::<u64>::deserialize(deserializer)? {
        None | Some(0) => Ok(None),
        Some(number) => SafeInteger::new(number).map(Some).ok_or_else(|| D::Error::custom("number out of range")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{LineBreaks, Text};

    fn say(reference: Option<u64>, text: &str) -> Request {
        Request::Say { reference: reference.and_then(SafeInteger::new), text: text.into() }
    }

    #[test]
    fn costs() {
        for (text, expected) in [
            ("oi", 1),
            ("", 1),
            ("a\nb", 2),
            ("a\r\nb\rc\u{2028}d\u{2029}e\n\nf", 7),
            (" \r\n oi \u{2028}", 1),
            (&"x\n".repeat(3_000), MAX_LINES),
        ] {
            assert_eq!((say(Some(1), text).cost(), say(None, text).cost()), (expected, 1), "{text:?}");
        }
        let one = SafeInteger::ONE;
        let search = Request::Search { reference: None, text: "a\nb".into(), before: None, count: one };
        for slow in [Request::History { reference: None, before: one, count: one }, search] {
            assert!(slow.is_slow() && slow.cost() == LOOKUP_COST);
        }
        assert!(!Request::Pong.is_slow() && Request::Pong.cost() == 1);
    }

    proptest! {
        #[test]
        fn a_text_costs_its_lines(raw in "[ab \r\n\t\u{2028}\u{2029}]{0,30}") {
            let text = Text::clean(&raw, LineBreaks::Keep);
            prop_assert_eq!(say(Some(1), &raw).cost(), text.map_or(1, |text| text.lines().count()));
        }
    }
}
