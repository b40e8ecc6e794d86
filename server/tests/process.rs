//! The real binary: its console, its exit, its signals, and clients of every kind at once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::File;
use std::net::{Shutdown, TcpListener};
use std::process::{Command, Stdio};

use papo_common::Event;
use rustix::process::Signal;

mod support;

use support::real::Server;
use support::requests::say;

const WORD: &str = "SERVIDOR_ENCERRADO";
const WORD_LINE: &str = "SERVIDOR_ENCERRADO\n";

#[test]
fn sair_ends_it_and_everyone_is_told() {
    let mut server = Server::start();
    let mut ana = server.classic("ana");
    let bia = server.native("bia");
    let caio = server.python("caio");
    ana.until("Usuários ativos: ana, bia, caio");
    server.type_in("  SAIR \n");
    for client in [ana, bia, caio] {
        assert!(client.rest().ends_with(WORD_LINE));
    }
    server.expect_good_end();
}

#[test]
fn signals_end_it_in_good_order() {
    for signal in [Signal::INT, Signal::TERM] {
        let server = Server::start();
        let ana = server.classic("ana");
        server.signal(signal);
        assert!(ana.rest().ends_with(WORD_LINE));
        server.expect_good_end();
    }
}

#[test]
fn started_by_nohup_it_outlives_its_terminal() {
    let mut shell = std::process::Command::new("sh");
    shell.args([
        "-c",
        "trap '' HUP && exec \"$0\" --no-history --listen 127.0.0.1:0",
        env!("CARGO_BIN_EXE_papo-server"),
    ]);
    let mut server = Server::run(&mut shell, Stdio::piped());
    let ana = server.classic("ana");
    server.signal(Signal::HUP);
    server.type_in("usuarios\n");
    assert!(server.answer().contains("ana"));
    server.signal(Signal::TERM);
    assert!(ana.rest().ends_with(WORD_LINE));
    server.expect_good_end();
}

#[test]
fn the_console_answers() {
    let mut server = Server::start();
    let ana = server.classic("ana");
    server.type_in("\nusuarios\nUSUÁRIOS\nbanana\n");
    let list = format!("1 pessoa no chat:\n  ana ({}), clássico, desde ", ana.addr());
    for answer in [&list[..], &list, "Comando desconhecido.\nComandos:\n  usuarios   "] {
        let printed = server.answer();
        assert!(printed.starts_with(answer), "{printed}");
    }
    drop(ana);
    server.type_in("sair\n");
    server.expect_good_end();
}

#[test]
fn without_a_console_it_serves_on_and_sleeps() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "\n \n").unwrap();
    let closed_pipe = || {
        let (reader, _) = std::io::pipe().unwrap();
        Stdio::from(reader)
    };
    for stdin in [Stdio::null(), Stdio::from(File::open(file.path()).unwrap()), closed_pipe()] {
        let server = Server::start_at("127.0.0.1:0", stdin);
        let mut ana = server.classic("ana");
        ana.until("Usuários ativos: ana");
        server.expect_asleep();
        drop(ana);
        server.signal(Signal::TERM);
        server.expect_good_end();
    }
}

#[test]
fn the_port_can_be_taken_again_at_once() {
    let mut server = Server::start();
    let listen = server.addr.to_string();
    let ana = server.classic("ana");
    server.type_in("sair\n");
    ana.rest();
    server.expect_good_end();
    let mut server = Server::start_at(&listen, Stdio::piped());
    let bia = server.classic("bia");
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    assert!(!bia.rest().contains(WORD));
    let mut server = Server::start_at(&listen, Stdio::piped());
    server.classic("caio");
    server.type_in("sair\n");
    server.expect_good_end();
}

