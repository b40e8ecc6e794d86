//! The simulated network: connections that delay, cut into pieces, stall, fall silent and break, and the server's end
//! of them as a [`Transport`].

use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use papo_server::connection::transport::Transport;
use papo_server::keys::ConnectionKey;

use crate::dice::Dice;
use crate::pipe::Pipe;
use crate::process::Process;

/// How a network treats what it carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quality {
    /// Delay of every byte.
    pub(crate) delay: Duration,
    /// By how much some take longer.
    pub(crate) jitter: Duration,
    /// The most bytes that one read or write takes, now and then; `None` for as many as there are.
    pub(crate) piece: Option<usize>,
    /// How many bytes the buffers of both ends hold, in each direction.
    pub(crate) capacity: usize,
}

impl Quality {
    /// A cable to the next machine.
    pub(crate) const PERFECT: Quality =
        Quality { delay: Duration::ZERO, jitter: Duration::ZERO, piece: None, capacity: 64 << 20 };
}

/// Readiness that the server's poller would report of a connection: each is told once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Readiness {
    is_readable: bool,
    is_writable: bool,
}

/// One connection, both ends of it.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "facts about either end, each for itself")]
pub(crate) struct Link {
    /// The client's address.
    pub(crate) addr: SocketAddr,
    up: Pipe,
    down: Pipe,
    quality: Quality,
    dice: Dice,
    now: Rc<Cell<Duration>>,
    /// By which the server knows it.
    key: Option<ConnectionKey>,
    watches_writing: bool,
    readiness: Readiness,
    /// When the server learns that the client is gone without a goodbye.
    breaks_at: Option<Duration>,
    is_broken: bool,
    /// When the client learns the same of the server.
    client_breaks_at: Option<Duration>,
    is_broken_for_client: bool,
    has_client_left: bool,
    has_server_left: bool,
    /// Whether nothing goes through in either direction any more, nor does anybody notice.
    is_silent: bool,
}

/// A connection as its two ends and the network share it.
pub(crate) type SharedLink = Rc<RefCell<Link>>;

impl Link {
    /// A new connection from `addr`.
    pub(crate) fn new(addr: SocketAddr, quality: Quality, dice: Dice, now: Rc<Cell<Duration>>) -> Link {
        Link {
            addr,
            up: Pipe::new(quality.capacity),
            down: Pipe::new(quality.capacity),
            quality,
            dice,
            now,
            key: None,
            watches_writing: false,
            readiness: Readiness::default(),
            breaks_at: None,
            is_broken: false,
            client_breaks_at: None,
            is_broken_for_client: false,
            has_client_left: false,
            has_server_left: false,
            is_silent: false,
        }
    }

    /// When something happens next.
    pub(crate) fn next_event(&self) -> Option<Duration> {
        let pipes = [self.up.next_arrival(), self.down.next_arrival()].into_iter().flatten();
        let breaks = self.breaks_at.into_iter().chain(self.client_breaks_at);
        pipes.filter(|_| !self.is_silent).chain(breaks).min()
    }

    /// Lets happen what is due; whether the client has something to read.
    pub(crate) fn advance(&mut self) -> bool {
        let now = self.now.get();
        if self.breaks_at.take_if(|at| *at <= now).is_some() {
            self.break_for_server();
        }
        if self.client_breaks_at.take_if(|at| *at <= now).is_some() {
            self.is_broken_for_client = true;
            return true;
        }
        if self.is_silent {
            return false;
        }
        if self.up.arrive(now) {
            self.readiness.is_readable = true;
            if self.has_server_left && self.up.has_unread() {
                self.up.lose(true);
                self.client_breaks_at.get_or_insert(now + self.quality.delay);
            }
        }
        let has_news = self.down.arrive(now);
        if self.has_client_left && self.down.has_unread() {
            self.down.lose(true);
            self.breaks_at.get_or_insert(now + self.quality.delay);
        }
        has_news
    }

    /// Readiness to report, and the key; nothing before the server watches it.
    pub(crate) fn take_readiness(&mut self) -> Option<(ConnectionKey, bool)> {
        let key = self.key?;
        let Readiness { is_readable, is_writable } = std::mem::take(&mut self.readiness);
        let is_writable = is_writable && self.watches_writing || self.is_broken;
        (is_readable || is_writable).then_some((key, is_writable))
    }

    /// Whether the poller has something to report.
    pub(crate) fn is_ready(&self) -> bool {
        self.key.is_some() && (self.readiness.is_readable || self.readiness.is_writable && self.watches_writing)
    }

    /// Whether neither end holds it any more.
    pub(crate) fn is_over(&self) -> bool {
        self.has_client_left && self.has_server_left
    }

    /// From now on the network is of another quality; what is under way is not.
    pub(crate) fn set_quality(&mut self, quality: Quality) {
        self.quality = Quality { capacity: self.quality.capacity, ..quality };
    }

    /// Nothing goes through for so long.
    pub(crate) fn stall(&mut self, long: Duration) {
        let until = self.now.get() + long;
        self.up.stall(until);
        self.down.stall(until);
    }

    /// From now on nothing goes through: the server's system gives it up after `notices_after`.
    pub(crate) fn fall_silent(&mut self, notices_after: Duration) {
        self.is_silent = true;
        self.breaks_at.get_or_insert(self.now.get() + notices_after);
    }

    /// The same, and the client does not come back to it.
    pub(crate) fn abandon(&mut self, notices_after: Duration) {
        self.fall_silent(notices_after);
        self.has_client_left = true;
    }

    /// Nobody listens where the client connects to.
    pub(crate) fn refuse(&mut self) {
        self.has_server_left = true;
        self.client_breaks_at.get_or_insert(self.now.get() + self.quality.delay);
    }

