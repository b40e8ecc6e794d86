//! What differs from system to system, or only Unix has: terminals and signals that a poll loop can wait for, private files,
//! socket options, limits of the process.

pub mod errors;
pub mod files;
pub mod output;
pub mod resources;
pub mod signals;
pub mod sockets;
pub mod stdin;
