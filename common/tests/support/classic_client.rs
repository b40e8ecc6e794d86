//! The client's side of the classic dialect, written from `PROTOCOL.md`: it reads the server's lines and writes
//! requests.

use std::fmt;
use std::net::SocketAddr;

use papo_common::{Request, classic, words};

const JOINED: &str = " entrou no chat de ";
const LEFT: &str = " saiu do chat.";
const USERS: &str = "Usuários ativos: ";
const MORE: &str = " … e mais ";
const PRIVATE: &str = " (privado)";
const NOTICE: &str = "Aviso do servidor: ";
const REMOVED: &str = "Você foi removido: ";

/// One line that a classic client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// It is in.
    Ok,
    /// Somebody has that name.
    NameInUse,
    /// The text is no name.
    NameInvalid,
    /// A member came.
    Joined(&'a str, SocketAddr),
    /// A member went.
    Left(&'a str),
    /// The members in order of joining, and the number of further ones.
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

/// Appends the line that asks for `request`; nothing for what this dialect cannot ask.
pub(crate) fn encode_request(request: &Request, out: &mut Vec<u8>) {
    match request {
        Request::Hello(hello) => put(out, &hello.name),
        Request::Say { text, .. } if classic::addressed(text).is_none() => put(out, text),
        Request::Private { to, text, .. } => put(out, &format!("@{to} {text}")),
        _ => {}
    }
}

fn put(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(line.as_bytes());
    out.push(b'\n');
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Ok => f.write_str(words::OK),
            Line::NameInUse => f.write_str(words::NAME_IN_USE),
            Line::NameInvalid => f.write_str(words::NAME_INVALID),
            Line::Joined(name, addr) => write!(f, "{name}{JOINED}{addr}"),
            Line::Left(name) => write!(f, "{name}{LEFT}"),
            Line::Users(names, 0) => write!(f, "{USERS}{}", names.join(", ")),
            Line::Users(names, more) => write!(f, "{USERS}{}{MORE}{more}", names.join(", ")),
            Line::Public(from, text) => write!(f, "{from}: {text}"),
            Line::Private(from, text) => write!(f, "{from}: {text}{PRIVATE}"),
            Line::Notice(text) => write!(f, "{NOTICE}{text}"),
            Line::Removed(reason) => write!(f, "{REMOVED}{reason}"),
            Line::Other(sentence) => f.write_str(sentence),
            Line::ServerClosed => f.write_str(words::SERVER_CLOSED),
        }
    }
}

impl<'a> Line<'a> {
    /// Takes a line, without its end, as a classic client reads it. Names hold no space, so the server's own
    /// sentences, which do, cannot be taken for a member's words.
    pub(crate) fn parse(line: &'a str) -> Line<'a> {
        Line::parse_word(line)
            .or_else(|| Line::parse_sentence(line))
            .or_else(|| Line::parse_said(line))
            .unwrap_or(Line::Other(line))
    }

    fn parse_word(line: &str) -> Option<Line<'a>> {
        match line {
            words::OK => Some(Line::Ok),
            words::NAME_IN_USE => Some(Line::NameInUse),
            words::NAME_INVALID => Some(Line::NameInvalid),
            words::SERVER_CLOSED => Some(Line::ServerClosed),
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
        let (from, text) = line.split_once(": ").filter(|(from, _)| !from.contains(' '))?;
        Some(match text.strip_suffix(PRIVATE) {
            Some(text) => Line::Private(from, text),
            None => Line::Public(from, text),
        })
    }
}
