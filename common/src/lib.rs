//! Papo's wire: names, texts, the requests of clients and the events that answer them, and the bytes of both in the two
//! dialects.
//!
//! Everything here is pure: no sockets, no clock, no threads, no printing. `PROTOCOL.md` beside this crate is the
//! same contract for people who write other clients.
//!
//! From the leaves up: [`limits`], [`words`] and the look of texts; names, texts and identities; reasons and their
//! [`sentences`]; [`Request`] and [`Event`]; [`json`] and [`classic`], which turn both into lines; [`Dialect`], which
//! chooses between them. Below that, and independent of it, bytes become lines: [`Telnet`], [`LineBuffer`], [`decode`].

pub mod classic;
mod dialect;
mod encoding;
mod event;
pub mod fold;
mod id;
pub mod json;
pub mod limits;
mod line_buffer;
mod lookalike;
pub mod memory;
mod name;
mod reason;
mod request;
pub mod sentences;
mod telnet;
mod text;
mod user_list;
pub mod words;

pub use dialect::Dialect;
pub use encoding::decode;
pub use event::{Event, Message, Notice, Private, Welcome};
pub use id::{LogId, LogToken, MemberId, RunId, SafeInteger, SessionSecret, SessionToken};
pub use limits::{DEFAULT_PORT, Limits};
pub use line_buffer::{LineBuffer, LineTooLong};
pub use lookalike::is_at;
pub use name::{Name, NameError};
pub use reason::{CloseReason, ErrorReason, Refusal};
pub use request::{Hello, Malformed, Request};
pub use telnet::Telnet;
pub use text::{LineBreaks, Text, TextError};
pub use user_list::{User, UserList};
