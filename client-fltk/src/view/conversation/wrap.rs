//! Breaking texts into lines.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

/// The lines of `text` at most `width` wide, as byte ranges without the white space at their ends. `\n` breaks, white
/// space may break, and a word wider than a whole line breaks between graphemes.
pub(in crate::view) fn wrap(text: &str, width: f32, mut measure: impl FnMut(&str) -> f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(text, start..start + paragraph.len(), width, &mut measure, &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

fn wrap_paragraph(
    text: &str,
    paragraph: Range<usize>,
    width: f32,
    measure: &mut impl FnMut(&str) -> f32,
    lines: &mut Vec<Range<usize>>,
) {
    let mut line = paragraph.start..paragraph.start;
    let mut used = 0.0;
    for token in tokens(text, paragraph) {
        let wide = measure(&text[token.word.clone()]);
        let space = measure(&text[token.space.clone()]);
        if used + space + wide <= width {
            used += space + wide;
            line.end = token.word.end;
            continue;
        }
        if line.end > line.start {
            lines.push(line);
        }
        line = token.word.clone();
        used = wide;
        while used > width {
            let end = fitting(text, line.clone(), width, measure);
            if end == line.end {
                break;
            }
            lines.push(line.start..end);
            line.start = end;
            used = measure(&text[line.clone()]);
        }
    }
    lines.push(line);
}

/// A word with the white space before it.
struct Token {
    space: Range<usize>,
    word: Range<usize>,
}

fn tokens(text: &str, paragraph: Range<usize>) -> impl Iterator<Item = Token> {
    let mut at = paragraph.start;
    std::iter::from_fn(move || {
        let rest = &text[at..paragraph.end];
        let space = rest.len() - rest.trim_start().len();
        let word = rest[space..].find(char::is_whitespace).unwrap_or(rest.len() - space);
        let token = Token { space: at..at + space, word: at + space..at + space + word };
        at = token.word.end;
        (word > 0).then_some(token)
    })
}

/// Where the part of `range` that fits ends; at least one grapheme, so that every line makes progress.
fn fitting(text: &str, range: Range<usize>, width: f32, measure: &mut impl FnMut(&str) -> f32) -> usize {
    // No line holds more: a word of 4 KiB is never measured as a whole again and again.
    const MOST: usize = 400;
    let word = &text[range.clone()];
    let ends: Vec<usize> = word.grapheme_indices(true).map(|(at, g)| at + g.len()).take(MOST).collect();
    let fits = ends.partition_point(|&end| measure(&word[..end]) <= width).max(1);
    ends.get(fits - 1).map_or(range.end, |end| range.start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, width: usize, expected: &[&str]) {
        let lines = wrap(text, width as f32, |part| part.graphemes(true).count() as f32);
        let lines: Vec<&str> = lines.into_iter().map(|line| &text[line]).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        check("olá", 10, &["olá"]);
        check("olá, pessoal", 10, &["olá,", "pessoal"]);
        check("um dois três", 7, &["um dois", "três"]);
        check("um  dois", 4, &["um", "dois"]);
    }

    #[test]
    fn line_breaks_and_indents_are_kept() {
        check("a\n\n  b c", 10, &["a", "", "  b c"]);
        check("", 10, &[""]);
        check("a ", 10, &["a"]);
    }

    #[test]
    fn long_words_break_between_graphemes() {
        check("abcdefgh", 3, &["abc", "def", "gh"]);
        check("oi abcdefgh i", 3, &["oi", "abc", "def", "gh", "i"]);
        check("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2, &["👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧"]);
        check("ab", 0, &["a", "b"]);
    }

    #[test]
    fn an_indent_wider_than_the_line_is_dropped() {
        check("      a b", 3, &["a b"]);
    }
}
