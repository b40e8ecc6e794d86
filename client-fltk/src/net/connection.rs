//! A connection as the window holds it, and what it shares with the connection's own thread.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token, Waker};
use papo_common::{Request, json};

use super::address::Address;
use super::connect::connect;
use super::exchange::Exchange;
use super::outgoing::Outgoing;
use super::report::{ConnectError, Permit, Report};
use super::resolve::{self, Lookup};

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

/// A connection that is being closed: queued requests still go out, in a bounded time, and nothing more is reported.
/// Dropping it leaves that to the connection's own thread.
#[derive(Debug)]
pub struct Closing {
    thread: Option<JoinHandle<()>>,
}

/// Limit of requests queued for a server that does not read; past it the connection counts as lost.
pub(super) const MAX_QUEUE: usize = 256;
/// Limit of batches of events that the window has not handled; at it reading stops as soon as one more batch is full,
/// and the server's own limits apply.
pub(super) const MAX_OUTSTANDING: usize = 4;
/// The waker's token; the sockets' are above it.
pub(super) const WAKE: Token = Token(0);

/// Time limits of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// Limit for resolving a machine's name and connecting to it.
    pub(super) connect: Duration,
    /// Limit for connecting to one of its addresses.
    pub(super) attempt: Duration,
    /// Delay before the next address is tried beside those that have not answered.
    pub(super) attempt_delay: Duration,
    /// Longest silence of the server, which pings every 30 s: after it the connection counts as lost.
    pub(super) silence: Duration,
    /// Interval of signs of life while nothing is read, so that the server does not take this program for dead.
    pub(super) sign_of_life: Duration,
    /// Limit for the server to take any of the bytes being written.
    pub(super) write: Duration,
    /// Limit for the server to take all that is queued when the connection is closed.
    pub(super) flush: Duration,
    /// Limit for the server to close after the last line was written.
    pub(super) farewell: Duration,
}

pub(super) const USUAL: Timeouts = Timeouts {
    connect: Duration::from_secs(20),
    attempt: Duration::from_secs(5),
    attempt_delay: Duration::from_millis(250),
    silence: Duration::from_secs(75),
    sign_of_life: Duration::from_secs(30),
    write: Duration::from_secs(15),
    flush: Duration::from_secs(2),
    farewell: Duration::from_secs(1),
};

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

    /// Ends the connection in good order.
    pub fn close(mut self) -> Closing {
        let thread = self.running.take().map(|Running { shared, thread, .. }| {
            shared.is_closing.store(true, Ordering::Release);
            shared.wake();
            thread
        });
        Closing { thread }
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

impl Closing {
    /// Whether it is closed.
    pub fn is_done(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until it is closed, which takes about three seconds where the server takes nothing and never closes.
    pub fn wait(self) {
        if let Some(thread) = self.thread {
            let _ = thread.join();
        }
    }
}

pub(super) type Reporter = dyn Fn(Report) + Send + Sync;

/// State shared by the window's thread and the connection's own.
#[derive(Debug)]
pub(super) struct Shared {
    waker: Waker,
    /// The number of batches that the window has not handled.
    outstanding: AtomicUsize,
    /// Set when a request did not fit into the queue.
    is_overrun: AtomicBool,
    /// Set by [`Connection::close`]: queued requests still go out, and nothing more is reported.
    is_closing: AtomicBool,
    /// Set when the [`Connection`] is dropped: the thread ends at once.
    is_dropped: AtomicBool,
}

impl Shared {
    fn new(waker: Waker) -> Shared {
        let [is_overrun, is_closing, is_dropped] = [(); 3].map(|()| AtomicBool::new(false));
        Shared { waker, outstanding: AtomicUsize::new(0), is_overrun, is_closing, is_dropped }
    }

    /// Wakes the connection's thread, which then looks at its queue and at these flags.
    pub(super) fn wake(&self) {
        // Waking fails only where the system has no memory left; then the next timeout wakes the thread.
        let _ = self.waker.wake();
    }

    pub(super) fn is_overrun(&self) -> bool {
        self.is_overrun.load(Ordering::Acquire)
    }

    /// Whether the window wants no more reports: it has closed or dropped the connection.
    pub(super) fn is_left(&self) -> bool {
        self.is_dropped() || self.is_closing.load(Ordering::Acquire)
    }

    pub(super) fn is_dropped(&self) -> bool {
        self.is_dropped.load(Ordering::Acquire)
    }

    /// A permit for one more batch; `None` while too many are outstanding. The thread is woken when there is one again.
    pub(super) fn permit(self: &Arc<Shared>) -> Option<Permit> {
        // Only this thread takes permits, so that the number cannot rise in between.
        (self.outstanding.load(Ordering::Acquire) < MAX_OUTSTANDING).then(|| {
            self.outstanding.fetch_add(1, Ordering::AcqRel);
            Permit::new(Outstanding(Arc::clone(self)))
        })
    }
}

/// Counts one batch as outstanding until it is dropped, and wakes the thread if that ends a shortage of permits.
#[derive(Debug)]
pub(super) struct Outstanding(Arc<Shared>);

impl Drop for Outstanding {
    fn drop(&mut self) {
        if self.0.outstanding.fetch_sub(1, Ordering::AcqRel) == MAX_OUTSTANDING {
            self.0.wake();
        }
    }
}

impl Running {
    fn start(timeouts: Timeouts, lookup: Box<Lookup>, report: Arc<Reporter>) -> io::Result<Running> {
        let poll = Poll::new()?;
        let shared = Arc::new(Shared::new(Waker::new(poll.registry(), WAKE)?));
        let (requests, queue) = mpsc::sync_channel(MAX_QUEUE);
        let wire = Wire { poll, events: Events::with_capacity(64), shared: Arc::clone(&shared), timeouts, report };
        let thread = thread::Builder::new().name("connection".to_owned()).spawn(move || wire.run(lookup, queue))?;
        Ok(Running { requests, shared, thread })
    }
}

/// The connection's state on its own thread, with a socket or without.
pub(super) struct Wire {
    pub(super) poll: Poll,
    pub(super) events: Events,
    pub(super) shared: Arc<Shared>,
    pub(super) timeouts: Timeouts,
    report: Arc<Reporter>,
}

impl Wire {
    fn run(mut self, lookup: Box<Lookup>, queue: Receiver<Vec<u8>>) {
        let found: Receiver<Vec<SocketAddr>> = resolve::start(lookup, &self.shared);
        match connect(&mut self, &found) {
            Ok(transport) => {
                self.tell(Report::Connected);
                Exchange::new(self, transport, Outgoing::new(queue)).run();
            }
            Err(error) => self.tell(Report::Failed(error)),
        }
    }

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
