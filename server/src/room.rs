//! The room: who is there, who may enter, who is told what and in which order. Pure: no sockets, no clock.

mod absent;
mod entrance;
pub mod memory;
pub mod recent;
pub mod record;
pub mod seal;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use papo_common::{
    Breaks, Closing, Dialect, Event, Limits, LogId, MemberId, Message, Name, Number, Private, Problem, Request,
    Session, Text, TextError, strings,
};

use self::absent::Absent;
use self::memory::{Memory, Receipt, Repeated};
use self::recent::Recent;
use self::record::{Lookup, Question, Record};
use self::seal::Seal;
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
    /// That connection alone. After [`Event::Closed`] it is to be closed.
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
    /// The public id that it will have unless it comes back, drawn at random.
    pub id: MemberId,
    /// The secret that it will have unless it comes back, drawn at random.
    pub session: Session,
}

/// How a member leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// For good: nothing is kept for it.
    ForGood,
    /// Its connection ended without a word: a native member may come back.
    Dropped,
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
    session: Session,
    /// Nothing until it says something or is whispered to: most members of a large room only listen.
    memory: Option<Box<Memory>>,
}

/// What a room holds to.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What it accepts.
    pub limits: Limits,
    /// For how long the name of a native member that dropped out is kept for it, in ms.
    pub keep_name: u64,
    /// How many names are kept for members from one address.
    pub max_kept_per_address: usize,
    /// Whether that does not hold for this machine's own programs.
    pub loopback_is_exempt: bool,
}

/// The room.
#[derive(Debug)]
pub struct Room {
    /// Boxed: who comes last stands at the end, where the tree's nodes stay half empty.
    members: BTreeMap<MemberKey, Box<Member>>,
    by_name: HashMap<Arc<str>, MemberKey>,
    absent: Absent,
    /// The key of the name that each session has, here or away.
    sessions: HashMap<Seal, Arc<str>>,
    next_key: u64,
    recent: Recent,
    log: LogId,
    settings: Settings,
    muted: HashSet<IpAddr>,
    deliveries: VecDeque<Delivery>,
    /// What is to be kept, where somebody keeps it.
    records: Option<Vec<Record>>,
    questions: VecDeque<Question>,
    /// Whether members came or went since classic members were last given the list.
    has_changed: bool,
}

impl Room {
    /// An empty room whose messages are numbered under `log`.
    pub fn new(log: LogId, settings: Settings) -> Room {
        Room {
            members: BTreeMap::new(),
            by_name: HashMap::new(),
            absent: Absent::default(),
            sessions: HashMap::new(),
            next_key: 0,
            recent: Recent::default(),
            log,
            settings,
            muted: HashSet::new(),
            deliveries: VecDeque::new(),
            records: None,
            questions: VecDeque::new(),
            has_changed: false,
        }
    }

    /// Does what `member` asks for; `leave` and `pong` are its connection's matter.
    pub fn handle(&mut self, member: MemberKey, request: Request, at: u64) {
        match request {
            Request::Say { reference, text } => self.say(member, reference, &text, at),
            Request::Private { reference, to, text } => self.whisper(member, reference, &to, &text, at),
            Request::History { before, count } => self.tell_history(member, before, count),
            Request::Search { text, before, count } => {
                let (before, count) = (before.map(Number::value), count.value() as usize);
                self.look_up(member, Lookup::Containing { text, before, count });
            }
            Request::Hello(_) => self.malformed(member, strings::MALFORMED),
            Request::Leave | Request::Pong | Request::Unknown => {}
        }
    }

    /// Tells `member` that what it sent is no request, in the sentence of its dialect.
    pub fn malformed(&mut self, member: MemberKey, detail: &'static str) {
        self.tell_member(member, Event::problem(Problem::Malformed, None, detail));
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
        self.by_name.get(Name::key_of(name).as_str()).and_then(|&key| self.member(key))
    }

    /// How many public messages were said.
    pub fn said(&self) -> u64 {
        self.recent.seq()
    }

    /// Takes out the next delivery, in the order in which things happened.
    pub fn next_delivery(&mut self) -> Option<Delivery> {
        self.deliveries.pop_front()
    }

