//! Settings of each part of the server; [`crate::options::Options`] makes them of the command line.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use papo_common::Limits;

use crate::token_bucket::RateLimit;

/// The settings of every connection of a server.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionConfig {
    /// The longest line, in bytes.
    pub max_line: usize,
    /// The rate of its lines; `None` for no limit.
    pub rate: Option<RateLimit>,
    /// The time for which a connection may be without a name; `None` for as long as nobody else needs its place.
    pub name_timeout: Option<Duration>,
    /// Pings are due at whole seconds since then, so that many go out in one turn.
    pub epoch: Instant,
}

/// The settings of a room.
#[derive(Clone, Copy, Debug)]
pub struct RoomConfig {
    /// Limits of the names and texts that it accepts, and of the time for which it keeps the name of a native member
    /// that dropped out.
    pub limits: Limits,
    /// The most names that are kept for members from one address.
    pub max_kept_per_address: usize,
    /// Whether loopback addresses are exempt from that: their connections come from this machine.
    pub loopback_is_exempt: bool,
}

/// Where history is kept, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryConfig {
    /// The file; `None` for no history.
    pub path: Option<PathBuf>,
    /// For how long.
    pub time: Duration,
    /// The largest size of the file, in bytes.
    pub size: u64,
}

/// The most connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// In all, the reserve not counted.
    pub total: usize,
    /// From one address.
    pub per_address: usize,
    /// Whether `per_address` does not hold for loopback addresses: whoever connects by those is on this machine.
    pub loopback_is_exempt: bool,
}

/// Limits of one address, in sum.
#[derive(Clone, Copy, Debug)]
pub struct AddressLimits {
    /// Lines of all its connections; `None` for no limit.
    pub lines: Option<RateLimit>,
    /// The rate at which members may enter from it.
    pub comings: Option<RateLimit>,
    /// Whether nothing of this holds for loopback addresses: whoever connects by those is on this machine.
    pub loopback_is_exempt: bool,
}

/// The settings of a hub.
#[derive(Clone, Copy, Debug)]
pub struct HubConfig {
    /// The settings of every connection.
    pub connection: ConnectionConfig,
    /// The number of bytes that may wait for one reader.
    pub reader_buffer: usize,
    /// The number of bytes that all connections together may keep in memory.
    pub total_buffer: usize,
}
