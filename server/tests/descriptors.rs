//! No descriptors left: the server does not spin and does not die, who is in talks on, and who waits gets in later.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use support::real::{Client, Server};

#[track_caller]
fn talk(ana: &mut Client, bia: &mut Client) {
    ana.send("oi\n");
    bia.until("ana: oi");
    bia.send("oi\n");
    ana.until("bia: oi");
}

/// The system refuses a descriptor where the server counted on it: somebody else took it, or the limit was lowered.
#[test]
fn the_system_has_no_descriptor_left() {
    let server = Server::start();
    let (mut ana, mut bia) = (server.classic("ana"), server.classic("bia"));
    talk(&mut ana, &mut bia);
    // The limit is on their numbers: with all below it taken there is none left.
    let mut guests = vec![server.classic("g0")];
    while server.highest_descriptor() >= server.descriptors() {
        guests.push(server.classic(&format!("g{}", guests.len())));
    }
    server.limit_descriptors(server.descriptors());
    let mut outside: Vec<Client> = (0..50).map(|_| server.connect()).collect();
    for client in &mut outside {
        client.send("x\n");
    }
    talk(&mut ana, &mut bia);
    server.expect_asleep();
    assert!(server.log().contains("novas conexões esperam"), "{}", server.log());
    talk(&mut ana, &mut bia);
    drop(guests.remove(0));
    ana.until("g0 saiu do chat.");
    // The first of those who wait gets the place, and all others' names are tried when there is more.
    outside[0].expect("OK");
    server.limit_descriptors(1_000);
    for client in outside.iter_mut().skip(1) {
        client.expect("NOME_EM_USO");
    }
    talk(&mut ana, &mut bia);
}

/// The server has few descriptors from the start, and knows it: it keeps a reserve to say so with.
#[test]
fn the_room_is_as_large_as_the_descriptors_allow() {
    let server = Server::with_descriptors(64, &[]);
    assert!(server.start.contains("Só há lugar para 24 conexões"), "{}", server.start);
    assert!(server.log().contains("Só há lugar para 24 conexões"), "{}", server.log());
    let (mut ana, mut bia) = (server.classic("ana"), server.classic("bia"));
    talk(&mut ana, &mut bia);
    let before = server.descriptors();
    let mut members = Vec::new();
    let refused = loop {
        let mut client = server.connect();
        client.send(&format!("n{}\n", members.len()));
        match client.line().as_str() {
            "OK" => members.push(client),
            line => break line.to_owned(),
        }
        assert!(members.len() < 64);
    };
    assert_eq!(refused, "A sala está cheia.");
    // Beyond the reserve too: some are told at once, some wait outside, all are told in the end.
    let mut waiting: Vec<Client> = (0..60).map(|_| server.connect()).collect();
    talk(&mut ana, &mut bia);
    for client in &mut waiting {
        client.expect("A sala está cheia.");
        assert!(client.is_closed_by_server());
    }
    server.expect_asleep();
    talk(&mut ana, &mut bia);
    let places = members.len();
    drop((members.split_off(0), waiting));
    while server.descriptors() > before {
        talk(&mut ana, &mut bia);
    }
    members.extend((0..places).map(|i| server.classic(&format!("m{i}"))));
    talk(&mut ana, &mut bia);
}

/// The operator of an empty room that nobody can enter learns why.
#[test]
fn no_place_at_all_is_told_to_the_operator() {
    let server = Server::with_descriptors(40, &["--max-clients", "30"]);
    assert!(server.start.contains("Não há lugar para ninguém"), "{}", server.start);
    let mut ana = server.connect();
    ana.send("ana\n");
    ana.expect("A sala está cheia.");
    assert!(ana.is_closed_by_server());
    assert!(server.log().contains("1 conexão recusada: 127.0.0.1, não há lugar"), "{}", server.log());
}
