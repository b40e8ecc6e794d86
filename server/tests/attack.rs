//! Attackers against the real binary: at each limit of the wire, and nobody else notices.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::net::{Shutdown, TcpStream};

use papo_common::{ErrorReason, Event, Request, SafeInteger};
use papo_server::os::resources::raise_descriptor_limit;
use rustix::process::Signal;

mod support;

use support::real::{Client, Server};
use support::requests::say;

const MIB: u64 = 1 << 20;
/// What the memory allocator and the tables for new connections may take besides what is counted.
const SLACK: u64 = 4 * MIB;

/// Two who talk while others attack.
struct Pair {
    ana: Client,
    bia: Client,
    said: usize,
}

impl Pair {
    fn new(server: &Server) -> Pair {
        let (ana, bia) = (server.classic("ana"), server.classic("bia"));
        Pair { ana, bia, said: 0 }
    }

    /// They still hear each other; nobody else was heard to speak.
    #[track_caller]
    fn talk(&mut self) {
        self.said += 1;
        let said = self.said;
        self.ana.send(&format!("bia, {said}?\n"));
        self.bia.until(&format!("ana: bia, {said}?"));
        self.bia.send(&format!("@ana {said}!\n"));
        self.ana.until(&format!("bia: {said}! (privado)"));
    }
}

/// Makes `client` read next to nothing into its own kernel's memory.
fn deaf(server: &Server) -> TcpStream {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(2 * 1024).unwrap();
    socket.connect(&server.addr.into()).unwrap();
    socket.into()
}

#[test]
fn thousands_who_never_say_a_name() {
    raise_descriptor_limit();
    let server = Server::with(&["--name-timeout", "3"]);
    let mut pair = Pair::new(&server);
    let before = server.memory();
    let crowd: Vec<Client> = (0..3_000).map(|_| server.connect()).collect();
    pair.talk();
    assert!(server.memory() < before + 3_000 * 2 * 1024 + SLACK, "{} then {}", before, server.memory());
    for mut client in crowd {
        assert!(client.is_closed_by_server());
    }
    pair.talk();
}

#[test]
fn a_hundred_megabytes_without_a_newline() {
    let server = Server::start();
    let mut pair = Pair::new(&server);
    let before = server.peak_memory();
    let piece = vec![b'x'; 1 << 20];
    for beginning in ["", "{\"type\":\"hello\",\"name\":\"", "caio\n", "python"] {
        let mut endless = server.connect();
        endless.send(beginning);
        let mut sent = 0;
        while sent < 100 && endless.0.get_mut().write_all(&piece).is_ok() {
            sent += 1;
            if sent % 10 == 0 {
                pair.talk();
            }
        }
        assert!(endless.is_closed_by_server(), "after {sent} MiB");
    }
    pair.talk();
    assert!(server.peak_memory() < before + SLACK, "{before} then {}", server.peak_memory());
    assert!(server.log().contains("linha longa demais"));
}

#[test]
fn json_that_is_deep_or_huge_or_doubled_or_of_another_type() {
    let server = Server::with(&["--rate-limit", "0"]);
    let mut pair = Pair::new(&server);
    let mut caio = server.native("caio");
    let deep = |open: &str| format!("{{\"type\":\"say\",\"ref\":1,\"text\":{}", open.repeat(20_000 / open.len()));
    let lines = [
        deep("["),
        deep("{\"a\":"),
        format!("{{\"type\":\"say\",\"ref\":1,\"text\":\"oi\",\"more\":{}{}}}", "[".repeat(9_000), "]".repeat(9_000)),
        format!("{{\"type\":\"say\",\"ref\":{},\"text\":\"oi\"}}", "9".repeat(20_000)),
        "{\"type\":\"say\",\"ref\":1e3,\"text\":\"oi\"}".into(),
        "{\"type\":\"say\",\"ref\":9007199254740992,\"text\":\"oi\"}".into(),
        "{\"type\":\"say\",\"ref\":0,\"text\":\"oi\"}".into(),
        "{\"type\":\"say\",\"ref\":1,\"ref\":2,\"text\":\"oi\"}".into(),
        "{\"type\":\"say\",\"type\":\"leave\",\"ref\":2,\"text\":\"oi\"}".into(),
        "{\"type\":\"say\",\"ref\":\"1\",\"text\":\"oi\"}".into(),
        "{\"type\":\"say\",\"ref\":1,\"text\":[\"oi\"]}".into(),
        "{\"type\":\"say\",\"ref\":1,\"text\":\"\\ud800\"}".into(),
        "{\"type\":1}".into(),
        "[]".into(),
        "null".into(),
        "{".into(),
        "{}}".into(),
        "\u{feff}{\"type\":\"leave\"}".into(),
    ];
    for line in lines {
        caio.send(&format!("{line}\n"));
        let Event::Problem { reason, .. } = caio.event() else { panic!("{}", &line[..line.len().min(99)]) };
        assert_eq!(reason, ErrorReason::Malformed, "{}", &line[..line.len().min(99)]);
    }
    caio.ask(&say(1, "ainda aqui"));
    pair.ana.until("caio: ainda aqui");
    pair.talk();
}

