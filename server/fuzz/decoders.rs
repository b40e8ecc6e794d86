//! Both dialects, in both directions.

use papo_common::{Event, Request, classic, json};

#[path = "../../common/tests/support/classic_client.rs"]
mod classic_client;

/// Each line of the input is a request and an event of either dialect, or it is not.
#[test]
fn decoders() {
    bolero::check!().for_each(|input: &[u8]| {
        for line in String::from_utf8_lossy(input).lines() {
            if let Ok(request) = json::parse_request(line) {
                native_request(&request);
            }
            if let Ok(event) = json::parse_event(line) {
                told(&event);
            }
            if let Ok(Some(request)) = classic::parse_request(line) {
                classic_request(&request);
            }
            assert!(matches!(classic::parse_hello(line), Request::Hello(_)));
            // What a client shows of a line that it does not understand is the line.
            let _ = classic_client::Line::parse(line).to_string();
        }
    });
}

/// What was understood can be said again, and means the same.
fn native_request(request: &Request) {
    if *request == Request::Unknown {
        return;
    }
    let mut line = Vec::new();
    json::encode_request(request, &mut line);
    let text = one_line(&line);
    assert_eq!(json::parse_request(text).as_ref(), Ok(request), "{text}");
}

fn classic_request(request: &Request) {
    let mut line = Vec::new();
    classic_client::encode_request(request, &mut line);
    let again = classic::parse_request(one_line(&line)).unwrap();
    assert_eq!(again.as_ref(), Some(request));
}

/// An event that can be read can be told in both dialects, harmlessly.
fn told(event: &Event) {
    if *event == Event::Unknown {
        return;
    }
    let mut line = Vec::new();
    json::encode(event, &mut line);
    assert_eq!(json::parse_event(one_line(&line)).as_ref(), Ok(event));
    // What a server says of its own is harmless by construction; only what members say is not its own.
    if matches!(event, Event::Message(_) | Event::Private(_) | Event::Joined { .. } | Event::Left { .. }) {
        let mut lines = Vec::new();
        classic::encode(event, &mut lines);
        let lines = String::from_utf8(lines).unwrap();
        assert!(lines.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "{lines:?}");
    }
}

#[track_caller]
fn one_line(bytes: &[u8]) -> &str {
    let line = std::str::from_utf8(bytes).unwrap();
    let line = line.strip_suffix('\n').unwrap();
    assert!(!line.contains('\n'), "{line:?}");
    line
}
