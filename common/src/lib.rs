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
mod line;
mod lookalike;
pub mod memory;
mod name;
pub mod native;
mod request;
mod roll;
pub mod strings;
mod telnet;
mod text;

pub use dialect::Dialect;
pub use encoding::decode;
pub use event::{Closing, Event, Limits, Message, Notice, Private, Problem, Refusal, User, Welcome};
pub use id::{LogId, LogToken, MAX_IDENTITY, MemberId, RunId, Session, SessionToken};
pub use line::{LineBuffer, LineTooLong};
pub use lookalike::is_at;
pub use name::{Name, NameError};
pub use request::{Hello, Malformed, Number, Request};
pub use roll::Roll;
pub use telnet::Telnet;
pub use text::{Breaks, Text, TextError};

/// The TCP port where a server listens unless told otherwise.
pub const DEFAULT_PORT: u16 = 12345;

/// The version of the native dialect that this crate speaks, as `hello` carries it.
pub const VERSION: u64 = 1;
