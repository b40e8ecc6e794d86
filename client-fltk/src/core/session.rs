//! The session: the phase of the program, and the connection to the server under it.

use papo_common::{Hello, Name, Request, SafeInteger, SessionToken, Welcome};

use crate::core::connect_failure::ConnectFailure;
use crate::core::effect::Effects;
use crate::core::history::resume::ResumePoint;
use crate::core::outstanding::Outstanding;
use crate::core::{ConnectForm, Effect, Phase, SessionEnd};
use crate::net::Address;

/// The phase of the program, the current connection, and the server and name that the user wants.
#[derive(Debug, Default)]
pub struct Session {
    /// The phase: the window shown, and the state of the connection.
    pub phase: Phase,
    /// The number of the current connection; reports from any other are stale.
    connection: u64,
    wire: Wire,
    /// Seconds left for the server to answer `hello`.
    answer_in: Option<u32>,
    /// The server and the name that the user asked for.
    goal: Option<(Address, Name)>,
    /// The session token, which proves to the server that this client comes back.
    token: Option<SessionToken>,
    /// Whether the next welcome continues the chat that is shown; else it begins a new one.
    is_continued: bool,
}

/// The state of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wire {
    #[default]
    Down,
    Opening,
    Up,
}

/// Seconds for the server to answer `hello`: the program that listens there may not be a Papo server.
const ANSWER_SECONDS: u32 = 10;
/// Seconds before each attempt to reconnect; the last one for all that follow.
const PAUSES: [u32; 6] = [1, 2, 4, 8, 15, 30];

impl Session {
    /// The number of the current connection.
    pub(crate) fn connection(&self) -> u64 {
        self.connection
    }

    /// Whether the connection of that number is the current one, so that its reports count.
    pub(crate) fn is_current(&self, connection: u64) -> bool {
        self.wire != Wire::Down && connection == self.connection
    }

    /// Whether this user is in the room.
    pub(crate) fn is_talking(&self) -> bool {
        self.phase == Phase::Talking
    }

    /// Whether the server was asked to let this user in, or back in.
    pub(crate) fn is_entering(&self) -> bool {
        matches!(self.phase, Phase::Connecting | Phase::Lost { .. })
    }

    /// Whether this client comes back after a lost connection.
    pub(crate) fn is_coming_back(&self) -> bool {
        matches!(self.phase, Phase::Lost { .. })
    }

    /// Whether seconds are counted.
    pub(crate) fn is_counting(&self) -> bool {
        self.answer_in.is_some() || matches!(self.phase, Phase::Lost { retry_in: Some(_), .. })
    }

    /// Asks the server to let the user in by that name, as both were typed. After a refused name the connection still
    /// stands: another name may be tried on it.
    pub(crate) fn enter(
        &mut self,
        (server, name): (&str, &str),
        form: &mut ConnectForm,
        resume: &ResumePoint,
        effects: &mut Effects,
    ) {
        if self.phase != Phase::Entering {
            return;
        }
        let Some(goal) = form.parse(server, name) else { return };
        let is_same_server = self.goal.as_ref().is_some_and(|(address, _)| *address == goal.0);
        self.is_continued &= is_same_server;
        self.goal = Some(goal);
        self.phase = Phase::Connecting;
        if is_same_server && self.wire == Wire::Up { self.say_hello(resume, effects) } else { self.connect(effects) }
    }

    /// Gives up entering before the server has answered.
    pub(crate) fn cancel(&mut self, effects: &mut Effects) {
        if self.phase == Phase::Connecting {
            self.take_leave(effects);
            self.hang_up(effects);
            self.phase = Phase::Entering;
        }
    }

    /// Says `hello` on a connection that was made: the server has some seconds to answer.
    pub(crate) fn say_hello(&mut self, resume: &ResumePoint, effects: &mut Effects) {
        let Some((_, name)) = &self.goal else { return };
        let session = self.token.clone().filter(|_| self.is_coming_back());
        let mut hello = Hello { session, ..Hello::new(name.as_str().to_owned()) };
        if hello.session.is_some() {
            let ResumePoint { log, seq, pseq, .. } = resume;
            (hello.log, hello.since, hello.private_since) =
                (log.clone(), SafeInteger::new(*seq), SafeInteger::new(*pseq));
        }
        (self.wire, self.answer_in) = (Wire::Up, Some(ANSWER_SECONDS));
        effects.send(Request::Hello(hello));
    }

