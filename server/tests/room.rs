//! Stories of the room: who gets what, in which order. No sockets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use papo_common::{
    CloseReason, Dialect, ErrorReason, Event, Hello, Limits, LineBreaks, LogId, LogToken, MemberId, Message, Name,
    Notice, Private, Refusal, Request, RunId, SafeInteger, SessionSecret, SessionToken, Text, User, Welcome, sentences,
};
use papo_server::blocks::{Block, BlockKind};
use papo_server::config::RoomConfig;
use papo_server::keys::{ConnectionKey, MemberKey};
use papo_server::room::{Audience, Delivery, Departure, JoinRequest, Room};
use proptest::prelude::*;

mod support;

use support::requests::{private, say};

const AT: u64 = 1_700_000_000_000;
const KEEP: u64 = 60_000;
const RUN: RunId = RunId::from_random(2);
const LOG: LogId = LogId::from_random(1);

struct Story {
    room: Room,
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn text(raw: &str) -> Text {
    Text::clean(raw, LineBreaks::Keep).unwrap()
}

fn number(n: u64) -> Option<SafeInteger> {
    SafeInteger::new(n)
}

fn id(connection: usize) -> MemberId {
    MemberId::from_random(connection as u128)
}

fn addr(connection: usize) -> std::net::SocketAddr {
    ([10, 0, 0, connection as u8], 4000).into()
}

fn newcomer(connection: usize, dialect: Dialect) -> JoinRequest {
    let session = SessionSecret::from_random(connection as u128);
    JoinRequest { connection: ConnectionKey(connection), dialect, addr: addr(connection), id: id(connection), session }
}

impl Story {
    fn new() -> Story {
        let limits = Limits { name: 32, text: 20, lines: 3, keep: KEEP };
        let settings = RoomConfig { limits, max_kept_per_address: 2, loopback_is_exempt: true };
        Story { room: Room::new(RUN, LOG, settings) }
    }

    /// A room with these members, connected as 0, 1, …, all told.
    fn with(members: &[(&str, Dialect)]) -> (Story, Vec<MemberKey>) {
        let mut story = Story::new();
        let keys =
            members.iter().enumerate().map(|(i, (name, dialect))| story.join(i, name, *dialect).unwrap()).collect();
        story.room.end_turn();
        story.told();
        (story, keys)
    }

    fn join(&mut self, connection: usize, name: &str, dialect: Dialect) -> Option<MemberKey> {
        self.room.join(&newcomer(connection, dialect), &Hello::new(name), AT)
    }

    /// Lets a native member in and gives its welcome.
    fn enter(&mut self, connection: usize, hello: &Hello) -> (Welcome, MemberKey) {
        self.told();
        let key = self.room.join(&newcomer(connection, Dialect::Json), hello, AT).unwrap();
        let welcome = self.told().into_iter().find_map(|told| match told.event {
            Event::Welcome(welcome) => Some(*welcome),
            _ => None,
        });
        (welcome.unwrap(), key)
    }

    fn told(&mut self) -> Vec<Delivery> {
        std::iter::from_fn(|| self.room.next_delivery()).collect()
    }

