//! `PROTOCOL.md` says what the code does: every example in it is read here, and every word of the wire stands in it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use papo_common::limits::{MAX_COUNT, MAX_LISTED, MAX_NAME};
use papo_common::{
    CloseReason, DEFAULT_PORT, ErrorReason, Event, LineBreaks, Name, NameError, Refusal, Request, Telnet, Text,
    classic, json, sentences, words,
};

mod support;

use support::classic_client::Line;

const DOCUMENT: &str = include_str!("../PROTOCOL.md");

/// The lines of all fenced blocks that are marked `mark`.
fn examples(mark: &str) -> Vec<&'static str> {
    let mut lines = Vec::new();
    let mut block = None;
    for line in DOCUMENT.lines() {
        match (line.strip_prefix("```"), block) {
            (Some(_), Some(_)) => block = None,
            (Some(found), None) => block = Some(found),
            (None, Some(found)) if found == mark => lines.push(line),
            _ => {}
        }
    }
    assert!(!lines.is_empty(), "no example of {mark}");
    lines
}

/// Declares the words of an enum of the wire, and the function that gives each value's own.
macro_rules! words {
    ($words:ident, $word:ident: $type:ty; $($pattern:pat => $text:expr),+; $none:pat) => {
        const $words: &[&str] = &[$($text),+];

        fn $word(value: &$type) -> &'static str {
            match value {
                $($pattern => $text,)+
                $none => panic!("not on this wire"),
            }
        }
    };
}

words! {
    REQUESTS, request_word: Request;
    Request::Hello(_) => "hello",
    Request::Say { .. } => "say",
    Request::Private { .. } => "private",
    Request::History { .. } => "history",
    Request::Search { .. } => "search",
    Request::Leave => "leave",
    Request::Pong => "pong";
    Request::Unknown
}

words! {
    EVENTS, event_word: Event;
    Event::Welcome(_) => "welcome",
    Event::Refused { .. } => "refused",
    Event::Joined { .. } => "joined",
    Event::Left { .. } => "left",
    Event::Message(_) => "message",
    Event::Private(_) => "private",
    Event::Problem { .. } => "problem",
    Event::Notice(_) => "notice",
    Event::Removed { .. } => "removed",
    Event::History { .. } => "history",
    Event::Found { .. } => "found",
    Event::Closed { .. } => "closed",
    Event::Ping => "ping",
    Event::ServerClosed => words::SERVER_CLOSED;
    Event::Users { .. } | Event::Unknown
}

/// Each of `words` has an example, and a row, or a sentence if it is no JSON, in that section.
#[track_caller]
fn check_words(seen: &BTreeSet<&str>, words: &[&str], section: &str) {
    assert_eq!(*seen, words.iter().copied().collect());
    let (_, behind) = DOCUMENT.split_once(&format!("\n## {section}\n")).unwrap();
    let table = behind.split("\n## ").next().unwrap();
    for word in words {
        let is_told = |begin: &str| table.contains(&format!("\n{begin} `{word}`"));
        assert!(is_told("|") || is_told("The bare line"), "no row of {section} for {word}");
    }
}

#[test]
fn requests() {
    let mut seen = BTreeSet::new();
    for line in examples("json requests") {
        let request = json::parse_request(line).unwrap_or_else(|_| panic!("{line}"));
        let mut out = Vec::new();
        json::encode_request(&request, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), format!("{line}\n"));
        seen.insert(request_word(&request));
    }
    check_words(&seen, REQUESTS, "Requests");
}

#[test]
fn what_is_no_request_and_what_is_a_newer_one() {
    for line in examples("json malformed") {
        assert!(json::parse_request(line).is_err(), "{line}");
    }
    for line in examples("json newer") {
        let request = json::parse_request(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(matches!(request, Request::Unknown | Request::Leave), "{line}");
    }
}

#[test]
fn events() {
    let mut seen = BTreeSet::new();
    for line in examples("json events") {
        let event = json::parse_event(line).unwrap_or_else(|_| panic!("{line}"));
        let mut out = Vec::new();
        json::encode(&event, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), format!("{line}\n"));
        check_sentence(&event);
        seen.insert(event_word(&event));
    }
    check_words(&seen, EVENTS, "Events");
}

