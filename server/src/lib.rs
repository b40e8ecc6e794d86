//! Papo's server: one poll loop on one thread. A library so that tests can drive [`event_loop::EventLoop::turn`].
//!
//! # Layout, in the order in which data meets it
//!
//! - [`options`]: the command line, of which [`config`] is made.
//! - [`keys`], [`clock`], [`random`], [`stats`], [`token_bucket`], [`notes`], [`blocks`]: small values.
//! - [`event_loop`]: the poll, its sources, accepting, the operator's terminal.
//! - [`engine`]: a turn, without a poll; [`net`]: who may connect, and how fast each address may send.
//! - [`hub`]: everyone who is connected: reading, delivering, writing.
//! - [`connection`]: one transport and the session above it; [`disconnect`]: the reasons for which that ends.
//! - [`room`]: members, names and messages. Pure: no sockets, no clock.
//! - [`broadcast`]: events for everybody, encoded once.
//! - [`storage`], [`history`]: the state that outlives the server.
//! - [`operator`]: commands, console and log; [`os`]: the system; [`strings`]: all texts that the operator reads.
//!
//! `ARCHITECTURE.md` beside this crate has the data flow, a glossary, and what to touch to add something.

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