    #[track_caller]
    fn expect(&mut self, deliveries: &[(Audience, Event)]) {
        let told: Vec<(Audience, Event)> = self.told().into_iter().map(|Delivery { to, event }| (to, event)).collect();
        assert_eq!(told, deliveries);
    }
}

fn one(connection: usize) -> Audience {
    Audience::One(ConnectionKey(connection))
}

fn all(subject: Option<usize>) -> Audience {
    Audience::All { subject: subject.map(ConnectionKey) }
}

const SESSIONS: [SessionSecret; 2] = [SessionSecret::from_random(0), SessionSecret::from_random(1)];

fn numbers(history: &[Event]) -> Vec<u64> {
    history
        .iter()
        .filter_map(|event| if let Event::Message(message) = event { Some(message.seq) } else { None })
        .collect()
}

fn private_of(event: Event) -> Option<Private> {
    if let Event::Private(private) = event { Some(private) } else { None }
}

fn text_of(event: &Event) -> String {
    match event {
        Event::Message(Message { text, .. }) | Event::Private(Private { text, .. }) => text.as_str().into(),
        other => panic!("{other:?}"),
    }
}

fn joined(who: &str, connection: usize) -> Event {
    Event::Joined { name: name(who), id: id(connection), addr: addr(connection), at: AT }
}

#[test]
fn a_newcomer_is_welcomed_and_the_others_are_told() {
    let (mut story, _) = Story::with(&[("ana", Dialect::Json)]);
    story.join(1, "bia", Dialect::Json).unwrap();
    let told = story.told();
    let Event::Welcome(welcome) = &told[0].event else { panic!("{told:?}") };
    assert_eq!(told[0].to, one(1));
    assert_eq!((welcome.name.as_str(), welcome.id, welcome.addr), ("bia", id(1), addr(1)));
    assert_eq!((welcome.seq, welcome.pseq, welcome.resumed, welcome.gap), (0, 0, false, false));
    let user = |who: &str, i| User { name: name(who), id: id(i), addr: addr(i) };
    assert_eq!(welcome.users.to_vec(), [user("ana", 0), user("bia", 1)]);
    assert_eq!(told[1..], [Delivery { to: all(Some(1)), event: joined("bia", 1) }]);
}

#[test]
fn a_taken_or_impossible_name_is_refused_and_nobody_hears_of_it() {
    let (mut story, _) = Story::with(&[("ana", Dialect::Json)]);
    for (wanted, reason) in [
        ("ana", Refusal::NameInUse),
        ("ANA", Refusal::NameInUse),
        ("\u{430}na", Refusal::NameInUse),
        ("ana maria", Refusal::NameInvalid),
        ("@ana", Refusal::NameInvalid),
        ("", Refusal::NameInvalid),
        ("servidor", Refusal::NameInvalid),
    ] {
        assert_eq!(story.join(1, wanted, Dialect::Json), None);
        story.expect(&[(one(1), Event::refused(reason))]);
    }
    let newer = Hello { version: number(2).unwrap(), ..Hello::new("bia") };
    assert_eq!(story.room.join(&newcomer(1, Dialect::Json), &newer, AT), None);
    story.expect(&[(one(1), Event::refused(Refusal::Version))]);
    story.room.end_turn();
    story.expect(&[]);
}

#[test]
fn a_name_that_looks_like_that_of_somebody_here_or_away_is_taken() {
    let (mut story, keys) = Story::with(&[("lucas", Dialect::Json), ("Iara", Dialect::Json)]);
    for leaves in [false, true] {
        if leaves {
            story.room.leave(keys[0], Departure::Dropped, AT).unwrap();
            story.room.leave(keys[1], Departure::Dropped, AT).unwrap();
            story.told();
        }
        for wanted in ["Iucas", "LUCAS", "IARA", "lara"] {
            assert_eq!(story.join(2, wanted, Dialect::Json), None, "{wanted} {leaves}");
            story.expect(&[(one(2), Event::refused(Refusal::NameInUse))]);
        }
    }
    assert!(story.join(2, "Lara", Dialect::Json).is_some() && story.join(3, "iucas", Dialect::Classic).is_some());
    story.told();
    // Now that both `lucas` and `iucas` are known, neither can be spelled so that it looks like the other.
    let respelled = back("Iucas", SESSIONS[0], 0, 0);
    assert_eq!(story.room.join(&newcomer(4, Dialect::Json), &respelled, AT), None);
    story.expect(&[(one(4), Event::refused(Refusal::NameInUse))]);
    let (welcome, _) = story.enter(4, &back("Lucas", SESSIONS[0], 0, 0));
    assert!(welcome.resumed);
    let (welcome, _) = story.enter(5, &back("IARA", SESSIONS[1], 0, 0));
    assert!(welcome.resumed && welcome.name.as_str() == "IARA");
    assert!(story.join(6, "lara", Dialect::Json).is_none(), "Lara is there");
}

#[test]
fn a_whisper_goes_rather_to_the_equal_name_than_to_one_that_looks_so() {
    let (mut story, keys) = Story::with(&[("lucas", Dialect::Json), ("iucas", Dialect::Json), ("ana", Dialect::Json)]);
    for (n, (to, connection)) in (1..).zip([("Iucas", 1), ("1ucas", 0), ("LUCAS", 0), ("IUCAS", 1)]) {
        story.room.handle(keys[2], private(n, to, "oi"), AT);
        let told = story.told();
        assert_eq!(told[0].to, one(connection), "{to}: {told:?}");
    }
    // When the one whom it is equal to has gone for good, it is the other one's.
    story.room.leave(keys[1], Departure::ForGood, AT).unwrap();
    story.told();
    story.room.handle(keys[2], private(99, "Iucas", "oi"), AT);
    assert_eq!(story.told()[0].to, one(0));
    assert_eq!(story.room.find("Iucas").map(|member| member.name.as_str()), Some("lucas"));
}

#[test]
fn a_name_is_free_again_when_its_member_has_left() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json)]);
    assert_eq!(story.room.leave(keys[0], Departure::ForGood, AT).unwrap().name, name("ana"));
    story.expect(&[(all(None), Event::Left { name: name("ana"), id: id(0), at: AT })]);
    assert!(story.room.leave(keys[0], Departure::ForGood, AT).is_none());
    assert!(story.join(1, "ana", Dialect::Classic).is_some());
}

