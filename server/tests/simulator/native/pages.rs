//! Looking back: pages of history and searches, answered in the order in which they were asked.

use papo_common::fold::fold;
use papo_common::{Event, Message, Request, SafeInteger};

use super::Native;
use crate::client::Context;
use crate::dice::Dice;

/// The text that one answer holds at most, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// A question that was not answered yet.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    reference: u64,
    /// The text to find; `None` for a page.
    text: Option<String>,
    before: u64,
    count: usize,
    /// How often things have changed that an answer depends on, when it was asked.
    upheavals: u64,
}

impl Native {
    /// Asks for a page of history, or for what contains one of `words`.
    pub(crate) fn look_back(&mut self, words: &[&str], dice: &mut Dice, cx: &Context<'_>) {
        self.asks += 1;
        let before = 1 + dice.below(self.last_seq as usize + 1) as u64;
        let asked = Asked {
            reference: self.asks,
            text: dice.once_in(2).then(|| dice.pick(words).to_owned()),
            before,
            count: dice.pick(&[1, 3, 20, 200]),
            upheavals: cx.truth.upheavals,
        };
        let (reference, count) = (SafeInteger::new(self.asks), SafeInteger::new(asked.count as u64));
        let (Some(before), Some(count)) = (SafeInteger::new(before), count) else { return };
        self.ask(&match asked.text.clone() {
            None => Request::History { reference, before, count },
            Some(text) => Request::Search { reference, text, before: Some(before), count },
        });
        self.asked.push_back(asked);
    }

    pub(super) fn hear_page(
        &mut self,
        answer: &[Event],
        more: bool,
        reference: Option<SafeInteger>,
        cx: &Context<'_>,
    ) -> Result<(), String> {
        let asked = self.answered(reference, false)?;
        check(&asked, answer, more, |_| true, cx)
    }

    pub(super) fn hear_found(
        &mut self,
        answer: &[Event],
        more: bool,
        reference: Option<SafeInteger>,
        cx: &Context<'_>,
    ) -> Result<(), String> {
        let asked = self.answered(reference, true)?;
        let wanted = fold(asked.text.as_deref().unwrap_or_default());
        check(&asked, answer, more, |message| fold(message.text.as_str()).contains(&wanted), cx)
    }

    /// The history failed while it was looked into.
    pub(super) fn hear_failure(&mut self, reference: Option<SafeInteger>) -> Result<(), String> {
        let is_search = self.asked.front().is_some_and(|asked| asked.text.is_some());
        self.answered(reference, is_search).map(drop)
    }

    fn answered(&mut self, reference: Option<SafeInteger>, is_search: bool) -> Result<Asked, String> {
        let asked = self.asked.pop_front().ok_or("an answer to no question")?;
        let is_it = super::number(reference) == Some(asked.reference) && asked.text.is_some() == is_search;
        if is_it { Ok(asked) } else { Err(format!("{reference:?} is no answer to {asked:?}")) }
    }
}

/// The answer holds the last of what was wanted, and says whether there is more.
fn check(
    asked: &Asked,
    answer: &[Event],
    more: bool,
    is_wanted: impl Fn(&Message) -> bool,
    cx: &Context<'_>,
) -> Result<(), String> {
    let told = answer.iter().filter_map(|event| if let Event::Message(it) = event { Some(it) } else { None });
    let told: Vec<&Message> = told.filter(|message| !cx.truth.removed().contains(&message.seq)).collect();
    if cx.is_over() || cx.is_stale() {
        return Ok(());
    }
    let due: Vec<&Message> = cx.truth.told_between(cx.truth.line(), asked.before).filter(|it| is_wanted(it)).collect();
    let wrong = |why: &str| {
        let numbers = |messages: &[&Message]| messages.iter().map(|message| message.seq).collect::<Vec<_>>();
        Err(format!("{why}: {asked:?} gave {:?} of {:?}, more {more}", numbers(&told), numbers(&due)))
    };
    if asked.upheavals != cx.truth.upheavals {
        return Ok(());
    }
    if !due.ends_with(&told) {
        return wrong("not what was asked for");
    }
    if cx.has_disk_trouble || cx.truth.floor > 0 {
        return Ok(());
    }
    let bytes: usize = told.iter().map(|message| message.text.as_str().len()).sum();
    let is_full = told.len() == asked.count || bytes + 8 * 1024 > MAX_BYTES;
    if told.len() < due.len() && !(is_full && more) {
        return wrong("some are missing");
    }
    Ok(())
}
