//! The operator's side of the real binary: a log that nobody reads, and a terminal that is typed on.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Read as _;

use rustix::io::ioctl_fionread;

mod support;

use support::real::{Server, patiently};

/// Enters and goes, until the server has taken note of both.
fn visit(server: &Server, name: &str) {
    let mut visitor = server.classic(name);
    visitor.until(&format!("Usuários ativos: {name}"));
    visitor.rest_after("");
}

#[test]
fn a_log_that_nobody_reads_holds_up_nobody_and_loses_nothing_that_fits() {
    let mut server = Server::unread();
    let mut stderr = server.child.stderr.take().unwrap();
    // Until the pipe takes no more, and half as many again.
    let (mut visits, mut waiting, mut is_full) = (0, 0, false);
    while !is_full {
        for _ in 0..10 {
            visits += 1;
            visit(&server, &format!("visita{visits}"));
        }
        let before = std::mem::replace(&mut waiting, ioctl_fionread(&stderr).unwrap());
        is_full = waiting == before;
    }
    for _ in 0..visits / 2 {
        visits += 1;
        visit(&server, &format!("visita{visits}"));
    }
    // The rest then fits into the pipe, however late it is read.
    let mut log = vec![0; waiting as usize];
    stderr.read_exact(&mut log).unwrap();
    server.type_in("sair\n");
    stderr.read_to_end(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert_eq!((log.matches(" entrou, ").count(), log.matches(" saiu: ").count()), (visits, visits));
    server.expect_good_end();
}

#[test]
fn the_log_never_mixes_with_what_is_typed() {
    let home = tempfile::tempdir().unwrap();
    let output = patiently("python3")
        .args(["-c", include_str!("log/terminal.py"), env!("CARGO_BIN_EXE_papo-server")])
        .env("HOME", home.path())
        .env("XDG_STATE_HOME", home.path())
        .output()
        .unwrap();
    let (shown, noted) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{shown}{noted}");
    // What was typed in two halves stands there as one: nothing came in between.
    assert!(shown.contains("usuarios\r\n") && shown.contains("ana"), "{shown}");
    assert!(!shown.contains(" entrou, "), "{shown}");
    let path = shown.lines().find_map(|line| line.trim().strip_prefix("Registro em ")).unwrap();
    assert!(std::fs::read_to_string(path).unwrap().contains("ana (127.0.0.1:"));
}
