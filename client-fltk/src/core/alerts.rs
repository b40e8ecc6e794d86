//! Alerts for a user who is looking elsewhere: private messages and mentions, several at once in one notification.

use std::collections::VecDeque;

use papo_common::Name;

use crate::core::ChatMessage;
use crate::text::cut::cut;

/// The content of a desktop notification. Its words are in [`crate::strings::alerts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// A single message.
    One(Alert),
    /// Several messages.
    Several {
        /// The number of messages.
        count: usize,
        /// The newest of these messages, oldest first.
        newest: Vec<Alert>,
    },
}

/// A message worth an alert: a private one, or one that mentions the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The sender of the message.
    pub from: Name,
    /// Whether the message is private; else it mentions the user in the room.
    pub is_private: bool,
    /// The beginning of its text, at most 200 characters: no desktop shows more.
    pub text: String,
    /// The sequence number in the room; `None` if the message is private.
    seq: Option<u64>,
}

/// The alerts that were not shown yet, and the urgency hint.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    /// The newest alerts, at most [`Alerts::MAX_SHOWN`].
    newest: VecDeque<Alert>,
    count: usize,
    /// When to notify, Unix time in ms.
    due: Option<u64>,
    /// When the last notification was shown.
    last: Option<u64>,
    /// Whether the chat window is in front of all others; false until the view says so.
    is_in_front: bool,
    /// Whether the urgency hint is set.
    is_urgent: bool,
}

impl Alerts {
    /// The most alerts kept for one notification; further ones are only counted.
    const MAX_SHOWN: usize = 3;
    /// All that arrives within this time, in ms, becomes one notification.
    const GATHERING: u64 = 500;
    /// The shortest time between two notifications, in ms, so that a lively talk does not ring at each line.
    const QUIET: u64 = 5_000;
    /// The most characters of a text.
    const MAX_TEXT: usize = 200;

    /// Whether a notification is due some time.
    pub(crate) fn is_waiting(&self) -> bool {
        self.due.is_some()
    }

    /// Takes note of a message that was just received. True if the urgency hint is to be set.
    pub(crate) fn note(&mut self, message: &ChatMessage, now: u64) -> bool {
        let is_private = message.private_to.is_some();
        if message.mine || self.is_in_front || !(is_private || message.mentions_me) {
            return false;
        }
        let text = cut(message.text.as_str(), Alerts::MAX_TEXT).to_owned();
        self.add(Alert { from: message.from.clone(), is_private, text, seq: message.seq }, now);
        !std::mem::replace(&mut self.is_urgent, true)
    }

    fn add(&mut self, alert: Alert, now: u64) {
        self.newest.push_back(alert);
        if self.newest.len() > Alerts::MAX_SHOWN {
            self.newest.pop_front();
        }
        self.count += 1;
        let quiet_until = self.last.map_or(0, |last| last + Alerts::QUIET);
        // The clock may have been put back since.
        self.due.get_or_insert(quiet_until.clamp(now + Alerts::GATHERING, now + Alerts::QUIET));
    }

    /// The notification, once its time has come.
    pub(crate) fn take_due(&mut self, now: u64) -> Option<Notification> {
        // If the clock was put back meanwhile, the notification would be late by as much.
        self.due = self.due.map(|due| due.min(now + Alerts::QUIET));
        self.due.filter(|&due| now >= due)?;
        (self.due, self.last) = (None, Some(now));
        let count = std::mem::take(&mut self.count);
        let mut newest = std::mem::take(&mut self.newest);
        if count == 1 {
            return newest.pop_front().map(Notification::One);
        }
        Some(Notification::Several { count, newest: newest.into() })
    }

    /// Drops the alert for a message of the room that the operator took back.
    pub(crate) fn take_back(&mut self, seq: u64) {
        let before = self.newest.len();
        self.newest.retain(|alert| alert.seq != Some(seq));
        self.count -= before - self.newest.len();
        if self.newest.is_empty() {
            self.forget();
        }
    }

    /// The chat window came to the front, or another one did. True if the urgency hint is to be taken back.
    pub(crate) fn set_front(&mut self, is_front: bool) -> bool {
        self.is_in_front = is_front;
        is_front && self.calm_down()
    }

    /// Drops all alerts. True if the urgency hint is to be taken back.
    pub(crate) fn calm_down(&mut self) -> bool {
        self.forget();
        std::mem::take(&mut self.is_urgent)
    }

    fn forget(&mut self) {
        (self.due, self.count) = (None, 0);
        self.newest.clear();
    }
}
