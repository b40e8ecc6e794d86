//! The room: who is in it, what is said in it, and all that follows for others. Pure: no sockets, no clock; time and
//! randomness come in as parameters, and [`effects`] go out as values.
//!
//! [`directory`] holds the names in use, [`channel`] what is said to all, [`session`] what each session is owed. A
//! request is done by [`messages`], [`private`] or the room itself, a connection joins by [`join`] and is shown the past
//! by [`catch_up`]; [`snapshot`] is what outlives the server.

pub mod backlog;
mod catch_up;
mod channel;
mod directory;
mod draft;
pub mod effects;
mod join;
mod lookup;
mod member;
mod members;
mod messages;
pub mod notices;
pub mod people;
mod private;
pub mod removal;
mod reservations;
pub mod search;
pub mod secret_hash;
pub mod session;
pub mod snapshot;

use papo_common::{
    CloseReason, Dialect, ErrorReason, Event, Hello, LineBreaks, LogId, Name, Notice, Request, RunId, Text, UserList,
    sentences,
};

use self::backlog::Backlog;
pub use self::channel::Channel;
pub use self::directory::Directory;
use self::draft::{Draft, Rejection};
pub use self::effects::{Audience, Delivery};
use self::effects::{Effects, Query, Record};
pub use self::join::JoinRequest;
use self::join::{Admitted, Greeting};
use self::lookup::Lookup;
pub use self::member::{Departure, Member};
use self::notices::Notices;
use self::removal::Removed;
use self::search::Search;
use self::secret_hash::SecretHash;
use self::snapshot::{RunState, Snapshot};
use crate::blocks::Blocks;
use crate::config::RoomConfig;
use crate::keys::MemberKey;

/// The room.
#[derive(Debug)]
pub struct Room {
    directory: Directory,
    channel: Channel,
    effects: Effects,
    blocks: Blocks,
    config: RoomConfig,
    run: RunId,
    /// Whether there is a stored history that answers queries.
    has_history: bool,
    /// Whether members came or went since classic members were last given the roster.
    roster_changed: bool,
}

impl Room {
    /// An empty room of that `run` of the server, whose messages are numbered under `log`.
    pub fn new(run: RunId, log: LogId, config: RoomConfig) -> Room {
        Room {
            directory: Directory::new(config),
            channel: Channel::new(log),
            effects: Effects::default(),
            blocks: Blocks::default(),
            config,
            run,
            has_history: false,
            roster_changed: false,
        }
    }

    /// Goes on where an earlier run ended, and makes records from now on. `at` is the time, Unix ms.
    pub fn restore(&mut self, snapshot: Snapshot, at: u64) {
        let Snapshot { log, seq, lesson_start, messages, notices, removed, sessions, .. } = snapshot;
        let removed = Removed::restored(removed);
        let backlog = Backlog::restored(seq, messages, |seq| removed.contains(seq));
        self.channel = Channel::restored(log, lesson_start, backlog, Notices::restored(notices), removed);
        self.keep_records();
        self.has_history = true;
        for session in sessions {
            let id = session.id;
            if !self.directory.reserve_restored(session) {
                self.effects.record(|| Record::SessionEnded { id, at });
            }
        }
    }

    /// Makes records from now on.
    pub fn keep_records(&mut self) {
        self.effects.records = Some(Vec::new());
    }

    /// Says whether there is a stored history that answers queries: where there is none, memory is all there is.
    pub fn set_history_available(&mut self, is_available: bool) {
        self.has_history = is_available;
    }

    /// The state of this run, for a file that knows nothing of it.
    pub fn run_state(&self) -> RunState {
        RunState::new(&self.directory, &self.channel)
    }

