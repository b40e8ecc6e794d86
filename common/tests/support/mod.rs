//! Parts that several tests share.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod any;
pub(crate) mod classic_client;
