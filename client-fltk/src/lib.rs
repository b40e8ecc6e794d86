//! Papo's window: what a person sees and does, over a link to a server.

pub mod access;
pub mod address;
pub mod app;
pub mod desktop;
pub mod display;
pub mod files;
pub mod fold;
pub mod link;
pub mod links;
pub mod message;
pub mod options;
pub mod saver;
pub mod settings;
pub mod state;
pub mod strings;
pub mod view;