#[test]
fn what_is_said_goes_to_all_in_one_order() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Classic)]);
    story.room.handle(keys[0], say(7, "  olá\n@bia  "), AT);
    story.room.handle(keys[1], Request::Say { reference: None, text: "oi\rana".into() }, AT + 1);
    let message = |seq, from: &str, i, said: &str, at, reference| {
        Event::Message(Message { seq, from: name(from), id: id(i), text: text(said), at, reference })
    };
    story.expect(&[
        (all(Some(0)), message(1, "ana", 0, "  olá\n@bia", AT, number(7))),
        (all(Some(1)), message(2, "bia", 1, "oi ana", AT + 1, None)),
    ]);
}

#[test]
fn a_private_message_goes_to_its_addressee_and_as_the_receipt_to_its_sender() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("Bia", Dialect::Json), ("caio", Dialect::Classic)]);
    let whisper = |pseq, from: &str, i, to: &str, reference| {
        let (from, to, text) = (name(from), name(to), text("oi"));
        Event::Private(Private { pseq, from, id: id(i), to, text, at: AT, reference, away: false })
    };
    story.room.handle(keys[0], private(1, "BIA", "oi"), AT);
    story.expect(&[(one(1), whisper(1, "ana", 0, "Bia", number(1))), (one(0), whisper(1, "ana", 0, "Bia", number(1)))]);
    story.room.handle(keys[2], Request::Private { reference: None, to: "ana".into(), text: "oi".into() }, AT);
    story.expect(&[(one(0), whisper(2, "caio", 2, "ana", None))]);
}

#[test]
fn what_cannot_be_done_is_answered_to_its_sender_alone() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    let too_long = sentences::too_long(20);
    for (request, reason, detail) in [
        (private(1, "Ana", "oi"), ErrorReason::ToOneself, sentences::TO_ONESELF),
        (private(1, "zé\u{1b}[31m", "oi"), ErrorReason::NoSuchUser, "Usuário zé[31m não encontrado."),
        (private(1, "", "oi"), ErrorReason::NoSuchUser, "Usuário  não encontrado."),
        (private(1, "bia", "123456789012345678901"), ErrorReason::TooLong, &too_long),
        (say(1, "123456789012345678901"), ErrorReason::TooLong, &too_long),
        (say(1, "1\n2\n3\n4"), ErrorReason::TooLong, &too_long),
    ] {
        story.room.handle(keys[0], request, AT);
        story.expect(&[(one(0), Event::problem(reason, number(1), detail.to_owned()))]);
    }
    story.room.handle(keys[0], Request::Hello(Hello::new("eva")), AT);
    story.expect(&[(one(0), Event::problem(ErrorReason::Malformed, None, sentences::MALFORMED))]);
}

#[test]
fn blank_texts_and_unknown_requests_are_ignored() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    for request in [say(1, " \n\u{200b}"), private(1, "bia", "\t"), Request::Unknown, Request::Pong] {
        story.room.handle(keys[0], request, AT);
        story.expect(&[]);
    }
}

