//! The room: its members, who may enter, and the delivery of events in order. Pure: no sockets, no clock.

pub mod backlog;
mod catch_up;
mod join;
mod lesson;
mod members;
mod messages;
pub mod notices;
pub mod people;
pub mod record;
pub mod removal;
mod reservations;
pub mod search;
pub mod secret_hash;
pub mod session;

use std::collections::VecDeque;
use std::net::SocketAddr;

use papo_common::limits::MAX_LISTED;
use papo_common::{
    CloseReason, Dialect, ErrorReason, Event, LogId, MemberId, Name, Request, RunId, SafeInteger, SessionSecret,
    sentences,
};

use self::backlog::Backlog;
use self::members::Members;
use self::notices::Notices;
use self::record::{Query, Record};
use self::reservations::Reservations;
use self::search::Search;
use self::session::SessionState;
use crate::blocks::Blocks;
use crate::config::RoomConfig;
use crate::keys::{ConnectionKey, MemberKey};

/// An event and its audience.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The audience.
    pub to: Audience,
    /// The event.
    pub event: Event,
}

/// The audience of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One connection. After [`Event::Closed`] it is to be closed.
    One(ConnectionKey),
    /// All members. The dialect of the member that the event is about decides whether that member is told, too
    /// ([`Dialect::echoes_to_subject`]).
    All {
        /// The connection of the member that came or speaks; `None` if it is no member any more, or never was.
        subject: Option<ConnectionKey>,
    },
}

/// A newcomer: a connection that wants to enter the room.
#[derive(Debug)]
pub struct JoinRequest {
    /// Its connection.
    pub connection: ConnectionKey,
    /// The dialect it speaks.
    pub dialect: Dialect,
    /// Its address.
    pub addr: SocketAddr,
    /// Its public id unless it comes back, drawn at random.
    pub id: MemberId,
    /// Its secret unless it comes back, drawn at random.
    pub session: SessionSecret,
}

/// The way in which a member leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The member leaves for good: nothing is kept for it.
    ForGood,
    /// The connection ended without a word: a native member may come back.
    Dropped,
}

/// A member of the room.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: Name,
    /// Its public id.
    pub id: MemberId,
    /// Its address as all see it.
    pub addr: SocketAddr,
    /// Its connection.
    pub connection: ConnectionKey,
    /// The dialect it speaks.
    pub dialect: Dialect,
    /// The time when it came, Unix time in ms.
    pub since: u64,
    session: SessionSecret,
    /// `None` until it says something or is whispered to: most members of a large room only listen.
    state: Option<Box<SessionState>>,
}

/// The room.
#[derive(Debug)]
pub struct Room {
    members: Members,
    reservations: Reservations,
    backlog: Backlog,
    notices: Notices,
    /// The numbers of the messages that were taken back last, at most [`removal::MAX_REMOVED`].
    removed: VecDeque<u64>,
    /// The number of the last public message before the lesson: nobody is told that one or any before it.
    lesson_start: u64,
    /// The number of the last public message of earlier runs.
    seq_at_start: u64,
    run: RunId,
    log: LogId,
    config: RoomConfig,
    blocks: Blocks,
    /// The time that has passed, by which everything that lasts is measured, in ms.
    elapsed: u64,
    deliveries: VecDeque<Delivery>,
    /// The records to be kept; `None` where nobody keeps them.
    records: Option<Vec<Record>>,
    /// Whether the records that were kept can be looked into.
    has_history: bool,
    queries: VecDeque<Query>,
    /// Whether members came or went since classic members were last given the list.
    roster_changed: bool,
}

impl Room {
    /// An empty room of that `run` of the server, whose messages are numbered under `log`.
    pub fn new(run: RunId, log: LogId, settings: RoomConfig) -> Room {
        Room {
            members: Members::default(),
            reservations: Reservations::default(),
            backlog: Backlog::default(),
            notices: Notices::default(),
            removed: VecDeque::new(),
            lesson_start: 0,
            seq_at_start: 0,
            run,
            log,
            config: settings,
            blocks: Blocks::default(),
            elapsed: 0,
            deliveries: VecDeque::new(),
            records: None,
            has_history: false,
            queries: VecDeque::new(),
            roster_changed: false,
        }
    }

