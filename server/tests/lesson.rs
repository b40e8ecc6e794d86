//! The operator's words among the messages, messages taken back, and lessons that begin anew; by the server's turns.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use papo_common::{Event, Hello, LogToken, Notice, Request, SafeInteger, Welcome, sentences};
use papo_server::operator::command::Command;
use papo_server::options::Options;
use papo_server::room::notices::MAX_NOTICES;

mod support;

use support::stage::{Client, Stage};

fn stage(path: Option<&Path>) -> Stage {
    let mut options = Options { rate_limit: 0, ..Options::default() };
    options.history.path = path.map(Path::to_path_buf);
    Stage::with(options)
}

/// Ana, who has said so many lines `n1`, `n2`, …, with a notice `a3` after every third.
fn talked(stage: &mut Stage, lines: u64) -> (Client, Welcome) {
    let (mut ana, welcome) = stage.native("ana");
    if lines > 0 {
        stage.operate("aviso a0");
    }
    for n in 1..=lines {
        stage.say(&mut ana, n, &format!("n{n}"));
        if n % 3 == 0 {
            stage.operate(&format!("aviso a{n}"));
        }
    }
    (ana, welcome)
}

/// Waits until so many are left.
#[track_caller]
fn until_only(stage: &mut Stage, count: usize) {
    stage.until("the others went", |stage| stage.server.connections() == count);
}

fn back(welcome: &Welcome, log: &LogToken, since: u64) -> Hello {
    let (session, log, since) = (Some(welcome.session.clone()), Some(log.clone()), SafeInteger::new(since));
    Hello { session, log, since, ..Hello::new(welcome.name.as_str()) }
}

/// What is told, in order: `n1` for a message, `[a3]` for a notice.
fn told(row: &[Event]) -> String {
    let word = |event: &Event| match event {
        Event::Message(message) => message.text.to_string(),
        Event::Notice(notice) => format!("[{}]", notice.text),
        other => panic!("{other:?}"),
    };
    row.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// A page of history, and whether there is more.
#[track_caller]
fn page(stage: &mut Stage, client: &mut Client, before: u64, count: u64) -> (Vec<Event>, bool) {
    let (before, count) = (SafeInteger::new(before).unwrap(), SafeInteger::new(count).unwrap());
    client.ask(&Request::History { reference: None, before, count });
    loop {
        if let Event::History { messages, more, .. } = stage.event(client) {
            return (messages, more);
        }
    }
}

/// All of history, page by page.
#[track_caller]
fn pages(stage: &mut Stage, client: &mut Client, mut before: u64, count: u64) -> String {
    let mut all = Vec::new();
    loop {
        let (messages, more) = page(stage, client, before, count);
        let seqs = messages.iter().filter_map(|event| if let Event::Message(it) = event { Some(it.seq) } else { None });
        let oldest = seqs.min();
        all.insert(0, told(&messages));
        let Some(oldest) = oldest.filter(|_| more) else {
            assert!(!more);
            all.retain(|page| !page.is_empty());
            return all.join(" ");
        };
        before = oldest;
    }
}

#[track_caller]
fn found(stage: &mut Stage, client: &mut Client, text: &str) -> String {
    let count = SafeInteger::new(100).unwrap();
    client.ask(&Request::Search { reference: None, text: text.into(), before: None, count });
    loop {
        if let Event::Found { messages, .. } = stage.event(client) {
            return told(&messages);
        }
    }
}

fn exported(stage: &mut Stage, path: &Path) -> String {
    stage.operate(&format!("exportar {}", path.display()));
    stage.until("written", |stage| stage.console.text().contains(&format!("Gravado em {}", path.display())));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_notice_stands_where_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    for kept in [Some(path.as_path()), None] {
        let mut server = stage(kept);
        let (mut ana, _) = talked(&mut server, 9);
        let all = "[a0] n1 n2 n3 [a3] n4 n5 n6 [a6] n7 n8 n9 [a9]";
        let (mut bia, welcome) = server.native("bia");
        assert_eq!(told(&welcome.history), all);
        let places: Vec<u64> =
            welcome.history.iter().filter_map(|it| if let Event::Notice(it) = it { it.after } else { None }).collect();
        assert_eq!(places, [0, 3, 6, 9]);
        // Each is in one page, however the pages are cut.
        for count in 1..=10 {
            assert_eq!(pages(&mut server, &mut bia, 10, count), all, "{count}");
        }
        assert_eq!(told(&page(&mut server, &mut bia, 7, 3).0), "n4 n5 n6 [a6]");
        // Heard by those who are there, with its place.
        server.operate("aviso já vai");
        loop {
            if let Event::Notice(Notice { after, log, .. }) = server.event(&mut bia) {
                assert_eq!((after, log), (Some(9), None));
                break;
            }
        }
        assert_eq!(found(&mut server, &mut ana, "a3"), "", "only messages are found");
        let shown = server.operate("historico 4");
        let lines: Vec<&str> =
            shown.lines().map(|line| line.trim_start_matches(|c: char| !c.is_alphabetic())).collect();
        let expected = ["Aviso do servidor: a6", "ana: n7", "ana: n8", "ana: n9", "Aviso do servidor: a9"];
        assert_eq!(lines[1..6], expected, "{shown}");
        assert!(shown.contains("    9 ") && shown.contains("    7 "), "{shown}");
    }
}

#[test]
fn who_comes_back_is_told_the_notices_it_missed() {
    for kept in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papo.db");
        let mut server = stage(kept.then_some(path.as_path()));
        let (mut ana, welcome) = talked(&mut server, 3);
        let (bia, hers) = server.native("bia");
        bia.reset();
        until_only(&mut server, 1);
        server.say(&mut ana, 4, "n4");
        server.operate("aviso falta pouco");
        let (_bia, again) = server.enter(&back(&hers, &welcome.log, 3));
        assert_eq!((told(&again.history), again.gap), ("[a3] n4 [falta pouco]".into(), false));
    }
}

