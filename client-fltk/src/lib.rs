//! Papo's window: what a person sees and does, over a connection to a server.

pub mod accessibility;
pub mod app;
pub mod core;
pub mod dispatch;
pub mod export;
pub mod net;
pub mod options;
pub mod platform;
pub mod strings;
pub mod text;
pub mod view;
