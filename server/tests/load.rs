//! Many connections at once: what one turn takes in is bounded, and a reader that reads, stays.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use papo_common::{CloseReason, Event, Request};
use papo_server::connection::stall::{MAX_PENDING, STALL_TIMEOUT};
use papo_server::options::Options;

mod support;

use support::requests::say;
use support::stage::{Client, Stage};

#[test]
fn a_turn_takes_in_no_more_than_its_budget_however_many_speak() {
    const TALKERS: usize = 40;
    /// The budget, and the read that goes beyond it.
    const MOST: u64 = (512 + 16) * 1024;
    let mut stage = Stage::with(Options { rate_limit: 0, ..Options::default() });
    let mut talkers: Vec<Client> = (0..TALKERS).map(|n| stage.classic(&format!("p{n}"))).collect();
    let blank_lines = (" ".repeat(1_000) + "\n").repeat(200);
    for talker in &mut talkers {
        talker.send(&blank_lines);
    }
    let sent = (TALKERS * blank_lines.len()) as u64;
    let begun = stage.bytes_read();
    let mut before = begun;
    while before < begun + sent {
        stage.turn();
        let after = stage.bytes_read();
        assert!(after > before, "a turn that takes in nothing although there is more");
        assert!(after - before <= MOST, "{} bytes in one turn", after - before);
        before = after;
    }
}

#[test]
fn whoever_had_no_share_of_a_turn_comes_first_in_the_next() {
    const TALKERS: usize = 40;
    let mut stage = Stage::with(Options { rate_limit: 0, ..Options::default() });
    let mut talkers: Vec<Client> = (0..TALKERS).map(|n| stage.classic(&format!("p{n}"))).collect();
    let blank_lines = (" ".repeat(1_000) + "\n").repeat(500);
    for talker in talkers.iter_mut().take(TALKERS - 1) {
        talker.send(&blank_lines);
    }
    // A turn takes in 64 KiB of each of eight talkers, so that all have had a share after five.
    for _ in 0..12 {
        stage.turn();
    }
    talkers[TALKERS - 1].send("oi\n");
    for _ in 0..8 {
        stage.turn();
    }
    let sent = (TALKERS - 1) * blank_lines.len();
    assert!(stage.bytes_read() < sent as u64, "all the others still talk");
    assert_eq!(stage.server.room().channel().messages_sent(), 1);
}