#[test]
fn more_notices_than_a_page_holds_are_told_from_the_last_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = stage(Some(&path));
    let (mut ana, _) = server.native("ana");
    let most = MAX_NOTICES as u64;
    for n in 1..=most + 10 {
        server.operate(&format!("aviso a{n}"));
    }
    server.say(&mut ana, 1, "n1");
    for n in 1..=most {
        server.operate(&format!("aviso b{n}"));
    }
    server.say(&mut ana, 2, "n2");
    let run =
        |letter: char, from: u64| (from..from + most).map(|n| format!("[{letter}{n}]")).collect::<Vec<_>>().join(" ");
    let welcome = server.native("bia").1;
    assert_eq!(told(&welcome.history), format!("n1 {} n2", run('b', 1)));
    assert_eq!(told(&page(&mut server, &mut ana, 2, 1).0), format!("n1 {}", run('b', 1)));
    assert_eq!(told(&page(&mut server, &mut ana, 1, 1).0), run('a', 11), "memory has none of them any more");
    assert_eq!(told(&page(&mut server, &mut ana, 3, 1).0), "n2");
}

#[test]
fn a_notice_outlives_the_server_and_stands_in_exports() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = stage(Some(&path));
    drop(talked(&mut server, 4));
    drop(server);
    let mut server = stage(Some(&path));
    let (mut bia, welcome) = server.native("bia");
    let all = "[a0] n1 n2 n3 [a3] n4";
    assert_eq!(told(&welcome.history), all);
    assert_eq!(pages(&mut server, &mut bia, 5, 2), all);
    let table = exported(&mut server, &folder.path().join("tudo.csv"));
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|row| row.split(';').collect()).collect();
    let rows: Vec<String> = rows.iter().map(|row| format!("{} {} {}", row[0], row[2], row[3])).collect();
    let notice = |text: &str| format!("\"\" \"Aviso do servidor\" \"{text}\"");
    let said = |n: u64| format!("\"{n}\" \"ana\" \"n{n}\"");
    assert_eq!(rows, [notice("a0"), said(1), said(2), said(3), notice("a3"), said(4)]);
    let text = exported(&mut server, &folder.path().join("tudo.txt"));
    let lines: Vec<&str> = text.lines().map(|line| &line[20..]).collect();
    assert_eq!(lines[3..], ["ana: n3", "Aviso do servidor: a3", "ana: n4"]);
}

