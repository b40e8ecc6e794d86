//! Where somebody stands in the list of people, found without going through it.

use std::collections::HashMap;
use std::net::SocketAddr;

use papo_common::{MemberId, Name};

/// A member, as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its name.
    pub name: Name,
    /// Its public id.
    pub id: MemberId,
    /// Its address.
    pub addr: SocketAddr,
}

/// An index over the people, in order of joining: kept in step with every change of the list.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    /// For each person of the list, the number given on joining: rising, so that it can be searched.
    tickets: Vec<u64>,
    next: u64,
    by_id: HashMap<MemberId, u64>,
    by_name: HashMap<Name, u64>,
}

impl Roster {
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

    pub(crate) fn clear(&mut self, people: &mut Vec<Person>) {
        people.clear();
        *self = Roster { next: self.next, ..Roster::default() };
    }

    /// Where the one with that id stands.
    pub(crate) fn with_id(&self, id: MemberId) -> Option<usize> {
        self.place_of(*self.by_id.get(&id)?)
    }

    /// Where the one with that name stands.
    pub(crate) fn with_name(&self, name: &Name) -> Option<usize> {
        self.place_of(*self.by_name.get(name)?)
    }

    fn place_of(&self, ticket: u64) -> Option<usize> {
        self.tickets.binary_search(&ticket).ok()
    }
}