    /// The client sends; how many bytes its system takes.
    pub(crate) fn client_send(&mut self, bytes: &[u8], may_split: bool) -> usize {
        let room = bytes.len().min(self.up.room());
        let taken = if may_split { self.piece(room) } else { room };
        if taken > 0 {
            let arrival = self.arrival();
            self.up.send(bytes[..taken].to_vec(), arrival);
        }
        taken
    }

    /// The client reads at most so many bytes; none where nothing has come.
    pub(crate) fn client_read(&mut self, most: usize) -> Vec<u8> {
        let read = self.down.read(most);
        if self.down.unblocks() {
            self.readiness.is_writable = true;
        }
        read
    }

    /// Whether the client has read all that will ever come.
    pub(crate) fn has_ended_for_client(&self) -> bool {
        self.is_broken_for_client || self.down.has_ended && !self.down.has_unread()
    }

    /// The client shuts its writing side.
    pub(crate) fn client_finish(&mut self) {
        let arrival = self.arrival();
        self.up.finish(arrival);
    }

    /// The client closes: with a reset if it has not read all that came.
    pub(crate) fn client_close(&mut self) {
        self.client_finish();
        if self.down.has_unread() {
            self.breaks_at.get_or_insert(self.now.get() + self.quality.delay);
        }
        self.has_client_left = true;
    }

    /// The client closes with a reset, which may overtake what it sent last.
    pub(crate) fn client_reset(&mut self) {
        self.breaks_at.get_or_insert(self.now.get() + self.quality.delay);
        self.has_client_left = true;
    }

    fn break_for_server(&mut self) {
        // The reset overtakes some of what was sent before it, or all.
        let loses_all = self.dice.once_in(2);
        self.up.lose(loses_all);
        self.down.lose(false);
        self.is_broken = true;
        self.readiness = Readiness { is_readable: true, is_writable: true };
    }

    fn server_close(&mut self) {
        if std::mem::replace(&mut self.has_server_left, true) {
            return;
        }
        self.key = None;
        let arrival = self.arrival();
        if self.up.has_unread() {
            let loses_what_is_under_way = self.dice.once_in(2);
            if loses_what_is_under_way {
                self.down.lose(false);
            }
            self.client_breaks_at.get_or_insert(arrival);
        } else {
            self.down.finish(arrival);
        }
    }

    fn arrival(&mut self) -> Duration {
        let jitter = self.dice.below(self.quality.jitter.as_micros() as usize + 1) as u64;
        self.now.get() + self.quality.delay + Duration::from_micros(jitter)
    }

    /// How many of so many bytes are taken at once.
    fn piece(&mut self, bytes: usize) -> usize {
        match self.quality.piece {
            Some(most) if bytes > 0 && self.dice.once_in(3) => bytes.min(1 + self.dice.below(most)),
            _ => bytes,
        }
    }
}

/// The server's end of a connection.
#[derive(Debug)]
pub(crate) struct SimTransport {
    link: SharedLink,
    process: Rc<Process>,
}

impl SimTransport {
    /// The end of `link` that `process` holds.
    pub(crate) fn new(link: SharedLink, process: Rc<Process>) -> SimTransport {
        SimTransport { link, process }
    }
}

impl Transport for SimTransport {
    type Poller = ();

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let link = &mut *self.link.borrow_mut();
        if link.quality.piece.is_some() && link.dice.once_in(40) {
            return Err(ErrorKind::Interrupted.into());
        }
        if link.up.has_unread() {
            let most = link.piece(buffer.len());
            let read = link.up.read(most);
            buffer[..read.len()].copy_from_slice(&read);
            return Ok(read.len());
        }
        match () {
            () if link.is_broken => Err(ErrorKind::ConnectionReset.into()),
            () if link.up.has_ended => Ok(0),
            () => Err(ErrorKind::WouldBlock.into()),
        }
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut bytes = Vec::new();
        for slice in slices {
            bytes.extend_from_slice(slice);
        }
        if !self.process.lives_through_a_write() {
            // Nobody is there to notice.
            return Ok(bytes.len());
        }
        let link = &mut *self.link.borrow_mut();
        if link.quality.piece.is_some() && link.dice.once_in(40) {
            return Err(ErrorKind::Interrupted.into());
        }
        if link.is_broken {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let taken = link.piece(bytes.len().min(link.down.room()));
        if taken == 0 && !bytes.is_empty() {
            link.down.block();
            return Err(ErrorKind::WouldBlock.into());
        }
        let arrival = link.arrival();
        link.down.send(bytes[..taken].to_vec(), arrival);
        Ok(taken)
    }

    fn wants_write(&self) -> bool {
        false
    }

    fn shut_down(&mut self) -> io::Result<()> {
        if self.process.is_dead() {
            return Ok(());
        }
        let link = &mut *self.link.borrow_mut();
        let arrival = link.arrival();
        link.down.finish(arrival);
        if link.is_broken { Err(ErrorKind::NotConnected.into()) } else { Ok(()) }
    }

    fn watch(&mut self, (): &(), key: ConnectionKey, for_writing: bool, _is_known: bool) -> io::Result<()> {
        let link = &mut *self.link.borrow_mut();
        link.key = Some(key);
        link.watches_writing = for_writing;
        // Readiness that stands already is reported, as by epoll.
        link.readiness.is_readable |= link.up.is_readable() || link.is_broken;
        link.readiness.is_writable |= for_writing && link.down.unblocks();
        Ok(())
    }
}

impl Drop for SimTransport {
    fn drop(&mut self) {
        self.link.borrow_mut().server_close();
    }
}
