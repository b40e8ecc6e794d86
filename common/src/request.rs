//! What a client asks of the server, in either dialect.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::fields::{Fields, Key};
use crate::{LogToken, SessionToken};

/// A whole number on the wire: 1 to 2⁵³−1, so that every language's numbers hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SafeInteger(u64);

impl SafeInteger {
    /// The largest number that may stand on the wire.
    pub const MAX: SafeInteger = SafeInteger((1 << 53) - 1);

    /// `None` outside of 1 to 2⁵³−1.
    pub const fn new(value: u64) -> Option<SafeInteger> {
        if value >= 1 && value <= SafeInteger::MAX.0 { Some(SafeInteger(value)) } else { None }
    }

    /// The plain number.
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for SafeInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SafeInteger, D::Error> {
        let value = u64::deserialize(deserializer)?;
        SafeInteger::new(value).ok_or_else(|| D::Error::custom("number out of range"))
    }
}

/// A line that is no request, or no event, of its dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(
    /// The sentence for the person who sent it.
    pub &'static str,
);

/// One request. Names and texts are as they arrived: whoever acts on them parses them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Wants to enter.
    Hello(Hello),
    /// A public message.
    Say {
        /// The client's number for it; none in the classic dialect.
        #[serde(rename = "ref")]
        reference: Option<SafeInteger>,
        /// What is said.
        text: String,
    },
    /// A message for one other member.
    Private {
        /// The client's number for it; none in the classic dialect.
        #[serde(rename = "ref")]
        reference: Option<SafeInteger>,
        /// The addressee as typed.
        to: String,
        /// What is said.
        text: String,
    },
    /// Older public messages, at most `count` of those with a smaller sequence number than `before`.
    History {
        /// The client's number for it, which stands in the answer too. It is none of those of `say` and `private`.
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<SafeInteger>,
        /// The sequence number below which to look.
        before: SafeInteger,
        /// How many, 1 to [`Request::MAX_COUNT`].
        count: SafeInteger,
    },
    /// Public messages that contain every part of `text` between its white space.
    Search {
        /// As for `history`.
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<SafeInteger>,
        /// What to look for.
        text: String,
        /// The sequence number below which to look; the newest if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<SafeInteger>,
        /// How many, 1 to [`Request::MAX_COUNT`].
        count: SafeInteger,
    },
    /// Goes for good: nothing is kept.
    Leave,
    /// The answer to a ping.
    Pong,
    /// A type that this version does not know; never sent, ignored where it arrives.
    #[serde(skip_serializing)]
    Unknown,
}

impl Request {
    /// The most messages that one `history` or `search` may ask for.
    pub const MAX_COUNT: u64 = 200;

    /// Whether it asks for what was said, which may take long to answer.
    pub fn is_question(&self) -> bool {
        matches!(self, Request::History { .. } | Request::Search { .. })
    }
}

/// The wish to enter, and what a JSON client knows from an earlier connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<SafeInteger>,
    /// The last private message seen, by the session's own count; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_since: Option<SafeInteger>,
}

impl Hello {
    /// A first entrance under `name`.
    pub fn new(name: impl Into<String>) -> Hello {
        let version = SafeInteger(crate::VERSION);
        Hello { name: name.into(), version, session: None, log: None, since: None, private_since: None }
    }
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Request, D::Error> {
        let mut fields = Fields::deserialize(deserializer)?;
        request(&mut fields).ok_or_else(|| D::Error::custom("not a request"))
    }
}

/// `None` if a field that the type needs is not there, or there twice, or holds something else.
fn request(fields: &mut Fields<'_>) -> Option<Request> {
    Some(match &*fields.text(Key::Type)? {
        "hello" => Request::Hello(hello(fields)?),
        "say" => Request::Say { reference: Some(fields.number(Key::Ref)?), text: fields.text(Key::Text)?.into() },
        "private" => Request::Private {
            reference: Some(fields.number(Key::Ref)?),
            to: fields.text(Key::To)?.into(),
            text: fields.text(Key::Text)?.into(),
        },
        "history" => Request::History {
            reference: optional(fields, Key::Ref, Fields::number)?,
            before: fields.number(Key::Before)?,
            count: count(fields)?,
        },
        "search" => Request::Search {
            reference: optional(fields, Key::Ref, Fields::number)?,
            text: fields.text(Key::Text)?.into(),
            before: optional(fields, Key::Before, Fields::number)?,
            count: count(fields)?,
        },
        "leave" => Request::Leave,
        "pong" => Request::Pong,
        _ => Request::Unknown,
    })
}

fn hello(fields: &mut Fields<'_>) -> Option<Hello> {
    Some(Hello {
        name: fields.text(Key::Name)?.into(),
        version: fields.number(Key::Version)?,
        session: optional(fields, Key::Session, |fields, key| SessionToken::new(&fields.text(key)?))?,
        log: optional(fields, Key::Log, |fields, key| LogToken::new(&fields.text(key)?))?,
        since: optional(fields, Key::Since, Fields::number_from_zero)?.flatten(),
        private_since: optional(fields, Key::PrivateSince, Fields::number_from_zero)?.flatten(),
    })
}

/// What `read` makes of a field that may be left out; `None` if it can make nothing of what stands there.
#[allow(clippy::option_option, reason = "left out, and wrong, are two different things")]
fn optional<'de, T>(
    fields: &mut Fields<'de>,
    key: Key,
    read: impl FnOnce(&mut Fields<'de>, Key) -> Option<T>,
) -> Option<Option<T>> {
    if fields.has(key) { read(fields, key).map(Some) } else { Some(None) }
}

fn count(fields: &mut Fields<'_>) -> Option<SafeInteger> {
    fields.number(Key::Count).filter(|count| count.value() <= Request::MAX_COUNT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_between_one_and_two_to_the_53() {
        let max = (1 << 53) - 1;
        for (value, good) in [(0, false), (1, true), (max, true), (max + 1, false), (u64::MAX, false)] {
            assert_eq!(SafeInteger::new(value).is_some(), good, "{value}");
            assert_eq!(serde_json::from_str::<SafeInteger>(&value.to_string()).is_ok(), good, "{value}");
        }
        for json in ["-1", "1.0", "1e3", "\"1\"", "null", "true", "[1]"] {
            assert!(serde_json::from_str::<SafeInteger>(json).is_err(), "{json}");
        }
    }
}
