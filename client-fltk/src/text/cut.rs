//! The beginning of a text.

use unicode_segmentation::UnicodeSegmentation as _;

/// As many whole graphemes of `text` as have at most `max` characters together; the first `max` characters of a single
/// grapheme that is longer.
pub fn cut(text: &str, max: usize) -> &str {
    let too_far = text.char_indices().nth(max).map_or(text.len(), |(end, _)| end);
    if too_far == text.len() {
        return text;
    }
    let boundaries = text.grapheme_indices(true).map(|(start, _)| start);
    let end = boundaries.take_while(|&start| start <= too_far).last().filter(|&end| end > 0);
    &text[..end.unwrap_or(too_far)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_grapheme_is_cut() {
        let family = "👩\u{200d}💻";
        for (text, max, expected) in [
            ("", 3, ""),
            ("abc", 3, "abc"),
            ("abcd", 3, "abc"),
            ("ae\u{301}", 2, "a"),
            ("ae\u{301}b", 3, "ae\u{301}"),
            (&format!("a{family}b"), 3, "a"),
            (&format!("a{family}b"), 4, &format!("a{family}")),
            ("e\u{301}\u{301}", 2, "e\u{301}"),
        ] {
            assert_eq!(cut(text, max), expected, "{text} {max}");
        }
    }
}
