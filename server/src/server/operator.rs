//! What the operator and the system want of the server.

use std::net::IpAddr;
use std::time::Duration;

use mio::Interest;
use papo_common::{Breaks, Event, Name, Text};

use super::door::Door;
use super::{STDIN, Server};
use crate::connection::ConnectionKey;
use crate::console::Command;
use crate::history::Job;
use crate::reason::Reason;
use crate::resources::resident_memory;
use crate::signals::{Signal, Wish};
use crate::stdin::Typed;
use crate::strings::{self, Status};

/// How long what is typed for the program in the foreground is not looked at again: it stays readable all the while.
const NOT_OURS_PAUSE: Duration = Duration::from_secs(1);

impl Server {
    pub(super) fn heed_signal(&mut self) {
        for wish in self.signal.as_mut().map(Signal::take).unwrap_or_default() {
            if wish == Wish::End || self.listener.is_some() {
                self.end();
            }
        }
    }

    pub(super) fn read_stdin(&mut self) {
        let Some(stdin) = &mut self.stdin else { return };
        match stdin.read() {
            Typed::Some(typed) => self.console.receive(typed),
            Typed::Nothing => {}
            Typed::NotOurs => {
                stdin.rests_until = Some(self.now.instant + NOT_OURS_PAUSE);
                return;
            }
            Typed::End => {
                // Nobody looks at it any more, whatever the kernel still tells of it.
                let _ = self.poll.registry().deregister(stdin);
                self.stdin = None;
                return;
            }
        }
        self.await_stdin();
        while let Some(command) = self.console.next_command() {
            self.command(command);
        }
    }

    /// Looks again at what was typed for another: the server may be in the foreground now.
    pub(super) fn resume_stdin(&mut self) {
        let rests_until = self.stdin.as_ref().and_then(|stdin| stdin.rests_until);
        if rests_until.is_some_and(|until| until <= self.now.instant) {
            self.await_stdin();
        }
    }

    /// Waits for more to be typed. A terminal gives one line per read, and readiness is told once for several.
    fn await_stdin(&mut self) {
        let Some(stdin) = &mut self.stdin else { return };
        stdin.rests_until = None;
        if let Err(error) = self.poll.registry().reregister(stdin, STDIN, Interest::READABLE) {
            self.stdin = None;
            self.journal.note(self.now.unix_ms, strings::console_lost(&error));
        }
    }

    /// Does what the operator typed, and answers.
    pub fn command(&mut self, command: Command) {
        let answer = match command {
            Command::Quit => return self.end(),
            Command::Users => self.users(),
            Command::Status => strings::status(&self.status()),
            Command::Help => strings::COMMANDS.into(),
            Command::Notice(text) => self.give_notice(&text),
            Command::Kick(who, why) => self.on_member(&who, |server, key, name| {
                server.part(key, &Reason::Kicked(why.and_then(|why| one_line(&why))));
                strings::kicked(name)
            }),
            Command::Ban(ip) => self.ban(ip),
            Command::Mute(who) => self.on_member(&who, |server, key, name| {
                let ip = server.connections[key.0].addr().ip();
                server.room.mute(ip);
                strings::muted(name, ip)
            }),
            Command::Free(whom) => self.free(&whom),
            Command::History(count) => self.last_said(count),
            Command::Remove(seqs) => self.take_back(&seqs),
            Command::NewLesson => self.begin_lesson(),
            Command::Export(what, path) => {
                let at = self.now.unix_ms;
                match self.begin_job(&path, |path| Job::export(what, path, at)) {
                    Some(answer) => answer,
                    None => return,
                }
            }
            Command::Copy(path) => match self.begin_job(&path, Job::copy) {
                Some(answer) => answer,
                None => return,
            },
            Command::Incomplete(usage) => strings::incomplete(usage),
            Command::Unknown => format!("{}\n{}", strings::UNKNOWN_COMMAND, strings::COMMANDS),
        };
        self.console.print(answer);
        self.console.prompt();
    }

    fn users(&self) -> String {
        let lines = self.room.members().map(|(_, member)| {
            let connection = self.connections.get(member.connection.0);
            let waiting = connection.map_or(0, |c| c.backlog(self.fanouts.of(c.dialect())));
            strings::user(member, self.journal.time_of_day(member.since), waiting)
        });
        strings::users(self.room.members().len(), lines)
    }

