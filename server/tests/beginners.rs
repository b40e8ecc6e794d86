//! First programs in any language, and telnet: they enter, and nothing that they whisper reaches the room.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Output, Stdio};

use papo_common::{Event, Refusal, Request, SafeInteger};

mod support;

use support::ms;
use support::real::{Server, patiently};
use support::stage::{Client, Stage};

/// What `client` is answered to a name that it sends in these bytes.
#[track_caller]
fn answer(stage: &mut Stage, bytes: &[u8]) -> (Client, String) {
    let mut client = stage.connect();
    client.send(bytes);
    stage.turn();
    stage.hand.advance(ms(200));
    let answer = stage.line(&mut client);
    (client, answer)
}

#[test]
fn a_name_is_what_was_typed_whatever_stands_around_it() {
    for (bytes, name) in [
        (&b"\xef\xbb\xbfbia\r\n"[..], "bia"),
        (b"bia\0", "bia"),
        (b"bia\0\0\0\0\0\0\0", "bia"),
        (b"bia\0\n", "bia"),
        (b"Jo\xe3o\n", "João"),
        (b"Jo\xe3o", "João"),
        (b"\xff\xfb\x1f\xff\xfb\x20\xff\xfd\x01bia\r\n", "bia"),
        (b"\xff\xfa\x1f\0\x50\0\x18\xff\xf0bia\r\n", "bia"),
        (b"bia\r\0", "bia"),
        (b"bia\r", "bia"),
    ] {
        let mut stage = Stage::new();
        let (mut client, word) = answer(&mut stage, bytes);
        assert_eq!(word, "OK", "{bytes:x?}");
        stage.hand.advance(ms(100));
        let entered = format!("{name} entrou no chat de {}", client.addr());
        stage.expect(&mut client, &entered);
        drop(client);
        stage.expect_nothing_left();
    }
}

#[test]
fn what_is_no_text_is_no_attempt_at_a_name() {
    let mut stage = Stage::new();
    let mut client = stage.connect();
    for bytes in [&b"\xff\xfb\x1f\xff"[..], b"\xfd\x01", b"\0\0", b"\xff\xfa\x1f\0", b"\x50\xff\xf0"] {
        client.send(bytes);
        stage.turn();
        stage.hand.advance(ms(5_000));
        stage.expect_silence(&mut client);
    }
    client.send("bia\r\n");
    stage.expect(&mut client, "OK");
}

#[test]
fn a_native_program_may_begin_with_a_byte_order_mark() {
    let mut stage = Stage::new();
    let mut client = stage.connect();
    for bytes in [&b"\xef"[..], b"\xbb\xbf", b"{\"type\":\"hello\",\"name\":\"bia\",\"version\":1}\r\n"] {
        client.send(bytes);
        stage.turn();
    }
    assert!(matches!(stage.event(&mut client), Event::Welcome(_)));
}

#[test]
fn keys_that_come_one_by_one_are_a_line() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let mut typist = stage.connect();
    for key in ["m", "a", "r", "i", "a", "\r", "\n"] {
        typist.send(key);
        stage.turn();
        stage.hand.advance(ms(2_900));
        stage.turn();
    }
    stage.expect(&mut typist, "OK");
    stage.expect(&mut ana, &format!("maria entrou no chat de {}", typist.addr()));
    stage.expect(&mut ana, "Usuários ativos: ana, maria");
    for key in ["o", "i", " ", "g", "e", "n", "t", "e"] {
        typist.send(key);
        stage.turn();
        stage.hand.advance(ms(900));
    }
    stage.expect_silence(&mut ana);
    typist.send("\r\n");
    stage.expect(&mut ana, "maria: oi gente");
}

