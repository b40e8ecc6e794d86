//! The room: who is there, who may enter, who is told what and in which order. Pure: no sockets, no clock.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use papo_common::{
    Breaks, Dialect, Event, Hello, Limits, LogId, MemberId, Message, Name, Number, Private, Problem, Refusal, Request,
    Session, Text, TextError, User, VERSION, Welcome, strings,
};

use crate::connection::ConnectionKey;

/// A member, by when it came: later members have greater keys, and none is ever used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberKey(u64);

/// An event and whom it is for.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Whom.
    pub to: Audience,
    /// What.
    pub event: Event,
}

/// Whom an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// That connection alone.
    One(ConnectionKey),
    /// All members. The one whom the event is about is told or not by its dialect's custom
    /// ([`Dialect::tells_subject`]).
    All {
        /// Who came or who speaks; `None` if that is no member any more, or never was.
        subject: Option<ConnectionKey>,
    },
}

/// What the room is told of someone who wants to enter.
#[derive(Debug)]
pub struct Newcomer {
    /// Its connection.
    pub connection: ConnectionKey,
    /// The dialect it speaks.
    pub dialect: Dialect,
    /// From where.
    pub addr: SocketAddr,
    /// The public id that it will have, drawn at random.
    pub id: MemberId,
    /// The secret that it will have, drawn at random.
    pub session: Session,
}

/// Someone in the room.
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
    /// When it came, Unix time in ms.
    pub since: u64,
    /// How many private messages it has been given.
    pseq: u64,
}

/// The room.
#[derive(Debug)]
pub struct Room {
    members: BTreeMap<MemberKey, Member>,
    by_name: HashMap<Arc<str>, MemberKey>,
    next_key: u64,
    seq: u64,
    log: LogId,
    limits: Limits,
    muted: HashSet<IpAddr>,
    deliveries: VecDeque<Delivery>,
    /// Whether members came or went since classic members were last given the list.
    has_changed: bool,
}

impl Room {
    /// An empty room whose messages are numbered under `log`.
    pub fn new(log: LogId, limits: Limits) -> Room {
        Room {
            members: BTreeMap::new(),
            by_name: HashMap::new(),
            next_key: 0,
            seq: 0,
            log,
            limits,
            muted: HashSet::new(),
            deliveries: VecDeque::new(),
            has_changed: false,
        }
    }

    /// Lets `newcomer` in under the name it wants, or tells it why not. `at` is the time, Unix ms.
    pub fn join(&mut self, newcomer: &Newcomer, hello: &Hello, at: u64) -> Option<MemberKey> {
        let name = match self.admit(hello) {
            Ok(name) => name,
            Err(reason) => {
                self.tell(newcomer.connection, Event::refused(reason));
                return None;
            }
        };
        let key = self.seat(newcomer, name.clone(), at);
        let welcome = self.welcome(newcomer, name.clone());
        self.tell(newcomer.connection, welcome);
        let joined = Event::Joined { name, id: newcomer.id, addr: newcomer.addr, at };
        self.tell_all(Some(newcomer.connection), joined);
        Some(key)
    }

    /// Takes `member` out and tells the others. Unknown members are no matter.
    pub fn leave(&mut self, member: MemberKey, at: u64) -> Option<Member> {
        let member = self.members.remove(&member)?;
        self.by_name.remove(member.name.key());
        self.has_changed = true;
        self.tell_all(None, Event::Left { name: member.name.clone(), id: member.id, at });
        Some(member)
    }

    /// Does what `member` asks for; `leave` and `pong` are its connection's matter.
    pub fn handle(&mut self, member: MemberKey, request: Request, at: u64) {
        let Some(connection) = self.members.get(&member).map(|member| member.connection) else { return };
        match request {
            Request::Say { reference, text } => self.say(member, reference, &text, at),
            Request::Private { reference, to, text } => self.whisper(member, reference, &to, &text, at),
            Request::History { .. } => self.tell(connection, Event::History { messages: Vec::new(), more: false }),
            Request::Search { .. } => self.tell(connection, Event::Found { messages: Vec::new(), more: false }),
            Request::Hello(_) => self.malformed(member, strings::MALFORMED),
            Request::Leave | Request::Pong | Request::Unknown => {}
        }
    }

    /// Tells `member` that what it sent is no request, in the sentence of its dialect.
    pub fn malformed(&mut self, member: MemberKey, detail: &'static str) {
        self.refuse(member, Problem::Malformed, None, detail);
    }

    /// Tells classic members who is there, if that has changed: once per turn, whoever came and went in it.
    pub fn end_turn(&mut self) {
        if !std::mem::take(&mut self.has_changed) {
            return;
        }
        let more = self.members.len().saturating_sub(Event::MAX_USERS);
        let names = self.members.values().skip(more).map(|member| member.name.clone()).collect();
        self.tell_all(None, Event::Users { names, more });
    }

    /// Tells all the operator's word.
    pub fn notice(&mut self, text: Text, at: u64) {
        self.tell_all(None, Event::Notice { text, at });
    }

    /// Lets nobody at `ip` speak: a member that comes back under another name would still be the same person.
    pub fn mute(&mut self, ip: IpAddr) {
        self.muted.insert(ip);
    }

    /// Lets those at `ip` speak again; false if they could.
    pub fn unmute(&mut self, ip: IpAddr) -> bool {
        self.muted.remove(&ip)
    }

    /// The member whom people would call so.
    pub fn find(&self, name: &str) -> Option<&Member> {
        self.by_name.get(Name::key_of(name).as_str()).and_then(|key| self.members.get(key))
    }

    /// How many public messages were said.
    pub fn said(&self) -> u64 {
        self.seq
    }

