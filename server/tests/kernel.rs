//! What no client can bring about: the real binary under `strace`, which lets its system calls fail as kernels may.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

use papo_common::Event;

mod support;

use support::real::Server;

/// A server whose system calls fail as said: `accept4:error=EINTR:when=2+3` lets the second `accept4` fail, and from
/// there every third.
fn server_where(faults: &[&str]) -> Server {
    let mut strace = Command::new("strace");
    // With -D it is the server that is our child, and strace is told of nothing but what it lets fail.
    strace.args([
        "-D",
        "-q",
        "-q",
        "-o",
        "/dev/null",
        "-e",
        "trace=accept4,epoll_wait,recvfrom,sendto,read,write,writev",
    ]);
    for fault in faults {
        strace.args(["-e", &format!("inject={fault}")]);
    }
    strace.args([env!("CARGO_BIN_EXE_papo-server"), "--no-history", "--listen", "127.0.0.1:0"]);
    Server::run(&mut strace, Stdio::piped())
}

/// Three come, all are told of all, everyone talks, `sair` ends it well. What the log says of it meanwhile.
#[track_caller]
fn holds_a_chat(faults: &[&str]) -> String {
    let mut server = server_where(faults);
    let mut ana = server.classic("ana");
    let (mut bia, mut caio) = (server.native("bia"), server.classic("caio"));
    ana.until("Usuários ativos: ana, bia, caio");
    for round in 0..20 {
        ana.send(&format!("oi {round}\n"));
        caio.until(&format!("ana: oi {round}"));
        caio.send(&format!("olá {round}\n"));
        ana.until(&format!("caio: olá {round}"));
    }
    while !matches!(bia.event(), Event::Message(message) if message.text.as_str() == "olá 19") {}
    let log = server.log();
    server.type_in("sair\n");
    server.expect_good_end();
    log
}

/// What the log says when newcomers have to wait.
const WAITING: &str = "novas conexões esperam";

#[test]
fn newcomers_that_are_gone_before_they_are_let_in() {
    for fault in ["accept4:error=ECONNABORTED:when=1+2", "accept4:error=ECONNRESET:when=1+3"] {
        assert!(!holds_a_chat(&[fault]).contains(WAITING), "{fault} is the newcomer's alone");
    }
}

#[test]
fn calls_that_a_signal_interrupts() {
    holds_a_chat(&["accept4:error=EINTR:when=1+2", "epoll_wait:error=EINTR:when=1+3"]);
    holds_a_chat(&["recvfrom:error=EINTR:when=1+3", "sendto:error=EINTR:when=1+3", "writev:error=EINTR:when=1+3"]);
}

#[test]
fn a_system_without_memory_for_another_connection() {
    for fault in ["accept4:error=ENOBUFS:when=1", "accept4:error=ENFILE:when=1"] {
        assert!(holds_a_chat(&[fault]).contains(WAITING), "{fault} is everyone's");
    }
}

#[test]
fn the_kernel_puts_nothing_off() {
    let trace = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-D", "-q", "-q", "-e", "trace=setsockopt", "-o"]).arg(trace.path());
    strace.args([env!("CARGO_BIN_EXE_papo-server"), "--no-history", "--listen", "127.0.0.1:0"]);
    let mut server = Server::run(&mut strace, Stdio::piped());
    let (mut ana, _bia) = (server.classic("ana"), server.native("bia"));
    ana.until("Usuários ativos: ana, bia");
    server.type_in("sair\n");
    server.expect_good_end();
    let trace = std::fs::read_to_string(trace.path()).unwrap();
    assert_eq!(trace.matches("TCP_NODELAY, [1]").count(), 2, "{trace}");
}
