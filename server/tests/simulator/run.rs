//! One run of the server as its members are told it: every broadcast in the one order in which all are told.

use std::net::SocketAddr;
use std::rc::Rc;

use papo_common::{Event, LogToken, MemberId, User};

/// Events that all members of one run are told, as far as anybody has heard them.
#[derive(Debug)]
pub(crate) struct Run {
    told: Vec<Event>,
    /// The members present from each of these places in `told` on.
    rosters: Vec<(usize, Rc<Vec<User>>)>,
    /// The number of the last message at each change of it.
    numbers: Vec<(usize, u64)>,
    /// The number of the last message before the lesson, at each change of it.
    lines: Vec<(usize, u64)>,
    /// The numbering at the end of `told`.
    pub(crate) log: LogToken,
    /// Whether the server has ended or was killed: nobody knows any more who was told the last of it.
    pub(crate) is_over: bool,
    /// Whether all that anybody was told of it is on the disk.
    pub(crate) is_safe: bool,
}

impl Run {
    /// Begins with these people, after message `seq`, in the lesson that began behind message `line`.
    pub(crate) fn new(line: u64, log: LogToken, seq: u64, users: Vec<User>) -> Run {
        Run {
            told: Vec::new(),
            rosters: vec![(0, Rc::new(users))],
            numbers: vec![(0, seq)],
            lines: vec![(0, line)],
            log,
            is_over: false,
            is_safe: true,
        }
    }

    /// How many things all were told.
    pub(crate) fn length(&self) -> usize {
        self.told.len()
    }

    /// The event at `place`.
    pub(crate) fn told(&self, place: usize) -> Option<&Event> {
        self.told.get(place)
    }

    /// The place of the coming of that member by that connection.
    pub(crate) fn coming(&self, id: MemberId, address: SocketAddr) -> Option<usize> {
        let is_it =
            |event: &Event| matches!(event, Event::Joined { id: who, addr, .. } if *who == id && *addr == address);
        self.told.iter().rposition(is_it)
    }

    /// The place of the coming by that connection, and who came.
    pub(crate) fn coming_from(&self, address: SocketAddr) -> Option<(usize, MemberId)> {
        self.told.iter().enumerate().rev().find_map(|(place, event)| match event {
            Event::Joined { id, addr, .. } if *addr == address => Some((place, *id)),
            _ => None,
        })
    }

    /// The members present at `place`.
    pub(crate) fn roster(&self, place: usize) -> &Rc<Vec<User>> {
        let next = self.rosters.partition_point(|(from, _)| *from <= place);
        &self.rosters[next.max(1) - 1].1
    }

    /// The number of the last message before `place`.
    pub(crate) fn number(&self, place: usize) -> u64 {
        at(&self.numbers, place)
    }

    /// The number of the last message before the lesson at `place`.
    pub(crate) fn line(&self, place: usize) -> u64 {
        at(&self.lines, place)
    }

    /// Takes in what all are told next; says what is wrong with it: numbers rise by one, only who is not there comes,
    /// only who is there goes and speaks.
    pub(crate) fn append(&mut self, event: &Event) -> Result<(), String> {
        let (end, wrong) = (self.told.len(), |why: &str| Err(format!("{why}: {event:?}")));
        let (roster, number) = (Rc::clone(self.roster(end)), self.number(end));
        let is_here = |who: &MemberId| roster.iter().any(|user| user.id == *who);
        match event {
            Event::Joined { name, id, addr, .. } => {
                if is_here(id) || roster.iter().any(|user| user.name == *name) {
                    return wrong("somebody came twice");
                }
                let user = User { name: name.clone(), id: *id, addr: *addr };
                self.rosters.push((end + 1, Rc::new(roster.iter().cloned().chain([user]).collect())));
            }
            Event::Left { id, .. } => {
                if !is_here(id) {
                    return wrong("somebody left who was not there");
                }
                let rest = roster.iter().filter(|user| user.id != *id).cloned().collect();
                self.rosters.push((end + 1, Rc::new(rest)));
            }
            Event::Message(message) => {
                if message.seq != number + 1 {
                    return wrong(&format!("behind message {number}"));
                }
                if !is_here(&message.id) {
                    return wrong("somebody spoke who was not there");
                }
                self.numbers.push((end + 1, message.seq));
            }
            Event::Notice(notice) => {
                if notice.after != Some(number) {
                    return wrong(&format!("behind message {number}"));
                }
                if let Some(log) = &notice.log {
                    self.log = log.clone();
                    self.lines.push((end + 1, number));
                }
            }
            Event::Removed { .. } => {}
            _ => return wrong("no broadcast"),
        }
        self.told.push(event.clone());
        Ok(())
    }
}

/// The value that holds at `place`, of values that hold from each place on.
fn at(changes: &[(usize, u64)], place: usize) -> u64 {
    let next = changes.partition_point(|(from, _)| *from <= place);
    changes[next.max(1) - 1].1
}
