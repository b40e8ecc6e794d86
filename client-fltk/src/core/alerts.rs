//! What calls the person who is looking elsewhere: private messages and mentions, several at once in one.

use std::collections::VecDeque;

use crate::core::model::Model;
use crate::core::{ChatMessage, Effect};
use crate::strings::alerts as strings;

/// What nobody has been told of yet.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    /// The newest of them, at most [`Alerts::MAX_SHOWN`].
    shown: VecDeque<Alert>,
    count: usize,
    /// When to tell, Unix time in ms.
    due: Option<u64>,
    /// When it was last done.
    last: Option<u64>,
    /// The talking window is in front of all others: not so until it says so.
    is_in_front: bool,
    /// The urgency hint is set.
    is_urgent: bool,
}

#[derive(Debug)]
struct Alert {
    title: String,
    line: String,
    text: String,
    /// The room's number of what was said.
    seq: Option<u64>,
}

impl Alerts {
    /// More are only counted.
    const MAX_SHOWN: usize = 3;
    /// What comes within that time makes one.
    const GATHERING: u64 = 500;
    /// And no sooner than that after the last one, so that a lively talk does not ring at each line.
    const QUIET: u64 = 5_000;
    /// No desktop shows more characters of a text.
    const MAX_TEXT: usize = 200;

    pub(crate) fn is_waiting(&self) -> bool {
        self.due.is_some()
    }

    fn add(&mut self, alert: Alert, now: u64) {
        self.shown.push_back(alert);
        if self.shown.len() > Alerts::MAX_SHOWN {
            self.shown.pop_front();
        }
        self.count += 1;
        let quiet_until = self.last.map_or(0, |last| last + Alerts::QUIET);
        // The clock may have been put back since.
        self.due.get_or_insert(quiet_until.clamp(now + Alerts::GATHERING, now + Alerts::QUIET));
    }

    /// All of them as title and text, once their time has come.
    fn take_due(&mut self, now: u64) -> Option<(String, String)> {
        // Put back after it was set, the clock would hold it up for as long.
        self.due = self.due.map(|due| due.min(now + Alerts::QUIET));
        self.due.filter(|&due| now >= due)?;
        (self.due, self.last) = (None, Some(now));
        let count = std::mem::take(&mut self.count);
        let mut shown = std::mem::take(&mut self.shown);
        if count == 1 {
            return shown.pop_front().map(|alert| (alert.title, alert.text));
        }
        let lines: Vec<String> = shown.into_iter().map(|alert| alert.line).collect();
        Some((strings::several(count), lines.join("\n")))
    }

    /// That message of the room was taken back: nobody is told of it any more.
    pub(crate) fn take_back(&mut self, seq: u64) {
        let before = self.shown.len();
        self.shown.retain(|alert| alert.seq != Some(seq));
        self.count -= before - self.shown.len();
        if self.shown.is_empty() {
            self.forget();
        }
    }

    fn forget(&mut self) {
        (self.due, self.count) = (None, 0);
        self.shown.clear();
    }
}

impl Model {
    /// Somebody said something, just now or while one was away.
    pub(crate) fn alert_to(&mut self, said: &ChatMessage, now: u64) {
        let is_private = said.private_to.is_some();
        if said.mine || self.alerts.is_in_front || self.is_told_the_past || !(is_private || said.mentions_me) {
            return;
        }
        let text: String = said.text.as_str().chars().take(Alerts::MAX_TEXT).collect();
        let line = text.lines().next().unwrap_or_default();
        let title = if is_private { strings::private(&said.from) } else { strings::mention(&said.from) };
        self.alerts.add(Alert { title, line: format!("{}: {line}", said.from), text, seq: said.seq }, now);
        if !self.alerts.is_urgent {
            self.alerts.is_urgent = true;
            self.request(Effect::SetUrgency(true));
        }
    }

    /// The window came to the front: nobody has to be called any more.
    pub(crate) fn come_to_front(&mut self, is_front: bool) {
        self.alerts.is_in_front = is_front;
        if is_front {
            self.calm_down();
        }
    }

    pub(crate) fn calm_down(&mut self) {
        self.alerts.forget();
        if std::mem::take(&mut self.alerts.is_urgent) {
            self.request(Effect::SetUrgency(false));
        }
    }

    pub(crate) fn tell_alerts(&mut self, now: u64) {
        if let Some((title, body)) = self.alerts.take_due(now) {
            self.request(Effect::Notify { title, body, sound: self.state.sound });
        }
    }
}
