//! A member of the room, and the ways in which it leaves.

use std::net::SocketAddr;

use papo_common::{Dialect, MemberId, Name, Private, SafeInteger};

use super::secret_hash::SecretHash;
use super::session::{Receipt, RefStatus, SessionState};
use crate::keys::ConnectionKey;

/// A member of the room.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: Name,
    /// Its public id.
    pub id: MemberId,
    /// Its address as all see it.
    pub addr: SocketAddr,
    /// Its connection.
    pub connection: ConnectionKey,
    /// The dialect it speaks.
    pub dialect: Dialect,
    /// The time when it came, Unix time in ms.
    pub since: u64,
    pub(super) secret: SecretHash,
    /// `None` until it sends something or is sent a private message: most members of a large room only listen.
    pub(super) state: Option<Box<SessionState>>,
}

/// The way in which a member leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The member leaves for good: nothing is kept for it.
    ForGood,
    /// The connection ended without a word: a native member may come back.
    Dropped,
}

impl Member {
    /// Whether its session can go on by another connection.
    pub(super) fn is_resumable(&self) -> bool {
        self.dialect == Dialect::Json
    }

    /// Whether it has sent a request with that number before.
    pub(super) fn ref_status(&self, reference: Option<SafeInteger>) -> RefStatus {
        let known = reference.zip(self.state.as_ref());
        known.map_or(RefStatus::New, |(reference, state)| state.ref_status(reference))
    }

    /// Remembers what became of a request with a number.
    pub(super) fn add_receipt(&mut self, reference: Option<SafeInteger>, receipt: impl FnOnce() -> Receipt) {
        if let Some(reference) = reference {
            self.state.get_or_insert_default().add_receipt(reference, receipt());
        }
    }

    /// Numbers a private message for this member. A classic one has no use for the number and cannot come back.
    pub(super) fn store_private(&mut self, private: Private) -> Private {
        match self.dialect {
            Dialect::Classic => private,
            Dialect::Json => self.state.get_or_insert_default().store_private(private),
        }
    }
}
