//! Pruning records that are too old or too many, a little at a time.

use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{notices, removal, writer};
use crate::clock::Now;
use crate::config::HistoryConfig;
use crate::room::effects::Record;

/// The most that one step deletes, a few milliseconds of the loop: rows of each kind, and bytes of text in the messages
/// among them.
const STEP: StepBudget = StepBudget { rows: 200, bytes: 64 * 1024 };
/// Free pages returned to the system per step.
const PAGES: i64 = 64;
/// The pause between steps while there is more to delete.
const STEP_INTERVAL: Duration = Duration::from_millis(100);
/// The pause when there is nothing more.
const INTERVAL: Duration = Duration::from_secs(3600);
/// Rows written after which the next step is due at once.
const WRITTEN_TRIGGER: usize = 1_000;

/// The least share of rows of each kind that goes once the file is too large, so that it is not too large again at
/// once.
const MIN_SHARE: f64 = 0.1;

/// Earlier stamps, Unix ms, are from a clock that was never set: no Papo ran before 2020.
const EARLIEST: i64 = 1_577_836_800_000;
/// Stamps later than now by more than this are from a clock that was wrong, in ms.
const MAX_AHEAD: i64 = 24 * 60 * 60 * 1000;

/// Limits of age and size, and the progress of keeping within them.
#[derive(Clone, Debug)]
pub(super) struct Retention {
    max_age: Duration,
    max_size: u64,
    due: Instant,
    /// Written since the last step.
    written: StepBudget,
    /// Progress of shrinking the file back below its size limit; `None` while it is not too large.
    target: Option<PruneTarget>,
}

/// A number of rows, and of bytes of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct StepBudget {
    rows: usize,
    bytes: usize,
}

/// Rows to be deleted because the file is too large, the same share of each kind; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PruneTarget {
    /// Messages up to this number.
    message: i64,
    /// Visits up to this id.
    visit: i64,
    /// Notices up to this id.
    notice: i64,
    /// Sessions that ended before this stamp: when that visit began.
    ended: i64,
}

impl Retention {
    pub(super) fn new(config: &HistoryConfig, now: Instant) -> Retention {
        Retention {
            max_age: config.time,
            max_size: config.size,
            due: now,
            written: StepBudget::default(),
            target: None,
        }
    }

    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// Counts `records` as written.
    pub(super) fn note_written(&mut self, records: &[Record], now: Instant) {
        self.written.rows += records.len();
        for record in records {
            if let Record::Message(message) = record {
                self.written.bytes += message.text.as_str().len();
            }
        }
        if self.written.rows >= WRITTEN_TRIGGER {
            self.due = self.due.min(now);
        }
    }

    /// Deletes a little.
    pub(super) fn step(&mut self, db: &Connection, now: Now) -> Result<(), rusqlite::Error> {
        let oldest = now.unix_ms.saturating_sub(self.max_age.as_millis() as u64) as i64;
        let change = db.unchecked_transaction()?;
        let mut forgotten = prune_messages(db, oldest, now.unix_ms as i64 + MAX_AHEAD, STEP)?;
        forgotten += prune_visits(db, oldest, STEP.rows)?;
        forgotten += prune_sessions(db, oldest, STEP)?;
        forgotten +=
            notices::prune(db, EARLIEST..oldest, i64::MAX, STEP.rows)? + removal::prune(db, oldest, 0, STEP.rows)?;
        let was = self.target;
        if forgotten == 0 {
            self.shrink(db)?;
        }
        change.commit()?;
        release_pages(db)?;
        self.written = StepBudget::default();
        let free: i64 = db.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
        let is_done = forgotten == 0 && free < PAGES && was.is_none() && self.target.is_none();
        self.due = now.instant + if is_done { INTERVAL } else { STEP_INTERVAL };
        Ok(())
    }

    fn shrink(&mut self, db: &Connection) -> Result<(), rusqlite::Error> {
        let step = self.written.doubled();
        self.target = match self.target {
            None => self.find_target(db)?,
            Some(target) => (target.step(db, step)? > 0).then_some(target),
        };
        Ok(())
    }

    /// The rows to be deleted, if the file is too large and there are some.
    fn find_target(&self, db: &Connection) -> Result<Option<PruneTarget>, rusqlite::Error> {
        let size = writer::size(db)?;
        if size <= self.max_size {
            return Ok(None);
        }
        let part = ((size - self.max_size) as f64 / size as f64).max(MIN_SHARE);
        let upto = |(first, last): (i64, i64)| first + ((last - first) as f64 * part) as i64;
        // The last message always stays.
        let message = ends(db, "SELECT seq FROM messages ORDER BY seq")?
            .map_or(0, |(first, last)| if first < last { upto((first, last)).min(last - 1) } else { 0 });
        let visit = ends(db, "SELECT id FROM visits WHERE went IS NOT NULL ORDER BY id")?.map_or(0, upto);
        let notice = ends(db, "SELECT id FROM notices ORDER BY id")?.map_or(0, upto);
        let mut came = db.prepare_cached("SELECT came FROM visits WHERE id <= ? ORDER BY id DESC LIMIT 1")?;
        let ended = came.query_row([visit], |row| row.get(0)).optional()?.unwrap_or_default();
        Ok(Some(PruneTarget { message, visit, notice, ended }).filter(|target| *target != PruneTarget::default()))
    }
}

