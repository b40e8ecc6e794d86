//! Tab completes a name.

use papo_common::Name;

use crate::core::roster::Roster;

/// A completion under way: another Tab puts the next name in.
#[derive(Debug)]
pub(crate) struct Completion {
    /// The text before the name.
    head: String,
    /// The text after the caret, without `suffix`.
    rest: String,
    suffix: &'static str,
    names: Vec<Name>,
    /// The index in `names` of the name that stands in the text now.
    at: usize,
}

impl Completion {
    /// Completes the word before `caret`, in bytes, with the first of the members' names that fit;
    /// `None` if no name fits, or if the only one stands there already.
    pub(crate) fn begin(text: &str, caret: usize, roster: &Roster) -> Option<Completion> {
        let (before, rest) = text.split_at_checked(caret)?;
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let typed = word.strip_prefix('@');
        let is_first = before.trim_start() == word;
        let suffix = match typed {
            Some(_) if is_first => " ",
            None if is_first => ", ",
            _ => "",
        };
        let names = if word.is_empty() { Vec::new() } else { roster.names_beginning_with(typed.unwrap_or(word)) };
        let head = before.strip_suffix(typed.unwrap_or(word)).unwrap_or(before).to_owned();
        let rest = rest.strip_prefix(suffix).unwrap_or(rest).to_owned();
        let completion = Completion { head, rest, suffix, names, at: 0 };
        match completion.names[..] {
            [] => None,
            [_] if completion.stands(text, caret) => None,
            _ => Some(completion),
        }
    }

    /// Whether text and caret are still as the completion has set them.
    pub(crate) fn stands(&self, text: &str, caret: usize) -> bool {
        let (shown, place) = self.shown();
        place == caret && shown == text
    }

    /// Takes the next name; after the last comes the first.
    pub(crate) fn next(self) -> Completion {
        Completion { at: (self.at + 1) % self.names.len().max(1), ..self }
    }

    /// Whether another Tab has a further name to put in.
    pub(crate) fn goes_on(&self) -> bool {
        self.names.len() > 1
    }

    /// The whole text with the name in it, and the caret behind the name and its suffix.
    pub(crate) fn shown(&self) -> (String, usize) {
        let name = self.names.get(self.at).map_or("", Name::as_str);
        let head = format!("{}{name}{}", self.head, self.suffix);
        let caret = head.len();
        (head + &self.rest, caret)
    }
}
