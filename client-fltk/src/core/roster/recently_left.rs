//! Members that left a moment ago. The server keeps the name of a member whose connection broke, and private messages
//! for it, for as long as its limits say; whether the connection broke only the server knows.

use std::collections::HashMap;

use papo_common::{MemberId, Name};

use crate::core::Person;

/// Members whose names the server may still keep.
#[derive(Debug, Default)]
pub(crate) struct RecentlyLeft {
    by_name: HashMap<Name, Departure>,
}

#[derive(Debug)]
struct Departure {
    id: MemberId,
    /// For so long the server may keep the name, Unix time in ms.
    kept_until: u64,
}

impl RecentlyLeft {
    /// Upper bound; further departures are not remembered.
    const MAX: usize = 1_000;

    /// Adds a member who left, whose name is kept for `keep` ms.
    pub(crate) fn add(&mut self, person: &Person, now: u64, keep: u64) {
        self.by_name.retain(|_, departure| now < departure.kept_until);
        if self.by_name.len() < RecentlyLeft::MAX {
            let departure = Departure { id: person.id, kept_until: now.saturating_add(keep) };
            self.by_name.insert(person.name.clone(), departure);
        }
    }

    pub(crate) fn remove(&mut self, name: &Name) {
        self.by_name.remove(name);
    }

    /// The member who left under that name: the name as it was spelled, and the id.
    pub(crate) fn find(&self, name: &Name, now: u64) -> Option<(&Name, MemberId)> {
        let (name, departure) = self.by_name.get_key_value(name)?;
        (now < departure.kept_until).then_some((name, departure.id))
    }
}
