//! Names of members: parsed once, right for ever.

mod reserved;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

use crate::lookalike::{folded, is_at, unfolded};

/// A member's name, in NFC as it is shown, with the keys by which names are compared.
///
/// Two names are equal (`==`) when they differ in case and in confusable characters alone: `Ana`, `ANA` and one with a
/// Cyrillic `А` are equal, `José` and `Jose` are not. In one room two names must differ by [`Name::looks_like`] too,
/// which is wider and, unlike equality, not transitive. Cloning is cheap.
#[derive(Clone)]
pub struct Name {
    /// The name; behind it the key unless that is the same; behind that the look unless that is the key: a room of many
    /// holds as many of them.
    parts: Arc<str>,
    /// How many bytes are the name; [`Name::MAX`] characters are never more than fit.
    shown: u8,
    /// How many bytes behind the name are the key.
    key: u16,
}

/// Why a text is no name. [`crate::strings::name_error`] says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing, or nothing but white space.
    Empty,
    /// More than [`Name::MAX`] characters.
    TooLong,
    /// White space of any kind, or `@`, or what looks like it.
    SpaceOrAt,
    /// Neither letter, mark, digit nor punctuation; or invisible; or a third mark in a row.
    Character,
    /// Not one letter or digit.
    NoLetter,
    /// `{` in front, or `:` or `,` at the end.
    Edge,
    /// A word that the server or the wire keeps for itself, also with punctuation, or what port scanners say.
    Reserved,
}

/// The most combining marks that may follow one another; more only serve to smear over other lines.
const MAX_MARKS: usize = 2;

impl Name {
    /// The longest name, in Unicode scalar values after NFC.
    pub const MAX: usize = 32;

    /// Takes `text` for a name as it stands: white space around it is not forgiven. The error says what a name may not
    /// be.
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

    /// Takes `text` for a name that a server has accepted once, an older one perhaps, or this one before its rules were
    /// narrower: harmless to show, but possibly reserved today, or with what looks like `@`.
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

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.parts[..usize::from(self.shown)]
    }

    /// The key that equal names share, for maps.
    pub fn key(&self) -> &str {
        let key = &self.parts[usize::from(self.shown)..][..usize::from(self.key)];
        if key.is_empty() { self.as_str() } else { key }
    }

    /// The key that names share which look the same as they are spelled, for maps.
    pub fn look(&self) -> &str {
        let look = &self.parts[usize::from(self.shown) + usize::from(self.key)..];
        if look.is_empty() { self.key() } else { look }
    }

    /// Whether people may take one for the other, so that they cannot both be in a room: they are equal, or look the same
    /// as they are spelled, such as `Iucas` and `lucas`.
    pub fn looks_like(&self, other: &Name) -> bool {
        self.key() == other.key() || self.look() == other.look()
    }
}

/// NFC never makes more than a third of the characters: such a text need not be composed to be known as no name.
fn is_far_too_long(text: &str) -> bool {
    text.chars().nth(4 * Name::MAX).is_some()
}