#[test]
fn a_thousand_readers_that_do_not_read() {
    const READERS: u64 = 1_000;
    const BUFFERS: u64 = 64 * 1024 * 1024;
    raise_descriptor_limit();
    let server = Server::with(&["--rate-limit", "0", "--reader-buffer", "64K", "--total-buffer", "64M"]);
    let mut talker = server.native("fala");
    let mut deaf: Vec<TcpStream> = (0..READERS).map(|_| deaf(&server)).collect();
    for (i, stream) in deaf.iter_mut().enumerate() {
        let hello = match i % 2 {
            0 => format!("{{\"type\":\"hello\",\"name\":\"surdo{i}\",\"version\":1}}\n"),
            _ => format!("surdo{i}\n"),
        };
        stream.write_all(hello.as_bytes()).unwrap();
    }
    let mut there = 0;
    while there < READERS {
        there += u64::from(matches!(talker.event(), Event::Joined { .. }));
    }
    let before = server.memory();
    // To all, and now and then to one: what is one's own is kept apart from what all are told.
    let text = "x".repeat(4_000);
    for reference in 1.. {
        let to = format!("surdo{}", reference * 7 % READERS);
        talker.ask(&if reference % 8 == 0 {
            Request::Private { reference: SafeInteger::new(reference), to, text: text.clone() }
        } else {
            say(reference, text.clone())
        });
        loop {
            match talker.event() {
                Event::Left { .. } => there -= 1,
                Event::Message(_) | Event::Private(_) | Event::Problem { .. } => break,
                other => panic!("{other:?}"),
            }
        }
        assert!(reference < 20_000, "{there} of them still stand");
        if there == 0 {
            break;
        }
    }
    let (peak, after) = (server.peak_memory(), server.memory());
    println!("{READERS} readers: {} KiB before, {} KiB at most, {} KiB after", before >> 10, peak >> 10, after >> 10);
    assert!(peak < before + BUFFERS + SLACK, "{before} before, {peak} at most");
    // The one or the other, by how fast this machine is; on a very slow one some are silent for too long before.
    let reasons = ["não leu o que lhe foi enviado", "era quem mais ocupava a memória", "ficou sem resposta"];
    let closed = reasons.map(|why| server.log().matches(why).count());
    assert!(closed[0] + closed[1] > 0 && closed.iter().sum::<usize>() as u64 == READERS, "{closed:?}");
    talker.ask(&say(99_999, "fim"));
    assert!(matches!(talker.event(), Event::Message(_)));
}

#[test]
fn a_flooder_waits_and_loses_nothing_and_delays_nobody() {
    const LINES: usize = 12_000;
    let mut server = Server::with(&["--rate-limit", "1000"]);
    let mut pair = Pair::new(&server);
    let mut caio = server.classic("caio");
    let flood = std::thread::spawn(move || {
        caio.send(&(0..LINES).map(|i| i.to_string() + "\n").collect::<Vec<_>>().concat());
        caio
    });
    // Through the burst and into the time in which the flooder waits.
    for _ in 0..20 {
        pair.talk();
    }
    let mut heard = 0;
    let mut witness = server.native("dora");
    let last = format!("{}", LINES - 1);
    loop {
        if let Event::Message(message) = witness.event() {
            assert!(
                heard == 0 || message.text.as_str() == heard.to_string(),
                "{} after {heard}",
                message.text.as_str()
            );
            heard = message.text.as_str().parse::<usize>().unwrap() + 1;
            if message.text.as_str() == last {
                break;
            }
        }
    }
    flood.join().unwrap();
    pair.talk();
    // Where reading cannot be paused, the queue has an end.
    let mut python = server.python("eva");
    let message = vec![b'x'; 1_000];
    while python.0.get_mut().write_all(&message).is_ok() {}
    assert!(python.is_closed_by_server());
    pair.talk();
    server.type_in("usuarios\n");
    assert!(!server.answer().contains("eva"));
}

#[test]
fn sockets_that_are_reset_before_they_are_let_in_or_closed_halfway() {
    let server = Server::start();
    let mut pair = Pair::new(&server);
    let before = server.descriptors();
    server.signal(Signal::STOP);
    let mut half = Vec::new();
    for i in 0..300 {
        let mut client = server.connect();
        match i % 3 {
            0 => client.reset(),
            1 => {
                client.send("{\"type\":\"hello\"");
                client.reset();
            }
            _ => {
                client.send("sem nome? não");
                client.0.get_ref().shutdown(Shutdown::Write).unwrap();
                half.push(client);
            }
        }
    }
    server.signal(Signal::CONT);
    for mut client in half {
        assert!(client.is_closed_by_server());
    }
    while server.descriptors() > before {
        pair.talk();
    }
    pair.talk();
}
