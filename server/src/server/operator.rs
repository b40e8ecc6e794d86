//! What the operator and the system want of the server.

use std::time::Duration;

use mio::Interest;
use papo_common::limits::MAX_NAME;
use papo_common::{Event, LineBreaks, Name, Text};

use super::door::AcceptState;
use super::{STDIN, Server};
use crate::history::Job;
use crate::keys::ConnectionKey;
use crate::net::addresses::{of_this_machine, reached_at};
use crate::operator::console::Command;
use crate::os::resources::resident_memory;
use crate::os::signals::{self, SignalKind, Signals};
use crate::os::stdin::{self, ReadOutcome, Stdin};
use crate::room::people::{Person, Presence};
use crate::strings::{self, Status};

/// How long what is typed for the program in the foreground is not looked at again: it stays readable all the while.
const NOT_OURS_PAUSE: Duration = Duration::from_secs(1);

impl Server {
    pub(super) fn on_signal(&mut self) {
        for wish in self.signals.as_mut().map(Signals::take).unwrap_or_default() {
            match wish {
                SignalKind::HangUp if self.listener.is_none() => {}
                SignalKind::End | SignalKind::HangUp => self.end(),
                SignalKind::ReopenLog => self.reopen_log(),
                SignalKind::Stop => self.stop(),
                SignalKind::GoneOn => {
                    self.console.print(strings::GONE_ON);
                    if stdin::is_ours() {
                        self.console.prompt();
                    }
                }
            }
        }
    }

    /// Ctrl+Z: says so, and waits until the shell lets it go on.
    fn stop(&mut self) {
        self.console.print(strings::STOPPED);
        self.log.note(self.now.unix_ms, strings::STOPPED_LOG);
        self.flush_operator_output();
        signals::stop();
    }

    /// Begins the files anew that the log and the console go to: somebody has renamed them.
    fn reopen_log(&mut self) {
        for outlet in &self.files {
            if let Err(error) = outlet.reopen() {
                self.log.note(self.now.unix_ms, strings::cannot_reopen(&error));
            }
        }
        self.log.note(self.now.unix_ms, strings::REOPENED);
    }

    pub(super) fn read_stdin(&mut self) {
        let waits = self.has_to_wait();
        let Some(stdin) = self.stdin.as_mut().filter(|_| !waits) else { return };
        match stdin.read() {
            ReadOutcome::Some(typed) => self.console.receive(typed),
            ReadOutcome::Nothing => {}
            ReadOutcome::NotOurs => {
                stdin.rests_until = Some(self.now.instant + NOT_OURS_PAUSE);
                return;
            }
            ReadOutcome::EndKey => {
                self.console.print(strings::END_KEY);
                self.console.prompt();
            }
            ReadOutcome::End => {
                // Nobody looks at it any more, whatever the kernel still tells of it.
                let _ = self.poll.registry().deregister(stdin);
                self.stdin = None;
                self.console.finish();
                return self.run_commands();
            }
        }
        self.await_stdin();
        self.run_commands();
    }

    /// Goes on with what had to wait for an export.
    pub(super) fn resume_commands(&mut self) {
        self.run_commands();
        if self.is_script && !self.has_to_wait() {
            self.await_stdin();
        }
    }

    /// Does what was typed. Where nobody is there to type it again, a command waits for the file that the one before it
    /// writes.
    fn run_commands(&mut self) {
        while !self.has_to_wait() {
            let Some(command) = self.console.next_command() else { return };
            self.command(command);
        }
    }

    fn has_to_wait(&self) -> bool {
        self.is_script && self.job.is_some()
    }

    /// Whether commands come from a file that is not read to its end: no readiness tells of it.
    pub(super) fn has_to_read(&self) -> bool {
        self.stdin.as_ref().map(Stdin::kind) == Some(stdin::StdinKind::File) && !self.has_to_wait()
    }

    /// Looks again at what was typed for another: the server may be in the foreground now. Reads the next part of a file.
    pub(super) fn resume_stdin(&mut self) {
        let rests_until = self.stdin.as_ref().and_then(|stdin| stdin.rests_until);
        if rests_until.is_some_and(|until| until <= self.now.instant) {
            self.await_stdin();
        }
        if self.has_to_read() {
            self.read_stdin();
        }
    }

