//! Papo's server: one poll loop on one thread. A library so that tests can drive [`event_loop::EventLoop::turn`].
//!
//! # Layout, in the order in which data meets it
//!
//! - [`options`], [`config`], [`keys`], [`clock`], [`random`], [`stats`], [`token_bucket`], [`notes`]: what is given; these import nothing that follows.
//! - [`event_loop`]: the poll, its sources and the operator's terminal.
//! - [`engine`]: a turn, without sockets of its own; [`net`]: who may connect, and how fast each address may send.
//! - [`hub`]: connections, room and broadcast; [`connection`]: one socket with its receive and send queues.
//! - [`room`]: members, names and messages. Pure: no sockets, no clock.
//! - [`broadcast`]: what all members are told, encoded once.
//! - [`storage`], [`history`]: what outlives the server.
//! - [`operator`]: console and log; [`os`]: what only Unix has; [`strings`]: all that the operator reads.

pub mod blocks;
pub mod broadcast;
pub mod clock;
pub mod config;
pub mod connection;
pub mod disconnect;
pub mod engine;
pub mod event_loop;
pub mod history;
pub mod hub;
pub mod keys;
pub mod net;
pub mod notes;
pub mod operator;
pub mod options;
pub mod os;
pub mod random;
pub mod room;
pub mod stats;
pub mod storage;
pub mod strings;
pub mod token_bucket;
