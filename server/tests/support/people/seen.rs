//! What somebody saw, whatever the dialect, and the model that it is checked against.
//!
//! One member, the witness, is there from before all others to the end. What it saw is the room's log; what anybody
//! else saw must be a piece of that log: from the own coming on, nothing left out, doubled or moved.

use std::collections::HashMap;
use std::net::SocketAddr;

use papo_common::{Event, json};

use super::crowd::{Crowd, Kind, Person};
use classic_client::Line;

#[allow(dead_code, reason = "only its reading half is used here")]
#[path = "../../../../common/tests/support/classic_client.rs"]
mod classic_client;

/// One line of somebody's screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is in; natively with the number of the last message and the list of those who are there.
    In {
        seq: u64,
        users: Vec<String>,
    },
    Came(String, SocketAddr),
    Went(String),
    /// Only native members see the number.
    Public {
        seq: Option<u64>,
        from: String,
        text: String,
    },
    Private {
        from: String,
        text: String,
    },
    /// Who is there, and how many more: the classic dialect's.
    List(Vec<String>, usize),
    /// An answer, a `ping`, anything else.
    Other(String),
}

impl Seen {
    pub fn parse(line: &str) -> Seen {
        if line.starts_with('{') { Seen::native(line) } else { Seen::classic(line) }
    }

    fn native(line: &str) -> Seen {
        match json::parse_event(line).unwrap_or_else(|_| panic!("{line}")) {
            Event::Welcome(welcome) => {
                let users = welcome.users.to_vec().iter().map(|user| user.name.to_string()).collect();
                Seen::In { seq: welcome.seq, users }
            }
            Event::Joined { name, addr, .. } => Seen::Came(name.to_string(), addr),
            Event::Left { name, .. } => Seen::Went(name.to_string()),
            Event::Message(message) => {
                Seen::Public { seq: Some(message.seq), from: message.from.to_string(), text: message.text.to_string() }
            }
            Event::Private(private) => Seen::Private { from: private.from.to_string(), text: private.text.to_string() },
            _ => Seen::Other(line.into()),
        }
    }

    fn classic(line: &str) -> Seen {
        match Line::parse(line) {
            Line::Ok => Seen::In { seq: 0, users: Vec::new() },
            Line::Joined(name, addr) => Seen::Came(name.into(), addr),
            Line::Left(name) => Seen::Went(name.into()),
            Line::Public(from, text) => Seen::Public { seq: None, from: from.into(), text: text.into() },
            Line::Private(from, text) => Seen::Private { from: from.into(), text: text.into() },
            Line::Users(names, more) => Seen::List(names.into_iter().map(String::from).collect(), more),
            _ => Seen::Other(line.into()),
        }
    }
}

/// Checks everybody against the witness, who is the first; says what is wrong.
pub fn check(crowd: &Crowd) -> Result<(), String> {
    let log = Log::of(&crowd.people[0])?;
    for person in &crowd.people {
        log.check(person)
            .and_then(|()| privates(person, crowd))
            .map_err(|wrong| format!("{}: {wrong}", person.name))?;
    }
    Ok(())
}

/// What happened, in the one order in which everyone is told.
struct Log<'a> {
    told: Vec<&'a Seen>,
    /// Who was there from each of these places in `told` on.
    present: Vec<(usize, Vec<&'a str>)>,
}

