//! Entering: from the connect window to the welcome, or back with a reason.

use papo_common::{Event, Hello, Name, Refusal, Request, SafeInteger, Welcome};

use crate::core::connect_failure::{ConnectFailure, NameProblem};
use crate::core::history::resume::ResumePoint;
use crate::core::model::{Model, words};
use crate::core::notices::Failure;
use crate::core::server_clock::ServerClock;
use crate::core::session::{Goal, lost};
use crate::core::timeline::outbox::Remembered;
use crate::core::{Effect, Person, Phase};

/// The ids of still earlier sessions are forgotten: what was said under them counts as said by others.
const MAX_EARLIER_IDS: usize = 64;

impl Model {
    pub(crate) fn enter(&mut self, server: &str, name: &str) {
        if self.state.phase != Phase::Entering {
            return;
        }
        let Some((address, name)) = self.state.entering.parse(server, name) else { return };
        let is_same_server = self.session.goal.as_ref().is_some_and(|goal| goal.address == address);
        self.is_fresh |= !is_same_server;
        self.state.entering.server = address.to_string();
        name.as_str().clone_into(&mut self.state.entering.name);
        self.session.goal = Some(Goal { address, name: name.as_str().to_owned() });
        self.state.phase = Phase::Connecting;
        // After a refused name the connection still stands: another name may be tried on it.
        if is_same_server && self.session.is_up() { self.say_hello() } else { self.connect() }
    }

    pub(crate) fn cancel(&mut self) {
        if self.state.phase == Phase::Connecting {
            self.take_leave();
            self.hang_up();
            self.state.phase = Phase::Entering;
        }
    }

    pub(crate) fn say_hello(&mut self) {
        let Some(goal) = &self.session.goal else { return };
        let is_coming_back = matches!(self.state.phase, Phase::Lost { .. });
        let session = self.session.id.clone().filter(|_| is_coming_back);
        let mut hello = Hello { session, ..Hello::new(goal.name.clone()) };
        if hello.session.is_some() {
            let ResumePoint { log, seq, pseq, .. } = &self.resume;
            (hello.log, hello.since, hello.private_since) =
                (log.clone(), SafeInteger::new(*seq), SafeInteger::new(*pseq));
        }
        self.session.say_hello();
        self.request(Effect::Send(Request::Hello(hello)));
    }

    /// The attempt to enter failed, or the attempt to reconnect.
    pub(crate) fn give_up(&mut self, failure: ConnectFailure) {
        self.hang_up();
        match self.state.phase {
            Phase::Connecting => {
                self.state.phase = Phase::Entering;
                self.request(Effect::ConnectionFailed(failure));
            }
            Phase::Lost { attempt, .. } => self.state.phase = lost(attempt + 1),
            Phase::Entering | Phase::Talking | Phase::Over(_) => {}
        }
    }

    pub(crate) fn refused(&mut self, reason: Refusal, detail: &str) {
        if !matches!(self.state.phase, Phase::Connecting | Phase::Lost { .. }) {
            return;
        }
        self.session.answered();
        let is_coming_back = matches!(self.state.phase, Phase::Lost { .. });
        match reason {
            Refusal::NameInUse | Refusal::NameInvalid => {
                self.return_to_entering();
                let is_in_use = reason == Refusal::NameInUse;
                let problem = if is_in_use { NameProblem::InUse } else { NameProblem::Refused(reason) };
                self.state.entering.name_error = Some(problem);
            }
            // There may be room again in a moment.
            Refusal::RoomFull | Refusal::Unknown if is_coming_back => {
                self.give_up(ConnectFailure::Refused { reason, detail: None });
            }
            _ => {
                self.hang_up();
                self.return_to_entering();
                self.request(Effect::ConnectionFailed(ConnectFailure::Refused { reason, detail: words(detail) }));
            }
        }
    }

