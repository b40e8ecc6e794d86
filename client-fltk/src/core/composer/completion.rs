//! Tab completes a name.

use papo_common::Name;

/// A completion that another Tab goes on with.
#[derive(Debug)]
pub(crate) struct Completion {
    /// What stands before the name, and what stood behind the caret.
    head: String,
    rest: String,
    suffix: &'static str,
    names: Vec<Name>,
    /// Which of them stands there now.
    at: usize,
}

impl Completion {
    /// Completes the word before the caret of `text`, in bytes, with the first of the names that `beginning_with` gives for
    /// it; `None` where none fits, or the only one stands there already.
    pub(crate) fn begin(
        text: &str,
        caret: usize,
        beginning_with: impl FnOnce(&str) -> Vec<Name>,
    ) -> Option<Completion> {
        let (before, rest) = text.split_at_checked(caret)?;
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let typed = word.strip_prefix('@');
        let is_first = before.trim_start() == word;
        let suffix = match typed {
            Some(_) if is_first => " ",
            None if is_first => ", ",
            _ => "",
        };
        let names = if word.is_empty() { Vec::new() } else { beginning_with(typed.unwrap_or(word)) };
        let head = before.strip_suffix(typed.unwrap_or(word)).unwrap_or(before).to_owned();
        let rest = rest.strip_prefix(suffix).unwrap_or(rest).to_owned();
        let completion = Completion { head, rest, suffix, names, at: 0 };
        match completion.names[..] {
            [] => None,
            [_] if completion.stands(text, caret) => None,
            _ => Some(completion),
        }
    }

    /// Whether the text and the caret are what it made of them.
    pub(crate) fn stands(&self, text: &str, caret: usize) -> bool {
        let (shown, place) = self.shown();
        place == caret && shown == text
    }

    /// With the name after the one that stands there.
    pub(crate) fn next(self) -> Completion {
        Completion { at: (self.at + 1) % self.names.len().max(1), ..self }
    }

    /// Whether another Tab goes on: the only name that fits has nothing after it.
    pub(crate) fn goes_on(&self) -> bool {
        self.names.len() > 1
    }

    /// The whole text with the name in it, and the caret behind that.
    pub(crate) fn shown(&self) -> (String, usize) {
        let name = self.names.get(self.at).map_or("", Name::as_str);
        let head = format!("{}{name}{}", self.head, self.suffix);
        let caret = head.len();
        (head + &self.rest, caret)
    }
}
