//! Those who dropped out and may come back: not members, only their names are kept, and what is whispered to them.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use papo_common::{MemberId, Name};

use super::record::Record;
use super::secret_hash::SecretHash;
use super::session::SessionState;

/// Someone who may come back.
#[derive(Debug)]
pub(super) struct Reservation {
    pub(super) name: Name,
    pub(super) id: MemberId,
    pub(super) secret: SecretHash,
    pub(super) memory: Option<Box<SessionState>>,
    /// From where it was.
    pub(super) ip: IpAddr,
    /// When its time is up, by [`super::Room::pass`].
    pub(super) until: u64,
}

/// All of them, by the key of the name.
#[derive(Debug, Default)]
pub(super) struct Reservations {
    people: HashMap<Box<str>, Reservation>,
    /// The key by the look.
    keys: HashMap<Box<str>, Box<str>>,
    expiries: BTreeSet<(u64, Box<str>)>,
    counts: HashMap<IpAddr, usize>,
}

impl Reservations {
    /// Those whose names people may take for `name`, the one with an equal name first: at most two, of whom one may come
    /// twice.
    pub(super) fn like(&self, name: &Name) -> impl Iterator<Item = &Name> {
        let alike = self.keys.get(name.look()).and_then(|key| self.people.get(key));
        self.people.get(name.key()).into_iter().chain(alike).map(|away| &away.name)
    }

    pub(super) fn find_mut(&mut self, name: &Name) -> Option<&mut Reservation> {
        self.people.get_mut(name.key())
    }

    /// Whose session has that secret.
    pub(super) fn owner(&self, secret: SecretHash) -> Option<&Name> {
        self.people.values().find(|away| away.secret == secret).map(|away| &away.name)
    }

    /// How many were at that address.
    pub(super) fn count_from(&self, ip: IpAddr) -> usize {
        self.counts.get(&ip).copied().unwrap_or_default()
    }

    pub(super) fn insert(&mut self, away: Reservation) {
        let key: Box<str> = away.name.key().into();
        self.expiries.insert((away.until, key.clone()));
        self.keys.insert(away.name.look().into(), key.clone());
        *self.counts.entry(away.ip).or_default() += 1;
        self.people.insert(key, away);
    }

    pub(super) fn remove(&mut self, name: &Name) -> Option<Reservation> {
        let away = self.people.remove(name.key())?;
        self.expiries.remove(&(away.until, name.key().into()));
        self.keys.remove(away.name.look());
        self.forget_address(away.ip);
        Some(away)
    }

    /// Takes out one whose time is up at `now`.
    pub(super) fn expire(&mut self, now: u64) -> Option<Reservation> {
        let (_, key) = self.expiries.first().filter(|(until, _)| *until <= now)?;
        let name = self.people.get(key)?.name.clone();
        self.remove(&name)
    }

    /// Their sessions, to be kept.
    pub(super) fn sessions(&self) -> impl Iterator<Item = Record> {
        self.people.values().map(|Reservation { name, id, ip, secret, .. }| Record::SessionOpen {
            name: name.clone(),
            id: *id,
            ip: *ip,
            secret: *secret,
        })
    }

    /// All of them.
    pub(super) fn values(&self) -> impl Iterator<Item = &Reservation> {
        self.people.values()
    }

    /// When the next one's time is up.
    pub(super) fn next_expiry(&self) -> Option<u64> {
        self.expiries.first().map(|(until, _)| *until)
    }

    fn forget_address(&mut self, ip: IpAddr) {
        if let Some(count) = self.counts.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&ip);
            }
        }
    }
}
