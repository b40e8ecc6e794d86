//! One connection: a transport, the session above it, and what the loop notes about both.

pub mod closing;
pub mod codec;
pub mod heartbeat;
pub mod phase;
pub mod read_gate;
pub mod send_queue;
pub mod session;
pub mod stall;
#[cfg(test)]
mod tests;
pub mod timeout;
pub mod transport;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Instant;

use papo_common::Refusal;

use crate::broadcast::BroadcastLog;
use crate::config::ConnectionConfig;
use crate::connection::phase::Output;
use crate::connection::session::Session;
use crate::connection::timeout::Timeout;
use crate::connection::transport::Transport;
use crate::keys::ConnectionKey;
use crate::net::admission::Permit;

/// Result of one read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// The number of bytes that came.
    Bytes(usize),
    /// Nothing for now.
    Blocked,
    /// The other side will say no more.
    End,
}

/// Result of a flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flushed {
    /// Bytes that the transport took.
    pub bytes: usize,
    /// Whether to read on although nothing may tell of it: the reader has read its replies, or its input is discarded
    /// from now on.
    pub reads_on: bool,
}

/// A transport and the session above it.
#[derive(Debug)]
pub struct Connection<T> {
    /// The protocol's state.
    pub session: Session,
    transport: T,
    /// Whether the transport took less than it was given and has not yet become writable again.
    is_blocked: bool,
    /// Whether the poller was last told to report writability too; `None` while it does not know the transport.
    watched_for_writing: Option<bool>,
    /// Port of the peer; its IP address stands in the permit.
    port: u16,
    /// Its part in the count of connections.
    pub permit: Permit,
    /// Whether it waits for the next turn to be read on.
    pub is_deferred: bool,
    /// Its part in the server's count of bytes that connections keep in memory.
    pub counted: u32,
    /// The note of [`crate::hub::timers::Timers`].
    pub armed: Option<Instant>,
}

impl<T: Transport> Connection<T> {
    /// Takes over an accepted connection of `addr`, the address as all see it. With a `refusal` it is only waited for to
    /// be told so.
    pub fn new(
        transport: T,
        addr: SocketAddr,
        (permit, refusal): (Permit, Option<Refusal>),
        config: &ConnectionConfig,
        now: Instant,
    ) -> Connection<T> {
        Connection {
            session: Session::new(refusal, config, now),
            transport,
            is_blocked: false,
            watched_for_writing: None,
            port: addr.port(),
            permit,
            is_deferred: false,
            counted: 0,
            armed: None,
        }
    }

    /// The other side's address, as all see it.
    pub fn addr(&self) -> SocketAddr {
        SocketAddr::new(self.permit.ip(), self.port)
    }

    /// The poller tells that there may be something to read, or that the transport is writable again. It tells so once.
    pub fn on_ready(&mut self, is_writable: bool) {
        self.session.handle_readable();
        self.is_blocked &= !is_writable;
    }

    /// Reads once. An error if the transport is broken; that nothing has come is none.
    pub fn read(&mut self, scratch: &mut [u8], now: Instant) -> io::Result<ReadOutcome> {
        self.session.handle_readable();
        match self.transport.read(scratch) {
            Ok(0) => {
                self.session.handle_end(now);
                Ok(ReadOutcome::End)
            }
            Ok(read) => {
                self.session.handle_bytes(&scratch[..read], now);
                Ok(ReadOutcome::Bytes(read))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.session.handle_drained();
                Ok(ReadOutcome::Blocked)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(ReadOutcome::Bytes(0)),
            Err(error) => Err(error),
        }
    }

    /// Writes as much as the transport takes of what waits, and goes on with closing. `limit` is how many bytes may wait
    /// for a reader that keeps up. An error if the transport is broken and nothing that it sent is left to be read.
    pub fn flush(&mut self, limit: usize, broadcast: &BroadcastLog, now: Instant) -> io::Result<Flushed> {
        let (mut bytes, had_to_drain) = (0, self.session.must_drain());
        loop {
            let slices = match self.session.next_output(broadcast, now) {
                Output::Bytes(slices) => slices,
                Output::ShutDown => {
                    // An error here means that the other side is gone, which the next read tells.
                    let _ = self.transport.shut_down();
                    continue;
                }
            };
            let is_empty = slices.iter().all(|slice| slice.is_empty());
            if self.is_blocked || is_empty && !self.transport.wants_write() {
                break;
            }
            match self.transport.write_vectored(&slices) {
                Ok(0) if is_empty => break,
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    bytes += written;
                    self.session.handle_written(written, broadcast, now);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.is_blocked = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) if self.session.is_open() => {
                    self.session.handle_write_error();
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        self.session.handle_flushed(bytes, limit, broadcast, now);
        let has_drained = had_to_drain && !self.session.must_drain();
        Ok(Flushed { bytes, reads_on: has_drained || self.session.must_discard_input() })
    }

    /// Tells the poller what to wake the loop for, if that is not what it was last told. An error if it does not take it.
    pub fn watch(&mut self, poller: &T::Poller, key: ConnectionKey) -> io::Result<()> {
        let for_writing = self.is_blocked || self.transport.wants_write();
        if self.watched_for_writing != Some(for_writing) {
            self.transport.watch(poller, key, for_writing, self.watched_for_writing.is_some())?;
            self.watched_for_writing = Some(for_writing);
        }
        Ok(())
    }

    /// Demand of a deadline that has come.
    pub fn timeout(&mut self, config: &ConnectionConfig, now: Instant) -> Option<Timeout> {
        if self.name_deadline(config).is_some_and(|deadline| deadline <= now) {
            return Some(Timeout::Unregistered);
        }
        self.session.timeout(config, now)
    }

    /// Time at which to call [`Connection::timeout`] although nothing comes.
    pub fn deadline(&self, config: &ConnectionConfig) -> Option<Instant> {
        self.name_deadline(config).into_iter().chain(self.session.deadline(config)).min()
    }

    fn name_deadline(&self, config: &ConnectionConfig) -> Option<Instant> {
        let since = self.permit.unregistered_since().filter(|_| self.session.is_open())?;
        Some(since + config.name_timeout?)
    }
}
