//! Accepting newcomers, as far as there is room for them.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry};

use super::source::Source;
use crate::engine::Engine;
use crate::net::listener::{accept, listen};
use crate::notes::Note;
use crate::strings;

/// The number of newcomers that are let in before others are served again.
const ACCEPT_BUDGET: usize = 256;
/// The time for which the listener rests when the system cannot give it another connection.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// The listener, and whether it is listened to.
#[derive(Debug)]
pub(super) struct Acceptor {
    /// `None` once the server ends.
    listener: Option<TcpListener>,
    state: AcceptState,
}

/// Whether newcomers are let in as soon as the listener has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AcceptState {
    Open,
    /// It is looked at again then, whatever the listener says: the system had no descriptor, or others come first.
    PausedUntil(Instant),
    /// There is neither a place nor a refusal slot: until somebody leaves.
    Full,
}

impl Acceptor {
    /// Listens at `addr`. An error if it cannot be taken.
    pub(super) fn bind(addr: SocketAddr, registry: &Registry) -> io::Result<Acceptor> {
        let mut listener = listen(addr)?;
        registry.register(&mut listener, Source::Listener.token(), Interest::READABLE)?;
        Ok(Acceptor { listener: Some(listener), state: AcceptState::Open })
    }

    /// The listening address. An error once the listener has ended.
    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.as_ref().ok_or_else(|| io::Error::from(ErrorKind::NotConnected))?.local_addr()
    }

    /// Whether it listens no more.
    pub(super) fn has_ended(&self) -> bool {
        self.listener.is_none()
    }

    /// When [`Acceptor::accept`] is due although the listener tells of nobody.
    pub(super) fn deadline(&self) -> Option<Instant> {
        if let AcceptState::PausedUntil(time) = self.state { Some(time) } else { None }
    }

    /// A descriptor is free again: those who wait outside may come in.
    pub(super) fn retry(&mut self, now: Instant) {
        if self.state != AcceptState::Open {
            self.state = AcceptState::PausedUntil(now);
        }
    }

    /// Listens no more; false if it did not before.
    pub(super) fn end(&mut self, registry: &Registry) -> bool {
        let Some(mut listener) = self.listener.take() else { return false };
        // The listener is dropped at once, so a failed deregistration changes nothing.
        let _ = registry.deregister(&mut listener);
        self.state = AcceptState::Open;
        true
    }

    /// Lets newcomers in.
    pub(super) fn accept(&mut self, engine: &mut Engine<TcpStream>) {
        let now = engine.now().instant;
        for _ in 0..ACCEPT_BUDGET {
            let Some(listener) = &self.listener else { return };
            if engine.net.admission.is_full(now) {
                let may_make_room = engine.net.admission.has_unregistered();
                self.state =
                    if may_make_room { AcceptState::PausedUntil(now + ACCEPT_PAUSE) } else { AcceptState::Full };
                return;
            }
            self.state = AcceptState::Open;
            match accept(listener) {
                Ok((stream, addr)) => {
                    if !engine.admit(stream, addr) {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if concerns_newcomer_alone(&error) => {}
                Err(error) => {
                    engine.note(Note::Log(strings::cannot_accept(&error)));
                    self.state = AcceptState::PausedUntil(now + ACCEPT_PAUSE);
                    return;
                }
            }
        }
        self.state = AcceptState::PausedUntil(now);
    }
}

/// Errors of `accept` that are the newcomer's alone: the next one may do better.
fn concerns_newcomer_alone(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}
