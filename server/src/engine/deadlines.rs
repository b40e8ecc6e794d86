//! The table of deadlines: when each is due, at which stage of a turn it runs, and what it does.

use std::time::Instant;

use super::Engine;
use crate::connection::transport::Transport;
use crate::notes::Note;
use crate::strings;

/// When a deadline runs within a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before what came is read.
    First,
    /// After what came was read: what it tells is written in this turn.
    BeforeFlush,
    /// After everyone has been written to: work that can wait.
    AfterFlush,
}

/// Everything that happens although nothing comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deadline {
    /// Connections with more to be read than the turn before took in.
    Deferred,
    /// Summary of refused newcomers for the operator.
    Refusals,
    /// Names that were reserved for members who have not come back.
    Reservations,
    /// Timeouts and pauses of connections.
    Connections,
    /// A roster that somebody has left since it was sent.
    UserList,
    /// Output that was queued after everyone had been written to.
    Output,
    /// Queries to the history, in slices.
    Queries,
    /// Upkeep of the history.
    Storage,
    /// The operator's file, in steps.
    Export,
}

impl Deadline {
    const ALL: [Deadline; 9] = [
        Deadline::Deferred,
        Deadline::Refusals,
        Deadline::Reservations,
        Deadline::Connections,
        Deadline::UserList,
        Deadline::Output,
        Deadline::Queries,
        Deadline::Storage,
        Deadline::Export,
    ];

    fn stage(self) -> Stage {
        match self {
            Deadline::Deferred => Stage::First,
            Deadline::Refusals
            | Deadline::Reservations
            | Deadline::Connections
            | Deadline::UserList
            | Deadline::Output => Stage::BeforeFlush,
            Deadline::Queries | Deadline::Storage | Deadline::Export => Stage::AfterFlush,
        }
    }
}

impl<T: Transport> Engine<T> {
    /// When the next turn is due although nothing comes, at the latest; `now` for work that is left over.
    pub fn next_deadline(&self, now: Instant) -> Option<Instant> {
        Deadline::ALL.into_iter().filter_map(|deadline| self.due(deadline, now)).min()
    }

    pub(super) fn run_deadlines(&mut self, stage: Stage) {
        let now = self.now.instant;
        for deadline in Deadline::ALL.into_iter().filter(|deadline| deadline.stage() == stage) {
            if self.due(deadline, now).is_some_and(|due| due <= now) {
                self.run(deadline);
            }
        }
    }

    fn due(&self, deadline: Deadline, now: Instant) -> Option<Instant> {
        let (hub, room) = (&self.hub, &self.hub.room);
        match deadline {
            Deadline::Deferred => (hub.deferred() > 0).then_some(now),
            Deadline::Refusals => self.net.refusals.due(now),
            Deadline::Reservations => hub.next_expiry(),
            Deadline::Connections => hub.next_timer(),
            Deadline::UserList => room.owes_user_list().then_some(now),
            Deadline::Output => hub.has_output().then_some(now),
            Deadline::Queries => (!hub.queries.is_empty()).then_some(now),
            Deadline::Storage => self.storage.next_maintenance(room.members().len() > 0),
            Deadline::Export => self.storage.is_exporting().then_some(now),
        }
    }

    fn run(&mut self, deadline: Deadline) {
        let now = self.now;
        match deadline {
            Deadline::Deferred => {
                for _ in 0..self.hub.deferred() {
                    let Some(key) = self.hub.next_deferred() else { return };
                    self.read_from(key);
                }
            }
            Deadline::Refusals => {
                if let Some(summary) = self.net.refusals.take(now.instant) {
                    self.notes.push(Note::Log(strings::refusals(&summary)));
                }
            }
            Deadline::Reservations => self.hub.room.expire(now.unix_ms),
            Deadline::Connections => {
                while let Some(key) = self.hub.pop_timer() {
                    self.read_from(key);
                }
            }
            // Every turn sends the roster and flushes.
            Deadline::UserList | Deadline::Output => {}
            Deadline::Queries => {
                self.storage.run_queries(&mut self.hub.queries, &mut self.hub.room, now);
                while let Some((key, answer)) = self.hub.queries.next_answer() {
                    self.hub.answer(key, &answer);
                }
            }
            Deadline::Storage => self.storage.maintain(&mut self.hub.room, now),
            Deadline::Export => self.storage.export_step(&mut self.hub.room, now),
        }
    }
}
