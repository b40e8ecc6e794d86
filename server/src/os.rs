//! The only place that knows the system: terminals and signals that a poll loop can wait for, private files, socket
//! options, limits of the process. Unix, and in part Linux, alone.

pub mod errors;
pub mod files;
pub mod output;
pub mod resources;
pub mod signals;
pub mod sockets;
pub mod stdin;
