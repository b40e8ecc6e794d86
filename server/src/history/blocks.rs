//! The operator's blocks in the file.

use papo_common::{MemberId, Name};
use rusqlite::{Connection, params};

use super::error::HistoryError;
use crate::blocks::{Block, BlockKind, Blocks};

/// Reads the blocks. A row that makes no sense is skipped.
pub(super) fn load(db: &Connection) -> Result<Blocks, HistoryError> {
    let mut select = db.prepare("SELECT kind, ip, names, member, at, why FROM blocks ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut blocks = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = match (row.get(0)?, row.get::<_, Option<i64>>(3)?) {
            (0, _) => BlockKind::Ban,
            (1, _) => BlockKind::Mute,
            (2, Some(member)) => BlockKind::MutePerson(MemberId::from_random(member as u64 as u128)),
            _ => continue,
        };
        let Ok(ip) = row.get::<_, String>(1)?.parse() else { continue };
        let names: String = row.get(2)?;
        let names = names.split(' ').filter_map(|name| Name::recall(name).ok()).collect();
        blocks.push(Block { kind, ip, names, at: row.get::<_, i64>(4)? as u64, reason: row.get(5)? });
    }
    Ok(Blocks::restored(blocks))
}

/// Stores `blocks` in place of the stored ones: they are few, and rarely change.
pub(super) fn save(db: &Connection, blocks: &Blocks) -> Result<(), HistoryError> {
    let change = db.unchecked_transaction()?;
    db.execute("DELETE FROM blocks", [])?;
    let mut insert = db.prepare("INSERT INTO blocks (kind, ip, names, member, at, why) VALUES (?, ?, ?, ?, ?, ?)")?;
    for Block { kind, ip, names, at, reason } in blocks.iter() {
        let (kind, member) = match kind {
            BlockKind::Ban => (0, None),
            BlockKind::Mute => (1, None),
            BlockKind::MutePerson(member) => (2, Some(member.to_bits() as i64)),
        };
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        insert.execute(params![kind, ip.to_string(), names.join(" "), member, *at as i64, reason])?;
    }
    change.commit()?;
    Ok(())
}