    /// Waits for more to be typed. A terminal gives one line per read, and readiness is told once for several.
    fn await_stdin(&mut self) {
        let Some(stdin) = self.stdin.as_mut().filter(|stdin| stdin.kind() != stdin::StdinKind::File) else { return };
        stdin.rests_until = None;
        if let Err(error) = self.poll.registry().reregister(stdin, STDIN, Interest::READABLE) {
            self.stdin = None;
            self.log.note(self.now.unix_ms, strings::console_lost(&error));
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
            Command::Kick(whom, why) => self.kick(&whom, why.as_deref()),
            Command::Ban(whom, why) => self.ban(&whom, why.as_deref()),
            Command::Mute(whom, why) => self.mute(&whom, why.as_deref()),
            Command::Release(whom) => self.free(&whom),
            Command::Blocks => self.list_blocks(),
            Command::Addresses => self.addresses(),
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
        let here = self.room.members().map(|(_, member)| {
            let connection = self.connections.get(member.connection.0);
            let waiting = connection.map_or(0, |c| c.backlog(self.broadcast.of(c.dialect())));
            let is_silenced = self.room.blocks().silences(member.addr.ip(), member.id, &member.name);
            strings::user(member, self.log.when(member.since, self.now.unix_ms), waiting, is_silenced)
        });
        let away = self.room.people().filter_map(|Person { name, ip, presence, .. }| match presence {
            Presence::Away(left) => Some(strings::user_away(&name, ip, left)),
            Presence::Here(_) => None,
        });
        strings::users(self.room.members().len(), here.chain(away))
    }

    /// Where others enter, as things are now.
    pub fn addresses(&self) -> String {
        let bound = self.local_addr().ok();
        strings::reached_at(&bound.map(|bound| reached_at(bound, &of_this_machine())).unwrap_or_default())
    }

    fn status(&self) -> Status {
        Status {
            members: self.room.members().len(),
            connections: self.connections.len(),
            messages: self.room.said(),
            traffic: self.traffic,
            refused: self.refusals.total(),
            memory: resident_memory(),
            uptime: self.now.instant.saturating_duration_since(self.connection_config.epoch),
            turns: self.turns,
            history: strings::history(&self.history),
        }
    }

    fn give_notice(&mut self, text: &str) -> String {
        let Some(text) = Text::clean(text, LineBreaks::Space) else { return strings::incomplete(strings::USE_NOTICE) };
        self.room.notice(text, self.now.unix_ms);
        self.deliver();
        strings::NOTICE_GIVEN.into()
    }

    /// Begins to end: nobody is let in, everyone is told as their last line. Asked a second time, it does not wait for
    /// anyone.
    pub fn end(&mut self) {
        let Some(mut listener) = self.listener.take() else {
            self.job = None;
            self.connections.iter_mut().for_each(|(_, connection)| connection.close());
            return self.dirty.extend(self.connections.iter().map(|(key, _)| ConnectionKey(key)));
        };
        self.console.print(strings::ENDING);
        // It is dropped at once; that the kernel cannot forget it earlier is no matter.
        let _ = self.poll.registry().deregister(&mut listener);
        self.accept_state = AcceptState::Open;
        self.room.clear(self.now.unix_ms);
        for (key, connection) in &mut self.connections {
            connection.member = None;
            connection.end(Some(Event::ServerClosed), self.broadcast.of(connection.dialect()), self.now.instant);
            self.dirty.push(ConnectionKey(key));
        }
    }
}

/// What the operator typed, harmless for the screens of others.
pub(super) fn one_line(text: &str) -> Option<String> {
    Text::clean(text, LineBreaks::Space).map(|text| text.as_str().to_owned())
}

/// The name that is most like what was typed, if one is like it at all.
pub(super) fn nearest<'a>(typed: &str, names: &[&'a Name]) -> Option<&'a Name> {
    const ALIKE: f64 = 0.5;
    let typed: String = typed.to_lowercase().chars().take(2 * MAX_NAME).collect();
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
