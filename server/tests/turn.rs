//! The server by its turns, over real sockets: no sleeps, no fixed ports, time by hand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use papo_common::{CloseReason, ErrorReason, Event, Hello, Refusal, Request, SafeInteger};
use papo_server::event_loop::Turn;
use papo_server::operator::command::Command;
use papo_server::options::Options;

mod support;

use support::ms;
use support::requests::say;
use support::stage::{Client, Stage};

/// Takes what one `recv` gives, as the Python clients do.
#[track_caller]
fn recv(stage: &mut Stage, client: &mut Client) -> String {
    let mut got = None;
    stage.until("bytes", |_| {
        got = client.recv(1024);
        got.is_some()
    });
    got.unwrap()
}

/// A member that ends nothing with a newline, as far as its `OK`.
#[track_caller]
fn python(stage: &mut Stage, name: &str) -> Client {
    let mut client = stage.connect();
    client.send(name);
    stage.turn();
    stage.hand.advance(ms(200));
    assert_eq!(recv(stage, &mut client), "OK\n");
    client
}

#[test]
fn classic_members_talk() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let mut bia = stage.classic("bia");
    stage.expect(&mut ana, &format!("bia entrou no chat de {}", bia.addr()));
    stage.expect(&mut ana, "Usuários ativos: ana, bia");
    ana.send("olá, pessoal\n");
    stage.expect(&mut bia, "ana: olá, pessoal");
    bia.send("@ana  segredo\r\n");
    stage.expect(&mut ana, "bia: segredo (privado)");
    bia.send("@bia eu\n@zé oi\n@ana\n");
    stage.expect(&mut bia, "Você não pode enviar mensagens privadas para si mesmo.");
    stage.expect(&mut bia, "Usuário zé não encontrado.");
    stage.expect(&mut bia, "Formato inválido. Use @nome mensagem.");
    drop(ana);
    stage.expect(&mut bia, "ana saiu do chat.");
    stage.expect(&mut bia, "Usuários ativos: bia");
    drop(bia);
    stage.expect_nothing_left();
}

#[test]
fn both_dialects_share_one_room() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let (mut bia, welcome) = stage.native("bia");
    assert_eq!(welcome.users.to_vec().iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["ana", "bia"]);
    assert_eq!((welcome.addr, welcome.limits.text, welcome.limits.lines), (bia.addr(), 4096, 200));
    stage.expect(&mut ana, &format!("bia entrou no chat de {}", bia.addr()));
    stage.expect(&mut ana, "Usuários ativos: ana, bia");
    ana.send("oi\n");
    let Event::Message(heard) = stage.event(&mut bia) else { panic!() };
    assert_eq!((heard.seq, heard.from.as_str(), heard.text.as_str(), heard.reference), (1, "ana", "oi", None));
    bia.ask(&say(5, "um\n\ndois (privado)"));
    stage.expect(&mut ana, "bia: um");
    stage.expect(&mut ana, "bia: dois (privado) (público)");
    let Event::Message(receipt) = stage.event(&mut bia) else { panic!() };
    assert_eq!((receipt.seq, receipt.id, receipt.reference), (2, welcome.id, SafeInteger::new(5)));
    ana.send("@BIA psiu\n");
    let Event::Private(private) = stage.event(&mut bia) else { panic!() };
    assert_eq!((private.pseq, private.to.as_str(), private.text.as_str()), (1, "bia", "psiu"));
    bia.ask(&Request::Leave);
    stage.expect(&mut ana, "bia saiu do chat.");
    stage.expect_end(&mut bia);
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn a_refused_name_may_be_followed_by_another() {
    let mut stage = Stage::new();
    let ana = stage.classic("ana");
    let mut other = stage.connect();
    other.send("ANA\nana maria\n\nservidor\n{x\nbia\n");
    for line in ["NOME_EM_USO", "NOME_INVALIDO", "NOME_INVALIDO", "NOME_INVALIDO", "NOME_INVALIDO", "OK"] {
        stage.expect(&mut other, line);
    }
    let mut native = stage.connect();
    for (name, reason) in [("Ana", Refusal::NameInUse), ("a b", Refusal::NameInvalid)] {
        native.ask(&Request::Hello(Hello::new(name)));
        assert_eq!(stage.event(&mut native), Event::refused(reason));
    }
    native.ask(&Request::Hello(Hello::new("caio")));
    assert!(matches!(stage.event(&mut native), Event::Welcome(_)));
    drop((ana, other, native));
    stage.expect_nothing_left();
}

