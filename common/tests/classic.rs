//! The classic dialect: tables, and everything that goes out comes back the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use papo_common::{
    CloseReason, ErrorReason, Event, LineBreaks, MemberId, Message, Name, Notice, Private, Refusal, Request, Text,
    classic, sentences,
};
use proptest::prelude::*;

mod support;

use support::any;
use support::classic_client::{Line, encode_request};

fn encoded(event: &Event) -> String {
    let mut out = Vec::new();
    classic::encode(event, &mut out);
    String::from_utf8(out).unwrap()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn text(raw: &str) -> Text {
    Text::clean(raw, LineBreaks::Keep).unwrap()
}

const ID: MemberId = MemberId::from_random(1);

fn public(raw: &str) -> Event {
    Event::Message(Message { seq: 1, from: name("ana"), id: ID, text: text(raw), at: 0, reference: None })
}

fn private(raw: &str) -> Event {
    let (from, to) = (name("ana"), name("bia"));
    Event::Private(Private { pseq: 1, from, id: ID, to, text: text(raw), at: 0, reference: None, away: false })
}

#[track_caller]
fn check(event: &Event, lines: &str) {
    assert_eq!(encoded(event), lines);
}

#[test]
fn events_as_they_stand_on_the_wire() {
    let joined = |addr: &str| Event::Joined { name: name("ana"), id: ID, addr: addr.parse().unwrap(), at: 0 };
    check(&joined("10.0.0.7:51234"), "ana entrou no chat de 10.0.0.7:51234\n");
    check(&joined("[fe80::1]:80"), "ana entrou no chat de [fe80::1]:80\n");
    check(&Event::Left { name: name("ana"), id: ID, at: 0 }, "ana saiu do chat.\n");
    let users = |more| Event::Users { names: vec![name("ana"), name("bia")], more };
    check(&users(0), "Usuários ativos: ana, bia\n");
    check(&users(7), "Usuários ativos: ana, bia … e mais 7\n");
    check(&Event::refused(Refusal::NameInUse), "NOME_EM_USO\n");
    check(&Event::refused(Refusal::NameInvalid), "NOME_INVALIDO\n");
    check(&Event::refused(Refusal::RoomFull), "A sala está cheia.\n");
    check(
        &Event::Notice(Notice { text: text("vou reiniciar"), at: 0, after: Some(7), log: None }),
        "Aviso do servidor: vou reiniciar\n",
    );
    check(
        &Event::problem(ErrorReason::TooLong, None, sentences::too_long(4096)),
        "Mensagem longa demais (máximo de 4096 bytes).\n",
    );
    check(
        &Event::problem(ErrorReason::NoSuchUser, None, sentences::no_such_user("zé")),
        "Usuário zé não encontrado.\n",
    );
    check(&Event::Closed { reason: CloseReason::Kicked, detail: "spam".into() }, "Você foi removido: spam\n");
    check(&Event::ServerClosed, "SERVIDOR_ENCERRADO\n");
    check(&Event::Ping, "");
    check(&Event::closed(CloseReason::Slow), "");
}

#[test]
fn messages_as_they_stand_on_the_wire() {
    check(&public("oi"), "ana: oi\n");
    check(&public("um\n\n  dois"), "ana: um\nana:   dois\n");
    check(&private("oi"), "ana: oi (privado)\n");
    check(&private("um\ndois"), "ana: um (privado)\nana: dois (privado)\n");
}

#[test]
fn a_public_text_cannot_be_taken_for_a_private_one() {
    check(&public("oi (privado)"), "ana: oi (privado) (público)\n");
    check(&public("oi (PRIVADO) \nfim"), "ana: oi (PRIVADO)  (público)\nana: fim\n");
    check(&public("oi (рrivаdо)"), "ana: oi (рrivаdо) (público)\n"); // Cyrillic
    check(&public("oi ( privado )"), "ana: oi ( privado ) (público)\n");
    check(&public("oi (privado)\u{2800} \u{2800}"), "ana: oi (privado) (público)\n");
    check(&public("oi (privado)\u{2800} \u{2800}\nfim"), "ana: oi (privado)\u{2800} \u{2800} (público)\nana: fim\n");
    check(&public("oi (\u{2800}privado)\u{fff9}"), "ana: oi (\u{2800}privado) (público)\n");
    for last in (b'!'..=b'~').map(char::from) {
        let line = format!("oi (privado{last}");
        let guard = if last == ')' { " (público)" } else { "" };
        check(&public(&line), &format!("ana: {line}{guard}\n"));
    }
    check(&public("(privado) não"), "ana: (privado) não\n");
}

#[test]
fn requests_as_they_stand_on_the_wire() {
    let say = |text: &str| Ok(Some(Request::Say { reference: None, text: text.into() }));
    let whisper =
        |to: &str, text: &str| Ok(Some(Request::Private { reference: None, to: to.into(), text: text.into() }));
    for (line, request) in [
        ("oi", say("oi")),
        ("  oi a todos \t", say("  oi a todos")),
        ("\tx = 1", say("\tx = 1")),
        ("", Ok(None)),
        (" \t ", Ok(None)),
        ("{\"type\":\"say\"}", say("{\"type\":\"say\"}")),
        ("@bia oi", whisper("bia", "oi")),
        ("  @bia   oi  você ", whisper("bia", "oi  você")),
        ("\u{200b}@bia segredo", whisper("bia", "segredo")),
        ("\0 \u{fe0f}\u{202e}\t\u{200d}@bia segredo", whisper("bia", "segredo")),
        ("\u{feff} olá", say("\u{feff} olá")),
        ("\u{2800}\t@bia segredo", whisper("bia", "segredo")),
        ("\u{ff20}bia segredo", whisper("bia", "segredo")),
        (" \u{fe6b}bia segredo", whisper("bia", "segredo")),
        ("\u{fffd}@bia segredo", whisper("bia", "segredo")),
        ("@bia, oi", whisper("bia", "oi")),
        ("@bia: oi", whisper("bia", "oi")),
        ("@bia; oi", whisper("bia;", "oi")),
        ("@@bia, oi", whisper("@bia", "oi")),
        ("@bia,caio oi", whisper("bia,caio", "oi")),
        ("oi @bia", say("oi @bia")),
        ("\u{200b}\u{ad} ", Ok(None)),
    ] {
        assert_eq!(classic::parse_request(line), request, "{line}");
    }
    for line in ["@bia", "@", "@ oi", "@bia  ", "\u{ff20}bia", "@, oi", "@: "] {
        assert_eq!(classic::parse_request(line).unwrap_err().0, sentences::BAD_FORMAT, "{line}");
    }
}

#[test]
fn lines_that_are_not_utf8() {
    for (line, read) in [
        (&b"amanh\xe3"[..], "amanhã"),
        (b"@jo\xe3o oi", "@joão oi"),
        // A terminal that deletes half of a letter.
        (b"\xc3@bia segredo", "@bia segredo"),
        (b" \xc3\x08 @bia segredo \xe0s 9", "@bia segredo às 9"),
        (b"\xe9 @bia", "@bia"),
        (b"\xe9h @bia", "éh @bia"),
        ("é@bia".as_bytes(), "é@bia"),
    ] {
        assert_eq!(classic::decode_line(line), read, "{line:x?}");
    }
}

#[test]
fn names_as_they_are_sent() {
    for (line, name) in [
        ("ana", "ana"),
        (" \tana maria\u{a0}\r", "ana maria"),
        ("\u{feff}bia", "bia"),
        ("b\u{feff}ia\u{feff} ", "bia"),
        // Sent by port scanners.
        ("l\u{b}", "l\u{b}"),
        ("\u{1}default", "\u{1}default"),
    ] {
        let Request::Hello(hello) = classic::parse_hello(line) else { panic!("{line}") };
        assert_eq!(hello.name, name, "{line:?}");
    }
}

#[test]
fn a_whisper_of_several_lines_keeps_its_margin() {
    for (text, parts) in [
        ("@bia oi", Some(("bia", "oi"))),
        ("  @bia:   oi \n tudo ", Some(("bia", "oi \n tudo"))),
        ("@bia,\n\n    def f():\n        pass\n", Some(("bia", "    def f():\n        pass"))),
        ("@bia", Some(("bia", ""))),
        ("oi", None),
    ] {
        assert_eq!(classic::addressed(text), parts, "{text:?}");
    }
}

/// The request that remains of `request` in this dialect, as a classic program would type it.
fn typed(request: Request) -> Option<Request> {
    let word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    let trimmed = |text: String| Some(text.trim().to_owned()).filter(|t| !t.is_empty() && !t.contains(['\n', '\r']));
    match request {
        Request::Say { text, .. } => {
            let is_seen = |text: &String| Text::clean(text, LineBreaks::Space).is_some();
            let is_said = |text: &String| is_seen(text) && classic::addressed(text).is_none();
            Some(Request::Say { reference: None, text: trimmed(text).filter(is_said)? })
        }
        Request::Private { to, text, .. } if word(&to) && !to.ends_with([',', ':']) => {
            Some(Request::Private { reference: None, to, text: trimmed(text)? })
        }
        _ => None,
    }
}

proptest! {
    #[test]
    fn every_request_comes_back(request in any::request()) {
        let Some(request) = typed(request) else { return Ok(()) };
        let mut out = Vec::new();
        encode_request(&request, &mut out);
        let line = String::from_utf8(out).unwrap();
        prop_assert_eq!(classic::parse_request(line.trim_end_matches('\n')), Ok(Some(request)));
    }

    #[test]
    fn every_event_comes_back(event in prop_oneof![any::event(), any::users()]) {
        let lines = encoded(&event);
        let read: Vec<Line<'_>> = lines.lines().map(Line::parse).collect();
        let said = |text: &Text| text.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>();
        match &event {
            Event::Welcome(_) => prop_assert_eq!(read, [Line::Ok]),
            Event::Joined { name, addr, .. } => prop_assert_eq!(read, [Line::Joined(name.as_str(), *addr)]),
            Event::Left { name, .. } => prop_assert_eq!(read, [Line::Left(name.as_str())]),
            Event::Users { names, more } => {
                prop_assert_eq!(read, [Line::Users(names.iter().map(Name::as_str).collect(), *more)]);
            }
            Event::Private(private) => {
                let texts = said(&private.text);
                let expected: Vec<_> = texts.iter().map(|t| Line::Private(private.from.as_str(), t)).collect();
                prop_assert_eq!(read, expected);
            }
            Event::Message(message) => {
                let texts = said(&message.text);
                prop_assert_eq!(read.len(), texts.len());
                for (line, text) in read.iter().zip(&texts) {
                    let Line::Public(from, heard) = line else { panic!("{line:?}") };
                    prop_assert_eq!(*from, message.from.as_str());
                    prop_assert_eq!(heard.strip_suffix(" (público)").unwrap_or(heard), text.as_str());
                }
            }
            Event::Notice(notice) => prop_assert_eq!(read.len(), said(&notice.text).len()),
            Event::ServerClosed => prop_assert_eq!(read, [Line::ServerClosed]),
            _ => prop_assert!(read.len() <= 4),
        }
    }

    #[test]
    fn any_line_ends_well(line in ".{0,80}") {
        let _ = (classic::parse_request(&line), Line::parse(&line));
    }
}