#[track_caller]
fn refused(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_papo-server")).args(args).stdin(Stdio::null()).output().unwrap();
    assert!(!output.status.success());
    assert_eq!(output.stdout, b"", "it says that it runs");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn what_it_cannot_do_it_says_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let said = refused(&["--no-history", "--listen", &addr]);
    assert_eq!(said, format!("papo-server: Não foi possível escutar em {addr}: a porta já está em uso\n"));
    let running = Server::start();
    assert!(refused(&["--no-history", "--listen", &running.addr.to_string()]).contains("a porta já está em uso"));
    assert!(refused(&["--no-history", "--listen", "192.0.2.1:12345"]).contains("esse endereço não é desta máquina"));
    assert!(refused(&["--no-history", "--listen", "12345"]).contains("'12345' não é ENDEREÇO:PORTA"));
    assert!(refused(&["--bogus"]).contains("Opção desconhecida: --bogus"));
}

#[test]
fn help_and_version() {
    let printed = |arg| {
        let output = Command::new(env!("CARGO_BIN_EXE_papo-server")).arg(arg).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(printed("--help").contains("--listen ENDEREÇO:PORTA"));
    assert_eq!(printed("--version"), format!("papo-server {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn everyone_meets() {
    let mut server = Server::start();
    let mut ana = server.classic("ana");
    let mut bia = server.native("bia");
    let mut caio = server.python("caio");
    let caios_addr = caio.addr();
    for line in [
        format!("ana entrou no chat de {}", ana.addr()),
        "Usuários ativos: ana".into(),
        format!("bia entrou no chat de {}", bia.addr()),
        "Usuários ativos: ana, bia".into(),
        format!("caio entrou no chat de {caios_addr}"),
        "Usuários ativos: ana, bia, caio".into(),
    ] {
        ana.expect(&line);
    }
    let Event::Joined { name, addr, .. } = bia.event() else { panic!() };
    assert_eq!((name.as_str(), addr), ("caio", caios_addr));
    caio.send("oi, gente");
    ana.expect("caio: oi, gente");
    let Event::Message(heard) = bia.event() else { panic!() };
    assert_eq!((heard.from.as_str(), heard.text.as_str()), ("caio", "oi, gente"));
    caio.send("@bia só você");
    let Event::Private(heard) = bia.event() else { panic!() };
    assert_eq!((heard.from.as_str(), heard.text.as_str()), ("caio", "só você"));
    bia.ask(&say(1, "olá"));
    ana.expect("bia: olá");
    ana.send("tchau\n");
    ana.0.get_ref().shutdown(Shutdown::Write).unwrap();
    caio.until("bia: olá");
    caio.until("ana: tchau");
    caio.until("ana saiu do chat.");
    bia.reset();
    caio.until("bia saiu do chat.");
    let log = server.log();
    for line in ["ana", "bia", "caio"].map(|name| format!(" {name} (127.0.0.1:")) {
        assert!(log.contains(&line), "{log}");
    }
    assert!(log.contains("saiu: desconectou-se") && log.contains("saiu: conexão perdida"), "{log}");
    drop(caio);
    server.type_in("sair\n");
    server.expect_good_end();
}

#[test]
fn sair_reaches_those_who_have_not_read_and_those_who_still_talk() {
    let mut server = Server::start();
    let mut ana = server.classic("ana");
    let mut bia = server.native("bia");
    ana.until("Usuários ativos: ana, bia");
    // Neither has read what the other said, and the server will not have read all of it either.
    for i in 1..500 {
        ana.send(&format!("linha {i} {}\n", "x".repeat(500)));
        bia.ask(&say(i, "y".repeat(500)));
    }
    server.type_in("sair\n");
    let [classic, native] = [ana.rest(), bia.rest()];
    for told in [&classic, &native] {
        assert!(told.ends_with("\nSERVIDOR_ENCERRADO\n"), "{}", &told[told.len() - 100..]);
        assert_eq!(told.matches(WORD).count(), 1);
    }
    // What was heard is a beginning of what was said, whole and in order.
    for (i, line) in native.lines().filter(|line| line.contains("linha ")).enumerate() {
        assert!(line.contains(&format!("linha {} x", i + 1)), "{line}");
    }
    server.expect_good_end();
}
