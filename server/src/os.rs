//! What only Unix has: terminals and signals that a poll loop can wait for, limits of the process.

pub mod output;
pub mod resources;
pub mod signals;
pub mod stdin;
