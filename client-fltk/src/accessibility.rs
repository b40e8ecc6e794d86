//! Accessibility: the tree of nodes that describes a window, and the adapter that hands it to the system.

pub mod adapter;
pub mod tree;
