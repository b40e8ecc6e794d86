//! Who is in the room, in order of joining and by name.

use crate::keys::MemberKey;
use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU64;

use hashbrown::HashTable;
use papo_common::{Name, User, UserList};

use super::Member;

/// The members. Ten thousand of them mostly listen, so that what each takes is kept small: no name stands in it twice.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// In order of joining, which is that of their keys. Boxed, so that little moves when somebody in front leaves.
    seats: Vec<(MemberKey, Box<Member>)>,
    /// By the key of the name, which stands in the member.
    by_key: HashTable<MemberKey>,
    /// By the look of the name, where that is not its key too: most names are all lower case.
    by_look: HashTable<MemberKey>,
    hasher: RandomState,
    /// How many there have ever been.
    count: u64,
    /// The members in front, as far as they have been listed.
    list: UserList,
}

impl Members {
    pub(super) fn len(&self) -> usize {
        self.seats.len()
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (MemberKey, &Member)> {
        self.seats.iter().map(|(key, member)| (*key, &**member))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Member> {
        self.seats.iter().map(|(_, member)| &**member)
    }

    /// Everyone, as a welcome lists them. Only those who came since the last call are encoded, unless somebody left.
    pub(super) fn list(&mut self) -> UserList {
        for (_, member) in self.seats.iter().skip(self.list.count()) {
            self.list.push(&User { name: member.name.clone(), id: member.id, addr: member.addr });
        }
        self.list.clone()
    }

    /// Frees the list. Members that come at once share it; beside telling everyone of a member that comes alone, encoding
    /// it anew is little.
    pub(super) fn forget_list(&mut self) {
        self.list = UserList::default();
    }

    pub(super) fn get(&self, key: MemberKey) -> Option<&Member> {
        Some(&self.seats[self.place(key)?].1)
    }

    pub(super) fn get_mut(&mut self, key: MemberKey) -> Option<&mut Member> {
        let place = self.place(key)?;
        Some(&mut self.seats[place].1)
    }

    /// The one whom people would call so: rather an equal name than one that only looks the same.
    pub(super) fn named(&self, name: &Name) -> Option<MemberKey> {
        self.like(name).next()
    }

    /// Those whose names people may take for `name`, the one with an equal name first: at most two, of whom one may come
    /// twice.
    pub(super) fn like(&self, name: &Name) -> impl Iterator<Item = MemberKey> {
        let equal = self.by_key.find(self.hash(name.key()), |&key| self.name(key).is_some_and(|it| it == name));
        let (look, hash) = (name.look(), self.hash(name.look()));
        let has_look = |key: &MemberKey| self.name(*key).is_some_and(|it| it.look() == look);
        let alike = self.by_look.find(hash, has_look).or_else(|| {
            self.by_key.find(hash, |key| has_look(key) && self.name(*key).is_some_and(|it| it.key() == look))
        });
        equal.into_iter().chain(alike).copied()
    }

    /// Adds a member, whose name is like nobody's, behind all others.
    pub(super) fn push(&mut self, member: Member) -> MemberKey {
        let key = MemberKey(NonZeroU64::MIN.saturating_add(self.count));
        let (by_key, by_look) = (self.hash(member.name.key()), self.hash(member.name.look()));
        let has_own_look = member.name.look() != member.name.key();
        self.count += 1;
        self.seats.push((key, Box::new(member)));
        let mut tables = (std::mem::take(&mut self.by_key), std::mem::take(&mut self.by_look));
        tables.0.insert_unique(by_key, key, |&key| self.hash(self.name(key).map_or("", Name::key)));
        if has_own_look {
            tables.1.insert_unique(by_look, key, |&key| self.hash(self.name(key).map_or("", Name::look)));
        }
        (self.by_key, self.by_look) = tables;
        key
    }

    pub(super) fn remove(&mut self, key: MemberKey) -> Option<Member> {
        let place = self.place(key)?;
        self.forget_list();
        let name = &self.seats[place].1.name;
        let (by_key, by_look) = (self.hash(name.key()), self.hash(name.look()));
        for (table, hash) in [(&mut self.by_key, by_key), (&mut self.by_look, by_look)] {
            if let Ok(entry) = table.find_entry(hash, |&other| other == key) {
                entry.remove();
            }
        }
        Some(*self.seats.remove(place).1)
    }

    /// Takes everyone out. No key is given out again.
    pub(super) fn clear(&mut self) {
        self.forget_list();
        self.seats.clear();
        self.by_key.clear();
        self.by_look.clear();
    }

    fn hash(&self, key: &str) -> u64 {
        self.hasher.hash_one(key)
    }

    /// Where that member sits: in front of as many as ever came before it, less those of them who have left.
    fn place(&self, key: MemberKey) -> Option<usize> {
        let before = key.0.get() - 1;
        let first = before.saturating_sub(self.count - self.seats.len() as u64) as usize;
        let seats = self.seats.get(first..self.seats.len().min(before as usize + 1))?;
        seats.binary_search_by_key(&key, |(key, _)| *key).ok().map(|place| first + place)
    }

    fn name(&self, key: MemberKey) -> Option<&Name> {
        self.get(key).map(|member| &member.name)
    }
}