#[test]
fn something_else_than_hello_is_refused_and_the_third_time_closes() {
    let mut stage = Stage::new();
    let mut client = stage.connect();
    client.send("{\"type\":\"say\",\"ref\":1,\"text\":\"oi\"}\nnonsense\n{\"type\":\"dance\"}\n");
    for _ in 0..3 {
        assert_eq!(stage.event(&mut client), Event::refused(Refusal::Malformed));
    }
    stage.expect_end(&mut client);
    drop(client);
    stage.expect_nothing_left();
    assert!(stage.journal.text().contains("fechada: não se apresentou"));
}

#[test]
fn a_bad_line_never_closes_a_member() {
    let mut stage = Stage::new();
    let (mut ana, _) = stage.native("ana");
    for bad in
        ["\u{1b}[2J", "[[[[", "{\"type\":\"say\",\"text\":\"oi\"}", "{\"type\":\"hello\",\"name\":\"x\",\"version\":1}"]
    {
        ana.send(format!("{bad}\n"));
        let Event::Problem { reason, .. } = stage.event(&mut ana) else { panic!("{bad}") };
        assert_eq!(reason, ErrorReason::Malformed);
    }
    ana.send("\n\r\n{\"type\":\"dance\"}\n");
    ana.send(b"{\"type\":\"say\",\"ref\":1,\"text\":\"a\xffb\"}\n");
    let Event::Message(message) = stage.event(&mut ana) else { panic!() };
    assert_eq!(message.text.as_str(), "a\u{fffd}b");
}

#[test]
fn python_clients_join_talk_and_whisper() {
    let mut stage = Stage::new();
    let mut bia = stage.classic("bia");
    let mut ana = python(&mut stage, "ana");
    stage.expect(&mut bia, &format!("ana entrou no chat de {}", ana.addr()));
    stage.expect(&mut bia, "Usuários ativos: bia, ana");
    bia.send("oi, ana\n");
    stage.turn();
    assert_eq!(ana.recv(1024), None, "what follows OK waits");
    stage.hand.advance(ms(100));
    let heard = recv(&mut stage, &mut ana);
    assert_eq!(heard, format!("ana entrou no chat de {}\nUsuários ativos: bia, ana\nbia: oi, ana\n", ana.addr()));
    ana.send("oi");
    stage.expect(&mut bia, "ana: oi");
    ana.send("@bia segredo");
    stage.expect(&mut bia, "ana: segredo (privado)");
    ana.send("@ana eu");
    stage.turn();
    assert_eq!(ana.recv(1024), None, "what follows a short piece waits");
    stage.hand.advance(ms(50));
    assert_eq!(recv(&mut stage, &mut ana), "Você não pode enviar mensagens privadas para si mesmo.\n");
    ana.send("x".repeat(1500));
    stage.turn();
    stage.hand.advance(ms(50));
    stage.expect(&mut bia, &format!("ana: {}", "x".repeat(1500)));
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn python_clients_may_try_several_names() {
    let mut stage = Stage::new();
    let ana = stage.classic("ana");
    let mut other = stage.connect();
    for (attempt, answer) in [("ana", "NOME_EM_USO\n"), ("a b", "NOME_INVALIDO\n"), ("bia", "OK\n")] {
        other.send(attempt);
        stage.turn();
        stage.hand.advance(ms(199));
        stage.turn();
        assert_eq!(other.recv(1024), None);
        stage.hand.advance(ms(1));
        assert_eq!(recv(&mut stage, &mut other), answer);
    }
    drop((ana, other));
    stage.expect_nothing_left();
}

#[test]
fn the_end_of_the_server_is_everyones_last_line() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let (mut bia, _) = stage.native("bia");
    stage.line(&mut ana);
    stage.line(&mut ana);
    let mut nameless = stage.connect();
    stage.server.command(Command::Quit);
    for client in [&mut ana, &mut bia, &mut nameless] {
        stage.expect(client, "SERVIDOR_ENCERRADO");
        stage.expect_end(client);
    }
    assert_eq!(stage.console.text(), "Encerrando o servidor...\n");
    drop((ana, bia, nameless));
    stage.until("ended", |stage| stage.turn() == Turn::Ended);
    assert!(stage.server.is_idle());
}