    /// Forgets everyone without a word: the server ends.
    pub fn clear(&mut self) {
        self.members.clear();
        self.by_name.clear();
        self.deliveries.clear();
        self.has_changed = false;
    }

    /// Takes out the next delivery, in the order in which things happened.
    pub fn next_delivery(&mut self) -> Option<Delivery> {
        self.deliveries.pop_front()
    }

    /// Who is there, in order of joining.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (MemberKey, &Member)> {
        self.members.iter().map(|(key, member)| (*key, member))
    }

    /// One member.
    pub fn member(&self, key: MemberKey) -> Option<&Member> {
        self.members.get(&key)
    }

    fn admit(&self, hello: &Hello) -> Result<Name, Refusal> {
        if hello.version.value() != VERSION {
            return Err(Refusal::Version);
        }
        let name = Name::parse(&hello.name).map_err(|_| Refusal::NameInvalid)?;
        if self.by_name.contains_key(name.key()) {
            return Err(Refusal::NameInUse);
        }
        Ok(name)
    }

    fn seat(&mut self, newcomer: &Newcomer, name: Name, since: u64) -> MemberKey {
        let key = MemberKey(self.next_key);
        self.next_key += 1;
        self.has_changed = true;
        self.by_name.insert(name.key().clone(), key);
        let Newcomer { connection, dialect, addr, id, .. } = *newcomer;
        self.members.insert(key, Member { name, id, addr, connection, dialect, since, pseq: 0 });
        key
    }

    fn welcome(&self, newcomer: &Newcomer, name: Name) -> Event {
        let user = |member: &Member| User { name: member.name.clone(), id: member.id, addr: member.addr };
        // Classic members are told who is there by a line of its own.
        let is_native = newcomer.dialect == Dialect::Native;
        let users = if is_native { self.members.values().map(user).collect() } else { Vec::new() };
        Event::Welcome(Box::new(Welcome {
            name,
            id: newcomer.id,
            addr: newcomer.addr,
            session: newcomer.session,
            resumed: false,
            log: self.log,
            seq: self.seq,
            pseq: 0,
            gap: false,
            users,
            history: Vec::new(),
            limits: self.limits,
        }))
    }

    fn say(&mut self, from: MemberKey, reference: Option<Number>, raw: &str, at: u64) {
        let Some(text) = self.heard(from, reference, raw) else { return };
        let Some(member) = self.members.get(&from) else { return };
        self.seq += 1;
        let (name, id, connection) = (member.name.clone(), member.id, member.connection);
        let message = Message { seq: self.seq, from: name, id, text, at, reference };
        self.tell_all(Some(connection), Event::Message(message));
    }

    fn whisper(&mut self, from: MemberKey, reference: Option<Number>, to: &str, raw: &str, at: u64) {
        let Some(&addressee) = self.by_name.get(Name::key_of(to).as_str()) else {
            let to = Text::clean(to, Breaks::Space).map(|to| to.as_str().chars().take(Name::MAX).collect::<String>());
            let detail = strings::no_such_user(&to.unwrap_or_default());
            return self.refuse(from, Problem::NoSuchUser, reference, detail);
        };
        if addressee == from {
            return self.refuse(from, Problem::ToOneself, reference, strings::TO_ONESELF);
        }
        let Some(text) = self.heard(from, reference, raw) else { return };
        let (Some(sender), Some(reader)) = (self.members.get(&from), self.members.get(&addressee)) else { return };
        let (name, id, to) = (sender.name.clone(), sender.id, reader.name.clone());
        let private = Private { pseq: 0, from: name, id, to, text, at, reference, away: false };
        self.give(addressee, private.clone());
        self.give(from, private);
    }

    /// Gives one copy of a private message; to its sender, as the receipt, only where the dialect has receipts.
    fn give(&mut self, reader: MemberKey, private: Private) {
        let Some(member) = self.members.get_mut(&reader) else { return };
        if member.id == private.id && member.dialect == Dialect::Classic {
            return;
        }
        member.pseq += 1;
        let (connection, pseq) = (member.connection, member.pseq);
        self.tell(connection, Event::Private(Private { pseq, ..private }));
    }

    /// The text if it can be said; if not, its sender has been told why.
    fn heard(&mut self, from: MemberKey, reference: Option<Number>, raw: &str) -> Option<Text> {
        let sender = self.members.get(&from)?;
        if self.muted.contains(&sender.addr.ip()) {
            self.refuse(from, Problem::Muted, reference, strings::MUTED);
            return None;
        }
        let is_classic = sender.dialect == Dialect::Classic;
        let breaks = if is_classic { Breaks::Space } else { Breaks::Keep };
        match Text::parse(raw, breaks, &self.limits) {
            Ok(text) => Some(text),
            Err(TextError::Blank) => None,
            Err(TextError::TooLong) => {
                self.refuse(from, Problem::TooLong, reference, strings::too_long(self.limits.text));
                None
            }
        }
    }

    fn refuse(
        &mut self,
        member: MemberKey,
        reason: Problem,
        reference: Option<Number>,
        detail: impl Into<std::borrow::Cow<'static, str>>,
    ) {
        let Some(connection) = self.members.get(&member).map(|member| member.connection) else { return };
        self.tell(connection, Event::problem(reason, reference, detail));
    }

    fn tell(&mut self, connection: ConnectionKey, event: Event) {
        self.deliveries.push_back(Delivery { to: Audience::One(connection), event });
    }

    fn tell_all(&mut self, subject: Option<ConnectionKey>, event: Event) {
        self.deliveries.push_back(Delivery { to: Audience::All { subject }, event });
    }
}
