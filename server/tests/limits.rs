//! Every limit, and what happens at it: nobody else notices.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use papo_common::{CloseReason, ErrorReason, Event, Hello, Notice, Refusal, Request, SafeInteger};
use papo_server::net::admission::REFUSAL_SLOTS;
use papo_server::operator::command::Command;
use papo_server::options::Options;

mod support;

use support::requests::say;
use support::secs;
use support::stage::{Client, Stage};

fn command(line: &str) -> Command {
    Command::parse(line).unwrap()
}

/// Two classic members, both past what the other's coming told.
#[track_caller]
fn two(stage: &mut Stage) -> (Client, Client) {
    let mut ana = stage.classic("ana");
    let bia = stage.classic("bia");
    stage.line(&mut ana);
    stage.line(&mut ana);
    (ana, bia)
}

#[test]
fn who_is_over_its_rate_waits_and_loses_nothing() {
    let mut stage = Stage::new();
    let (mut ana, mut bia) = two(&mut stage);
    // The name was a line too.
    for i in 0..300 {
        bia.send(format!("linha {i}\n"));
    }
    for i in 0..99 {
        stage.expect(&mut ana, &format!("bia: linha {i}"));
    }
    ana.send("@bia devagar\n");
    stage.expect(&mut bia, "ana: devagar (privado)");
    stage.expect_silence(&mut ana);
    for i in 99..300 {
        stage.hand.advance(Duration::from_millis(50));
        stage.expect(&mut ana, &format!("bia: linha {i}"));
    }
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn what_was_said_before_the_end_counts_also_over_the_rate() {
    let mut stage = Stage::new();
    let (mut ana, mut bia) = two(&mut stage);
    bia.send("oi\n".repeat(120));
    drop(bia);
    for _ in 0..120 {
        stage.hand.advance(Duration::from_millis(50));
        stage.expect(&mut ana, "bia: oi");
    }
    stage.expect(&mut ana, "bia saiu do chat.");
}

#[test]
fn it_counts_also_where_nothing_can_be_written_to_its_sender_any_more() {
    let mut stage = Stage::new();
    let (mut ana, mut bia) = two(&mut stage);
    bia.send("oi\n".repeat(200));
    drop(bia);
    // The first is answered by a reset, the second cannot be sent.
    for word in ["um", "dois", "três"] {
        ana.send(format!("{word}\n"));
        stage.turn();
    }
    for _ in 0..200 {
        stage.hand.advance(Duration::from_millis(50));
        stage.expect(&mut ana, "bia: oi");
    }
    stage.expect(&mut ana, "bia saiu do chat.");
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn a_message_counts_as_its_lines() {
    let mut stage = Stage::new();
    let (mut ana, _) = stage.native("ana");
    ana.ask(&say(1, "x\n".repeat(150)));
    ana.ask(&say(2, "depois"));
    let Event::Message(first) = stage.event(&mut ana) else { panic!() };
    assert_eq!(first.text.lines().count(), 150);
    stage.expect_silence(&mut ana);
    stage.hand.advance(Duration::from_millis(2_600));
    let Event::Message(second) = stage.event(&mut ana) else { panic!() };
    assert_eq!(second.reference, SafeInteger::new(2));
}

#[test]
fn where_reading_cannot_pause_messages_wait_apart_and_in_order() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let mut bia = stage.connect();
    bia.send("bia");
    stage.turn();
    stage.hand.advance(Duration::from_millis(200));
    stage.expect(&mut bia, "OK");
    stage.line(&mut ana);
    stage.line(&mut ana);
    // Turned after each, so that the kernel does not join them.
    for i in 0..150 {
        bia.send(if i % 2 == 0 { format!("oi {i}") } else { format!("@ana segredo {i}") });
        stage.turn();
    }
    for i in 0..150 {
        stage.hand.advance(Duration::from_millis(50));
        let expected = if i % 2 == 0 { format!("bia: oi {i}") } else { format!("bia: segredo {i} (privado)") };
        stage.expect(&mut ana, &expected);
    }
    for _ in 0..130 {
        bia.send("x".repeat(1_000));
        stage.turn();
    }
    stage.until("bia is out", |stage| stage.server.room().members().len() == 1);
    assert!(stage.journal.text().contains("bia"), "{}", stage.journal.text());
    assert!(stage.journal.text().contains("enviou mais do que pode esperar"));
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn a_text_over_the_limit_is_refused_whole() {
    let mut stage = Stage::with(Options { max_text: 10, ..Options::default() });
    let (mut ana, mut bia) = two(&mut stage);
    bia.send("12345678901\n@ana 12345678901\n1234567890\n");
    stage.expect(&mut bia, "Mensagem longa demais (máximo de 10 bytes).");
    stage.expect(&mut bia, "Mensagem longa demais (máximo de 10 bytes).");
    stage.expect(&mut ana, "bia: 1234567890");
    // Measured after cleaning; and a line that no text needs is none.
    let (mut caio, welcome) = stage.native("caio");
    assert_eq!(welcome.limits.text, 10);
    caio.ask(&say(1, "\u{1b}".repeat(50) + &"é".repeat(5)));
    assert!(matches!(stage.event(&mut caio), Event::Message(message) if message.text.as_str().len() == 10));
    bia.send("x".repeat(6 * 10 + 1025));
    stage.until("bia is out", |stage| stage.server.room().find("bia").is_none());
}

#[test]
fn who_says_no_name_stays_while_there_is_room() {
    let mut stage = Stage::new();
    let mut crowd: Vec<Client> = (0..100).map(|_| stage.connect()).collect();
    stage.hand.advance(secs(24 * 60 * 60));
    stage.turn();
    assert_eq!(stage.server.connections(), 100);
    crowd[0].send("ana\n");
    stage.expect(&mut crowd[0], "OK");
    drop(crowd);
    stage.expect_nothing_left();
}

#[test]
fn the_operator_may_give_a_time_for_saying_a_name() {
    let mut stage = Stage::with(Options { name_timeout: Some(secs(600)), ..Options::default() });
    let mut silent = stage.connect();
    let mut trying = stage.connect();
    stage.hand.advance(secs(599));
    trying.send("a b\n");
    stage.expect(&mut trying, "NOME_INVALIDO");
    stage.hand.advance(secs(1));
    stage.expect(&mut silent, "O tempo para dizer um nome acabou. Conecte-se de novo.");
    stage.expect_end(&mut silent);
    stage.hand.advance(secs(597));
    trying.send("ana\n");
    stage.expect(&mut trying, "OK");
    stage.hand.advance(secs(9_999));
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 1);
    assert!(stage.journal.text().contains("não disse o nome a tempo"));
    drop((silent, trying));
    stage.expect_nothing_left();
}

#[test]
fn a_name_said_a_byte_at_a_time_is_no_sign_of_life() {
    for beginning in ["{\"type\":\"hello\",\"name\":\"", ""] {
        let mut stage = Stage::with(Options { name_timeout: Some(secs(2)), ..Options::default() });
        let mut slow = stage.connect();
        slow.send(beginning);
        // More often than silence would end a name.
        for _ in 0..20 {
            slow.send("x");
            stage.expect_silence(&mut slow);
            stage.hand.advance(Duration::from_millis(100));
        }
        let told = stage.line(&mut slow);
        assert!(told.contains(papo_common::sentences::refusal(Refusal::NoName)), "{told}");
        stage.expect_end(&mut slow);
        assert!(stage.journal.text().contains("não disse o nome a tempo"), "{}", stage.journal.text());
    }
}

#[test]
fn a_name_is_kept_no_longer_where_the_time_is_put_back() {
    let mut stage = Stage::new();
    let (ana, welcome) = stage.native("ana");
    drop(ana);
    stage.until("ana is away", |stage| stage.server.room().members().len() == 0);
    stage.hand.set_back(secs(24 * 60 * 60));
    stage.hand.advance(secs(59));
    let mut early = stage.connect();
    early.ask(&Request::Hello(Hello::new("ana")));
    assert_eq!(stage.event(&mut early), Event::refused(Refusal::NameInUse));
    stage.hand.advance(secs(1));
    early.ask(&Request::Hello(Hello::new("ana")));
    assert!(matches!(stage.event(&mut early), Event::Welcome(again) if again.id != welcome.id));
    drop(early);
    stage.expect_nothing_left();
}

#[test]
fn a_newcomer_is_told_for_how_long_names_are_kept() {
    for seconds in [0, 60, 300] {
        let mut stage = Stage::with(Options { keep_name: secs(seconds), ..Options::default() });
        let (ana, welcome) = stage.native("ana");
        assert_eq!(welcome.limits.keep, seconds * 1_000);
        drop(ana);
    }
}

#[test]
fn in_a_full_room_who_says_no_name_makes_room() {
    let mut stage = Stage::with(Options { max_clients: Some(3), ..Options::default() });
    let mut ana = stage.classic("ana");
    let mut oldest = stage.connect();
    let mut newer = stage.connect();
    stage.hand.advance(secs(29));
    let mut early = stage.connect();
    early.send("bia\n");
    stage.expect(&mut early, "A sala está cheia.");
    stage.expect_end(&mut early);
    stage.hand.advance(secs(1));
    let mut late = stage.connect();
    late.send("bia\n");
    stage.expect(&mut late, "OK");
    stage.expect(&mut oldest, "A sala está cheia.");
    stage.expect_end(&mut oldest);
    newer.send("caio\n");
    stage.expect(&mut newer, "OK");
    ana.send("oi\n");
    stage.until("nobody with a name had to go", |stage| stage.line(&mut newer) == "ana: oi");
    drop((ana, oldest, newer, early, late));
    stage.expect_nothing_left();
}

#[test]
fn a_crowd_without_names_pushes_out_its_own_however_fast_it_comes() {
    const ROOM: usize = 60;
    let mut stage = Stage::with(Options { max_clients: Some(ROOM), ..Options::default() });
    stage.hand.advance(secs(1));
    let mut honest = stage.connect_from([127, 0, 0, 2]);
    stage.hand.advance(secs(1));
    let mut crowd: Vec<Client> = Vec::new();
    for _ in 0..3 * ROOM {
        stage.hand.advance(Duration::from_millis(100));
        crowd.push(stage.connect_from([127, 0, 0, 3]));
        stage.turn();
    }
    let mut newcomer = stage.connect_from([127, 0, 0, 4]);
    newcomer.send("bia\n");
    stage.expect(&mut newcomer, "OK");
    honest.send("ana\n");
    stage.expect(&mut honest, "OK");
    let log = stage.journal.text();
    assert!(log.contains("127.0.0.3, não há lugar"), "{log}");
    assert!(!log.contains("127.0.0.2, não há lugar"), "{log}");
    drop((honest, crowd, newcomer));
    stage.expect_nothing_left();
}

#[test]
fn the_operator_is_told_of_refusals_once_a_minute() {
    let mut stage = Stage::with(Options { max_clients: Some(1), ..Options::default() });
    let ana = stage.classic("ana");
    let refuse = |stage: &mut Stage| {
        let mut refused = stage.connect_from([127, 0, 0, 1]);
        refused.send("bia\n");
        stage.expect(&mut refused, "A sala está cheia.");
        stage.expect_end(&mut refused);
    };
    refuse(&mut stage);
    stage.turn();
    let told = |stage: &Stage| stage.journal.text().matches("recusada").count();
    assert!(stage.journal.text().contains("1 conexão recusada: 127.0.0.1, não há lugar"), "{}", stage.journal.text());
    for _ in 0..20 {
        refuse(&mut stage);
    }
    assert_eq!(told(&stage), 1);
    stage.hand.advance(secs(60));
    stage.turn();
    assert!(stage.journal.text().contains("20 conexões recusadas: 127.0.0.1, não há lugar (20 vezes)"));
    stage.hand.advance(secs(600));
    stage.turn();
    assert_eq!(told(&stage), 2);
    stage.server.command(command("estado"));
    assert!(stage.console.text().contains("recusadas: 21"), "{}", stage.console.text());
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn a_full_room_says_so_in_the_newcomers_dialect() {
    let mut stage = Stage::with(Options { max_clients: Some(2), ..Options::default() });
    let (ana, bia) = two(&mut stage);
    let mut classic = stage.connect();
    classic.send("caio\n");
    stage.expect(&mut classic, "A sala está cheia.");
    stage.expect_end(&mut classic);
    let mut native = stage.connect();
    native.ask(&Request::Hello(Hello::new("caio")));
    assert_eq!(stage.event(&mut native), Event::refused(Refusal::RoomFull));
    stage.expect_end(&mut native);
    let mut silent = stage.connect();
    stage.hand.advance(secs(2));
    stage.expect(&mut silent, "A sala está cheia.");
    stage.expect_end(&mut silent);
    drop((ana, classic, native, silent));
    stage.until("a place is free", |stage| {
        stage.hand.advance(Duration::from_millis(100));
        stage.server.connections() == 1
    });
    let caio = stage.classic("caio");
    drop((bia, caio));
    stage.expect_nothing_left();
}

#[test]
fn beyond_the_reserve_newcomers_wait_outside() {
    let mut stage = Stage::with(Options { max_clients: Some(1), ..Options::default() });
    let ana = stage.classic("ana");
    let waiting: Vec<Client> = (0..REFUSAL_SLOTS).map(|_| stage.connect()).collect();
    let mut outside = std::net::TcpStream::connect(stage.addr()).unwrap();
    stage.turn();
    assert_eq!(stage.server.connections(), 1 + REFUSAL_SLOTS);
    drop((ana, waiting));
    std::io::Write::write_all(&mut outside, b"bia\n").unwrap();
    stage.until("whoever waited outside is told", |stage| {
        stage.hand.advance(Duration::from_millis(100));
        stage.server.connections() == 1
    });
}

#[test]
fn one_address_cannot_take_all_places() {
    let mut stage = Stage::with(Options { max_per_address: Some(2), ..Options::default() });
    let (ana, bia) = two(&mut stage);
    let mut third = stage.connect();
    third.send("caio\n");
    stage.expect(&mut third, "A sala está cheia.");
    let mut elsewhere = stage.connect_from([127, 0, 0, 2]);
    elsewhere.send("caio\n");
    stage.expect(&mut elsewhere, "OK");
    drop((ana, bia, third, elsewhere));
    stage.expect_nothing_left();
}

#[test]
fn a_silent_native_member_is_asked_and_then_let_go() {
    let mut stage = Stage::new();
    let mut witness = stage.classic("witness");
    let (mut ana, _) = stage.native("ana");
    let (mut dead, _) = stage.native("dead");
    stage.line(&mut ana);
    for _ in 0..4 {
        stage.line(&mut witness);
    }
    stage.hand.advance(secs(31));
    assert_eq!(stage.event(&mut ana), Event::Ping);
    assert_eq!(stage.event(&mut dead), Event::Ping);
    ana.ask(&Request::Pong);
    stage.turn();
    stage.hand.advance(secs(58));
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 3);
    stage.hand.advance(secs(2));
    assert_eq!(stage.event(&mut dead), Event::closed(CloseReason::Idle));
    stage.expect(&mut witness, "dead saiu do chat.");
    stage.expect_end(&mut dead);
    assert!(stage.journal.text().contains("ficou sem resposta"));
    drop((witness, ana, dead));
    stage.expect_nothing_left();
}

#[test]
fn who_is_over_its_rate_is_not_taken_for_silent() {
    let mut stage = Stage::with(Options { rate_limit: 1, ..Options::default() });
    let (mut ana, _) = stage.native("ana");
    // Paid for by more than three minutes, in which her answers to pings wait unread.
    ana.ask(&say(1, "x\n".repeat(200)));
    ana.ask(&say(2, "fim"));
    assert!(matches!(stage.event(&mut ana), Event::Message(_)));
    let mut pings = 0;
    for _ in 0..190 {
        stage.hand.advance(secs(1));
        stage.turn();
    }
    stage.hand.advance(secs(10));
    loop {
        match stage.event(&mut ana) {
            Event::Ping => pings += 1,
            Event::Message(message) => break assert_eq!(message.reference, SafeInteger::new(2)),
            other => panic!("{other:?}"),
        }
    }
    assert!(pings > 0, "she was asked, and could not be heard");
}

#[test]
fn who_is_there_is_told_at_once_also_when_somebody_is_closed_while_writing() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let (bia, _) = stage.native("bia");
    stage.expect(&mut ana, &format!("bia entrou no chat de {}", bia.addr()));
    stage.expect(&mut ana, "Usuários ativos: ana, bia");
    stage.hand.advance(secs(31));
    stage.turn();
    stage.hand.advance(secs(61));
    stage.expect(&mut ana, "bia saiu do chat.");
    assert_eq!(stage.server.poll_timeout(), Some(Duration::ZERO));
    stage.expect(&mut ana, "Usuários ativos: ana");
    assert_ne!(stage.server.poll_timeout(), Some(Duration::ZERO));
}

