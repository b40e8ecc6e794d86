//! What stands before a connection: the listener, who may connect, how much each address may send.

pub mod addresses;
pub mod admission;
pub mod keepalive;
pub mod listener;
pub mod refusals;
pub mod throttle;
pub mod token_bucket;
