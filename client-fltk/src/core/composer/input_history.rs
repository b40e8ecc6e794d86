//! Input history: texts that were sent, recalled by ↑ and ↓.

use std::collections::{BTreeMap, VecDeque};

/// The texts sent from one conversation, with the draft and every change made to a recalled text. No change is lost
/// before something is sent.
#[derive(Debug, Default)]
pub(crate) struct InputHistory {
    /// The texts sent, newest first, at most [`InputHistory::MAX`].
    sent: VecDeque<String>,
    /// The position of the text shown: 0 for the draft, 1 for the last text sent.
    at: usize,
    /// The text left at each position visited, with its changes.
    left: BTreeMap<usize, String>,
}

impl InputHistory {
    /// The most texts kept; older ones are forgotten.
    pub(crate) const MAX: usize = 100;

    /// Adds a text that was sent, and goes back to the draft.
    pub(crate) fn add(&mut self, text: String) {
        self.at = 0;
        self.left.clear();
        if self.sent.front() != Some(&text) {
            self.sent.push_front(text);
            self.sent.truncate(InputHistory::MAX);
        }
    }

    /// The text one step back from `current`; `None` at the oldest.
    pub(crate) fn older(&mut self, current: &str) -> Option<String> {
        self.go(self.at + 1, current)
    }

    /// The text one step towards the draft; `None` there.
    pub(crate) fn newer(&mut self, current: &str) -> Option<String> {
        self.go(self.at.checked_sub(1)?, current)
    }

    fn go(&mut self, to: usize, current: &str) -> Option<String> {
        let sent = || self.sent.get(to.checked_sub(1)?);
        let text = self.left.get(&to).or_else(sent)?.clone();
        self.left.insert(self.at, current.to_owned());
        self.at = to;
        Some(text)
    }
}
