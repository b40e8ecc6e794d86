//! Breaking texts into lines: where UAX 14 allows it, and between graphemes where even that leaves a line too wide.

use std::ops::Range;

use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation as _;

/// Words up to this many bytes are measured whole. Longer ones are added up from their graphemes first, since a few of
/// them could otherwise cost more than everything else in the window.
pub(crate) const WHOLE: usize = 64;
/// The number of times that a line cut out of a long word is measured again, to use up the room that the sum of its
/// graphemes left free.
const STRETCHES: usize = 2;

/// The lines of `text` at most `width` wide, as byte ranges without the white space at their ends. `\n` breaks, a line
/// may break where UAX 14 allows it but for the `//` of a URL, and a word wider than a whole line breaks between
/// graphemes. `measure` tells how wide a part is; it is asked for each word up to [`WHOLE`] bytes and for each
/// grapheme of longer ones, and a few times for each line of those.
pub(crate) fn wrap(text: &str, width: f32, measure: impl FnMut(&str) -> f32) -> Vec<Range<usize>> {
    let mut breaker = Breaker { text, width, measure, lines: Vec::new() };
    let mut start = 0;
    for paragraph in text.split('\n') {
        breaker.wrap_paragraph(start..start + paragraph.len());
        start += paragraph.len() + 1;
    }
    breaker.lines
}

struct Breaker<'a, M> {
    text: &'a str,
    width: f32,
    measure: M,
    lines: Vec<Range<usize>>,
}

impl<M: FnMut(&str) -> f32> Breaker<'_, M> {
    fn wrap_paragraph(&mut self, paragraph: Range<usize>) {
        let mut line = paragraph.start..paragraph.start;
        // The width of the line, and of the white space behind it.
        let (mut used, mut space) = (0.0, 0.0);
        for word in words(self.text, paragraph) {
            let wide = self.width_up_to(word.text.clone(), self.width);
            if used + space + wide <= self.width {
                used += space + wide;
                line.end = word.text.end;
            } else {
                if line.end > line.start {
                    self.lines.push(line);
                }
                line = word.text;
                used = wide;
                if wide > self.width {
                    (line.start, used) = self.break_word(line.clone());
                }
            }
            space = (self.measure)(&self.text[word.space]);
        }
        self.lines.push(line);
    }

    /// The width of a word. A long word is added up only until it is wider than `limit`; the sum is returned then.
    fn width_up_to(&mut self, word: Range<usize>, limit: f32) -> f32 {
        let word = &self.text[word];
        let mut sum = 0.0;
        if word.len() > WHOLE {
            for grapheme in word.graphemes(true) {
                sum += (self.measure)(grapheme);
                if sum > limit {
                    return sum;
                }
            }
        }
        (self.measure)(word)
    }

    /// Breaks a word that is wider than a line. Returns where its last piece begins, and the width of that piece.
    fn break_word(&mut self, mut rest: Range<usize>) -> (usize, f32) {
        loop {
            let (end, wide) = self.fitting(rest.clone());
            if end == rest.end {
                return (rest.start, wide);
            }
            self.lines.push(rest.start..end);
            rest.start = end;
        }
    }

    /// The part of `word` that fits into a line: its end and its width. At least one grapheme, so that every line makes
    /// progress.
    fn fitting(&mut self, word: Range<usize>) -> (usize, f32) {
        let text = &self.text[word.clone()];
        let mut graphemes =
            text.grapheme_indices(true).map(|(at, grapheme)| (at + grapheme.len(), grapheme)).peekable();
        // For each grapheme its end, and the sum of the widths up to there, each grapheme measured on its own.
        let mut ends: Vec<(usize, f32)> = Vec::new();
        let (mut sum, mut room, mut wide) = (0.0, self.width, 0.0);
        // Letters that join are narrower than they are alone: then there is room for more.
        for _ in 0..=STRETCHES {
            let known = ends.len();
            while let Some((end, grapheme)) = graphemes.peek() {
                let next = sum + (self.measure)(grapheme);
                if next > room && !ends.is_empty() {
                    break;
                }
                sum = next;
                ends.push((*end, sum));
                graphemes.next();
            }
            if ends.len() == known {
                break;
            }
            wide = (self.measure)(&text[..ends.last().map_or(0, |end| end.0)]);
            if wide > self.width {
                break;
            }
            room = sum * self.width / wide.max(1.0);
        }
        let (end, wide) = self.shortened(text, &ends, wide);
        (word.start + end, wide)
    }

    /// The longest of `ends`, the last of which is `wide`, that fits, or nearly so; the first if none does.
    fn shortened(&mut self, text: &str, ends: &[(usize, f32)], mut wide: f32) -> (usize, f32) {
        let (mut count, mut least) = (ends.len(), 1);
        while wide > self.width && count > 1 {
            let room = ends.get(count - 1).map_or(0.0, |end| end.1) * self.width / wide;
            let shorter = ends.partition_point(|end| end.1 <= room);
            count = shorter.min(count.saturating_sub(least)).max(1);
            least *= 2;
            wide = (self.measure)(&text[..ends.get(count - 1).map_or(0, |end| end.0)]);
        }
        (ends.get(count.max(1) - 1).map_or(text.len(), |end| end.0), wide)
    }
}

