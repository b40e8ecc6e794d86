//! Papo's wire: what a name is, what a text is, what clients ask and what they are told, and how both stand in
//! bytes in the two dialects.
//!
//! Everything here is pure: no sockets, no clock, no threads, no printing. `PROTOCOL.md` beside this crate is the
//! same contract for people who write other clients.

pub mod classic;
mod dialect;
mod encoding;
mod event;
mod fields;
pub mod fold;
mod id;
pub mod json;
mod line_buffer;
mod lookalike;
pub mod memory;
mod name;
mod request;
pub mod sentences;
mod telnet;
mod text;
mod user_list;

pub use dialect::Dialect;
pub use encoding::decode;
pub use event::{CloseReason, ErrorReason, Event, Limits, Message, Notice, Private, Refusal, User, Welcome};
pub use id::{LogId, LogToken, MAX_IDENTITY, MemberId, RunId, SessionSecret, SessionToken};
pub use line_buffer::{LineBuffer, LineTooLong};
pub use lookalike::is_at;
pub use name::{Name, NameError};
pub use request::{Hello, Malformed, Request, SafeInteger};
pub use telnet::Telnet;
pub use text::{LineBreaks, Text, TextError};
pub use user_list::UserListCache;

/// The TCP port where a server listens unless told otherwise.
pub const DEFAULT_PORT: u16 = 12345;

/// The version of the JSON dialect that this crate speaks, as `hello` carries it.
pub const VERSION: u64 = 1;
