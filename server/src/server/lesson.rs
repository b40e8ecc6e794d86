//! Messages that the operator takes back, and lessons that begin anew.

use papo_common::LogId;

use super::{Server, random};
use crate::history::Removal;
use crate::strings;

impl Server {
    /// Takes messages back: from the file, from memory and from the windows of all who are there.
    pub(super) fn take_back(&mut self, seqs: &[u64]) -> String {
        // Messages of this turn have to be in the file, too.
        self.commit();
        let (removals, remark) = match self.history.remove(seqs, self.now.instant) {
            Ok(removals) => (removals, None),
            Err(failed) => {
                self.note_history_result(Err(failed));
                let remark = self.history.error().map(|_| strings::STAYS_IN_FILE);
                (seqs.iter().map(|seq| self.remembered(*seq)).collect(), remark)
            }
        };
        let removals: Vec<(u64, Removal)> = seqs.iter().copied().zip(removals).collect();
        let done: Vec<u64> =
            removals.iter().filter(|(_, removal)| *removal == Removal::Done).map(|(seq, _)| *seq).collect();
        for seq in &done {
            self.room.take_back(*seq);
        }
        self.queries.withhold(|seq| done.contains(&seq));
        self.deliver();
        if let Some(told) = strings::taken_back(&done) {
            self.log.note(self.now.unix_ms, told);
        }
        [strings::removals(&removals).as_str()].into_iter().chain(remark).collect::<Vec<_>>().join("\n")
    }

    /// Outcome for a message where memory is all there is.
    fn remembered(&self, seq: u64) -> Removal {
        if self.room.remembers(seq) {
            Removal::Done
        } else if self.room.has_taken_back(seq) {
            Removal::DoneBefore
        } else {
            Removal::Unknown
        }
    }

    /// Draws a line under what was said so far.
    pub(super) fn begin_lesson(&mut self) -> String {
        let Ok(log) = random() else { return strings::NO_ENTROPY.into() };
        self.room.begin_lesson(LogId::from_random(log), self.now.unix_ms);
        self.queries.withhold(|_| true);
        self.deliver();
        self.log.note(self.now.unix_ms, strings::LESSON_BEGUN);
        strings::LESSON_ANSWER.into()
    }
}