    /// Who is there, in order of joining.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (MemberKey, &Member)> {
        self.members.iter().map(|(key, member)| (*key, &**member))
    }

    /// One member.
    pub fn member(&self, key: MemberKey) -> Option<&Member> {
        self.members.get(&key).map(Box::as_ref)
    }

    fn say(&mut self, from: MemberKey, reference: Option<Number>, raw: &str, at: u64) {
        let Some(text) = self.heard(from, reference, raw) else { return };
        let Some(member) = self.members.get_mut(&from) else { return };
        let (name, id, connection) = (member.name.clone(), member.id, member.connection);
        let message = |seq, at| Message { seq, from: name, id, text, at, reference };
        match member.repeated(reference) {
            Repeated::No => {
                let seq = self.recent.seq() + 1;
                member.note(reference, || Receipt::Said { seq, at });
                let message = message(seq, at);
                self.recent.push(message.clone());
                self.record(|| Record::Said(message.clone()));
                self.tell_all(Some(connection), Event::Message(message));
            }
            Repeated::Yes(Receipt::Said { seq, at }) => self.tell(connection, Event::Message(message(seq, at))),
            Repeated::Yes(_) => self.malformed(from, strings::MALFORMED),
            Repeated::Unknown => self.refuse(from, Problem::RefOld, reference, strings::REF_OLD),
        }
    }

    fn whisper(&mut self, from: MemberKey, reference: Option<Number>, to: &str, raw: &str, at: u64) {
        let Some(sender) = self.members.get(&from) else { return };
        match sender.repeated(reference) {
            Repeated::No => {}
            Repeated::Yes(receipt) => return self.repeat_whisper(from, reference, receipt, raw),
            Repeated::Unknown => return self.refuse(from, Problem::RefOld, reference, strings::REF_OLD),
        }
        let Some(addressee) = self.addressee(to) else {
            let to = Text::clean(to, Breaks::Space).map(|to| to.as_str().chars().take(Name::MAX).collect::<String>());
            let detail = strings::no_such_user(&to.unwrap_or_default());
            return self.refuse(from, Problem::NoSuchUser, reference, detail);
        };
        if addressee == sender.name {
            return self.refuse(from, Problem::ToOneself, reference, strings::TO_ONESELF);
        }
        let (name, id) = (sender.name.clone(), sender.id);
        let Some(text) = self.heard(from, reference, raw) else { return };
        let to = addressee.clone();
        let mut private = Private { pseq: 0, from: name, id, to, text, at, reference, away: false };
        private.away = self.give(&addressee, &private);
        self.confirm(from, private);
    }

    /// The one who is called so, here or away.
    fn addressee(&self, typed: &str) -> Option<Name> {
        let key = Name::key_of(typed);
        let here = self.by_name.get(key.as_str()).and_then(|key| self.members.get(key)).map(|member| &member.name);
        here.or_else(|| self.absent.find(key.as_str()).map(|away| &away.name)).cloned()
    }

    /// Gives a private message to its addressee; true if that is away and will have it on coming back.
    fn give(&mut self, addressee: &Name, private: &Private) -> bool {
        if let Some(away) = self.absent.find_mut(addressee) {
            away.memory.get_or_insert_default().keep(private.clone());
            return true;
        }
        let key = self.by_name.get(addressee.key());
        if let Some(member) = key.and_then(|key| self.members.get_mut(key)) {
            let (connection, private) = (member.connection, member.keep(private.clone()));
            self.tell(connection, Event::Private(private));
        }
        false
    }

    /// Gives a private message's sender the receipt, where its dialect has receipts.
    fn confirm(&mut self, from: MemberKey, private: Private) {
        let Some(sender) = self.members.get_mut(&from).filter(|sender| sender.dialect == Dialect::Native) else {
            return;
        };
        let (connection, private) = (sender.connection, sender.keep(private));
        let Private { pseq, at, away, .. } = private;
        sender.note(private.reference, || Receipt::Whispered { pseq, to: private.to.clone(), at, away });
        self.tell(connection, Event::Private(private));
    }

    fn repeat_whisper(&mut self, from: MemberKey, reference: Option<Number>, receipt: Receipt, raw: &str) {
        let Receipt::Whispered { pseq, to, at, away } = receipt else {
            return self.malformed(from, strings::MALFORMED);
        };
        let (Some(text), Some(sender)) = (self.heard(from, reference, raw), self.members.get(&from)) else { return };
        let (name, id, connection) = (sender.name.clone(), sender.id, sender.connection);
        self.tell(connection, Event::Private(Private { pseq, from: name, id, to, text, at, reference, away }));
    }

    /// The text if it can be said; if not, its sender has been told why.
    fn heard(&mut self, from: MemberKey, reference: Option<Number>, raw: &str) -> Option<Text> {
        let sender = self.members.get(&from)?;
        if self.muted.contains(&sender.addr.ip()) {
            self.refuse(from, Problem::Muted, reference, strings::MUTED);
            return None;
        }
        let breaks = if sender.dialect == Dialect::Classic { Breaks::Space } else { Breaks::Keep };
        match Text::parse(raw, breaks, &self.settings.limits) {
            Ok(text) => Some(text),
            Err(TextError::Blank) => None,
            Err(TextError::TooLong) => {
                let detail = strings::too_long(self.settings.limits.text);
                self.refuse(from, Problem::TooLong, reference, detail);
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
        self.tell_member(member, Event::problem(reason, reference, detail));
    }

    fn tell_member(&mut self, member: MemberKey, event: Event) {
        if let Some(connection) = self.members.get(&member).map(|member| member.connection) {
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

impl Member {
    fn repeated(&self, reference: Option<Number>) -> Repeated {
        let remembered = reference.zip(self.memory.as_ref());
        remembered.map_or(Repeated::No, |(reference, memory)| memory.repeated(reference))
    }

    fn note(&mut self, reference: Option<Number>, receipt: impl FnOnce() -> Receipt) {
        if let Some(reference) = reference {
            self.memory.get_or_insert_default().note(reference, receipt());
        }
    }

    /// Numbers a private message for this member; a classic one has no use for the number and cannot come back.
    fn keep(&mut self, private: Private) -> Private {
        match self.dialect {
            Dialect::Classic => private,
            Dialect::Native => self.memory.get_or_insert_default().keep(private),
        }
    }
}

/// What a member is told when another connection has taken its place.
fn replaced() -> Event {
    Event::closed(Closing::Replaced)
}