#[test]
fn the_operator_removes_and_bans() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let (mut bia, _) = stage.native("bia");
    let mut caio = stage.classic("caio");
    stage.server.command(command("expulsar BIA muito spam"));
    stage.until("told why", |stage| {
        let event = stage.event(&mut bia);
        event == Event::Closed { reason: CloseReason::Kicked, detail: "muito spam".into() }
    });
    stage.expect_end(&mut bia);
    stage.server.command(command("expulsar caio"));
    stage.expect(&mut caio, "bia saiu do chat.");
    stage.expect(&mut caio, "Usuários ativos: ana, caio");
    stage.expect(&mut caio, "Você foi removido: Decisão do operador.");
    stage.expect_end(&mut caio);
    stage.server.command(command("expulsar anna"));
    stage.server.command(command("banir 127.0.0.1"));
    stage.until("removed", |stage| stage.line(&mut ana).starts_with("Você foi removido: "));
    stage.expect_end(&mut ana);
    let mut banned = stage.connect();
    banned.send("{");
    assert_eq!(stage.event(&mut banned), Event::refused(Refusal::Banned));
    stage.server.command(command("liberar 127.0.0.1"));
    stage.server.command(command("liberar 127.0.0.1"));
    drop((ana, bia, caio, banned));
    stage.expect_nothing_left();
    stage.classic("ana");
    let printed = stage.console.text();
    for answer in [
        "bia foi removido.\n",
        "caio foi removido.\n",
        "Ninguém se chama 'anna'. Você quis dizer 'ana'?\n",
        "127.0.0.1 foi banido (conexões fechadas: ",
        "127.0.0.1 está liberado.\n",
        "127.0.0.1 não estava banido nem silenciado.\n",
    ] {
        assert!(printed.contains(answer), "{printed}");
    }
    assert!(stage.journal.text().contains("removido pelo operador: muito spam"));
}

