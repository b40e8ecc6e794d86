//! The connection to a server: made, read and written on threads of its own, so that nothing the network does or
//! fails to do can hold up the window.
//!
//! One thread connects and then reads; a second one writes what stands in a bounded queue. A write from the
//! window's own thread, even one with a time limit, would freeze the window for that long each time a server has
//! stopped reading; a queue turns "it does not read" into a count that can be looked at without waiting.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use papo_common::{Event, LineBuffer, LineTooLong, Request, native};

use crate::address::Address;
use crate::core::message::{ConnectError, Report};

/// A connection, from the wish for one to its end. Dropping it ends it in good order without waiting: what was
/// sent still goes out, and nothing more is reported.
#[derive(Debug)]
pub struct Link {
    /// The only strong reference but for moments: when it goes, the writer has written the last line.
    outgoing: Option<Arc<SyncSender<Vec<u8>>>>,
    shared: Arc<Shared>,
    /// Disconnected when the threads are done.
    done: mpsc::Receiver<()>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What the window's thread and the link's own have in common.
#[derive(Debug, Default)]
struct Shared {
    /// The window wants no more of this.
    closed: AtomicBool,
    socket: OnceLock<TcpStream>,
}

/// Requests waiting for a server that does not read; past that it counts as lost.
const MAX_QUEUE: usize = 256;
/// The longest line from a server: a welcome with its 256 KiB of history, all of it escaped, and a full room.
/// A longer one ends the connection.
const MAX_LINE: usize = 4 * 1024 * 1024;
const READ_SIZE: usize = 16 * 1024;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// To connect to one address.
    connect: Duration,
    /// Between two bytes from the server, which pings every 30 s: longer silence means that the connection is lost.
    silence: Duration,
    /// For the server to take anything at all of what is written.
    write: Duration,
    /// For the server to close after the last line was written.
    farewell: Duration,
}

const USUAL: Patience = Patience {
    connect: Duration::from_secs(5),
    silence: Duration::from_secs(75),
    write: Duration::from_secs(15),
    farewell: Duration::from_secs(1),
};

impl Link {
    /// Starts to connect. `report` is told on another thread, in order, what becomes of it: `Connected` and then
    /// events until `Ended`, or `Failed`.
    pub fn open(address: Address, report: impl Fn(Report) + Send + Sync + 'static) -> Link {
        Link::open_with(address, USUAL, report)
    }

    fn open_with(address: Address, patience: Patience, report: impl Fn(Report) + Send + Sync + 'static) -> Link {
        let (outgoing, queue) = mpsc::sync_channel(MAX_QUEUE);
        let outgoing = Arc::new(outgoing);
        let (finished, done) = mpsc::channel::<()>();
        let shared = Arc::new(Shared::default());
        let report = Arc::new(report);
        let wire = Wire { outgoing: Arc::downgrade(&outgoing), shared: Arc::clone(&shared), patience };
        let run = {
            let report = Arc::clone(&report);
            move || {
                wire.run(&address, queue, &*report);
                drop(finished);
            }
        };
        let thread = thread::Builder::new().name("link".to_owned()).spawn(run).ok();
        if thread.is_none() {
            report(Report::Failed(ConnectError::Unreachable));
        }
        Link { outgoing: Some(outgoing), shared, done, thread }
    }

    /// Sends `request` as soon as the server takes it; never waits. A server that takes nothing for too long ends
    /// the connection.
    pub fn send(&self, request: &Request) {
        if let Some(outgoing) = &self.outgoing {
            enqueue(request, outgoing, &self.shared);
        }
    }

    /// Ends the connection in good order and waits for that, but never for long.
    pub fn close(mut self) {
        self.end();
        if !self.is_done_within(USUAL.farewell * 2) {
            // A server that takes nothing.
            self.shared.hang_up();
        }
        // Where there is no socket yet, the thread still looks for a machine: the system gives no way to interrupt
        // that, and it holds nothing that matters.
        if self.is_done_within(USUAL.farewell)
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }

    fn is_done_within(&self, limit: Duration) -> bool {
        self.done.recv_timeout(limit) == Err(RecvTimeoutError::Disconnected)
    }