    fn status(&self) -> Status {
        Status {
            members: self.room.members().len(),
            connections: self.connections.len(),
            messages: self.room.said(),
            traffic: self.traffic,
            refused: self.refusals.total(),
            memory: resident_memory(),
            uptime: self.now.instant.saturating_duration_since(self.rules.epoch),
            turns: self.turns,
            history: strings::history(&self.history),
        }
    }

    fn give_notice(&mut self, text: &str) -> String {
        let Some(text) = Text::clean(text, Breaks::Space) else { return strings::incomplete(strings::USE_NOTICE) };
        self.room.notice(text, self.now.unix_ms);
        self.deliver();
        strings::NOTICE_GIVEN.into()
    }

    fn ban(&mut self, ip: IpAddr) -> String {
        self.admission.ban(ip);
        let from_there: Vec<ConnectionKey> = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.addr().ip() == ip)
            .map(|(key, _)| ConnectionKey(key))
            .collect();
        for &key in &from_there {
            self.part(key, &Reason::Banned);
        }
        strings::banned(ip, from_there.len())
    }

    fn free(&mut self, whom: &str) -> String {
        if let Ok(ip) = whom.parse::<IpAddr>() {
            return self.free_address(ip.to_canonical());
        }
        self.on_member(whom, |server, key, _| server.free_address(server.connections[key.0].addr().ip()))
    }

    fn free_address(&mut self, ip: IpAddr) -> String {
        let (was_banned, was_muted) = (self.admission.unban(ip), self.room.unmute(ip));
        if was_banned || was_muted { strings::freed(ip) } else { strings::was_free(ip) }
    }

    /// Does something to the member of that name, if there is one; or names the one that is most like it.
    fn on_member(&mut self, who: &str, act: impl FnOnce(&mut Server, ConnectionKey, &Name) -> String) -> String {
        let who = who.trim_start_matches('@');
        if let Some(member) = self.room.find(who) {
            let (key, name) = (member.connection, member.name.clone());
            return act(self, key, &name);
        }
        let names: Vec<&Name> = self.room.members().map(|(_, member)| &member.name).collect();
        strings::nobody(&one_line(who).unwrap_or_default(), nearest(who, &names))
    }

    /// Begins to end: nobody is let in, everyone is told as their last line. Asked a second time, it does not wait for
    /// anyone.
    pub fn end(&mut self) {
        let Some(mut listener) = self.listener.take() else {
            self.job = None;
            self.connections.iter_mut().for_each(|(_, connection)| connection.close());
            return self.touched.extend(self.connections.iter().map(|(key, _)| ConnectionKey(key)));
        };
        self.console.print(strings::ENDING);
        // It is dropped at once; that the kernel cannot forget it earlier is no matter.
        let _ = self.poll.registry().deregister(&mut listener);
        self.door = Door::Open;
        self.room.clear(self.now.unix_ms);
        for (key, connection) in &mut self.connections {
            connection.member = None;
            connection.end(Some(Event::ServerClosed), self.fanouts.of(connection.dialect()), self.now.instant);
            self.touched.push(ConnectionKey(key));
        }
    }
}

/// What the operator typed, harmless for the screens of others.
fn one_line(text: &str) -> Option<String> {
    Text::clean(text, Breaks::Space).map(|text| text.as_str().to_owned())
}

/// The name that is most like what was typed, if one is like it at all.
fn nearest<'a>(typed: &str, names: &[&'a Name]) -> Option<&'a Name> {
    const ALIKE: f64 = 0.5;
    let typed: String = typed.to_lowercase().chars().take(2 * Name::MAX).collect();
    let likeness = |name: &Name| strsim::normalized_damerau_levenshtein(&typed, &name.as_str().to_lowercase());
    let best = names.iter().map(|name| (likeness(name), *name)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_finds_the_nearest() {
        let names: Vec<Name> = ["ana", "beatriz", "João"].iter().map(|name| Name::parse(name).unwrap()).collect();
        let names: Vec<&Name> = names.iter().collect();
        for (typed, found) in
            [("beatris", Some("beatriz")), ("joao", Some("João")), ("anna", Some("ana")), ("xyz", None), ("", None)]
        {
            assert_eq!(nearest(typed, &names).map(Name::as_str), found, "{typed}");
        }
        assert_eq!(nearest("ana", &[]), None);
    }
}
