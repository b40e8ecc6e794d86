//! What stands before a connection: the listener, who may connect, how much each address may send.

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
    /// Who may connect.
    pub admission: Admission,
    /// Who could not, until the operator has been told.
    pub refusals: Refusals,
    /// How fast each address may send and join.
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