#[test]
fn what_was_said_before_is_given_to_newcomers_and_on_request() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json)]);
    for i in 1..=60 {
        story.room.handle(keys[0], say(i, format!("linha {i}")), AT);
    }
    story.told();
    let (welcome, _) = story.enter(1, &Hello::new("bia"));
    assert_eq!((numbers(&welcome.history), welcome.seq, welcome.gap), ((11..=60).collect(), 60, false));
    let asked = |before, count| Request::History {
        reference: None,
        before: number(before).unwrap(),
        count: number(count).unwrap(),
    };
    for (request, found, more_exist) in [(asked(11, 4), 7..=10, true), (asked(3, 200), 1..=2, false)] {
        story.room.handle(keys[0], request, AT);
        let Some(Delivery { event: Event::History { messages, more, .. }, .. }) = story.told().pop() else { panic!() };
        assert_eq!((numbers(&messages), more), (found.collect(), more_exist));
    }
    // Nobody keeps more than memory does: that is searched, as the history would be.
    let search =
        Request::Search {
            reference: number(4), text: "LÍNHA 5".into(), before: number(58), count: number(2).unwrap()
        };
    story.room.handle(keys[0], search, AT);
    let Some(Delivery { event: Event::Found { messages, more, reference }, .. }) = story.told().pop() else { panic!() };
    assert_eq!((numbers(&messages), more, reference), ((56..=57).collect(), true, number(4)));
    let nothing =
        Request::Search { reference: number(5), text: " \u{301} ".into(), before: None, count: number(2).unwrap() };
    story.room.handle(keys[0], nothing, AT);
    story.expect(&[(one(0), Event::problem(ErrorReason::NothingToFind, number(5), sentences::NOTHING_TO_FIND))]);
    let search = Request::Search { reference: None, text: "oi".into(), before: None, count: number(1).unwrap() };
    story.room.handle(keys[0], search, AT);
    story.expect(&[(one(0), Event::Found { messages: vec![], more: false, reference: None })]);
}

/// What one knows who comes back.
fn back(name: &str, session: SessionSecret, since: u64, private_since: u64) -> Hello {
    let since = number(since);
    Hello {
        session: Some(session.into()),
        log: Some(LOG.into()),
        since,
        private_since: number(private_since),
        ..Hello::new(name)
    }
}

#[test]
fn who_drops_out_finds_its_name_and_what_it_missed() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    story.room.handle(keys[1], say(1, "antes"), AT);
    story.room.leave(keys[0], Departure::Dropped, AT);
    story.told();
    // Nobody else can be ana meanwhile, with or without a session of its own.
    for hello in [Hello::new("Ana"), back("ana", SessionSecret::from_random(99), 1, 1), back("ana", SESSIONS[1], 1, 1)]
    {
        assert_eq!(story.room.join(&newcomer(5, Dialect::Json), &hello, AT), None);
        story.expect(&[(one(5), Event::refused(Refusal::NameInUse))]);
    }
    story.room.handle(keys[1], say(2, "durante"), AT + 1);
    story.room.handle(keys[1], private(3, "ANA", "segredo"), AT + 2);
    story.room.handle(keys[1], say(4, "depois"), AT + 3);
    let away: Vec<bool> = story.told().into_iter().filter_map(|told| private_of(told.event)).map(|p| p.away).collect();
    assert_eq!(away, [true], "one receipt, and no copy to a connection");
    let (welcome, key) = story.enter(7, &back("ana", SESSIONS[0], 1, 0));
    assert!(welcome.resumed && !welcome.gap);
    assert_eq!((welcome.id, welcome.session, welcome.pseq), (id(0), SESSIONS[0].into(), 1));
    let texts: Vec<String> = welcome.history.iter().map(text_of).collect();
    assert_eq!(texts, ["durante", "segredo", "depois"]);
    assert_eq!(story.room.member(key).unwrap().addr, addr(7));
    assert_eq!(story.room.members().len(), 2);
}

