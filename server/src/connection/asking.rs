//! One question of a connection at a time: the next one waits until the last is answered.

use papo_common::{Malformed, Request};

/// The questions of a connection. Other requests pass. Boxed, because few connections ask at any moment.
#[derive(Debug, Default)]
pub(super) struct Asking(Option<Box<Questions>>);

#[derive(Debug, Default)]
struct Questions {
    /// Whether one waits for its answer.
    is_asking: bool,
    /// The next one.
    held: Option<Request>,
}

impl Asking {
    /// Whether nothing may be read any more until [`Asking::stop_asking`].
    pub(super) fn must_wait(&self) -> bool {
        self.0.as_ref().is_some_and(|it| it.is_asking && it.held.is_some())
    }

    /// The question that was held back, as soon as it may be asked.
    pub(super) fn next(&mut self) -> Option<Request> {
        self.0.take_if(|it| !it.is_asking)?.held
    }

    /// Holds `request` back if it is a question behind another one.
    pub(super) fn admit(&mut self, request: Result<Request, Malformed>) -> Option<Result<Request, Malformed>> {
        match request {
            Ok(question) if self.is_asking() && question.is_question() => {
                self.0.get_or_insert_default().held = Some(question);
                None
            }
            request => Some(request),
        }
    }

    /// Notes that a question waits for its answer.
    pub(super) fn asks(&mut self) {
        self.0.get_or_insert_default().is_asking = true;
    }

    /// Notes that no question waits any more; true if one did.
    pub(super) fn stop_asking(&mut self) -> bool {
        let was_asking = self.0.as_mut().is_some_and(|it| std::mem::take(&mut it.is_asking));
        self.0.take_if(|it| it.held.is_none());
        was_asking
    }

    /// Whether a question waits for its answer.
    pub(super) fn is_asking(&self) -> bool {
        self.0.as_ref().is_some_and(|it| it.is_asking)
    }
}
