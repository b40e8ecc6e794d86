//! `papo`: options, then the window.

fn main() {}
