//! Records of a time in which the file could not be written, until it can be again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::error::HistoryError;
use crate::os::files::FileId;
use crate::room::effects::Record;

/// How often the file is tried again.
pub(super) const RETRY: Duration = Duration::from_secs(20);
/// Records that wait for the file at most; then the oldest are lost.
const MAX_RECORDS: usize = 10_000;
/// Bytes of text in them at most.
const MAX_BYTES: usize = 4 << 20;

/// A time without the file.
#[derive(Debug)]
pub(super) struct Outage {
    pub(super) error: HistoryError,
    /// When the file is tried again.
    pub(super) retry_at: Instant,
    /// The file that could be written before.
    pub(super) failed_file: Option<FileId>,
    /// Records to be written then, each with the server's running time in ms.
    pending: VecDeque<(u64, Record)>,
    bytes: usize,
    /// Messages that found no room in `pending`.
    lost: u64,
    /// The numbers of messages that are to be taken back then.
    removed: Vec<u64>,
}

impl Outage {
    pub(super) fn new(error: HistoryError, failed_file: Option<FileId>, retry_at: Instant) -> Outage {
        Outage { error, retry_at, failed_file, pending: VecDeque::new(), bytes: 0, lost: 0, removed: Vec::new() }
    }

    /// Takes in `records` of the moment `elapsed`.
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

    /// Takes messages back as soon as the file can be written.
    pub(super) fn remove(&mut self, seqs: &[u64]) {
        self.removed.extend_from_slice(seqs);
    }

    pub(super) fn removed(&self) -> &[u64] {
        &self.removed
    }

    pub(super) fn pending(&self) -> impl Iterator<Item = (u64, &Record)> {
        self.pending.iter().map(|(elapsed, record)| (*elapsed, record))
    }

    /// The number of the first message that waits.
    pub(super) fn first_message(&self) -> Option<u64> {
        self.pending()
            .find_map(|(_, record)| if let Record::Message(message) = record { Some(message.seq) } else { None })
    }

    /// How many messages wait, and how many are lost.
    pub(super) fn messages(&self) -> (u64, u64) {
        let waiting = self.pending().filter(|(_, record)| matches!(record, Record::Message(_))).count();
        (waiting as u64, self.lost)
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