#[test]
fn python_clients_are_told_of_the_end_by_one_whole_recv() {
    let mut stage = Stage::new();
    let mut ana = python(&mut stage, "ana");
    stage.hand.advance(ms(100));
    stage.server.command(Command::Quit);
    let before = recv(&mut stage, &mut ana);
    assert!(before.ends_with("Usuários ativos: ana\n"), "{before}");
    stage.turn();
    assert_eq!(ana.recv(1024), None, "the word waits for its reader to be done");
    stage.hand.advance(ms(100));
    assert_eq!(recv(&mut stage, &mut ana), "SERVIDOR_ENCERRADO\n");
    stage.expect_end(&mut ana);
    drop(ana);
    stage.until("ended", |stage| stage.turn() == Turn::Ended);
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let mut stage = Stage::new();
    let ana = stage.classic("ana");
    stage.server.end();
    assert_eq!(stage.turn(), Turn::Next);
    stage.hand.advance(Duration::from_secs(2));
    stage.until("ended", |stage| stage.turn() == Turn::Ended);
    drop(ana);
}

#[test]
fn asked_twice_it_ends_at_once() {
    let mut stage = Stage::new();
    let ana = stage.classic("ana");
    stage.server.end();
    stage.server.end();
    stage.until("ended", |stage| stage.turn() == Turn::Ended);
    drop(ana);
}

#[test]
fn a_half_closed_connection_is_answered_before_it_is_closed() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let mut bia = stage.connect();
    bia.send("bia\noi\n@zé oi\nunfinished");
    bia.finish();
    for line in ["OK".to_owned(), format!("bia entrou no chat de {}", bia.addr()), "Usuário zé não encontrado.".into()]
    {
        stage.expect(&mut bia, &line);
    }
    stage.expect_end(&mut bia);
    for line in
        [&format!("bia entrou no chat de {}", bia.addr()), "bia: oi", "bia saiu do chat.", "Usuários ativos: ana"]
    {
        stage.expect(&mut ana, line);
    }
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn a_reset_takes_out_one_member_and_nobody_else() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let bia = stage.classic("bia");
    stage.line(&mut ana);
    stage.line(&mut ana);
    bia.reset();
    stage.expect(&mut ana, "bia saiu do chat.");
    assert!(stage.journal.text().contains("saiu: conexão perdida"), "{}", stage.journal.text());
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn an_endless_line_closes_its_sender() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let limit = 6 * Options::default().max_text + 1024;
    ana.send("x".repeat(limit));
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 1);
    ana.send("x");
    stage.expect_end(&mut ana);
    assert!(stage.journal.text().contains("linha longa demais"));
    drop(ana);
    stage.expect_nothing_left();
}

