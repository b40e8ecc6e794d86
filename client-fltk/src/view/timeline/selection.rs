//! What is selected in a conversation, told by items and bytes: neither new messages nor a new width touch it.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::core::Move;

/// A place in the texts of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Point {
    /// The item's number.
    pub(super) number: u64,
    /// The byte in its text.
    pub(super) byte: usize,
}

/// From where the selection was begun to where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) anchor: Point,
    pub(super) head: Point,
}

impl Selection {
    /// The first and the last point.
    pub(super) fn ends(self) -> (Point, Point) {
        (self.anchor.min(self.head), self.anchor.max(self.head))
    }

    /// Whether nothing is selected.
    pub(super) fn is_empty(self) -> bool {
        self.anchor == self.head
    }

    /// Follows what it covers when an item moves. Where that is one of several, and not between the others, it is left
    /// behind: nothing is ever selected that was not.
    pub(super) fn follow(&mut self, moved: Move) {
        let (first, last) = self.ends();
        if first.number != last.number {
            let (start, end) = if self.anchor <= self.head {
                (&mut self.anchor, &mut self.head)
            } else {
                (&mut self.head, &mut self.anchor)
            };
            if start.number == moved.from {
                *start = Point { number: moved.from + 1, byte: 0 };
            } else if end.number == moved.from {
                *end = Point { number: moved.from - 1, byte: usize::MAX };
            }
        }
        for point in [&mut self.anchor, &mut self.head] {
            point.number = moved.number_of(point.number);
        }
    }

    /// What of the `text` of item `number` is selected. An item may have changed since: bytes that are no boundary
    /// any more are moved to one.
    pub(super) fn within(self, number: u64, text: &str) -> Option<Range<usize>> {
        let (first, last) = self.ends();
        if number < first.number || number > last.number || self.is_empty() {
            return None;
        }
        let start = if number == first.number { floor_boundary(text, first.byte) } else { 0 };
        let end = if number == last.number { floor_boundary(text, last.byte) } else { text.len() };
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

/// The start of the grapheme or the end of the text nearest to `x`, given how wide a beginning of the text is.
pub(super) fn byte_at(line: &str, x: f32, mut measure: impl FnMut(&str) -> f32) -> usize {
    let mut ends: Vec<usize> = line.grapheme_indices(true).map(|(at, _)| at).collect();
    ends.push(line.len());
    let after = ends.partition_point(|&end| measure(&line[..end]) <= x);
    let (Some(&before), after) = (ends.get(after.saturating_sub(1)), ends.get(after)) else { return 0 };
    let Some(&after) = after else { return before };
    let middle = f32::midpoint(measure(&line[..before]), measure(&line[..after]));
    if x < middle { before } else { after }
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(anchor: (u64, usize), head: (u64, usize)) -> Selection {
        let point = |(number, byte)| Point { number, byte };
        Selection { anchor: point(anchor), head: point(head) }
    }

    #[test]
    fn it_reads_the_same_in_both_directions() {
        for selected in [selection((1, 2), (3, 1)), selection((3, 1), (1, 2))] {
            assert_eq!(selected.within(0, "abc"), None);
            assert_eq!(selected.within(1, "abc"), Some(2..3));
            assert_eq!(selected.within(2, "abc"), Some(0..3));
            assert_eq!(selected.within(3, "abc"), Some(0..1));
            assert_eq!(selected.within(4, "abc"), None);
        }
    }

    #[test]
    fn it_stays_on_what_it_covers_when_an_item_moves() {
        let moved = Move { from: 3, to: 6 };
        for (before, after) in [
            (((3, 1), (3, 4)), ((6, 1), (6, 4))),
            (((4, 1), (4, 4)), ((3, 1), (3, 4))),
            (((2, 1), (2, 4)), ((2, 1), (2, 4))),
            (((7, 1), (8, 4)), ((7, 1), (8, 4))),
            (((4, 1), (6, 4)), ((3, 1), (5, 4))),
            (((2, 1), (5, 4)), ((2, 1), (4, 4))),
            (((3, 1), (5, 4)), ((3, 0), (4, 4))),
            (((5, 4), (3, 1)), ((4, 4), (3, 0))),
            (((1, 1), (3, 4)), ((1, 1), (2, usize::MAX))),
        ] {
            let mut selection = selection(before.0, before.1);
            selection.follow(moved);
            assert_eq!(selection, crate::view::timeline::selection::tests::selection(after.0, after.1), "{before:?}");
        }
    }

    #[test]
    fn a_text_that_changed_under_it_is_not_cut_inside_a_character() {
        assert_eq!(selection((1, 0), (1, 3)).within(1, "aé"), Some(0..3));
        assert_eq!(selection((1, 0), (1, 2)).within(1, "aé"), Some(0..1));
        assert_eq!(selection((1, 5), (1, 9)).within(1, "aé"), None);
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
    fn points_are_between_graphemes() {
        let measure = |text: &str| 10.0 * text.graphemes(true).count() as f32;
        for (x, expected) in [(-5.0, 0), (4.0, 0), (6.0, 1), (14.0, 1), (16.0, 3), (99.0, 4)] {
            assert_eq!(byte_at("aéb", x, measure), expected, "{x}");
        }
        assert_eq!(byte_at("", 3.0, measure), 0);
    }
}
