//! The poll loop: the only place that polls, and that knows what each token stands for.
//!
//! One turn waits for readiness, reads what came and lets the room act on it, writes to everybody once, and only then
//! removes what has closed. The loop is [`EventLoop::turn`]; all but the waiting is [`crate::engine`]'s.

mod acceptor;
mod source;
mod terminal;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Poll};

use self::acceptor::Acceptor;
use self::source::Source;
use self::terminal::Terminal;
use crate::clock::Clock;
use crate::engine::Engine;
use crate::history::History;
use crate::operator::Operator;
use crate::operator::command::Command;
use crate::operator::console::Console;
use crate::operator::execute::{Outcome, execute};
use crate::operator::log::Log;
use crate::options::Options;
use crate::os::output::NonBlockingFd;
use crate::os::resources::raise_descriptor_limit;
use crate::os::signals::{SignalKind, Signals};
use crate::os::stdin::Stdin;
use crate::random::Random;
use crate::room::Room;
use crate::strings;

/// The time for which the end waits for an operator who does not read.
const LAST_LINES: Duration = Duration::from_secs(1);
/// With fewer places than this the operator is told so at the start: about two classes.
const FEW_PLACES: usize = 64;

/// The consequence of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Another one.
    Next,
    /// Nothing: the server has ended and everyone has been told.
    Ended,
}

/// The server: its sockets, its room and its operator.
#[derive(Debug)]
pub struct EventLoop {
    poll: Poll,
    acceptor: Acceptor,
    engine: Engine<TcpStream>,
    operator: Operator,
    terminal: Terminal,
    clock: Clock,
}

impl EventLoop {
    /// Listens as `options` say; what the operator reads goes to `console` and `log`. An error if the address cannot be
    /// taken or the system gives no poll or no randomness; a history that cannot be opened is only told of.
    pub fn bind(options: &Options, clock: Clock, console: Console, log: Log) -> io::Result<EventLoop> {
        let poll = Poll::new()?;
        let acceptor = Acceptor::bind(options.listen, poll.registry())?;
        let registry = poll.registry().try_clone()?;
        let engine = Engine::new(options, raise_descriptor_limit(), registry, Random::system(), clock.now())?;
        let operator = Operator { console, log, listening: acceptor.local_addr().ok() };
        let mut event_loop = EventLoop { poll, acceptor, engine, operator, terminal: Terminal::default(), clock };
        event_loop.report();
        for told in [event_loop.few_places(options.max_clients), event_loop.time_zone_error()].into_iter().flatten() {
            event_loop.operator.log.note(event_loop.engine.now().unix_ms, told);
        }
        Ok(event_loop)
    }

