//! What the operator forbids, by the server's turns: whom it reaches, how it is listed and taken back, and that it
//! outlives a restart.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::Duration;

use papo_common::{ErrorReason, Event, Hello, Refusal, Request, SafeInteger, Welcome};

mod support;

use support::stage::{Client, Stage};

const SHARED: [u8; 4] = [127, 0, 0, 9];
const OWN: [u8; 4] = [127, 0, 0, 8];
const ELSEWHERE: [u8; 4] = [127, 0, 0, 7];

#[track_caller]
fn enter(stage: &mut Stage, from: [u8; 4], hello: &Hello) -> (Client, Event) {
    let mut client = stage.connect_from(from);
    client.ask(&Request::Hello(hello.clone()));
    let event = stage.event(&mut client);
    (client, event)
}

#[track_caller]
fn native(stage: &mut Stage, from: [u8; 4], name: &str) -> (Client, Welcome) {
    match enter(stage, from, &Hello::new(name)) {
        (client, Event::Welcome(welcome)) => (client, *welcome),
        (_, other) => panic!("{other:?}"),
    }
}

/// Whether what `client` says is said, rather than refused because it is silenced.
#[track_caller]
fn may_speak(stage: &mut Stage, client: &mut Client, reference: u64) -> bool {
    client.ask(&Request::Say { reference: SafeInteger::new(reference), text: "oi".into() });
    loop {
        match stage.event(client) {
            Event::Message(message) if message.reference == SafeInteger::new(reference) => return true,
            Event::Problem { reason: ErrorReason::Muted, .. } => return false,
            Event::Message(_) | Event::Joined { .. } | Event::Left { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Loses the connection of `client`, whose name is then kept.
fn drop_out(stage: &mut Stage, client: Client) {
    let before = stage.server.room().members().len();
    client.reset();
    stage.until("gone", |stage| stage.server.room().members().len() < before);
}

#[test]
fn bans_and_mutes_outlive_a_restart_with_when_why_and_by_which_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut first = Stage::keeping(&path, 20);
    let (_rui, _) = native(&mut first, OWN, "rui");
    let (_ana, _) = native(&mut first, SHARED, "ana");
    let (_bia, _) = native(&mut first, ELSEWHERE, "bia");
    let (_caio, _) = native(&mut first, ELSEWHERE, "caio");
    first.operate("banir rui spam demais");
    first.operate("silenciar ana");
    first.operate("silenciar bia grita");
    first.server.end();
    first.turn();
    drop(first);

    let mut second = Stage::keeping(&path, 20);
    let listed = second.operate("bloqueios");
    let lines: Vec<&str> = listed.lines().map(str::trim).collect();
    assert_eq!(lines[0], "3 bloqueios:");
    for (line, (begin, end)) in lines[1..].iter().zip([
        ("127.0.0.8 (rui) banido desde ", "; motivo: spam demais"),
        ("127.0.0.9 (ana) silenciado desde ", ""),
        ("bia (127.0.0.7, só essa pessoa) silenciado desde ", "; motivo: grita"),
    ]) {
        let date = line.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end)).unwrap();
        assert_eq!(date.len(), "02/03/2026 14:00".len(), "{line}");
    }
    let (_, refused) = enter(&mut second, OWN, &Hello::new("rui"));
    assert_eq!(refused, Event::refused(Refusal::Banned));
    let (_, refused) = enter(&mut second, SHARED, &Hello::new("prova"));
    assert_eq!(refused, Event::refused(Refusal::Muted));
    let (mut ana, _) = native(&mut second, SHARED, "ana");
    let (mut bia, _) = native(&mut second, ELSEWHERE, "Bia");
    let (mut caio, _) = native(&mut second, ELSEWHERE, "caio");
    assert!(!may_speak(&mut second, &mut ana, 1));
    assert!(!may_speak(&mut second, &mut bia, 1));
    assert!(may_speak(&mut second, &mut caio, 1));
    assert_eq!(second.operate("liberar rui"), "127.0.0.8 está liberado.");
    assert_eq!(second.operate("liberar 127.0.0.9"), "127.0.0.9 está liberado.");
    drop(second);

    let mut third = Stage::keeping(&path, 20);
    let listed = third.operate("bloqueios");
    assert!(listed.starts_with("1 bloqueio:\n  bia (127.0.0.7"), "{listed}");
    let (mut rui, _) = native(&mut third, OWN, "rui");
    assert!(may_speak(&mut third, &mut rui, 1));
}

#[test]
fn who_shares_an_address_is_silenced_alone() {
    let mut stage = Stage::new();
    let (mut ana, welcome) = native(&mut stage, SHARED, "ana");
    let (mut bia, _) = native(&mut stage, SHARED, "bia");
    let told = stage.operate("silenciar @ana");
    let expected =
        "ana foi silenciado, só essa pessoa: bia também usa 127.0.0.9. Para todos dali: silenciar 127.0.0.9.";
    assert_eq!(told, expected);
    assert!(!may_speak(&mut stage, &mut ana, 1));
    assert!(may_speak(&mut stage, &mut bia, 1));
    // Newcomers from there come in, but not as somebody who looks like her.
    let (mut caio, _) = native(&mut stage, SHARED, "caio");
    assert!(may_speak(&mut stage, &mut caio, 1));
    // Her session does not speak from elsewhere either.
    drop_out(&mut stage, ana);
    let hello = Hello { session: Some(welcome.session), ..Hello::new("ana") };
    let (mut ana, event) = enter(&mut stage, ELSEWHERE, &hello);
    assert!(matches!(event, Event::Welcome(_)));
    assert!(!may_speak(&mut stage, &mut ana, 2));
    let listed = stage.operate("usuarios");
    let silenced: Vec<&str> = listed.lines().filter(|line| line.ends_with(", silenciado")).collect();
    assert!(silenced.len() == 1 && silenced[0].starts_with("  ana (127.0.0.7:"), "{listed}");
    assert_eq!(stage.operate("liberar ana"), "ana (127.0.0.9) está liberado.");
    assert!(may_speak(&mut stage, &mut ana, 3));
    assert_eq!(stage.operate("liberar ana"), "ana não estava silenciado.");
    assert_eq!(stage.operate("silenciar 127.0.0.9"), "127.0.0.9 foi silenciado: bia, caio.");
    assert!(!may_speak(&mut stage, &mut bia, 2) && !may_speak(&mut stage, &mut caio, 2));
}

#[test]
fn who_has_left_is_freed_by_name_and_the_log_tells_of_it_all() {
    let mut stage = Stage::new();
    let (mut ana, _) = native(&mut stage, SHARED, "ana");
    let told = stage.operate("silenciar ana não para");
    assert_eq!(told, "ana foi silenciado, com qualquer nome que use a partir de 127.0.0.9; motivo: não para.");
    ana.ask(&Request::Leave);
    stage.until("gone", |stage| stage.server.room().members().len() == 0);
    assert_eq!(stage.operate("liberar anna"), "Ninguém se chama 'anna'. Você quis dizer 'ana'?");
    assert_eq!(stage.operate("liberar Ana"), "127.0.0.9 está liberado.");
    assert_eq!(
        stage.operate("banir 127.0.0.5 veio ontem"),
        "127.0.0.5 foi banido (conexões fechadas: 0); motivo: veio ontem."
    );
    assert_eq!(stage.operate("bloqueios").lines().count(), 2);
    let log = stage.journal.text();
    for line in [
        "operador: ana foi silenciado, com qualquer nome que use a partir de 127.0.0.9; motivo: não para.\n",
        "operador: 127.0.0.9 está liberado.\n",
        "operador: 127.0.0.5 foi banido (conexões fechadas: 0); motivo: veio ontem.\n",
    ] {
        assert!(log.contains(line), "{log}");
    }
}

#[test]
fn who_is_away_is_reached_too() {
    let mut stage = Stage::new();
    let [ana, bia, caio] = ["ana", "bia", "caio"].map(|name| {
        let (client, welcome) = native(&mut stage, SHARED, name);
        drop_out(&mut stage, client);
        Hello { session: Some(welcome.session), ..Hello::new(name) }
    });
    stage.hand.advance(Duration::from_secs(17));
    stage.turn();
    let listed = stage.operate("usuarios");
    assert_eq!(listed.lines().next(), Some("Ninguém no chat."));
    assert!(listed.contains("ana (127.0.0.9), caiu: o nome fica guardado por mais 43 s"), "{listed}");
    // The name is free, and the session void.
    assert_eq!(stage.operate("expulsar ana"), "ana foi removido: já tinha caído, e o nome está livre.");
    let told = stage.operate("liberar bia");
    assert_eq!(told, "O nome bia está livre: não fica mais guardado para quem caiu.");
    for hello in [ana, bia] {
        let (_client, event) = enter(&mut stage, ELSEWHERE, &hello);
        assert!(matches!(event, Event::Welcome(welcome) if !welcome.resumed));
    }
    let told = stage.operate("banir caio");
    assert_eq!(told, "127.0.0.9 foi banido (conexões fechadas: 0; pessoas: caio).");
    let (_client, event) = enter(&mut stage, ELSEWHERE, &caio);
    assert!(matches!(event, Event::Welcome(welcome) if !welcome.resumed));
    assert!(stage.journal.text().contains("operador: ana foi removido"));
}

#[test]
fn a_ban_takes_what_is_shown_of_people() {
    let mut stage = Stage::new();
    let mut ana = stage.connect_from(SHARED);
    ana.send("ana\n");
    stage.expect(&mut ana, "OK");
    let addr = ana.addr();
    assert!(stage.operate("usuarios").contains(&format!("ana ({addr})")));
    let told = stage.operate(&format!("banir {addr}"));
    assert_eq!(told, "127.0.0.9 foi banido (conexões fechadas: 1; pessoas: ana).");
    stage.until("told", |stage| stage.line(&mut ana) == "Você foi removido: Este endereço não pode entrar no chat.");
    stage.expect_end(&mut ana);
    let mut again = stage.connect_from(SHARED);
    again.send("{");
    assert_eq!(stage.event(&mut again), Event::refused(Refusal::Banned));
    assert_eq!(stage.operate("banir zeca"), "Ninguém se chama 'zeca'.");
    assert_eq!(stage.operate("banir 10.0.0.0/8"), "Ninguém se chama '10.0.0.0/8'.");
}

/// What is decided while the file cannot be read holds all the same.
#[test]
fn without_a_history_bans_hold_while_the_server_runs() {
    let mut stage = Stage::keeping(Path::new("/proc/papo/papo.db"), 20);
    stage.operate("banir 127.0.0.9");
    let (_, event) = enter(&mut stage, SHARED, &Hello::new("ana"));
    assert_eq!(event, Event::refused(Refusal::Banned));
    assert!(stage.operate("bloqueios").contains("127.0.0.9 banido desde "));
}
