//! Stored history by the server's turns: what a restart keeps, and a chat that goes on where the file does not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use papo_common::{ErrorReason, Event, Hello, Message, Request, SafeInteger};
use papo_server::operator::command::Command;
use papo_server::options::Options;

mod support;

use support::requests::{back, history, private, say};
use support::stage::{Client, Stage};

#[track_caller]
fn message(stage: &mut Stage, client: &mut Client) -> Message {
    match stage.event(client) {
        Event::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn numbers(stage: &mut Stage, client: &mut Client, request: &Request) -> (Vec<u64>, bool) {
    client.ask(request);
    let (messages, more) = match stage.event(client) {
        Event::History { messages, more, .. } | Event::Found { messages, more, .. } => (messages, more),
        other => panic!("{other:?}"),
    };
    let seq = |event: &Event| if let Event::Message(message) = event { message.seq } else { panic!() };
    (messages.iter().map(seq).collect(), more)
}

#[test]
fn who_was_here_when_the_server_broke_off_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut first = Stage::keeping(&path, 0);
    let (mut ana, welcome) = first.native("ana");
    let (mut bia, _) = first.native("bia");
    ana.ask(&say(1, "um"));
    ana.ask(&private(2, "bia", "segredo"));
    ana.ask(&say(3, "dois"));
    assert!(matches!(first.event(&mut ana), Event::Joined { .. }));
    let one = message(&mut first, &mut ana);
    assert!(matches!(first.event(&mut ana), Event::Private(private) if private.pseq == 1));
    let two = message(&mut first, &mut ana);
    bia.ask(&Request::Leave);
    first.until("bia has left", |stage| stage.server.room().members().len() == 1);
    drop(first);

    let mut second = Stage::keeping(&path, 0);
    // bia said goodbye; the name of ana is kept for ana.
    let (_bia, newcomer) = second.native("bia");
    assert_eq!((&newcomer.log, newcomer.seq, newcomer.history.len()), (&welcome.log, 2, 2));
    let mut thief = second.connect();
    thief.ask(&Request::Hello(Hello::new("Ana")));
    assert!(matches!(second.event(&mut thief), Event::Refused { .. }));
    let (mut ana, again) = second.enter(&Hello { private_since: SafeInteger::new(1), ..back(&welcome, 1) });
    assert!(again.resumed && !again.gap);
    assert_eq!((again.id, again.session, again.log), (welcome.id, welcome.session, welcome.log));
    assert_eq!((again.seq, again.pseq), (2, 1), "private numbers go on from what ana knows");
    assert_eq!(again.history, [Event::Message(two.clone())], "what it missed, and nothing private");
    // Asked again, each is answered by the receipt that it had; a new one has the next number.
    ana.ask(&say(1, "um"));
    ana.ask(&say(3, "dois"));
    ana.ask(&say(4, "três"));
    assert_eq!([message(&mut second, &mut ana), message(&mut second, &mut ana)], [one, two]);
    assert_eq!(message(&mut second, &mut ana).seq, 3);
    assert_eq!(second.server.room().channel().messages_sent(), 1, "in this run");
    let is_on_disk = |text: &str| {
        let bytes = ["papo.db", "papo.db-wal"].map(|name| std::fs::read(folder.path().join(name)).unwrap_or_default());
        memchr::memmem::find(&bytes.concat(), text.as_bytes()).is_some()
    };
    assert!(is_on_disk("três") && !is_on_disk("segredo"));
    // Nor does the end write it, when all comes into the file itself.
    second.server.command(Command::Quit);
    drop((second, ana));
    assert!(is_on_disk("três") && !is_on_disk("segredo"));
}

#[test]
fn the_run_tells_whether_private_messages_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut first = Stage::keeping(&path, 0);
    let (mut ana, welcome) = first.native("ana");
    let (mut bia, other) = first.native("bia");
    assert!(welcome.run.is_some() && other.run == welcome.run);
    for (reference, text) in [(1, "um"), (2, "dois")] {
        bia.ask(&private(reference, "ana", text));
    }
    assert!(matches!(first.event(&mut ana), Event::Joined { .. }));
    let [_, last] = [first.event(&mut ana), first.event(&mut ana)];
    ana.ask(&private(1, "bia", "três"));
    assert!(matches!(first.event(&mut ana), Event::Private(private) if private.pseq == 3));
    drop(ana);
    first.until("ana is away", |stage| stage.server.room().members().len() == 1);
    // After a drop it is the same, and what was asked before is known: nobody reads it twice.
    let (mut ana, again) = first.enter(&Hello { private_since: SafeInteger::new(1), ..back(&welcome, 0) });
    assert!(again.resumed && !again.gap);
    assert_eq!((again.run, again.pseq, again.history.first()), (welcome.run, 3, Some(&last)));
    ana.ask(&private(1, "bia", "três"));
    assert!(matches!(first.event(&mut ana), Event::Private(private) if private.pseq == 3));
    drop(first);

    // After a restart it is another one, and private numbers go on from what ana knows.
    let mut second = Stage::keeping(&path, 0);
    let (mut ana, again) = second.enter(&Hello { private_since: SafeInteger::new(3), ..back(&welcome, 0) });
    assert!(again.resumed && !again.gap);
    assert_eq!((again.pseq, again.history), (3, Vec::new()));
    assert!(again.run.is_some() && again.run != welcome.run);
    let (mut caio, _) = second.native("caio");
    caio.ask(&private(1, "ana", "quatro"));
    assert!(matches!(second.event(&mut ana), Event::Joined { .. }));
    assert!(matches!(second.event(&mut ana), Event::Private(private) if private.pseq == 4));
}

