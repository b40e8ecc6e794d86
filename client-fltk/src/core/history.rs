//! What was said before: resume point, gaps, older messages, what the server lost or removed.

pub(crate) mod backfill;
pub(crate) mod gap;
pub(crate) mod removed;
pub(crate) mod resume;