#[test]
fn a_message_taken_back_is_nowhere_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    for kept in [Some(path.as_path()), None] {
        let mut server = stage(kept);
        let (mut ana, welcome) = server.native("ana");
        let (mut bia, hers) = server.native("bia");
        let mut classic = server.classic("caio");
        for n in 1..=4 {
            server.say(&mut ana, n, &format!("palavrao{n}"));
            server.expect(&mut classic, &format!("ana: palavrao{n}"));
        }
        let answer = server.operate("apagar 2-3 9");
        assert!(answer.contains("Mensagens apagadas: 2-3.\nNão há mensagem com esse número: 9."), "{answer}");
        for client in [&mut ana, &mut bia] {
            let mut seqs = Vec::new();
            while seqs.len() < 2 {
                if let Event::Removed { seq } = server.event(client) {
                    seqs.push(seq);
                }
            }
            assert_eq!(seqs, [2, 3]);
        }
        server.expect_silence(&mut classic);
        let noted = server.journal.text();
        assert_eq!(noted.matches("mensagens 2-3 apagadas pelo operador\n").count(), 1, "{noted}");
        assert!(server.operate("apagar 3").contains("Já estava apagada: 3."));
        let left = "palavrao1 palavrao4";
        let newcomer = server.native("davi").1;
        assert_eq!((told(&newcomer.history), newcomer.seq, newcomer.removed), (left.into(), 4, vec![]));
        assert_eq!(pages(&mut server, &mut bia, 5, 1), left);
        assert_eq!(found(&mut server, &mut bia, "palavrao"), left);
        assert!(!server.operate("historico").contains("palavrao2"));
        // Somebody who was away learns of it, and misses nothing.
        bia.reset();
        until_only(&mut server, 2);
        let (_bia, again) = server.enter(&back(&hers, &welcome.log, 1));
        assert_eq!((told(&again.history), again.gap, again.removed), ("palavrao4".into(), false, vec![2, 3]));
        // Its sender's receipt stays, and asking again says nothing again.
        assert_eq!(server.say(&mut ana, 2, "palavrao2"), 2);
        assert_eq!(pages(&mut server, &mut ana, 5, 200), left);
        assert_eq!(server.operate("estado").matches("mensagens: 2,").count(), usize::from(kept.is_some()));
    }
}

#[test]
fn nothing_of_its_text_is_left_in_the_file_and_its_number_is_not_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = stage(Some(&path));
    let (mut ana, welcome) = server.native("ana");
    // One that fits into a page of the file and one that does not.
    let secrets = ["segredo-curto".to_owned(), "segredo-longo ".repeat(280).trim_end().to_owned()];
    for (n, text) in
        (1..).zip(secrets.iter().map(String::as_str).chain(["fica"]).chain(secrets.iter().map(String::as_str)))
    {
        server.say(&mut ana, n, text);
    }
    let is_there = || {
        std::fs::read_dir(folder.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(7).any(|bytes| bytes == b"segredo")
        })
    };
    assert!(is_there());
    server.operate("apagar 1 2 4 5");
    assert!(!is_there(), "somewhere in the file it still is");
    // As after a power cut: the next run knows the numbers that are gone, and who said them.
    ana.reset();
    drop(server);
    let mut server = stage(Some(&path));
    let (mut ana, again) = server.enter(&back(&welcome, &welcome.log, 5));
    assert_eq!((again.seq, again.resumed, again.gap, again.removed), (5, true, false, vec![1, 2, 4, 5]));
    assert_eq!(server.say(&mut ana, 5, &secrets[1]), 5, "said before, and taken back");
    assert_eq!(server.say(&mut ana, 6, "novo"), 6);
    assert_eq!(told(&server.native("bia").1.history), "fica novo");
    assert!(!is_there());
    let text = exported(&mut server, &folder.path().join("tudo.txt"));
    assert_eq!(text.lines().map(|line| &line[20..]).collect::<Vec<_>>(), ["ana: fica", "ana: novo"]);
}

#[test]
fn a_search_under_way_does_not_tell_what_was_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = stage(Some(&folder.path().join("papo.db")));
    let (mut ana, _) = server.native("ana");
    for n in 1..=3 {
        server.say(&mut ana, n, "achado");
    }
    let count = SafeInteger::new(3).unwrap();
    ana.ask(&Request::Search { reference: None, text: "achado".into(), before: None, count });
    server.server.command(Command::parse("apagar 2").unwrap());
    let (mut removed, mut answer) = (false, None);
    while answer.is_none() {
        match server.event(&mut ana) {
            Event::Removed { seq: 2 } => removed = true,
            Event::Found { messages, .. } => answer = Some(messages.len()),
            _ => {}
        }
    }
    assert_eq!((removed, answer), (true, Some(2)));
}