    /// The server answered `hello`.
    pub(crate) fn answered(&mut self) {
        self.answer_in = None;
    }

    /// The server let the user in: the address of the server, and whether the chat shown goes on.
    pub(crate) fn welcomed(&mut self, welcome: &Welcome) -> Option<(&Address, bool)> {
        self.answered();
        self.phase = Phase::Talking;
        self.token = Some(welcome.session.clone());
        let (address, name) = self.goal.as_mut()?;
        *name = welcome.name.clone();
        Some((address, std::mem::replace(&mut self.is_continued, true)))
    }

    /// The connection ended, for good or not: a chat is taken up again, an attempt to enter fails.
    pub(crate) fn lose(&mut self, failure: ConnectFailure, effects: &mut Effects) {
        self.hang_up(effects);
        match self.phase {
            Phase::Talking => self.phase = lost(0),
            Phase::Lost { attempt, .. } => self.phase = lost(attempt + 1),
            Phase::Connecting => {
                self.phase = Phase::Entering;
                effects.push(Effect::ConnectionFailed(failure));
            }
            Phase::Entering | Phase::Over(_) => {}
        }
    }

    /// The chat is over, and the program does not come back by itself.
    pub(crate) fn end(&mut self, end: SessionEnd, effects: &mut Effects) {
        self.hang_up(effects);
        (self.token, self.phase) = (None, Phase::Over(end));
    }

    /// Back to the connect window, with its fields filled in if they were out of sight. The session is over.
    pub(crate) fn return_to(&mut self, form: &mut ConnectForm) {
        if self.phase != Phase::Connecting
            && let Some((address, name)) = &self.goal
        {
            form.fill(address, name);
        }
        form.name_error = None;
        (self.token, self.phase) = (None, Phase::Entering);
    }

    /// The next welcome begins a new chat, whatever server it comes from.
    pub(crate) fn end_chat(&mut self) {
        self.is_continued = false;
    }

    /// Reconnects without waiting any longer.
    pub(crate) fn retry_now(&mut self, effects: &mut Effects) {
        if let Phase::Lost { retry_in: retry_in @ Some(_), .. } = &mut self.phase {
            *retry_in = None;
            self.connect(effects);
        }
    }

    /// A second has passed.
    pub(crate) fn tick(&mut self, effects: &mut Effects) {
        if let Some(seconds) = &mut self.answer_in {
            *seconds = seconds.saturating_sub(1);
            if *seconds == 0 {
                self.take_leave(effects);
                self.lose(ConnectFailure::NoWelcome, effects);
            }
        } else if let Phase::Lost { retry_in: Some(seconds), .. } = &mut self.phase {
            *seconds = seconds.saturating_sub(1);
            if *seconds == 0 {
                self.retry_now(effects);
            }
        }
    }

    /// Ends the connection: later reports from it are stale.
    pub(crate) fn hang_up(&mut self, effects: &mut Effects) {
        self.answered();
        effects.outstanding = Outstanding::default();
        if std::mem::take(&mut self.wire) != Wire::Down {
            self.connection += 1;
            effects.push(Effect::Disconnect);
        }
    }

    /// Sends `leave`, also while `hello` is not answered: the server might let this client in after it hung up, and
    /// keep its name reserved.
    pub(crate) fn take_leave(&self, effects: &mut Effects) {
        if self.wire == Wire::Up {
            effects.send(Request::Leave);
        }
    }

    fn connect(&mut self, effects: &mut Effects) {
        let Some((address, _)) = self.goal.clone() else { return };
        self.connection += 1;
        self.wire = Wire::Opening;
        effects.push(Effect::Connect { connection: self.connection, address });
    }
}

/// The phase after a lost connection and so many attempts to reconnect.
fn lost(attempt: u32) -> Phase {
    let pause = PAUSES.get(attempt as usize).or(PAUSES.last()).copied();
    Phase::Lost { attempt, retry_in: pause }
}
