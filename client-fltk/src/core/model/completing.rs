//! Completing a name with Tab, and mentioning somebody.

use std::cmp::Reverse;

use papo_common::Name;
use papo_common::fold::fold;

use crate::core::composer::completion::Completion;
use crate::core::model::Model;
use crate::core::{ConversationId, Effect};

impl Model {
    /// Completes the word before the caret, or goes on to the next name that fits.
    pub(crate) fn complete(&mut self, caret: usize) {
        let text = &self.state.composer.text;
        let going_on = self.completion.take().filter(|it| it.stands(text, caret)).map(Completion::next);
        let completion = going_on.or_else(|| Completion::begin(text, caret, |typed| self.names_beginning_with(typed)));
        let Some(completion) = completion else { return self.request(Effect::FocusNext) };
        let (text, caret) = completion.shown();
        self.set_text_with_caret(text, caret);
        self.completion = Some(completion).filter(Completion::goes_on);
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

    /// Names of other members that begin so, the last speaker first, then alphabetically; `joao` matches João.
    pub(crate) fn names_beginning_with(&self, typed: &str) -> Vec<Name> {
        let typed = fold(typed);
        let others = self.state.people.iter().map(|person| &person.name).filter(|name| !self.is_my_name(name));
        let mut names: Vec<(String, &Name)> = others.map(|name| (fold(name.as_str()), name)).collect();
        names.retain(|(folded, _)| folded.starts_with(&typed));
        names.sort_by_cached_key(|(folded, name)| (Reverse(self.roster.last_spoke(name)), folded.clone()));
        names.into_iter().map(|(_, name)| name.clone()).collect()
    }
}
