//! Welcomes, each of which lists everybody, without encoding everybody anew for each newcomer: 10,000 who come at once
//! are 50 million names on the wire.

use crate::memory::release_memory;
use crate::{Dialect, Event, User, Welcome};

/// The people of a room, encoded, in order of joining.
#[derive(Debug, Default)]
pub struct UserListCache {
    json: Vec<u8>,
    listed: usize,
    departures: u64,
}

/// How a JSON welcome lists nobody. Inside of strings quotes are escaped, so this is that field and nothing else.
const NOBODY: &[u8] = br#""users":[]"#;

impl UserListCache {
    /// Takes in who has come since the last time. `departures` says how many have ever left the room, and `users` who is
    /// in it, from that place on: until somebody leaves, whoever is listed stays where it is.
    pub fn follow<I: Iterator<Item = User>>(&mut self, departures: u64, users: impl FnOnce(usize) -> I) {
        if self.departures != departures {
            *self = UserListCache { departures, ..UserListCache::default() };
        }
        for user in users(self.listed) {
            if self.listed > 0 {
                self.json.push(b',');
            }
            // Writing to memory cannot fail and no type here refuses.
            let _ = serde_json::to_writer(&mut self.json, &user);
            self.listed += 1;
        }
    }

    /// Gives its memory back. Those who come at once are let in together; beside telling everyone of one who comes
    /// alone, encoding the list anew is little.
    pub fn rest(&mut self) {
        release_memory(&mut self.json);
        *self = UserListCache::default();
    }

    /// Appends the line that tells `welcome`, which lists nobody by itself, with all who are listed here.
    pub fn encode(&self, dialect: Dialect, welcome: Box<Welcome>, out: &mut Vec<u8>) {
        let mut line = Vec::new();
        dialect.encode(&Event::Welcome(welcome), &mut line);
        let place = line.windows(NOBODY.len()).position(|bytes| bytes == NOBODY);
        let (before, after) = line.split_at(place.map_or(line.len(), |field| field + NOBODY.len() - 1));
        let people = if after.is_empty() { &[][..] } else { &self.json };
        out.reserve_exact(line.len() + people.len());
        out.extend_from_slice(before);
        out.extend_from_slice(people);
        out.extend_from_slice(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, LogId, MemberId, Name, SessionSecret};

    fn welcome(users: &[User]) -> Box<Welcome> {
        Box::new(Welcome {
            name: Name::parse(r#"","users":[]"#).unwrap(),
            id: MemberId::from_random(1),
            addr: "127.0.0.1:1".parse().unwrap(),
            session: SessionSecret::from_random(2).into(),
            resumed: false,
            run: None,
            log: LogId::from_random(3).into(),
            seq: 0,
            pseq: 0,
            gap: false,
            users: users.to_vec(),
            history: Vec::new(),
            removed: Vec::new(),
            limits: Limits::default(),
        })
    }

    #[test]
    fn the_same_line_whoever_came_and_went() {
        let user = |id: u128, port: u16| User {
            name: Name::parse(&format!("ana{id}")).unwrap(),
            id: MemberId::from_random(id),
            addr: ([127, 0, 0, 1], port).into(),
        };
        let (a, b, c) = (user(1, 1), user(2, 2), user(3, 3));
        let mut roll = UserListCache::default();
        for (departures, users) in [
            (0, vec![]),
            (0, vec![&a]),
            (0, vec![&a, &b, &c]),
            (1, vec![&a, &c]),
            (1, vec![&a, &c, &b]),
            (3, vec![&a, &user(3, 4)]),
            (5, vec![]),
            (5, vec![&b]),
        ] {
            let users: Vec<User> = users.into_iter().cloned().collect();
            roll.follow(departures, |from| users[from..].iter().cloned());
            for dialect in Dialect::ALL {
                let (mut plain, mut rolled) = (b"before".to_vec(), b"before".to_vec());
                dialect.encode(&Event::Welcome(welcome(&users)), &mut plain);
                roll.encode(dialect, welcome(&[]), &mut rolled);
                assert_eq!(String::from_utf8(rolled), String::from_utf8(plain));
            }
        }
    }
}
