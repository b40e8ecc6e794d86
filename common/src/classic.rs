//! The classic dialect: lines of text, for `nc` and students' programs.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write as _;
use std::sync::LazyLock;

use crate::lookalike::{is_at, is_blank, look_of};
use crate::sentences::{JOINED, LEFT, MORE, NOTICE, PRIVATE, PUBLIC, REMOVED, USERS};
use crate::text::is_unseen;
use crate::{CloseReason, Event, Hello, Malformed, Name, Refusal, Request, Text, decode, sentences, words};

/// The byte order mark, which no name and no text keeps.
const BOM: char = '\u{feff}';

/// Decodes a line, without its end, as [`decode`] does. Bytes in front of an `@` that are invisible or no UTF-8 are
/// left out: a terminal that deletes half a letter leaves the other half there, which must not make a private message
/// public.
pub fn decode_line(line: &[u8]) -> Cow<'_, str> {
    let front = line.iter().take_while(|byte| !byte.is_ascii_graphic()).count();
    match decode(line) {
        Cow::Owned(_) if line.get(front) == Some(&b'@') => decode(&line[front..]),
        decoded => decoded,
    }
}

/// Takes a line of a connection that has no name yet, without its end, as a request to enter under that name.
pub fn parse_hello(line: &str) -> Request {
    let name = if line.contains(BOM) { &line.replace(BOM, "") } else { line };
    // People type names with tabs and carriage returns around them. Other control characters that count as white space
    // come from programs that speak another protocol; they stay, and make the name invalid.
    Request::Hello(Hello::new(
        name.trim_matches(|c: char| c.is_whitespace() && (!c.is_control() || "\t\r".contains(c))),
    ))
}

/// Takes a line of a member, without its end, as a request; `None` for a blank one. An error for an `@` that lacks a
/// name or a text.
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

/// Splits `@nome texto` at the first run of white space; `None` for a text to all. Invisible characters in front of the
/// `@` do not make the text public, nor does another character that looks like `@`. `@nome,` and `@nome:` mean `@nome`.
/// Either part may be empty. A text that begins on the next line keeps its indentation.
pub fn addressed(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start_matches(|c| is_unseen(c) || c == char::REPLACEMENT_CHARACTER).strip_prefix(is_at)?;
    let (to, behind) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    let said = behind.trim_start();
    let gap = &behind[..behind.len() - said.len()];
    let said = gap.rfind('\n').map_or(said, |line_break| &behind[line_break + 1..]);
    Some((to.trim_end_matches([',', ':']), said.trim_end()))
}

/// Appends `event` as lines; nothing for an event that this dialect has no word for.
pub fn encode(event: &Event, out: &mut Vec<u8>) {
    match event {
        Event::Message(message) => {
            for line in said_lines(&message.text) {
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
                put(out, format_args!("{NOTICE}{line}"));
            }
        }
        Event::Welcome(_) => put(out, words::OK),
        Event::Refused { reason, detail } => encode_refusal(*reason, detail, out),
        Event::Joined { name, addr, .. } => put(out, format_args!("{name}{JOINED}{addr}")),
        Event::Left { name, .. } => put(out, format_args!("{name}{LEFT}")),
        Event::Users { names, more } => encode_users(names, *more, out),
        Event::Problem { detail, .. } => put(out, detail),
        Event::Closed { reason: CloseReason::Kicked | CloseReason::Banned, detail } => {
            put(out, format_args!("{REMOVED}{detail}"));
        }
        Event::ServerClosed => put(out, words::SERVER_CLOSED),
        Event::Closed { .. }
        | Event::Removed { .. }
        | Event::History { .. }
        | Event::Found { .. }
        | Event::Ping
        | Event::Unknown => {}
    }
}

fn encode_refusal(reason: Refusal, detail: &str, out: &mut Vec<u8>) {
    match reason {
        Refusal::NameInUse => put(out, words::NAME_IN_USE),
        Refusal::RoomFull | Refusal::Muted | Refusal::NoName => put(out, detail),
        Refusal::Banned => put(out, format_args!("{REMOVED}{detail}")),
        Refusal::NameInvalid | Refusal::Version | Refusal::Malformed | Refusal::Unknown => {
            put(out, words::NAME_INVALID);
        }
    }
}

fn encode_users(names: &[Name], more: usize, out: &mut Vec<u8>) {
    let names = names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    if more == 0 {
        put(out, format_args!("{USERS}{names}"));
    } else {
        put(out, format_args!("{USERS}{names}{MORE}{more}"));
    }
}

fn said_lines(text: &Text) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().is_empty())
}

/// The mark behind a public line: one that ends like a private line says that it is public.
fn mark_of(line: &str) -> &'static str {
    if looks_private(line) { PUBLIC } else { "" }
}

/// Appends one line of a message. It is most of what a server writes, and formatting would take longer.
fn put_said(from: &str, line: &str, mark: &str, out: &mut Vec<u8>) {
    for part in [from, ": ", line, mark, "\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn looks_private(line: &str) -> bool {
    static MARK: LazyLock<String> = LazyLock::new(|| look_of(PRIVATE.trim()));
    let line = line.trim_end_matches(is_blank);
    // No other ASCII character looks like the mark's last one: most lines need no closer look.
    if line.ends_with(|last: char| last.is_ascii() && last != ')') {
        return false;
    }
    // One character may look like several, but never several like one: the last few characters are enough.
    let tail = line.chars().rev().filter(|c| !is_blank(*c)).take(PRIVATE.len()).collect::<Vec<_>>();
    look_of(&tail.into_iter().rev().collect::<String>()).ends_with(&*MARK)
}

fn put(out: &mut Vec<u8>, line: impl Display) {
    // Writing to memory cannot fail.
    let _ = writeln!(out, "{line}");
}
