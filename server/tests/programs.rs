//! Other people's programs, `nc` and the client in ten lines of `PROTOCOL.md`, in the very talk that stands on that page.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

mod support;

use support::real::patiently;

const DOCUMENT: &str = include_str!("../../common/PROTOCOL.md");

/// A program with which the test talks by lines.
struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    fn start(words: &[&str]) -> Program {
        // A longer wait for a line would find that there is none.
        let mut child = patiently(words[0])
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Program { child, stdin, stdout }
    }

    fn send(&mut self, line: &str) {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end_matches('\n').into()
    }

    #[track_caller]
    fn expect_good_end(mut self) {
        drop(self.stdin.take());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

/// The server and where it listens.
fn server() -> (Program, String) {
    let mut server = Program::start(&[env!("CARGO_BIN_EXE_papo-server"), "--no-history", "--listen", "127.0.0.1:0"]);
    assert_eq!(
        (server.line().as_str(), server.line().as_str()),
        ("Servidor está funcionando...", "Endereços para entrar:")
    );
    let port = server.line().trim().strip_prefix("127.0.0.1:").unwrap().to_owned();
    (server, port)
}

/// The fenced block of that kind.
fn block(mark: &str) -> &'static str {
    let (_, block) = DOCUMENT.split_once(&format!("```{mark}\n")).unwrap();
    block.split_once("```").unwrap().0
}

/// What is the same at every run.
fn without_address(line: &str) -> &str {
    line.split_once(" entrou no chat de ").map_or(line, |(name, _)| name)
}

#[test]
fn the_talk_on_the_page() {
    let (mut server, port) = server();
    let client = block("python").replace("12345", &port);
    let mut ana = Program::start(&["nc", "-N", "127.0.0.1", &port]);
    ana.send("ana");
    assert_eq!(ana.line(), "OK");

    let mut aninha = Program::start(&["python3", "-u", "-c", &client, "127.0.0.1"]);
    for line in block("text session").lines() {
        if let Some(typed) = line.strip_prefix("> ") {
            aninha.send(typed);
            continue;
        }
        let told = line.strip_prefix("< ").unwrap();
        match (told, told.strip_prefix("ana: ")) {
            ("ana saiu do chat.", _) => drop(ana.stdin.take()),
            ("SERVIDOR_ENCERRADO", _) => server.send("sair"),
            (_, Some(said)) => match said.strip_suffix(" (privado)") {
                Some(whispered) => ana.send(&format!("@aninha {whispered}")),
                None => ana.send(said),
            },
            _ => {}
        }
        assert_eq!(without_address(&aninha.line()), without_address(told));
    }
    assert_eq!(aninha.line(), "");
    aninha.expect_good_end();
    server.expect_good_end();

    let heard: Vec<String> = std::iter::from_fn(|| Some(ana.line()).filter(|line| !line.is_empty())).collect();
    assert!(heard.contains(&"aninha: olá, pessoal".into()), "{heard:?}");
    assert!(heard.contains(&"aninha: só para você (privado)".into()), "{heard:?}");
    ana.expect_good_end();
}