#[test]
fn a_kept_name_is_free_after_a_minute_and_after_a_good_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut first = Stage::keeping(&path, 0);
    let (_ana, welcome) = first.native("ana");
    drop(first);
    let mut second = Stage::keeping(&path, 0);
    second.hand.advance(Duration::from_secs(61));
    second.turn();
    let (_other, other) = second.native("ana");
    assert_ne!(other.id, welcome.id);
    second.server.command(Command::Quit);
    second.turn();
    drop(second);
    let mut third = Stage::keeping(&path, 0);
    let (_ana, fresh) = third.enter(&back(&other, 0));
    assert!(!fresh.resumed);
}

#[test]
fn a_receipt_is_read_only_when_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut seq = 0;
    for run in 0..10 {
        let mut server = Stage::keeping(&path, 0);
        let (mut ana, _) = server.native(&format!("ana{run}"));
        for n in 1..=7 {
            ana.ask(&say(n, "oi"));
            assert_eq!(message(&mut server, &mut ana).seq, seq + 1);
            seq += 1;
        }
        // The file as it is at this moment, as a killed server leaves it.
        let copy = tempfile::tempdir().unwrap();
        for name in ["papo.db", "papo.db-wal"] {
            std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let mut other = Stage::keeping(&copy.path().join("papo.db"), 0);
        assert_eq!(other.native("bia").1.seq, seq);
    }
}

#[test]
fn older_messages_and_search_come_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Stage::keeping(&folder.path().join("papo.db"), 0);
    let (mut ana, _) = server.native("ana");
    for n in 1..=700 {
        ana.ask(&say(n, format!("Ação número {n}")));
        assert_eq!(message(&mut server, &mut ana).seq, n);
    }
    assert_eq!(numbers(&mut server, &mut ana, &history(650, 2)), (vec![648, 649], true));
    assert_eq!(numbers(&mut server, &mut ana, &history(250, 100)), ((150..250).collect(), true));
    assert_eq!(numbers(&mut server, &mut ana, &history(3, 200)), (vec![1, 2], false));
    let search = |text: &str, count| Request::Search {
        reference: None,
        text: text.into(),
        before: None,
        count: SafeInteger::new(count).unwrap(),
    };
    let found = vec![70, 170, 270, 370, 470, 570, 670, 700];
    assert_eq!(numbers(&mut server, &mut ana, &search("acao NUMERO 70", 200)), (found, false));
    assert_eq!(numbers(&mut server, &mut ana, &search("numero", 200)), ((501..=700).collect(), true));
    assert_eq!(numbers(&mut server, &mut ana, &search("\" OR 1", 200)), (vec![], false));
    // What was said in the very same turn is found too.
    let mut line = Vec::new();
    for request in [say(701, "agora mesmo"), search("agora", 5)] {
        papo_common::json::encode_request(&request, &mut line);
    }
    ana.send(line);
    assert_eq!(message(&mut server, &mut ana).seq, 701);
    assert!(matches!(server.event(&mut ana), Event::Found { messages, .. } if messages.len() == 1));
}

