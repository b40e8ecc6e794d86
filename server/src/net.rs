//! The network around all connections: the listening socket, admission of newcomers, rates of addresses.

pub mod addresses;
pub mod admission;
pub mod listener;
pub mod refusals;
pub mod throttle;

use self::admission::Admission;
use self::refusals::Refusals;
use self::throttle::Throttle;
use crate::config::{AddressLimits, ConnectionLimits};

/// Limits over all connections: their number, and what each address sends.
#[derive(Debug)]
pub struct Net {
    /// The counts by which newcomers are let in.
    pub admission: Admission,
    /// The newcomers that could not stay, until the operator has been told.
    pub refusals: Refusals,
    /// The rates at which each address may send and join.
    pub throttle: Throttle,
}

impl Net {
    /// With nobody connected.
    pub fn new(connections: ConnectionLimits, addresses: AddressLimits) -> Net {
        Net {
            admission: Admission::new(connections),
            refusals: Refusals::default(),
            throttle: Throttle::new(addresses),
        }
    }
}
