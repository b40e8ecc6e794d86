//! A server in the background of a terminal that others use.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{ErrorKind, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

#[allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
mod real;

use real::{PATIENCE, Server};

/// Becomes the server, in the background of a new terminal. In its foreground is a shell of a kind: what it is given it
/// types, and 'fg' brings the server to the foreground.
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
    // A while in which nothing happens.
    ana.0.get_ref().set_read_timeout(Some(Duration::from_millis(1_500))).unwrap();
    assert_eq!(ana.0.get_mut().read(&mut [0; 64]).unwrap_err().kind(), ErrorKind::WouldBlock);
    ana.0.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    server.type_in("fg\n");
    assert!(server.answer().contains("ana ("));
    server.type_in("estado\n");
    let told = server.answer();
    let per_second = told.split("voltas por segundo: ").nth(1).unwrap().split_whitespace().next().unwrap();
    assert!(per_second.parse::<f64>().unwrap() < 50.0, "{told}");
    server.type_in("sair\n");
    ana.until("SERVIDOR_ENCERRADO");
    drop(ana);
    server.expect_good_end();
}
