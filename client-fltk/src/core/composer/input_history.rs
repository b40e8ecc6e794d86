//! Input history: texts that were sent, recalled by ↑ and ↓.

use std::collections::{BTreeMap, VecDeque};

/// What was sent from one place, with the draft and every change made on the way, none of which is lost before
/// something is sent.
#[derive(Debug, Default)]
pub(crate) struct InputHistory {
    /// The newest first, at most [`InputHistory::MAX`].
    sent: VecDeque<String>,
    /// How many steps back the text shown is; the draft stands at 0.
    at: usize,
    /// What was left at each step on the way.
    left: BTreeMap<usize, String>,
}

impl InputHistory {
    /// Older texts are forgotten.
    pub(crate) const MAX: usize = 100;

    /// Notes what was sent; the way begins anew.
    pub(crate) fn add(&mut self, text: String) {
        self.at = 0;
        self.left.clear();
        if self.sent.front() != Some(&text) {
            self.sent.push_front(text);
            self.sent.truncate(InputHistory::MAX);
        }
    }

    /// One step back from `current`; `None` at the oldest.
    pub(crate) fn older(&mut self, current: &str) -> Option<String> {
        self.go(self.at + 1, current)
    }

    /// One step towards the draft; `None` there.
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
