//! The connection's own thread: what it polls, and how it reports to the window.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use mio::{Events, Poll, Token};

use super::report::Report;
use super::shared::Shared;
use super::timeouts::Timeouts;

/// The waker's token; the sockets' are above it.
pub(super) const WAKE: Token = Token(0);

pub(super) type Reporter = dyn Fn(Report) + Send + Sync;

/// The connection's state on its own thread, with a socket or without.
pub(super) struct Wire {
    pub(super) poll: Poll,
    pub(super) events: Events,
    pub(super) shared: Arc<Shared>,
    pub(super) timeouts: Timeouts,
    pub(super) report: Arc<Reporter>,
}

impl Wire {
    /// Reports to the window, unless it wants no more reports.
    pub(super) fn tell(&self, report: Report) {
        if !self.shared.is_left() {
            (self.report)(report);
        }
    }

    /// Waits for the sockets or the waker, but not beyond `until`. An error if the system cannot poll.
    pub(super) fn wait(&mut self, until: Option<Instant>) -> io::Result<()> {
        let timeout = until.map(|until| until.saturating_duration_since(Instant::now()));
        match self.poll.poll(&mut self.events, timeout) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            result => result,
        }
    }
}
