//! The names in use: those of members, and those reserved for members that dropped out.

use std::net::IpAddr;

use papo_common::{MemberId, Name, SessionSecret};

use super::member::Member;
use super::members::Members;
use super::people::Person;
use super::reservations::{Reservation, Reservations};
use super::secret_hash::SecretHash;
use super::session::{OpenSession, SessionState};
use crate::config::RoomConfig;

/// Members and reservations: no two of their names look alike.
#[derive(Debug)]
pub struct Directory {
    pub(super) members: Members,
    pub(super) reservations: Reservations,
    config: RoomConfig,
    /// The monotonic time in ms, by which reservations expire.
    now: u64,
}

impl Directory {
    pub(super) fn new(config: RoomConfig) -> Directory {
        Directory { members: Members::default(), reservations: Reservations::default(), config, now: 0 }
    }

    pub(super) fn set_now(&mut self, now: u64) {
        self.now = now;
    }

    /// The names in use that people may take for `name`.
    pub(super) fn like(&self, name: &Name) -> impl Iterator<Item = &Name> {
        let members = self.members.like(name).filter_map(|key| self.members.get(key)).map(|member| &member.name);
        members.chain(self.reservations.like(name))
    }

    /// The name in use that people mean by `typed`: an equal one before one that only looks the same.
    pub(super) fn resolve(&self, typed: &str) -> Option<&Name> {
        let name = Name::recall(typed).ok()?;
        self.like(&name).min_by_key(|other| **other != name)
    }

    /// The person called `typed`, present or away: one with an equal name before one whose name only looks the same.
    pub fn person(&self, typed: &str) -> Option<Person> {
        let name = self.resolve(typed)?;
        self.people().find(|person| person.name == *name)
    }

    /// When the next reservation expires, in monotonic ms.
    pub fn next_expiry(&self) -> Option<u64> {
        self.reservations.next_expiry()
    }

    /// Members in order of joining, then people away in order of their names.
    pub fn people(&self) -> impl Iterator<Item = Person> {
        let mut reserved: Vec<&Reservation> = self.reservations.values().collect();
        reserved.sort_by(|one, other| one.name.key().cmp(other.name.key()));
        let reserved = reserved.into_iter().map(|reservation| Person::reserved(reservation, self.now));
        self.members.values().map(Person::present).chain(reserved)
    }

    /// The name whose session has that secret, if it can be resumed. Looking at every member is less work than the
    /// welcome that follows, which lists every member; a table of sessions would be the largest thing kept for each.
    pub(super) fn session_owner(&self, session: SessionSecret) -> Option<&Name> {
        let secret = SecretHash::of(session);
        let member = self.members.values().find(|member| member.is_resumable() && member.secret == secret);
        member.map(|member| &member.name).or_else(|| self.reservations.owner(secret))
    }

    /// Reserves the name of a member that dropped out; false if nothing is kept for it.
    pub(super) fn reserve(&mut self, member: &mut Member) -> bool {
        let ip = member.addr.ip();
        let may_reserve = member.is_resumable() && self.config.limits.keep > 0 && self.has_room_for(ip);
        if may_reserve {
            let (name, id, secret) = (member.name.clone(), member.id, member.secret);
            self.insert(name, id, secret, ip, member.state.take());
        }
        may_reserve
    }

    /// Reserves the name of a member that was here when the last run of the server broke off; false if it cannot be.
    pub(super) fn reserve_restored(&mut self, session: OpenSession) -> bool {
        let OpenSession { name, id, secret, ip, receipts } = session;
        let may_reserve = self.config.limits.keep > 0 && self.like(&name).next().is_none();
        if may_reserve {
            self.insert(name, id, secret, ip, Some(Box::new(SessionState::restored(receipts))));
        }
        may_reserve
    }

    /// Empties the directory; the ids of members, and of people away.
    pub(super) fn clear(&mut self) -> (Vec<MemberId>, Vec<MemberId>) {
        let members = self.members.values().map(|member| member.id).collect();
        let reserved = std::mem::take(&mut self.reservations).values().map(|reservation| reservation.id).collect();
        self.members.clear();
        (members, reserved)
    }

    /// Takes out a reservation that has expired.
    pub(super) fn expire(&mut self) -> Option<Reservation> {
        self.reservations.expire(self.now)
    }

    fn has_room_for(&self, ip: IpAddr) -> bool {
        let is_exempt = self.config.loopback_is_exempt && ip.is_loopback();
        is_exempt || self.reservations.count_from(ip) < self.config.max_kept_per_address
    }

    fn insert(&mut self, name: Name, id: MemberId, secret: SecretHash, ip: IpAddr, state: Option<Box<SessionState>>) {
        let expires_at = self.now + self.config.limits.keep;
        self.reservations.insert(Reservation { name, id, secret, state, ip, expires_at });
    }
}
