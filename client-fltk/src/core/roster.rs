//! The roster: present members, those who left a moment ago, and the order in which they spoke.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

use indexmap::IndexMap;
use papo_common::fold::fold;
use papo_common::{MemberId, Name};

use crate::core::Person;

/// The members of the room, and which of them is the user of this window.
#[derive(Debug, Default)]
pub struct Roster {
    /// The members by their ids, the user among them, in order of joining.
    pub people: IndexMap<MemberId, Person>,
    /// Rises whenever `people` changes.
    pub version: u64,
    /// The user of this window, once the server has let it in.
    pub me: Option<Person>,
    /// Ids of this user in earlier sessions of this chat, the newest last.
    earlier_ids: VecDeque<MemberId>,
    ids: HashMap<Name, MemberId>,
    /// The ids of members who left, and until when the server may keep their names, Unix time in ms: it keeps that of a
    /// member whose connection broke, and private messages for it. Whether the connection broke only the server knows.
    left: HashMap<Name, (MemberId, u64)>,
    /// For how long it keeps a name, in ms.
    keep: u64,
    /// For each member who spoke, the value of `messages` at that time.
    pub(in crate::core) spoke: HashMap<Name, u64>,
    messages: u64,
}

impl Roster {
    /// The ids of still earlier sessions are forgotten: what was said under them counts as said by others.
    const MAX_EARLIER_IDS: usize = 64;
    /// Further departures are not remembered.
    const MAX_LEFT: usize = 1_000;

    /// Takes the user and the list of members that the server gives on entering. `keep` is for how long the server keeps
    /// the name of a member who left, in ms. What an earlier session said in this chat is still said by this user.
    pub fn welcome(&mut self, me: Person, people: impl Iterator<Item = Person>, keep: u64, now: u64) {
        let id = me.id;
        let earlier = self.me.replace(me).map(|me| me.id).filter(|&earlier| earlier != id);
        self.earlier_ids.extend(earlier);
        let surplus = self.earlier_ids.len().saturating_sub(Roster::MAX_EARLIER_IDS);
        self.earlier_ids.drain(..surplus);
        self.keep = keep;
        let before = std::mem::take(&mut self.people);
        self.ids.clear();
        people.for_each(|person| self.add(person));
        for person in before.values() {
            if self.find(&person.name).is_none() {
                self.note_left(person, now);
            }
        }
        self.spoke.retain(|name, _| self.ids.contains_key(name));
    }

    /// A member joined: nobody stands in the list twice, neither by id nor by name.
    pub(crate) fn add(&mut self, person: Person) {
        let namesake = self.ids.get(&person.name).copied();
        for id in [Some(person.id), namesake].into_iter().flatten() {
            self.take(id);
        }
        self.left.remove(&person.name);
        self.ids.insert(person.name.clone(), person.id);
        self.people.insert(person.id, person);
        self.version += 1;
    }

    /// A member left; `None` if nobody has that id.
    pub(crate) fn remove(&mut self, id: MemberId, now: u64) -> Option<Person> {
        let person = self.take(id)?;
        self.spoke.remove(&person.name);
        self.note_left(&person, now);
        self.version += 1;
        Some(person)
    }

    fn take(&mut self, id: MemberId) -> Option<Person> {
        let person = self.people.shift_remove(&id)?;
        self.ids.remove(&person.name);
        Some(person)
    }

    /// The member of that name.
    pub fn find(&self, name: &Name) -> Option<&Person> {
        self.people.get(self.ids.get(name)?)
    }

    /// The member of that name, or the one who left a moment ago: the name as it was spelled, and the id.
    pub(crate) fn reachable(&self, name: &Name, now: u64) -> Option<(&Name, MemberId)> {
        let there = self.find(name).map(|person| (&person.name, person.id));
        let left = self.left.get_key_value(name).filter(|(_, (_, until))| now < *until);
        there.or(left.map(|(name, (id, _))| (name, *id)))
    }

    /// The id behind the name of a member who is there, or left a moment ago.
    pub(crate) fn id_of(&self, name: &Name, now: u64) -> Option<MemberId> {
        self.reachable(name, now).map(|(_, id)| id)
    }

    /// Whether that is the user, now or in an earlier session of the same chat.
    pub(crate) fn is_me(&self, id: MemberId) -> bool {
        self.me.as_ref().is_some_and(|me| me.id == id) || self.earlier_ids.contains(&id)
    }

    pub(crate) fn is_my_name(&self, name: &Name) -> bool {
        self.me.as_ref().is_some_and(|me| me.name == *name)
    }

    /// Notes who spoke, unless nobody of that name is there.
    pub(crate) fn note_speaker(&mut self, name: &Name) {
        if self.ids.contains_key(name) {
            self.messages += 1;
            self.spoke.insert(name.clone(), self.messages);
        }
    }

    /// Names of other members that begin so, the last speaker first, then alphabetically; `joao` matches João.
    pub(crate) fn names_beginning_with(&self, typed: &str) -> Vec<Name> {
        let typed = fold(typed);
        let others = self.people.values().map(|person| &person.name).filter(|name| !self.is_my_name(name));
        let mut names: Vec<(String, &Name)> = others.map(|name| (fold(name.as_str()), name)).collect();
        names.retain(|(folded, _)| folded.starts_with(&typed));
        names.sort_by_cached_key(|(folded, name)| (Reverse(self.spoke.get(name).copied()), folded.clone()));
        names.into_iter().map(|(_, name)| name.clone()).collect()
    }

    fn note_left(&mut self, person: &Person, now: u64) {
        self.left.retain(|_, (_, until)| now < *until);
        if self.left.len() < Roster::MAX_LEFT {
            self.left.insert(person.name.clone(), (person.id, now.saturating_add(self.keep)));
        }
    }
}