    /// Handles a request of `member`; `leave` and `pong` are its connection's matter. `at` is the time, Unix ms.
    pub fn handle(&mut self, member: MemberKey, request: Request, at: u64) {
        let Some(connection) = self.member(member).map(|member| member.connection) else { return };
        let (limits, blocks, has_history) = (self.config.limits, &self.blocks, self.has_history);
        let (directory, channel, effects) = (&mut self.directory, &mut self.channel, &mut self.effects);
        let draft = |reference, raw| Draft { from: member, reference, raw, at, limits, blocks };
        let (reference, done) = match request {
            Request::Say { reference, ref text } => {
                (reference, messages::say(&draft(reference, text), &mut directory.members, channel, effects))
            }
            Request::Private { reference, ref to, ref text } => {
                (reference, private::send(&draft(reference, text), to, directory, effects))
            }
            Request::History { reference, before, count } => {
                let lookup = Lookup { connection, reference, has_history, channel, effects };
                return lookup.page(before.value(), count.value() as usize);
            }
            Request::Search { reference, text, before, count } => {
                let lookup = Lookup { connection, reference, has_history, channel, effects };
                (reference, lookup.search(Search::new(&text, before, count)))
            }
            Request::Hello(_) => (None, Err(Rejection::Malformed)),
            Request::Leave | Request::Pong | Request::Unknown => return,
        };
        if let Some(event) = done.err().and_then(|rejection| rejection.into_event(reference)) {
            self.effects.send(connection, event);
        }
    }

    /// Tells `member` that its line is no request, in the sentence of its dialect.
    pub fn malformed(&mut self, member: MemberKey, detail: &'static str) {
        if let Some(connection) = self.member(member).map(|member| member.connection) {
            self.effects.send(connection, Event::problem(ErrorReason::Malformed, None, detail));
        }
    }

    /// Lets a connection join under the name it wants, or tells it why not. `at` is the time, Unix ms.
    pub fn join(&mut self, request: &JoinRequest, hello: &Hello, at: u64) -> Option<MemberKey> {
        self.expire(at);
        let mut admitted = match join::admit(request, hello, &mut self.directory, &self.blocks) {
            Ok(admitted) => admitted,
            Err(refusal) => {
                self.effects.send(request.connection, Event::refused(refusal));
                return None;
            }
        };
        if let Some(old) = admitted.replaced.take() {
            self.effects.send(old.connection, Event::closed(CloseReason::Replaced));
            self.note_left(&old, at);
        }
        let &JoinRequest { connection, dialect, addr, .. } = request;
        let Admitted { name, id, session, state, is_resumed, .. } = admitted;
        let secret = SecretHash::of(session);
        let member = Member { name: name.clone(), id, addr, connection, dialect, since: at, secret, state };
        let secret = member.is_resumable().then_some(secret);
        self.effects.record(|| Record::Joined { name: name.clone(), id, addr, at, secret });
        self.roster_changed = true;
        let greeting = Greeting { session, is_resumed, hello, run: self.run, limits: self.config.limits };
        let key = self.directory.members.push(member);
        let users = if dialect == Dialect::Json { self.directory.members.list() } else { UserList::default() };
        let member = self.directory.members.get(key)?;
        let welcome = greeting.welcome(member, users, &self.channel);
        self.effects.send(connection, Event::Welcome(Box::new(welcome)));
        self.effects.broadcast(Some(connection), Event::Joined { name, id, addr, at });
        Some(key)
    }

    /// Takes `member` out and tells the others; `None` if it is unknown. `at` is the time, Unix ms.
    pub fn leave(&mut self, member: MemberKey, how: Departure, at: u64) -> Option<Member> {
        let mut member = self.directory.members.remove(member)?;
        self.roster_changed = true;
        self.note_left(&member, at);
        if how == Departure::ForGood || !self.directory.reserve(&mut member) {
            self.effects.record(|| Record::SessionEnded { id: member.id, at });
        }
        Some(member)
    }

    /// Empties the room without a word: the server ends, in good order. As all are told so and nobody comes back by
    /// itself, no session outlives it and no name is kept from those who come when it runs again.
    pub fn clear(&mut self, at: u64) {
        let (members, reserved) = self.directory.clear();
        for &id in &members {
            self.effects.record(|| Record::Left { id, at });
        }
        for id in members.into_iter().chain(reserved) {
            self.effects.record(|| Record::SessionEnded { id, at });
        }
        self.effects.deliveries.clear();
        self.roster_changed = false;
    }

    /// Sets the monotonic time in ms (any origin). Reservations expire by it, because the wall clock may be set back.
    pub fn set_now(&mut self, now: u64) {
        self.directory.set_now(now);
    }