#[test]
fn a_new_lesson_begins_at_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    for kept in [Some(path.as_path()), None] {
        let mut server = stage(kept);
        let (mut ana, before) = talked(&mut server, 6);
        let (bia, hers) = server.native("bia");
        let mut classic = server.classic("caio");
        bia.reset();
        until_only(&mut server, 2);
        server.say(&mut ana, 7, "n7");
        server.expect(&mut classic, "bia saiu do chat.");
        let answer = server.operate("nova-aula");
        assert!(answer.contains("Nova aula"), "{answer}");
        let log = loop {
            if let Event::Notice(Notice { text, after: Some(7), log, .. }) = server.event(&mut ana) {
                assert_eq!(text.as_str(), sentences::LESSON_BEGINS);
                break log.unwrap();
            }
        };
        assert_ne!(log, before.log);
        server.until("told", |stage| stage.line(&mut classic) == "Aviso do servidor: Nova aula.");
        assert_eq!(server.journal.text().matches("nova aula").count(), 1);
        // Nobody finds anything above the line.
        let (mut davi, welcome) = server.native("davi");
        assert_eq!((told(&welcome.history), &welcome.log, welcome.seq), ("[Nova aula.]".into(), &log, 7));
        assert_eq!(pages(&mut server, &mut ana, 8, 200), "[Nova aula.]");
        assert_eq!(pages(&mut server, &mut davi, 5, 200), "");
        assert_eq!(found(&mut server, &mut davi, "n"), "");
        let shown = server.operate("historico");
        assert!(shown.contains("Nova aula.") && !shown.contains("n7") && !shown.contains("a6"), "{shown}");
        // Numbers go on, and so do receipts.
        assert_eq!(server.say(&mut ana, 7, "n7"), 7);
        assert_eq!(server.say(&mut ana, 8, "n8"), 8);
        assert_eq!(pages(&mut server, &mut davi, 9, 1), "[Nova aula.] n8");
        // Somebody who was away is told what it missed since, and that there was more.
        let (bia, again) = server.enter(&back(&hers, &hers.log, 6));
        assert_eq!((told(&again.history), again.resumed, again.gap), ("[Nova aula.] n8".into(), true, true));
        assert_eq!(again.log, log);
        // And nothing twice, whichever log it speaks of.
        bia.reset();
        for log in [&log, &hers.log] {
            until_only(&mut server, 3);
            let (bia, again) = server.enter(&back(&hers, log, 8));
            assert_eq!((told(&again.history), again.resumed, again.gap), (String::new(), true, false));
            bia.reset();
        }
    }
}

#[test]
fn a_lesson_outlives_the_server_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = stage(Some(&path));
    let (mut ana, _) = talked(&mut server, 4);
    server.operate("nova-aula");
    let (bia, hers) = server.native("bia");
    for again in 0..2 {
        drop(server);
        server = stage(Some(&path));
        let (mut davi, welcome) = server.native("davi");
        assert_eq!(
            (told(&welcome.history), &welcome.log, welcome.seq),
            ("[Nova aula.]".into(), &hers.log, 4),
            "{again}"
        );
        assert_eq!(pages(&mut server, &mut davi, 5, 200), "[Nova aula.]");
        assert_eq!(found(&mut server, &mut davi, "n"), "");
        davi.ask(&Request::Leave);
        drop(davi);
        until_only(&mut server, 0);
    }
    let (_bia, back) = server.enter(&back(&hers, &hers.log, 4));
    assert_eq!((told(&back.history), back.resumed, back.gap), ("[Nova aula.]".into(), true, false));
    drop((ana.finish(), bia));
    let text = exported(&mut server, &folder.path().join("tudo.txt"));
    let lines: Vec<&str> = text.lines().map(|line| &line[20..]).collect();
    let notice = |text| format!("Aviso do servidor: {text}");
    assert_eq!(
        lines,
        [&notice("a0"), "ana: n1", "ana: n2", "ana: n3", &notice("a3"), "ana: n4", &notice("Nova aula.")]
    );
    // What stands above the line can still be taken back.
    assert!(server.operate("apagar 2").contains("Mensagem apagada: 2."));
    assert!(!exported(&mut server, &folder.path().join("sem.txt")).contains("n2"));
}
