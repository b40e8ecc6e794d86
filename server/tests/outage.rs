//! The file fails and comes back, and the clock jumps: the chat goes on, and nothing is lost that memory could hold.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use papo_common::{Event, Hello, Request, SafeInteger};
use papo_server::operator::command::Command;

mod support;

use support::secs;
use support::stage::{Client, Stage};

#[track_caller]
fn older(stage: &mut Stage, client: &mut Client, before: u64) -> Vec<(u64, String)> {
    client.ask(&Request::History {
        reference: None,
        before: SafeInteger::new(before).unwrap(),
        count: SafeInteger::new(200).unwrap(),
    });
    let Event::History { messages, .. } = stage.event(client) else { panic!() };
    let said = messages.iter().filter_map(|event| match event {
        Event::Message(message) => Some((message.seq, message.text.as_str().to_owned())),
        _ => None,
    });
    said.collect()
}

/// Somebody else has the file, for as long as this lives.
fn lock(path: &Path) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(path).unwrap();
    other.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    other
}

#[test]
fn a_file_that_is_locked_at_the_start_is_taken_up_when_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    // An earlier lesson: its numbers are in the way of this run's.
    let mut earlier = Stage::keeping(&path, 0);
    let (mut ana, _) = earlier.native("ana");
    for n in 1..=5 {
        earlier.say(&mut ana, n, &format!("ontem {n}"));
    }
    drop(earlier);

    let other = lock(&path);
    let mut server = Stage::keeping(&path, 0);
    assert!(server.journal.text().contains("o arquivo está em uso por outro programa"));
    let (mut ana, welcome) = server.native("ana");
    for n in 1..=3 {
        assert_eq!(server.say(&mut ana, n, &format!("hoje {n}")), n);
    }
    server.hand.advance(secs(20));
    server.turn();
    assert!(!server.console.text().contains("Histórico ligado de novo"), "it is still locked");
    drop(other);
    server.hand.advance(secs(20));
    server.until("it is back", |stage| stage.console.text().contains("Histórico ligado de novo"));
    assert!(server.console.text().contains("3 mensagens que esperavam foram gravadas."), "{}", server.console.text());
    assert_eq!(server.say(&mut ana, 4, "hoje 4"), 4);
    let today: Vec<(u64, String)> = (1..=4).map(|n| (n, format!("hoje {n}"))).collect();
    assert_eq!(older(&mut server, &mut ana, 5), today, "an earlier numbering is not shown among this one's");
    server.server.command(Command::parse(&format!("exportar {}", folder.path().join("t.txt").display())).unwrap());
    server.until("written", |stage| stage.console.text().contains("Gravado em"));
    let all = std::fs::read_to_string(folder.path().join("t.txt")).unwrap();
    assert!(all.contains("ontem 5") && all.contains("hoje 4"), "{all}");
    drop(server);

    // The next run goes on with this one's numbering and sessions.
    let mut next = Stage::keeping(&path, 0);
    let mut back = next.connect();
    let hello = Hello {
        session: Some(welcome.session),
        log: Some(welcome.log.clone()),
        since: SafeInteger::new(3),
        ..Hello::new("ana")
    };
    back.ask(&Request::Hello(hello));
    let Event::Welcome(again) = next.event(&mut back) else { panic!() };
    assert_eq!((again.resumed, again.log, again.seq, again.gap), (true, welcome.log, 4, false));
    assert_eq!(next.say(&mut back, 4, "hoje 4"), 4, "asked again, it is the same one");
}

