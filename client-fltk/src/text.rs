//! Text without a window: case folding, URLs.

pub mod folding;
pub mod urls;
