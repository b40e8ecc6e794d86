//! Text without a window: cutting, case folding, line breaks, URLs.

pub mod cut;
pub mod folding;
pub(crate) mod line_breaks;
pub mod urls;
