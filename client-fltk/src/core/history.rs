//! What was said before: resume point, gaps, older messages, what the server lost or removed.

pub(crate) mod gap;
pub(crate) mod older;
pub(crate) mod removed;
pub(crate) mod resume;
