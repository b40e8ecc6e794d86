//! The classic dialect: lines of text that `nc` and students' programs speak, in both directions.

use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::LazyLock;

use crate::lookalike::{is_at, look_of};
use crate::text::{is_blank, is_unseen};
use crate::{CloseReason, Event, Hello, Malformed, Name, Refusal, Request, Text, decode, sentences};

/// To the newcomer: it is in.
pub const OK: &str = "OK";
/// To the newcomer: somebody has that name.
pub const NAME_IN_USE: &str = "NOME_EM_USO";
/// To the newcomer: that is not a name.
pub const NAME_INVALID: &str = "NOME_INVALIDO";
/// The last line of every connection, in both dialects, when the server ends.
pub const SERVER_CLOSED: &str = "SERVIDOR_ENCERRADO";
/// The words that programs compare.
pub const WORDS: [&str; 4] = [OK, NAME_IN_USE, NAME_INVALID, SERVER_CLOSED];

/// The byte order mark; no name and no text has one.
const BOM: char = '\u{feff}';

const JOINED: &str = " entrou no chat de ";
const LEFT: &str = " saiu do chat.";
const USERS: &str = "Usuários ativos: ";
const MORE: &str = " … e mais ";
const SAID: &str = ": ";
const PRIVATE: &str = " (privado)";
const PUBLIC: &str = " (público)";
const NOTICE: &str = "Aviso do servidor: ";
const REMOVED: &str = "Você foi removido: ";

/// One line that a classic client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// It is in.
    Ok,
    /// Somebody has that name.
    NameInUse,
    /// That is not a name.
    NameInvalid,
    /// A member came.
    Joined(&'a str, SocketAddr),
    /// A member went.
    Left(&'a str),
    /// Who is there, in order of joining, and how many more.
    Users(Vec<&'a str>, usize),
    /// Somebody said something to all.
    Public(&'a str, &'a str),
    /// Somebody said something to this one alone.
    Private(&'a str, &'a str),
    /// The operator's word.
    Notice(&'a str),
    /// The server closes this connection for that reason.
    Removed(&'a str),
    /// Any other sentence, an answer to what this client sent.
    Other(&'a str),
    /// The server ends.
    ServerClosed,
}

/// Reads a line, without its end, as [`decode`] does; what cannot be seen, or is no text, in front of an `@` is left out.
/// A terminal that deletes half a letter leaves the other half there, and it must not make a whisper public.
pub fn decode_line(line: &[u8]) -> Cow<'_, str> {
    let front = line.iter().take_while(|byte| !byte.is_ascii_graphic()).count();
    match decode(line) {
        Cow::Owned(_) if line.get(front) == Some(&b'@') => decode(&line[front..]),
        decoded => decoded,
    }
}

/// Takes the first line of a connection, and each after it until one is accepted, for the wish to enter.
pub fn parse_hello(line: &str) -> Request {
    let name = if line.contains(BOM) { &line.replace(BOM, "") } else { line };
    // Of the control characters that are white space, names are typed with these alone; the others mean a program that
    // speaks something else, and have no place in a name.
    Request::Hello(Hello::new(
        name.trim_matches(|c: char| c.is_whitespace() && (!c.is_control() || "\t\r".contains(c))),
    ))
}

/// Takes a line of a member, without its end, for a request; `None` for a blank one. An error for an `@` without a name
/// and something behind it.
pub fn parse_request(line: &str) -> Result<Option<Request>, Malformed> {
    match addressed(line) {
        Some((to, text)) if !to.is_empty() && !text.is_empty() => {
            Ok(Some(Request::Private { reference: None, to: to.into(), text: text.into() }))
        }
        Some(_) => Err(Malformed(sentences::BAD_FORMAT)),
        None => {
            let say = Request::Say { reference: None, text: line.trim_end().into() };
            Ok(Some(say).filter(|_| !line.chars().all(is_unseen)))
        }
    }
}

/// Splits `@nome texto` at the first run of white space; `None` for a text to all. What nobody sees in front of the `@`
/// does not make a public text of it, nor does another character that looks like it. `@nome,` and `@nome:` mean `@nome`.
/// Either part may be empty. What stands on a line of its own behind the name keeps the white space in front of it.
pub fn addressed(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start_matches(|c| is_unseen(c) || c == char::REPLACEMENT_CHARACTER).strip_prefix(is_at)?;
    let (to, behind) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    let said = behind.trim_start();
    let gap = &behind[..behind.len() - said.len()];
    let said = gap.rfind('\n').map_or(said, |line_break| &behind[line_break + 1..]);
    Some((to.trim_end_matches([',', ':']), said.trim_end()))
}

/// Appends the line that asks for `request`; nothing for what this dialect cannot ask.
pub fn encode_request(request: &Request, out: &mut Vec<u8>) {
    match request {
        Request::Hello(hello) => put(out, format_args!("{}", hello.name)),
        Request::Say { text, .. } if addressed(text).is_none() => put(out, format_args!("{text}")),
        Request::Private { to, text, .. } => put(out, format_args!("@{to} {text}")),
        _ => {}
    }
}

/// Appends the lines that tell `event`; nothing for what has no word in this dialect.
pub fn encode(event: &Event, out: &mut Vec<u8>) {
    match event {
        Event::Message(message) => {
            for line in said_lines(&message.text) {
                // As its format would: but this one line is most of what a server writes.
                put_said(message.from.as_str(), line, mark_of(line), out);
            }
        }
        Event::Private(private) => {
            for line in said_lines(&private.text) {
                put_said(private.from.as_str(), line, PRIVATE, out);
            }
        }
        Event::Notice(notice) => {
            for line in said_lines(&notice.text) {
                put(out, format_args!("{}", Line::Notice(line)));
            }
        }
        _ => {
            if let Some(line) = single_line(event) {
                put(out, format_args!("{line}"));
            }
        }
    }
}

fn single_line(event: &Event) -> Option<Line<'_>> {
    Some(match event {
        Event::Welcome(_) => Line::Ok,
        Event::Refused { reason, detail } => match reason {
            Refusal::NameInUse => Line::NameInUse,
            Refusal::RoomFull | Refusal::Muted | Refusal::NoName => Line::Other(detail),
            Refusal::Banned => Line::Removed(detail),
            _ => Line::NameInvalid,
        },
        Event::Joined { name, addr, .. } => Line::Joined(name.as_str(), *addr),
        Event::Left { name, .. } => Line::Left(name.as_str()),
        Event::Users { names, more } => Line::Users(names.iter().map(Name::as_str).collect(), *more),
        Event::Problem { detail, .. } => Line::Other(detail),
        Event::Closed { reason: CloseReason::Kicked | CloseReason::Banned, detail } => Line::Removed(detail),
        Event::ServerClosed => Line::ServerClosed,
        _ => return None,
    })
}

fn said_lines(text: &Text) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().is_empty())
}

/// A public line that ends like a private one says that it is public.
fn mark_of(line: &str) -> &'static str {
    if looks_private(line) { PUBLIC } else { "" }
}