#[test]
fn the_operator_silences_an_address_whatever_its_name() {
    let mut stage = Stage::new();
    let (mut ana, _) = stage.native("ana");
    stage.server.command(command("silenciar ana"));
    ana.ask(&say(1, "oi"));
    let Event::Problem { reason, reference, .. } = stage.event(&mut ana) else { panic!() };
    assert_eq!((reason, reference), (ErrorReason::Muted, SafeInteger::new(1)));
    ana.ask(&Request::Leave);
    stage.expect_end(&mut ana);
    drop(ana);
    stage.expect_nothing_left();
    // A new name could say something by its spelling; the one that everybody knows cannot.
    let mut again = stage.connect();
    again.send("prova_é_fácil\n");
    stage.expect(&mut again, "Este endereço está silenciado: entre com o nome que já usava.");
    again.send("Ana\n");
    stage.expect(&mut again, "OK");
    for _ in 0..2 {
        stage.line(&mut again);
    }
    again.send("sou eu\n");
    stage.expect(&mut again, "Você está silenciado.");
    stage.server.command(command("liberar ana"));
    let (mut bia, _) = stage.native("bia");
    again.send("sou eu\n");
    let Event::Message(heard) = stage.event(&mut bia) else { panic!() };
    assert_eq!(heard.text.as_str(), "sou eu");
}

