//! Identities on the wire: random numbers, written as hexadecimal strings.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! hexadecimal {
    ($(#[$doc:meta])* $type:ident($inner:ty), digits = $digits:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $type($inner);

        impl $type {
            /// How many hexadecimal digits it has on the wire.
            pub const DIGITS: u32 = $digits;

            /// Takes its identity from random bits; those beyond its width are ignored.
            pub const fn from_random(bits: u128) -> Self {
                Self((bits & (u128::MAX >> (128 - 4 * $digits))) as $inner)
            }

            /// The bits it was made of, for whoever keeps it, or a hash of it, outside of this program.
            pub const fn to_bits(self) -> u128 {
                self.0 as u128
            }

            pub(crate) fn parse(text: &str) -> Option<Self> {
                let digits = text.len() == $digits && text.bytes().all(|b| b.is_ascii_hexdigit());
                digits.then(|| <$inner>::from_str_radix(text, 16).ok()).flatten().map(Self)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&format_args!("{:0width$x}", self.0, width = $digits))
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| D::Error::custom("not an identity"))
            }
        }
    };
}

hexadecimal! {
    /// A member's public id: new with each session, the same when that session comes back. 40 random bits,
    /// 10 digits on the wire.
    MemberId(u64), digits = 10
}

hexadecimal! {
    /// The id of one numbering of public messages. Where it differs from the one remembered, remembered sequence
    /// numbers mean nothing. 64 random bits, 16 digits on the wire.
    LogId(u64), digits = 16
}

hexadecimal! {
    /// The id of one run of the server. Where it differs from the one remembered, all that the server keeps in memory
    /// alone is gone: private messages, and which of them it was asked to send. 64 random bits, 16 digits on the wire.
    RunId(u64), digits = 16
}

hexadecimal! {
    /// The secret by which a member proves that it is the one who was here before. 128 random bits, 32 digits on
    /// the wire; `Debug` never shows it.
    Session(u128), digits = 32
}

impl fmt::Debug for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemberId({:010x})", self.0)
    }
}

impl fmt::Debug for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogId({:016x})", self.0)
    }
}

impl fmt::Debug for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunId({:016x})", self.0)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let session = Session::from_random(bits);
            let json = serde_json::to_string(&session).unwrap();
            assert_eq!(serde_json::from_str::<Session>(&json).unwrap(), session);
        }
    }

    #[test]
    fn anything_else_is_no_identity() {
        for json in ["\"\"", "\"123\"", "\"+123456789\"", "\"12345678901\"", "\"g000000000\"", "7", "null"] {
            assert!(serde_json::from_str::<MemberId>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_session_is_never_shown() {
        assert_eq!(format!("{:?}", Session::from_random(77)), "Session(…)");
    }
}
