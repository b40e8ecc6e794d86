//! Texts as people compare them in a search: without case and without accents.

use std::sync::LazyLock;

use icu_casemap::CaseMapper;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// Characters whose folded forms stand in a table: all accented Latin letters but the Vietnamese ones, and the
/// combining accents.
const TABLED: std::ops::Range<u32> = 0x80..0x370;

static TABLE: LazyLock<Vec<Box<str>>> = LazyLock::new(|| {
    let folded = |character| {
        let mut folded = String::new();
        fold_by_rule(character, &mut folded);
        folded.into_boxed_str()
    };
    TABLED.map(|number| char::from_u32(number).map(folded).unwrap_or_default()).collect()
});

/// `text` without case and accents: `Ação` and `ACAO` come out the same.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends `text` without case and accents to `folded`. A text folds character by character.
pub fn fold_into(text: &str, folded: &mut String) {
    let start = folded.len();
    let mut rest = text;
    while let Some(length) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let (plain, other) = rest.split_at(length);
        folded.push_str(plain);
        let mut characters = other.chars();
        if let Some(character) = characters.next() {
            fold_char(character, folded);
        }
        rest = characters.as_str();
    }
    folded.push_str(rest);
    // In one pass at the end: no other character folds to a capital letter of ASCII.
    folded[start..].make_ascii_lowercase();
}

/// Appends the folded form of one character: none for an accent, two letters for `ß`.
pub fn fold_char(character: char, folded: &mut String) {
    let number = u32::from(character);
    if character.is_ascii() {
        folded.push(character.to_ascii_lowercase());
    } else if TABLED.contains(&number) {
        folded.push_str(&TABLE[(number - TABLED.start) as usize]);
    } else {
        fold_by_rule(character, folded);
    }
}

/// Appends the folded form of `character` without the table: decomposed, its case folded, without accents.
fn fold_by_rule(character: char, folded: &mut String) {
    let cases = CaseMapper::new();
    let mut bytes = [0; 4];
    for base in character.nfd().filter(|&part| !is_accent(part)) {
        folded.extend(cases.fold_string(base.encode_utf8(&mut bytes)).chars().filter(|&part| !is_accent(part)));
    }
}

/// Whether `character` is an accent above or below a letter. The vowel signs of Indic scripts are not: people read them
/// as letters.
fn is_accent(character: char) -> bool {
    canonical_combining_class(character) != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_rule(text: &str) -> String {
        let mut folded = String::new();
        text.chars().for_each(|character| fold_by_rule(character, &mut folded));
        folded
    }

    #[test]
    fn foldings() {
        for (text, folded) in [
            ("Ação", "acao"),
            ("ACAO", "acao"),
            ("Joa\u{303}o!", "joao!"),
            ("Straße ŉ", "strasse ʼn"),
            ("İstanbul ıI", "istanbul ıi"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("Ế Ặ K", "e a k"),
            ("हिन्दी", "हिनदी"),
            ("試験 😀 C++", "試験 😀 c++"),
            ("\u{301}", ""),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn the_fast_way_is_that_of_the_rule() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            let mut alone = String::new();
            fold_char(character, &mut alone);
            assert_eq!((&fold(&text), &alone), (&by_rule(&text), &by_rule(&text)), "{character:?}");
        }
    }

    proptest! {
        #[test]
        fn a_text_is_folded_as_its_characters_are(text in any::<String>(), latin in "[ -~À-ɏ\u{300}-\u{330}]{0,80}") {
            for text in [text, latin] {
                prop_assert_eq!(fold(&text), by_rule(&text));
                let mut behind = "Á".to_owned();
                fold_into(&text, &mut behind);
                prop_assert_eq!(behind, "Á".to_owned() + &by_rule(&text));
                prop_assert_eq!(fold(&fold(&text)), fold(&text));
            }
        }
    }
}
