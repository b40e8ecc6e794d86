//! Leaving: when the connection ends, and whether this client reconnects by itself.

use papo_common::CloseReason;

use crate::core::connect_failure::{ConnectFailure, Ending};
use crate::core::model::{Model, words};
use crate::core::notices::{Failure, LocalNotice};
use crate::core::session::lost;
use crate::core::{Conversation, Effect, Phase, SessionEnd};

impl Model {
    /// The connection ended, for good or not: a chat is taken up again, an attempt to enter fails.
    pub(crate) fn lose(&mut self, failure: ConnectFailure) {
        if self.state.phase != Phase::Talking {
            return self.give_up(failure);
        }
        self.hang_up();
        self.state.phase = lost(0);
    }

    /// The server closes this connection and says why.
    pub(crate) fn closed(&mut self, reason: CloseReason, detail: &str) {
        let detail = words(detail);
        match reason {
            CloseReason::Kicked => self.dismiss(Ending { end: SessionEnd::Kicked, detail }),
            CloseReason::Banned => self.dismiss(Ending { end: SessionEnd::Banned, detail }),
            // Reconnecting would replace the other connection in turn, for ever.
            CloseReason::Replaced => self.dismiss(Ending { end: SessionEnd::Replaced, detail }),
            CloseReason::Slow | CloseReason::Idle | CloseReason::Unknown => {
                if self.state.phase == Phase::Talking {
                    self.add_notice(LocalNotice::Closed { reason, detail: detail.clone() });
                }
                self.lose(ConnectFailure::Closed { reason, detail });
            }
        }
    }

    /// The server wants no more of this client, or of any: it does not come back by itself.
    pub(crate) fn dismiss(&mut self, ending: Ending) {
        match self.state.phase {
            Phase::Over(_) => {}
            Phase::Entering | Phase::Connecting => self.give_up(ConnectFailure::Ended(ending)),
            Phase::Talking | Phase::Lost { .. } => {
                self.hang_up();
                self.give_up_pending();
                self.stop_fetching();
                self.session.id = None;
                self.state.phase = Phase::Over(ending.end);
                self.calm_down();
                let can_save = self.state.conversations.iter().any(Conversation::has_messages);
                self.state.dialogs.end(ending, can_save);
            }
        }
    }

    /// The end of the chat was read: the entering window, server and name filled in. What was said stands until
    /// another chat begins.
    pub(crate) fn end_chat(&mut self) {
        self.is_fresh = true;
        self.return_to_entering();
    }

    pub(crate) fn retry_now(&mut self) {
        if let Phase::Lost { retry_in: retry_in @ Some(_), .. } = &mut self.state.phase {
            *retry_in = None;
            self.connect();
        }
    }

    /// Gives up what the server should have answered long ago.
    fn fail_overdue(&mut self) {
        let pending = self.pending().map(|(reference, _)| reference).collect();
        let overdue = self.outstanding.tick(&pending);
        if overdue.search {
            self.receive_found(&[], true);
        }
        if overdue.history {
            self.receive_history(Vec::new(), true);
        }
        let is_overdue = |reference| overdue.messages.contains(&reference);
        self.fail_pending(&Failure::NotConfirmed, |said| said.reference.is_some_and(is_overdue));
    }

    /// A second has passed.
    pub(crate) fn tick(&mut self) {
        self.fail_overdue();
        if let Some(notification) = self.alerts.take_due(self.now) {
            self.request(Effect::Notify { notification, sound: self.state.sound });
        }
        if self.session.is_waiting() {
            if self.session.tick() {
                self.take_leave();
                self.give_up(ConnectFailure::NoWelcome);
            }
        } else if let Phase::Lost { retry_in: Some(seconds), .. } = &mut self.state.phase {
            *seconds = seconds.saturating_sub(1);
            if *seconds == 0 {
                self.retry_now();
            }
        }
    }
}
