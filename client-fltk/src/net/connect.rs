//! Making a connection, with happy eyeballs (RFC 8305): the addresses of a machine are tried one soon after the other,
//! and the first one that answers wins.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Interest, Token};

use super::report::ConnectError;
use super::timeouts::Timeouts;
use super::transport::Transport;
use super::wire::{WAKE, Wire};

/// Connects to one of the addresses that `found` brings. Of several failures the one that tells most is returned; any,
/// if the window has closed the connection meanwhile.
pub(super) fn connect(wire: &mut Wire, found: &Receiver<Vec<SocketAddr>>) -> Result<Transport, ConnectError> {
    let mut race = Race::new(&wire.timeouts);
    while !wire.shared.is_left() {
        race.look_up(found);
        race.start_due(wire);
        race.drop_late();
        if race.is_lost() {
            break;
        }
        let wake_at = race.wakes_at();
        if wire.wait(Some(wake_at)).is_err() {
            break;
        }
        for event in &wire.events {
            if let Some(transport) = race.finish(event.token()) {
                return Ok(transport);
            }
        }
    }
    Err(race.failure)
}

struct Race {
    timeouts: Timeouts,
    is_looked_up: bool,
    waiting: VecDeque<SocketAddr>,
    attempts: Vec<Attempt>,
    started: usize,
    /// When the next address is tried, unless all others have failed before.
    next_at: Instant,
    ends_at: Instant,
    failure: ConnectError,
}

struct Attempt {
    token: Token,
    socket: TcpStream,
    ends_at: Instant,
}

impl Race {
    fn new(timeouts: &Timeouts) -> Race {
        let now = Instant::now();
        Race {
            timeouts: *timeouts,
            is_looked_up: false,
            waiting: VecDeque::new(),
            attempts: Vec::new(),
            started: 0,
            next_at: now,
            ends_at: now + timeouts.connect,
            failure: ConnectError::NotFound,
        }
    }

    fn look_up(&mut self, found: &Receiver<Vec<SocketAddr>>) {
        if !self.is_looked_up {
            let addresses = found.try_recv();
            self.is_looked_up = !matches!(addresses, Err(TryRecvError::Empty));
            self.waiting = addresses.unwrap_or_default().into();
        }
    }

    fn start_due(&mut self, wire: &Wire) {
        let now = Instant::now();
        while (self.attempts.is_empty() || self.next_at <= now)
            && let Some(address) = self.waiting.pop_front()
        {
            self.next_at = now + self.timeouts.attempt_delay;
            self.started += 1;
            match self.start(wire, address, now + self.timeouts.attempt) {
                Ok(attempt) => self.attempts.push(attempt),
                Err(error) => self.fail(&error),
            }
        }
    }

    fn start(&self, wire: &Wire, address: SocketAddr, ends_at: Instant) -> io::Result<Attempt> {
        let token = Token(WAKE.0 + self.started);
        let mut socket = TcpStream::connect(address)?;
        wire.poll.registry().register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Attempt { token, socket, ends_at })
    }

    fn drop_late(&mut self) {
        let now = Instant::now();
        let is_over = now >= self.ends_at;
        if self.attempts.extract_if(.., |attempt| is_over || attempt.ends_at <= now).count() > 0 {
            self.fail(&io::ErrorKind::TimedOut.into());
        }
        if is_over {
            self.waiting.clear();
            self.is_looked_up = true;
        }
    }

    fn is_lost(&self) -> bool {
        self.is_looked_up && self.waiting.is_empty() && self.attempts.is_empty()
    }

    fn wakes_at(&self) -> Instant {
        let next = (!self.waiting.is_empty()).then_some(self.next_at);
        let ends = self.attempts.iter().map(|attempt| attempt.ends_at);
        ends.chain(next).fold(self.ends_at, Instant::min)
    }

    /// The transport, if the attempt with that token has won.
    fn finish(&mut self, token: Token) -> Option<Transport> {
        let at = self.attempts.iter().position(|attempt| attempt.token == token)?;
        let outcome = outcome(&self.attempts[at].socket)?;
        let Attempt { socket, .. } = self.attempts.swap_remove(at);
        outcome.and_then(|()| Transport::new(socket, token)).map_err(|error| self.fail(&error)).ok()
    }

    fn fail(&mut self, error: &io::Error) {
        self.failure = self.failure.max(connect_error(error));
        self.next_at = Instant::now();
    }
}

/// `None` while it is open: readiness alone says nothing.
fn outcome(socket: &TcpStream) -> Option<io::Result<()>> {
    match socket.take_error() {
        Ok(None) => socket.peer_addr().ok().map(|_| Ok(())),
        Ok(Some(error)) | Err(error) => Some(Err(error)),
    }
}

fn connect_error(error: &io::Error) -> ConnectError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ConnectError::Refused,
        // No route to one machine is what a wrong address in the own network looks like.
        io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable => ConnectError::NoAnswer,
        _ => ConnectError::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_error_means_to_people() {
        use io::ErrorKind::*;
        for (kind, error) in [
            (ConnectionRefused, ConnectError::Refused),
            (TimedOut, ConnectError::NoAnswer),
            (HostUnreachable, ConnectError::NoAnswer),
            (NetworkUnreachable, ConnectError::Unreachable),
            (PermissionDenied, ConnectError::Unreachable),
        ] {
            assert_eq!(connect_error(&kind.into()), error);
            assert_eq!(ConnectError::NotFound.max(error), error);
            assert_eq!(error.max(ConnectError::Refused), ConnectError::Refused);
        }
    }
}
