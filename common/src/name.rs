//! Names of members: parsed once, right for ever.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use icu_casemap::CaseMapper;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

use crate::classic;

/// A member's name, in NFC as it is shown, with the key by which names are compared.
///
/// Two names are equal when what people see is the same: `Ana`, `ANA` and one with a Cyrillic `А` are equal,
/// `José` and `Jose` are not. Cloning is cheap.
#[derive(Clone)]
pub struct Name {
    /// The name, and behind it the key unless that is the same: a room of many holds as many of them.
    both: Arc<str>,
    /// How many bytes of it are the name; [`Name::MAX`] characters are never more than fit.
    shown: u8,
}

/// Why a text is no name. [`crate::strings::name_error`] says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing, or nothing but white space.
    Empty,
    /// More than [`Name::MAX`] characters.
    TooLong,
    /// White space of any kind, or `@`.
    SpaceOrAt,
    /// Neither letter, mark, digit nor punctuation; or invisible; or a third mark in a row.
    Character,
    /// Not one letter or digit.
    NoLetter,
    /// `{` in front, or `:` or `,` at the end.
    Edge,
    /// A word that the server or the wire keeps for itself.
    Reserved,
}

/// Names that would be taken for the program's own voice.
const RESERVED: [&str; 7] = ["servidor", "sala", "você", "sistema", "papo", "todos", "ok"];

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
        check(&shown)?;
        let key = comparison_key(&shown);
        if is_reserved(&key) {
            return Err(NameError::Reserved);
        }
        let length = u8::try_from(shown.len()).map_err(|_| NameError::TooLong)?;
        let both = if key == shown { shown } else { shown + &key };
        Ok(Name { both: both.into(), shown: length })
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.both[..usize::from(self.shown)]
    }

    /// What equal names have in common; for maps that are asked with [`Name::key_of`].
    pub fn key(&self) -> &str {
        let key = &self.both[usize::from(self.shown)..];
        if key.is_empty() { &self.both } else { key }
    }

    /// The key of any text, such as an addressee as typed; `None` for a text far too long to be a name's, whose key
    /// would be much work for nothing.
    pub fn key_of(text: &str) -> Option<String> {
        (!is_far_too_long(text)).then(|| look_of(text))
    }
}

/// What texts of any length that look the same have in common.
pub(crate) fn look_of(text: &str) -> String {
    let composed: String = text.nfc().collect();
    comparison_key(&composed)
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

/// fold(skeleton(fold(name))) of a composed name: the first fold so that `ANA` has the skeleton of `ana`, the
/// second because skeletons can hold capitals.
fn comparison_key(composed: &str) -> String {
    let folder = CaseMapper::new();
    let seen: String = skeleton(&folder.fold_string(composed)).collect();
    folder.fold_string(&seen).into_owned()
}

fn is_reserved(key: &str) -> bool {
    static KEYS: LazyLock<HashSet<String>> =
        LazyLock::new(|| RESERVED.iter().chain(&classic::WORDS).map(|word| look_of(word)).collect());
    KEYS.contains(key)
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
        Name::parse(&text).map_err(|_| D::Error::custom("not a name"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names() {
        let long = "ã".repeat(32);
        for good in ["ana", "João", "joão.conceição", "a", "7", "Zé-do-Caixão!", "名前", "a:b", "x{", "voce", &long]
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
        ] {
            assert_eq!(Name::parse(bad), Err(why), "{:?}", bad.chars().take(40).collect::<String>());
        }
    }

    #[test]
    fn names_are_the_same_when_they_look_the_same() {
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
    fn a_name_that_is_its_own_key_is_stored_once() {
        for (shown, key, stored) in [("bia", "bia", 3), ("Bia", "bia", 6)] {
            let name = Name::parse(shown).unwrap();
            assert_eq!((name.as_str(), name.key(), name.both.len()), (shown, key, stored));
        }
    }

    #[test]
    fn an_addressee_is_found_by_what_is_seen() {
        assert_eq!(Name::key_of("JOA\u{303}O").as_deref(), Some(Name::parse("João").unwrap().key()));
        assert!(Name::key_of(&"ﷺ".repeat(4 * Name::MAX)).is_some());
        assert_eq!(Name::key_of(&"ﷺ".repeat(4 * Name::MAX + 1)), None);
    }

    proptest! {
        #[test]
        fn a_name_parses_to_itself(text in "\\PC{1,12}") {
            if let Ok(name) = Name::parse(&text) {
                let again = Name::parse(name.as_str()).unwrap();
                prop_assert_eq!(again.as_str(), name.as_str());
                prop_assert_eq!(again.key(), name.key());
                prop_assert!(!name.as_str().contains(|c: char| c.is_whitespace() || c.is_control() || c == '@'));
            }
        }

        #[test]
        fn parsing_any_text_ends_well(text in any::<String>()) {
            let _ = Name::parse(&text);
            let _ = Name::key_of(&text);
        }
    }
}
