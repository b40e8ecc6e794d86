//! Who says or asks for more than its rate lets through: it waits, at no cost for the server or anybody else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{ErrorKind, Write as _};
use std::time::Duration;

use papo_common::limits::MAX_COUNT;
use papo_common::{Event, Hello, Request, SafeInteger};
use papo_server::operator::command::Command;
use papo_server::options::Options;

mod support;

use support::requests::say;
use support::stage::{Client, Stage};

/// What one line costs of the usual rate.
const LINE: Duration = Duration::from_millis(50);

/// A member that ends nothing with a newline and has used up its rate.
#[track_caller]
fn unterminated_over_its_rate(stage: &mut Stage, name: &str) -> Client {
    let mut client = stage.connect();
    client.send(name);
    stage.turn();
    stage.hand.advance(Duration::from_millis(200));
    stage.expect(&mut client, "OK");
    // The name was a line too.
    client.send("oi\n".repeat(99));
    stage.turn();
    client
}

#[test]
fn coming_back_buys_no_new_burst() {
    let mut stage = Stage::new();
    let mut bia = stage.classic("bia");
    bia.send("oi\n".repeat(99));
    stage.until("all that her rate lets through", |stage| stage.server.room().channel().messages_sent() == 99);
    drop(bia);
    // Where reading pauses, the end is found when it goes on.
    stage.hand.advance(LINE);
    stage.until("bia has left", |stage| stage.server.room().members().len() == 0);
    let mut bia = stage.classic("bia");
    bia.send("oi\n".repeat(5));
    stage.until("the one that has its turn", |stage| stage.server.room().channel().messages_sent() == 100);
    for _ in 0..3 {
        stage.turn();
    }
    assert_eq!(stage.server.room().channel().messages_sent(), 100);
}

#[test]
fn a_session_that_goes_on_elsewhere_goes_on_at_its_pace() {
    let mut stage = Stage::new();
    let (mut old, welcome) = stage.native("ana");
    let say = |n| Request::Say { reference: SafeInteger::new(n), text: "oi".into() };
    (1..=99).for_each(|n| old.ask(&say(n)));
    stage.until("all that her rate lets through", |stage| stage.server.room().channel().messages_sent() == 99);
    let mut new = stage.connect();
    new.ask(&Request::Hello(Hello { session: Some(welcome.session), ..Hello::new("ana") }));
    (100..=199).for_each(|n| new.ask(&say(n)));
    stage.until("she is back", |stage| stage.server.room().members().any(|(_, ana)| ana.addr == new.addr()));
    for _ in 0..3 {
        stage.turn();
    }
    assert_eq!(stage.server.room().channel().messages_sent(), 99);
    stage.hand.advance(LINE);
    stage.until("one more", |stage| stage.server.room().channel().messages_sent() == 100);
    let log = stage.journal.text();
    assert!(log.contains(&format!("ana ({}) saiu: voltou por outra conexão", old.addr())), "{log}");
}

#[test]
fn one_look_up_a_turn() {
    let mut stage = Stage::new();
    let (mut ana, _) = stage.native("ana");
    let search = |n| Request::Search {
        reference: None,
        text: "oi".into(),
        before: SafeInteger::new(n),
        count: SafeInteger::new(1).unwrap(),
    };
    (1..=3).for_each(|n| ana.ask(&search(n)));
    ana.ask(&Request::Say { reference: SafeInteger::new(1), text: "oi".into() });
    for _ in 0..3 {
        assert!(matches!(stage.event(&mut ana), Event::Found { .. }));
        assert_eq!(stage.server.room().channel().messages_sent(), 0, "the others come first");
    }
    assert!(matches!(stage.event(&mut ana), Event::Message(_)));
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn the_last_look_ups_of_who_leaves_are_answered() {
    let mut stage = Stage::new();
    let (mut ana, _) = stage.native("ana");
    let search =
        Request::Search { reference: None, text: "oi".into(), before: None, count: SafeInteger::new(1).unwrap() };
    (0..3).for_each(|_| ana.ask(&search));
    ana.finish();
    for _ in 0..3 {
        assert!(matches!(stage.event(&mut ana), Event::Found { .. }));
    }
    stage.expect_end(&mut ana);
    stage.expect_nothing_left();
}

#[test]
fn blank_lines_wait_for_no_turn() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let mut bia = unterminated_over_its_rate(&mut stage, "bia");
    for _ in 0..20 {
        bia.send("\n \r\n".repeat(200));
        stage.turn();
    }
    bia.send("fim");
    stage.turn();
    stage.hand.advance(LINE);
    stage.until("the one message that waited", |stage| stage.line(&mut ana) == "bia: fim");
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn short_messages_that_wait_count_for_what_they_take() {
    let mut stage = Stage::new();
    let mut bia = unterminated_over_its_rate(&mut stage, "bia");
    bia.send("x\n".repeat(400));
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 1);
    bia.send("x\n".repeat(400));
    stage.until("bia is out", |stage| stage.server.room().members().len() == 0);
    assert!(stage.journal.text().contains("enviou mais do que pode esperar"));
    drop(bia);
    stage.expect_nothing_left();
}

