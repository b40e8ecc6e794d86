//! A full client, as the window is one: it comes back with what it has seen, sends again what was not confirmed, and
//! holds everything that it is told against what happened.

mod pages;
mod welcome;

use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use papo_common::{
    CloseReason, Event, Hello, LogToken, MemberId, Message, Name, Private, Refusal, Request, RunId, SafeInteger,
    SessionToken, json, words,
};

use self::pages::Asked;
use crate::client::Context;
use crate::truth::{PRIVATE, PUBLIC, Place, Token, token_of};

/// A session that the client may come back to.
#[derive(Clone, Debug)]
struct Session {
    name: String,
    token: SessionToken,
    id: MemberId,
    log: LogToken,
    run: Option<RunId>,
}

/// Something said that no receipt has come for.
#[derive(Clone, Debug)]
struct Unconfirmed {
    number: u64,
    to: Option<String>,
    text: String,
    /// The run in which it was said.
    run: Option<RunId>,
}

/// A private message that was confirmed to its sender.
#[derive(Clone, Debug)]
pub(crate) struct Confirmed {
    /// Its token.
    pub(crate) token: Token,
    /// The client it is for, and that client's [`Native::epoch`] when it was said.
    pub(crate) to: (usize, u64),
}

/// The client's state.
#[derive(Debug, Default)]
pub(crate) struct Native {
    session: Option<Session>,
    since: u64,
    private_since: u64,
    /// The number of what it says next.
    next: u64,
    outbox: VecDeque<Unconfirmed>,
    asked: VecDeque<Asked>,
    asks: u64,
    roster: Vec<Name>,
    place: Option<Place>,
    /// Number of the last message told over this connection.
    last_seq: u64,
    is_in: bool,
    is_leaving: bool,
    /// How many names were refused.
    refusals: u32,
    /// Counts what breaks the row of its private messages: another session, another run, a gap.
    pub(crate) epoch: u64,
    /// Tokens of the private messages that it has heard.
    pub(crate) heard: BTreeSet<Token>,
    /// The private messages of its own that were confirmed.
    pub(crate) confirmed: Vec<Confirmed>,
    /// The addressees' epochs when something private was said to them.
    addressed: Vec<(u64, (usize, u64))>,
    /// Until when it must be let in again as the same.
    resumes_until: Option<Duration>,
    /// Bytes that it has yet to send.
    pub(crate) out: Vec<u8>,
}

impl Native {
    /// Whether it is in the room, by this connection.
    pub(crate) fn is_in(&self) -> bool {
        self.is_in
    }

    /// The name under which it is in the room.
    pub(crate) fn called(&self) -> Option<&str> {
        self.session.as_ref().filter(|_| self.is_in).map(|session| session.name.as_str())
    }

    /// The time until which it is let in as the same member.
    pub(crate) fn resumes_by(&mut self, until: Duration) {
        if self.session.is_some() {
            self.resumes_until = Some(until);
        }
    }

    /// The server was killed. Where its disk was whole, all sessions go on, those of clients `until` then that had a
    /// connection.
    pub(crate) fn server_was_killed(&mut self, is_safe: bool, until: Option<Duration>) {
        if !is_safe {
            self.resumes_until = None;
        } else if let Some(until) = until {
            self.resumes_by(until);
        }
    }

    /// Whether everything that it asked and said has been answered.
    pub(crate) fn is_settled(&self) -> bool {
        self.is_in && self.outbox.is_empty() && self.asked.is_empty()
    }

    /// How much of what is told it has heard over this connection.
    pub(crate) fn place(&self) -> Option<Place> {
        self.place
    }

    /// How much it waits for.
    pub(crate) fn waiting(&self) -> String {
        format!("{:?} {:?}", self.outbox, self.asked)
    }

    /// Begins on a new connection.
    pub(crate) fn connect(&mut self, name: &str) {
        self.disconnect();
        self.greet(name);
    }

    fn greet(&mut self, name: &str) {
        let name = match &self.session {
            Some(session) => session.name.clone(),
            None => format!("{name}{}", "x".repeat(self.refusals as usize % 8)),
        };
        let mut hello = Hello::new(name);
        if let Some(session) = &self.session {
            hello.session = Some(session.token.clone());
            hello.log = Some(session.log.clone());
            hello.since = SafeInteger::new(self.since);
            hello.private_since = SafeInteger::new(self.private_since);
        }
        self.ask(&Request::Hello(hello));
    }

