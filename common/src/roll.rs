//! Welcomes, each of which lists everybody, without encoding everybody anew for each newcomer: 10,000 who come at once
//! are 50 million names on the wire.

use std::net::SocketAddr;

use crate::{Dialect, Event, MemberId, User, Welcome};

/// The people of the last welcome, encoded.
#[derive(Debug, Default)]
pub struct Roll {
    listed: Vec<(MemberId, SocketAddr)>,
    json: Vec<u8>,
    is_in_use: bool,
}

/// How a native welcome lists nobody. Inside of strings quotes are escaped, so this is that field and nothing else.
const NOBODY: &[u8] = br#""users":[]"#;

impl Roll {
    /// Appends the line that tells `welcome`, just as [`Dialect::encode`] does.
    pub fn encode(&mut self, dialect: Dialect, mut welcome: Box<Welcome>, out: &mut Vec<u8>) {
        let users = std::mem::take(&mut welcome.users);
        let start = out.len();
        dialect.encode(&Event::Welcome(welcome), out);
        if let Some(field) = out[start..].windows(NOBODY.len()).position(|bytes| bytes == NOBODY) {
            self.follow(&users);
            let rest = out.split_off(start + field + NOBODY.len() - 1);
            out.extend_from_slice(&self.json);
            out.extend_from_slice(&rest);
        }
    }

    /// Gives its memory back unless there was a welcome since this was last called: newcomers come in crowds or alone.
    pub fn rest(&mut self) {
        if !std::mem::take(&mut self.is_in_use) {
            *self = Roll::default();
        }
    }

    /// Lists `users`: whoever still stands where the last welcome had them is encoded already.
    fn follow(&mut self, users: &[User]) {
        self.is_in_use = true;
        let is_continued = self.listed.len() <= users.len()
            && self.listed.iter().zip(users).all(|(&listed, user)| listed == (user.id, user.addr));
        if !is_continued {
            self.listed.clear();
            self.json.clear();
        }
        for user in &users[self.listed.len()..] {
            if !self.json.is_empty() {
                self.json.push(b',');
            }
            // Writing to memory cannot fail and no type here refuses.
            let _ = serde_json::to_writer(&mut self.json, user);
            self.listed.push((user.id, user.addr));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, LogId, Name, Session};

    fn welcome(users: &[User]) -> Box<Welcome> {
        Box::new(Welcome {
            name: Name::parse(r#"","users":[]"#).unwrap(),
            id: MemberId::from_random(1),
            addr: "127.0.0.1:1".parse().unwrap(),
            session: Session::from_random(2),
            resumed: false,
            log: LogId::from_random(3),
            seq: 0,
            pseq: 0,
            gap: false,
            users: users.to_vec(),
            history: Vec::new(),
            limits: Limits { name: 32, text: 4096, lines: 200 },
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
        let mut roll = Roll::default();
        for users in [
            vec![],
            vec![&a],
            vec![&a, &b],
            vec![&a, &b, &c],
            vec![&a, &c],
            vec![&a, &c, &b],
            vec![&a, &user(3, 4), &b],
            vec![&b],
            vec![],
            vec![&a],
        ] {
            let users: Vec<User> = users.into_iter().cloned().collect();
            for dialect in Dialect::ALL {
                let (mut plain, mut rolled) = (b"before".to_vec(), b"before".to_vec());
                dialect.encode(&Event::Welcome(welcome(&users)), &mut plain);
                roll.encode(dialect, welcome(&users), &mut rolled);
                assert_eq!(String::from_utf8(rolled), String::from_utf8(plain));
            }
        }
    }
}
