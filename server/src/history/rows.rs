//! Reading messages, the newest first.

use std::collections::HashMap;

use papo_common::{Event, LineBreaks, MemberId, Message, Name, SafeInteger, Text};
use rusqlite::{Connection, Row, Rows, params};

use super::notices::{self, IN_LESSON};
use crate::room::backlog::MAX_BYTES;
use crate::room::notices::interleave;

/// The columns that [`message`] reads, in this order.
pub(super) const COLUMNS: &str = "seq, at, name, member, text, ref";

/// The last `count` messages before number `before`, or the last of them that have no more than [`MAX_BYTES`] together,
/// oldest first, and whether there are older ones.
pub(super) fn older(db: &Connection, before: u64, count: usize) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let older = format!("SELECT {COLUMNS} FROM messages WHERE seq < ? AND {IN_LESSON} ORDER BY seq DESC LIMIT ?");
    let mut older = db.prepare_cached(&older)?;
    collect(older.query(params![before as i64, count as i64 + 1])?, count)
}

/// The same with the notices between them, from the first message's place on where there are older ones.
pub(super) fn page(db: &Connection, before: u64, count: usize) -> Result<(Vec<Event>, bool), rusqlite::Error> {
    let (messages, more) = older(db, before, count)?;
    let after = if more { messages.first().map_or(before, |first| first.seq) } else { 0 };
    let notices = notices::between(db, after, before)?;
    Ok((interleave(messages.into_iter().map(Event::Message).collect(), notices), more))
}

/// The message number of a row.
pub(super) fn seq(row: &Row<'_>) -> Result<u64, rusqlite::Error> {
    row.get::<_, i64>(0).map(|seq| seq as u64)
}

/// The stored text of a row.
pub(super) fn text<'a>(row: &'a Row<'_>) -> Result<&'a str, rusqlite::Error> {
    Ok(row.get_ref(4)?.as_str()?)
}

/// Collects rows from the newest on. A row that cannot be read as a message is skipped.
fn collect(mut rows: Rows<'_>, count: usize) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let (mut messages, mut bytes, mut seen) = (Vec::new(), 0, 0);
    let mut names = HashMap::new();
    let more = loop {
        let Some(row) = rows.next()? else { break false };
        seen += 1;
        if seen > count {
            break true;
        }
        let Some(message) = message(row, &mut names)? else { continue };
        bytes += message.text.as_str().len();
        if bytes > MAX_BYTES && !messages.is_empty() {
            break true;
        }
        messages.push(message);
    };
    messages.reverse();
    Ok((messages, more))
}

/// The message in a row; `None` if it cannot be read as one. `names` are those checked before: to check one is more
/// work than to read a row, and few people send many messages.
pub(super) fn message(
    row: &Row<'_>,
    names: &mut HashMap<String, Option<Name>>,
) -> Result<Option<Message>, rusqlite::Error> {
    let name = row.get_ref(2)?.as_str()?;
    if !names.contains_key(name) {
        names.insert(name.to_owned(), Name::recall(name).ok());
    }
    let (Some(Some(from)), Some(text)) = (names.get(name), Text::clean(text(row)?, LineBreaks::Keep)) else {
        return Ok(None);
    };
    let reference = row.get::<_, Option<i64>>(5)?.and_then(|reference| SafeInteger::new(reference as u64));
    let (seq, at) = (seq(row)?, row.get::<_, i64>(1)? as u64);
    let id = MemberId::from_random(row.get::<_, i64>(3)? as u128);
    Ok(Some(Message { seq, from: from.clone(), id, text, at, reference }))
}
