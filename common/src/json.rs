//! The JSON dialect: one object per line, in both directions.
//!
//! The shapes stand at the declarations of [`Request`] and [`Event`]; here they become lines and back. Either side may
//! be newer: unknown fields are ignored, unknown types become `Unknown`.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::{Event, Malformed, MemberId, Message, Request, sentences, words};

/// Appends `request` as a line; nothing for an unknown one.
pub fn encode_request(request: &Request, out: &mut Vec<u8>) {
    encode_line(request, out);
}

/// Reads a line, without its end, as a request. An error if it is no JSON object with the fields of one.
pub fn parse_request(line: &str) -> Result<Request, Malformed> {
    parse_say(line).map_or_else(|| parse(line), Ok)
}

/// Appends `event` as a line; nothing for an event that this dialect has no word for.
pub fn encode(event: &Event, out: &mut Vec<u8>) {
    match event {
        Event::ServerClosed => {
            out.extend_from_slice(words::SERVER_CLOSED.as_bytes());
            out.push(b'\n');
        }
        Event::Message(message) => encode_message(message, out),
        Event::Welcome(welcome) => {
            out.reserve_exact(welcome.users.json().len() + 1024);
            encode_line(event, out);
        }
        _ => encode_line(event, out),
    }
}

/// Reads a line, without its end, as an event. An error if it is no JSON object with the fields of one.
pub fn parse_event(line: &str) -> Result<Event, Malformed> {
    if line == words::SERVER_CLOSED {
        return Ok(Event::ServerClosed);
    }
    parse(line)
}

fn parse<T: DeserializeOwned>(line: &str) -> Result<T, Malformed> {
    // serde also reads an array, whose first element is the type.
    let object = Some(line).filter(|line| line.trim_start().starts_with('{'));
    object.and_then(|line| serde_json::from_str(line).ok()).ok_or(Malformed(sentences::MALFORMED))
}

/// Reads a `say` as [`encode_request`] writes it; `None` for any other line. It is most of what a server reads, and
/// serde, which keeps the fields of an object in a tree until its type is known, takes half as long again.
fn parse_say(line: &str) -> Option<Request> {
    let fields = line.strip_prefix(r#"{"type":"say","ref":"#)?.strip_suffix('}')?;
    let (reference, text) = fields.split_once(r#","text":"#)?;
    let reference = Some(serde_json::from_str(reference).ok()?);
    Some(Request::Say { reference, text: serde_json::from_str(text).ok()? })
}

/// Appends a message as serde would, in a quarter of the time: it is most of what a server writes.
fn encode_message(message: &Message, out: &mut Vec<u8>) {
    let Message { seq, from, id, text, at, reference } = message;
    out.extend_from_slice(br#"{"type":"message","seq":"#);
    put_number(*seq, out);
    out.extend_from_slice(br#","from":"#);
    put_string(from.as_str(), out);
    out.extend_from_slice(br#","id":""#);
    put_id(*id, out);
    out.extend_from_slice(br#"","text":"#);
    put_string(text.as_str(), out);
    out.extend_from_slice(br#","at":"#);
    put_number(*at, out);
    if let Some(reference) = reference {
        out.extend_from_slice(br#","ref":"#);
        put_number(reference.value(), out);
    }
    out.extend_from_slice(b"}\n");
}

fn put_number(number: u64, out: &mut Vec<u8>) {
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(out, &number);
}

fn put_string(string: &str, out: &mut Vec<u8>) {
    if is_plain(string) {
        out.push(b'"');
        out.extend_from_slice(string.as_bytes());
        out.push(b'"');
    } else {
        let _ = serde_json::to_writer(out, string);
    }
}

/// Whether `string` needs no escapes.
fn is_plain(string: &str) -> bool {
    // No early exit: so the compiler checks many bytes at once.
    string.bytes().fold(true, |plain, byte| plain & !matches!(byte, 0..b' ' | b'"' | b'\\'))
}

fn put_id(id: MemberId, out: &mut Vec<u8>) {
    let digit = |place: u32| b"0123456789abcdef"[(id.to_bits() >> (4 * place)) as usize % 16];
    out.extend((0..MemberId::DIGITS).rev().map(digit));
}

fn encode_line(value: &impl Serialize, out: &mut Vec<u8>) {
    let start = out.len();
    match value.serialize(&mut Serializer::with_formatter(&mut *out, Verbatim)) {
        Ok(()) => out.push(b'\n'),
        // Writing to memory cannot fail; a variant that is not for this dialect refuses before anything is written.
        Err(_) => out.truncate(start),
    }
}

/// Writes bytes unchanged: the types of the wire serialize as bytes only what is JSON already.
struct Verbatim;

impl Formatter for Verbatim {
    fn write_byte_array<W: ?Sized + io::Write>(&mut self, out: &mut W, json: &[u8]) -> io::Result<()> {
        out.write_all(json)
    }
}
