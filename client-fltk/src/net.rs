//! The network, as the window sees it: an address, a [`Connection`] to it, and what that reports.
//!
//! Each connection has one thread of its own that connects, reads and writes, so that nothing the network does or
//! fails to do can hold up the window. Socket and thread are one: a blocked read cannot be woken from another thread on
//! every system, and TLS needs one owner for both directions.

mod address;
mod connect;
mod connection;
mod exchange;
mod outgoing;
mod report;
mod resolve;
mod shared;
mod timeouts;
mod transport;
mod wire;

pub use address::{Address, AddressError};
pub use connection::Connection;
pub use report::{ConnectError, Report};
pub use shared::Permit;

#[cfg(test)]
mod tests;
