//! A key as the text field sees it: told by itself, so that it can be pressed later.

use std::ops::Range;

use fltk::app;
use fltk::enums::{Event, Key};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::core::message::Message;
use crate::view::keymap;

/// What was pressed, or pasted.
#[derive(Clone, Debug)]
pub(super) enum Pressed {
    /// It goes into the field.
    Text(String),
    /// What it does hangs on what stands in the field by then.
    Key { key: Key, is_shift: bool, is_ctrl: bool },
    /// It means the same wherever the focus is.
    Everywhere(Message),
}

/// What a key made of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edited {
    /// These bytes go.
    pub(super) removed: Range<usize>,
    /// Then the caret stands here,
    pub(super) caret: usize,
    /// and up to here it is selected.
    pub(super) mark: usize,
}

impl Pressed {
    /// With Ctrl.
    pub(super) const PASTE: Key = Key::from_char('v');
    /// With Ctrl.
    pub(super) const COPY: Key = Key::from_char('c');
    /// With Ctrl.
    pub(super) const CUT: Key = Key::from_char('x');
    /// With Ctrl.
    pub(super) const UNDO: Key = Key::from_char('z');
    const ALL: Key = Key::from_char('a');

    /// What the event is, if it is one that has to do with text.
    pub(super) fn of(event: Event) -> Option<Pressed> {
        match event {
            Event::Paste => Some(Pressed::Text(app::event_text())),
            Event::KeyDown => Some(keymap::message(event).map_or_else(Pressed::here, Pressed::Everywhere)),
            _ => None,
        }
    }

    fn here() -> Pressed {
        let text = app::event_text();
        let is_command = app::is_event_ctrl() || app::is_event_alt() || app::is_event_command();
        // AltGr, which types characters beyond ASCII, may come as Ctrl with Alt.
        if text.is_empty() || text.contains(char::is_control) || is_command && text.is_ascii() {
            return Pressed::Key {
                key: app::event_key(),
                is_shift: app::is_event_shift(),
                is_ctrl: app::is_event_ctrl(),
            };
        }
        Pressed::Text(text)
    }

    /// Whether it is one of these keys.
    pub(super) fn is(&self, keys: &[Key]) -> bool {
        matches!(self, Pressed::Key { key, .. } if keys.contains(key))
    }

    /// Whether Shift was down.
    pub(super) fn is_shift(&self) -> bool {
        matches!(self, Pressed::Key { is_shift: true, .. })
    }

    /// Whether it goes over or removes a character that is composed of several: FLTK's field would stop within it.
    pub(super) fn meets_composed(&self, text: &str, caret: usize, mark: usize) -> bool {
        let &Pressed::Key { key, is_ctrl: false, .. } = self else { return false };
        let Some((before, after)) = text.split_at_checked(caret) else { return false };
        let met = match key {
            Key::BackSpace if caret == mark => before.graphemes(true).next_back(),
            Key::Delete if caret == mark => after.graphemes(true).next(),
            Key::Left => before.graphemes(true).next_back(),
            Key::Right => after.graphemes(true).next(),
            _ => None,
        };
        met.is_some_and(|grapheme| grapheme.chars().nth(1).is_some())
    }

    /// What FLTK's field makes of `text` by it; `None` for keys that are not worth imitating: whoever moves by words
    /// does not do it while the window is busy.
    pub(super) fn edited(&self, text: &str, caret: usize, mark: usize) -> Option<Edited> {
        let &Pressed::Key { key, is_shift, is_ctrl } = self else { return None };
        let (before, after) = text.split_at_checked(caret)?;
        let left = || caret - before.graphemes(true).next_back().map_or(0, str::len);
        let right = || caret + after.graphemes(true).next().map_or(0, str::len);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = || after.find('\n').map_or(text.len(), |at| caret + at);
        let remove = |start, end| Some(Edited { removed: start..end, caret: start, mark: start });
        let goes_to = match key {
            Key::BackSpace | Key::Delete if caret != mark => return remove(caret.min(mark), caret.max(mark)),
            Key::BackSpace if !is_ctrl => return remove(left(), caret),
            Key::Delete if !is_ctrl => return remove(caret, right()),
            Pressed::ALL if is_ctrl => return Some(Edited { removed: 0..0, caret: text.len(), mark: 0 }),
            Key::Home => {
                if is_ctrl {
                    0
                } else {
                    line
                }
            }
            Key::End => {
                if is_ctrl {
                    text.len()
                } else {
                    line_end()
                }
            }
            Key::Left if !is_ctrl => left(),
            Key::Right if !is_ctrl => right(),
            Key::Up => in_column_of(text, line, caret, line.checked_sub(1).map(|end| line_of(text, end))),
            Key::Down => in_column_of(text, line, caret, Some(line_end() + 1).filter(|&next| next <= text.len())),
            _ => return None,
        };
        Some(Edited { removed: 0..0, caret: goes_to, mark: if is_shift { mark } else { goes_to } })
    }
}

