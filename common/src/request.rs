//! What a client asks of the server, in either dialect.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{LogId, Session};

/// A whole number on the wire: 1 to 2⁵³−1, so that every language's numbers hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Number(u64);

impl Number {
    /// The largest number that may stand on the wire.
    pub const MAX: Number = Number((1 << 53) - 1);

    /// `None` outside of 1 to 2⁵³−1.
    pub const fn new(value: u64) -> Option<Number> {
        if value >= 1 && value <= Number::MAX.0 { Some(Number(value)) } else { None }
    }

    /// The plain number.
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        let value = u64::deserialize(deserializer)?;
        Number::new(value).ok_or_else(|| D::Error::custom("number out of range"))
    }
}

/// One request. Names and texts are as they arrived: whoever acts on them parses them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Wants to enter.
    Hello(Hello),
    /// A public message.
    Say {
        /// The client's number for it; none in the classic dialect.
        #[serde(rename = "ref", deserialize_with = "present")]
        reference: Option<Number>,
        /// What is said.
        text: String,
    },
    /// A message for one other member.
    Private {
        /// The client's number for it; none in the classic dialect.
        #[serde(rename = "ref", deserialize_with = "present")]
        reference: Option<Number>,
        /// The addressee as typed.
        to: String,
        /// What is said.
        text: String,
    },
    /// Older public messages, at most `count` of those with a smaller sequence number than `before`.
    History {
        /// The sequence number below which to look.
        before: Number,
        /// How many, 1 to [`Request::MAX_COUNT`].
        #[serde(deserialize_with = "count")]
        count: Number,
    },
    /// Public messages that contain `text`.
    Search {
        /// What to look for.
        text: String,
        /// The sequence number below which to look; the newest if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Number>,
        /// How many, 1 to [`Request::MAX_COUNT`].
        #[serde(deserialize_with = "count")]
        count: Number,
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
    /// The most messages that one `history` or `search` may ask for.
    pub const MAX_COUNT: u64 = 200;
}

/// The wish to enter, and what a native client knows from an earlier connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The wanted name as typed.
    pub name: String,
    /// The version of the native dialect that the client speaks.
    pub version: Number,
    /// The session to come back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Session>,
    /// The numbering that `since` belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogId>,
    /// The last public message seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Number>,
    /// The last private message seen, by the session's own count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_since: Option<Number>,
}

impl Hello {
    /// A first entrance under `name`.
    pub fn new(name: impl Into<String>) -> Hello {
        let version = Number(crate::VERSION);
        Hello { name: name.into(), version, session: None, log: None, since: None, private_since: None }
    }
}

/// A number that the native dialect demands.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Number>, D::Error> {
    Number::deserialize(deserializer).map(Some)
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
    let count = Number::deserialize(deserializer)?;
    if count.value() > Request::MAX_COUNT { Err(D::Error::custom("count out of range")) } else { Ok(count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_between_one_and_two_to_the_53() {
        let max = (1 << 53) - 1;
        for (value, good) in [(0, false), (1, true), (max, true), (max + 1, false), (u64::MAX, false)] {
            assert_eq!(Number::new(value).is_some(), good, "{value}");
            assert_eq!(serde_json::from_str::<Number>(&value.to_string()).is_ok(), good, "{value}");
        }
        for json in ["-1", "1.0", "1e3", "\"1\"", "null", "true", "[1]"] {
            assert!(serde_json::from_str::<Number>(json).is_err(), "{json}");
        }
    }
}
