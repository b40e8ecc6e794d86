//! Papo's server: one poll loop on one thread. A library so that tests can drive [`server::Server::turn`].
//!
//! # Layout, in the order in which data meets it
//!
//! - [`options`], [`config`], [`keys`], [`clock`], [`stats`]: what is given; these import nothing that follows.
//! - [`server`]: the poll loop and its turn.
//! - [`net`]: listening, admission and throttling.
//! - [`connection`]: one socket with its receive and send queues.
//! - [`room`]: members, names and messages. Pure: no sockets, no clock.
//! - [`broadcast`]: what all members are told, encoded once.
//! - [`history`]: what outlives the server.
//! - [`operator`]: console and log; [`os`]: what only Unix has; [`strings`]: all that the operator reads.

pub mod blocks;
pub mod broadcast;
pub mod clock;
pub mod config;
pub mod connection;
pub mod disconnect;
pub mod history;
pub mod keys;
pub mod net;
pub mod operator;
pub mod options;
pub mod os;
pub mod room;
pub mod server;
pub mod stats;
pub mod strings;
pub mod timers;
