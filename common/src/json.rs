//! The JSON dialect: one JSON object per line, in both directions.
//!
//! The shapes stand where [`Request`] and [`Event`] are declared; here they become lines and back. Either side may
//! be newer: unknown fields are ignored, unknown types become `Unknown`.

use serde::Serialize;

use crate::{Event, Malformed, MemberId, Message, Request, SafeInteger, classic, sentences};

/// Appends the line that asks for `request`.
pub fn encode_request(request: &Request, out: &mut Vec<u8>) {
    if *request != Request::Unknown {
        encode_line(request, out);
    }
}

/// Takes a line, without its end, for a request. An error if it is no JSON object with the fields of one.
pub fn parse_request(line: &str) -> Result<Request, Malformed> {
    parse_say(line).map_or_else(|| serde_json::from_str(line), Ok).map_err(|_| Malformed(sentences::MALFORMED))
}

/// Appends the line that tells `event`; nothing for what has no word in this dialect.
pub fn encode(event: &Event, out: &mut Vec<u8>) {
    match event {
        Event::Users { .. } | Event::Unknown => {}
        Event::ServerClosed => classic::encode(event, out),
        Event::Message(message) => encode_message(message, out),
        _ => encode_line(event, out),
    }
}

/// Takes a line, without its end, for an event. An error if it is no JSON object with the fields of one.
pub fn parse_event(line: &str) -> Result<Event, Malformed> {
    if line == classic::SERVER_CLOSED {
        return Ok(Event::ServerClosed);
    }
    serde_json::from_str(line).map_err(|_| Malformed(sentences::MALFORMED))
}

/// As serde would: but this one request, as [`encode_request`] writes it, is most of what a server reads. `None` for all
/// that stands in a line in any other way.
fn parse_say(line: &str) -> Option<Request> {
    let rest = line.strip_prefix(r#"{"type":"say","ref":"#)?;
    let (reference, rest) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
    let text = rest.strip_prefix(r#","text":""#)?.strip_suffix(r#""}"#).filter(|text| is_plain(text))?;
    let reference = if reference.starts_with('0') { None } else { reference.parse().ok() }?;
    Some(Request::Say { reference: Some(SafeInteger::new(reference)?), text: text.into() })
}

/// As serde would: but this one event is most of what a server writes.
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

/// Whether it stands between quotes as it is.
fn is_plain(string: &str) -> bool {
    // Every byte is looked at, without a way out at the first: so the compiler can take many at once.
    string.bytes().fold(true, |plain, byte| plain & !matches!(byte, 0..b' ' | b'"' | b'\\'))
}

fn put_id(id: MemberId, out: &mut Vec<u8>) {
    let digit = |place: u32| b"0123456789abcdef"[(id.to_bits() >> (4 * place)) as usize % 16];
    out.extend((0..MemberId::DIGITS).rev().map(digit));
}

fn encode_line(value: &impl Serialize, out: &mut Vec<u8>) {
    let start = out.len();
    match serde_json::to_writer(&mut *out, value) {
        Ok(()) => out.push(b'\n'),
        // Writing to memory cannot fail and no type here refuses; half a line must not go out all the same.
        Err(_) => out.truncate(start),
    }
}