#[test]
fn who_had_heard_nothing_yet_finds_all_that_was_said() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    story.room.leave(keys[0], Departure::Dropped, AT);
    for n in 1..=80 {
        story.room.handle(keys[1], say(n, "oi"), AT);
    }
    // No `since`: 0 cannot stand on the wire.
    let (welcome, _) = story.enter(7, &back("ana", SESSIONS[0], 0, 0));
    assert_eq!((numbers(&welcome.history), welcome.resumed, welcome.gap), ((1..=80).collect(), true, false));
    // What is heard of another numbering says nothing here.
    let stranger = Hello { log: Some(LogId::from_random(2).into()), ..back("ana", SESSIONS[0], 0, 0) };
    assert_eq!(numbers(&story.enter(8, &stranger).0.history), (31..=80).collect::<Vec<_>>());
}

#[test]
fn what_another_server_wrote_is_unknown_here() {
    for foreign in ["", "0", "🦊🦊", "0189f7e4-6c1b-7d3a-9c55-2f5b8f3e7a10", "0000000000000000000000000000000G"] {
        let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
        story.room.leave(keys[0], Departure::Dropped, AT);
        story.room.handle(keys[1], say(1, "oi"), AT);
        let (session, log) = (SessionToken::new(foreign), LogToken::new(foreign));
        let (welcome, _) = story.enter(7, &Hello { session: session.clone(), log: log.clone(), ..Hello::new("caio") });
        assert_eq!((welcome.resumed, numbers(&welcome.history)), (false, vec![1]), "{foreign}");
        // Another numbering alone takes no session away.
        let (welcome, _) = story.enter(8, &Hello { log, ..back("ana", SESSIONS[0], 1, 0) });
        assert_eq!((welcome.resumed, numbers(&welcome.history)), (true, vec![1]), "{foreign}");
    }
}

#[test]
fn a_welcome_holds_so_many_bytes_and_says_what_it_left_out() {
    let limits = Limits { name: 32, text: 64 << 10, lines: 3, keep: KEEP };
    let settings = RoomConfig { limits, max_kept_per_address: 2, loopback_is_exempt: true };
    let mut story = Story { room: Room::new(RUN, LOG, settings) };
    let keys: Vec<_> = (0..2).map(|i| story.join(i, ["ana", "bia"][i], Dialect::Json).unwrap()).collect();
    story.room.leave(keys[0], Departure::Dropped, AT);
    let long = "x".repeat(60 << 10);
    for n in [1, 3, 5, 7] {
        story.room.handle(keys[1], say(n, &long), AT + n);
        story.room.handle(keys[1], private(n + 1, "ana", &long), AT + n + 1);
    }
    let (welcome, _) = story.enter(7, &back("ana", SESSIONS[0], 0, 0));
    let times = |event: &Event| match event {
        Event::Message(Message { at, .. }) | Event::Private(Private { at, .. }) => at - AT,
        other => panic!("{other:?}"),
    };
    assert_eq!((welcome.history.iter().map(times).collect(), welcome.gap), (vec![5, 6, 7, 8], true));
}

#[test]
fn a_clock_that_is_put_back_changes_no_order() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    story.room.leave(keys[0], Departure::Dropped, AT);
    story.room.handle(keys[1], say(1, "um"), AT);
    story.room.handle(keys[1], private(2, "ana", "dois"), AT + 1);
    story.room.handle(keys[1], say(3, "três"), AT - 9_000);
    story.room.handle(keys[1], private(4, "ana", "quatro"), AT - 8_000);
    let (welcome, _) = story.enter(7, &back("ana", SESSIONS[0], 0, 0));
    let texts: Vec<String> = welcome.history.iter().map(text_of).collect();
    assert_eq!(numbers(&welcome.history), [1, 2]);
    assert_eq!(texts.iter().filter(|text| *text == "dois" || *text == "quatro").count(), 2);
    assert!(texts.iter().position(|text| text == "dois") < texts.iter().position(|text| text == "quatro"));
}

#[test]
fn who_comes_back_while_its_old_connection_stands_replaces_it() {
    let (mut story, _) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    let key = story.room.join(&newcomer(7, Dialect::Json), &back("ana", SESSIONS[0], 0, 0), AT).unwrap();
    let told = story.told();
    assert_eq!(told[0], Delivery { to: one(0), event: Event::closed(CloseReason::Replaced) });
    assert_eq!(told[1], Delivery { to: all(None), event: Event::Left { name: name("ana"), id: id(0), at: AT } });
    assert!(matches!(&told[2].event, Event::Welcome(welcome) if welcome.resumed));
    assert_eq!(story.room.members().len(), 2);
    let joined = Event::Joined { name: name("ana"), id: id(0), addr: addr(7), at: AT };
    assert_eq!(told[3], Delivery { to: all(Some(7)), event: joined });
    assert_eq!(story.room.find("ana").unwrap().connection, ConnectionKey(7));
    assert!(story.room.leave(key, Departure::ForGood, AT).is_some());
}

