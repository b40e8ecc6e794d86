//! Comparison of texts by their look: case, and the confusable characters of UTS 39.

use icu_casemap::CaseMapper;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

/// The key that texts of the same look share, whatever their case.
pub(crate) fn look_of(text: &str) -> String {
    let composed: String = text.nfc().collect();
    folded(&composed)
}

/// fold(skeleton(fold(text))) of a composed text: the first fold so that `ANA` has the skeleton of `ana`, the second
/// because skeletons can hold capitals.
pub(crate) fn folded(composed: &str) -> String {
    let folder = CaseMapper::new();
    let seen = unfolded(&folder.fold_string(composed));
    folder.fold_string(&seen).into_owned()
}

/// The skeleton of a composed text as it is spelled: `Iucas` has that of `lucas`, which folding would hide.
pub(crate) fn unfolded(composed: &str) -> String {
    skeleton(composed).collect()
}

/// Whether people read `character` as `@`: also the wide and the small one that input methods for Asian scripts type.
pub fn is_at(character: char) -> bool {
    matches!(character, '@' | '\u{fe6b}' | '\u{ff20}')
}

/// Whether `character` looks like a space, also if Unicode does not count it as one: braille without a dot, a note
/// without a head, hieroglyphs' blanks.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{2800}' | '\u{1d159}' | '\u{13441}' | '\u{13442}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_looks_like_an_at_is_known() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            let compatible: String = text.nfkc().collect();
            let looks_so = compatible == "@" || unfolded(&text) == "@";
            assert_eq!(is_at(character), looks_so, "U+{:04X}", u32::from(character));
        }
    }
}
