//! A run of the real binary under a wrong date forgets nothing, and says that the date is odd.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Stdio};

use papo_common::{Event, Request, SafeInteger};

mod support;

use support::real::Server;

/// A server whose clock says the date, as `faketime` reads it; only durations are the system's.
fn start(path: &Path, date: Option<&str>) -> Server {
    let program = env!("CARGO_BIN_EXE_papo-server");
    let mut command = match date {
        None => Command::new(program),
        Some(date) => {
            let mut command = Command::new("faketime");
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").args(["-f", date, program]);
            command
        }
    };
    command.args(["--listen", "127.0.0.1:0", "--rate-limit", "0", "--history"]).arg(path);
    Server::run(&mut command, Stdio::piped())
}

/// Says `count` messages, each in a turn of its own, after each of which the server forgets what it thinks is old.
fn talk(server: &Server, count: u64) {
    let mut ana = server.native("ana");
    for reference in 1..=count {
        ana.ask(&Request::Say { reference: SafeInteger::new(reference), text: "oi".into() });
        assert!(matches!(ana.event(), Event::Message(_)));
    }
    ana.ask(&Request::Leave);
    assert!(ana.is_closed_by_server());
}

fn end(mut server: Server) {
    server.type_in("sair\n");
    server.expect_good_end();
}

#[test]
fn a_date_weeks_ahead_or_in_1970_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let right = start(&path, None);
    talk(&right, 30);
    end(right);
    let ahead = start(&path, Some("+49d"));
    assert!(!ahead.start.contains("A data desta máquina"), "{}", ahead.start);
    talk(&ahead, 20);
    end(ahead);
    let behind = start(&path, Some("@1970-01-02 00:00:00"));
    assert!(behind.start.contains("A data desta máquina está certa?"), "{}", behind.start);
    talk(&behind, 20);
    end(behind);
    let mut again = start(&path, None);
    again.type_in("estado\n");
    let answer = again.answer();
    assert!(answer.contains("mensagens: 70,"), "{answer}");
    let list = folder.path().join("p.txt");
    again.type_in(&format!("presenca {}\n", list.display()));
    while !again.answer().contains("Gravado em") {}
    assert_eq!(std::fs::read_to_string(list).unwrap().lines().count(), 3);
    end(again);
}