#[test]
fn when_the_file_fails_the_chat_goes_on_and_the_operator_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = Stage::keeping(&path, 0);
    let (mut ana, _) = server.native("ana");
    ana.ask(&say(1, "antes"));
    message(&mut server, &mut ana);
    // Somebody writes over the file while it is in use.
    std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
    std::fs::write(folder.path().join("papo.db-wal"), vec![b'x'; 100_000]).unwrap();
    let words = |n: u64| (0..400).map(|i| format!("p{}", n * 7919 + i)).collect::<Vec<_>>().join(" ");
    for n in 2..1200 {
        ana.ask(&say(n, format!("depois {}", words(n))));
        assert_eq!(message(&mut server, &mut ana).seq, n);
    }
    // What lies on the pages that were written over is asked for at the latest here.
    ana.ask(&history(3, 2));
    assert!(matches!(server.event(&mut ana), Event::History { .. } | Event::Problem { .. }));
    let told = "Histórico desligado, o chat continua só na memória: ";
    assert_eq!((server.journal.text().matches(told).count(), server.console.text().matches(told).count()), (1, 1));
    server.server.command(Command::Status);
    assert_eq!(server.console.text().matches(told).count(), 2);
    assert_eq!(numbers(&mut server, &mut ana, &history(1199, 1)), (vec![1198], true));
    assert_eq!(numbers(&mut server, &mut ana, &history(10, 200)), (vec![], false));
    let search =
        Request::Search { reference: None, text: "DEPOIS".into(), before: None, count: SafeInteger::new(5).unwrap() };
    assert_eq!(numbers(&mut server, &mut ana, &search), ((1195..=1199).collect(), true), "memory is searched");
    ana.ask(&say(1199, "depois"));
    ana.ask(&say(1, "antes"));
    assert!(matches!(server.event(&mut ana), Event::Message(message) if message.seq == 1199));
    assert!(matches!(server.event(&mut ana), Event::Problem { reason: ErrorReason::RefOld, .. }));
}

#[test]
fn a_question_on_which_the_file_fails_ends_in_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut first = Stage::keeping(&path, 0);
    let (mut ana, _) = first.native("ana");
    for n in 1..=2_000 {
        ana.ask(&say(n, "bom dia ".repeat(40)));
        message(&mut first, &mut ana);
    }
    first.server.command(Command::Quit);
    first.turn();
    drop(first);
    // What was said last can be read, what was said before cannot.
    let mut bytes = std::fs::read(&path).unwrap();
    let (start, end) = (bytes.len() / 4, bytes.len() / 2);
    bytes[start..end].fill(b'x');
    std::fs::write(&path, bytes).unwrap();
    let mut second = Stage::keeping(&path, 0);
    let (mut ana, _) = second.native("ana");
    let (mut bia, _) = second.native("bia");
    assert!(matches!(second.event(&mut ana), Event::Joined { .. }));
    let search = |n, text: &str, count| Request::Search {
        reference: SafeInteger::new(n),
        text: text.into(),
        before: None,
        count: SafeInteger::new(count).unwrap(),
    };
    assert_eq!(numbers(&mut second, &mut ana, &search(1, "bom", 1)), (vec![2_000], true));
    ana.ask(&search(2, "boa noite", 1));
    bia.ask(&search(3, "boa noite", 1));
    for (client, n) in [(&mut ana, 2), (&mut bia, 3)] {
        let unavailable =
            Event::problem(ErrorReason::Unavailable, SafeInteger::new(n), papo_common::sentences::UNAVAILABLE);
        // A question that comes when the file has failed is answered from memory.
        let from_memory = Event::Found { messages: vec![], more: false, reference: SafeInteger::new(n) };
        let answer = second.event(client);
        assert!(answer == unavailable || (n == 3 && answer == from_memory), "{answer:?}");
    }
    let told = "Histórico desligado, o chat continua só na memória: ";
    assert_eq!(second.console.text().matches(told).count(), 1);
    assert_eq!(numbers(&mut second, &mut ana, &search(4, "bom", 1)), (vec![2_000], true));
    drop((ana, bia));
    second.expect_nothing_left();
}