    fn end(&mut self) {
        self.shared.closed.store(true, Ordering::Release);
        self.outgoing = None;
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Wakes whichever thread waits for the socket.
    fn hang_up(&self) {
        if let Some(socket) = self.socket.get() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

fn enqueue(request: &Request, outgoing: &SyncSender<Vec<u8>>, shared: &Shared) {
    let mut line = Vec::new();
    native::encode_request(request, &mut line);
    if outgoing.try_send(line).is_err() {
        shared.hang_up();
    }
}

/// The link as its own threads see it.
struct Wire {
    /// Weak, so that the queue ends when the window lets go of the link.
    outgoing: Weak<SyncSender<Vec<u8>>>,
    shared: Arc<Shared>,
    patience: Patience,
}

impl Wire {
    fn run(&self, address: &Address, queue: mpsc::Receiver<Vec<u8>>, report: &dyn Fn(Report)) {
        let report = |news| {
            if !self.shared.is_closed() {
                report(news);
            }
        };
        let stream = match self.connect(address) {
            Ok(stream) => self.shared.socket.get_or_init(|| stream),
            Err(error) => return report(Report::Failed(error)),
        };
        let (reader_is_done, reader_done) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let writer = thread::Builder::new().name("link-writer".to_owned());
            if writer.spawn_scoped(scope, move || self.write(stream, queue, &reader_done)).is_err() {
                return report(Report::Failed(ConnectError::Unreachable));
            }
            report(Report::Connected);
            // Whatever ended it, the window is told the same: the connection is gone.
            let _ = self.read(stream, &report);
            drop(reader_is_done);
            self.shared.hang_up();
            report(Report::Ended);
        });
    }

    /// Tries each address that the host has; of several failures the one that tells most is kept.
    fn connect(&self, address: &Address) -> Result<TcpStream, ConnectError> {
        let resolved = (address.host(), address.port()).to_socket_addrs().map_err(|_| ConnectError::NotFound)?;
        let mut failure = ConnectError::NotFound;
        for address in resolved {
            if self.shared.is_closed() {
                break;
            }
            match self.connect_to(address) {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = more_telling(failure, connect_error(&error)),
            }
        }
        Err(failure)
    }

    fn connect_to(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&address, self.patience.connect)?;
        // A chat's lines are small and wanted at once.
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.patience.silence))?;
        stream.set_write_timeout(Some(self.patience.write))?;
        Ok(stream)
    }

    /// Until the connection ends, in whichever way.
    fn read(&self, mut stream: &TcpStream, report: &dyn Fn(Report)) -> io::Result<()> {
        let mut lines = LineBuffer::new(MAX_LINE);
        let mut bytes = vec![0; READ_SIZE];
        loop {
            match stream.read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(length) => lines.push(&bytes[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            self.take_lines(&mut lines, report).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
    }

    fn take_lines(&self, lines: &mut LineBuffer, report: &dyn Fn(Report)) -> Result<(), LineTooLong> {
        while let Some(line) = lines.next_line()? {
            // A line that makes no sense is passed over: the server may be newer than this program.
            let Ok(event) = native::parse_event(&String::from_utf8_lossy(line)) else { continue };
            match event {
                Event::Ping => self.answer_ping(),
                Event::Unknown => {}
                event => report(Report::Event(event)),
            }
        }
        Ok(())
    }

    /// Here and not in the window: a dialog or a busy moment there must not cost the connection.
    fn answer_ping(&self) {
        if let Some(outgoing) = self.outgoing.upgrade() {
            enqueue(&Request::Pong, &outgoing, &self.shared);
        }
    }

    /// Until the window lets go of the link. Then the server gets the end of the stream and a moment to close: a
    /// close on our side with something unread would destroy the last line on its way.
    fn write(&self, mut stream: &TcpStream, queue: mpsc::Receiver<Vec<u8>>, reader_done: &mpsc::Receiver<()>) {
        for line in queue {
            if stream.write_all(&line).is_err() {
                self.shared.hang_up();
            }
        }
        let _ = stream.shutdown(Shutdown::Write);
        let _ = reader_done.recv_timeout(self.patience.farewell);
        self.shared.hang_up();
    }
}

fn connect_error(error: &io::Error) -> ConnectError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ConnectError::Refused,
        // No route to one machine is what a wrong address in the own network looks like.
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::HostUnreachable => ConnectError::NoAnswer,
        _ => ConnectError::Unreachable,
    }
}

fn more_telling(one: ConnectError, other: ConnectError) -> ConnectError {
    let weight = |error| match error {
        ConnectError::NotFound => 0,
        ConnectError::Unreachable => 1,
        ConnectError::NoAnswer => 2,
        ConnectError::Refused => 3,
    };
    if weight(one) >= weight(other) { one } else { other }
}

#[cfg(test)]
mod tests;