fn check(name: &str) -> Result<(), NameError> {
    if name.chars().nth(Name::MAX).is_some() {
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
        if marks > MAX_MARKS {
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Category {
    LetterOrDigit,
    Mark,
    Punctuation,
}

/// `None` for what has no place in a name.
fn category(character: char) -> Option<Category> {
    if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) {
        return None;
    }
    let general = CodePointMapData::<GeneralCategory>::new().get(character);
    if GeneralCategoryGroup::Letter.contains(general) || general == GeneralCategory::DecimalNumber {
        Some(Category::LetterOrDigit)
    } else if GeneralCategoryGroup::Mark.contains(general) {
        Some(Category::Mark)
    } else if GeneralCategoryGroup::Punctuation.contains(general) {
        Some(Category::Punctuation)
    } else {
        None
    }
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names() {
        let long = "ã".repeat(32);
        for good in
            ["ana", "João", "joão.conceição", "a", "7", "Zé-do-Caixão!", "名前", "a:b", "x{", "voce", "Help", &long]
        {
            assert_eq!(Name::parse(good).map(|n| n.as_str().to_owned()), Ok(good.to_owned()));
        }
    }

    #[test]
    fn what_is_no_name() {
        use NameError::*;
        let too_long = "a".repeat(33);
        let endless = "\u{301}".repeat(1_000_000);
        for (bad, why) in [
            ("", Empty),
            ("  \u{3000}\n", Empty),
            (&too_long, TooLong),
            (&endless, TooLong),
            ("ana maria", SpaceOrAt),
            (" ana", SpaceOrAt),
            ("ana\u{a0}maria", SpaceOrAt),
            ("ana\u{2028}", SpaceOrAt),
            ("ana@casa", SpaceOrAt),
            ("ana\u{ff20}casa", SpaceOrAt),
            ("\u{fe6b}ana", SpaceOrAt),
            ("ana\u{0}", Character),
            ("ana\u{1b}[31m", Character),
            ("ana\u{ad}", Character),
            ("a\u{200d}na", Character),
            ("\u{202e}ana", Character),
            ("ana\u{3164}", Character),
            ("ana\u{fe0f}", Character),
            ("ana😀", Character),
            ("a+b", Character),
            ("q\u{323}\u{323}\u{323}", Character),
            ("...", NoLetter),
            ("{ana", Edge),
            ("ana:", Edge),
            ("ana,", Edge),
            ("Servidor", Reserved),
            ("SALA", Reserved),
            ("você", Reserved),
            ("ok", Reserved),
            ("оk", Reserved), // Cyrillic о
            ("nome_em_uso", Reserved),
            ("NOME_INVALIDO", Reserved),
            ("Servidor_Encerrado", Reserved),
            ("Servidor.", Reserved),
            ("\u{2d0}Servidor\u{2d0}", Reserved),
            ("S-a-l-a", Reserved),
            ("S_a_l\u{332}a", Reserved),
            ("SaIa", Reserved),
            ("Aviso·do·servidor", Reserved),
            ("!OK!", Reserved),
            ("NOMEEMUSO", Reserved),
            ("HELP", Reserved),
            ("stats", Reserved),
        ] {
            assert_eq!(Name::parse(bad), Err(why), "{:?}", bad.chars().take(40).collect::<String>());
        }
    }

    #[test]
    fn what_only_holds_a_reserved_word_is_free() {
        for good in ["Ana-Sala", "Saia", "SAIA", "Papoula", "sala2", "Okamoto", "O-Servidor"] {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn names_are_equal_whatever_their_case() {
        let same = |a: &str, b: &str| Name::parse(a).unwrap() == Name::parse(b).unwrap();
        for (a, b) in [("Ana", "ANA"), ("ana", "Аna"), ("jose\u{301}", "José"), ("bob", "b0b"), ("straße", "STRASSE")]
        {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [("José", "Jose"), ("ana", "anna"), ("caio", "caia")] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn names_look_the_same_by_either_rule() {
        let looks = |a: &str, b: &str| Name::parse(a).unwrap().looks_like(&Name::parse(b).unwrap());
        for (a, b) in
            [("Iucas", "lucas"), ("iucas", "IUCAS"), ("Iara", "lara"), ("1ucas", "LUCAS"), ("ｌucas", "lucas")]
        {
            assert!(looks(a, b) && looks(b, a), "{a} {b}");
        }
        for (a, b) in [("Iara", "Lara"), ("iucas", "lucas"), ("José", "Jose")] {
            assert!(!looks(a, b) && !looks(b, a), "{a} {b}");
        }
    }

    #[test]
    fn parts_that_are_the_same_are_stored_once() {
        for (shown, key, look, stored) in
            [("bia", "bia", "bia", 3), ("Bia", "bia", "Bia", 9), ("lima", "lirna", "lirna", 9), ("Il", "il", "ll", 6)]
        {
            let name = Name::parse(shown).unwrap();
            assert_eq!((name.as_str(), name.key(), name.look(), name.parts.len()), (shown, key, look, stored));
        }
    }

    #[test]
    fn what_was_a_name_once_can_be_read() {
        for old in ["Servidor.", "ana\u{ff20}casa", "HELP", "ana"] {
            assert_eq!(Name::recall(old).map(|name| name.as_str().to_owned()), Ok(old.to_owned()));
        }
        for never in ["", "ana maria", "a@b", "\u{202e}ana", "...", &"a".repeat(33)] {
            assert!(Name::recall(never).is_err(), "{never}");
        }
    }

    proptest! {
        #[test]
        fn a_name_parses_to_itself(text in "\\PC{1,12}") {
            if let Ok(name) = Name::parse(&text) {
                let again = Name::parse(name.as_str()).unwrap();
                prop_assert_eq!(again.as_str(), name.as_str());
                prop_assert_eq!((again.key(), again.look()), (name.key(), name.look()));
                prop_assert!(Name::recall(&text).is_ok_and(|recalled| recalled == name));
                prop_assert!(!name.as_str().contains(|c: char| c.is_whitespace() || c.is_control() || is_at(c)));
            }
        }

        #[test]
        fn parsing_any_text_ends_well(text in any::<String>()) {
            let _ = (Name::parse(&text), Name::recall(&text));
        }
    }
}
