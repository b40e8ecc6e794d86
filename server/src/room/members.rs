//! The members of the room, in order of joining and by name.

use std::num::NonZeroU64;

use papo_common::limits::MAX_LISTED;
use papo_common::{Event, Name, User, UserList};

use super::member::Member;
use crate::keys::MemberKey;

/// The members. Ten thousand of them mostly listen, so what each takes is kept small: a name stands in its member alone,
/// and the indexes are sorted keys. Inserting moves at most a few dozen KiB, much less than the welcome that follows.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// In order of joining, which is that of their keys. Boxed, so that little moves when a member in front leaves.
    entries: Vec<(MemberKey, Box<Member>)>,
    /// Sorted by [`Name::key`].
    by_key: Vec<MemberKey>,
    /// Sorted by [`Name::look`]: only members whose look is not their key too, since most names are all lower case.
    by_look: Vec<MemberKey>,
    /// The number of members that have ever joined.
    joined: u64,
    /// The members in front, as far as they have been listed.
    list: UserList,
}

impl Members {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (MemberKey, &Member)> {
        self.entries.iter().map(|(key, member)| (*key, &**member))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Member> {
        self.entries.iter().map(|(_, member)| &**member)
    }

    /// All members as a welcome lists them. Only those who came since the last call are encoded, unless a member left.
    pub(super) fn list(&mut self) -> UserList {
        for (_, member) in self.entries.iter().skip(self.list.count()) {
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
        Some(&self.entries[self.index(key)?].1)
    }

    pub(super) fn get_mut(&mut self, key: MemberKey) -> Option<&mut Member> {
        let index = self.index(key)?;
        Some(&mut self.entries[index].1)
    }

    /// The member that people would call `name`: one with an equal name before one whose name only looks the same.
    pub(super) fn named(&self, name: &Name) -> Option<MemberKey> {
        self.like(name).next()
    }

    /// Members whose names people may take for `name`, the one with an equal name first: at most two, of whom one may
    /// come twice.
    pub(super) fn like(&self, name: &Name) -> impl Iterator<Item = MemberKey> {
        let look = name.look();
        let has_look = |key: &MemberKey| self.name(*key).is_some_and(|it| it.look() == look);
        let alike = find(&self.by_look, |key| self.part(key, Name::look), look)
            .or_else(|| find(&self.by_key, |key| self.part(key, Name::key), look).filter(has_look));
        find(&self.by_key, |key| self.part(key, Name::key), name.key()).into_iter().chain(alike)
    }

    /// The roster for classic members: the last of them by name, and the number of others.
    pub(super) fn roster(&self) -> Event {
        let more = self.len().saturating_sub(MAX_LISTED);
        Event::Users { names: self.values().skip(more).map(|member| member.name.clone()).collect(), more }
    }

    /// Adds a member, whose name is like no other member's, behind all others.
    pub(super) fn push(&mut self, member: Member) -> MemberKey {
        let key = MemberKey(NonZeroU64::MIN.saturating_add(self.joined));
        self.joined += 1;
        let place = self.by_key.partition_point(|other| self.part(*other, Name::key) < member.name.key());
        self.by_key.insert(place, key);
        if member.name.look() != member.name.key() {
            let place = self.by_look.partition_point(|other| self.part(*other, Name::look) < member.name.look());
            self.by_look.insert(place, key);
        }
        self.entries.push((key, Box::new(member)));
        key
    }

    pub(super) fn remove(&mut self, key: MemberKey) -> Option<Member> {
        let index = self.index(key)?;
        self.forget_list();
        let name = self.entries[index].1.name.clone();
        let place = self.by_key.partition_point(|other| self.part(*other, Name::key) < name.key());
        self.by_key.remove(place);
        let place = self.by_look.partition_point(|other| self.part(*other, Name::look) < name.look());
        if self.by_look.get(place) == Some(&key) {
            self.by_look.remove(place);
        }
        Some(*self.entries.remove(index).1)
    }

    /// Takes everyone out. No key is given out again.
    pub(super) fn clear(&mut self) {
        *self = Members { joined: self.joined, ..Members::default() };
    }

    /// The index of `key`. Keys rise in order of joining, so it lies between `key - departures` and `key`.
    fn index(&self, key: MemberKey) -> Option<usize> {
        let before = key.0.get() - 1;
        let first = before.saturating_sub(self.joined - self.entries.len() as u64) as usize;
        let entries = self.entries.get(first..self.entries.len().min(before as usize + 1))?;
        entries.binary_search_by_key(&key, |(key, _)| *key).ok().map(|index| first + index)
    }

    fn name(&self, key: MemberKey) -> Option<&Name> {
        self.get(key).map(|member| &member.name)
    }

    /// One of the keys of a member's name.
    fn part(&self, key: MemberKey, part: fn(&Name) -> &str) -> &str {
        self.name(key).map_or("", part)
    }
}

/// The member in a sorted index whose part of the name is `wanted`.
fn find<'a>(index: &[MemberKey], part: impl Fn(MemberKey) -> &'a str, wanted: &str) -> Option<MemberKey> {
    index.binary_search_by(|key| part(*key).cmp(wanted)).ok().map(|place| index[place])
}