#[test]
fn no_whisper_is_heard_by_all() {
    let mut stage = Stage::new();
    let (mut ana, mut bia, mut caio) = (stage.classic("ana"), stage.classic("bia"), stage.classic("caio"));
    stage.expect(&mut bia, &format!("caio entrou no chat de {}", caio.addr()));
    stage.expect(&mut bia, "Usuários ativos: ana, bia, caio");
    for line in [
        &b"@bia segredo"[..],
        b"\0@bia segredo",
        b"\xff\xf4\xff\xfd\x06@bia segredo",
        b"\xef\xbb\xbf@bia segredo",
        b"\xc3@bia segredo",
        b"\x08\x7f \xe3\x08@bia segredo",
        b"\xc2\xa0\t @bia segredo",
        "\u{fffd}@bia segredo".as_bytes(),
        "\u{200b}\u{2800}@bia segredo".as_bytes(),
        "＠bia segredo".as_bytes(),
        " ﹫bia segredo".as_bytes(),
        b"@bia, segredo",
        b"@bia: segredo",
        b"@BIA:\tsegredo",
    ] {
        ana.send([line, b"\n"].concat());
        stage.expect(&mut bia, "ana: segredo (privado)");
    }
    for line in ["@bia. segredo", "@@bia segredo", "@ bia segredo", "@bia,caio segredo", "@, segredo", "@bia,"] {
        ana.send(format!("{line}\n"));
    }
    ana.send("fim\n");
    stage.expect(&mut bia, "ana: fim");
    stage.expect(&mut caio, "ana: fim");
}

#[test]
fn what_telnet_asks_behind_an_interrupt_is_answered() {
    let mut stage = Stage::new();
    let mut rita = stage.classic("rita");
    rita.send(b"\xff\xf4\xff\xfd\x06");
    stage.turn();
    let mut heard = Vec::new();
    stage
        .until("an answer", |_| std::io::Read::read_to_end(&mut rita.stream, &mut heard).is_err() && !heard.is_empty());
    assert_eq!(heard, b"\xff\xfc\x06");
}

#[test]
fn scanners_stay_outside() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    for probe in [
        &b"HELP\r\n"[..],
        b"EHLO\r\n",
        b"QUIT\r\n",
        b"stats\r\n",
        b"HELP",
        b"\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"\x6c\0\x0b\0\0\0\0\0\0\0\0\0",
        b"\x01default\n",
        b"\x16\x03\0\0S\x01\0\0O\x03\0?G\xd7\xf7",
        b"\0\0\0\xa4\xff\x53\x4d\x42\x72\0\0\0\0\x08\x01\x40",
        b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x02\x04\0\x80\0",
    ] {
        let (scanner, word) = answer(&mut stage, probe);
        assert_eq!(word, "NOME_INVALIDO", "{probe:x?}");
        drop(scanner);
        stage.until("it is gone", |stage| stage.server.connections() == 1);
    }
    stage.expect_silence(&mut ana);
    let (mut help, word) = answer(&mut stage, b"Help\n");
    assert_eq!(word, "OK");
    let entered = format!("Help entrou no chat de {}", help.addr());
    stage.expect(&mut help, &entered);
}

#[test]
fn a_name_that_looks_like_anothers_is_taken() {
    let mut stage = Stage::new();
    let _lucas = stage.classic("lucas");
    let (_iara, _) = stage.native("Iara");
    for (name, word) in [
        ("Iucas", "NOME_EM_USO"),
        ("1ucas", "NOME_EM_USO"),
        ("iara", "NOME_EM_USO"),
        ("lara", "NOME_EM_USO"),
        ("Lara", "OK"),
        ("iucas", "OK"),
        ("Servidor.", "NOME_INVALIDO"),
        ("ana＠casa", "NOME_INVALIDO"),
    ] {
        let mut client = stage.connect();
        client.send(format!("{name}\n"));
        stage.expect(&mut client, word);
        // Those who entered stay, so that their names are taken from now on.
        std::mem::forget(client);
    }
    let mut native = stage.connect();
    native.ask(&Request::Hello(papo_common::Hello::new("IUCAS")));
    assert_eq!(stage.event(&mut native), Event::refused(Refusal::NameInUse));
}

/// A text of which every piece of 1,024 bytes, wherever it is cut before, would end inside of a character.
fn unlucky(bytes: usize) -> String {
    format!("x{}", "ã".repeat((bytes - 1) / 2))
}