#[test]
fn a_file_that_is_moved_away_is_noticed_and_a_new_one_begun() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("papo.db"), folder.path().join("ontem.db"));
    let mut server = Stage::keeping(&path, 0);
    let (mut ana, welcome) = server.native("ana");
    server.say(&mut ana, 1, "antes");
    std::fs::rename(&path, &away).unwrap();
    server.hand.advance(secs(10));
    assert_eq!(server.say(&mut ana, 2, "depois"), 2);
    server.until("a new one", |stage| stage.console.text().contains("Histórico ligado de novo"));
    let told = server.console.text();
    assert!(told.contains("o arquivo foi movido, apagado ou trocado por outro"), "{told}");
    assert!(told.contains("1 mensagem que esperava foi gravada."), "{told}");
    drop(server);
    let count = |path: &Path| -> i64 {
        let db = rusqlite::Connection::open(path).unwrap();
        db.query_row("SELECT count(*) FROM messages", [], |row| row.get(0)).unwrap()
    };
    assert_eq!((count(&away), count(&path)), (1, 1), "each has its part");
    let mut next = Stage::keeping(&path, 0);
    let mut back = next.connect();
    let hello = Hello {
        session: Some(welcome.session),
        log: Some(welcome.log.clone()),
        since: SafeInteger::new(2),
        ..Hello::new("ana")
    };
    back.ask(&Request::Hello(hello));
    let Event::Welcome(again) = next.event(&mut back) else { panic!() };
    assert_eq!((again.resumed, again.seq, again.gap), (true, 2, false));
}

#[test]
fn who_stays_through_an_outage_has_the_right_minutes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = Stage::keeping(&path, 0);
    let (mut ana, _) = server.native("ana");
    std::fs::rename(&path, folder.path().join("ontem.db")).unwrap();
    server.hand.advance(secs(600));
    server.say(&mut ana, 1, "oi");
    server.until("a new one", |stage| stage.console.text().contains("Histórico ligado de novo"));
    server.hand.advance(secs(300));
    drop(ana);
    server.until("she has left", |stage| stage.server.room().members().len() == 0);
    let table = folder.path().join("p.csv");
    server.server.command(Command::parse(&format!("presenca {}", table.display())).unwrap());
    server.until("written", |stage| stage.console.text().contains("Gravado em"));
    let table = std::fs::read_to_string(table).unwrap();
    assert!(table.lines().nth(1).unwrap().ends_with(";\"5\""), "since the new file began: {table}");
}

#[test]
fn a_clock_that_jumps_is_told_once_and_nobody_goes() {
    let mut server = Stage::new();
    let (mut ana, _) = server.native("ana");
    server.hand.set_back(secs(3_600));
    server.turn();
    let told = "A data ou a hora desta máquina mudou de repente";
    assert_eq!((server.console.text().matches(told).count(), server.journal.text().matches(told).count()), (1, 1));
    for _ in 0..5 {
        server.hand.advance(secs(10));
        server.turn();
    }
    assert_eq!(server.console.text().matches(told).count(), 1);
    assert_eq!(server.say(&mut ana, 1, "oi"), 1);
    // What NTP does every now and then is no jump.
    server.hand.set_back(secs(2));
    server.turn();
    assert_eq!(server.console.text().matches(told).count(), 1);
}

#[test]
fn a_date_before_the_last_thing_kept_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut first = Stage::keeping(&path, 0);
    let (mut ana, _) = first.native("ana");
    first.hand.advance(secs(24 * 3_600));
    first.say(&mut ana, 1, "amanhã");
    assert_eq!(first.server.odd_date(), None);
    drop((first, ana));
    let second = Stage::keeping(&path, 0);
    assert!(second.server.odd_date().is_some_and(|told| told.contains("A data desta máquina está certa?")));
}

#[test]
fn the_whole_history_is_copied_by_a_command() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("papo.db"), folder.path().join("copia.db"));
    let mut server = Stage::keeping(&path, 0);
    let (mut ana, _) = server.native("ana");
    for n in 1..=50 {
        server.say(&mut ana, n, "oi");
    }
    server.server.command(Command::parse(&format!("copiar {}", copy.display())).unwrap());
    server.until("copied", |stage| stage.console.text().contains("Gravado em"));
    server.server.command(Command::parse(&format!("copiar {}", copy.display())).unwrap());
    assert!(server.console.text().contains("já existe um arquivo com esse nome"));
    let mut other = Stage::keeping(&copy, 0);
    assert_eq!(other.native("bia").1.seq, 50);
}
