//! Looking back and searching in what is kept: who asks waits for the answer, and nobody else does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::Duration;

use papo_common::{ErrorReason, Event, Hello, Request, SafeInteger, sentences};

mod support;

use support::requests::say;
use support::stage::{Client, Stage};

/// So many messages that no turn looks through all of them.
const MANY: i64 = 60_000;

/// A server with a history of [`MANY`] messages.
fn long_past(folder: &Path) -> Stage {
    let path = folder.join("papo.db");
    drop(Stage::keeping(&path, 0));
    let mut db = rusqlite::Connection::open(&path).unwrap();
    let change = db.transaction().unwrap();
    let at = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64;
    for seq in 1..=MANY {
        let text = format!("a reunião número {seq} é amanhã às quinze horas, não se atrasem, por favor");
        let mut say = change.prepare_cached("INSERT INTO messages VALUES (?, ?, 'ana', 3, ?, NULL)").unwrap();
        say.execute(rusqlite::params![seq, at, text]).unwrap();
    }
    change.commit().unwrap();
    drop(db);
    Stage::keeping(&path, 0)
}

fn number(n: u64) -> SafeInteger {
    SafeInteger::new(n).unwrap()
}

fn search(reference: u64, text: &str) -> Request {
    Request::Search { reference: SafeInteger::new(reference), text: text.into(), before: None, count: number(1) }
}

fn history(reference: u64, before: u64) -> Request {
    Request::History { reference: SafeInteger::new(reference), before: number(before), count: number(5) }
}

/// Sends all of them at once.
fn ask_all(client: &mut Client, requests: &[Request]) {
    let mut lines = Vec::new();
    for request in requests {
        papo_common::json::encode_request(request, &mut lines);
    }
    client.send(lines);
}

/// Which event it is, by its number.
fn label(event: &Event) -> String {
    let (kind, reference) = match event {
        Event::Message(message) => ("message", message.reference),
        Event::Found { reference, .. } => ("found", *reference),
        Event::History { reference, .. } => ("history", *reference),
        Event::Problem { reference, .. } => ("problem", *reference),
        other => panic!("{other:?}"),
    };
    format!("{kind} {}", reference.map_or(0, SafeInteger::value))
}

#[track_caller]
fn expect(stage: &mut Stage, client: &mut Client, labels: &[&str]) {
    let told: Vec<String> = labels.iter().map(|_| label(&stage.event(client))).collect();
    assert_eq!(told, labels);
}

#[test]
fn what_is_said_behind_a_question_does_not_wait_for_its_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::keeping(&folder.path().join("papo.db"), 0);
    let (mut ana, _) = stage.native("ana");
    ask_all(&mut ana, &[search(1, "oi"), say(2, "oi"), say(3, "oi")]);
    expect(&mut stage, &mut ana, &["message 2", "message 3", "found 1"]);
    // A second question waits for the first, and what is behind it too.
    ask_all(&mut ana, &[history(4, 2), say(5, "oi"), search(6, "nada"), say(7, "oi"), history(8, 1), say(9, "oi")]);
    let order = ["message 5", "history 4", "message 7", "found 6", "message 9", "history 8"];
    expect(&mut stage, &mut ana, &order);
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn every_question_bears_its_number_in_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    for mut stage in [Stage::keeping(&folder.path().join("papo.db"), 0), Stage::new()] {
        let (mut ana, _) = stage.native("ana");
        ask_all(&mut ana, &[search(7, "nada"), search(7, " "), history(1, 9), say(7, "oi")]);
        let mut told: Vec<Event> = (0..4).map(|_| stage.event(&mut ana)).collect();
        told.sort_by_key(label);
        let answer = |reference| (Vec::new(), false, SafeInteger::new(reference));
        let (messages, more, reference) = answer(7);
        assert_eq!(told[0], Event::Found { messages, more, reference });
        assert!(matches!(&told[1], Event::History { reference, .. } if *reference == SafeInteger::new(1)));
        assert!(matches!(&told[2], Event::Message(message) if message.reference == SafeInteger::new(7)));
        assert_eq!(
            told[3],
            Event::problem(ErrorReason::NothingToFind, SafeInteger::new(7), sentences::NOTHING_TO_FIND)
        );
        // It is no number of the row of what is said.
        ana.ask(&say(1, "oi"));
        expect(&mut stage, &mut ana, &["message 1"]);
        drop(ana);
        stage.expect_nothing_left();
    }
}

