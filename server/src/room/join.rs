//! Coming, going, and coming back.

use crate::keys::MemberKey;
use papo_common::{Dialect, Event, Hello, MemberId, Name, Refusal, SafeInteger, SessionSecret, UserList, Welcome};

use super::record::{OpenSession, Record};
use super::reservations::{Reservation, Reservations};
use super::secret_hash::SecretHash;
use super::session::SessionState;
use super::{Departure, JoinRequest, Member, Room, replaced};

/// Who enters: the same whether new or come back.
struct Entrant {
    name: Name,
    id: MemberId,
    session: SessionSecret,
    memory: Option<Box<SessionState>>,
    is_back: bool,
}

impl Room {
    /// Lets `newcomer` in under the name it wants, or tells it why not. `at` is the time, Unix ms.
    pub fn join(&mut self, newcomer: &JoinRequest, hello: &Hello, at: u64) -> Option<MemberKey> {
        self.expire(at);
        let entrant = match self.admit(newcomer, hello, at) {
            Ok(entrant) => entrant,
            Err(reason) => {
                self.tell(newcomer.connection, Event::refused(reason));
                return None;
            }
        };
        let (name, id, is_back) = (entrant.name.clone(), entrant.id, entrant.is_back);
        self.record_join(newcomer, &entrant, at);
        let key = self.insert(newcomer, entrant, at);
        let welcome = self.welcome(key, hello, is_back);
        self.tell(newcomer.connection, welcome);
        self.tell_all(Some(newcomer.connection), Event::Joined { name, id, addr: newcomer.addr, at });
        Some(key)
    }

    /// Takes `member` out and tells the others. Unknown members are no matter.
    pub fn leave(&mut self, member: MemberKey, how: Departure, at: u64) -> Option<Member> {
        let mut member = self.members.remove(member)?;
        self.roster_changed = true;
        self.tell_all(None, Event::Left { name: member.name.clone(), id: member.id, at });
        self.record(|| Record::Left { id: member.id, at });
        if how == Departure::Dropped && self.keeps_name_of(&member) {
            self.keep_name(&mut member);
        } else {
            self.record(|| Record::SessionEnded { id: member.id, at });
        }
        Some(member)
    }

    /// Takes note of the time, for all that lasts: in ms, since whenever, and never less than before. What people call
    /// the time may be put back, and names must not be kept for the longer.
    pub fn set_now(&mut self, elapsed: u64) {
        self.elapsed = elapsed;
    }

    /// Forgets those who did not come back in time. `at` is what people call the time, Unix ms.
    pub fn expire(&mut self, at: u64) {
        while let Some(away) = self.reservations.expire(self.elapsed) {
            self.record(|| Record::SessionEnded { id: away.id, at });
        }
    }

    /// When the next one has not come back in time, by [`Room::set_now`].
    pub fn next_expiry(&self) -> Option<u64> {
        self.reservations.next_expiry()
    }

    /// Forgets everyone without a word: the server ends, in good order. As all are told so and nobody comes back by
    /// itself, no session outlives it and no name is kept from those who come when it runs again.
    pub fn clear(&mut self, at: u64) {
        let here: Vec<MemberId> = self.members.values().map(|member| member.id).collect();
        let away: Vec<MemberId> = self.reservations.values().map(|away| away.id).collect();
        for &id in &here {
            self.record(|| Record::Left { id, at });
        }
        for id in here.into_iter().chain(away) {
            self.record(|| Record::SessionEnded { id, at });
        }
        self.members.clear();
        self.reservations = Reservations::default();
        self.deliveries.clear();
        self.roster_changed = false;
    }

    fn admit(&mut self, newcomer: &JoinRequest, hello: &Hello, at: u64) -> Result<Entrant, Refusal> {
        if hello.version != Hello::VERSION {
            return Err(Refusal::Version);
        }
        let name = Name::parse(&hello.name).map_err(|_| Refusal::NameInvalid)?;
        if let Some((session, owner)) = hello.session.as_ref().and_then(|token| self.with_owner(token.id()?)) {
            // Spelled anew, it must not look like somebody else's.
            let is_its_own = *owner == name && self.names_like(&name).all(|other| other == owner);
            return if is_its_own { self.resume(name, session, hello, at) } else { Err(Refusal::NameInUse) };
        }
        if self.blocks.refuses_name(newcomer.addr.ip(), &name) {
            return Err(Refusal::Muted);
        }
        if self.names_like(&name).next().is_some() {
            return Err(Refusal::NameInUse);
        }
        let (id, session) = (newcomer.id, newcomer.session);
        Ok(Entrant { name, id, session, memory: None, is_back: false })
    }

