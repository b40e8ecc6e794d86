//! A disk that is full for a while, in the real binary: nothing that was said meanwhile is lost.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use papo_common::{Event, Request, SafeInteger};

mod support;

use support::real::{Client, Server};

/// A server whose history lies on a disk of its own of 1 MiB. Needs root, as other tests do that make namespaces.
fn on_a_small_disk(folder: &Path) -> Server {
    let mut command = Command::new("unshare");
    let mount = "mount -t tmpfs -o size=1m small \"$1\" && exec \"$0\" --listen 127.0.0.1:0 --rate-limit 0 --history \"$1/papo.db\"";
    command.args(["--mount", "sh", "-c", mount, env!("CARGO_BIN_EXE_papo-server")]).arg(folder);
    Server::run(&mut command, Stdio::piped())
}

#[track_caller]
fn say(client: &mut Client, reference: u64) {
    let text = format!("linha {reference} {}", "palavra ".repeat(20));
    client.ask(&Request::Say { reference: SafeInteger::new(reference), text });
    assert!(matches!(client.event(), Event::Message(message) if message.seq == reference));
}

#[test]
fn what_is_said_while_the_disk_is_full_is_kept_when_there_is_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = on_a_small_disk(folder.path());
    let pid = server.pid().as_raw_nonzero();
    let inside = |name: &str| -> PathBuf {
        let path = folder.path().join(name);
        Path::new("/proc").join(pid.to_string()).join("root").join(path.strip_prefix("/").unwrap())
    };
    let mut ana = server.native("ana");
    (1..=10).for_each(|n| say(&mut ana, n));
    // As much as there is room for.
    let filler = inside("enche");
    let _ = std::fs::write(&filler, vec![b'x'; 1 << 20]);
    let mut said = 10;
    while !server.log().contains("não há espaço no disco") {
        said += 1;
        say(&mut ana, said);
        assert!(said < 20_000, "there is still room");
    }
    for _ in 0..20 {
        said += 1;
        say(&mut ana, said);
    }
    std::fs::remove_file(&filler).unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while !server.log().contains("Histórico ligado de novo") {
        assert!(Instant::now() < end, "{}", server.log());
        server.type_in("estado\n");
        server.answer();
        said += 1;
        say(&mut ana, said);
        ana.0.get_ref().set_read_timeout(Some(Duration::from_millis(250))).unwrap();
        let _ = std::io::Read::read(ana.0.get_mut(), &mut [0; 64]);
        ana.0.get_ref().set_read_timeout(Some(support::real::PATIENCE)).unwrap();
    }
    assert!(!server.log().contains("não foram guardadas"), "{}", server.log());
    let copy = inside("copia.db");
    server.type_in(&format!("copiar {}\n", folder.path().join("copia.db").display()));
    while !server.answer().contains("Gravado em") {}
    let db = folder.path().join("aqui.db");
    std::fs::copy(copy, &db).unwrap();
    let db = rusqlite::Connection::open(db).unwrap();
    let kept: u64 = db.query_row("SELECT count(*) FROM messages", [], |row| row.get::<_, i64>(0)).unwrap() as u64;
    assert_eq!(kept, said, "each of them once");
}
