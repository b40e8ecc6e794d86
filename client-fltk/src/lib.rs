//! Papo's window: what a person sees and does, over a connection to a server.

pub mod accessibility;
pub mod app;
pub mod core;
pub mod desktop;
pub mod display;
pub mod export;
pub mod files;
pub mod net;
pub mod options;
pub mod saver;
pub mod settings;
pub mod strings;
pub mod text;
pub mod view;
