//! What a connection waits for: the answer to its question, and a reader that takes nothing.

use std::time::Instant;

use papo_common::{Malformed, Request};

/// The waits of a connection. Boxed, because few connections wait for anything at any moment.
#[derive(Debug, Default)]
pub(super) struct PendingQuery(Option<Box<Open>>);

#[derive(Debug, Default)]
struct Open {
    /// Whether a question waits for its answer: one at a time.
    is_asking: bool,
    /// The next question, which waits until that one is answered. Other requests pass.
    held: Option<Request>,
    /// Since when the reader has been over its limit without taking a byte.
    stalled_since: Option<Instant>,
}

impl PendingQuery {
    /// Whether nothing may be read any more until [`Waits::stop_asking`].
    pub(super) fn must_wait(&self) -> bool {
        self.0.as_ref().is_some_and(|it| it.is_asking && it.held.is_some())
    }

    /// Takes out the question that was held back, as soon as it may be asked.
    pub(super) fn next_deferred(&mut self) -> Option<Request> {
        let held = self.0.as_mut().filter(|it| !it.is_asking)?.held.take();
        self.tidy();
        held
    }

    /// Holds `request` back if it is a question behind another one.
    pub(super) fn admit(&mut self, request: Result<Request, Malformed>) -> Option<Result<Request, Malformed>> {
        match request {
            Ok(question) if self.is_open() && question.is_slow() => {
                self.0.get_or_insert_default().held = Some(question);
                None
            }
            request => Some(request),
        }
    }

    /// Notes that a question waits for its answer.
    pub(super) fn begin(&mut self) {
        self.0.get_or_insert_default().is_asking = true;
    }

    /// Notes that no question waits any more; true if one did.
    pub(super) fn end(&mut self) -> bool {
        let was_asking = self.0.as_mut().is_some_and(|it| std::mem::take(&mut it.is_asking));
        self.tidy();
        was_asking
    }

    /// Whether a question waits for its answer.
    pub(super) fn is_open(&self) -> bool {
        self.0.as_ref().is_some_and(|it| it.is_asking)
    }

    /// Since when the reader has been over its limit without taking a byte, if it is.
    pub(super) fn stalled_since(&self) -> Option<Instant> {
        self.0.as_ref().and_then(|it| it.stalled_since)
    }

    /// Notes since when the reader is over its limit without taking a byte; `None` if it is not.
    pub(super) fn set_stalled(&mut self, since: Option<Instant>) {
        if since != self.stalled_since() {
            self.0.get_or_insert_default().stalled_since = since;
            self.tidy();
        }
    }

    fn tidy(&mut self) {
        self.0.take_if(|it| !it.is_asking && it.held.is_none() && it.stalled_since.is_none());
    }
}