#[test]
fn who_decodes_each_recv_by_itself_is_never_cut_in_a_character() {
    let mut stage = Stage::new();
    let (mut duda, _) = stage.native("duda");
    let mut joao = stage.connect();
    joao.send("joão");
    stage.turn();
    stage.hand.advance(ms(200));
    let mut heard = String::new();
    stage.until("OK", |_| {
        heard += &joao.recv(1024).unwrap_or_default();
        heard == "OK\n"
    });
    let texts = [unlucky(4_096), "😀".repeat(1_000), "linha\n".repeat(200), "não é só isso, ".repeat(200)];
    for (text, n) in texts.iter().zip(1..) {
        duda.ask(&Request::Say { reference: SafeInteger::new(n), text: text.clone() });
        stage.until(&format!("all of {n}"), |stage| {
            // As a program that is called as soon as there is something. Half a character would be no string.
            while let Some(piece) = joao.recv(1024) {
                assert!(!piece.is_empty(), "it was closed");
                heard += &piece;
            }
            stage.hand.advance(ms(50));
            let said: Vec<String> = text.trim_end().lines().map(|line| format!("duda: {line}\n")).collect();
            heard.ends_with(&said.concat().replace(" \n", "\n"))
        });
    }
    assert!(heard.starts_with("OK\njoão entrou no chat de "), "{heard}");
    duda.finish();
    joao.finish();
    stage.until("they are gone", |stage| {
        stage.hand.advance(ms(50));
        stage.server.connections() == 0
    });
}

fn run(words: &[&str]) -> Output {
    patiently(words[0]).args(&words[1..]).output().unwrap()
}

#[test]
fn programs_in_c_enter_talk_and_whisper() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("first");
    let program = program.to_str().unwrap();
    let built = run(&["cc", "-o", program, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/beginners/first.c")]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    for how in ["text", "buffer"] {
        let server = Server::start();
        let (mut ana, mut caio) = (server.classic("ana"), server.classic("caio"));
        let port = server.addr.port().to_string();
        // Behind the first it hears of its own entrance, behind the second that nobody whispers to oneself.
        let talked = run(&[program, &port, how, "bia", "@ana segredo", "@bia eu"]);
        assert!(talked.status.success(), "{how}: {talked:?}");
        ana.until("bia: segredo (privado)");
        caio.until("Usuários ativos: ana, caio, bia");
        caio.expect("bia saiu do chat.");
    }
}

#[test]
fn the_original_client_survives_long_texts() {
    let mut server = Server::start();
    let mut original = patiently("python3")
        .args(["-c", include_str!("beginners/original.py"), &server.addr.port().to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut heard = BufReader::new(original.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Usuários ativos: joão") {
        line.clear();
        assert_ne!(heard.read_line(&mut line).unwrap(), 0);
    }
    let mut duda = server.native("duda");
    for n in 1..=20 {
        let text = format!("{}{}", "x".repeat(n as usize), unlucky(3_000));
        duda.ask(&Request::Say { reference: SafeInteger::new(n), text: text.clone() });
        while !line.starts_with("duda: ") || line.len() != "duda: \n".len() + text.len() {
            line.clear();
            assert_ne!(heard.read_line(&mut line).unwrap(), 0, "it hung up");
        }
        line.clear();
    }
    server.type_in("sair\n");
    let mut rest = String::new();
    heard.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("SERVIDOR_ENCERRADO\n"), "{rest}");
    assert!(original.wait().unwrap().success());
    server.expect_good_end();
}

#[test]
fn debians_telnet_whispers_behind_an_interrupt_and_goes_on_hearing() {
    let server = Server::start();
    let mut ana = server.classic("ana");
    let telnet = patiently("python3")
        .args(["-c", include_str!("beginners/telnet.py"), &server.addr.port().to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    ana.until("rita: oi, tudo bem");
    ana.send("oi, rita\n");
    ana.until("rita: segredo (privado)");
    ana.send("ouvi\n");
    let telnet = telnet.wait_with_output().unwrap();
    assert!(telnet.status.success(), "{}", String::from_utf8_lossy(&telnet.stdout));
    ana.until("rita saiu do chat.");
}
