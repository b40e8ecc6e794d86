//! The limits that are counted, each attacked in the real binary.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::{SocketAddr, TcpStream};

use papo_common::{ErrorReason, Event, Hello, Refusal, Request, SafeInteger};
use papo_server::options::Options;

#[allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
mod real;

use real::{Client, Server};

const FULL: &str = "A sala está cheia.";

fn say(reference: u64, text: impl Into<String>) -> Request {
    Request::Say { reference: SafeInteger::new(reference), text: text.into() }
}

/// Connects from one of this machine's own addresses.
fn connect_from(server: &Server, from: [u8; 4]) -> Client {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((from, 0)).into()).unwrap();
    socket.connect(&server.addr.into()).unwrap();
    Client::new(TcpStream::from(socket))
}

/// What a native newcomer is answered.
fn answer_to(client: &mut Client, name: &str) -> Event {
    client.ask(&Request::Hello(Hello::new(name)));
    client.event()
}

#[test]
fn max_clients() {
    let server = Server::with(&["--max-clients", "3"]);
    let (ana, mut bia, _caio) = (server.classic("ana"), server.classic("bia"), server.native("caio"));
    let mut classic = server.connect();
    classic.send("davi\n");
    classic.expect(FULL);
    assert!(classic.is_closed_by_server());
    let mut native = server.connect();
    assert_eq!(answer_to(&mut native, "davi"), Event::refused(Refusal::RoomFull));
    assert!(native.is_closed_by_server());
    ana.rest_after("");
    bia.until("ana saiu do chat.");
    // Its place is free as soon as its socket is, which may be a moment later.
    while server.connect().rest_after("davi\n") == format!("{FULL}\n") {}
}

#[test]
fn max_per_address() {
    let server = Server::with(&["--max-per-address", "3"]);
    let _there = ["ana", "bia", "caio"].map(|name| server.classic(name));
    let mut fourth = server.connect();
    fourth.send("davi\n");
    fourth.expect(FULL);
    assert!(fourth.is_closed_by_server());
    let mut other = connect_from(&server, [127, 0, 0, 2]);
    other.send("davi\n");
    other.expect("OK");
}

/// A class behind one router whose programs ask for a name first: all get in, and nobody's dialog is closed.
#[test]
fn forty_from_one_address_may_all_think_about_their_names() {
    let server = Server::with(&["--max-per-address", "128"]);
    let mut class: Vec<Client> = (0..40).map(|_| server.connect()).collect();
    for (n, pupil) in class.iter_mut().enumerate() {
        pupil.send(&format!("p{n}\n"));
        pupil.expect("OK");
    }
}

/// Silent sockets from two addresses, far over the number of either, while others come.
#[test]
fn who_is_refused_takes_nobodys_place() {
    let server = Server::with(&["--max-clients", "50", "--max-per-address", "5"]);
    let _silent: Vec<Client> = (0..60).map(|n| connect_from(&server, [127, 0, 0, 1 + n % 2])).collect();
    for last in 3..=10 {
        let mut newcomer = connect_from(&server, [127, 0, 0, last]);
        newcomer.send(&format!("n{last}\n"));
        newcomer.expect("OK");
    }
}

/// A host that the operator banned connects without end, and keeps open what it is given.
#[test]
fn who_is_banned_takes_nobodys_place() {
    let mut server = Server::with(&["--max-clients", "20"]);
    server.type_in("banir 127.0.0.2\n");
    server.answer();
    let _banned: Vec<Client> = (0..60).map(|_| connect_from(&server, [127, 0, 0, 2])).collect();
    let _others: Vec<Client> = (0..20).map(|n| server.classic(&format!("n{n}"))).collect();
}

#[test]
fn reserved_names_of_one_address() {
    const DROPPED: usize = Options::KEPT_PER_ADDRESS + 2;
    let server = Server::with(&["--max-per-address", "100"]);
    let mut witness = server.native("testemunha");
    for n in 0..DROPPED {
        drop(server.native(&format!("n{n}")));
        while !matches!(witness.event(), Event::Left { .. }) {}
    }
    for n in 0..DROPPED {
        let answer = answer_to(&mut server.connect(), &format!("n{n}"));
        let is_kept = answer == Event::refused(Refusal::NameInUse);
        assert_eq!(is_kept, n < Options::KEPT_PER_ADDRESS, "n{n}: {answer:?}");
    }
}

#[test]
fn max_text() {
    let server = Server::with(&["--max-text", "100"]);
    let mut ana = server.connect();
    let Event::Welcome(welcome) = answer_to(&mut ana, "ana") else { panic!() };
    assert_eq!(welcome.limits.text, 100);
    // Measured in bytes, after cleaning; every character may be escaped.
    ana.ask(&say(1, "\u{1b}".repeat(50) + &"é".repeat(50)));
    assert!(matches!(ana.event(), Event::Message(message) if message.text.as_str().len() == 100));
    for text in ["é".repeat(50) + "x", "x".repeat(101), "x\n".repeat(200)] {
        ana.ask(&say(2, text));
        assert!(matches!(ana.event(), Event::Problem { reason: ErrorReason::TooLong, .. }));
    }
    let mut bia = server.classic("bia");
    bia.send(&format!("{}\n", "x".repeat(101)));
    bia.until("Mensagem longa demais (máximo de 100 bytes).");
    // A line that no text needs is no message any more.
    bia.send(&"x".repeat(6 * 100 + 1025));
    assert!(bia.is_closed_by_server());
}

#[test]
fn private_messages_never_reach_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let server = Server::with(&["--history", path.to_str().unwrap()]);
    let (mut ana, _bia) = (server.native("ana"), server.native("bia"));
    let private = Request::Private { reference: SafeInteger::new(1), to: "bia".into(), text: "segredo de ana".into() };
    let search =
        Request::Search { reference: None, text: "segredo".into(), before: None, count: SafeInteger::new(5).unwrap() };
    for request in [&private, &say(2, "assunto de todos"), &search] {
        ana.ask(request);
    }
    assert!(matches!(ana.event(), Event::Joined { .. }));
    assert!(matches!(ana.event(), Event::Private(_)));
    assert!(matches!(ana.event(), Event::Message(_)));
    assert_eq!(ana.event(), Event::Found { messages: vec![], more: false, reference: None });
    let bytes_on_disk = || -> Vec<u8> {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    };
    let holds = |text: &str| memchr::memmem::find(&bytes_on_disk(), text.as_bytes()).is_some();
    assert!(holds("assunto de todos") && !holds("segredo de ana"));
    // Nor does the end, when all is written into the file itself.
    server.signal(rustix::process::Signal::TERM);
    server.wait();
    assert!(holds("assunto de todos") && !holds("segredo de ana"));
}
