//! Who is in the room, in order of joining and by name.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU64;

use hashbrown::HashTable;

use super::{Member, MemberKey};

/// The members. Ten thousand of them mostly listen, so that what each takes is kept small: no name stands in it twice.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// In order of joining, which is that of their keys. Boxed, so that little moves when somebody in front leaves.
    seats: Vec<(MemberKey, Box<Member>)>,
    /// By the key of the name, which stands in the member.
    by_name: HashTable<MemberKey>,
    hasher: RandomState,
    /// How many there have ever been.
    count: u64,
}

impl Members {
    pub(super) fn len(&self) -> usize {
        self.seats.len()
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (MemberKey, &Member)> {
        self.seats.iter().map(|(key, member)| (*key, &**member))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Member> {
        self.from(0)
    }

    /// Those from that place on.
    pub(super) fn from(&self, place: usize) -> impl Iterator<Item = &Member> {
        self.seats.iter().skip(place).map(|(_, member)| &**member)
    }

    /// How many have ever left.
    pub(super) fn departures(&self) -> u64 {
        self.count - self.seats.len() as u64
    }

    pub(super) fn get(&self, key: MemberKey) -> Option<&Member> {
        Some(&self.seats[place(&self.seats, key)?].1)
    }

    pub(super) fn get_mut(&mut self, key: MemberKey) -> Option<&mut Member> {
        let place = place(&self.seats, key)?;
        Some(&mut self.seats[place].1)
    }

    /// The one whose name has that key.
    pub(super) fn named(&self, name: &str) -> Option<MemberKey> {
        let found = self.by_name.find(self.hash(name), |&key| name_of(&self.seats, key) == name);
        found.copied()
    }

    /// Adds a member, whose name nobody has, behind all others.
    pub(super) fn push(&mut self, member: Member) -> MemberKey {
        let (key, hash) = (MemberKey(NonZeroU64::MIN.saturating_add(self.count)), self.hash(member.name.key()));
        self.count += 1;
        self.seats.push((key, Box::new(member)));
        let (seats, hasher) = (&self.seats, &self.hasher);
        self.by_name.insert_unique(hash, key, |&key| hasher.hash_one(name_of(seats, key)));
        key
    }

    pub(super) fn remove(&mut self, key: MemberKey) -> Option<Member> {
        let place = place(&self.seats, key)?;
        let hash = self.hash(self.seats[place].1.name.key());
        if let Ok(entry) = self.by_name.find_entry(hash, |&other| other == key) {
            entry.remove();
        }
        Some(*self.seats.remove(place).1)
    }

    /// Takes everyone out. No key is given out again.
    pub(super) fn clear(&mut self) {
        self.seats.clear();
        self.by_name.clear();
    }

    fn hash(&self, name: &str) -> u64 {
        self.hasher.hash_one(name)
    }
}

fn place(seats: &[(MemberKey, Box<Member>)], key: MemberKey) -> Option<usize> {
    seats.binary_search_by_key(&key, |(key, _)| *key).ok()
}

fn name_of(seats: &[(MemberKey, Box<Member>)], key: MemberKey) -> &str {
    place(seats, key).map_or("", |place| seats[place].1.name.key())
}
