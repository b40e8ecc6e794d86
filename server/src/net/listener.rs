//! The listening socket, and the sockets that it accepts.

use std::io;
use std::net::SocketAddr;

use mio::net::{TcpListener, TcpStream};
use socket2::{Domain, Protocol, Socket, Type};

use crate::os::sockets;

/// Connections that the kernel holds for us until we accept them: a whole room at once.
const BACKLOG: i32 = 4096;

/// Listens on `addr`. An IPv6 wildcard takes IPv4 too; an address that a server has just left can be taken at once.
/// An error if it is none of this machine's, may not be taken, or a server still listens there.
pub fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    sockets::allow_reuse(&socket)?;
    if addr.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(TcpListener::from_std(socket.into()))
}

/// Accepts a connection, with its address as people see it: an IPv4 one that arrives mapped in IPv6 is the same to them.
/// An error if none has come, or the system cannot give it.
pub fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let (stream, addr) = listener.accept()?;
    // Without the first a line waits up to 40 ms for the acknowledgement of the one before; without the second a lost
    // machine is noticed late. Neither is a reason to send anybody away.
    let _ = stream.set_nodelay(true);
    let _ = sockets::detect_dead_peer(&stream);
    Ok((stream, SocketAddr::new(addr.ip().to_canonical(), addr.port())))
}
