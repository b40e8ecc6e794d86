//! What only waiting shows: run by `scripts/soak`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

mod support;

use support::hosts::Hosts;
use support::real::{Client, Server};

/// A machine that loses its power says nothing more, and its network is silent: the others are told within 90 s.
#[test]
#[ignore = "takes a minute and a half: scripts/soak"]
fn who_loses_its_power_is_gone_within_ninety_seconds() {
    let hosts = Hosts::new();
    let rooms = [("classic", false), ("classic", true), ("native", false), ("native", true)];
    let rooms = rooms.map(|(dialect, is_busy)| {
        let server = Server::run(&mut hosts.server(), std::process::Stdio::piped());
        let witness = Client::new(hosts.connect_from_server(server.addr));
        let lost = Client::new(hosts.connect_from_other(server.addr));
        (dialect, is_busy, server, witness, lost)
    });
    let waiting = rooms.map(|(dialect, is_busy, server, mut witness, mut lost)| {
        witness.send("testemunha\n");
        witness.until("OK");
        if dialect == "native" {
            lost.send("{\"type\":\"hello\",\"name\":\"perdida\",\"version\":1}\n");
        } else {
            lost.send("perdida\n");
        }
        witness.until("Usuários ativos: testemunha, perdida");
        lost.line();
        (dialect, is_busy, server, witness, lost)
    });
    hosts.cut_power();
    let start = Instant::now();
    let told = waiting.map(|(dialect, is_busy, server, witness, lost)| {
        std::thread::spawn(move || {
            let seconds = until_gone(witness, is_busy, start);
            let room = if is_busy { "busy" } else { "silent" };
            println!("{dialect} in a {room} room: {seconds:.1} s; {}", server.log().lines().last().unwrap_or_default());
            drop((server, lost));
            seconds
        })
    });
    for seconds in told.map(|thread| thread.join().unwrap()) {
        assert!(seconds <= 90.0, "{seconds} s");
    }
}

/// After how many seconds `witness` is told; in a busy room it talks meanwhile.
fn until_gone(mut witness: Client, is_busy: bool, start: Instant) -> f64 {
    let pause = Duration::from_millis(if is_busy { 250 } else { 150_000 });
    witness.0.get_ref().set_read_timeout(Some(pause)).unwrap();
    loop {
        let mut line = String::new();
        match std::io::BufRead::read_line(&mut witness.0, &mut line) {
            Ok(_) if line == "perdida saiu do chat.\n" => return start.elapsed().as_secs_f64(),
            Ok(read) => assert_ne!(read, 0, "the witness was closed"),
            Err(_) if is_busy => witness.send("alguém aí?\n"),
            Err(error) => panic!("{error}"),
        }
        assert!(start.elapsed() < Duration::from_secs(150), "it never left");
    }
}
