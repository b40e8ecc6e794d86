//! What the server's tests share; each test file uses a part of it.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

pub mod hosts;
pub mod people;
pub mod real;
pub mod requests;
pub mod stage;

use std::time::Duration;

/// So many milliseconds.
pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// So many seconds.
pub fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
