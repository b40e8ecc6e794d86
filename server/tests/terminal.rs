//! A server in the background of a terminal that others use.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

mod support;

use support::real::{Client, Server};

/// Becomes the server, in the background of a new terminal. In its foreground is a shell of a kind: what it is given it
/// types, which the log then tells, and 'fg' brings the server to the foreground.
const SHELL: &str = r#"
import fcntl, os, pty, signal, sys, termios

os.setsid()
keyboard, terminal = pty.openpty()
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
server, shell = os.getpid(), os.fork()
if shell == 0:
    os.setpgid(0, 0)
    os.close(1)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    for line in iter(sys.stdin.readline, ""):
        if line == "fg\n":
            os.tcsetpgrp(terminal, server)
        else:
            os.write(keyboard, line.encode())
            os.write(2, b"typed\n")
    os._exit(0)
os.setpgid(shell, shell)
os.tcsetpgrp(terminal, shell)
os.dup2(terminal, 0)
os.execv(sys.argv[1], sys.argv[1:])
"#;

#[test]
fn what_is_typed_for_others_is_left_to_them() {
    let program = env!("CARGO_BIN_EXE_papo-server");
    let mut shell = Command::new("python3");
    shell.args(["-c", SHELL, program, "--no-history", "--listen", "127.0.0.1:0"]);
    let mut server = Server::run(&mut shell, Stdio::piped());
    let mut ana = server.classic("ana");
    while !ana.line().starts_with("Usuários ativos: ") {}
    server.type_in("usuarios\n");
    // The answers show that the server has turned since it was typed.
    while !server.log().contains("typed") {
        hear(&mut ana);
    }
    hear(&mut ana);
    server.expect_asleep();
    server.type_in("fg\n");
    assert!(server.answer().contains("ana ("));
    server.type_in("sair\n");
    ana.until("SERVIDOR_ENCERRADO");
    drop(ana);
    server.expect_good_end();
}

/// Waits for an answer of the server.
fn hear(client: &mut Client) {
    client.send("@\n");
    client.until(papo_common::sentences::BAD_FORMAT);
}