#[test]
fn who_does_not_read_is_closed_and_told_why_and_nobody_waits() {
    let mut stage = Stage::with(Options { reader_buffer: 64 * 1024, rate_limit: 0, ..Options::default() });
    let (mut sleeper, _) = stage.native("sleeper");
    let (mut talker, _) = stage.native("talker");
    let text = "x".repeat(4000);
    // As much as the kernel keeps for the sleeper, and then its buffer.
    for reference in 1..10_000 {
        talker.ask(&say(reference, &text));
        let Event::Message(receipt) = stage.event(&mut talker) else { break };
        assert_eq!(receipt.reference, SafeInteger::new(reference));
    }
    assert_eq!(stage.server.room().members().len(), 1);
    assert!(stage.journal.text().contains("sleeper"));
    assert!(stage.journal.text().contains("não leu o que lhe foi enviado"));
    // Everything that it is still given comes whole and in order, and the reason comes last.
    let mut last = stage.event(&mut sleeper);
    while let Event::Joined { .. } | Event::Message(_) = last {
        last = stage.event(&mut sleeper);
    }
    assert_eq!(last, Event::closed(CloseReason::Slow));
    stage.expect_end(&mut sleeper);
    drop((sleeper, talker));
    stage.expect_nothing_left();
}

#[test]
fn a_flood_does_not_hold_up_the_others() {
    let mut stage = Stage::with(Options { rate_limit: 0, ..Options::default() });
    let mut ana = stage.classic("ana");
    let mut bia = stage.classic("bia");
    stage.line(&mut ana);
    stage.line(&mut ana);
    bia.send("spam\n".repeat(40_000));
    ana.send("oi\n");
    // The first turn that serves ana serves bia no further than her budget.
    stage.until("ana is heard", |stage| {
        stage.turn();
        bia.recv(1024).is_some_and(|heard| heard == "ana: oi\n")
    });
    for _ in 0..40_000 {
        stage.expect(&mut ana, "bia: spam");
    }
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn ipv6_and_ipv4_meet_on_one_port() {
    let options = Options { listen: "[::]:0".parse().unwrap(), ..Options::default() };
    let mut stage = Stage::at(&options);
    let port = stage.addr().port();
    let mut six = stage.connect_to(([0, 0, 0, 0, 0, 0, 0, 1], port).into());
    six.send("six\n");
    stage.expect(&mut six, "OK");
    let addr = six.addr();
    stage.expect(&mut six, &format!("six entrou no chat de {addr}"));
    stage.line(&mut six);
    let mut four = stage.connect_to(([127, 0, 0, 1], port).into());
    four.send("four\n");
    stage.expect(&mut six, &format!("four entrou no chat de 127.0.0.1:{}", four.addr().port()));
}

#[test]
fn the_operator_asks_who_is_there() {
    let mut stage = Stage::new();
    stage.server.command(Command::Users);
    let ana = stage.classic("ana");
    stage.server.command(Command::Users);
    stage.server.command(Command::Unknown);
    let printed = stage.console.text();
    assert!(printed.starts_with("Ninguém no chat.\nDigite 'sair' para encerrar o servidor: "), "{printed}");
    let line = format!("1 pessoa no chat:\n  ana ({}), clássico, desde ", ana.addr());
    assert!(printed.contains(&line) && printed.contains(", 0 bytes esperando\n"), "{printed}");
    assert!(printed.contains("Comando desconhecido.\nComandos:\n"), "{printed}");
    assert!(stage.journal.text().contains(&format!("ana ({}) entrou, clássico", ana.addr())));
}

#[test]
fn two_hundred_come_and_go() {
    let mut stage = Stage::new();
    let mut witness = stage.classic("witness");
    let mut clients: Vec<Client> = (0..200).map(|_| stage.connect()).collect();
    for (i, client) in clients.iter_mut().enumerate() {
        match i % 3 {
            0 => client.ask(&Request::Hello(Hello::new(format!("n{i}")))),
            _ => client.send(format!("n{i}\n")),
        }
    }
    stage.until("all are in", |stage| stage.server.room().members().len() == 201);
    for (i, client) in clients.into_iter().enumerate() {
        if i % 2 == 0 { client.reset() } else { drop(client) }
    }
    stage.until("all are out", |stage| stage.server.room().members().len() == 1);
    let (mut came, mut went) = (0, 0);
    while (came, went) != (200, 200) {
        let line = stage.line(&mut witness);
        came += usize::from(line.contains(" entrou no chat de "));
        went += usize::from(line.ends_with(" saiu do chat."));
    }
    drop(witness);
    stage.expect_nothing_left();
}
