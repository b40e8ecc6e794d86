//! Texts of messages: cleaned once, harmless from then on.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use icu_properties::props::{
    DefaultIgnorableCodePoint, Emoji, EmojiModifier, ExtendedPictographic, GeneralCategory, GeneralCategoryGroup,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits::{Limits, MAX_TEXT_MARKS};
use crate::lookalike::is_blank;

/// The text of a message: no bidirectional or invisible character, and no control character but tabs and `\n`, its only
/// line break; not blank, no blank line at either end, no white space at its end. Indentation stays, for program code.
/// Cloning is cheap.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Arc<str>);

/// Treatment of line breaks and tabs inside a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineBreaks {
    /// They stay, line breaks as `\n`.
    Keep,
    /// Each becomes a space.
    Space,
}

/// The reason why something is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing is left after cleaning: to be ignored.
    Blank,
    /// The text is over the limits: to be refused whole.
    TooLong,
}

impl Text {
    /// Cleans `raw`, then measures it: an error if nothing is left, or more than `limits` allow.
    pub fn parse(raw: &str, breaks: LineBreaks, limits: &Limits) -> Result<Text, TextError> {
        let text = Text::clean(raw, breaks).ok_or(TextError::Blank)?;
        let fits = text.0.len() <= limits.text && text.has_at_most(limits.lines);
        if fits { Ok(text) } else { Err(TextError::TooLong) }
    }

    /// Cleans `raw` whatever its length; `None` if nothing is left.
    pub fn clean(raw: &str, breaks: LineBreaks) -> Option<Text> {
        // No early exit: so the compiler checks many bytes at once.
        let is_clean = raw.bytes().fold(true, |clean, byte| clean & matches!(byte, b' '..=b'~'));
        let text = if is_clean { raw.trim_end().into() } else { without_blank_ends(&cleaned(raw, breaks)).into() };
        Some(Text(text)).filter(|text| !text.0.is_empty())
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole text, shared instead of copied.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    fn has_at_most(&self, lines: usize) -> bool {
        // A text has no more lines than bytes.
        self.0.len() <= lines || self.lines().count() <= lines
    }

    /// The lines of the text, blank ones included; at least one.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.split('\n')
    }
}

fn cleaned(raw: &str, breaks: LineBreaks) -> String {
    let (line_break, tab) = if breaks == LineBreaks::Keep { ('\n', '\t') } else { (' ', ' ') };
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    let mut marks = 0;
    while let Some(character) = characters.next() {
        let kept = match character {
            '\t' => tab,
            '\r' if characters.peek() == Some(&'\n') => continue,
            '\r' | '\n' | '\u{2028}' | '\u{2029}' => line_break,
            _ if is_harmless(character) || belongs_to_emoji(character, &text, &mut characters) => character,
            _ => continue,
        };
        marks = if is_mark(kept) { marks + 1 } else { 0 };
        if marks <= MAX_TEXT_MARKS {
            text.push(kept);
        }
    }
    text
}

/// The text without blank lines at both ends and without white space at its end.
fn without_blank_ends(text: &str) -> &str {
    let text = text.trim_end_matches(is_blank);
    let margin = text.len() - text.trim_start_matches(is_blank).len();
    &text[text[..margin].rfind('\n').map_or(0, |line_break| line_break + 1)..]
}

/// Whether `character` is invisible at the start of a text: white space, or dropped by cleaning.
pub(crate) fn is_unseen(character: char) -> bool {
    is_blank(character) || !is_harmless(character)
}

fn is_mark(character: char) -> bool {
    !character.is_ascii()
        && GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(character))
}

