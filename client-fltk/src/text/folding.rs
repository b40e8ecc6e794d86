//! Where what is looked for stands in a text, and who is meant in it.

use std::ops::Range;

use icu_casemap::CaseMapper;
use papo_common::fold::fold_char;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Where `needle`, folded, stands in `text`, of which `folded` is the folded form: in bytes of `text`, at character
/// boundaries, from left to right, not overlapping. Accents that stand as characters of their own go with their letter.
pub fn ranges(text: &str, folded: &str, needle: &str) -> Vec<Range<usize>> {
    if needle.is_empty() || !folded.contains(needle) {
        return Vec::new();
    }
    let found = folded.match_indices(needle).map(|(start, part)| start..start + part.len());
    if text.is_ascii() {
        return found.collect();
    }
    let boundaries = boundaries(text);
    let mut ranges: Vec<Range<usize>> = found.map(|range| in_source(&range, &boundaries, text.len())).collect();
    // Both halves of `ß` are the same character.
    ranges.dedup();
    ranges
}

/// Whether `name` stands in `text` as a whole word, whatever its case. Accents count, as they do between names.
pub fn mentions(text: &str, name: &str) -> bool {
    let (text, name) = (fold_case(text), fold_case(name));
    !name.is_empty() && text.match_indices(&name).any(|(start, part)| is_whole_word(&text, start..start + part.len()))
}

fn is_whole_word(text: &str, range: Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|it| it.chars().next_back());
    let after = text.get(range.end..).and_then(|it| it.chars().next());
    !before.is_some_and(is_of_word) && !after.is_some_and(is_of_word)
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || is_combining_mark(character)
}

fn fold_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let composed: String = text.nfc().collect();
    CaseMapper::new().fold_string(&composed).into_owned()
}

/// For each character that leaves something: where that begins in the folded text, and where it stands itself.
fn boundaries(text: &str) -> Vec<(usize, usize)> {
    let (mut boundaries, mut folded) = (Vec::with_capacity(text.len()), String::new());
    let mut at = 0;
    for (source, character) in text.char_indices() {
        folded.clear();
        fold_char(character, &mut folded);
        if !folded.is_empty() {
            boundaries.push((at, source));
            at += folded.len();
        }
    }
    boundaries
}

fn in_source(range: &Range<usize>, boundaries: &[(usize, usize)], length: usize) -> Range<usize> {
    let source = |index: usize| boundaries.get(index).map_or(length, |&(_, source)| source);
    let first = boundaries.partition_point(|&(at, _)| at <= range.start).saturating_sub(1);
    source(first)..source(boundaries.partition_point(|&(at, _)| at < range.end))
}

#[cfg(test)]
mod tests {
    use papo_common::fold::fold;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_found_where() {
        for (text, needle, parts) in [
            ("Ação e reação", "acao", &["Ação", "ação"][..]),
            ("ACAO", "ação", &["ACAO"]),
            ("Joa\u{303}o!", "joão", &["Joa\u{303}o"]),
            ("coraça\u{303}", "a", &["a", "a\u{303}"]),
            ("Straße STRASSE", "strasse", &["Straße", "STRASSE"]),
            ("ß", "s", &["ß"]),
            ("aaa", "aa", &["aa"]),
            ("İstanbul", "istanbul", &["İstanbul"]),
            ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφος", &["ΣΊΣΥΦΟΣ", "σίσυφος"]),
            ("👩\u{200d}💻 oi", "💻", &["💻"]),
            ("हिन्दी", "हिन्दी", &["हिन्दी"]),
            ("oi", "", &[]),
            ("oi", "\u{301}", &[]),
            ("oi", "oie", &[]),
        ] {
            let found = ranges(text, &fold(text), &fold(needle));
            assert_eq!(found.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), parts, "{text} {needle}");
        }
    }

    #[test]
    fn who_is_meant() {
        for (text, name, is_meant) in [
            ("ana", "ana", true),
            ("oi, ANA!", "ana", true),
            ("(ana)", "Ana", true),
            ("@ana vem", "ana", true),
            ("ana:", "ana", true),
            ("semana", "ana", false),
            ("ana2", "ana", false),
            ("ana_b", "ana", false),
            ("banana ana", "ana", true),
            ("anã", "ana", false),
            ("ana\u{303}", "ana", false),
            ("jose", "José", false),
            ("JOSE\u{301}", "José", true),
            ("oi zé-do-caixão!!!", "Zé-do-Caixão!", true),
            ("名前さん", "名前", false),
            ("名前 さん", "名前", true),
            ("", "ana", false),
        ] {
            assert_eq!(mentions(text, name), is_meant, "{text} {name}");
        }
    }

    proptest! {
        #[test]
        fn ranges_are_of_the_text(text in any::<String>(), needle in any::<String>(), from in 0..20_usize) {
            let part: String = text.chars().skip(from).take(3).collect();
            for needle in [needle, part] {
                let mut last = 0;
                for range in ranges(&text, &fold(&text), &fold(&needle)) {
                    prop_assert!(text.get(range.clone()).is_some() && range.start >= last && !range.is_empty());
                    last = range.end;
                }
            }
        }

        #[test]
        fn whatever_stands_there_is_found(text in "\\PC{1,20}", from in 0..20_usize) {
            let part: String = text.chars().skip(from).take(3).collect();
            let found = ranges(&text, &fold(&text), &fold(&part));
            prop_assert!(!found.is_empty() || fold(&part).is_empty());
        }
    }
}
