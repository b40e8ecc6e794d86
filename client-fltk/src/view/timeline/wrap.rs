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
        if wide > width {
            line.start = break_word(text, token.word, width, measure, lines);
            used = measure(&text[line.clone()]);
        }
    }
    lines.push(line);
}

/// Breaks a word that is wider than a line, and returns where its last piece begins.
fn break_word(
    text: &str,
    mut rest: Range<usize>,
    width: f32,
    measure: &mut impl FnMut(&str) -> f32,
    lines: &mut Vec<Range<usize>>,
) -> usize {
    loop {
        let end = fitting(text, rest.clone(), width, measure);
        if end == rest.end {
            return rest.start;
        }
        lines.push(rest.start..end);
        rest.start = end;
    }
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
    let word = &text[range.clone()];
    let mut graphemes = word.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len());
    let mut fits = |&end: &usize| measure(&word[..end]) <= width;
    let (mut ends, mut fitting) = (Vec::new(), 0);
    // In steps that double: what is far behind the end of the line is not even looked at.
    loop {
        ends.extend(graphemes.by_ref().take(ends.len().max(1)));
        if ends.len() == fitting || !ends.last().is_some_and(&mut fits) {
            break;
        }
        fitting = ends.len();
    }
    fitting += ends.get(fitting..).map_or(0, |rest| rest.partition_point(fits));
    ends.get(fitting.max(1) - 1).map_or(range.end, |end| range.start + end)
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
    fn a_long_word_is_not_measured_again_and_again() {
        let text = "abcdé".repeat(20_000);
        for width in [1, 7, 80, 1_000, 100_000] {
            let mut measured = 0;
            let lines = wrap(&text, width as f32, |part| {
                measured += part.len();
                part.graphemes(true).count() as f32
            });
            let longest = lines.iter().map(|line| text[line.clone()].graphemes(true).count()).max();
            assert_eq!((lines.len(), longest), (100_000_usize.div_ceil(width), Some(width)));
            assert!(measured < 20 * text.len(), "{measured} bytes for {}, {width} a line", text.len());
        }
    }

    #[test]
    fn an_indent_wider_than_the_line_is_dropped() {
        check("      a b", 3, &["a b"]);
    }
}