#[test]
fn the_operators_notice_reaches_all_and_cannot_be_faked() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let (mut bia, _) = stage.native("bia");
    stage.line(&mut ana);
    stage.line(&mut ana);
    stage.server.command(command("aviso vou \u{1b}[31mreiniciar"));
    stage.expect(&mut ana, "Aviso do servidor: vou [31mreiniciar");
    let Event::Notice(Notice { text, .. }) = stage.event(&mut bia) else { panic!() };
    assert_eq!(text.as_str(), "vou [31mreiniciar");
    let mut faker = stage.connect();
    faker.send("Aviso do servidor\nAviso do servidor:\n");
    stage.expect(&mut faker, "NOME_INVALIDO");
    stage.expect(&mut faker, "NOME_INVALIDO");
}

#[test]
fn the_operator_sees_how_it_is_doing() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    ana.send("oi\n@\n");
    stage.expect(&mut ana, "Formato inválido. Use @nome mensagem.");
    stage.hand.advance(secs(3_723));
    stage.turn();
    stage.server.command(Command::Status);
    let printed = stage.console.text();
    for part in [
        "Pessoas: 1 (conexões: 1; recusadas: 0)\n",
        "Mensagens públicas: 1\n",
        "Bytes recebidos: 9;",
        "MiB\n",
        "No ar há 1h02min03s;",
    ] {
        assert!(printed.contains(part), "{part} {printed}");
    }
}

