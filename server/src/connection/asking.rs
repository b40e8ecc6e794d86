//! One question of a connection at a time: the next one waits until the last is answered.

use papo_common::{Malformed, Request};

/// The questions of a connection. Other requests pass.
#[derive(Debug, Default)]
pub(super) struct Asking {
    /// Whether one waits for its answer.
    is_asking: bool,
    /// The next one. Rare, and larger than a pointer.
    held: Option<Box<Request>>,
}

impl Asking {
    /// Whether nothing may be read any more until [`Asking::stop_asking`].
    pub(super) fn must_wait(&self) -> bool {
        self.is_asking && self.held.is_some()
    }

    /// The question that was held back, as soon as it may be asked.
    pub(super) fn next(&mut self) -> Option<Request> {
        self.held.take_if(|_| !self.is_asking).map(|held| *held)
    }

    /// Holds `request` back if it is a question behind another one.
    pub(super) fn admit(&mut self, request: Result<Request, Malformed>) -> Option<Result<Request, Malformed>> {
        match request {
            Ok(question) if self.is_asking && question.is_question() => {
                self.held = Some(Box::new(question));
                None
            }
            request => Some(request),
        }
    }

    /// Notes that a question waits for its answer.
    pub(super) fn asks(&mut self) {
        self.is_asking = true;
    }

    /// Notes that no question waits any more; true if one did.
    pub(super) fn stop_asking(&mut self) -> bool {
        std::mem::take(&mut self.is_asking)
    }

    /// Whether a question waits for its answer.
    pub(super) fn is_asking(&self) -> bool {
        self.is_asking
    }
}
