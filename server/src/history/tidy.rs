//! Forgetting what is old or too much, a little at a time.

use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Keeping, store};
use crate::clock::Now;

/// How many rows of each kind are forgotten in one step; one takes a few milliseconds of the loop.
const ROWS: i64 = 200;
/// How many pages of the file are given back to the system in one step.
const PAGES: i64 = 64;
/// When there is more to forget, after how long it goes on.
const PAUSE: Duration = Duration::from_millis(100);
/// When there is nothing more, after how long it is looked at again.
const REST: Duration = Duration::from_secs(3600);
/// After how much new is written it is looked at in any case.
const MUCH: usize = 1_000;

/// How many pages of the index of words are put in order in one step.
const INDEX_PAGES: i64 = 64;
/// Where the file is too large, at least one in so many rows of each kind goes, so that it does not come up again at once.
const PART: f64 = 0.1;

/// What may be kept, and when it was last seen to.
#[derive(Clone, Debug)]
pub(super) struct Tidiness {
    time: Duration,
    size: u64,
    due: Instant,
    written: usize,
    slimming: Slimming,
}

/// How far the way back to the size that the file may have has come. Words of what is forgotten leave their index only
/// when it is put in order, so that the size tells nothing in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slimming {
    /// It is not too large.
    No,
    /// Rows are forgotten up to these.
    Until(Goal),
    /// The index is put in order, with that as the first step's amount.
    Ordering(i64),
}

/// Up to where rows are forgotten because the file is too large, the same part of each kind; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Goal {
    /// The number of a message.
    message: i64,
    /// The id of a visit.
    visit: i64,
    /// When a session ended: as far back as that visit began.
    ended: i64,
}

impl Tidiness {
    pub(super) fn new(keeping: &Keeping, now: Instant) -> Tidiness {
        Tidiness { time: keeping.time, size: keeping.size, due: now, written: 0, slimming: Slimming::No }
    }

    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// So many rows more have been written.
    pub(super) fn wrote(&mut self, rows: usize, now: Instant) {
        self.written += rows;
        if self.written >= MUCH {
            self.due = self.due.min(now);
        }
    }

    /// Forgets a little.
    pub(super) fn step(&mut self, db: &Connection, now: Now) -> Result<(), rusqlite::Error> {
        let oldest = now.unix_ms.saturating_sub(self.time.as_millis() as u64) as i64;
        let change = db.unchecked_transaction()?;
        let mut forgotten = forget_messages(db, oldest, i64::MAX)?;
        let visits = "DELETE FROM visits WHERE id IN (SELECT id FROM visits ORDER BY id LIMIT ?) AND went < ?";
        forgotten += db.prepare_cached(visits)?.execute(params![ROWS, oldest])?;
        forgotten += forget_sessions(db, oldest)?;
        let was = self.slimming;
        if forgotten == 0 {
            self.slim(db)?;
        }
        change.commit()?;
        // As a batch: each page given back is a row of the answer.
        db.execute_batch(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
        self.written = 0;
        let free: i64 = db.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
        let is_done = forgotten == 0 && free < PAGES && was == Slimming::No && self.slimming == Slimming::No;
        self.due = now.instant + if is_done { REST } else { PAUSE };
        Ok(())
    }

    fn slim(&mut self, db: &Connection) -> Result<(), rusqlite::Error> {
        self.slimming = match self.slimming {
            Slimming::No => self.goal(db)?.map_or(Slimming::No, Slimming::Until),
            Slimming::Until(goal) if goal.come_nearer(db)? > 0 => Slimming::Until(goal),
            // A negative amount begins with the whole index, positive ones go on.
            Slimming::Until(_) => Slimming::Ordering(-INDEX_PAGES),
            Slimming::Ordering(pages) => {
                let before = db.total_changes();
                db.prepare_cached("INSERT INTO words (words, rank) VALUES ('merge', ?)")?.execute([pages])?;
                // That row is one change; a step that did nothing made no other.
                if db.total_changes() - before < 2 { Slimming::No } else { Slimming::Ordering(INDEX_PAGES) }
            }
        };
        Ok(())
    }

    /// What has to be forgotten, if the file is too large and there is something.
    fn goal(&self, db: &Connection) -> Result<Option<Goal>, rusqlite::Error> {
        let size = store::size(db)?;
        if size <= self.size {
            return Ok(None);
        }
        let part = ((size - self.size) as f64 / size as f64).max(PART);
        let upto = |(first, last): (i64, i64)| first + ((last - first) as f64 * part) as i64;
        // The last message always stays.
        let message = ends(db, "SELECT seq FROM messages ORDER BY seq")?
            .map_or(0, |(first, last)| if first < last { upto((first, last)).min(last - 1) } else { 0 });
        let visit = ends(db, "SELECT id FROM visits WHERE went IS NOT NULL ORDER BY id")?.map_or(0, upto);
        let mut came = db.prepare_cached("SELECT came FROM visits WHERE id <= ? ORDER BY id DESC LIMIT 1")?;
        let ended = came.query_row([visit], |row| row.get(0)).optional()?.unwrap_or_default();
        Ok(Some(Goal { message, visit, ended }).filter(|goal| *goal != Goal::default()))
    }
}

impl Goal {
    /// Forgets a little of each kind; how much.
    fn come_nearer(self, db: &Connection) -> Result<usize, rusqlite::Error> {
        let visits = "DELETE FROM visits WHERE id IN (
            SELECT id FROM visits WHERE id <= ? AND went IS NOT NULL ORDER BY id LIMIT ?)";
        let visits = db.prepare_cached(visits)?.execute(params![self.visit, ROWS])?;
        Ok(forget_messages(db, i64::MAX, self.message)? + visits + forget_sessions(db, self.ended)?)
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

/// Forgets the sessions that ended first, as far as they ended before `ended`.
fn forget_sessions(db: &Connection, ended: i64) -> Result<usize, rusqlite::Error> {
    let sessions = "DELETE FROM sessions WHERE member IN (
        SELECT member FROM sessions WHERE ended < ? ORDER BY ended LIMIT ?)";
    db.prepare_cached(sessions)?.execute(params![ended, ROWS])
}

/// Forgets the oldest messages as far as they are from before `oldest` and have a number up to `goal`. The last one
/// always stays: numbers go on from it.
fn forget_messages(db: &Connection, oldest: i64, goal: i64) -> Result<usize, rusqlite::Error> {
    let last = "SELECT max(seq) FROM (SELECT seq, at FROM messages ORDER BY seq LIMIT ?) WHERE at < ?
        AND seq <= ? AND seq < (SELECT max(seq) FROM messages)";
    let last: Option<i64> = db.prepare_cached(last)?.query_row(params![ROWS, oldest, goal], |row| row.get(0))?;
    let Some(last) = last else { return Ok(0) };
    db.prepare_cached("DELETE FROM messages WHERE seq <= ?")?.execute([last])
}
