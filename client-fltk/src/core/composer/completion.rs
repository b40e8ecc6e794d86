//! Tab completes a name.

use std::cmp::Reverse;

use papo_common::Name;
use papo_common::fold::fold;

use crate::core::model::Model;
use crate::core::{ConversationId, Effect};

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

impl Model {
    /// Completes the word before the caret, or goes on to the next name that fits.
    pub(crate) fn complete(&mut self, caret: usize) {
        let going_on = self.completion.take().filter(|it| self.still_stands(it, caret));
        let completion = going_on.map(Completion::next).or_else(|| self.begin_completion(caret));
        let Some(completion) = completion else { return self.request(Effect::FocusNext) };
        let (text, caret) = completion.shown();
        self.set_text_with_caret(text, caret);
        // The only name that fits has nothing after it: the next Tab moves on.
        self.completion = Some(completion).filter(|it| it.names.len() > 1);
    }

    /// `nome, ` for the room, behind what stands there.
    pub(crate) fn mention(&mut self, name: &Name) {
        self.show(ConversationId::Room);
        let mut text = self.state.composer.text.clone();
        if text.chars().next_back().is_some_and(|last| !last.is_whitespace()) {
            text.push(' ');
        }
        self.set_text(format!("{text}{name}, "));
    }

    fn still_stands(&self, completion: &Completion, caret: usize) -> bool {
        completion.shown() == (self.state.composer.text.clone(), caret)
    }

    fn begin_completion(&self, caret: usize) -> Option<Completion> {
        let (before, rest) = self.state.composer.text.split_at_checked(caret)?;
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let typed = word.strip_prefix('@');
        let is_first = before.trim_start() == word;
        let suffix = match typed {
            Some(_) if is_first => " ",
            None if is_first => ", ",
            _ => "",
        };
        let names = if word.is_empty() { Vec::new() } else { self.names_beginning_with(typed.unwrap_or(word)) };
        let head = before.strip_suffix(typed.unwrap_or(word)).unwrap_or(before).to_owned();
        let rest = rest.strip_prefix(suffix).unwrap_or(rest).to_owned();
        let completion = Completion { head, rest, suffix, names, at: 0 };
        match completion.names[..] {
            [] => None,
            // The name stands there already.
            [_] if self.still_stands(&completion, caret) => None,
            _ => Some(completion),
        }
    }

    /// Who spoke last first, then alphabetically. Whoever types `joao` means João too.
    pub(crate) fn names_beginning_with(&self, typed: &str) -> Vec<Name> {
        let typed = fold(typed);
        let others = self.state.people.iter().map(|person| &person.name).filter(|name| !self.is_my_name(name));
        let mut names: Vec<(String, &Name)> = others.map(|name| (fold(name.as_str()), name)).collect();
        names.retain(|(folded, _)| folded.starts_with(&typed));
        names.sort_by_cached_key(|(folded, name)| (Reverse(self.spoke.get(*name).copied()), folded.clone()));
        names.into_iter().map(|(_, name)| name.clone()).collect()
    }
}

impl Completion {
    fn next(self) -> Completion {
        Completion { at: (self.at + 1) % self.names.len().max(1), ..self }
    }

    /// The whole text with the name in it, and the caret behind that.
    fn shown(&self) -> (String, usize) {
        let name = self.names.get(self.at).map_or("", Name::as_str);
        let head = format!("{}{name}{}", self.head, self.suffix);
        let caret = head.len();
        (head + &self.rest, caret)
    }
}
