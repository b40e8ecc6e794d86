//! The JSON dialect: tables, and everything that goes out comes back the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use papo_common::limits::MAX_IDENTITY;
use papo_common::{Event, Hello, Limits, LogToken, Malformed, Refusal, Request, SafeInteger, SessionToken, json};
use proptest::prelude::*;

mod support;

use support::any;

fn encoded(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

#[track_caller]
fn check(line: &str, request: &Request) {
    assert_eq!(json::parse_request(line).as_ref(), Ok(request));
    assert_eq!(encoded(|out| json::encode_request(request, out)), format!("{line}\n"));
}

fn number(n: u64) -> SafeInteger {
    SafeInteger::new(n).unwrap()
}

#[test]
fn requests_as_they_stand_on_the_wire() {
    check(r#"{"type":"hello","name":"ana","version":1}"#, &Request::Hello(Hello::new("ana")));
    let say = |text: &str| Request::Say { reference: Some(number(1)), text: text.into() };
    check(r#"{"type":"say","ref":1,"text":"olá\n@bia"}"#, &say("olá\n@bia"));
    check(
        r#"{"type":"private","ref":2,"to":"bia","text":"oi"}"#,
        &Request::Private { reference: Some(number(2)), to: "bia".into(), text: "oi".into() },
    );
    check(
        r#"{"type":"history","before":9,"count":200}"#,
        &Request::History { reference: None, before: number(9), count: number(200) },
    );
    check(
        r#"{"type":"search","text":"oi","count":1}"#,
        &Request::Search { reference: None, text: "oi".into(), before: None, count: number(1) },
    );
    check(
        r#"{"type":"history","ref":7,"before":9,"count":200}"#,
        &Request::History { reference: Some(number(7)), before: number(9), count: number(200) },
    );
    check(
        r#"{"type":"search","ref":8,"text":"oi","before":9,"count":1}"#,
        &Request::Search { reference: Some(number(8)), text: "oi".into(), before: Some(number(9)), count: number(1) },
    );
    check(r#"{"type":"leave"}"#, &Request::Leave);
    check(r#"{"type":"pong"}"#, &Request::Pong);
}

#[test]
fn who_comes_back_may_have_heard_nothing() {
    let hello = Request::Hello(Hello::new("ana"));
    for (fields, parsed) in [
        (r#""since":0,"private_since":0"#, Ok(hello.clone())),
        (r#""since":null"#, Ok(hello)),
        (r#""since":5,"private_since":0"#, Ok(Request::Hello(Hello { since: Some(number(5)), ..Hello::new("ana") }))),
        (r#""since":-1"#, Err(Malformed(papo_common::sentences::MALFORMED))),
        (r#""since":"0""#, Err(Malformed(papo_common::sentences::MALFORMED))),
        (r#""private_since":9007199254740992"#, Err(Malformed(papo_common::sentences::MALFORMED))),
    ] {
        let line = format!(r#"{{"type":"hello","name":"ana","version":1,{fields}}}"#);
        assert_eq!(json::parse_request(&line), parsed, "{line}");
    }
}

#[test]
fn either_side_may_be_newer() {
    for (line, request) in [
        (r#"{"type":"dance","ref":"x"}"#, Request::Unknown),
        (r#"{"type":"leave","why":{"deep":[1]}}"#, Request::Leave),
        (r#"{"type":"leave","why":1,"why":2,"text":"a","text":"b"}"#, Request::Leave),
        (r#"{"name":"ana","color":1,"version":1,"type":"hello"}"#, Request::Hello(Hello::new("ana"))),
        (r#" {"version":1,"session":null,"name":"ana","type":"hello"} "#, Request::Hello(Hello::new("ana"))),
    ] {
        assert_eq!(json::parse_request(line), Ok(request), "{line}");
    }
    assert_eq!(json::parse_event(r#"{"type":"dance","at":"x"}"#), Ok(Event::Unknown));
    let refused = json::parse_event(r#"{"type":"refused","reason":"monday"}"#);
    assert_eq!(refused, Ok(Event::Refused { reason: Refusal::Unknown, detail: "".into() }));
}

#[test]
fn a_server_that_does_not_tell_for_how_long_it_keeps_names_does_so_for_a_minute() {
    let limits = |json| serde_json::from_str::<Limits>(json).unwrap().keep;
    assert_eq!(limits(r#"{"name":32,"text":4096,"lines":200}"#), 60_000);
    assert_eq!(limits(r#"{"name":32,"text":4096,"lines":200,"keep":0}"#), 0);
}

#[test]
fn session_and_log_are_strings_of_any_form() {
    let uuid = "0189f7e4-6c1b-7d3a-9c55-2f5b8f3e7a10";
    for text in ["", "7", "short", uuid, "🦊🦊", &"a".repeat(MAX_IDENTITY)] {
        let line = format!(r#"{{"type":"hello","name":"ana","version":1,"session":"{text}","log":"{text}"}}"#);
        let hello = Hello { session: SessionToken::new(text), log: LogToken::new(text), ..Hello::new("ana") };
        check(&line, &Request::Hello(hello));
    }
}

#[test]
fn what_is_malformed() {
    let deep = format!(r#"{{"type":"say","ref":1,"text":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    for line in [
        "",
        "oi",
        "{",
        "[]",
        r#"["leave"]"#,
        r#"["say",1,"oi"]"#,
        "null",
        "{}",
        r#"{"type":1}"#,
        r#"{"type":"say"}"#,
        r#"{"type":"say","text":"oi"}"#,
        r#"{"type":"say","ref":1}"#,
        r#"{"type":"say","ref":0,"text":"oi"}"#,
        r#"{"type":"say","ref":-1,"text":"oi"}"#,
        r#"{"type":"say","ref":1.5,"text":"oi"}"#,
        r#"{"type":"say","ref":9007199254740992,"text":"oi"}"#,
        r#"{"type":"say","ref":"1","text":"oi"}"#,
        r#"{"type":"say","ref":null,"text":"oi"}"#,
        r#"{"type":"say","ref":1,"text":["oi"]}"#,
        r#"{"type":"say","ref":1,"text":"oi","text":"tchau"}"#,
        r#"{"type":"say","type":"say","ref":1,"text":"oi"}"#,
        r#"{"type":"say","ref":1,"text":"oi"} x"#,
        r#"{"type":"say","ref":1,"text":"\ud800"}"#,
        r#"{"type":"hello","name":"ana"}"#,
        r#"{"type":"hello","name":"ana","version":1,"session":7}"#,
        r#"{"type":"history","before":1,"count":201}"#,
        r#"{"type":"history","before":1,"count":0}"#,
        &deep,
    ] {
        assert!(json::parse_request(line).is_err(), "{}", line.chars().take(60).collect::<String>());
    }
}

#[test]
fn type_stands_first() {
    assert_eq!(
        encoded(|out| json::encode(&Event::refused(Refusal::NameInUse), out)),
        "{\"type\":\"refused\",\"reason\":\"name_in_use\",\"detail\":\"Esse nome já está em uso. Tente outro.\"}\n"
    );
    assert_eq!(encoded(|out| json::encode(&Event::Ping, out)), "{\"type\":\"ping\"}\n");
    assert_eq!(encoded(|out| json::encode(&Event::ServerClosed, out)), "SERVIDOR_ENCERRADO\n");
    assert_eq!(encoded(|out| json::encode(&Event::Users { names: vec![], more: 0 }, out)), "");
}

/// Text in the place of the `ref` of a `say`.
fn reference() -> impl Strategy<Value = String> {
    let odd =
        prop::sample::select(&["9007199254740991", "9007199254740992", "18446744073709551616", "1 ", " 1", "١"][..]);
    prop_oneof![4 => "[1-9][0-9]{0,3}", 2 => "[-+]?[0-9]{0,3}([.e][0-9])?", 1 => odd.prop_map(str::to_owned)]
}

/// Text in the place of the text of a `say`.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(&["\",\"text\":\"", "\",\"to\":\"", "\",\"type\":\"pong", "\\u0000", "\\ud83d"][..]);
    prop_oneof![4 => "[a-zã ,:{}\u{7f}\u{2028}]{0,8}", 2 => "[a\"\\\\n/\u{0}\u{1f}\t]{0,4}", 1 => odd.prop_map(str::to_owned)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_fast_way_means_what_the_shape_says(reference in reference(), text in text(), end in prop_oneof!["\"}", "\"? ?}?"]) {
        let line = format!("{{\"type\":\"say\",\"ref\":{reference},\"text\":\"{text}{end}");
        prop_assert_eq!(json::parse_request(&line).ok(), serde_json::from_str::<Request>(&line).ok(), "{}", line);
    }
}

proptest! {
    #[test]
    fn every_request_comes_back(request in any::request()) {
        let line = encoded(|out| json::encode_request(&request, out));
        prop_assert_eq!(line.matches('\n').count(), 1);
        prop_assert_eq!(json::parse_request(line.trim_end_matches('\n')), Ok(request));
    }

    #[test]
    fn every_event_comes_back(event in any::event()) {
        let line = encoded(|out| json::encode(&event, out));
        prop_assert_eq!(line.matches('\n').count(), 1);
        if matches!(event, Event::Message(_)) {
            prop_assert_eq!(line.trim_end_matches('\n'), serde_json::to_string(&event).unwrap());
        }
        prop_assert_eq!(json::parse_event(line.trim_end_matches('\n')), Ok(event));
    }

    #[test]
    fn any_line_ends_well(line in ".{0,80}", json in "[{}\\[\\]\",:a-z0-9\\\\]{0,80}") {
        let _ = (json::parse_request(&line), json::parse_event(&line));
        let _ = (json::parse_request(&json), json::parse_event(&json));
    }
}