    /// The connection is gone.
    pub(crate) fn disconnect(&mut self) {
        self.is_in = false;
        self.place = None;
        self.out.clear();
        self.asked.clear();
        if std::mem::take(&mut self.is_leaving) {
            self.forget_session();
        }
    }

    /// The session is over: it will be somebody else who comes.
    pub(crate) fn forget_session(&mut self) {
        self.session = None;
        self.resumes_until = None;
        self.outbox.clear();
        self.addressed.clear();
        self.epoch += 1;
    }

    /// Says `text` behind its token, to all or to the client `to` of that name.
    pub(crate) fn say(&mut self, text: &str, to: Option<(usize, u64, String)>, cx: &mut Context<'_>) {
        self.next += 1;
        let (number, mark) = (self.next, if to.is_some() { PRIVATE } else { PUBLIC });
        let text = format!("{mark}{}.{number} {text}", cx.client);
        cx.truth.say((cx.client, number), &text);
        if let Some((client, epoch, _)) = &to {
            self.addressed.push((number, (*client, *epoch)));
        }
        let run = self.session.as_ref().and_then(|session| session.run);
        let said = Unconfirmed { number, to: to.map(|(.., name)| name), text, run };
        self.send(&said);
        self.outbox.push_back(said);
    }

    /// Goes for good.
    pub(crate) fn leave(&mut self) {
        self.ask(&Request::Leave);
        self.is_leaving = true;
    }

    /// Hears one line.
    pub(crate) fn hear(&mut self, line: &str, addr: SocketAddr, cx: &mut Context<'_>) -> Result<(), String> {
        if !self.is_in && !line.starts_with('{') {
            // A connection that is closed before its first byte has come is told why in the classic dialect.
            cx.told_the_end |= line == words::SERVER_CLOSED;
            return Ok(());
        }
        let event = json::parse_event(line).map_err(|_| format!("cannot be read: {line}"))?;
        match event {
            Event::Welcome(welcome) => self.enter(&welcome, cx),
            Event::Refused { reason, .. } => self.refused(reason, cx),
            Event::Message(message) if message.seq <= self.last_seq => self.hear_again(&message, cx),
            Event::Private(private) => self.hear_private(&private, cx),
            Event::Problem { reason, reference, .. } => self.hear_problem(reason, reference, cx),
            Event::History { messages, more, reference } => self.hear_page(&messages, more, reference, cx),
            Event::Found { messages, more, reference } => self.hear_found(&messages, more, reference, cx),
            Event::Closed { reason, .. } => {
                self.closed(reason, cx);
                Ok(())
            }
            Event::ServerClosed => {
                cx.told_the_end = true;
                self.forget_session();
                Ok(())
            }
            Event::Ping => {
                self.ask(&Request::Pong);
                Ok(())
            }
            Event::Joined { .. }
            | Event::Left { .. }
            | Event::Message(_)
            | Event::Notice(_)
            | Event::Removed { .. } => self.hear_broadcast(&event, addr, cx),
            Event::Users { .. } | Event::Unknown => Err(format!("has no meaning here: {line}")),
        }
    }