#[test]
fn the_loop_rests_while_a_talker_waits_for_its_rate() {
    let mut stage = Stage::new();
    let mut attempts = stage.connect();
    attempts.send("\n".repeat(300) + "a b");
    for _ in 0..100 {
        stage.expect(&mut attempts, "NOME_INVALIDO");
    }
    // Silence has made a whole line of the last one long before its turn comes.
    stage.hand.advance(LINE);
    stage.expect(&mut attempts, "NOME_INVALIDO");
    for _ in 0..100 {
        stage.hand.advance(LINE);
        stage.expect(&mut attempts, "NOME_INVALIDO");
        stage.turn();
        assert_eq!(stage.server.poll_timeout(), Some(LINE));
    }
    for _ in 0..100 {
        stage.hand.advance(LINE);
        stage.expect(&mut attempts, "NOME_INVALIDO");
    }
    drop(attempts);
    stage.expect_nothing_left();
}

#[test]
fn a_flooder_gets_no_more_than_its_part_of_any_turn() {
    // The budget of a turn, and the read that goes past it.
    const PART: u64 = (64 + 16) * 1024;
    let mut stage = Stage::with(Options { rate_limit: 0, ..Options::default() });
    let mut caio = stage.classic("caio");
    let blank_lines = (" ".repeat(1_000) + "\n").repeat(250);
    let mut before = stage.bytes_read();
    for turn in 0..60 {
        // As much as the kernel takes, so that each turn is woken by it and owes it a read too.
        loop {
            match caio.stream.write(blank_lines.as_bytes()) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
        stage.turn();
        let after = stage.bytes_read();
        assert!(after - before <= PART, "{} bytes in turn {turn}", after - before);
        before = after;
    }
}

/// How many bytes wait for the member of that name, as the operator is told.
fn bytes_waiting(stage: &mut Stage, name: &str) -> u64 {
    stage.server.command(Command::Users);
    let printed = stage.console.text();
    let told = printed.lines().rfind(|line| line.contains(&format!("{name} ("))).unwrap();
    told.trim_end_matches(" bytes esperando").rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn who_is_neither_read_nor_can_be_written_to_is_asked_once() {
    let mut stage = Stage::with(Options { rate_limit: 1, reader_buffer: 64 << 20, ..Options::default() });
    let (mut ana, _) = stage.native("ana");
    // Over its rate for more than three minutes; and it reads nothing from now on.
    ana.ask(&say(1, "x\n".repeat(200)));
    ana.ask(&say(2, "oi"));
    stage.until("ana has spoken", |stage| stage.server.room().channel().messages_sent() == 1);
    while bytes_waiting(&mut stage, "ana") == 0 {
        stage.server.command(Command::Notice("x".repeat(1 << 20)));
        stage.turn();
    }
    let before = bytes_waiting(&mut stage, "ana");
    for _ in 0..6 {
        stage.hand.advance(Duration::from_secs(30));
        stage.turn();
        assert_eq!(bytes_waiting(&mut stage, "ana"), before + "{\"type\":\"ping\"}\n".len() as u64);
    }
}

#[test]
fn every_break_that_a_text_keeps_is_a_line() {
    for line_break in ["\n", "\r", "\r\n", "\u{2028}", "\u{2029}"] {
        let mut stage = Stage::new();
        let (mut ana, _) = stage.native("ana");
        ana.ask(&say(1, format!("x{line_break}").repeat(150)));
        ana.ask(&say(2, "depois"));
        stage.line(&mut ana);
        stage.expect_silence(&mut ana);
        stage.hand.advance(52 * LINE);
        stage.line(&mut ana);
    }
}

#[test]
fn a_text_that_is_refused_costs_no_more_than_the_longest_that_is_not() {
    let mut stage = Stage::new();
    let (mut ana, _) = stage.native("ana");
    ana.ask(&say(1, "x\n".repeat(2_000)));
    ana.ask(&say(2, "depois"));
    assert!(stage.line(&mut ana).contains("too_long"));
    stage.hand.advance(102 * LINE);
    assert!(stage.line(&mut ana).contains("depois"));
}

fn history(before: u64) -> Request {
    Request::History {
        reference: None,
        before: SafeInteger::new(before).unwrap(),
        count: SafeInteger::new(MAX_COUNT).unwrap(),
    }
}

#[test]
fn who_asks_for_much_is_asked_on_when_it_has_read_it() {
    let folder = tempfile::tempdir().unwrap();
    for path in [None, Some(folder.path().join("papo.db"))] {
        let mut options = Options { rate_limit: 0, ..Options::default() };
        options.history.path = path;
        who_asks_for_much(Stage::with(options));
    }
}

fn who_asks_for_much(mut stage: Stage) {
    const ASKED: usize = 40;
    let (mut ana, _) = stage.native("ana");
    for reference in 1..=64 {
        ana.ask(&say(reference, "x".repeat(4_000)));
        stage.line(&mut ana);
    }
    // Or the kernel takes most of the answers at once.
    socket2::SockRef::from(&ana.stream).set_recv_buffer_size(64 * 1024).unwrap();
    for _ in 0..ASKED {
        ana.ask(&history(100));
    }
    ana.ask(&history(1));
    let mut heard = String::new();
    for _ in 0..2_000 {
        stage.turn();
        // One answer, and what was still to be read of the one before.
        assert!(bytes_waiting(&mut stage, "ana") < 600 * 1024);
        while let Some(more) = ana.recv(1 << 20) {
            assert_ne!(more, "", "it was closed");
            heard += &more;
        }
        if heard.ends_with("{\"type\":\"history\",\"messages\":[],\"more\":false}\n") {
            break;
        }
    }
    assert_eq!(heard.matches("{\"type\":\"history\"").count(), ASKED + 1);
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn looking_back_costs_as_much_as_searching() {
    let mut stage = Stage::new();
    let (mut ana, _) = stage.native("ana");
    for _ in 0..21 {
        ana.ask(&history(1));
    }
    // Of a hundred lines the name took one.
    for _ in 0..20 {
        stage.line(&mut ana);
    }
    stage.expect_silence(&mut ana);
    stage.hand.advance(2 * LINE);
    stage.line(&mut ana);
}

#[test]
fn what_an_ending_connection_has_sent_is_discarded_also_over_its_rate() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    socket2::SockRef::from(&ana.stream).set_recv_buffer_size(16 * 1024).unwrap();
    ana.send("oi\n".repeat(50_000));
    // It may read only when it has written all: its last line waits unwritten.
    while bytes_waiting(&mut stage, "ana") == 0 {
        stage.server.command(Command::Notice("x".repeat(64 * 1024)));
        stage.turn();
    }
    // What the kernel had to tell of it is told.
    stage.turn();
    stage.turn();
    stage.server.command(Command::Kick("ana".into(), None));
    // The clock stands: nobody's patience ends.
    stage.until("all is read", |stage| stage.bytes_read() == 4 + 150_000);
    ana.finish();
    let mut heard = String::new();
    stage.until("it is closed", |stage| {
        heard.extend(std::iter::from_fn(|| ana.recv(1 << 20).filter(|more| !more.is_empty())));
        stage.server.connections() == 0
    });
    assert!(heard.ends_with("\nVocê foi removido: Decisão do operador.\n"));
    drop(ana);
    stage.expect_nothing_left();
}

/// A server whose limits per address hold for this machine too.
fn strict() -> Stage {
    Stage::with(Options { max_per_address: Some(128), ..Options::default() })
}

#[test]
fn a_new_name_buys_no_new_burst() {
    let mut stage = strict();
    let mut ana = stage.classic("ana");
    ana.send("oi\n".repeat(99));
    stage.until("all that her rate lets through", |stage| stage.server.room().channel().messages_sent() == 99);
    drop(ana);
    // Where reading pauses, the end is found when it goes on.
    stage.hand.advance(LINE);
    stage.until("ana has left", |stage| stage.server.room().members().len() == 0);
    let mut bia = stage.classic("bia");
    bia.send("oi\n".repeat(5));
    stage.until("the one that has its turn", |stage| stage.server.room().channel().messages_sent() == 100);
    for _ in 0..3 {
        stage.turn();
    }
    assert_eq!(stage.server.room().channel().messages_sent(), 100);
}

#[test]
fn all_members_of_an_address_have_five_times_the_rate_of_one() {
    let mut stage = strict();
    let mut members: Vec<Client> = (0..10).map(|n| stage.classic(&format!("p{n}"))).collect();
    for member in &mut members {
        member.send("oi\n".repeat(99));
    }
    stage.until("five bursts", |stage| stage.server.room().channel().messages_sent() == 500 - 10);
    for second in 1..=3 {
        stage.hand.advance(Duration::from_secs(1));
        let expected = 500 - 10 + 100 * second;
        stage.until("five times the rate of one", |stage| stage.server.room().channel().messages_sent() == expected);
        stage.turn();
        assert_eq!(stage.server.room().channel().messages_sent(), expected);
    }
    // Nothing is lost and nobody thrown out.
    stage.until("all is said", |stage| {
        stage.hand.advance(Duration::from_millis(100));
        stage.server.room().channel().messages_sent() == 990
    });
    drop(members);
    stage.expect_nothing_left();
}

#[test]
fn a_class_behind_one_address_enters_at_once_and_a_crowd_of_comings_waits() {
    let mut stage = strict();
    let mut class: Vec<Client> = (0..60).map(|_| stage.connect()).collect();
    class.iter_mut().enumerate().for_each(|(n, client)| client.send(format!("p{n}\n")));
    stage.until("a class", |stage| stage.server.room().members().len() == 40);
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 40);
    stage.hand.advance(Duration::from_secs(1));
    stage.until("ten more", |stage| stage.server.room().members().len() == 50);
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 50);
    stage.hand.advance(Duration::from_secs(1));
    stage.until("all are in", |stage| stage.server.room().members().len() == 60);
    drop(class);
    stage.expect_nothing_left();
}

#[test]
fn the_loop_rests_while_newcomers_wait_for_their_address() {
    let mut stage = strict();
    let mut crowd: Vec<Client> = (0..50).map(|_| stage.connect()).collect();
    crowd.iter_mut().enumerate().for_each(|(n, client)| client.send(format!("p{n}\n")));
    stage.until("the first ones", |stage| stage.server.room().members().len() == 40);
    for _ in 0..3 {
        stage.turn();
    }
    assert_eq!(stage.server.poll_timeout(), Some(Duration::from_millis(100)));
}

#[test]
fn refused_names_count_for_their_address() {
    let mut stage = strict();
    let mut crowd: Vec<Client> = (0..10).map(|_| stage.connect()).collect();
    for client in &mut crowd {
        client.send("a b\n".repeat(100));
    }
    for _ in 0..20 {
        stage.turn();
    }
    let answers: usize = crowd.iter_mut().map(|client| client.recv(1 << 20).unwrap_or_default().lines().count()).sum();
    assert_eq!(answers, 500);
}