#[test]
fn a_name_is_kept_for_a_while_and_not_for_those_who_said_goodbye() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json), ("caio", Dialect::Classic)]);
    story.room.leave(keys[0], Departure::Dropped, AT);
    story.room.leave(keys[1], Departure::ForGood, AT);
    story.room.leave(keys[2], Departure::Dropped, AT);
    assert!(story.join(3, "bia", Dialect::Json).is_some());
    assert!(story.join(4, "caio", Dialect::Json).is_some());
    assert_eq!(story.join(5, "ana", Dialect::Json), None);
    assert_eq!(story.room.directory().next_expiry(), Some(KEEP));
    story.room.set_now(KEEP - 1);
    story.room.expire(AT + KEEP - 1);
    assert_eq!(story.join(5, "ana", Dialect::Json), None);
    story.room.set_now(KEEP);
    story.room.expire(AT + KEEP);
    assert_eq!(story.room.directory().next_expiry(), None);
    let hello = back("ana", SESSIONS[0], 0, 0);
    let (welcome, _) = story.enter(5, &hello);
    assert!(!welcome.resumed, "a session that has ended is a fresh hello");
}

#[test]
fn only_so_many_names_are_kept_for_one_address() {
    let mut story = Story::new();
    let keys: Vec<_> = (0..3)
        .map(|i| {
            let newcomer = JoinRequest { addr: addr(1), ..newcomer(i, Dialect::Json) };
            story.room.join(&newcomer, &Hello::new(format!("n{i}")), AT).unwrap()
        })
        .collect();
    for key in keys {
        story.room.leave(key, Departure::Dropped, AT);
    }
    assert_eq!(story.join(5, "n1", Dialect::Json), None);
    assert!(story.join(6, "n2", Dialect::Json).is_some());
}

#[test]
fn what_is_asked_again_is_answered_again_and_shown_to_nobody() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    story.room.handle(keys[0], say(1, "oi"), AT);
    story.room.handle(keys[0], private(2, "bia", "psiu"), AT);
    let mut first = story.told();
    first.retain(|delivery| delivery.to != one(1));
    story.room.leave(keys[0], Departure::Dropped, AT);
    let (welcome, key) = story.enter(7, &back("ana", SESSIONS[0], 0, 0));
    assert_eq!(welcome.history.len(), 2);
    story.room.handle(key, say(1, "oi"), AT + 9);
    story.room.handle(key, private(2, "bia", "psiu"), AT + 9);
    let again = story.told();
    assert_eq!(again.iter().map(|told| told.to).collect::<Vec<_>>(), [one(7), one(7)]);
    assert_eq!(
        again.iter().map(|told| &told.event).collect::<Vec<_>>(),
        first.iter().map(|told| &told.event).collect::<Vec<_>>()
    );
    story.room.handle(key, say(3, "nova"), AT + 9);
    assert!(matches!(story.told()[..], [Delivery { to: Audience::All { .. }, .. }]));
}

#[test]
fn what_was_said_before_a_muting_is_still_confirmed() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    story.room.handle(keys[0], say(1, "oi"), AT);
    story.room.handle(keys[0], private(2, "bia", "psiu"), AT);
    let receipts: Vec<Event> =
        story.told().into_iter().filter(|told| told.to != one(1)).map(|told| told.event).collect();
    let (ip, names) = (addr(0).ip(), Vec::new());
    story.room.blocks_mut().add(Block { kind: BlockKind::Mute, ip, names, at: AT, reason: None });
    story.room.handle(keys[0], say(1, "oi"), AT + 9);
    story.room.handle(keys[0], private(2, "bia", "psiu"), AT + 9);
    story.room.handle(keys[0], say(3, "mais"), AT + 9);
    let [said, whispered] = &receipts[..] else { panic!("{receipts:?}") };
    let muted = Event::problem(ErrorReason::Muted, number(3), sentences::MUTED);
    story.expect(&[(one(0), said.clone()), (one(0), whispered.clone()), (one(0), muted)]);
}

