//! Alerts for a user who is looking elsewhere: private messages and mentions, several at once in one notification.

use std::collections::VecDeque;

use crate::core::ChatMessage;
use crate::core::effect::{Alert, Effect, Effects, Notification};
use crate::text::cut::cut;

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

    /// Alerts the user to a message that was just received, if it is worth an alert.
    pub(crate) fn note(&mut self, message: &ChatMessage, now: u64, effects: &mut Effects) {
        let is_private = message.private_to.is_some();
        if message.mine || self.is_in_front || !(is_private || message.mentions_me) {
            return;
        }
        let text = cut(message.text.as_str(), Alerts::MAX_TEXT).to_owned();
        self.newest.push_back(Alert { from: message.from.clone(), is_private, text, seq: message.seq });
        if self.newest.len() > Alerts::MAX_SHOWN {
            self.newest.pop_front();
        }
        self.count += 1;
        let quiet_until = self.last.map_or(0, |last| last + Alerts::QUIET);
        // The clock may have been put back since.
        self.due.get_or_insert(quiet_until.clamp(now + Alerts::GATHERING, now + Alerts::QUIET));
        if !std::mem::replace(&mut self.is_urgent, true) {
            effects.push(Effect::SetUrgency(true));
        }
    }

    /// Notifies the user, once it is time.
    pub(crate) fn tick(&mut self, now: u64, sound: bool, effects: &mut Effects) {
        // If the clock was put back meanwhile, the notification would be late by as much.
        self.due = self.due.map(|due| due.min(now + Alerts::QUIET));
        if self.due.take_if(|due| now >= *due).is_none() {
            return;
        }
        self.last = Some(now);
        let (count, mut newest) = (std::mem::take(&mut self.count), std::mem::take(&mut self.newest));
        let one = if count == 1 { newest.pop_front() } else { None };
        let several = || Notification::Several { count, newest: newest.into() };
        let notification = one.map_or_else(several, Notification::One);
        effects.push(Effect::Notify { notification, sound });
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

    /// The chat window came to the front, or another one did.
    pub(crate) fn set_front(&mut self, is_front: bool, effects: &mut Effects) {
        self.is_in_front = is_front;
        if is_front {
            self.calm_down(effects);
        }
    }

    /// Drops all alerts, and takes the urgency hint back.
    pub(crate) fn calm_down(&mut self, effects: &mut Effects) {
        self.forget();
        if std::mem::take(&mut self.is_urgent) {
            effects.push(Effect::SetUrgency(false));
        }
    }

    fn forget(&mut self) {
        (self.due, self.count) = (None, 0);
        self.newest.clear();
    }
}