#[test]
fn nobody_waits_for_others_searches() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = long_past(folder.path());
    let (mut bia, _) = stage.native("bia");
    let mut pupils: Vec<Client> = (0..20).map(|n| stage.native(&format!("aluno{n}")).0).collect();
    for _ in 0..20 {
        assert!(matches!(stage.event(&mut bia), Event::Joined { .. }));
    }
    for pupil in &mut pupils {
        pupil.ask(&search(1, "isto não está em lugar nenhum"));
    }
    stage.turn();
    for n in 1..=3 {
        assert_eq!(stage.server.poll_timeout(), Some(Duration::ZERO), "the search goes on");
        bia.ask(&say(n, "oi"));
        bia.ask(&history(n, 300));
        expect(&mut stage, &mut bia, &[&format!("message {n}"), &format!("history {n}")]);
    }
    for pupil in &mut pupils {
        expect_found_nothing(&mut stage, pupil);
    }
    drop((bia, pupils));
    stage.expect_nothing_left();
}

#[track_caller]
fn expect_found_nothing(stage: &mut Stage, client: &mut Client) {
    loop {
        match stage.event(client) {
            Event::Found { messages, more, .. } => return assert_eq!((messages, more), (vec![], false)),
            Event::Message(_) | Event::Joined { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_answer_to_who_is_gone_is_nobody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = long_past(folder.path());
    let (mut ana, _) = stage.native("ana");
    ana.ask(&search(1, "isto não está em lugar nenhum"));
    stage.turn();
    assert_eq!(stage.server.poll_timeout(), Some(Duration::ZERO), "the search goes on");
    ana.reset();
    stage.until("ana is gone", |stage| stage.server.connections() == 0);
    assert_ne!(stage.server.poll_timeout(), Some(Duration::ZERO), "nothing is searched any more");
    // It has the place that ana had.
    let mut bia = stage.connect();
    bia.ask(&Request::Hello(Hello::new("bia")));
    assert!(matches!(stage.event(&mut bia), Event::Welcome(_)));
    bia.ask(&search(2, "reunião número 60000"));
    expect(&mut stage, &mut bia, &["found 2"]);
    stage.expect_silence(&mut bia);
    // It says goodbye in the middle of a search.
    ask_all(&mut bia, &[search(3, "isto não está em lugar nenhum"), Request::Leave]);
    stage.expect_end(&mut bia);
    drop(bia);
    stage.expect_nothing_left();
}

#[test]
fn who_has_said_its_last_still_hears_its_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = long_past(folder.path());
    let (mut ana, _) = stage.native("ana");
    ask_all(&mut ana, &[search(1, "isto não está em lugar nenhum"), search(2, "reunião"), say(3, "oi"), history(4, 3)]);
    ana.finish();
    expect(&mut stage, &mut ana, &["found 1", "message 3", "found 2", "history 4"]);
    stage.expect_end(&mut ana);
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn words_of_any_script_and_signs_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::keeping(&folder.path().join("papo.db"), 0);
    let (mut ana, _) = stage.native("ana");
    let texts = [
        "明日は試験です",
        "मैं हिन्दी बोलता हूँ",
        "bom dia 😀!",
        "inconstitucional",
        "em C++ é assim",
        "nota 9,5",
        "em C, 95",
    ];
    for (text, n) in texts.iter().zip(1..) {
        ana.ask(&Request::Say { reference: SafeInteger::new(n), text: (*text).into() });
        expect(&mut stage, &mut ana, &[&format!("message {n}")]);
    }
    for (typed, n) in [("試験", 1), ("हिन्दी", 2), ("😀", 3), ("CONSTITUCIONAL", 4), ("C++", 5), ("9,5", 6)]
    {
        ana.ask(&Request::Search { reference: None, text: typed.into(), before: None, count: number(200) });
        let Event::Found { messages, more: false, reference: None } = stage.event(&mut ana) else { panic!() };
        let found: Vec<u64> =
            messages.iter().map(|event| if let Event::Message(message) = event { message.seq } else { 0 }).collect();
        assert_eq!(found, [n], "{typed}");
    }
}