    /// Drops reservations that have expired. `at` is the wall clock's time, Unix ms.
    pub fn expire(&mut self, at: u64) {
        while let Some(reservation) = self.directory.expire() {
            self.effects.record(|| Record::SessionEnded { id: reservation.id, at });
        }
    }

    /// Whether members came or went since classic members were last given the roster.
    pub fn owes_user_list(&self) -> bool {
        self.roster_changed
    }

    /// Sends the roster to classic members, if it has changed: once per turn, however many came and went in it. Frees
    /// the list of users, which serves the welcomes of one turn.
    pub fn end_turn(&mut self) {
        self.directory.members.forget_list();
        if std::mem::take(&mut self.roster_changed) {
            self.effects.broadcast(None, self.directory.members.roster());
        }
    }

    /// Shows a notice of the operator to all. `at` is the time, Unix ms.
    pub fn notice(&mut self, text: Text, at: u64) {
        self.announce(text, at, None);
    }

    /// Begins a lesson: what was said so far is shown to nobody any more, numbers go on under `log`, and all are given a
    /// notice of it. Members, sessions and the receipts of what they said stay. `at` is the time, Unix ms.
    pub fn begin_lesson(&mut self, log: LogId, at: u64) {
        self.channel.begin_lesson(log);
        let start = self.channel.lesson_start;
        self.effects.record(|| Record::LessonBegan { log, start });
        if let Some(text) = Text::clean(sentences::LESSON_BEGINS, LineBreaks::Space) {
            self.announce(text, at, Some(log));
        }
    }

    /// Removes a public message from memory and from the windows of all. Its sender's receipt stays, or a repeated
    /// request would send it again.
    pub fn remove_message(&mut self, seq: u64) {
        self.channel.remove(seq);
        self.effects.broadcast(None, Event::Removed { seq });
    }

    /// Public messages and notices.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// The names in use.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The operator's blocks. The room keeps muted members from speaking, and muted newcomers from joining; bans are
    /// enforced where connections are accepted.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// The operator's blocks, to be changed.
    pub fn blocks_mut(&mut self) -> &mut Blocks {
        &mut self.blocks
    }

    /// The members, in order of joining.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (MemberKey, &Member)> {
        self.directory.members.iter()
    }

    /// The member with that key.
    pub fn member(&self, key: MemberKey) -> Option<&Member> {
        self.directory.members.get(key)
    }

    /// The member that people would call `name`.
    pub fn find(&self, name: &str) -> Option<&Member> {
        self.directory.members.named(&Name::recall(name).ok()?).and_then(|key| self.member(key))
    }

    /// Drops the reservation of a name: its session cannot be resumed any more. False if there is none. `at` is the time,
    /// Unix ms.
    pub fn release_name(&mut self, name: &Name, at: u64) -> bool {
        let released = self.directory.reservations.remove(name);
        if let Some(reservation) = &released {
            self.effects.record(|| Record::SessionEnded { id: reservation.id, at });
        }
        released.is_some()
    }

    /// Takes out the next delivery, in the order in which things happened.
    pub fn next_delivery(&mut self) -> Option<Delivery> {
        self.effects.deliveries.pop_front()
    }

    /// Takes out the records that were made since the last call.
    pub fn take_records(&mut self) -> Vec<Record> {
        self.effects.records.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes out the next query for the stored history.
    pub fn next_query(&mut self) -> Option<Query> {
        self.effects.queries.pop_front()
    }

    /// Shows a notice to all; with `log`, a new numbering begins here.
    fn announce(&mut self, text: Text, at: u64, log: Option<LogId>) {
        let notice = self.channel.add_notice(text, at);
        self.effects.record(|| Record::Notice(notice.clone()));
        self.effects.broadcast(None, Event::Notice(Notice { log: log.map(Into::into), ..notice }));
    }

    fn note_left(&mut self, Member { name, id, .. }: &Member, at: u64) {
        self.effects.broadcast(None, Event::Left { name: name.clone(), id: *id, at });
        self.effects.record(|| Record::Left { id: *id, at });
    }
}
