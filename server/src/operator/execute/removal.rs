//! Messages that the operator takes back, and lessons that begin anew.

use papo_common::LogId;

use super::Execution;
use crate::connection::transport::Transport;
use crate::history::Removal;
use crate::room::Room;
use crate::strings;

impl<T: Transport> Execution<'_, T> {
    /// Removes messages: from the file, from memory and from the windows of all who are there.
    pub(super) fn remove(&mut self, seqs: &[u64]) -> String {
        // Messages of this turn have to be in the file, too.
        self.engine.commit();
        let now = self.engine.now();
        let (storage, room) = (&mut self.engine.storage, &mut self.engine.hub.room);
        let removed = storage.remove(seqs, room, now).ok();
        let remark = storage.history().error().filter(|_| removed.is_none()).map(|_| strings::REMOVAL_PENDING);
        let removals = removed.unwrap_or_else(|| seqs.iter().map(|seq| outcome_in_memory(room, *seq)).collect());
        let removals: Vec<(u64, Removal)> = seqs.iter().copied().zip(removals).collect();
        let done: Vec<u64> =
            removals.iter().filter(|(_, removal)| *removal == Removal::Removed).map(|(seq, _)| *seq).collect();
        for seq in &done {
            room.remove_message(*seq);
        }
        self.engine.hub.queries.redact(|seq| done.contains(&seq));
        self.engine.hub.deliver();
        if let Some(told) = strings::removed_by_operator(&done) {
            self.note(&told);
        }
        [strings::removals(&removals).as_str()].into_iter().chain(remark).collect::<Vec<_>>().join("\n")
    }

    /// Draws a line under what was said so far.
    pub(super) fn begin_lesson(&mut self) -> String {
        let Ok(log) = self.engine.hub.random.draw() else { return strings::NO_ENTROPY.into() };
        self.engine.hub.room.begin_lesson(LogId::from_random(log), self.engine.now().unix_ms);
        self.engine.hub.queries.redact(|_| true);
        self.engine.hub.deliver();
        self.note(strings::LESSON_LOGGED);
        strings::LESSON_BEGUN.into()
    }
}

/// Outcome for a message where memory is all there is.
fn outcome_in_memory(room: &Room, seq: u64) -> Removal {
    if room.channel().has_message(seq) {
        Removal::Removed
    } else if room.channel().has_removed(seq) {
        Removal::AlreadyRemoved
    } else {
        Removal::NotFound
    }
}