#[test]
fn what_happened_on_another_day_is_shown_with_it() {
    let mut stage = Stage::new();
    let (mut ana, mut bia) = two(&mut stage);
    bia.send("na segunda\n");
    stage.expect(&mut ana, "bia: na segunda");
    stage.hand.advance(secs(17 * 86_400));
    stage.turn();
    bia.send("duas semanas depois\n");
    stage.expect(&mut ana, "bia: duas semanas depois");
    stage.server.command(Command::History(None));
    stage.server.command(Command::Users);
    let printed = stage.console.text();
    let before = |what: &str| printed.split(what).next().unwrap().lines().last().unwrap().to_owned();
    // The day and the month, and the year where it is another one.
    assert!(before(" bia: na segunda").contains('/'), "{printed}");
    assert!(!before(" bia: duas semanas depois").contains('/'), "{printed}");
    let since = printed.split("desde ").nth(1).unwrap();
    assert!(since.split(", ").next().unwrap().contains('/'), "{printed}");
}

#[test]
fn nothing_harmful_reaches_anyone() {
    let mut stage = Stage::new();
    let (mut ana, mut bia) = two(&mut stage);
    bia.send("\x1b[2J\x1b]0;titulo\x07a\x00b\u{9b}\u{202e}\u{2028}c\rd\te\n");
    stage.expect(&mut ana, "bia: [2J]0;tituloab c d e");
    bia.send(b"\x1b[2J\x9b\x81\xe9\n");
    stage.expect(&mut ana, "bia: [2J›é");
    bia.send("ana: forjada\n{\"type\":\"notice\"}\nSERVIDOR_ENCERRADO\n");
    stage.expect(&mut ana, "bia: ana: forjada");
    stage.expect(&mut ana, "bia: {\"type\":\"notice\"}");
    stage.expect(&mut ana, "bia: SERVIDOR_ENCERRADO");
}
