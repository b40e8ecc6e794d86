//! Names of members.

mod category;
mod reserved;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

use self::category::{Category, category};
use crate::limits::{MAX_NAME, MAX_NAME_MARKS};
use crate::lookalike::{folded, is_at, unfolded};

/// A member's name, in NFC as it is shown, with the keys by which names are compared.
///
/// Two names are equal (`==`) when they differ in case and in confusable characters alone: `Ana`, `ANA` and one with a
/// Cyrillic `А` are equal, `José` and `Jose` are not. In one room two names must differ by [`Name::looks_like`] too,
/// which is wider and, unlike equality, not transitive. Cloning is cheap.
#[derive(Clone)]
pub struct Name {
    /// The name; then its key, unless that is the same; then its look, unless that is the key. One allocation, because
    /// a large room holds ten thousand names.
    parts: Arc<str>,
    /// The length of the name in bytes; [`MAX_NAME`] characters always fit.
    shown: u8,
    /// The length of the key behind the name in bytes.
    key: u16,
}

/// The reason why a text is no name. [`crate::sentences::name_error`] says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing, or nothing but white space.
    Empty,
    /// More than [`MAX_NAME`] characters.
    TooLong,
    /// White space of any kind, `@`, or a character that looks like `@`.
    SpaceOrAt,
    /// A character that is no letter, mark, digit or punctuation; an invisible one; or a third mark in a row.
    Character,
    /// Not one letter or digit.
    NoLetter,
    /// `{` in front, or `:` or `,` at the end.
    Edge,
    /// A reserved word, also with punctuation in it, or the first line of a port scanner.
    Reserved,
}

impl Name {
    /// Parses `text` as a name. White space around it is an error too.
    pub fn parse(text: &str) -> Result<Name, NameError> {
        if text.trim().is_empty() {
            return Err(NameError::Empty);
        }
        if is_far_too_long(text) {
            return Err(NameError::TooLong);
        }
        let shown: String = text.nfc().collect();
        if shown.chars().any(is_at) {
            return Err(NameError::SpaceOrAt);
        }
        check(&shown)?;
        if reserved::is_reserved(&shown) {
            return Err(NameError::Reserved);
        }
        Name::with_keys(shown)
    }

    /// Parses `text` as a name that a server, perhaps of an older version with wider rules, has accepted: it may be
    /// reserved today, or hold a character that looks like `@`, but is harmless to show.
    pub fn recall(text: &str) -> Result<Name, NameError> {
        if is_far_too_long(text) {
            return Err(NameError::TooLong);
        }
        let shown: String = text.nfc().collect();
        check(&shown)?;
        Name::with_keys(shown)
    }

    fn with_keys(shown: String) -> Result<Name, NameError> {
        let (key, look) = (folded(&shown), unfolded(&shown));
        let length = u8::try_from(shown.len()).map_err(|_| NameError::TooLong)?;
        let mut parts = shown;
        if key != parts {
            parts += &key;
        }
        let key_length = u16::try_from(parts.len() - usize::from(length)).map_err(|_| NameError::TooLong)?;
        if look != key {
            parts += &look;
        }
        Ok(Name { parts: parts.into(), shown: length, key: key_length })
    }

    /// The name as people see it.
    pub fn as_str(&self) -> &str {
        &self.parts[..usize::from(self.shown)]
    }

    /// The key that equal names share, for maps.
    pub fn key(&self) -> &str {
        let key = &self.parts[usize::from(self.shown)..][..usize::from(self.key)];
        if key.is_empty() { self.as_str() } else { key }
    }

    /// The key that names of the same look share, without folding their case, for maps.
    pub fn look(&self) -> &str {
        let look = &self.parts[usize::from(self.shown) + usize::from(self.key)..];
        if look.is_empty() { self.key() } else { look }
    }

    /// Whether people may take one name for the other, so that they cannot both be in a room: they are equal, or look
    /// the same as they are spelled, such as `Iucas` and `lucas`.
    pub fn looks_like(&self, other: &Name) -> bool {
        self.key() == other.key() || self.look() == other.look()
    }
}

/// Whether `text` is too long in any form: NFC shortens a text to no less than a third, so it need not be composed
/// first.
fn is_far_too_long(text: &str) -> bool {
    text.chars().nth(4 * MAX_NAME).is_some()
}

fn check(name: &str) -> Result<(), NameError> {
    if name.chars().nth(MAX_NAME).is_some() {
        return Err(NameError::TooLong);
    }
    if name.chars().any(|c| c == '@' || c.is_whitespace()) {
        return Err(NameError::SpaceOrAt);
    }
    let (mut marks, mut letters) = (0, 0);
    for character in name.chars() {
        let category = category(character).ok_or(NameError::Character)?;
        marks = if category == Category::Mark { marks + 1 } else { 0 };
        letters += usize::from(category == Category::LetterOrDigit);
        if marks > MAX_NAME_MARKS {
            return Err(NameError::Character);
        }
    }
    if letters == 0 {
        return Err(NameError::NoLetter);
    }
    if name.starts_with('{') || name.ends_with([':', ',']) {
        return Err(NameError::Edge);
    }
    Ok(())
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({:?})", self.as_str())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Name::recall(&text).map_err(|_| D::Error::custom("not a name"))
    }
}

#[cfg(test)]
mod tests;
