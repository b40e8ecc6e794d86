//! Fuzz targets: whatever bytes come, no panic, and what is promised of the result holds.
//!
//! Plain `cargo test` replays the corpus that lies in `__fuzz__` beside this file and tries some random inputs;
//! `scripts/fuzz` has them driven by libFuzzer for long, and a crash that it finds is kept there too.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod decoders;
mod lines;
mod names;
mod texts;
mod turn;