#[test]
fn a_number_of_the_other_kind_is_malformed_by_its_number() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    story.room.handle(keys[0], say(1, "oi"), AT);
    story.room.handle(keys[0], private(2, "bia", "psiu"), AT);
    story.told();
    for (request, reference) in [(private(1, "bia", "oi"), 1), (say(2, "psiu"), 2)] {
        story.room.handle(keys[0], request, AT);
        story.expect(&[(one(0), Event::problem(ErrorReason::Malformed, number(reference), sentences::MALFORMED))]);
    }
}

#[test]
fn the_list_goes_out_once_per_turn_and_only_if_it_changed() {
    let mut story = Story::new();
    let ana = story.join(0, "ana", Dialect::Classic).unwrap();
    story.join(1, "bia", Dialect::Classic);
    story.room.leave(ana, Departure::Dropped, AT);
    story.join(2, "caio", Dialect::Classic);
    story.told();
    story.room.end_turn();
    story.expect(&[(all(None), Event::Users { names: vec![name("bia"), name("caio")], more: 0 })]);
    story.room.end_turn();
    story.expect(&[]);
}

#[test]
fn a_long_list_holds_those_who_came_last() {
    let mut story = Story::new();
    for i in 0..105 {
        story.join(i, &format!("n{i}"), Dialect::Classic).unwrap();
    }
    story.told();
    story.room.end_turn();
    let names = (5..105).map(|i| name(&format!("n{i}"))).collect();
    story.expect(&[(all(None), Event::Users { names, more: 5 })]);
}

#[derive(Clone, Debug)]
enum Step {
    Join(usize, String, bool),
    Leave(usize, bool),
    Say(usize, String),
    Whisper(usize, String, String),
    EndTurn,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..6_usize;
    let called = || prop::sample::select(vec!["ana", "Ana", "bia", "zé", "a b", "ok", "éva"]).prop_map(String::from);
    prop_oneof![
        (who.clone(), called(), any::<bool>()).prop_map(|(i, name, native)| Step::Join(i, name, native)),
        (who.clone(), any::<bool>()).prop_map(|(i, drops)| Step::Leave(i, drops)),
        (who.clone(), ".{0,25}").prop_map(|(i, text)| Step::Say(i, text)),
        (who, called(), ".{0,25}").prop_map(|(i, to, text)| Step::Whisper(i, to, text)),
        Just(Step::EndTurn),
    ]
}

proptest! {
    /// Whatever happens: names are unique, numbers rise by one, and nobody is told anything but members and those who
    /// were just refused.
    #[test]
    fn the_room_holds_together(steps in prop::collection::vec(step(), 0..80)) {
        let mut story = Story::new();
        let mut seated: [Option<MemberKey>; 6] = [None; 6];
        let mut seq = 0;
        for (turn, step) in (1..).zip(steps) {
            let mut refused = None;
            match step {
                Step::Join(i, name, native) if seated[i].is_none() => {
                    let dialect = if native { Dialect::Json } else { Dialect::Classic };
                    seated[i] = story.join(i, &name, dialect);
                    refused = Some(i);
                }
                Step::Join(..) => {}
                Step::Leave(i, drops) => {
                    let how = if drops { Departure::Dropped } else { Departure::ForGood };
                    drop(seated[i].take().and_then(|key| story.room.leave(key, how, AT)));
                }
                Step::Say(i, text) => {
                    if let Some(key) = seated[i] {
                        story.room.handle(key, Request::Say { reference: number(turn), text }, AT);
                    }
                }
                Step::Whisper(i, to, text) => {
                    if let Some(key) = seated[i] {
                        story.room.handle(key, Request::Private { reference: number(turn), to, text }, AT);
                    }
                }
                Step::EndTurn => story.room.end_turn(),
            }
            for Delivery { to, event } in story.told() {
                if let Audience::One(ConnectionKey(i)) = to {
                    prop_assert!(seated[i].is_some() || refused == Some(i));
                }
                if let Event::Message(message) = event {
                    prop_assert_eq!(message.seq, seq + 1);
                    seq = message.seq;
                }
            }
            let names: std::collections::HashSet<_> = story.room.members().map(|(_, member)| member.name.clone()).collect();
            prop_assert_eq!(names.len(), story.room.members().len());
            prop_assert_eq!(names.len(), seated.iter().flatten().count());
        }
    }
}