    /// Handles a request of `member`; `leave` and `pong` are its connection's matter.
    pub fn handle(&mut self, member: MemberKey, request: Request, at: u64) {
        match request {
            Request::Say { reference, text } => self.say(member, reference, &text, at),
            Request::Private { reference, to, text } => self.send_private(member, reference, &to, &text, at),
            Request::History { reference, before, count } => self.send_history(member, reference, (before, count)),
            Request::Search { reference, text, before, count } => {
                self.search(member, reference, Search::new(&text, before, count));
            }
            Request::Hello(_) => self.malformed(member, sentences::MALFORMED),
            Request::Leave | Request::Pong | Request::Unknown => {}
        }
    }

    /// Tells `member` that its line is no request, in the sentence of its dialect.
    pub fn malformed(&mut self, member: MemberKey, detail: &'static str) {
        self.tell_member(member, Event::problem(ErrorReason::Malformed, None, detail));
    }

    /// Whether members came or went since classic members were last given the roster.
    pub fn owes_user_list(&self) -> bool {
        self.roster_changed
    }

    /// Sends the roster to classic members, if it has changed: once per turn, however many came and went in it. Frees
    /// the list of users, which serves the welcomes of one turn.
    pub fn end_turn(&mut self) {
        self.members.forget_list();
        if !std::mem::take(&mut self.roster_changed) {
            return;
        }
        let more = self.members.len().saturating_sub(MAX_LISTED);
        let names = self.members.values().skip(more).map(|member| member.name.clone()).collect();
        self.tell_all(None, Event::Users { names, more });
    }

    /// The operator's blocks. The room keeps silenced members from speaking, and silenced newcomers from entering; bans
    /// are the door's matter.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// The operator's blocks, to be changed.
    pub fn blocks_mut(&mut self) -> &mut Blocks {
        &mut self.blocks
    }

    /// The member that people would call `name`.
    pub fn find(&self, name: &str) -> Option<&Member> {
        self.members.named(&Name::recall(name).ok()?).and_then(|key| self.member(key))
    }

    /// The names, of those who are here or may come back, that people may take for `name`.
    fn names_like(&self, name: &Name) -> impl Iterator<Item = &Name> {
        let here = self.members.like(name).filter_map(|key| self.member(key)).map(|member| &member.name);
        here.chain(self.reservations.like(name))
    }

    /// The number of public messages that were sent in this run of the server.
    pub fn messages_sent(&self) -> u64 {
        self.backlog.seq() - self.seq_at_start
    }

    /// Takes out the next delivery, in the order in which things happened.
    pub fn next_delivery(&mut self) -> Option<Delivery> {
        self.deliveries.pop_front()
    }

    /// The members present, in order of joining.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (MemberKey, &Member)> {
        self.members.iter()
    }

    /// The member with that key.
    pub fn member(&self, key: MemberKey) -> Option<&Member> {
        self.members.get(key)
    }

    fn refuse(
        &mut self,
        member: MemberKey,
        reason: ErrorReason,
        reference: Option<SafeInteger>,
        detail: impl Into<std::borrow::Cow<'static, str>>,
    ) {
        self.tell_member(member, Event::problem(reason, reference, detail));
    }

    fn tell_member(&mut self, member: MemberKey, event: Event) {
        if let Some(connection) = self.members.get(member).map(|member| member.connection) {
            self.tell(connection, event);
        }
    }

    fn tell(&mut self, connection: ConnectionKey, event: Event) {
        self.deliveries.push_back(Delivery { to: Audience::One(connection), event });
    }

    fn tell_all(&mut self, subject: Option<ConnectionKey>, event: Event) {
        self.deliveries.push_back(Delivery { to: Audience::All { subject }, event });
    }
}

/// The event for a member whose place another connection has taken.
fn replaced() -> Event {
    Event::closed(CloseReason::Replaced)
}
