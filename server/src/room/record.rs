//! What the room wants kept beyond its own memory, what it wants looked up there, and what it is given back after a
//! restart. Values only: who keeps them is no matter of the room's.

use std::net::{IpAddr, SocketAddr};

use papo_common::{Event, LogId, MemberId, Message, Name, Number};

use super::recent::Recent;
use super::seal::Seal;
use super::{MemberKey, Room};
use crate::connection::ConnectionKey;

/// Something to be kept, in the order in which things happened. There is none for private messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A public message. Its sender's session is found by the member's id: each session has one of its own.
    Said(Message),
    /// A member came.
    Came {
        /// Its name.
        name: Name,
        /// Its public id.
        id: MemberId,
        /// From where.
        addr: SocketAddr,
        /// When, Unix ms.
        at: u64,
        /// By what it will be known when it comes back; `None` if it cannot.
        seal: Option<Seal>,
    },
    /// A member went.
    Went {
        /// Its public id.
        id: MemberId,
        /// When, Unix ms.
        at: u64,
    },
    /// A session is over: it cannot be come back to.
    Ended {
        /// Its member's public id.
        id: MemberId,
        /// When, Unix ms.
        at: u64,
    },
}

/// What was kept before this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The numbering of messages, which goes on.
    pub log: LogId,
    /// The number of the last message, kept or not.
    pub seq: u64,
    /// The last messages, oldest first.
    pub recent: Vec<Message>,
    /// The sessions that were open at the end.
    pub sessions: Vec<OpenSession>,
}

/// A session that was open when the server's last run ended without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its member's name.
    pub name: Name,
    /// Its member's public id.
    pub id: MemberId,
    /// By what its secret is known.
    pub seal: Seal,
    /// From where it was last.
    pub ip: IpAddr,
    /// Its public messages' own numbers, rising, with the room's number and the time of each.
    pub said: Vec<(Number, u64, u64)>,
}

/// Something that the room's memory cannot answer by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who asks.
    pub to: ConnectionKey,
    /// What.
    pub lookup: Lookup,
}

/// What is to be looked up among all public messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The last `count` with a smaller number than `before`.
    Older {
        /// The number below which to look.
        before: u64,
        /// How many.
        count: usize,
    },
    /// The last `count` that contain all words of `text`.
    Containing {
        /// The words as they were typed.
        text: String,
        /// The number below which to look.
        before: Option<u64>,
        /// How many.
        count: usize,
    },
}

impl Room {
    /// Goes on where an earlier run ended, and from now on says what is to be kept. `at` is the time, Unix ms.
    pub fn recall(&mut self, past: Past, at: u64) {
        self.log = past.log;
        self.recent = Recent::recalled(past.seq, past.recent);
        self.said_before = self.recent.seq();
        self.records = Some(Vec::new());
        for session in past.sessions {
            self.expect_back(session, at);
        }
    }

    /// Nobody keeps anything any more: memory is all there is.
    pub fn keep_no_records(&mut self) {
        self.records = None;
    }

    /// What is to be kept since the last time.
    pub fn take_records(&mut self) -> Vec<Record> {
        self.records.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes out the next question that memory cannot answer; what is kept can.
    pub fn next_question(&mut self) -> Option<Question> {
        self.questions.pop_front()
    }

    /// The answer as far as memory goes.
    pub fn remember(&self, lookup: &Lookup) -> Event {
        match *lookup {
            Lookup::Older { before, count } => {
                let (messages, more) = self.recent.before(before, count);
                Event::History { messages: messages.cloned().map(Event::Message).collect(), more }
            }
            Lookup::Containing { .. } => Event::Found { messages: Vec::new(), more: false },
        }
    }

    pub(super) fn tell_history(&mut self, member: MemberKey, before: Number, count: Number) {
        self.look_up(member, Lookup::Older { before: before.value(), count: count.value() as usize });
    }

    /// Answers from memory what memory is sure to know; the rest is asked of those who keep more.
    pub(super) fn look_up(&mut self, member: MemberKey, lookup: Lookup) {
        let answer = self.remember(&lookup);
        let is_whole = matches!(&answer, Event::History { more: true, .. });
        match self.members.get(member).filter(|_| self.records.is_some() && !is_whole) {
            Some(member) => self.questions.push_back(Question { to: member.connection, lookup }),
            None => self.tell_member(member, answer),
        }
    }

    pub(super) fn record(&mut self, record: impl FnOnce() -> Record) {
        if let Some(records) = &mut self.records {
            records.push(record());
        }
    }
}
