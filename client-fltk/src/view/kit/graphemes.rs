//! Keys in a text field at characters that are composed of several code points: FLTK's fields know code points alone.

use std::ops::Range;

use fltk::app;
use fltk::enums::{Event, Key};
use fltk::prelude::*;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

/// Handles an event so that it divides no composed character; true if it was done here and FLTK must not see it.
pub(crate) fn handle(input: &mut impl InputExt, event: Event) -> bool {
    if !matches!(event, Event::KeyDown | Event::Paste) {
        return false;
    }
    let text = input.value();
    let before = (input.position().max(0) as usize, input.mark().max(0) as usize);
    let (caret, mark) = (boundary(&text, before.0), boundary(&text, before.1));
    if (caret, mark) != before {
        put(input, caret, mark);
    }
    let is_command = app::is_event_ctrl() || app::is_event_alt() || app::is_event_command();
    if event == Event::Paste || is_command {
        return false;
    }
    let Some(edit) = edit(app::event_key(), app::is_event_shift(), &text, caret, mark) else { return false };
    if !edit.removed.is_empty() {
        // FLTK refuses the keys alone, and not this call.
        if input.readonly() {
            return true;
        }
        input.replace(edit.removed.start as i32, edit.removed.end as i32, "").ok();
        input.do_callback();
    }
    put(input, edit.caret, edit.mark);
    true
}

/// The edit that a key makes in a text.
#[derive(Debug, PartialEq, Eq)]
struct Edit {
    /// The bytes that are removed.
    removed: Range<usize>,
    /// The caret after that.
    caret: usize,
    /// The other end of the selection after that; at the caret if nothing is selected.
    mark: usize,
}

/// The edit that the key makes, if it goes over or removes a character of more than one code point; FLTK does all
/// others right.
fn edit(key: Key, is_shift: bool, text: &str, caret: usize, mark: usize) -> Option<Edit> {
    let (before, after) = text.split_at_checked(caret)?;
    let is_left = matches!(key, Key::BackSpace | Key::Left);
    if !is_left && !matches!(key, Key::Delete | Key::Right) {
        return None;
    }
    let removes = matches!(key, Key::BackSpace | Key::Delete);
    if caret != mark && (removes || !is_shift) {
        return None;
    }
    let met = if is_left { before.graphemes(true).next_back() } else { after.graphemes(true).next() };
    let length = met.filter(|met| met.chars().nth(1).is_some())?.len();
    let to = if is_left { caret - length } else { caret + length };
    Some(match (removes, is_shift) {
        (true, _) => Edit { removed: caret.min(to)..caret.max(to), caret: caret.min(to), mark: caret.min(to) },
        (false, true) => Edit { removed: 0..0, caret: to, mark },
        (false, false) => Edit { removed: 0..0, caret: to, mark: to },
    })
}

/// `at`, or the beginning of the character that it falls into.
fn boundary(text: &str, at: usize) -> usize {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(at),
        _ => at,
    }
}

/// Puts the caret and the other end of the selection at these bytes of the text.
pub(crate) fn put(input: &mut impl InputExt, caret: usize, mark: usize) {
    input.set_position(caret as i32).ok();
    input.set_mark(mark as i32).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with its caret and mark: `|` is the caret, `[` the other end of the selection.
    fn marked(text: &str) -> (String, usize, usize) {
        let plain = text.replace(['|', '['], "");
        let at = |sign: char, other: char| text.find(sign).map(|at| text[..at].replace(other, "").len());
        let caret = at('|', '[').unwrap();
        (plain, caret, at('[', '|').unwrap_or(caret))
    }

    #[test]
    fn composed_characters_are_met_as_wholes() {
        for (key, is_shift, text, expected) in [
            (Key::BackSpace, false, "a👨‍👩‍👧|b", Some("a|b")),
            (Key::BackSpace, false, "👨‍👩‍👧a|", None),
            (Key::BackSpace, false, "[👨‍👩‍👧|", None),
            (Key::BackSpace, false, "|b", None),
            (Key::Delete, false, "|e\u{301}b", Some("|b")),
            (Key::Delete, false, "a|", None),
            (Key::Left, false, "a🇧🇷|", Some("a|🇧🇷")),
            (Key::Left, true, "a🇧🇷|", Some("a|🇧🇷[")),
            (Key::Left, true, "a🇧🇷|b[", Some("a|🇧🇷b[")),
            (Key::Left, false, "[a🇧🇷|", None),
            (Key::Right, false, "|❤️", Some("❤️|")),
            (Key::Right, false, "❤️|", None),
            (Key::Right, false, "|😀", None),
            (Key::Up, false, "🇧🇷|", None),
        ] {
            let (mut plain, caret, mark) = marked(text);
            let made = edit(key, is_shift, &plain, caret, mark).map(|edit| {
                plain.replace_range(edit.removed, "");
                (plain, edit.caret, edit.mark)
            });
            assert_eq!(made, expected.map(marked), "{text} {key:?}");
        }
    }

    #[test]
    fn a_caret_within_a_character_goes_to_its_beginning() {
        let family = "👨‍👩‍👧";
        let text = format!("a{family}e\u{301}");
        for at in 0..=text.len() + 1 {
            let expected = match at {
                0 => 0,
                _ if at <= family.len() => 1,
                _ if at < text.len() => 1 + family.len(),
                _ => text.len(),
            };
            assert_eq!(boundary(&text, at), expected, "{at}");
        }
    }
}
