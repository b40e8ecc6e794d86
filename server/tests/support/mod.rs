//! Support for the server's tests; each test file uses a part of it.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

pub mod hosts;
pub mod people;
pub mod real;
pub mod requests;
pub mod stage;

use std::time::Duration;

/// A duration in milliseconds.
pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A duration in seconds.
pub fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