/// The sentence in an example is the one that the server says.
#[track_caller]
fn check_sentence(event: &Event) {
    match event {
        Event::Refused { reason, .. } => assert_eq!(*event, Event::refused(*reason)),
        Event::Closed { reason, .. } => assert_eq!(*event, Event::closed(*reason)),
        Event::Problem { reason, detail, .. } => match reason {
            ErrorReason::NoSuchUser => assert_eq!(*detail, sentences::no_such_user("zé")),
            ErrorReason::ToOneself => assert_eq!(detail, sentences::TO_ONESELF),
            ErrorReason::Malformed => assert_eq!(detail, sentences::MALFORMED),
            ErrorReason::TooLong => assert_eq!(*detail, sentences::too_long(4096)),
            ErrorReason::Muted => assert_eq!(detail, sentences::MUTED),
            ErrorReason::NothingToFind => assert_eq!(detail, sentences::NOTHING_TO_FIND),
            ErrorReason::Unavailable => assert_eq!(detail, sentences::UNAVAILABLE),
            ErrorReason::RefOld => assert_eq!(detail, sentences::REF_OLD),
            ErrorReason::Unknown => panic!("not a word of this wire"),
        },
        _ => {}
    }
}

/// Which kind of line it is.
fn line_kind(line: &Line<'_>) -> &'static str {
    match line {
        Line::Ok => "ok",
        Line::NameInUse => "name in use",
        Line::NameInvalid => "name invalid",
        Line::Joined(..) => "joined",
        Line::Left(_) => "left",
        Line::Users(..) => "users",
        Line::Public(..) => "public",
        Line::Private(..) => "private",
        Line::Notice(_) => "notice",
        Line::Removed(_) => "removed",
        Line::Other(_) => "remark",
        Line::ServerClosed => "server closed",
    }
}

#[test]
fn classic_lines() {
    let mut remarks = BTreeSet::from([
        sentences::TO_ONESELF.to_owned(),
        sentences::BAD_FORMAT.to_owned(),
        sentences::MUTED.to_owned(),
        sentences::ROOM_FULL.to_owned(),
        sentences::refusal(Refusal::Muted).to_owned(),
        sentences::refusal(Refusal::NoName).to_owned(),
        sentences::no_such_user("zé"),
        sentences::too_long(4096),
    ]);
    let mut seen = BTreeSet::new();
    for text in examples("text classic") {
        let line = Line::parse(text);
        assert_eq!(line.to_string(), text);
        if let Line::Other(sentence) = line {
            assert!(remarks.remove(sentence), "{sentence}");
        }
        seen.insert(line_kind(&line));
    }
    assert!(remarks.is_empty(), "{remarks:?}");
    assert_eq!(seen.len(), 12, "{seen:?}");
}

#[test]
fn classic_requests() {
    let lines = examples("text classic requests");
    let [name, public, private] = lines[..] else { panic!("{lines:?}") };
    let Request::Hello(hello) = classic::parse_hello(name) else { panic!("{name}") };
    assert!(Name::parse(&hello.name).is_ok());
    assert!(matches!(classic::parse_request(public), Ok(Some(Request::Say { .. }))));
    assert!(matches!(classic::parse_request(private), Ok(Some(Request::Private { .. }))));
}

#[test]
fn names() {
    for name in examples("text names") {
        assert_eq!(Name::parse(name).unwrap().as_str(), name);
    }
    for text in examples("text not names") {
        assert!(Name::parse(text).is_err(), "{text}");
    }
}

/// The names on each line of an example of two.
fn pairs(mark: &str) -> impl Iterator<Item = (Name, Name)> {
    examples(mark).into_iter().map(|line| {
        let (a, b) = line.split_once(' ').unwrap();
        (Name::parse(a).unwrap(), Name::parse(b).unwrap())
    })
}

#[test]
fn names_that_are_the_same() {
    for (a, b) in pairs("text same names") {
        assert!(a.looks_like(&b) && b.looks_like(&a), "{a} {b}");
    }
    for (a, b) in pairs("text different names") {
        assert!(!a.looks_like(&b) && !b.looks_like(&a), "{a} {b}");
    }
}

#[test]
fn reserved_names() {
    let (_, reserved) = DOCUMENT.split_once("**Reserved** are names").unwrap();
    let (words, rest) = reserved.split_once("`Servidor.`").unwrap();
    let (_, probes) = rest.split_once("(`nmap -sV`):").unwrap();
    let (probes, _) = probes.split_once('.').unwrap();
    let quoted = |text: &'static str| text.split('`').skip(1).step_by(2);
    assert_eq!((quoted(words).count(), quoted(probes).count()), (7 + words::ALL.len(), 4));
    for word in quoted(words).chain(quoted(probes)) {
        assert_eq!(Name::parse(word), Err(NameError::Reserved), "{word}");
    }
}

#[test]
fn texts() {
    for line in examples("json texts") {
        let [raw, clean] = serde_json::from_str::<[String; 2]>(line).unwrap();
        let text = Text::clean(&raw, LineBreaks::Keep);
        assert_eq!(text.as_ref().map_or("", Text::as_str), clean, "{line}");
    }
}

#[test]
fn what_telnet_is_answered() {
    let bytes: Vec<String> = Telnet::NO_MARK.iter().map(|byte| format!("{byte:02X}")).collect();
    assert!(DOCUMENT.contains(&format!("is answered with `{}`", bytes.join(" "))));
    let (mut telnet, mut text) = (Telnet::default(), Vec::new());
    telnet.filter(b"\xff\xfd\x06", &mut text);
    assert!(telnet.owes_answer() && text.is_empty());
}

#[test]
fn classic_whispers() {
    for line in examples("text classic whispers") {
        let whisper = classic::parse_request(line);
        let Ok(Some(Request::Private { to, text, .. })) = whisper else { panic!("{line}: {whisper:?}") };
        assert_eq!((Name::parse(&to).unwrap(), text.as_str()), (Name::parse("bia").unwrap(), "segredo"), "{line}");
    }
}

#[track_caller]
fn check_mentioned(words: impl IntoIterator<Item = String>) {
    for word in words {
        assert!(DOCUMENT.contains(&format!("`{word}`")), "{word}");
    }
}

fn json_word(reason: impl serde::Serialize) -> String {
    serde_json::to_string(&reason).unwrap().trim_matches('"').to_owned()
}

#[test]
fn every_word_is_explained() {
    use {CloseReason as C, ErrorReason as P, Refusal as R};
    check_mentioned(words::ALL.map(str::to_owned));
    check_mentioned([R::NameInUse, R::NameInvalid, R::Version, R::Malformed, R::RoomFull, R::Banned].map(json_word));
    check_mentioned([P::NoSuchUser, P::ToOneself, P::Malformed, P::TooLong].map(json_word));
    check_mentioned([P::Muted, P::NothingToFind, P::Unavailable, P::RefOld].map(json_word));
    check_mentioned([C::Kicked, C::Banned, C::Slow, C::Idle, C::Replaced].map(json_word));
}

#[test]
fn numbers() {
    assert!(DOCUMENT.contains(&format!("to port {DEFAULT_PORT}")));
    assert!(DOCUMENT.contains(&format!("1 to {MAX_NAME} Unicode scalar values")));
    assert!(DOCUMENT.contains(&format!("`count`: 1 to {MAX_COUNT}")));
    assert!(DOCUMENT.contains(&format!("| {MAX_LISTED} names in a classic line |")));
}
