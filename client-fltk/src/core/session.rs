//! When the connection ends: coming back by itself, or not.

use papo_common::Closing;

use crate::core::model::{Model, sentence};
use crate::core::{Effect, Phase, SessionEnd};
use crate::strings;

/// Seconds before each attempt to come back; the last one for all that follow.
const PAUSES: [u32; 6] = [1, 2, 4, 8, 15, 30];

impl Model {
    /// The connection ended without the server's word; `reason` is what to say about it to whoever is not in yet.
    pub(crate) fn lose(&mut self, reason: &str) {
        if self.state.phase != Phase::Talking {
            return self.give_up(reason);
        }
        self.hang_up();
        self.retry_after(0);
    }

    /// The server closes this connection and says why.
    pub(crate) fn closed(&mut self, reason: Closing, detail: &str, now: u64) {
        let usual = papo_common::strings::closing(reason);
        let text = sentence(detail, usual);
        match reason {
            // The server says why, and the window that it was done.
            Closing::Kicked if text == usual => self.dismiss(SessionEnd::Kicked, strings::KICKED.to_owned()),
            Closing::Kicked => self.dismiss(SessionEnd::Kicked, strings::kicked(&text)),
            Closing::Banned => self.dismiss(SessionEnd::Banned, strings::banned(&text)),
            // Whoever was replaced would throw the other one out in turn, for ever.
            Closing::Replaced => self.dismiss(SessionEnd::Replaced, text),
            Closing::Slow | Closing::Idle | Closing::Unknown => {
                if self.state.phase == Phase::Talking {
                    self.hint(text.clone(), now);
                }
                self.lose(&text);
            }
        }
    }

    /// The server wants no more of this client, or of any: it does not come back by itself.
    pub(crate) fn dismiss(&mut self, ending: SessionEnd, text: String) {
        match self.state.phase {
            Phase::Over(_) => {}
            Phase::Entering | Phase::Connecting => self.give_up(&text),
            Phase::Talking | Phase::Lost { .. } => {
                self.hang_up();
                self.give_up_pending();
                self.stop_fetching();
                self.session = None;
                self.state.phase = Phase::Over(ending);
                self.calm_down();
                self.request(Effect::ChatEnded { text });
            }
        }
    }

    /// After [`Effect::ChatEnded`]: the entering window, server and name filled in. What was said stands until
    /// another chat begins.
    pub fn end_chat(&mut self) {
        self.is_fresh = true;
        self.return_to_entering();
    }

    pub(crate) fn retry_after(&mut self, attempt: u32) {
        let pause = PAUSES.get(attempt as usize).or(PAUSES.last()).copied();
        self.state.phase = Phase::Lost { attempt, retry_in: pause };
    }

    pub(crate) fn retry_now(&mut self) {
        if let Phase::Lost { retry_in: retry_in @ Some(_), .. } = &mut self.state.phase {
            *retry_in = None;
            self.connect();
        }
    }

    /// A second has passed.
    pub(crate) fn tick(&mut self, now: u64) {
        self.tell_alerts(now);
        if let Some(seconds) = &mut self.answer_in {
            *seconds = seconds.saturating_sub(1);
            if *seconds == 0 {
                self.take_leave();
                self.give_up(strings::NO_WELCOME);
            }
        } else if let Phase::Lost { retry_in: Some(seconds), .. } = &mut self.state.phase {
            *seconds = seconds.saturating_sub(1);
            if *seconds == 0 {
                self.retry_now();
            }
        }
    }
}
