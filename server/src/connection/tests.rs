use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::IoSlice;
use std::num::NonZeroU64;

use papo_common::{CloseReason, Event};

use super::*;
use crate::config::ConnectionLimits;
use crate::keys::MemberKey;
use crate::net::admission::Admission;
use crate::token_bucket::TokenBucket;

/// A transport whose results are scripted.
#[derive(Default)]
struct Scripted {
    /// Results of the next writes.
    writes: VecDeque<io::Result<usize>>,
    /// How many bytes each write was given.
    given: Vec<usize>,
    wants_write: bool,
}

impl Transport for Scripted {
    type Poller = RefCell<Vec<(bool, bool)>>;

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer[0] = b'{';
        Ok(1)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.given.push(slices.iter().map(|slice| slice.len()).sum());
        let written = self.writes.pop_front().unwrap();
        self.wants_write &= written.is_err();
        written
    }

    fn wants_write(&self) -> bool {
        self.wants_write
    }

    fn shut_down(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn watch(&mut self, poller: &Self::Poller, _: ConnectionKey, for_writing: bool, is_known: bool) -> io::Result<()> {
        poller.borrow_mut().push((for_writing, is_known));
        Ok(())
    }
}

/// A JSON member with a reply of `length` bytes to read, and its transport.
fn connection(length: usize, writes: Vec<io::Result<usize>>) -> Connection<Scripted> {
    let now = Instant::now();
    let limits = ConnectionLimits { total: 1, per_address: 1, loopback_is_exempt: true };
    let permit = Admission::new(limits).arrive(ConnectionKey(0), [127, 0, 0, 1].into(), None, now).unwrap();
    let config = ConnectionConfig { max_line: 99, rate: None, name_timeout: None, epoch: now };
    let transport = Scripted { writes: writes.into(), ..Scripted::default() };
    let mut connection = Connection::new(transport, ([127, 0, 0, 1], 1).into(), (permit, None), &config, now);
    connection.read(&mut [0], now).unwrap();
    connection.session.register(MemberKey(NonZeroU64::MIN), TokenBucket::default());
    if length > 0 {
        let reply = Event::Closed { reason: CloseReason::Kicked, detail: "x".repeat(length).into() };
        connection.session.tell(&reply, &BroadcastLog::default());
    }
    connection
}

fn flush(connection: &mut Connection<Scripted>) -> Flushed {
    connection.flush(usize::MAX, &BroadcastLog::default(), Instant::now()).unwrap()
}

#[test]
fn a_blocked_transport_is_watched_for_writing_until_it_is_writable() {
    let would_block = || Err(ErrorKind::WouldBlock.into());
    let mut connection = connection(10, vec![Ok(5), would_block(), would_block()]);
    let poller = RefCell::default();
    for is_writable in [false, false, true] {
        connection.on_ready(is_writable);
        flush(&mut connection);
        connection.watch(&poller, ConnectionKey(0)).unwrap();
    }
    assert_eq!((connection.transport.given.len(), poller.take()), (3, vec![(true, false)]));
    connection.transport.writes.push_back(Ok(connection.transport.given[2]));
    connection.on_ready(true);
    flush(&mut connection);
    connection.watch(&poller, ConnectionKey(0)).unwrap();
    assert_eq!(poller.take(), [(false, true)]);
}

#[test]
fn bytes_of_the_transports_own_are_written_too() {
    let mut connection = connection(0, vec![Ok(0)]);
    assert_eq!((flush(&mut connection).bytes, connection.transport.given.len()), (0, 0));
    connection.transport.wants_write = true;
    flush(&mut connection);
    assert_eq!(connection.transport.given, [0]);
}

#[test]
fn reading_goes_on_once_long_replies_are_read_or_can_no_longer_be() {
    let broken = || Err(ErrorKind::BrokenPipe.into());
    for (write, reads_on) in [(Err(ErrorKind::WouldBlock.into()), false), (Ok(100 * 1024), true), (broken(), true)] {
        let mut connection = connection(300 * 1024, vec![write, Err(ErrorKind::WouldBlock.into())]);
        assert!(connection.session.must_drain());
        assert_eq!(flush(&mut connection).reads_on, reads_on);
    }
}