/// A stretch of text that no line break may fall into, with the white space behind it.
struct Word {
    text: Range<usize>,
    space: Range<usize>,
}

fn words(text: &str, paragraph: Range<usize>) -> impl Iterator<Item = Word> {
    let source = &text[paragraph.clone()];
    let mut start = 0;
    let breaks = linebreaks(source).map(|(at, _)| at).filter(|&at| at == source.len() || !source[..at].ends_with("//"));
    breaks.map(move |end| {
        let word = source[start..end].trim_end();
        let middle = start + word.len();
        let word = Word {
            text: paragraph.start + start..paragraph.start + middle,
            space: paragraph.start + middle..paragraph.start + end,
        };
        start = end;
        word
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Measures every grapheme as one unit wide.
    fn even(part: &str) -> f32 {
        part.graphemes(true).count() as f32
    }

    #[track_caller]
    fn check(text: &str, width: usize, expected: &[&str]) {
        let lines = wrap(text, width as f32, even);
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
        check("\ta\n", 10, &["\ta", ""]);
    }

    #[test]
    fn lines_break_where_the_standard_allows() {
        check("http://wiki.local/sala/de/aula", 18, &["http://wiki.local/", "sala/de/aula"]);
        check("veja http://a.b/c", 12, &["veja", "http://a.b/c"]);
        check("http://abc", 8, &["http://a", "bc"]);
        check("guarda-chuva", 8, &["guarda-", "chuva"]);
        check("(a) b) «c» d!", 6, &["(a) b)", "«c» d!"]);
        check("10\u{a0}kg e", 4, &["10\u{a0}k", "g e"]);
        check("1.234,56 R$ 7", 9, &["1.234,56", "R$ 7"]);
        check("日本語の文", 2, &["日本", "語の", "文"]);
        check("日本。", 2, &["日", "本。"]);
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

    /// Graphemes alone are wider than in a word, as in Arabic, or narrower: lines are full all the same.
    #[test]
    fn a_line_of_a_long_word_is_as_wide_as_its_letters_are_together() {
        let text = "abcde".repeat(100);
        for (alone, together) in [(1.5, 1.0), (1.0, 1.25), (1.0, 1.0)] {
            let measure = |part: &str| if part.len() == 1 { alone } else { part.len() as f32 * together };
            let lines = wrap(&text, 20.0, measure);
            let full = (20.0 / together) as usize;
            assert!(lines.iter().rev().skip(1).all(|line| line.len() == full), "{alone} {together}: {lines:?}");
        }
    }

    #[test]
    fn a_long_word_is_not_measured_again_and_again() {
        for text in ["abcdé".repeat(20_000), "a/".repeat(50_000), "e\u{301}".repeat(50_000)] {
            for width in [1, 7, 80, 1_000, 100_000] {
                let (mut measured, mut calls) = (0, 0);
                let lines = wrap(&text, width as f32, |part| {
                    measured += part.len();
                    calls += 1;
                    even(part)
                });
                assert!(lines.iter().all(|line| even(&text[line.clone()]) <= width as f32));
                assert!(measured < 6 * text.len(), "{measured} bytes for {}, {width} a line", text.len());
                assert!(calls < 5 * text.len(), "{calls} times for {}, {width} a line", text.len());
            }
        }
    }

    #[test]
    fn a_line_of_a_long_word_is_measured_as_a_whole_a_few_times() {
        let text = "aBcD0123".repeat(512);
        let mut long = 0;
        let lines = wrap(&text, 80.0, |part| {
            long += usize::from(part.len() > 8);
            even(part)
        });
        assert_eq!(lines.len(), text.len().div_ceil(80));
        assert!(long <= 2 * lines.len(), "{long}");
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost(text in "([a-z]{1,9}|[ \n\t/-]|é|日|e\u{301}|👨‍👩‍👧|\\PC){0,40}", width in 0..30_u8) {
            let lines = wrap(&text, f32::from(width), even);
            let mut at = 0;
            for line in lines {
                prop_assert!(line.start >= at && text[at..line.start].trim().is_empty());
                let shown = &text[line.clone()];
                prop_assert!(even(shown) <= f32::from(width) || even(shown.trim_start()) <= 1.0);
                at = line.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
