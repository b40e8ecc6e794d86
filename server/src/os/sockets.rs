//! Socket options that differ from system to system.

use std::io;
use std::time::Duration;

use mio::net::TcpStream;
use socket2::{SockRef, Socket, TcpKeepalive};

/// The other machine is asked after this time without a byte.
const IDLE: Duration = Duration::from_secs(30);
const INTERVAL: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(60);

/// Has the kernel end the connection when the other machine has not answered for [`TIMEOUT`].
///
/// Keepalive alone sends no probe while data is unacknowledged, so a machine that vanished while being written to would
/// stay for many minutes. An error if the kernel does not take it.
pub fn detect_dead_peer(stream: &TcpStream) -> io::Result<()> {
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(IDLE).with_interval(INTERVAL))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(TIMEOUT))?;
    Ok(())
}

/// Lets an address that a server has just left be taken at once. An error if the kernel does not take it.
pub fn allow_reuse(socket: &Socket) -> io::Result<()> {
    // On Windows this option would let two servers share a port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    Ok(())
}