#[test]
fn a_notice_has_its_place_and_no_number() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json)]);
    story.room.notice(text("antes"), AT);
    story.room.handle(keys[0], say(1, "oi"), AT + 1);
    story.room.notice(text("depois"), AT + 2);
    let given = |after, raw, later| Event::Notice(Notice { text: text(raw), at: AT + later, after, log: None });
    let notices: Vec<Event> =
        story.told().into_iter().map(|told| told.event).filter(|event| matches!(event, Event::Notice(_))).collect();
    assert_eq!(notices, [given(Some(0), "antes", 0), given(Some(1), "depois", 2)]);
    let (welcome, _) = story.enter(1, &Hello::new("bia"));
    assert_eq!((welcome.history.len(), welcome.seq), (3, 1));
    assert_eq!([&welcome.history[0], &welcome.history[2]], [&notices[0], &notices[1]]);
}

#[test]
fn a_hole_is_no_gap() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    for n in 1..=510 {
        story.room.handle(keys[1], say(n, "oi"), AT);
    }
    for seq in [11, 12, 100, 510] {
        assert!(story.room.channel().has_message(seq) && !story.room.channel().has_removed(seq));
        story.room.remove_message(seq);
        assert!(!story.room.channel().has_message(seq) && story.room.channel().has_removed(seq));
    }
    // The first ten have fallen out of memory by themselves.
    let mut ana = keys[0];
    for (since, gap, first, count) in
        [(9, true, 13, 496), (10, false, 13, 496), (11, false, 13, 496), (99, false, 101, 409)]
    {
        story.room.leave(ana, Departure::Dropped, AT);
        let (welcome, key) = story.enter(7, &back("ana", SESSIONS[0], since, 0));
        ana = key;
        let told = numbers(&welcome.history);
        assert_eq!((welcome.gap, told[0], told.len()), (gap, first, count), "{since}");
        assert_eq!((welcome.seq, welcome.removed), (510, vec![11, 12, 100, 510]));
    }
    story.room.handle(keys[1], say(511, "oi"), AT);
    let Some(Delivery { event: Event::Message(Message { seq: 511, .. }), .. }) = story.told().pop() else { panic!() };
}

#[test]
fn a_lesson_keeps_members_sessions_and_receipts() {
    let (mut story, keys) = Story::with(&[("ana", Dialect::Json), ("bia", Dialect::Json)]);
    for n in 1..=60 {
        story.room.handle(keys[1], say(n, "oi"), AT);
    }
    story.room.leave(keys[0], Departure::Dropped, AT);
    story.told();
    let log = LogId::from_random(77);
    story.room.begin_lesson(log, AT + 1);
    let notice = Notice { text: text(sentences::LESSON_BEGINS), at: AT + 1, after: Some(60), log: Some(log.into()) };
    story.expect(&[(Audience::All { subject: None }, Event::Notice(notice.clone()))]);
    let told = Event::Notice(Notice { log: None, ..notice });
    // Asked again, it is not said again.
    story.room.handle(keys[1], say(60, "oi"), AT + 2);
    let [Delivery { to: Audience::One(_), event: Event::Message(Message { seq: 60, .. }) }] = &story.told()[..] else {
        panic!()
    };
    story.room.handle(keys[1], say(61, "oi"), AT + 3);
    let (welcome, _) = story.enter(7, &back("ana", SESSIONS[0], 58, 0));
    assert_eq!((welcome.log, welcome.resumed, welcome.gap, welcome.seq), (log.into(), true, true, 61));
    assert_eq!((&welcome.history[0], numbers(&welcome.history[1..])), (&told, vec![61]));
    let (welcome, _) = story.enter(8, &Hello::new("caio"));
    assert_eq!((&welcome.history[0], welcome.history.len(), welcome.gap), (&told, 2, false));
}
