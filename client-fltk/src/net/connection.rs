//! A connection as the window holds it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};

use mio::{Events, Poll, Waker};
use papo_common::{Request, json};

use super::address::Address;
use super::connect::connect;
use super::exchange::Exchange;
use super::outgoing::Outgoing;
use super::report::{ConnectError, Report};
use super::resolve::{self, Lookup};
use super::shared::Shared;
use super::timeouts::{Timeouts, USUAL};
use super::wire::{Reporter, WAKE, Wire};
use crate::platform::background::Task;

/// A connection, from the attempt to connect to its end. Dropping it closes it at once: queued requests are lost, and
/// nothing more is reported. [`Connection::close`] closes it in good order.
#[derive(Debug)]
pub struct Connection {
    /// `None` where the system gave no thread.
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    requests: SyncSender<Vec<u8>>,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

/// Limit of requests queued for a server that does not read; past it the connection counts as lost.
pub(super) const MAX_QUEUE: usize = 256;
impl Connection {
    /// Starts to connect. `report` is called on another thread with each report.
    pub fn open(address: Address, report: impl Fn(Report) + Send + Sync + 'static) -> Connection {
        Connection::open_with(USUAL, Box::new(move || resolve::resolve(&address)), report)
    }

    pub(super) fn open_with(
        timeouts: Timeouts,
        lookup: Box<Lookup>,
        report: impl Fn(Report) + Send + Sync + 'static,
    ) -> Connection {
        let report: Arc<Reporter> = Arc::new(report);
        let running = Running::start(timeouts, lookup, Arc::clone(&report));
        if running.is_err() {
            report(Report::Failed(ConnectError::Unreachable));
        }
        Connection { running: running.ok() }
    }

    /// Sends `request` as soon as the server takes it; never waits. A server that takes nothing for too long ends
    /// the connection.
    pub fn send(&self, request: &Request) {
        let Some(Running { requests, shared, .. }) = &self.running else { return };
        let mut line = Vec::new();
        json::encode_request(request, &mut line);
        if let Err(TrySendError::Full(_)) = requests.try_send(line) {
            shared.is_overrun.store(true, Ordering::Release);
        }
        shared.wake();
    }

    /// Ends the connection in good order: queued requests still go out, and nothing more is reported. The task is done
    /// after about three seconds even where the server takes nothing and never closes.
    pub fn close(mut self) -> Task {
        let Some(Running { shared, thread, .. }) = self.running.take() else { return Task::default() };
        shared.is_closing.store(true, Ordering::Release);
        shared.wake();
        thread.into()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(Running { shared, .. }) = &self.running {
            shared.is_dropped.store(true, Ordering::Release);
            shared.wake();
        }
    }
}

impl Running {
    fn start(timeouts: Timeouts, lookup: Box<Lookup>, report: Arc<Reporter>) -> io::Result<Running> {
        let poll = Poll::new()?;
        let shared = Arc::new(Shared::new(Waker::new(poll.registry(), WAKE)?));
        let (requests, queue) = mpsc::sync_channel(MAX_QUEUE);
        let wire = Wire { poll, events: Events::with_capacity(64), shared: Arc::clone(&shared), timeouts, report };
        let thread = thread::Builder::new().name("connection".to_owned()).spawn(move || run(wire, lookup, queue))?;
        Ok(Running { requests, shared, thread })
    }
}

fn run(mut wire: Wire, lookup: Box<Lookup>, queue: Receiver<Vec<u8>>) {
    let found: Receiver<Vec<SocketAddr>> = resolve::start(lookup, &wire.shared);
    match connect(&mut wire, &found) {
        Ok(transport) => {
            wire.tell(Report::Connected);
            Exchange::new(wire, transport, Outgoing::new(queue)).run();
        }
        Err(error) => wire.tell(Report::Failed(error)),
    }
}
