//! The content of a history file, read as anybody could read it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use papo_common::{LineBreaks, MemberId, Message, Name, Notice, SafeInteger, Text};
use rusqlite::{Connection, Row};

/// The contents of a file that no server has open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stored {
    /// The messages of its numbering.
    pub(crate) messages: BTreeMap<u64, Message>,
    /// The numbers of those that were taken back.
    pub(crate) removed: BTreeSet<u64>,
    /// The operator's words.
    pub(crate) notices: Vec<Notice>,
    /// The number of the last message before the lesson.
    pub(crate) line: u64,
    /// The last number that was given.
    pub(crate) seq: u64,
}

impl Stored {
    /// Reads the file; nothing where there is none.
    pub(crate) fn read(path: &Path) -> Stored {
        if !path.is_file() {
            return Stored::default();
        }
        let db = Connection::open(path).unwrap();
        Stored::of(&db).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn of(db: &Connection) -> Result<Stored, rusqlite::Error> {
        // A server that was killed before it made them leaves no tables.
        if db.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'blocks'", [], |row| row.get::<_, i64>(0))?
            == 0
        {
            return Ok(Stored::default());
        }
        let mut messages = db.prepare("SELECT seq, at, name, member, text, ref FROM messages WHERE seq > 0")?;
        let messages: Vec<Message> = messages.query_map([], message)?.collect::<Result<_, _>>()?;
        let mut removed = db.prepare("SELECT seq FROM removed")?;
        let removed: BTreeSet<u64> =
            removed.query_map([], |row| row.get::<_, i64>(0).map(|seq| seq as u64))?.collect::<Result<_, _>>()?;
        let mut notices = db.prepare("SELECT text, at, after FROM notices ORDER BY id")?;
        let notices = notices.query_map([], |row| {
            let (at, after) = (row.get::<_, i64>(1)? as u64, Some(row.get::<_, i64>(2)? as u64));
            Ok(Notice { text: text(&row.get::<_, String>(0)?), at, after, log: None })
        })?;
        let notices = notices.collect::<Result<_, _>>()?;
        let line = "SELECT coalesce((SELECT value FROM facts WHERE name = 'line'), 0)";
        let line = db.query_row(line, [], |row| row.get::<_, i64>(0))? as u64;
        let messages: BTreeMap<u64, Message> = messages.into_iter().map(|message| (message.seq, message)).collect();
        let last = [messages.keys().last(), removed.last(), Some(&line)].into_iter().flatten().max().copied();
        Ok(Stored { seq: last.unwrap_or_default(), messages, removed, notices, line })
    }
}

fn message(row: &Row<'_>) -> Result<Message, rusqlite::Error> {
    Ok(Message {
        seq: row.get::<_, i64>(0)? as u64,
        at: row.get::<_, i64>(1)? as u64,
        from: Name::recall(&row.get::<_, String>(2)?).unwrap(),
        id: MemberId::from_random(row.get::<_, i64>(3)? as u64 as u128),
        text: text(&row.get::<_, String>(4)?),
        reference: row.get::<_, Option<i64>>(5)?.and_then(|reference| SafeInteger::new(reference as u64)),
    })
}

fn text(text: &str) -> Text {
    Text::clean(text, LineBreaks::Keep).unwrap()
}

/// Whether a word stands anywhere in the files of the database at `path`.
pub(crate) fn mentions(path: &Path, word: &str) -> bool {
    ["", "-wal"].iter().any(|part| {
        let bytes = std::fs::read(crate::process::with_suffix(path, part)).unwrap_or_default();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    })
}
