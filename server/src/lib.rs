//! Papo server.
