//! Papo's server: one poll loop on one thread.
//!
//! Data flows one way: bytes → lines → [`papo_common::Request`] → [`room::Room`] → deliveries → output → one flush
//! per turn → one reap per turn. A library so that tests can drive [`server::Server::turn`].

pub mod addresses;
pub mod admission;
pub mod blocks;
pub mod clock;
pub mod closing;
pub mod connection;
pub mod console;
pub mod fanout;
pub mod filename;
pub mod framing;
pub mod history;
pub mod inbox;
pub mod journal;
pub mod keepalive;
pub mod listener;
pub mod liveness;
pub mod logfile;
pub mod options;
pub mod outbox;
pub mod outlet;
pub mod pace;
pub mod reason;
pub mod refusals;
pub mod resources;
pub mod room;
pub mod server;
pub mod signals;
pub mod spool;
pub mod stdin;
pub mod strings;
pub mod throttle;
pub mod timers;