    /// Back to the connect window, with its fields filled in if they were out of sight. The session is over.
    pub(crate) fn return_to_entering(&mut self) {
        self.session.id = None;
        self.state.dialogs.close();
        self.calm_down();
        self.give_up_pending();
        if self.state.phase != Phase::Connecting
            && let Some(goal) = &self.session.goal
        {
            self.state.entering.fill(&goal.address, &goal.name);
        }
        self.state.entering.name_error = None;
        self.state.phase = Phase::Entering;
    }

    pub(crate) fn welcome(&mut self, welcome: Welcome) {
        if !matches!(self.state.phase, Phase::Connecting | Phase::Lost { .. }) {
            return;
        }
        let is_fresh = std::mem::replace(&mut self.is_fresh, false);
        if is_fresh {
            self.clear_chat();
            self.clock = ServerClock::default();
        }
        welcome.history.iter().for_each(|event| self.clock.note_past(event, self.now));
        let remembered = Remembered::by(&self.resume, &welcome);
        let is_other_run = welcome.run.is_some() && welcome.run != self.resume.run;
        let is_same_log = welcome.resumed || self.resume.log.as_ref() == Some(&welcome.log);
        self.take_up(&welcome, is_fresh);
        self.take_back_missed(&welcome, is_same_log);
        self.fetching = None;
        if !is_fresh {
            if !is_same_log {
                self.go_on_after_past();
            }
            self.note_gap(&welcome, is_same_log);
        }
        self.session.answered();
        self.limits = welcome.limits;
        self.remember(&welcome.name);
        self.become_member(Person { name: welcome.name, id: welcome.id, addr: welcome.addr });
        self.state.phase = Phase::Talking;
        // There is a connection again.
        self.state.composer.error = None;
        let people =
            welcome.users.users().into_iter().map(|user| Person { name: user.name, id: user.id, addr: user.addr });
        self.replace_people(people);
        if is_other_run {
            // Private messages that wait for their reader live in the memory of one run of the server.
            self.state.conversations.iter_mut().for_each(|it| it.timeline.fail_kept(&Failure::NotConfirmed));
        }
        self.catch_up(welcome.history, is_fresh);
        // So much is told now, or known to be missing.
        self.resume.seq = self.resume.seq.max(welcome.seq);
        self.meet_all();
        self.settle_pending(remembered);
        self.go_on_fetching();
        self.update_mode();
        self.state.composer.limit = self.limit_note();
    }

    /// The session that begins or goes on, and which of the known numbers mean something in it.
    fn take_up(&mut self, welcome: &Welcome, is_fresh: bool) {
        self.resume.goes_on_with(welcome, is_fresh);
        if welcome.seq < self.resume.seq {
            self.forget_lost_part(welcome);
        }
        self.session.id = Some(welcome.session.clone());
        if !welcome.resumed {
            self.references_before_session = self.last_reference;
        }
    }

    /// Keeps the id of the session before: what it said in this chat is still said by this user.
    fn become_member(&mut self, me: Person) {
        let id = me.id;
        let before = self.state.me.replace(me).map(|me| me.id).filter(|&before| before != id);
        self.earlier_ids.extend(before);
        let surplus = self.earlier_ids.len().saturating_sub(MAX_EARLIER_IDS);
        self.earlier_ids.drain(..surplus);
    }

    /// Takes the replayed events. Those before this user came are not unread; those during an absence are.
    fn catch_up(&mut self, history: Vec<Event>, is_fresh: bool) {
        self.is_replaying = is_fresh;
        for event in history {
            if self.resume.is_news(&event) {
                self.receive_news(event);
            }
        }
        self.is_replaying = false;
        if is_fresh {
            self.begin_after_past();
            for conversation in &mut self.state.conversations {
                (conversation.unread, conversation.new_from) = (0, None);
            }
        }
    }

    fn remember(&mut self, name: &Name) {
        let Some(goal) = &mut self.session.goal else { return };
        name.as_str().clone_into(&mut goal.name);
        self.preferences.entered(&goal.address, name.as_str(), self.now);
        self.state.entering.recent.clone_from(&self.preferences.servers);
        self.state.entering.name_error = None;
        self.request(Effect::Save(self.preferences.clone()));
    }
}
