//! What stands in the window, for assistive technology: the tree and the adapter that carries it to the system.

pub mod adapter;
pub mod tree;
