//! Commands about people: finding them by their names as typed, listing and removing them.

use papo_common::Name;
use papo_common::fold::fold;
use papo_common::limits::MAX_NAME;

use super::{Execution, one_line};
use crate::connection::transport::Transport;
use crate::disconnect::DisconnectReason;
use crate::room::people::{Person, Presence};
use crate::strings;

impl<T: Transport> Execution<'_, T> {
    /// Lists the members, and those away whose names are kept.
    pub(super) fn users(&self) -> String {
        let (room, now) = (&self.engine.hub.room, self.engine.now().unix_ms);
        let here = room.members().map(|(_, member)| {
            let pending = self.engine.hub.pending_bytes(member.connection);
            let is_silenced = room.blocks().mutes(member.addr.ip(), member.id, &member.name);
            strings::user(member, self.operator.log.when(member.since, now), pending, is_silenced)
        });
        let away = room.directory().people().filter_map(|Person { name, ip, presence, .. }| match presence {
            Presence::Away(left) => Some(strings::user_away(&name, ip, left)),
            Presence::Here(_) => None,
        });
        strings::users(room.members().len(), here.chain(away))
    }

    /// Removes the person called `whom`, or, of someone away, the kept name.
    pub(super) fn kick(&mut self, whom: &str, why: Option<&str>) -> String {
        let Some(person) = self.person(whom) else { return self.nobody(whom) };
        match person.presence {
            Presence::Here(key) => {
                self.engine.hub.disconnect(
                    &mut self.engine.net,
                    key,
                    &DisconnectReason::Kicked(why.and_then(one_line)),
                );
                strings::kicked(&person.name)
            }
            Presence::Away(_) => {
                self.engine.hub.room.release_name(&person.name, self.engine.now().unix_ms);
                self.noted(strings::reservation_kicked(&person.name))
            }
        }
    }

    /// The person called `whom`, here or away, with or without the `@` that people put before a name.
    pub(super) fn person(&self, whom: &str) -> Option<Person> {
        self.engine.hub.room.directory().person(bare(whom))
    }

    /// Says that nobody is called so, and names whoever has the name that is most like it.
    pub(super) fn nobody(&self, whom: &str) -> String {
        let here = self.engine.hub.room.directory().people().map(|person| person.name);
        let names: Vec<Name> =
            here.chain(self.engine.hub.room.blocks().iter().flat_map(|block| block.names.clone())).collect();
        let typed = bare(whom);
        strings::no_such_person(&one_line(typed).unwrap_or_default(), nearest(typed, &names.iter().collect::<Vec<_>>()))
    }
}

/// A name without the `@` that people put before it.
pub(super) fn bare(whom: &str) -> &str {
    whom.trim_start_matches('@')
}

/// The name with which most of what was typed begins, case and accents ignored; `None` if that is less than half of it.
fn nearest<'a>(typed: &str, names: &[&'a Name]) -> Option<&'a Name> {
    let typed = fold(&typed.chars().take(2 * MAX_NAME).collect::<String>());
    let alike = |name: &Name| fold(name.as_str()).chars().zip(typed.chars()).take_while(|(a, b)| a == b).count();
    let best = names.iter().map(|name| (alike(name), *name)).max_by_key(|(alike, _)| *alike);
    best.filter(|(alike, _)| *alike > 0 && 2 * alike >= typed.chars().count()).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_finds_the_nearest() {
        let names: Vec<Name> = ["ana", "beatriz", "João"].iter().map(|name| Name::parse(name).unwrap()).collect();
        let names: Vec<&Name> = names.iter().collect();
        for (typed, found) in
            [("beatris", Some("beatriz")), ("joao", Some("João")), ("anna", Some("ana")), ("xyz", None), ("", None)]
        {
            assert_eq!(nearest(typed, &names).map(Name::as_str), found, "{typed}");
        }
        assert_eq!(nearest("ana", &[]), None);
    }
}
