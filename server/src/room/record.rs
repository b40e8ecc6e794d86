//! What the room wants kept beyond its own memory, what it wants looked up there, and what it is given back after a
//! restart. Values only: who keeps them is no matter of the room's.

use crate::keys::{ConnectionKey, MemberKey};
use std::net::{IpAddr, SocketAddr};

use papo_common::{Dialect, ErrorReason, Event, LogId, MemberId, Message, Name, Notice, SafeInteger, sentences};

use super::backlog::Backlog;
use super::notices::{Notices, interleave};
use super::search::Search;
use super::secret_hash::SecretHash;
use super::{Member, Room};

/// Something to be kept, in the order in which things happened. There is none for private messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A public message. Its sender's session is found by the member's id: each session has one of its own.
    Message(Message),
    /// The operator's word.
    Notice(Notice),
    /// A lesson begins: what stands before this record is told to nobody any more.
    LessonBegan {
        /// The new numbering.
        log: LogId,
        /// The number of the last public message before it.
        start: u64,
    },
    /// A member came.
    Joined {
        /// Its name.
        name: Name,
        /// Its public id.
        id: MemberId,
        /// From where.
        addr: SocketAddr,
        /// When, Unix ms.
        at: u64,
        /// By what it will be known when it comes back; `None` if it cannot.
        secret: Option<SecretHash>,
    },
    /// A member went.
    Left {
        /// Its public id.
        id: MemberId,
        /// When, Unix ms.
        at: u64,
    },
    /// A session is open: a file that does not know it may have to.
    SessionOpen {
        /// Its member's name.
        name: Name,
        /// Its member's public id.
        id: MemberId,
        /// From where it is, or was last.
        ip: IpAddr,
        /// By what its secret is known.
        secret: SecretHash,
    },
    /// A session is over: it cannot be come back to.
    SessionEnded {
        /// Its member's public id.
        id: MemberId,
        /// When, Unix ms.
        at: u64,
    },
}

/// What was kept before this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The numbering of messages, which goes on.
    pub log: LogId,
    /// The number of the last message, kept or not.
    pub seq: u64,
    /// The stamp of the last thing kept, Unix ms.
    pub last_at: Option<u64>,
    /// The number of the last message before the lesson; 0 if none ever began.
    pub lesson_start: u64,
    /// The last messages of the lesson, oldest first.
    pub messages: Vec<Message>,
    /// Its last notices, oldest first, at most [`super::notices::MAX_NOTICES`].
    pub notices: Vec<Notice>,
    /// The numbers of the messages that were taken back last, oldest first.
    pub removed: Vec<u64>,
    /// The sessions that were open at the end.
    pub sessions: Vec<OpenSession>,
}

/// Facts of a run that a file needs which knows nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunState {
    /// The numbering of messages.
    pub log: LogId,
    /// The number of the last message.
    pub seq: u64,
    /// A [`Record::Came`] for each member.
    pub members: Vec<Record>,
    /// A [`Record::Session`] for each session that can be come back to.
    pub sessions: Vec<Record>,
}

/// A session that was open when the server's last run ended without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its member's name.
    pub name: Name,
    /// Its member's public id.
    pub id: MemberId,
    /// By what its secret is known.
    pub secret: SecretHash,
    /// From where it was last.
    pub ip: IpAddr,
    /// Its public messages' own numbers, rising, with the room's number and the time of each.
    pub receipts: Vec<(SafeInteger, u64, u64)>,
}

/// Something that the room's memory cannot answer by itself.
#[derive(Clone, Debug)]
pub struct Query {
    /// Who asks.
    pub connection: ConnectionKey,
    /// The number that the answer bears.
    pub reference: Option<SafeInteger>,
    /// What.
    pub kind: QueryKind,
}

/// What is to be looked up among all public messages.
#[derive(Clone, Debug)]
pub enum QueryKind {
    /// The last `count` with a smaller number than `before`.
    History {
        /// The number below which to look.
        before: u64,
        /// How many.
        count: usize,
    },
    /// The messages that a search finds.
    Search(Search),
}