impl StepBudget {
    /// A budget that outpaces the writing, however fast that is.
    fn doubled(self) -> StepBudget {
        StepBudget { rows: STEP.rows.max(2 * self.rows), bytes: STEP.bytes.max(2 * self.bytes) }
    }
}

impl PruneTarget {
    /// Deletes a little of each kind; how many rows.
    fn step(self, db: &Connection, step: StepBudget) -> Result<usize, rusqlite::Error> {
        let visits = "DELETE FROM visits WHERE id IN (
            SELECT id FROM visits WHERE id <= ? AND went IS NOT NULL ORDER BY id LIMIT ?)";
        let visits = db.prepare_cached(visits)?.execute(params![self.visit, step.rows as i64])?;
        let others = notices::prune(db, EARLIEST..i64::MAX, self.notice, step.rows)?
            + removal::prune(db, 0, self.message, step.rows)?;
        Ok(prune_up_to(db, self.message, step)? + visits + others + prune_sessions(db, self.ended, step)?)
    }
}

/// The first and the last value of `rows`, a query in rising order.
fn ends(db: &Connection, rows: &str) -> Result<Option<(i64, i64)>, rusqlite::Error> {
    let end = |order: &str| {
        let mut end = db.prepare_cached(&format!("{rows}{order} LIMIT 1"))?;
        end.query_row([], |row| row.get(0)).optional()
    };
    Ok(end("")?.zip(end(" DESC")?))
}

/// Returns some free pages to the system.
fn release_pages(db: &Connection) -> Result<(), rusqlite::Error> {
    let mut vacuum = db.prepare_cached(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut pages = vacuum.query([])?;
    // Each row of the answer is a page; reading the row returns it.
    while pages.next()?.is_some() {}
    Ok(())
}

/// Deletes sessions that ended before `ended`, oldest first.
fn prune_sessions(db: &Connection, ended: i64, step: StepBudget) -> Result<usize, rusqlite::Error> {
    let sessions = "DELETE FROM sessions WHERE member IN (
        SELECT member FROM sessions WHERE ended < ? ORDER BY ended LIMIT ?)";
    db.prepare_cached(sessions)?.execute(params![ended, step.rows as i64])
}

/// Deletes visits that ended before `oldest`, and visits with the stamp of a clock that was never set that began before
/// one of them; how many.
fn prune_visits(db: &Connection, oldest: i64, rows: usize) -> Result<usize, rusqlite::Error> {
    let last = "SELECT max(id) FROM (SELECT id FROM visits WHERE went >= ? AND went < ? ORDER BY went LIMIT ?)";
    let last: Option<i64> =
        db.prepare_cached(last)?.query_row(params![EARLIEST, oldest, rows as i64], |row| row.get(0))?;
    let Some(last) = last else { return Ok(0) };
    let visits = "DELETE FROM visits WHERE id IN (
        SELECT id FROM visits WHERE went < ?2 AND (went >= ?1 OR id < ?4) ORDER BY went LIMIT ?3)";
    db.prepare_cached(visits)?.execute(params![EARLIEST, oldest, rows as i64, last])
}

/// Deletes messages from before `oldest`, and messages before one of them with the stamp of a clock that was wrong:
/// after `future`, or before [`EARLIEST`]. The last message always stays: numbers go on from it.
fn prune_messages(db: &Connection, oldest: i64, future: i64, step: StepBudget) -> Result<usize, rusqlite::Error> {
    let old = "SELECT seq, octet_length(text) FROM messages
        WHERE at >= ? AND at < ? AND seq < (SELECT max(seq) FROM messages) ORDER BY at LIMIT ?";
    let old = select_seqs(db, old, params![EARLIEST, oldest, step.rows as i64], step)?;
    let Some(&said_last) = old.iter().max() else { return Ok(0) };
    let misdated = "SELECT seq, octet_length(text) FROM messages
        WHERE (at > ? OR at < ?) AND seq < ? ORDER BY at LIMIT ?";
    let misdated = select_seqs(db, misdated, params![future, EARLIEST, said_last, step.rows as i64], step)?;
    let mut forget = db.prepare_cached("DELETE FROM messages WHERE seq = ?")?;
    old.into_iter().chain(misdated).map(|seq| forget.execute([seq])).sum()
}

/// Deletes the first messages, with a number up to `target`. The last one always stays: numbers go on from it.
fn prune_up_to(db: &Connection, target: i64, step: StepBudget) -> Result<usize, rusqlite::Error> {
    let first = "SELECT seq, octet_length(text) FROM messages
        WHERE seq <= ? AND seq < (SELECT max(seq) FROM messages) ORDER BY seq LIMIT ?";
    let first = select_seqs(db, first, params![target, step.rows as i64], step)?;
    let Some(last) = first.last() else { return Ok(0) };
    db.prepare_cached("DELETE FROM messages WHERE seq <= ?")?.execute([last])
}

/// The numbers that `select` gives with the lengths of their texts, within the budget of one step.
fn select_seqs(
    db: &Connection,
    select: &str,
    params: impl rusqlite::Params,
    step: StepBudget,
) -> Result<Vec<i64>, rusqlite::Error> {
    let mut select = db.prepare_cached(select)?;
    let mut rows = select.query(params)?;
    let (mut seqs, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()?.filter(|_| bytes < step.bytes) {
        let (seq, length): (i64, i64) = row.try_into()?;
        bytes += length as usize;
        seqs.push(seq);
    }
    Ok(seqs)
}
