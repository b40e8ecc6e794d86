//! Commands that ban and mute, and those that take it back.

use std::net::{IpAddr, SocketAddr};

use papo_common::Name;

use super::people::bare;
use super::{Execution, one_line};
use crate::blocks::{Block, BlockKind, MAX_BLOCKS};
use crate::connection::transport::Transport;
use crate::disconnect::DisconnectReason;
use crate::keys::ConnectionKey;
use crate::room::people::{Person, Presence};
use crate::strings;

impl<T: Transport> Execution<'_, T> {
    /// Removes everyone from an address, given by itself or by a person who is there, and lets nobody from it in again.
    pub(super) fn ban(&mut self, whom: &str, why: Option<&str>) -> String {
        let Some(ip) = address(whom).or_else(|| self.person(whom).map(|person| person.ip)) else {
            return self.nobody(whom);
        };
        let people = self.people_at(ip);
        let Some(block) = self.block(BlockKind::Ban, ip, names(&people), why) else { return too_many() };
        self.engine.net.admission.ban(ip);
        for person in people.iter().filter(|person| matches!(person.presence, Presence::Away(_))) {
            self.engine.hub.room.release_name(&person.name, self.engine.now().unix_ms);
        }
        let keys = self.engine.hub.connections().filter(|(_, connection)| connection.addr().ip() == ip);
        let from_there: Vec<ConnectionKey> = keys.map(|(key, _)| key).collect();
        for &key in &from_there {
            self.engine.hub.disconnect(&mut self.engine.net, key, &DisconnectReason::Banned);
        }
        self.noted(strings::banned(&block, &names(&people), from_there.len()))
    }

    /// Lets nobody at an address speak; where others share it, only the person called `whom` is muted.
    pub(super) fn mute(&mut self, whom: &str, why: Option<&str>) -> String {
        if let Some(ip) = address(whom) {
            let names = names(&self.people_at(ip));
            let Some(block) = self.block(BlockKind::Mute, ip, names, why) else { return too_many() };
            return self.noted(strings::muted_address(&block));
        }
        let Some(Person { name, id, ip, .. }) = self.person(whom) else {
            return self.nobody(whom);
        };
        let others: Vec<Name> = names(&self.people_at(ip)).into_iter().filter(|other| *other != name).collect();
        let kind = if others.is_empty() { BlockKind::Mute } else { BlockKind::MutePerson(id) };
        let Some(block) = self.block(kind, ip, vec![name.clone()], why) else { return too_many() };
        self.noted(strings::muted(&name, &block, &others))
    }

    /// Takes back what is forbidden to an address, or to one who is or was called so; if that is nothing, frees the name
    /// that is kept for someone away.
    pub(super) fn release(&mut self, whom: &str) -> String {
        if let Some(ip) = address(whom) {
            let freed = self.engine.hub.room.blocks_mut().release_address(ip);
            return if freed.is_empty() { strings::not_blocked(ip) } else { self.freed(&freed) };
        }
        let person = self.person(whom);
        let mut freed = Vec::new();
        if let Some(Person { name, id, ip, .. }) = &person {
            freed = self.engine.hub.room.blocks_mut().release_person(*ip, *id, name);
        }
        if let Ok(name) = Name::recall(bare(whom)) {
            freed.extend(self.engine.hub.room.blocks_mut().release_name(&name));
        }
        match person {
            _ if !freed.is_empty() => self.freed(&freed),
            None => self.nobody(whom),
            Some(Person { name, presence: Presence::Here(_), .. }) => strings::not_muted(&name),
            Some(Person { name, .. }) => {
                self.engine.hub.room.release_name(&name, self.engine.now().unix_ms);
                self.noted(strings::name_released(&name))
            }
        }
    }

    /// The list of bans and mutes.
    pub(super) fn list_blocks(&self) -> String {
        let lines = self.engine.hub.room.blocks().iter();
        strings::blocks(lines.map(|block| strings::block(block, self.operator.log.date_and_time(block.at))))
    }

    /// Forbids something; what was forbidden, or `None` if there is too much of it already.
    fn block(&mut self, kind: BlockKind, ip: IpAddr, names: Vec<Name>, why: Option<&str>) -> Option<Block> {
        let block = Block { kind, ip, names, at: self.engine.now().unix_ms, reason: why.and_then(one_line) };
        let is_new = self.engine.hub.room.blocks_mut().add(block.clone());
        self.engine.store_blocks();
        is_new.then_some(block)
    }

    fn freed(&mut self, blocks: &[Block]) -> String {
        for block in blocks.iter().filter(|block| block.kind == BlockKind::Ban) {
            self.engine.net.admission.unban(block.ip);
        }
        self.engine.store_blocks();
        let mut told: Vec<String> = blocks.iter().map(strings::released).collect();
        told.dedup();
        for line in &told {
            self.note(&strings::by_operator(line));
        }
        told.join("\n")
    }

    /// Everyone at an address, those away included.
    fn people_at(&self, ip: IpAddr) -> Vec<Person> {
        self.engine.hub.room.directory().people().filter(|person| person.ip == ip).collect()
    }
}

/// An address as people type it or as `usuarios` shows it, with the port.
fn address(typed: &str) -> Option<IpAddr> {
    let plain = typed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(typed);
    let ip = plain.parse().or_else(|_| typed.parse().map(|addr: SocketAddr| addr.ip()));
    ip.ok().map(|ip: IpAddr| ip.to_canonical())
}

fn names(people: &[Person]) -> Vec<Name> {
    people.iter().map(|person| person.name.clone()).collect()
}

fn too_many() -> String {
    strings::too_many_blocks(MAX_BLOCKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_type_them() {
        for (typed, ip) in [
            ("10.0.0.7", Some("10.0.0.7")),
            ("10.0.0.7:40123", Some("10.0.0.7")),
            ("::ffff:10.0.0.7", Some("10.0.0.7")),
            ("[2001:db8::7]:40123", Some("2001:db8::7")),
            ("[2001:db8::7]", Some("2001:db8::7")),
            ("2001:db8::7", Some("2001:db8::7")),
            ("10.0.0.0/8", None),
            ("10.0.0", None),
            ("ana", None),
            ("", None),
        ] {
            assert_eq!(address(typed), ip.map(|ip| ip.parse().unwrap()), "{typed}");
        }
    }
}
