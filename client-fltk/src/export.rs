//! Conversations as files.

pub mod transcript;
