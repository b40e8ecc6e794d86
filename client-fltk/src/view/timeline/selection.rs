//! The selection in a conversation, kept as items and bytes: neither new messages nor a new width change it.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::core::ItemId;

/// A position in the texts of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// The item.
    pub(super) item: ItemId,
    /// The byte in its text.
    pub(super) byte: usize,
}

/// A selection, from the point where it was begun to the point where its moving end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) anchor: Point,
    pub(super) head: Point,
}

impl Selection {
    /// Whether nothing is selected.
    pub(super) fn is_empty(self) -> bool {
        self.anchor == self.head
    }
}

/// A selection from top to bottom, by the indices of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selected {
    /// The index of the first row, and the byte in its text.
    pub(super) first: (usize, usize),
    /// The same for the last row.
    pub(super) last: (usize, usize),
}

impl Selected {
    /// The selected part of `text`, the text of row `index`. The text may have changed since it was selected: bytes
    /// that are no longer character boundaries are moved to one.
    pub(super) fn within(self, index: usize, text: &str) -> Option<Range<usize>> {
        let Selected { first, last } = self;
        if index < first.0 || index > last.0 {
            return None;
        }
        let start = if index == first.0 { floor_boundary(text, first.1) } else { 0 };
        let end = if index == last.0 { floor_boundary(text, last.1) } else { text.len() };
        (start < end).then_some(start..end)
    }
}

/// The word, or the run of other characters, at `byte`.
pub(super) fn word_at(text: &str, byte: usize) -> Range<usize> {
    let words = text.split_word_bound_indices().map(|(at, word)| at..at + word.len());
    let mut last = 0..0;
    for word in words {
        if byte < word.end {
            return word;
        }
        last = word;
    }
    last
}

/// The start of a grapheme, or the end of the text, that is nearest to `x`; `measure` gives the width of a prefix of
/// the text.
pub(super) fn byte_at(line: &str, x: f32, mut measure: impl FnMut(&str) -> f32) -> usize {
    let mut ends: Vec<usize> = line.grapheme_indices(true).map(|(at, _)| at).collect();
    ends.push(line.len());
    let after = ends.partition_point(|&end| measure(&line[..end]) <= x);
    let (Some(&before), after) = (ends.get(after.saturating_sub(1)), ends.get(after)) else { return 0 };
    let Some(&after) = after else { return before };
    let middle = f32::midpoint(measure(&line[..before]), measure(&line[..after]));
    if x < middle { before } else { after }
}

/// `range`, made longer so that it cuts no grapheme of `text`.
pub(super) fn whole_graphemes(text: &str, range: Range<usize>) -> Range<usize> {
    if text.is_ascii() {
        return range;
    }
    let graphemes = text.grapheme_indices(true).map(|(at, grapheme)| at..at + grapheme.len());
    let mut covered = graphemes.skip_while(|it| it.end <= range.start).take_while(|it| it.start < range.end);
    let Some(first) = covered.next() else { return range };
    let end = covered.last().map_or(first.end, |last| last.end);
    first.start..end
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(first: (usize, usize), last: (usize, usize)) -> Selected {
        Selected { first, last }
    }

    #[test]
    fn it_covers_what_lies_between() {
        let selected = selected((1, 2), (3, 1));
        assert_eq!(selected.within(0, "abc"), None);
        assert_eq!(selected.within(1, "abc"), Some(2..3));
        assert_eq!(selected.within(2, "abc"), Some(0..3));
        assert_eq!(selected.within(3, "abc"), Some(0..1));
        assert_eq!(selected.within(4, "abc"), None);
    }

    #[test]
    fn a_text_that_changed_under_it_is_not_cut_inside_a_character() {
        assert_eq!(selected((1, 0), (1, 3)).within(1, "aé"), Some(0..3));
        assert_eq!(selected((1, 0), (1, 2)).within(1, "aé"), Some(0..1));
        assert_eq!(selected((1, 5), (1, 9)).within(1, "aé"), None);
    }

    #[test]
    fn words() {
        let text = "olá, João_1 😀";
        for (byte, expected) in [(0, "olá"), (2, "olá"), (4, ","), (6, "João_1"), (99, "😀")] {
            assert_eq!(&text[word_at(text, byte)], expected, "{byte}");
        }
        assert_eq!(word_at("", 0), 0..0);
    }

    #[test]
    fn what_is_marked_is_whole() {
        for (text, range, expected) in [
            ("👩\u{200d}💻 oi", 7..11, "👩\u{200d}💻"),
            ("um 👩\u{200d}💻 dois", 1..9, "m 👩\u{200d}💻"),
            ("e\u{301}a", 0..1, "e\u{301}"),
            ("olá", 0..4, "olá"),
            ("oi", 0..1, "o"),
            ("é", 0..0, ""),
        ] {
            assert_eq!(&text[whole_graphemes(text, range)], expected, "{text}");
        }
    }

    #[test]
    fn points_are_between_graphemes() {
        let measure = |text: &str| 10.0 * text.graphemes(true).count() as f32;
        for (x, expected) in [(-5.0, 0), (4.0, 0), (6.0, 1), (14.0, 1), (16.0, 3), (99.0, 4)] {
            assert_eq!(byte_at("aéb", x, measure), expected, "{x}");
        }
        assert_eq!(byte_at("", 3.0, measure), 0);
    }
}