fn put_said(from: &str, line: &str, mark: &str, out: &mut Vec<u8>) {
    for part in [from, SAID, line, mark, "\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn looks_private(line: &str) -> bool {
    static MARK: LazyLock<String> = LazyLock::new(|| look_of(PRIVATE.trim()));
    let line = line.trim_end_matches(is_blank);
    // No other ASCII character looks like the mark's last one, so that most lines need no closer look.
    if line.ends_with(|last: char| last.is_ascii() && last != ')') {
        return false;
    }
    // One character may look like several, but never several like one: as many as the mark has are enough.
    let tail = line.chars().rev().filter(|c| !is_blank(*c)).take(PRIVATE.len()).collect::<Vec<_>>();
    look_of(&tail.into_iter().rev().collect::<String>()).ends_with(&*MARK)
}

fn put(out: &mut Vec<u8>, line: fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = out.write_fmt(line);
    out.push(b'\n');
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Ok => f.write_str(OK),
            Line::NameInUse => f.write_str(NAME_IN_USE),
            Line::NameInvalid => f.write_str(NAME_INVALID),
            Line::Joined(name, addr) => write!(f, "{name}{JOINED}{addr}"),
            Line::Left(name) => write!(f, "{name}{LEFT}"),
            Line::Users(names, 0) => write!(f, "{USERS}{}", names.join(", ")),
            Line::Users(names, more) => write!(f, "{USERS}{}{MORE}{more}", names.join(", ")),
            Line::Public(from, text) => write!(f, "{from}{SAID}{text}"),
            Line::Private(from, text) => write!(f, "{from}{SAID}{text}{PRIVATE}"),
            Line::Notice(text) => write!(f, "{NOTICE}{text}"),
            Line::Removed(reason) => write!(f, "{REMOVED}{reason}"),
            Line::Other(sentence) => f.write_str(sentence),
            Line::ServerClosed => f.write_str(SERVER_CLOSED),
        }
    }
}

impl<'a> Line<'a> {
    /// Takes a line, without its end, as a classic client reads it. Names hold no space, so the server's own
    /// sentences, which do, cannot be taken for a member's words.
    pub fn parse(line: &'a str) -> Line<'a> {
        Line::parse_word(line)
            .or_else(|| Line::parse_sentence(line))
            .or_else(|| Line::parse_said(line))
            .unwrap_or(Line::Other(line))
    }

    fn parse_word(line: &str) -> Option<Line<'a>> {
        match line {
            OK => Some(Line::Ok),
            NAME_IN_USE => Some(Line::NameInUse),
            NAME_INVALID => Some(Line::NameInvalid),
            SERVER_CLOSED => Some(Line::ServerClosed),
            _ => None,
        }
    }

    fn parse_sentence(line: &'a str) -> Option<Line<'a>> {
        if let Some(users) = line.strip_prefix(USERS) {
            let (names, more) = users.split_once(MORE).unwrap_or((users, "0"));
            return Some(Line::Users(names.split(", ").collect(), more.parse().ok()?));
        }
        if let Some(text) = line.strip_prefix(NOTICE) {
            return Some(Line::Notice(text));
        }
        if let Some(reason) = line.strip_prefix(REMOVED) {
            return Some(Line::Removed(reason));
        }
        let (name, rest) = line.split_at(line.find(' ')?);
        match rest.strip_prefix(JOINED) {
            Some(addr) => Some(Line::Joined(name, addr.parse().ok()?)),
            None => (rest == LEFT).then_some(Line::Left(name)),
        }
    }

    fn parse_said(line: &'a str) -> Option<Line<'a>> {
        let (from, text) = line.split_once(SAID).filter(|(from, _)| !from.contains(' '))?;
        Some(match text.strip_suffix(PRIVATE) {
            Some(text) => Line::Private(from, text),
            None => Line::Public(from, text),
        })
    }
}
