//! Reservations: names and sessions of members that dropped out and may come back, with private messages for them.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use papo_common::{MemberId, Name};

use super::effects::Record;
use super::secret_hash::SecretHash;
use super::session::SessionState;

/// A member that dropped out and may come back. It is no member meanwhile.
#[derive(Debug)]
pub(super) struct Reservation {
    pub(super) name: Name,
    pub(super) id: MemberId,
    pub(super) secret: SecretHash,
    pub(super) state: Option<Box<SessionState>>,
    /// Its last address.
    pub(super) ip: IpAddr,
    /// When it expires, in monotonic ms.
    pub(super) expires_at: u64,
}

/// All reservations.
#[derive(Debug, Default)]
pub(super) struct Reservations {
    /// By [`Name::key`].
    by_key: HashMap<Box<str>, Reservation>,
    /// The key by [`Name::look`].
    by_look: HashMap<Box<str>, Box<str>>,
    expiries: BTreeSet<(u64, Box<str>)>,
    per_address: HashMap<IpAddr, usize>,
}

impl Reservations {
    /// Names that people may take for `name`, an equal one first: at most two, of which one may come twice.
    pub(super) fn like(&self, name: &Name) -> impl Iterator<Item = &Name> {
        let alike = self.by_look.get(name.look()).and_then(|key| self.by_key.get(key));
        self.by_key.get(name.key()).into_iter().chain(alike).map(|reservation| &reservation.name)
    }

    pub(super) fn find_mut(&mut self, name: &Name) -> Option<&mut Reservation> {
        self.by_key.get_mut(name.key())
    }

    /// The name whose session has that secret.
    pub(super) fn owner(&self, secret: SecretHash) -> Option<&Name> {
        self.values().find(|reservation| reservation.secret == secret).map(|reservation| &reservation.name)
    }

    /// The number of reservations for members from that address.
    pub(super) fn count_from(&self, ip: IpAddr) -> usize {
        self.per_address.get(&ip).copied().unwrap_or_default()
    }

    pub(super) fn insert(&mut self, reservation: Reservation) {
        let key: Box<str> = reservation.name.key().into();
        self.expiries.insert((reservation.expires_at, key.clone()));
        self.by_look.insert(reservation.name.look().into(), key.clone());
        *self.per_address.entry(reservation.ip).or_default() += 1;
        self.by_key.insert(key, reservation);
    }

    pub(super) fn remove(&mut self, name: &Name) -> Option<Reservation> {
        let reservation = self.by_key.remove(name.key())?;
        self.expiries.remove(&(reservation.expires_at, name.key().into()));
        self.by_look.remove(reservation.name.look());
        if let Some(count) = self.per_address.get_mut(&reservation.ip) {
            *count -= 1;
            if *count == 0 {
                self.per_address.remove(&reservation.ip);
            }
        }
        Some(reservation)
    }

    /// Takes out a reservation that has expired at `now`, monotonic ms.
    pub(super) fn expire(&mut self, now: u64) -> Option<Reservation> {
        let (_, key) = self.expiries.first().filter(|(expires_at, _)| *expires_at <= now)?;
        let name = self.by_key.get(key)?.name.clone();
        self.remove(&name)
    }

    /// When the next reservation expires, in monotonic ms.
    pub(super) fn next_expiry(&self) -> Option<u64> {
        self.expiries.first().map(|(expires_at, _)| *expires_at)
    }

    /// Their sessions, to be stored.
    pub(super) fn sessions(&self) -> impl Iterator<Item = Record> {
        self.values().map(|Reservation { name, id, ip, secret, .. }| Record::SessionOpen {
            name: name.clone(),
            id: *id,
            ip: *ip,
            secret: *secret,
        })
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Reservation> {
        self.by_key.values()
    }
}
