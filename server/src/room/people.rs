//! People as the operator finds them: in the room, or away with their names kept.

use crate::keys::ConnectionKey;
use std::net::IpAddr;
use std::time::Duration;

use papo_common::{MemberId, Name};

use super::Room;
use super::record::Record;

/// Someone in the room, or someone away whose name is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Name,
    /// The public id.
    pub id: MemberId,
    /// The address, the last one of someone away.
    pub ip: IpAddr,
    /// Where it is now.
    pub presence: Presence,
}

/// Where a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In the room, by that connection.
    Here(ConnectionKey),
    /// Away; its name is kept for so long from now on.
    Away(Duration),
}

impl Room {
    /// Those in the room in order of joining, then those away in order of their names.
    pub fn people(&self) -> impl Iterator<Item = Person> {
        let here = self.members.values().map(|member| Person {
            name: member.name.clone(),
            id: member.id,
            ip: member.addr.ip(),
            presence: Presence::Here(member.connection),
        });
        let mut away: Vec<Person> = self.reservations.values().map(|away| self.person_away(away)).collect();
        away.sort_by(|one, other| one.name.key().cmp(other.name.key()));
        here.chain(away)
    }

    /// The one who is called so, here or away: rather by an equal name than by one that only looks the same.
    pub fn person(&self, typed: &str) -> Option<Person> {
        let name = Name::recall(typed).ok()?;
        let found = self.names_like(&name).min_by_key(|other| **other != name)?;
        self.people().find(|person| person.name == *found)
    }

    /// Forgets someone away: its session is void and its name free. False if nobody away has that name. `at` is the time,
    /// Unix ms.
    pub fn release_name(&mut self, name: &Name, at: u64) -> bool {
        let Some(away) = self.reservations.remove(name) else { return false };
        self.record(|| Record::SessionEnded { id: away.id, at });
        true
    }

    fn person_away(&self, away: &super::reservations::Reservation) -> Person {
        let left = Duration::from_millis(away.until.saturating_sub(self.elapsed));
        Person { name: away.name.clone(), id: away.id, ip: away.ip, presence: Presence::Away(left) }
    }
}
