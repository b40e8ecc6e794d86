//! A member.

use std::net::SocketAddr;

use papo_common::{MemberId, Name};

/// A member, as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its name.
    pub name: Name,
    /// Its public id.
    pub id: MemberId,
    /// Its address.
    pub addr: SocketAddr,
}
