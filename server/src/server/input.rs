//! From what the sockets give to what the room is asked.

use std::io;

use papo_common::{Dialect, Event, Hello, Malformed, MemberId, Refusal, Request, Session};

use super::{Server, random};
use crate::connection::{Connection, ConnectionKey, Filled};
use crate::inbox::Unfollowable;
use crate::reason::Reason;
use crate::room::Newcomer;
use crate::strings;

/// When a connection has sent as many bytes in one turn, the others come first.
const READ_BUDGET: usize = 64 * 1024;
/// How often a connection may say something else before its `hello`.
const MAX_BAD_HELLOS: u8 = 3;

impl Server {
    pub(super) fn wake(&mut self, key: ConnectionKey, is_writable: bool) {
        if let Some(connection) = self.connections.get_mut(key.0).filter(|_| is_writable) {
            connection.unblock();
        }
        self.serve(key);
    }

    pub(super) fn serve_owed(&mut self) {
        for key in std::mem::take(&mut self.owed) {
            self.serve(key);
        }
    }

    /// Reads what `key` has sent, as far as its rate and its budget for one turn go.
    pub(super) fn serve(&mut self, key: ConnectionKey) {
        let mut read_so_far = 0;
        self.touched.push(key);
        // It has had its part of this turn: whatever wakes it, the others come first.
        if self.owed.contains(&key) {
            return;
        }
        self.take_requests(key);
        while let Some(connection) = self.connections.get_mut(key.0).filter(|_| !self.owed.contains(&key)) {
            if connection.is_closed() || connection.is_paused(&self.rules, self.now.instant) {
                return;
            }
            match connection.fill(&mut self.scratch, self.now.instant) {
                Ok(Filled::Blocked) => return,
                Ok(Filled::Some(read)) => {
                    self.traffic.read += read as u64;
                    self.take_requests(key);
                    read_so_far += read;
                    if read_so_far >= READ_BUDGET {
                        self.owed.insert(key);
                        return;
                    }
                }
                Ok(Filled::End) => {
                    self.take_requests(key);
                    return self.hang_up(key);
                }
                Err(error) => return self.part(key, &Reason::Broken(error)),
            }
        }
    }

    /// The other side has said its last; what it said before still counts.
    fn hang_up(&mut self, key: ConnectionKey) {
        let is_done = |connection: &Connection| !connection.inbox().has_waiting() && !connection.is_asking();
        if self.connections.get(key.0).is_some_and(is_done) {
            self.part(key, &Reason::HungUp);
        }
    }

    fn take_requests(&mut self, key: ConnectionKey) {
        while let Some(connection) = self.connections.get_mut(key.0) {
            match connection.next_request(&self.rules, self.now.instant) {
                Ok(Some(request)) => {
                    let is_question = request.as_ref().is_ok_and(Request::is_question);
                    self.handle(key, request);
                    if is_question && !self.connections.get(key.0).is_some_and(Connection::is_asking) {
                        // It may have taken long to answer: the others come first.
                        self.owed.insert(key);
                        return;
                    }
                }
                Ok(None) => return,
                Err(Unfollowable::LineTooLong) => return self.part(key, &Reason::LineTooLong),
                Err(Unfollowable::TooMuchWaiting) => return self.part(key, &Reason::TooMuchWaiting),
            }
        }
    }

    fn handle(&mut self, key: ConnectionKey, request: Result<Request, Malformed>) {
        let at = self.now.unix_ms;
        match (self.connections.get(key.0).and_then(|connection| connection.member), request) {
            (None, Ok(Request::Hello(hello))) => self.join(key, &hello),
            (None, _) => self.refuse(key),
            (Some(_), Ok(Request::Leave)) => self.part(key, &Reason::Left),
            (Some(member), Ok(request)) => self.room.handle(member, request, at),
            (Some(member), Err(Malformed(detail))) => self.room.malformed(member, detail),
        }
        self.ask();
        self.deliver();
    }

    fn join(&mut self, key: ConnectionKey, hello: &Hello) {
        let rival = self.room.find(&hello.name);
        let went = rival.map(|rival| strings::went(rival, &Reason::Replaced).to_string());
        let rivals_pace = rival.and_then(|rival| self.connections.get(rival.connection.0)).map(|it| it.inbox().pace());
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        let (Ok(id), Ok(session)) = (random(), random()) else {
            return self.part(key, &Reason::Broken(io::Error::other(strings::NO_ENTROPY)));
        };
        let newcomer = Newcomer {
            connection: key,
            dialect: connection.dialect().unwrap_or(Dialect::Classic),
            addr: connection.addr(),
            id: MemberId::from_random(id),
            session: Session::from_random(session),
        };
        match self.room.join(&newcomer, hello, self.now.unix_ms) {
            None => self.admission.tried(&mut connection.ticket, key, self.now.instant),
            Some(member) => {
                self.admission.owes_no_name(&mut connection.ticket, key);
                let Some(entrant) = self.room.member(member) else { return };
                // Where somebody of that name was there, this is the same session, which goes on here.
                let pace = rivals_pace.unwrap_or_else(|| self.debts.take(&entrant.name));
                connection.join(member, pace);
                if let Some(went) = went {
                    self.journal.note(self.now.unix_ms, went);
                }
                self.journal.note(self.now.unix_ms, strings::came(entrant));
            }
        }
    }

    fn refuse(&mut self, key: ConnectionKey) {
        self.tell(key, &Event::refused(Refusal::Malformed));
        let Some(connection) = self.connections.get_mut(key.0) else { return };
        connection.bad_hellos += 1;
        if connection.bad_hellos >= MAX_BAD_HELLOS {
            self.part(key, &Reason::NoHello);
        }
    }
}
