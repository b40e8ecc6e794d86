//! Index of the list of members: finds one by id or by name without going through the list.

use std::collections::HashMap;

use papo_common::{MemberId, Name};

use crate::core::Person;

/// An index over the members, in order of joining: kept in step with every change of the list.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// For each person of the list, the number given on joining: rising, so that it can be searched.
    tickets: Vec<u64>,
    next: u64,
    by_id: HashMap<MemberId, u64>,
    by_name: HashMap<Name, u64>,
}

impl Index {
    pub(crate) fn push(&mut self, people: &mut Vec<Person>, person: Person) {
        self.by_id.insert(person.id, self.next);
        self.by_name.insert(person.name.clone(), self.next);
        self.tickets.push(self.next);
        self.next += 1;
        people.push(person);
    }

    pub(crate) fn remove(&mut self, people: &mut Vec<Person>, id: MemberId) -> Option<Person> {
        let index = self.with_id(id)?;
        let person = people.remove(index);
        self.tickets.remove(index);
        self.by_id.remove(&person.id);
        self.by_name.remove(&person.name);
        Some(person)
    }

    /// The index of the member with that id.
    pub(crate) fn with_id(&self, id: MemberId) -> Option<usize> {
        self.place_of(*self.by_id.get(&id)?)
    }

    /// The index of the member with that name.
    pub(crate) fn with_name(&self, name: &Name) -> Option<usize> {
        self.place_of(*self.by_name.get(name)?)
    }

    fn place_of(&self, ticket: u64) -> Option<usize> {
        self.tickets.binary_search(&ticket).ok()
    }
}
