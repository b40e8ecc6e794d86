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
        Some(&self.seats[self.place(key)?].1)
    }

    pub(super) fn get_mut(&mut self, key: MemberKey) -> Option<&mut Member> {
        let place = self.place(key)?;
        Some(&mut self.seats[place].1)
    }

    /// The one whose name has that key.
    pub(super) fn named(&self, name: &str) -> Option<MemberKey> {
        let found = self.by_name.find(self.hash(name), |&key| self.name_of(key) == name);
        found.copied()
    }

    /// Adds a member, whose name nobody has, behind all others.
    pub(super) fn push(&mut self, member: Member) -> MemberKey {
        let (key, hash) = (MemberKey(NonZeroU64::MIN.saturating_add(self.count)), self.hash(member.name.key()));
        self.count += 1;
        self.seats.push((key, Box::new(member)));
        let mut by_name = std::mem::take(&mut self.by_name);
        by_name.insert_unique(hash, key, |&key| self.hash(self.name_of(key)));
        self.by_name = by_name;
        key
    }

    pub(super) fn remove(&mut self, key: MemberKey) -> Option<Member> {
        let place = self.place(key)?;
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

    /// Where that member sits: in front of as many as ever came before it, less those of them who have left.
    fn place(&self, key: MemberKey) -> Option<usize> {
        let before = key.0.get() - 1;
        let first = before.saturating_sub(self.departures()) as usize;
        let seats = self.seats.get(first..self.seats.len().min(before as usize + 1))?;
        seats.binary_search_by_key(&key, |(key, _)| *key).ok().map(|place| first + place)
    }

    fn name_of(&self, key: MemberKey) -> &str {
        self.get(key).map_or("", |member| member.name.key())
    }
}