impl<'a> Log<'a> {
    /// Sound in itself: numbers rise by one, only who is not there comes, only who is there goes and speaks.
    fn of(witness: &'a Person) -> Result<Log<'a>, String> {
        let told: Vec<&Seen> = witness.seen.iter().filter(|seen| is_for_all(seen)).collect();
        let mut present = vec![(0, vec![witness.name.as_str()])];
        let mut last = 0;
        for (place, seen) in told.iter().enumerate() {
            let (_, there) = present.last().unwrap();
            let is_there = |name: &String| there.contains(&name.as_str());
            let now_there = match seen {
                Seen::Came(name, _) if !is_there(name) => there.iter().copied().chain([name.as_str()]).collect(),
                Seen::Went(name) if is_there(name) => there.iter().copied().filter(|there| there != name).collect(),
                Seen::Public { seq, from, .. } if *seq == Some(last + 1) && is_there(from) => {
                    last += 1;
                    continue;
                }
                _ => return Err(format!("the log breaks at {seen:?}")),
            };
            present.push((place, now_there));
        }
        Ok(Log { told, present })
    }

    fn check(&self, person: &Person) -> Result<(), String> {
        self.check_said(person)?;
        if person.name == self.present[0].1[0] {
            // The witness, whose view is the log.
            return Ok(());
        }
        let Some((from, to, name)) = self.stay(person) else {
            let told = person.seen.iter().find(|seen| is_for_all(seen));
            return told.map_or(Ok(()), |told| Err(format!("never came, but saw {told:?}")));
        };
        if person.is_healthy && (name != person.name || to < self.told.len()) {
            return Err("went, or came as somebody else".into());
        }
        self.check_view(person, name, from, to)
    }

    /// What it saw is the log of its stay; whoever is not healthy may have missed its end.
    fn check_view(&self, person: &Person, name: &str, from: usize, to: usize) -> Result<(), String> {
        let is_native = person.kind == Kind::Native;
        let mut due = self.told[from..to].iter().zip(from..).filter(|(seen, _)| match seen {
            Seen::Came(who, _) => !is_native || who != name,
            Seen::Public { from, .. } => is_native || from != name,
            _ => true,
        });
        let mut at = from;
        for seen in &person.seen {
            if is_for_all(seen) {
                match due.next() {
                    Some((told, place)) if is_same(told, seen) => at = place,
                    told => return Err(format!("saw {seen:?} where the log has {told:?}")),
                }
            }
            self.check_list(seen, from, at)?;
        }
        match due.next() {
            Some((missed, _)) if person.is_healthy => Err(format!("never saw {missed:?}")),
            _ => Ok(()),
        }
    }

    /// A list names those who were there when `at` had happened.
    fn check_list(&self, seen: &Seen, came: usize, at: usize) -> Result<(), String> {
        let (listed, more, place) = match seen {
            Seen::In { users, .. } if users.is_empty() => return Ok(()),
            Seen::In { seq, users } => {
                let said = self.told[..came].iter().filter(|seen| matches!(seen, Seen::Public { .. })).count() as u64;
                if *seq != said {
                    return Err(format!("was told {seq} messages where {said} had been"));
                }
                (users, 0, came)
            }
            Seen::List(users, more) => (users, *more, at),
            _ => return Ok(()),
        };
        let present = self.present(place);
        if present.len() == listed.len() + more && present[more..] == listed[..] {
            return Ok(());
        }
        Err(format!("was told {listed:?} and {more} where {present:?} were there"))
    }

    /// Who was there when the thing at `place` had happened.
    fn present(&self, place: usize) -> &[&str] {
        let next = self.present.partition_point(|&(from, _)| from <= place);
        &self.present[next - 1].1
    }

    /// From its coming to its going, and the name under which it came.
    fn stay(&self, person: &Person) -> Option<(usize, usize, &'a str)> {
        let came = |seen: &&Seen| match seen {
            Seen::Came(name, addr) => *addr == person.addr && person.name.starts_with(name.as_str()),
            _ => false,
        };
        let from = self.told.iter().position(came)?;
        let Seen::Came(name, _) = self.told[from] else { return None };
        let went = self.told[from..].iter().position(|seen| matches!(seen, Seen::Went(who) if who == name));
        Some((from, went.map_or(self.told.len(), |went| from + went), name))
    }

    /// What it said to all was heard as it said it: whole, or, if its network failed, a beginning of it.
    fn check_said(&self, person: &Person) -> Result<(), String> {
        let mut said = person.said.iter().filter(|(to, _)| to.is_none()).map(|(_, text)| text);
        for seen in &self.told {
            if let Seen::Public { from, text, .. } = seen
                && *from == person.name
                && said.next() != Some(text)
            {
                return Err(format!("was heard to say {text:?}"));
            }
        }
        match said.next() {
            Some(lost) if person.is_healthy => Err(format!("nobody heard {lost:?}")),
            _ => Ok(()),
        }
    }
}

/// Between two who stay nothing private is lost; and whoever speaks, it comes in the order in which it was said.
fn privates(person: &Person, crowd: &Crowd) -> Result<(), String> {
    let mut heard: HashMap<&str, Vec<&str>> = HashMap::new();
    for seen in &person.seen {
        if let Seen::Private { from, text } = seen {
            heard.entry(from).or_default().push(text);
        }
    }
    for sender in crowd.people.iter().filter(|sender| sender.name != person.name) {
        let said = sender.said.iter().filter(|(to, _)| to.as_ref() == Some(&person.name));
        let said: Vec<&str> = said.map(|(_, text)| text.as_str()).collect();
        let heard = heard.remove(sender.name.as_str()).unwrap_or_default();
        let is_whole = heard.len() == said.len() || !person.is_healthy || !sender.is_healthy;
        if !is_whole || !said.starts_with(&heard) {
            return Err(format!("of {said:?} it heard {heard:?}"));
        }
    }
    order(person)
}

/// What each speaker said comes in the order in which it was said, public or private.
fn order(person: &Person) -> Result<(), String> {
    let mut latest = HashMap::new();
    for seen in &person.seen {
        let (Seen::Private { from, text } | Seen::Public { from, text, .. }) = seen else { continue };
        let number = text.rsplit('#').next().and_then(|rest| rest.split(' ').next()?.parse::<i64>().ok()).unwrap_or(-1);
        if latest.insert(from, number).is_some_and(|before| before >= number) {
            return Err(format!("{text:?} came too late"));
        }
    }
    Ok(())
}

fn is_for_all(seen: &Seen) -> bool {
    matches!(seen, Seen::Came(..) | Seen::Went(_) | Seen::Public { .. })
}

fn is_same(told: &Seen, seen: &Seen) -> bool {
    match (told, seen) {
        (Seen::Public { from, text, .. }, Seen::Public { seq: None, from: speaker, text: words }) => {
            from == speaker && text == words
        }
        _ => told == seen,
    }
}
