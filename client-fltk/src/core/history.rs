//! History of the room: resume point, gaps, older messages, and messages that the operator took back.

pub(crate) mod gap;
pub(crate) mod older;
pub(crate) mod removed;
pub(crate) mod resume;
