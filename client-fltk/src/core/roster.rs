//! The roster: present members, those who left a moment ago, the order in which they spoke, and the ids of partners.

mod index;
mod recently_left;

use std::collections::HashMap;

use papo_common::{MemberId, Name};

use crate::core::Person;
use crate::core::roster::index::Index;
use crate::core::roster::recently_left::RecentlyLeft;

/// Everything known about the members beside their list, which the state shows and each method that changes it is
/// given.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    index: Index,
    recently_left: RecentlyLeft,
    /// For each member who spoke, the value of `messages` at that time.
    spoke: HashMap<Name, u64>,
    messages: u64,
    /// The last known id behind the name of each private conversation.
    partners: HashMap<Name, MemberId>,
}

impl Roster {
    /// Takes the list that the server gives on entering. `now` is Unix time in ms, `keep` for how long the server keeps
    /// the name of a member who left, in ms.
    pub(crate) fn replace(&mut self, people: &mut Vec<Person>, by: impl Iterator<Item = Person>, now: u64, keep: u64) {
        let before = std::mem::take(people);
        self.index = Index::default();
        by.for_each(|person| self.add(people, person));
        for gone in before.iter().filter(|person| self.index.with_name(&person.name).is_none()) {
            self.recently_left.add(gone, now, keep);
        }
        self.spoke.retain(|name, _| self.index.with_name(name).is_some());
    }

    /// A member joined: nobody stands in the list twice, neither by id nor by name.
    pub(crate) fn add(&mut self, people: &mut Vec<Person>, person: Person) {
        let namesake = self.find(people, &person.name).map(|other| other.id);
        for id in [Some(person.id), namesake].into_iter().flatten() {
            self.index.remove(people, id);
        }
        self.recently_left.remove(&person.name);
        self.index.push(people, person);
    }

    /// A member left; `None` if nobody has that id.
    pub(crate) fn remove(&mut self, people: &mut Vec<Person>, id: MemberId, now: u64, keep: u64) -> Option<Person> {
        let person = self.index.remove(people, id)?;
        self.spoke.remove(&person.name);
        self.recently_left.add(&person, now, keep);
        Some(person)
    }

    /// The member of that name.
    pub(crate) fn find<'a>(&self, people: &'a [Person], name: &Name) -> Option<&'a Person> {
        people.get(self.index.with_name(name)?)
    }

    /// A member who left a moment ago: the name as it was spelled, and the id.
    pub(crate) fn find_recently_left(&self, name: &Name, now: u64, keep: u64) -> Option<(&Name, MemberId)> {
        self.recently_left.find(name, now, keep)
    }

    /// Notes who spoke. False if nobody of that name is there.
    pub(crate) fn note_speaker(&mut self, name: &Name) -> bool {
        let is_there = self.index.with_name(name).is_some();
        if is_there {
            self.messages += 1;
            self.spoke.insert(name.clone(), self.messages);
        }
        is_there
    }

    /// The place of a member in the order of speaking, rising; `None` for one who did not speak.
    pub(crate) fn last_spoke(&self, name: &Name) -> Option<u64> {
        self.spoke.get(name).copied()
    }

    /// The last known id behind the name of a private conversation.
    pub(crate) fn partner(&self, name: &Name) -> Option<MemberId> {
        self.partners.get(name).copied()
    }

    /// Notes the id behind the name of a private conversation; true if it is the one that was known.
    pub(crate) fn meet(&mut self, name: &Name, id: MemberId) -> bool {
        self.partners.insert(name.clone(), id) == Some(id)
    }

    /// Notes the id likewise, unless one is known already.
    pub(crate) fn presume(&mut self, name: &Name, id: MemberId) {
        self.partners.entry(name.clone()).or_insert(id);
    }

    /// Forgets the partner of a private conversation that is gone.
    pub(crate) fn forget_partner(&mut self, name: &Name) {
        self.partners.remove(name);
    }

    /// The indexes of a member in the list, found by id and by name.
    #[cfg(test)]
    pub(crate) fn places(&self, person: &Person) -> (Option<usize>, Option<usize>) {
        (self.index.with_id(person.id), self.index.with_name(&person.name))
    }

    /// The number of members remembered for having spoken, and the number of names whose id is known.
    #[cfg(test)]
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.spoke.len(), self.partners.len())
    }
}
