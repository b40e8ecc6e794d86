//! Outages: records wait in memory while the file cannot be written.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::error::HistoryError;
use super::writer::Store;
use super::{removal, writer};
use crate::os::files::FileId;
use crate::room::effects::Record;
use crate::room::snapshot::RunState;

/// How often a failed file is opened again.
pub(super) const RETRY: Duration = Duration::from_secs(20);
/// The most records that wait; beyond it the oldest are lost.
const MAX_RECORDS: usize = 10_000;
/// The most bytes of text in them.
const MAX_BYTES: usize = 4 << 20;

/// A time in which the file cannot be written.
#[derive(Debug)]
pub(super) struct Outage {
    pub(super) error: HistoryError,
    /// When to open the file again.
    pub(super) retry_at: Instant,
    /// The file that failed.
    pub(super) failed_file: Option<FileId>,
    /// Records to be written, each with the server's running time in ms.
    pending: VecDeque<(u64, Record)>,
    bytes: usize,
    /// Messages dropped from `pending` for want of room.
    lost: u64,
    /// The numbers of messages to be removed.
    removed: Vec<u64>,
}

impl Outage {
    pub(super) fn new(error: HistoryError, failed_file: Option<FileId>, retry_at: Instant) -> Outage {
        Outage { error, retry_at, failed_file, pending: VecDeque::new(), bytes: 0, lost: 0, removed: Vec::new() }
    }

    /// Adds `records` that came about at the running time `elapsed`, in ms.
    pub(super) fn buffer(&mut self, records: &[Record], elapsed: u64) {
        for record in records {
            self.bytes += text_of(record);
            self.pending.push_back((elapsed, record.clone()));
        }
        while self.pending.len() > MAX_RECORDS || self.bytes > MAX_BYTES {
            let Some((_, record)) = self.pending.pop_front() else { break };
            self.bytes -= text_of(&record);
            self.lost += u64::from(matches!(record, Record::Message(_)));
        }
    }

    /// Removes messages as soon as the file can be written.
    pub(super) fn remove(&mut self, seqs: &[u64]) {
        self.removed.extend_from_slice(seqs);
    }

    /// Writes the missed records into `store`, which is the file that failed or another one: all of them with the
    /// numbering that they belong to, or nothing. `elapsed` is the server's running time in ms.
    pub(super) fn write_to(&self, store: &Store, run_state: &RunState, elapsed: u64) -> Result<(), HistoryError> {
        let is_failed_file = self.failed_file.is_some() && self.failed_file == store.id();
        let last_known = self.first_message().map_or(run_state.seq, |seq| seq - 1);
        let write = |db: &Connection| {
            let is_same = is_failed_file || writer::stored_log(db)? == Some(run_state.log);
            if !is_same && writer::last_message(db)? > last_known {
                writer::renumber_below(db, run_state.log)?;
            }
            writer::adopt_log(db, run_state.log)?;
            // A commit that failed may have been made all the same.
            let last = writer::last_message(db)?;
            let is_new = |record: &Record| !matches!(record, Record::Message(message) if message.seq <= last);
            let pending = self.pending().filter(|(_, record)| is_new(record));
            // The same file has the visits of the members present.
            let members = run_state.members.iter().filter(|_| !is_same).map(|record| (elapsed, record));
            let sessions = run_state.sessions.iter().map(|record| (elapsed, record));
            writer::insert(db, members.chain(pending).chain(sessions))?;
            removal::remove_all(db, &self.removed)?;
            Ok(())
        };
        removal::erasing(store.db(), || store.transact(write))
    }

    /// The number of messages that wait, and of messages lost.
    pub(super) fn messages(&self) -> (u64, u64) {
        let waiting = self.pending().filter(|(_, record)| matches!(record, Record::Message(_))).count();
        (waiting as u64, self.lost)
    }

    /// The number of the first message that waits.
    fn first_message(&self) -> Option<u64> {
        self.pending()
            .find_map(|(_, record)| if let Record::Message(message) = record { Some(message.seq) } else { None })
    }

    fn pending(&self) -> impl Iterator<Item = (u64, &Record)> {
        self.pending.iter().map(|(elapsed, record)| (*elapsed, record))
    }
}

fn text_of(record: &Record) -> usize {
    if let Record::Message(message) = record { message.text.as_str().len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use papo_common::{LineBreaks, MemberId, Message, Name, Text};

    use super::*;

    #[test]
    fn the_oldest_are_lost_when_too_much_waits() {
        let said = |seq, length| {
            let text = Text::clean(&"x".repeat(length), LineBreaks::Keep).unwrap();
            let (from, id) = (Name::parse("ana").unwrap(), MemberId::from_random(1));
            Record::Message(Message { seq, from, id, text, at: 0, reference: None })
        };
        let mut outage = Outage::new(HistoryError::Full, None, Instant::now());
        assert_eq!((outage.first_message(), outage.messages()), (None, (0, 0)));
        outage.buffer(&[Record::SessionEnded { id: MemberId::from_random(1), at: 0 }], 1);
        let many: Vec<Record> = (1..=MAX_RECORDS as u64 + 5).map(|seq| said(seq, 1)).collect();
        outage.buffer(&many, 2);
        assert_eq!((outage.first_message(), outage.messages()), (Some(6), (MAX_RECORDS as u64, 5)));
        outage.buffer(&[said(99_999, MAX_BYTES)], 3);
        assert_eq!((outage.first_message(), outage.messages()), (Some(99_999), (1, MAX_RECORDS as u64 + 5)));
    }
}
