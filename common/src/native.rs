//! The native dialect: one JSON object per line, in both directions.
//!
//! The shapes stand where [`Request`] and [`Event`] are declared; here they become lines and back. Either side may
//! be newer: unknown fields are ignored, unknown types become `Unknown`.

use serde::Serialize;

use crate::{Event, Request, classic, strings};

/// A line that is no request or no event of this dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(
    /// The sentence for the person who sent it.
    pub &'static str,
);

/// Appends the line that asks for `request`.
pub fn encode_request(request: &Request, out: &mut Vec<u8>) {
    if *request != Request::Unknown {
        encode_line(request, out);
    }
}

/// Takes a line, without its end, for a request.
pub fn parse_request(line: &str) -> Result<Request, Malformed> {
    serde_json::from_str(line).map_err(|_| Malformed(strings::MALFORMED))
}

/// Appends the line that tells `event`; nothing for what has no word in this dialect.
pub fn encode(event: &Event, out: &mut Vec<u8>) {
    match event {
        Event::Users { .. } | Event::Unknown => {}
        Event::ServerClosed => classic::encode(event, out),
        _ => encode_line(event, out),
    }
}

/// Takes a line, without its end, for an event.
pub fn parse_event(line: &str) -> Result<Event, Malformed> {
    if line == classic::SERVER_CLOSED {
        return Ok(Event::ServerClosed);
    }
    serde_json::from_str(line).map_err(|_| Malformed(strings::MALFORMED))
}

fn encode_line(value: &impl Serialize, out: &mut Vec<u8>) {
    let start = out.len();
    match serde_json::to_writer(&mut *out, value) {
        Ok(()) => out.push(b'\n'),
        // Writing to memory cannot fail and no type here refuses; half a line must not go out all the same.
        Err(_) => out.truncate(start),
    }
}