    fn hear_broadcast(&mut self, event: &Event, addr: SocketAddr, cx: &mut Context<'_>) -> Result<(), String> {
        let Some(place) = &mut self.place else {
            // Its own coming was not told to anybody before the end of the run.
            return if cx.is_over() { Ok(()) } else { Err(format!("{addr} is not in, and is told {event:?}")) };
        };
        cx.truth.hear(place, event, cx.is_witness)?;
        match event {
            Event::Joined { name, .. } => self.roster.push(name.clone()),
            Event::Left { name, .. } => self.roster.retain(|other| other != name),
            Event::Message(message) => {
                self.last_seq = message.seq;
                self.since = message.seq;
                self.confirm(message);
            }
            Event::Notice(notice) => {
                if let (Some(log), Some(session)) = (&notice.log, &mut self.session) {
                    session.log = log.clone();
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A message that was told before is a receipt that was asked for again.
    fn hear_again(&mut self, message: &Message, cx: &Context<'_>) -> Result<(), String> {
        let is_own = self.session.as_ref().is_some_and(|session| session.id == message.id);
        if !is_own
            || !self.outbox.iter().any(|said| said.to.is_none() && Some(said.number) == number(message.reference))
        {
            return Err(format!("was told again {message:?}"));
        }
        self.confirm(message);
        if cx.truth.removed().contains(&message.seq) || cx.is_over() { Ok(()) } else { cx.truth.check_shown(message) }
    }

    fn confirm(&mut self, message: &Message) {
        if self.session.as_ref().is_some_and(|session| session.id == message.id) {
            self.outbox.retain(|said| said.to.is_some() || Some(said.number) != number(message.reference));
        }
    }

    fn hear_private(&mut self, private: &Private, cx: &mut Context<'_>) -> Result<(), String> {
        let wrong = |why: &str| Err(format!("{why}: {private:?}"));
        let is_own = self.session.as_ref().is_some_and(|session| session.id == private.id);
        let is_again = private.pseq <= self.private_since && is_own;
        if !is_again && private.pseq != self.private_since + 1 {
            return wrong(&format!("behind private message {}", self.private_since));
        }
        self.private_since = self.private_since.max(private.pseq);
        self.take_private(private, is_own, cx)
    }

    fn take_private(&mut self, private: &Private, is_own: bool, cx: &mut Context<'_>) -> Result<(), String> {
        let wrong = |why: &str| Err(format!("{why}: {private:?}"));
        let Some(token) = token_of(private.text.as_str(), PRIVATE) else { return Ok(()) };
        if cx.truth.text_of(token) != Some(private.text.as_str()) {
            return wrong("nobody said this");
        }
        if is_own {
            self.outbox.retain(|said| said.to.is_none() || said.number != token.1);
            if let Some(place) = self.addressed.iter().position(|(number, _)| *number == token.1) {
                let (_, to) = self.addressed.swap_remove(place);
                self.confirmed.push(Confirmed { token, to });
            }
            return if token.0 == cx.client { Ok(()) } else { wrong("a receipt of somebody else") };
        }
        if !cx.is_addressed_to(private.to.as_str()) {
            return wrong("not for this client");
        }
        if self.heard.insert(token) { Ok(()) } else { wrong("heard twice") }
    }

    fn hear_problem(
        &mut self,
        reason: papo_common::ErrorReason,
        reference: Option<SafeInteger>,
        cx: &Context<'_>,
    ) -> Result<(), String> {
        use papo_common::ErrorReason::{Muted, NoSuchUser, Unavailable};
        match reason {
            NoSuchUser => self.outbox.retain(|said| said.to.is_none() || Some(said.number) != number(reference)),
            Muted => self.outbox.retain(|said| Some(said.number) != number(reference)),
            Unavailable if cx.has_disk_trouble => return self.hear_failure(reference),
            _ => return Err(format!("a problem that is none: {reason:?} {reference:?}")),
        }
        Ok(())
    }

    fn refused(&mut self, reason: Refusal, cx: &Context<'_>) -> Result<(), String> {
        match reason {
            // Its session is over, and a welcome to another one was lost on the way.
            Refusal::NameInUse if self.resumes_until.is_none_or(|until| until <= cx.now) => {
                self.forget_session();
                self.refusals += 1;
                self.greet(cx.name);
            }
            Refusal::RoomFull | Refusal::Banned | Refusal::Muted => {}
            _ => return Err(format!("was refused: {reason:?}, session {:?}", self.session)),
        }
        Ok(())
    }

    fn closed(&mut self, reason: CloseReason, cx: &mut Context<'_>) {
        cx.closed = Some(reason);
        if matches!(reason, CloseReason::Kicked | CloseReason::Banned) {
            self.forget_session();
        }
    }

    fn send(&mut self, said: &Unconfirmed) {
        let (reference, text) = (SafeInteger::new(said.number), said.text.clone());
        self.ask(&match said.to.clone() {
            None => Request::Say { reference, text },
            Some(to) => Request::Private { reference, to, text },
        });
    }

    fn ask(&mut self, request: &Request) {
        json::encode_request(request, &mut self.out);
    }
}

fn number(reference: Option<SafeInteger>) -> Option<u64> {
    reference.map(SafeInteger::value)
}