/// The reader is over `--reader-buffer` after the first turns, and reads on all the while.
#[test]
fn a_reader_that_reads_survives_the_allowed_burst_of_twenty_others() {
    const TALKERS: usize = 20;
    const LINES: u64 = 99;
    let mut stage = Stage::new();
    let (mut reader, _) = stage.native("leitora");
    socket2::SockRef::from(&reader.stream).set_recv_buffer_size(256 * 1024).unwrap();
    let mut talkers: Vec<Client> = (0..TALKERS).map(|n| stage.native(&format!("p{n}")).0).collect();
    let mut expected: usize = TALKERS * LINES as usize;
    let mut heard = String::new();
    let mut said = vec![0; TALKERS];
    while expected > 0 {
        for (talker, said) in talkers.iter_mut().zip(&mut said) {
            // Some lines at a time, so that all fits into the sockets' buffers; more than the reader takes.
            for _ in 0..5_u64.min(LINES - *said) {
                *said += 1;
                talker.ask(&say(*said, "x".repeat(4_000)));
            }
            while talker.recv(1 << 16).is_some() {}
        }
        stage.hand.advance(Duration::from_millis(20));
        stage.turn();
        heard += &reader.recv(64 * 1024).unwrap_or_default();
        while let Some(end) = heard.find('\n') {
            let line: String = heard.drain(..=end).collect();
            match papo_common::json::parse_event(line.trim_end()).unwrap() {
                Event::Message(_) => expected -= 1,
                Event::Joined { .. } | Event::Ping => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(stage.server.room().members().len(), TALKERS + 1);
}

/// A native member that takes nothing more than what fits into its small socket buffer.
#[track_caller]
fn deaf(stage: &mut Stage, name: &str) -> Client {
    let (client, _) = stage.native(name);
    socket2::SockRef::from(&client.stream).set_recv_buffer_size(4 * 1024).unwrap();
    client
}

/// The talker says so many messages of 4,000 bytes; all are taken in.
#[track_caller]
fn talk(stage: &mut Stage, talker: &mut Client, count: u64) {
    let before = stage.server.room().channel().messages_sent();
    for n in 1..=count {
        talker.ask(&say(before + n, "x".repeat(4_000)));
        stage.until("taken in", |stage| {
            while talker.recv(1 << 16).is_some() {}
            stage.server.room().channel().messages_sent() == before + n
        });
    }
}

#[test]
fn a_reader_over_its_buffer_goes_when_it_has_taken_nothing_for_five_seconds() {
    let mut stage = Stage::with(Options { rate_limit: 0, reader_buffer: 64 * 1024, ..Options::default() });
    let mut reader = deaf(&mut stage, "leitora");
    let (mut talker, _) = stage.native("bia");
    // What the two kernels hold, and more than may wait.
    talk(&mut stage, &mut talker, 3_000);
    stage.hand.advance(STALL_TIMEOUT.checked_sub(Duration::from_millis(1)).unwrap());
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 2);
    // It takes something: its time begins anew.
    let mut heard = 0;
    socket2::SockRef::from(&reader.stream).set_recv_buffer_size(1 << 18).unwrap();
    reader.stream.set_nonblocking(false).unwrap();
    while heard < 4_000_000 {
        heard += reader.recv(1 << 16).map_or(0, |heard| heard.len());
        stage.turn();
    }
    stage.hand.advance(STALL_TIMEOUT.checked_sub(Duration::from_millis(1)).unwrap());
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 2);
    stage.hand.advance(Duration::from_millis(1));
    stage.until("it is closed", |stage| stage.server.room().members().len() == 1);
    assert!(stage.journal.text().contains("não leu o que lhe foi enviado"));
    drop((reader, talker));
    stage.expect_nothing_left();
}

#[test]
fn nobody_may_be_further_behind_than_the_hard_limit() {
    let mut stage = Stage::with(Options { rate_limit: 0, ..Options::default() });
    let reader = deaf(&mut stage, "leitora");
    let (mut talker, _) = stage.native("bia");
    let fewest = MAX_PENDING as u64 / 4_100;
    talk(&mut stage, &mut talker, fewest);
    assert_eq!(stage.server.room().members().len(), 2);
    // What the kernels hold comes on top, and the clock stands.
    talk(&mut stage, &mut talker, 2_500);
    assert_eq!(stage.server.room().members().len(), 1);
    drop((reader, talker));
    stage.expect_nothing_left();
}

#[test]
fn all_connections_together_keep_no_more_than_they_may() {
    const MOST: usize = 1 << 20;
    let mut stage = Stage::with(Options { rate_limit: 0, total_buffer: MOST, ..Options::default() });
    let mut worst = deaf(&mut stage, "pior");
    let (mut talker, _) = stage.native("bia");
    // Not yet there, so that less of the broadcast log waits for it.
    talk(&mut stage, &mut talker, 100);
    let better = deaf(&mut stage, "melhor");
    let line = "y".repeat(20_000);
    let half_lines: Vec<Client> = (0..20)
        .map(|_| {
            let mut client = stage.connect();
            client.send(&line);
            client
        })
        .collect();
    let mut said = 0;
    while stage.server.room().members().len() == 3 {
        talk(&mut stage, &mut talker, 10);
        said += 10;
        assert!(said < 3_000, "nobody had to go");
    }
    let log = stage.journal.text();
    assert!(log.contains("pior") && log.contains("era quem mais ocupava a memória"), "{log}");
    assert!(!log.contains("melhor (127.0.0.1) saiu"), "{log}");
    assert_eq!(stage.server.connections(), 3 + 20);
    let mut heard = String::new();
    socket2::SockRef::from(&worst.stream).set_recv_buffer_size(1 << 22).unwrap();
    stage.until("it is told why", |_| {
        heard += &worst.recv(1 << 22).unwrap_or_default();
        heard.ends_with("}\n") && heard.contains("\"closed\"")
    });
    let last = papo_common::json::parse_event(heard.lines().last().unwrap()).unwrap();
    assert_eq!(last, Event::closed(CloseReason::Slow));
    drop((worst, talker, better, half_lines));
    stage.expect_nothing_left();
}

/// A connection that is closing keeps its bytes for two seconds: it gives them up before others go for them.
#[test]
fn nobody_goes_for_the_memory_of_a_connection_that_is_closing() {
    let mut stage = Stage::with(Options { rate_limit: 0, total_buffer: 1 << 20, ..Options::default() });
    let mut half_a_line = stage.connect();
    half_a_line.send("{\"");
    let removed = deaf(&mut stage, "pior");
    let (mut talker, _) = stage.native("bia");
    while waiting_for(&mut stage, "pior") < 600 * 1024 {
        talk(&mut stage, &mut talker, 10);
    }
    // Its own copy of them and the broadcast log are more than all may keep.
    stage.operate("expulsar pior");
    stage.until("it is closed at once", |stage| stage.server.connections() == 2);
    stage.expect_silence(&mut half_a_line);
    drop((half_a_line, removed, talker));
    stage.expect_nothing_left();
}

/// Bytes that wait for that member, as the operator is told.
fn waiting_for(stage: &mut Stage, name: &str) -> usize {
    let told = stage.operate("usuarios");
    let line = told.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
    let (before, _) = line.split_once(" bytes esperando").unwrap();
    before.rsplit(' ').next().unwrap().parse().unwrap()
}

/// A welcome to a large room is long: while the others have not read what waits for them, newcomers wait outside.
#[test]
fn newcomers_wait_while_all_others_take_much_memory() {
    let options = Options { rate_limit: 0, reader_buffer: 1 << 24, total_buffer: 8 << 20, ..Options::default() };
    let mut stage = Stage::with(options);
    let reader = deaf(&mut stage, "leitora");
    let (mut talker, _) = stage.native("bia");
    // What the two kernels hold, and more than half of what may wait.
    talk(&mut stage, &mut talker, 2_200);
    let mut newcomer = stage.connect();
    newcomer.ask(&Request::Hello(papo_common::Hello::new("caio")));
    for _ in 0..10 {
        stage.hand.advance(Duration::from_millis(20));
        stage.turn();
    }
    assert_eq!(stage.server.room().members().len(), 2);
    assert_ne!(stage.server.poll_timeout(), Some(Duration::ZERO), "the loop rests meanwhile");
    drop(reader);
    stage.until("there is room", |stage| {
        stage.hand.advance(Duration::from_millis(20));
        stage.server.room().find("caio").is_some()
    });
    assert!(!stage.journal.text().contains("era quem mais ocupava"), "{}", stage.journal.text());
    drop((talker, newcomer));
    stage.expect_nothing_left();
}
