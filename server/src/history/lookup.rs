//! Looking up older messages, and those that contain some words.

use std::collections::HashMap;
use std::time::Duration;

use papo_common::{Breaks, Event, MemberId, Message, Name, Number, Text};
use rusqlite::{Connection, ErrorCode, Row, Rows, params};

use crate::resources::processor_time;
use crate::room::recent::MAX_BYTES;
use crate::room::record::Lookup;

/// How much work one search may be, in processor time; then it is answered by what was found so far. It is looked at
/// between steps, of which one in the index of words may take as long again. Among a million messages one word or two
/// take one or two of them; `para`, in every tenth message and longer than the beginnings that the index holds, takes all.
const MAX_TIME: Duration = Duration::from_millis(20);
/// After how many of the database's own steps that is looked at.
const STEPS: i32 = 1_000;
/// The most words in a search.
const MAX_WORDS: usize = 32;

/// Answers `lookup`: as many messages as it asks for, or the last of them that together have no more than
/// [`MAX_BYTES`].
pub(super) fn answer(db: &Connection, lookup: &Lookup) -> Result<Event, rusqlite::Error> {
    let events = |messages: Vec<Message>| messages.into_iter().map(Event::Message).collect();
    Ok(match lookup {
        Lookup::Older { before, count } => {
            let (messages, more) = older(db, *before, *count)?;
            Event::History { messages: events(messages), more }
        }
        Lookup::Containing { text, before, count } => {
            let (messages, more) = containing(db, text, before.unwrap_or(Number::MAX.value()), *count)?;
            Event::Found { messages: events(messages), more }
        }
    })
}

/// The last `count` before `before`, oldest first, and whether there are older ones.
pub(super) fn older(db: &Connection, before: u64, count: usize) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let mut older = db.prepare_cached(
        "SELECT seq, at, name, member, text, ref FROM messages WHERE seq < ? ORDER BY seq DESC LIMIT ?",
    )?;
    gather(older.query(params![before as i64, count as i64 + 1])?, count)
}

fn containing(db: &Connection, text: &str, before: u64, count: usize) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let Some(words) = words(text) else { return Ok((Vec::new(), false)) };
    let mut found = db.prepare_cached(
        "SELECT seq, at, name, member, messages.text, ref FROM words JOIN messages ON seq = words.rowid
        WHERE words MATCH ? AND words.rowid < ? ORDER BY words.rowid DESC LIMIT ?",
    )?;
    let end = processor_time() + MAX_TIME;
    db.progress_handler(STEPS, Some(move || processor_time() > end));
    let found = found.query(params![words, before as i64, count as i64 + 1]).and_then(|rows| gather(rows, count));
    db.progress_handler(0, None::<fn() -> bool>);
    found.or_else(|error| if is_no_search(&error) { Ok((Vec::new(), false)) } else { Err(error) })
}

/// Whether the index does not take what is searched for: two words to it, by an older Unicode, where we see one. Then it
/// has not taken any message's for one either.
fn is_no_search(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::Unknown)
}

/// What was typed as an expression of the search language in which it cannot mean anything but itself: each word in
/// quotes, and the beginning of one in a message. `None` if it holds no word.
fn words(text: &str) -> Option<String> {
    let words = text.split(|character| !is_of_word(character)).filter(|word| word.contains(char::is_alphanumeric));
    let quoted: Vec<String> = words.take(MAX_WORDS).map(|word| format!("\"{word}\"*")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

/// As the index sees it; it drops the marks that it takes for diacritics.
fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '\u{300}'..='\u{331}')
}

/// Takes in rows from the newest on. One that cannot be read as a message is left out.
fn gather(mut rows: Rows<'_>, count: usize) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let (mut messages, mut bytes, mut seen) = (Vec::new(), 0, 0);
    // To check a name is more work than to read a row, and few people say many things.
    let mut names = HashMap::new();
    let more = loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => break false,
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => break true,
            Err(error) => return Err(error),
        };
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

fn message(row: &Row<'_>, names: &mut HashMap<String, Option<Name>>) -> Result<Option<Message>, rusqlite::Error> {
    let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
    let name: &str = text(2)?;
    if !names.contains_key(name) {
        names.insert(name.to_owned(), Name::recall(name).ok());
    }
    let (Some(Some(from)), Some(text)) = (names.get(name), Text::clean(text(4)?, Breaks::Keep)) else {
        return Ok(None);
    };
    let reference = row.get::<_, Option<i64>>(5)?.and_then(|reference| Number::new(reference as u64));
    let (seq, at) = (row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64);
    let id = MemberId::from_random(row.get::<_, i64>(3)? as u128);
    Ok(Some(Message { seq, from: from.clone(), id, text, at, reference }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_no_search_language() {
        for (typed, expression) in [
            ("olá", Some("\"olá\"*")),
            ("  dois   termos ", Some("\"dois\"* \"termos\"*")),
            ("a\" OR \"b", Some("\"a\"* \"OR\"* \"b\"*")),
            ("text:x NEAR(a b) c* -d", Some("\"text\"* \"x\"* \"NEAR\"* \"a\"* \"b\"* \"c\"* \"d\"*")),
            ("cafe\u{301}s", Some("\"cafe\u{301}s\"*")),
            ("?! \u{1f600}", None),
            ("a\0b", Some("\"a\"* \"b\"*")),
            ("", None),
        ] {
            assert_eq!(words(typed).as_deref(), expression, "{typed}");
        }
    }
}