fn is_harmless(character: char) -> bool {
    // Not all format characters are ignorable: bidirectional marks and annotation characters are not.
    !character.is_control()
        && CodePointMapData::<GeneralCategory>::new().get(character) != GeneralCategory::Format
        && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Whether `character` is a joiner or variation selector inside an emoji: invisible, but `👩‍💻` and `❤️` fall apart
/// without it.
fn belongs_to_emoji(character: char, before: &str, after: &mut Peekable<Chars<'_>>) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    let pictographic = CodePointSetData::new::<ExtendedPictographic>();
    match character {
        '\u{fe0e}' | '\u{fe0f}' => CodePointSetData::new::<Emoji>().contains(last),
        '\u{200d}' => {
            let joins = pictographic.contains(last)
                || last == '\u{fe0f}'
                || CodePointSetData::new::<EmojiModifier>().contains(last);
            joins && after.peek().is_some_and(|&next| pictographic.contains(next))
        }
        _ => false,
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({:?})", &*self.0)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        let raw = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Text::clean(&raw, LineBreaks::Keep).ok_or_else(|| D::Error::custom("blank text"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        let text = Text::clean(raw, LineBreaks::Keep);
        assert_eq!(text.as_ref().map_or("", Text::as_str), expected);
    }

    #[test]
    fn cleaning() {
        check("oi", "oi");
        check("  oi, João \n", "  oi, João");
        check("a\tb", "a\tb");
        check("\n \t\n\tif x:  # é\n\t    y\n\n\t\n", "\tif x:  # é\n\t    y");
        check("    indented", "    indented");
        check("\u{200b} \n    def f():\n\n        pass \n  ", "    def f():\n\n        pass");
        check("a\r\nb\rc\u{2028}d\u{2029}e\nf", "a\nb\nc\nd\ne\nf");
        check("a\n\nb", "a\n\nb");
        check("\u{1b}[31mvermelho\u{7}\u{0}\u{7f}\u{9b}", "[31mvermelho");
        check("\u{202e}oi\u{2066}\u{200f}\u{61c}", "oi");
        check("a\u{200b}b\u{feff}c\u{2060}d\u{ad}e\u{200c}f", "abcdef");
        check("a\u{fff9}b\u{fffa}c\u{fffb}d\u{600}e\u{110bd}f\u{13430}g", "abcdefg");
        check("a\u{200d}b", "ab");
        check("👩\u{200d}💻 ❤\u{fe0f} 1\u{fe0f}\u{20e3} 👍🏽", "👩\u{200d}💻 ❤\u{fe0f} 1\u{fe0f}\u{20e3} 👍🏽");
        check("👩\u{200d}", "👩");
        check("a\u{fe0f}", "a");
        check("\u{fffd}", "\u{fffd}");
        check(" \u{3000}\t\u{200b}\u{3164}\r\n", "");
        check("\u{2800} \u{1d159}\n\u{13441}", "");
        check(" \u{2800}oi\u{2800}oi\u{13442} ", " \u{2800}oi\u{2800}oi");
    }

    #[test]
    fn marks_do_not_pile_up() {
        let pile = |marks: usize| format!("o{}lá", "\u{301}".repeat(marks));
        check(&pile(4), &pile(4));
        check(&pile(5), &pile(4));
        check(&pile(2_000), &pile(4));
        check("o\u{300}\u{200b}\u{301}\u{302}\u{34f}\u{303}\u{304}x\u{305}", "o\u{300}\u{301}\u{302}\u{303}x\u{305}");
        check("กำ้ที่ नमस्ते 1\u{fe0f}\u{20e3}", "กำ้ที่ नमस्ते 1\u{fe0f}\u{20e3}");
    }

    #[test]
    fn only_what_is_unseen_is_unseen() {
        for character in '\0'..=char::MAX {
            let is_text = Text::clean(&character.to_string(), LineBreaks::Keep).is_some();
            assert_eq!(is_unseen(character), !is_text, "U+{:04X}", u32::from(character));
        }
    }

    #[test]
    fn classic_members_speak_in_one_line() {
        let text = Text::clean(" \ta\rb\u{2028}c\td\t", LineBreaks::Space).unwrap();
        assert_eq!(text.as_str(), "  a b c d");
    }

    #[test]
    fn measured_after_cleaning() {
        let limits = Limits { text: 4, lines: 2, ..Limits::default() };
        let parse = |raw: &str| Text::parse(raw, LineBreaks::Keep, &limits).map(|t| t.as_str().to_owned());
        assert_eq!(parse("abcd"), Ok("abcd".into()));
        assert_eq!(parse("\n a\u{0}bc  "), Ok(" abc".into()));
        assert_eq!(parse("éé"), Ok("éé".into()));
        assert_eq!(parse("ééé"), Err(TextError::TooLong));
        assert_eq!(parse("a\nb"), Ok("a\nb".into()));
        assert_eq!(parse("a\n\nb"), Err(TextError::TooLong));
        assert_eq!(parse(" \n "), Err(TextError::Blank));
    }

    proptest! {
        #[test]
        fn clean_text_stays_as_it_is(raw in "(\\PC|[\r\n\t\u{200d}\u{fe0f}❤👩👍🏽1#]|\\PL){0,30}") {
            for breaks in [LineBreaks::Keep, LineBreaks::Space] {
                let Some(text) = Text::clean(&raw, breaks) else { continue };
                prop_assert_eq!(&Text::clean(text.as_str(), breaks), &Some(text.clone()));
                prop_assert!(text.as_str().chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()));
                prop_assert!(breaks == LineBreaks::Keep || !text.as_str().contains(['\n', '\t']));
            }
        }
    }
}
