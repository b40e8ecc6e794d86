//! People as the operator finds them: present, or away with their names reserved.

use std::net::IpAddr;
use std::time::Duration;

use papo_common::{MemberId, Name};

use super::member::Member;
use super::reservations::Reservation;
use crate::keys::ConnectionKey;

/// A member, or a person away whose name is reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Name,
    /// The public id.
    pub id: MemberId,
    /// The address, the last one of a person away.
    pub ip: IpAddr,
    /// Whether the person is present.
    pub presence: Presence,
}

/// Whether a person is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In the room, by that connection.
    Here(ConnectionKey),
    /// Away; the name stays reserved for so long from now on.
    Away(Duration),
}

impl Person {
    pub(super) fn present(member: &Member) -> Person {
        let presence = Presence::Here(member.connection);
        Person { name: member.name.clone(), id: member.id, ip: member.addr.ip(), presence }
    }

    /// `now` is the monotonic time in ms.
    pub(super) fn reserved(Reservation { name, id, ip, expires_at, .. }: &Reservation, now: u64) -> Person {
        let left = Duration::from_millis(expires_at.saturating_sub(now));
        Person { name: name.clone(), id: *id, ip: *ip, presence: Presence::Away(left) }
    }
}
