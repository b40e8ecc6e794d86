//! The carrier of a connection's bytes: the only place that reads or writes a socket.

use std::fmt::Debug;
use std::io::{self, IoSlice};
use std::net::Shutdown;

use mio::event::Source as _;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::keys::ConnectionKey;

/// A stream of bytes each way that never blocks. Dropping it closes it at once, with whatever is still unsent.
///
/// Readiness is edge-triggered: after the poller has reported it, the loop reads or writes until `WouldBlock`.
pub trait Transport {
    /// Reporter of readiness.
    type Poller: Debug;

    /// Reads into the front of `buffer`; gives the number of bytes, 0 once the other side has shut down its writing side.
    /// `WouldBlock` if nothing has come, `Interrupted` to try again; any other error means that the transport is broken.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Sends the front of `slices`, as of one text; gives how many of their bytes it took, which are sent without being
    /// given again. Bytes of its own that wait go out first, also where `slices` are empty. `WouldBlock` if it takes
    /// nothing before the poller reports that it is writable again, other errors as of [`Transport::read`].
    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Whether bytes of its own wait to be sent: those of a handshake, or those it took and has yet to encrypt or send.
    fn wants_write(&self) -> bool;

    /// Shuts down the writing side behind all that it took; reading goes on. An error if the other side is gone, which
    /// the next read reports too.
    fn shut_down(&mut self) -> io::Result<()>;

    /// Has `poller` report under `key` when there is something to read and, with `for_writing`, when it is writable.
    /// `is_known` tells whether `poller` knows the transport already. An error if `poller` does not take it.
    fn watch(&mut self, poller: &Self::Poller, key: ConnectionKey, for_writing: bool, is_known: bool)
    -> io::Result<()>;
}

/// Plain TCP.
impl Transport for TcpStream {
    type Poller = Registry;

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::Read::read(self, buffer)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        io::Write::write_vectored(self, slices)
    }

    fn wants_write(&self) -> bool {
        false
    }

    fn shut_down(&mut self) -> io::Result<()> {
        self.shutdown(Shutdown::Write)
    }

    fn watch(&mut self, poller: &Registry, key: ConnectionKey, for_writing: bool, is_known: bool) -> io::Result<()> {
        let (token, readable) = (Token(key.0), Interest::READABLE);
        let interest = if for_writing { readable | Interest::WRITABLE } else { readable };
        if is_known { self.reregister(poller, token, interest) } else { self.register(poller, token, interest) }
    }
}
