//! Papo's window: what a person sees and does, over a link to a server.

pub mod message;
pub mod state;