#[test]
fn the_file_keeps_its_size_whatever_is_asked_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options { rate_limit: 0, ..Options::default() };
    options.history.path = Some(folder.path().join("papo.db"));
    options.history.size = 1 << 20;
    let mut server = Stage::with(options);
    let (mut ana, _) = server.native("ana");
    let mut largest = 0;
    // No batch is more than is read of a connection in one turn.
    for batch in 0..100 {
        let mut lines = Vec::new();
        for n in 1..=100 {
            papo_common::json::encode_request(&say(batch * 100 + n, "bom dia ".repeat(60)), &mut lines);
        }
        let search = Request::Search {
            reference: SafeInteger::new(1),
            text: "nada disso".into(),
            before: None,
            count: SafeInteger::new(1).unwrap(),
        };
        papo_common::json::encode_request(&search, &mut lines);
        ana.send(lines);
        (0..=100).for_each(|_| drop(server.line(&mut ana)));
        server.hand.advance(Duration::from_secs(1));
        largest = largest.max(server.server.history().usage().unwrap().1);
    }
    assert!(largest < 2 << 20, "{largest} bytes");
}

#[test]
fn the_operator_reads_history_and_writes_it_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Stage::keeping(&folder.path().join("papo.db"), 0);
    server.server.command(Command::parse("historico").unwrap());
    assert!(server.console.text().contains("Nada foi dito ainda."));
    let mut ana = server.classic("ana");
    for n in 1..=30 {
        ana.send(format!("linha {n}\n"));
    }
    server.until("said", |stage| stage.server.room().channel().messages_sent() == 30);
    server.server.command(Command::parse("historico 3").unwrap());
    let shown = server.console.text();
    assert!(shown.contains(" ana: linha 28\n") && shown.contains(" ana: linha 30\n"), "{shown}");
    assert!(!shown.contains("linha 27"));
    for (command, name, lines) in [("exportar", "tudo.txt", 30), ("exportar", "tudo.csv", 31), ("presença", "p.csv", 2)]
    {
        let path = folder.path().join(name);
        server.server.command(Command::parse(&format!("{command} {}", path.display())).unwrap());
        let done = format!("Gravado em {}", path.display());
        server.until(&done, |stage| stage.console.text().contains(&done));
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), lines, "{name}");
        server.server.command(Command::parse(&format!("{command} {}", path.display())).unwrap());
        assert!(server.console.text().contains("já existe um arquivo com esse nome"));
    }
    server.server.command(Command::parse("exportar /nao/existe/x.csv").unwrap());
    assert!(server.console.text().contains("a pasta não existe"));
    server.server.command(Command::Status);
    assert!(server.console.text().contains("mensagens: 30,"), "{}", server.console.text());
}

#[test]
fn a_file_for_the_operator_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("papo.db"), folder.path().join("tudo.txt"));
    let mut server = Stage::keeping(&path, 0);
    let (mut ana, _) = server.native("ana");
    for n in 1..=2_500 {
        ana.ask(&say(n, "bom dia ".repeat(400)));
        message(&mut server, &mut ana);
    }
    let export = format!("exportar {}", out.display());
    server.server.command(Command::parse(&export).unwrap());
    server.turn();
    assert!(out.exists());
    std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
    std::fs::write(folder.path().join("papo.db-wal"), vec![b'x'; 100_000]).unwrap();
    let told = format!("A gravação em {} parou pela metade", out.display());
    server.until("stopped", |stage| stage.console.text().contains(&told));
    assert!(!out.exists());
    server.server.command(Command::parse(&export).unwrap());
    assert!(server.console.text().contains("O histórico está desligado"));
}

#[test]
fn without_history_there_is_memory_and_nothing_to_write_out() {
    let mut server = Stage::new();
    let mut ana = server.classic("ana");
    ana.send("oi\n");
    server.until("said", |stage| stage.server.room().channel().messages_sent() == 1);
    for command in ["historico", "exportar x.csv", "presenca x.csv", "estado"] {
        server.server.command(Command::parse(command).unwrap());
    }
    let told = server.console.text();
    assert!(told.contains(" ana: oi\n"), "{told}");
    assert_eq!(told.matches("O histórico está desligado").count(), 2);
    assert!(told.contains("Histórico: desligado\n"), "{told}");
    drop(ana);
    server.expect_nothing_left();
}
