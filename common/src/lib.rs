//! Papo's wire: what a name is, what a text is, what clients ask and what they are told, and how both stand in
//! bytes in the two dialects.
//!
//! Everything here is pure: no sockets, no clock, no threads, no printing. `PROTOCOL.md` beside this crate is the
//! same contract for people who write other clients.

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