impl Room {
    /// Goes on where an earlier run ended, and from now on says what is to be kept. `at` is the time, Unix ms.
    pub fn restore(&mut self, past: Snapshot, at: u64) {
        self.log = past.log;
        self.lesson_start = past.lesson_start;
        self.notices = Notices::restored(past.notices);
        self.removed = past.removed.into();
        self.backlog = Backlog::restored(past.seq, past.messages, |seq| self.removed.contains(&seq));
        self.seq_at_start = self.backlog.seq();
        self.keep_records();
        self.has_history = true;
        for session in past.sessions {
            self.reserve_restored(session, at);
        }
    }

    /// From now on says what is to be kept.
    pub fn keep_records(&mut self) {
        self.records = Some(Vec::new());
    }

    /// Whether what was kept can be looked at: where it cannot, memory is all there is.
    pub fn set_history_available(&mut self, is_there: bool) {
        self.has_history = is_there;
    }

    /// The facts of this run that a file has to be told first which knows nothing of it.
    pub fn run_state(&self) -> RunState {
        let sessions = |member: &Member| {
            let Member { name, id, addr, session, dialect, .. } = member;
            let (name, id, ip, secret) = (name.clone(), *id, addr.ip(), SecretHash::of(*session));
            (*dialect == Dialect::Json).then_some(Record::SessionOpen { name, id, ip, secret })
        };
        let here = |member: &Member| {
            let Member { name, id, addr, since, .. } = member;
            Record::Joined { name: name.clone(), id: *id, addr: *addr, at: *since, secret: None }
        };
        RunState {
            log: self.log,
            seq: self.backlog.seq(),
            members: self.members.values().map(here).collect(),
            sessions: self.members.values().filter_map(sessions).chain(self.reservations.sessions()).collect(),
        }
    }

    /// What is to be kept since the last time.
    pub fn take_records(&mut self) -> Vec<Record> {
        self.records.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes out the next question that memory cannot answer; what is kept can.
    pub fn next_query(&mut self) -> Option<Query> {
        self.queries.pop_front()
    }

    /// The last `count` public messages as far as memory goes, oldest first, with the notices between them.
    pub fn last_messages(&self, count: usize) -> Vec<Event> {
        self.page(u64::MAX, count).0
    }

    /// At most `count` messages of those before number `before`, with the notices between them, and whether there are
    /// still older ones.
    fn page(&self, before: u64, count: usize) -> (Vec<Event>, bool) {
        let (messages, more) = self.backlog.before(before, count);
        let messages: Vec<Message> = messages.cloned().collect();
        let after = messages.first().filter(|_| more).map_or(0, |first| first.seq);
        let messages = messages.into_iter().map(Event::Message).collect();
        (interleave(messages, self.notices.between(after.., before)), more)
    }

    /// Answers from memory if that holds the whole answer or there is no history; otherwise asks the history.
    pub(super) fn send_history(
        &mut self,
        member: MemberKey,
        reference: Option<SafeInteger>,
        (before, count): (SafeInteger, SafeInteger),
    ) {
        let (before, count) = (before.value(), count.value() as usize);
        let (messages, more) = self.page(before, count);
        let first = messages.iter().find_map(|event| if let Event::Message(it) = event { Some(it.seq) } else { None });
        let is_whole = more && first.is_some_and(|first| self.notices.reach(first));
        if is_whole || !self.has_history {
            return self.tell_member(member, Event::History { messages, more, reference });
        }
        self.query(member, reference, QueryKind::History { before, count });
    }

    /// Asks the history; without one, searches the messages in memory.
    pub(super) fn search(&mut self, member: MemberKey, reference: Option<SafeInteger>, search: Option<Search>) {
        let Some(mut search) = search else {
            return self.refuse(member, ErrorReason::NothingToFind, reference, sentences::NOTHING_TO_FIND);
        };
        if self.has_history {
            return self.query(member, reference, QueryKind::Search(search));
        }
        let more = search.scan(self.backlog.newest_first());
        self.tell_member(member, search.into_event(more, reference));
    }

    fn query(&mut self, member: MemberKey, reference: Option<SafeInteger>, lookup: QueryKind) {
        if let Some(to) = self.members.get(member).map(|member| member.connection) {
            self.queries.push_back(Query { connection: to, reference, kind: lookup });
        }
    }

    pub(super) fn record(&mut self, record: impl FnOnce() -> Record) {
        if let Some(records) = &mut self.records {
            records.push(record());
        }
    }
}