    /// The listening address. An error once the server has ended.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.acceptor.local_addr()
    }

    /// Ends in good order on the signals that it tells of. An error if the poll cannot wait for it.
    pub fn attach_signals(&mut self, signals: Signals) -> io::Result<()> {
        self.terminal.attach_signals(self.poll.registry(), signals)
    }

    /// Takes commands from `stdin`, if that is something that can be waited for, or a file.
    pub fn attach_stdin(&mut self, stdin: Stdin) {
        self.terminal.attach_stdin(self.poll.registry(), stdin);
    }

    /// Console and log are written to `output`; what waits is written when that is writable again.
    pub fn attach_output(&mut self, output: NonBlockingFd) {
        self.terminal.attach_output(self.poll.registry(), output);
    }

    /// Says so if the time zone of this machine cannot be read.
    pub fn time_zone_error(&self) -> Option<String> {
        self.operator.log.time_zone_error()
    }

    /// Says so if the system gives fewer places than were `asked` for, or than a class takes.
    pub fn few_places(&self, asked: Option<usize>) -> Option<String> {
        let total = self.engine.net.admission.limits().total;
        (total < asked.unwrap_or(FEW_PLACES)).then(|| strings::few_places(total))
    }

    /// A question about the date, if this run begins before the last one ended.
    pub fn odd_date(&self) -> Option<String> {
        self.operator.odd_date(self.history(), self.engine.now())
    }

    /// The addresses at which others enter, as things are now.
    pub fn addresses(&self) -> String {
        self.operator.addresses()
    }

    /// The room.
    pub fn room(&self) -> &Room {
        &self.engine.hub.room
    }

    /// The stored history.
    pub fn history(&self) -> &History {
        self.engine.storage.history()
    }

    /// The number of connections, those that are being closed included.
    pub fn connections(&self) -> usize {
        self.engine.hub.connections().len()
    }

    /// Whether nothing is left behind: no connection, member, timer, query or stored byte.
    pub fn is_idle(&self) -> bool {
        self.engine.hub.is_idle()
    }

    /// Serves until it is told to end. An error if the system can no longer tell what has come.
    pub fn run(&mut self) -> io::Result<()> {
        let mut readiness = Events::with_capacity(1024);
        while self.turn_with(&mut readiness, None)? == Turn::Next {}
        self.drain_operator_output(&mut readiness)
    }

    /// One turn of the loop, waiting at most `timeout` for something to do. An error as for [`EventLoop::run`]; whatever
    /// befalls one connection is none.
    pub fn turn(&mut self, timeout: Option<Duration>) -> io::Result<Turn> {
        self.turn_with(&mut Events::with_capacity(1024), timeout)
    }

    /// For how long the next turn waits if nothing comes; `None` for ever.
    pub fn poll_timeout(&self) -> Option<Duration> {
        let now = self.clock.now().instant;
        let deadlines = [self.acceptor.deadline(), self.terminal_deadline(now), self.engine.next_deadline(now)];
        deadlines.into_iter().flatten().map(|at| at.saturating_duration_since(now)).min()
    }

    /// Does what the operator typed, and answers.
    pub fn command(&mut self, command: Command) {
        match execute(&mut self.engine, &mut self.operator, command) {
            Outcome::Answer(answer) => {
                self.operator.console.print(answer);
                self.operator.console.prompt();
            }
            Outcome::Pending => {}
            Outcome::End => self.end(),
        }
    }

    /// Begins to end: nobody is let in, everyone is told as their last line. Asked a second time, it does not wait for
    /// anyone.
    pub fn end(&mut self) {
        if self.acceptor.end(self.poll.registry()) {
            self.operator.console.print(strings::SHUTTING_DOWN);
            self.operator.listening = None;
            self.engine.hub.close_all();
        } else {
            self.engine.storage.cancel_export();
            self.engine.hub.abort_all();
        }
    }

    fn turn_with(&mut self, readiness: &mut Events, timeout: Option<Duration>) -> io::Result<Turn> {
        self.wait(readiness, timeout)?;
        self.engine.begin_turn(self.clock.now());
        for ready in &*readiness {
            match Source::from(ready.token()) {
                Source::Listener => self.acceptor.accept(&mut self.engine),
                Source::Signals => self.on_signals(),
                Source::Stdin => self.read_stdin(),
                Source::OperatorOutput => self.operator.flush(),
                Source::Connection(key) => self.engine.on_ready(key, ready.is_writable()),
            }
        }
        self.run_deadlines();
        let was_exporting = self.engine.storage.is_exporting();
        if self.engine.end_turn() {
            self.acceptor.retry(self.engine.now().instant);
        }
        self.report();
        if was_exporting && !self.engine.storage.is_exporting() {
            self.resume_commands();
        }
        let has_ended = self.acceptor.has_ended() && self.engine.has_ended();
        Ok(if has_ended { Turn::Ended } else { Turn::Next })
    }

    fn wait(&mut self, readiness: &mut Events, timeout: Option<Duration>) -> io::Result<()> {
        match self.poll.poll(readiness, self.poll_timeout().into_iter().chain(timeout).min()) {
            Err(error) if error.kind() != ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }

    /// Runs the deadlines of the sources that the engine does not know.
    fn run_deadlines(&mut self) {
        let now = self.engine.now();
        let is_due = |deadline: Option<Instant>| deadline.is_some_and(|at| at <= now.instant);
        if is_due(self.acceptor.deadline()) {
            self.acceptor.accept(&mut self.engine);
        }
        if is_due(self.terminal_deadline(now.instant)) {
            let is_exporting = self.engine.storage.is_exporting();
            self.terminal.resume(self.poll.registry(), &mut self.operator, is_exporting, now);
            self.run_commands();
        }
    }

    fn terminal_deadline(&self, now: Instant) -> Option<Instant> {
        self.terminal.deadline(self.engine.storage.is_exporting(), now)
    }

    fn on_signals(&mut self) {
        for signal in self.terminal.take_signals() {
            let now = self.engine.now();
            match signal {
                SignalKind::HangUp if self.acceptor.has_ended() => {}
                SignalKind::End | SignalKind::HangUp => self.end(),
                SignalKind::ReopenLog => self.terminal.reopen_files(&mut self.operator, now),
                SignalKind::Stop => Terminal::stop(&mut self.operator, now),
                SignalKind::GoneOn => Terminal::go_on(&mut self.operator),
            }
        }
    }

    fn read_stdin(&mut self) {
        let (is_exporting, now) = (self.engine.storage.is_exporting(), self.engine.now());
        self.terminal.read(self.poll.registry(), &mut self.operator, is_exporting, now);
        self.run_commands();
    }

    /// Goes on with the commands that had to wait for an export.
    fn resume_commands(&mut self) {
        self.run_commands();
        if !self.engine.storage.is_exporting() {
            self.terminal.await_input(self.poll.registry(), &mut self.operator, self.engine.now());
        }
    }

    fn run_commands(&mut self) {
        while !self.terminal.waits_for_export(self.engine.storage.is_exporting()) {
            let Some(command) = self.operator.console.next_command() else { return };
            self.command(command);
        }
    }

    /// Tells the operator what has happened by itself.
    fn report(&mut self) {
        let notes = self.engine.take_notes();
        self.operator.report(notes, self.engine.now());
    }

    /// Gives an operator who reads slowly a moment for the last lines.
    fn drain_operator_output(&mut self, readiness: &mut Events) -> io::Result<()> {
        let end = self.clock.now().instant + LAST_LINES;
        while self.operator.has_unread() {
            let left = end.saturating_duration_since(self.clock.now().instant);
            if left.is_zero() {
                break;
            }
            match self.poll.poll(readiness, Some(left)) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => self.operator.flush(),
            }
        }
        Ok(())
    }
}