    fn with_owner(&self, session: SessionSecret) -> Option<(SessionSecret, &Name)> {
        self.name_of(session).map(|owner| (session, owner))
    }

    /// Whose session that is, if it can be come back to. Looking at everyone is less work than the welcome that
    /// follows, which lists everyone; a table of sessions would be the largest thing kept for each member.
    fn name_of(&self, session: SessionSecret) -> Option<&Name> {
        let here = self.members.values().find(|member| member.dialect == Dialect::Json && member.session == session);
        here.map(|member| &member.name).or_else(|| self.reservations.owner(SecretHash::of(session)))
    }

    /// Reserves the name of someone who was here when the last run of the server broke off.
    pub(super) fn reserve_restored(&mut self, session: OpenSession, at: u64) {
        let OpenSession { name, id, secret, ip, receipts: said } = session;
        if self.config.limits.keep == 0 || self.names_like(&name).next().is_some() {
            return self.record(|| Record::SessionEnded { id, at });
        }
        let (memory, until) = (Some(Box::new(SessionState::restored(said))), self.elapsed + self.config.limits.keep);
        self.reservations.insert(Reservation { name, id, secret, memory, ip, until });
    }

    /// Takes a session out of where it is, so that it can go on elsewhere. `name` may be spelled anew.
    fn resume(&mut self, name: Name, session: SessionSecret, hello: &Hello, at: u64) -> Result<Entrant, Refusal> {
        if let Some(mut away) = self.reservations.remove(&name) {
            if let Some(memory) = &mut away.memory {
                memory.continue_from(hello.private_since.map_or(0, SafeInteger::value));
            }
            return Ok(Entrant { name, id: away.id, session, memory: away.memory, is_back: true });
        }
        // The old connection still stands, or seems to.
        let key = self.members.named(&name).ok_or(Refusal::NameInUse)?;
        let old = self.members.remove(key).ok_or(Refusal::NameInUse)?;
        self.tell(old.connection, replaced());
        self.tell_all(None, Event::Left { name: old.name, id: old.id, at });
        self.record(|| Record::Left { id: old.id, at });
        Ok(Entrant { name, id: old.id, session, memory: old.state, is_back: true })
    }

    fn record_join(&mut self, newcomer: &JoinRequest, entrant: &Entrant, at: u64) {
        let secret = (newcomer.dialect == Dialect::Json).then(|| SecretHash::of(entrant.session));
        let (addr, id) = (newcomer.addr, entrant.id);
        self.record(|| Record::Joined { name: entrant.name.clone(), id, addr, at, secret });
    }

    fn insert(&mut self, newcomer: &JoinRequest, entrant: Entrant, since: u64) -> MemberKey {
        self.roster_changed = true;
        let JoinRequest { connection, dialect, addr, .. } = *newcomer;
        let Entrant { name, id, session, memory, .. } = entrant;
        self.members.push(Member { name, id, addr, connection, dialect, since, session, state: memory })
    }

    fn keeps_name_of(&self, member: &Member) -> bool {
        let ip = member.addr.ip();
        let is_exempt = self.config.loopback_is_exempt && ip.is_loopback();
        let has_room = is_exempt || self.reservations.count_from(ip) < self.config.max_kept_per_address;
        member.dialect == Dialect::Json && self.config.limits.keep > 0 && has_room
    }

    fn keep_name(&mut self, member: &mut Member) {
        let memory = member.state.take();
        let Member { name, id, session, addr, .. } = member;
        let until = self.elapsed + self.config.limits.keep;
        self.reservations.insert(Reservation {
            name: name.clone(),
            id: *id,
            secret: SecretHash::of(*session),
            memory,
            ip: addr.ip(),
            until,
        });
    }

    fn welcome(&mut self, key: MemberKey, hello: &Hello, is_back: bool) -> Event {
        let is_json = self.members.get(key).is_some_and(|member| member.dialect == Dialect::Json);
        // Classic members are told who is there by a line of its own, and nothing that was said before.
        let users = if is_json { self.members.list() } else { UserList::default() };
        let Some(member) = self.members.get(key) else { return Event::refused(Refusal::Malformed) };
        let (history, gap) = if is_json { self.catch_up(member, hello, is_back) } else { (Vec::new(), false) };
        Event::Welcome(Box::new(Welcome {
            name: member.name.clone(),
            id: member.id,
            addr: member.addr,
            session: member.session.into(),
            resumed: is_back,
            run: Some(self.run),
            log: self.log.into(),
            seq: self.backlog.seq(),
            pseq: member.state.as_ref().map_or(0, |memory| memory.pseq()),
            gap,
            users,
            history,
            removed: self.removed_for(hello),
            limits: self.config.limits,
        }))
    }
}