/// Where the line begins that ends at `end`.
fn line_of(text: &str, end: usize) -> usize {
    text.get(..end).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

/// As many characters into the line at `other` as the caret is in its own; without such a line where it is.
fn in_column_of(text: &str, line: usize, caret: usize, other: Option<usize>) -> usize {
    let column = text.get(line..caret).map_or(0, |before| before.graphemes(true).count());
    let Some(other) = other else { return caret };
    let end = text.get(other..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| other + at);
    let ends = text.get(other..end).unwrap_or_default().grapheme_indices(true).map(|(at, _)| other + at);
    ends.chain([end]).nth(column).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` is the caret, `[` the other end of what is selected.
    fn marked(text: &str) -> (String, usize, usize) {
        let plain = text.replace(['|', '['], "");
        let at = |sign: char, other: char| text.find(sign).map(|at| text[..at].replace(other, "").len());
        let caret = at('|', '[').unwrap();
        (plain, caret, at('[', '|').unwrap_or(caret))
    }

    #[track_caller]
    fn check(key: Key, modifiers: &str, text: &str, expected: &str) {
        let pressed = Pressed::Key { key, is_shift: modifiers.contains('S'), is_ctrl: modifiers.contains('C') };
        let (mut text, caret, mark) = marked(text);
        let edited = pressed.edited(&text, caret, mark).unwrap();
        text.replace_range(edited.removed, "");
        assert_eq!((text, edited.caret, edited.mark), marked(expected), "{key:?}");
    }

    #[test]
    fn composed_characters_are_met_where_they_are() {
        for (key, modifiers, text, expected) in [
            (Key::BackSpace, "", "a👨‍👩‍👧|b", true),
            (Key::BackSpace, "", "👨‍👩‍👧a|", false),
            (Key::BackSpace, "", "[👨‍👩‍👧|", false),
            (Key::BackSpace, "C", "👨‍👩‍👧|", false),
            (Key::Delete, "", "|e\u{301}b", true),
            (Key::Left, "S", "a🇧🇷|", true),
            (Key::Right, "", "|❤️", true),
            (Key::Right, "", "❤️|", false),
            (Key::Right, "", "|😀", false),
            (Key::Up, "", "🇧🇷|", false),
        ] {
            let pressed = Pressed::Key { key, is_shift: modifiers.contains('S'), is_ctrl: modifiers.contains('C') };
            let (text, caret, mark) = marked(text);
            assert_eq!(pressed.meets_composed(&text, caret, mark), expected, "{text} {key:?}");
        }
    }

    #[test]
    fn keys_do_what_they_do_in_any_field() {
        for (key, modifiers, text, expected) in [
            (Key::BackSpace, "", "aé|b", "a|b"),
            (Key::BackSpace, "", "|b", "|b"),
            (Key::BackSpace, "", "a[bc|d", "a|d"),
            (Key::Delete, "", "a|éb", "a|b"),
            (Key::Delete, "", "a|bc[d", "a|d"),
            (Key::Delete, "", "a|", "a|"),
            (Key::Left, "", "aé|", "a|é"),
            (Key::Left, "S", "aé|", "a|é["),
            (Key::Right, "", "|👨‍👩‍👧", "👨‍👩‍👧|"),
            (Key::Home, "", "um\ndo|is", "um\n|dois"),
            (Key::Home, "C", "um\ndo|is", "|um\ndois"),
            (Key::End, "", "u|m\ndois", "um|\ndois"),
            (Key::End, "C", "u|m\ndois", "um\ndois|"),
            (Key::Up, "", "um\ndo|is", "um|\ndois"),
            (Key::Up, "", "um\ndois|", "um|\ndois"),
            (Key::Up, "", "u|m", "u|m"),
            (Key::Down, "", "u|m\ndois", "um\nd|ois"),
            (Key::Down, "", "um|\n", "um\n|"),
            (Key::Down, "", "u|m", "u|m"),
            (Key::from_char('a'), "C", "u|m", "[um|"),
        ] {
            check(key, modifiers, text, expected);
        }
    }
}
