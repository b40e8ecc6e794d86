//! Numbers and identities on the wire. Identities are opaque strings: our server writes random numbers as hexadecimal
//! digits and keeps the numbers; a client compares the identities of any server, or sends them back unchanged.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hasher as _};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits::{MAX_IDENTITY, MAX_INTEGER};

/// A whole number on the wire: 1 to 2⁵³−1, so that every language's numbers hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SafeInteger(u64);

impl SafeInteger {
    /// The smallest number.
    pub const ONE: SafeInteger = SafeInteger(1);
    /// The largest number.
    pub const MAX: SafeInteger = SafeInteger(MAX_INTEGER);

    /// The number `value`; `None` outside of 1 to 2⁵³−1.
    pub const fn new(value: u64) -> Option<SafeInteger> {
        if value >= 1 && value <= MAX_INTEGER { Some(SafeInteger(value)) } else { None }
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

macro_rules! hexadecimal {
    ($(#[$doc:meta])* $type:ident($inner:ty), digits = $digits:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $type($inner);

        impl $type {
            /// The number of its hexadecimal digits on the wire.
            pub const DIGITS: u32 = $digits;

            /// Makes an identity of random bits; those beyond its width are ignored.
            pub const fn from_random(bits: u128) -> Self {
                Self((bits & (u128::MAX >> (128 - 4 * $digits))) as $inner)
            }

            /// The bits that the identity was made of, for keeping it, or a hash of it, outside of this program.
            pub const fn to_bits(self) -> u128 {
                self.0 as u128
            }

            /// The identity that `text` writes; `None` for any text that our server does not write.
            fn parse(text: &str) -> Option<Self> {
                let is_digit = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f');
                let digits = text.len() == $digits && text.bytes().all(is_digit);
                digits.then(|| <$inner>::from_str_radix(text, 16).ok()).flatten().map(Self)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:0width$x}", self.0, width = $digits)
            }
        }
    };
}

/// For identities that are compared and never sent back: another server's identity, which may be any string, is kept as
/// a hash of the same width. Two different ones collide no more likely than two identities of our server.
macro_rules! compared {
    ($type:ident) => {
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($type))
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = bounded(deserializer)?;
                Ok(Self::parse(&text).unwrap_or_else(|| Self::from_random(hash(&text).into())))
            }
        }
    };
}

/// For identities that a client sends back: the whole string is kept.
macro_rules! token {
    ($(#[$doc:meta])* $type:ident of $id:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $type(Box<str>);

        impl $type {
            /// The token `text`; `None` if it has more than [`MAX_IDENTITY`] bytes.
            pub fn new(text: &str) -> Option<Self> {
                (text.len() <= MAX_IDENTITY).then(|| Self(text.into()))
            }

            /// The identity that our server wrote as this token; `None` for another server's token.
            pub fn id(&self) -> Option<$id> {
                $id::parse(&self.0)
            }
        }

        impl From<$id> for $type {
            fn from(id: $id) -> Self {
                Self(id.to_string().into())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                bounded(deserializer).map(|text| Self(text.into()))
            }
        }
    };
}

hexadecimal! {
    /// A member's public id: new with each session, the same when that session comes back. 40 random bits,
    /// 10 digits on the wire.
    MemberId(u64), digits = 10
}
compared!(MemberId);

hexadecimal! {
    /// The id of one run of the server. If it differs from the remembered one, everything that the server keeps only in
    /// memory is gone: private messages, and which of them it was asked to send. 64 random bits, 16 digits on the wire.
    RunId(u64), digits = 16
}
compared!(RunId);

hexadecimal! {
    /// The id of one numbering of public messages. If it differs from the remembered one, remembered sequence numbers
    /// mean nothing. 64 random bits, 16 digits on the wire.
    LogId(u64), digits = 16
}
token! {
    /// A [`LogId`] on the wire, of any server.
    LogToken of LogId
}

hexadecimal! {
    /// The secret with which a client takes its session up again. 128 random bits, 32 digits on the wire; `Debug` never
    /// shows it.
    SessionSecret(u128), digits = 32
}
token! {
    /// A [`SessionSecret`] on the wire, of any server; `Debug` never shows it.
    SessionToken of SessionSecret
}

fn bounded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, str>, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    if text.len() <= MAX_IDENTITY { Ok(text) } else { Err(D::Error::custom("identity too long")) }
}

/// A hash of another server's identity, stable within one run of the program: no client remembers identities longer.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl fmt::Debug for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogId({self})")
    }
}

impl fmt::Debug for LogToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogToken({:?})", self.0)
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
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

    #[test]
    fn an_identity_is_a_string_of_fixed_width() {
        let json = |bits| serde_json::to_string(&MemberId::from_random(bits)).unwrap();
        assert_eq!(json(0), r#""0000000000""#);
        assert_eq!(json(u128::MAX), r#""ffffffffff""#);
        assert_eq!(json(0x12_3456_789a), r#""123456789a""#);
    }

    #[test]
    fn an_identity_comes_back_as_it_went() {
        for bits in [0, 1, 0xdead_beef, u128::MAX] {
            let session = SessionSecret::from_random(bits);
            let json = serde_json::to_string(&SessionToken::from(session)).unwrap();
            assert_eq!(serde_json::from_str::<SessionToken>(&json).unwrap().id(), Some(session));
        }
    }

    /// Strings that our server does not write.
    fn foreign() -> Vec<String> {
        let uuid = "0189f7e4-6c1b-7d3a-9c55-2f5b8f3e7a10";
        let others = ["", "7", "+123456789", "g000000000", "123456789A", "12345678901", "🦊", "ção\"\\\n", uuid];
        others.map(str::to_owned).into_iter().chain(["🦊".repeat(64), "a".repeat(256)]).collect()
    }

    #[test]
    fn an_identity_of_another_server_is_told_from_all_others() {
        let ids: Vec<MemberId> =
            foreign().iter().map(|id| serde_json::from_value(id.as_str().into()).unwrap()).collect();
        let again = foreign().iter().map(|id| serde_json::from_value(id.as_str().into()).unwrap()).collect::<Vec<_>>();
        assert_eq!(ids, again);
        let distinct: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
    }

    #[test]
    fn a_token_of_another_server_comes_back_as_it_went() {
        for text in foreign() {
            let json = serde_json::to_string(&text).unwrap();
            let (log, session): (LogToken, SessionToken) =
                (serde_json::from_str(&json).unwrap(), serde_json::from_str(&json).unwrap());
            assert_eq!(
                (serde_json::to_string(&log).unwrap(), serde_json::to_string(&session).unwrap()),
                (json.clone(), json)
            );
            assert_eq!((log.id(), session.id()), (None, None));
        }
    }

    #[test]
    fn anything_else_is_no_identity() {
        let long = format!("\"{}\"", "a".repeat(257));
        for json in [&long, "7", "null", "[]", "{}"] {
            assert!(serde_json::from_str::<MemberId>(json).is_err(), "{json}");
            assert!(serde_json::from_str::<LogToken>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_session_is_never_shown() {
        assert_eq!(format!("{:?}", SessionSecret::from_random(77)), "SessionSecret(…)");
        assert_eq!(format!("{:?}", SessionToken::from(SessionSecret::from_random(77))), "SessionToken(…)");
    }
}
