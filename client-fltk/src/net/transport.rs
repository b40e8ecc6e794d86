//! The socket of a connection that stands. Nothing else reads or writes one: TLS, when it comes, stands in here.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::time::Duration;

use mio::Token;
use mio::event::Event;
use mio::net::TcpStream;
use socket2::{SockRef, TcpKeepalive};

const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
/// Unacknowledged data for so long ends the connection. Keepalive alone sends no probe while there is any.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(60);

/// A connected socket, and whether it is ready: its readiness is told once, and again only after it would block.
#[derive(Debug)]
pub(super) struct Transport {
    socket: TcpStream,
    token: Token,
    is_readable: bool,
    is_writable: bool,
    /// Set once a write has failed: nothing more is written, whatever the poll says.
    has_stopped_writing: bool,
}

impl Transport {
    /// Over `socket`, which is registered for both directions under `token`. An error if it takes no options.
    pub(super) fn new(socket: TcpStream, token: Token) -> io::Result<Transport> {
        // A chat's lines are small and wanted at once.
        socket.set_nodelay(true)?;
        // While reading is stopped, the kernel alone notices a machine that has lost its network.
        let options = SockRef::from(&socket);
        options.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE_IDLE).with_interval(KEEPALIVE_INTERVAL))?;
        #[cfg(target_os = "linux")]
        options.set_tcp_user_timeout(Some(UNACKNOWLEDGED))?;
        Ok(Transport { socket, token, is_readable: true, is_writable: true, has_stopped_writing: false })
    }

    /// Takes note of what the poll says.
    pub(super) fn heed(&mut self, event: &Event) {
        if event.token() == self.token {
            self.is_readable |= event.is_readable() || event.is_read_closed() || event.is_error();
            self.is_writable |= event.is_writable() || event.is_write_closed() || event.is_error();
        }
    }

    /// Whether a read may bring something.
    pub(super) fn is_readable(&self) -> bool {
        self.is_readable
    }

    /// Whether a write may be taken.
    pub(super) fn is_writable(&self) -> bool {
        self.is_writable && !self.has_stopped_writing
    }

    /// Ends writing alone: what was received before can still be read.
    pub(super) fn stop_writing(&mut self) {
        self.has_stopped_writing = true;
    }

    /// Reads what there is: `None` if nothing; an error at the end of the stream, too.
    pub(super) fn read(&mut self, bytes: &mut [u8]) -> io::Result<Option<usize>> {
        let read = ready(self.socket.read(bytes), &mut self.is_readable)?;
        if read == Some(0) { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(read) }
    }

    /// Writes as much of `bytes` as the socket takes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        ready(self.socket.write(bytes), &mut self.is_writable).map(Option::unwrap_or_default)
    }

    /// Tells the server that nothing more comes.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.socket.shutdown(Shutdown::Write)
    }
}

fn ready(result: io::Result<usize>, is_ready: &mut bool) -> io::Result<Option<usize>> {
    match result {
        Ok(length) => Ok(Some(length)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            *is_ready = false;
            Ok(None)
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
        Err(error) => Err(error),
    }
}
