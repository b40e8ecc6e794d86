//! Reading the snapshot of the last run.

use std::net::{IpAddr, Ipv4Addr};

use papo_common::{LogId, MemberId, Name, SafeInteger};
use rusqlite::{Connection, params};

use super::error::HistoryError;
use super::{notices, removal, rows, writer};
use crate::room::backlog::MAX_MESSAGES;
use crate::room::secret_hash::SecretHash;
use crate::room::session::MAX_RECEIPTS;
use crate::room::session::OpenSession;
use crate::room::snapshot::Snapshot;

/// The snapshot. `log` is the numbering if none is stored.
pub(super) fn restore(db: &Connection, log: LogId) -> Result<Snapshot, HistoryError> {
    end_open_visits(db)?;
    let last_stamp = last_stamp(db)?;
    let line = notices::lesson_start(db)?;
    let last = "SELECT max(coalesce((SELECT max(seq) FROM messages), 0), coalesce((SELECT max(seq) FROM removed), 0))";
    let seq: i64 = db.query_row(last, [], |row| row.get(0))?;
    let (recent, _) = rows::older(db, SafeInteger::MAX.value(), MAX_MESSAGES)?;
    let log = adopt_log(db, log)?;
    let (notices, removed) = (notices::between(db, 0, SafeInteger::MAX.value())?, removal::last_removed(db)?);
    let (seq, sessions) = ((seq.max(0) as u64).max(line), open_sessions(db)?);
    Ok(Snapshot { log, seq, lesson_start: line, last_at: last_stamp, messages: recent, notices, removed, sessions })
}

/// The stored numbering, or `log`. Where there is none, the last run abandoned the file, and departures since then are
/// unknown: its sessions end here, in case the file did not take their end.
fn adopt_log(db: &Connection, log: LogId) -> Result<LogId, HistoryError> {
    if db.execute("INSERT OR IGNORE INTO facts VALUES ('log', ?)", [log.to_bits() as i64])? > 0 {
        writer::end_sessions(db)?;
    }
    let kept: i64 = db.query_row("SELECT value FROM facts WHERE name = 'log'", [], |row| row.get(0))?;
    Ok(LogId::from_random(kept as u64 as u128))
}

/// Ends the visits that were open when the last run broke off, at its last heartbeat.
fn end_open_visits(db: &Connection) -> Result<(), HistoryError> {
    db.execute_batch(
        "UPDATE visits SET lasted = coalesce(max(0, (SELECT value FROM facts WHERE name = 'alive') - began), 0)
            WHERE went IS NULL;
        UPDATE visits SET went = came + lasted WHERE went IS NULL;
        UPDATE facts SET value = 0 WHERE name = 'alive';",
    )?;
    Ok(())
}

/// The stamp of the record that was stored last: an earlier one may be from the future.
fn last_stamp(db: &Connection) -> Result<Option<u64>, HistoryError> {
    let last = "SELECT max(at) FROM (
        SELECT at FROM (SELECT at FROM messages ORDER BY seq DESC LIMIT 1)
        UNION ALL SELECT max(came, coalesce(went, 0)) FROM (SELECT came, went FROM visits ORDER BY id DESC LIMIT 1))";
    let last: Option<i64> = db.query_row(last, [], |row| row.get(0))?;
    Ok(last.map(|last| last.max(0) as u64))
}

fn open_sessions(db: &Connection) -> Result<Vec<OpenSession>, HistoryError> {
    let mut sessions = db.prepare("SELECT member, name, seal, ip FROM sessions WHERE ended IS NULL")?;
    let mut rows = sessions.query([])?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let member: i64 = row.get(0)?;
        let Ok(name) = Name::recall(row.get_ref(1)?.as_str().unwrap_or_default()) else { continue };
        let ip = row.get_ref(3)?.as_str().unwrap_or_default().parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let (secret, receipts) = (SecretHash::from_bytes(row.get(2)?), receipts_of(db, member)?);
        open.push(OpenSession { name, id: MemberId::from_random(member as u128), secret, ip, receipts });
    }
    Ok(open)
}

/// The last public messages' own numbers of one member, rising: one more than a session has receipts, which shows from
/// where on older ones are forgotten.
fn receipts_of(db: &Connection, member: i64) -> Result<Vec<(SafeInteger, u64, u64)>, HistoryError> {
    let mut said = db.prepare_cached(
        "SELECT ref, seq, at FROM messages WHERE member = ?1 AND ref IS NOT NULL
            UNION ALL SELECT ref, seq, at FROM removed WHERE member = ?1 AND ref IS NOT NULL
            ORDER BY ref DESC LIMIT ?2",
    )?;
    let rows = said.query_map(params![member, MAX_RECEIPTS as i64 + 1], |row| {
        Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64, row.get::<_, i64>(2)? as u64))
    })?;
    let mut said = Vec::new();
    for row in rows {
        let (reference, seq, at) = row?;
        said.extend(SafeInteger::new(reference).map(|reference| (reference, seq, at)));
    }
    said.reverse();
    Ok(said)
}
