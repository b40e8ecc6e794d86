//! Text without a window: cutting, case folding, URLs.

pub mod cut;
pub mod folding;
pub mod urls;
