//! Real clients and the real server with a bad network between them: whatever it does to some, the others have a chat.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use papo_common::{Event, Hello, Request, SafeInteger, json};

mod support;

use support::people::crowd::{Crowd, Kind};
use support::people::dice::Dice;
use support::people::proxy::{End, Faults, Link, Plan};
use support::people::{seen, trouble};
use support::real::{Client, Server};

const STEPS: usize = 250;

/// Everyone who stays sees one order, and nothing is lost, doubled or moved between those who stay.
#[test]
fn whatever_the_network_does_the_others_have_a_chat() {
    for seed in Dice::seeds(&[1, 2, 3]) {
        println!("PAPO_SEED={seed}");
        let mut dice = Dice::new(seed);
        let server = Server::start();
        let before = server.descriptors();
        let mut crowd = Crowd::new(server.addr);
        crowd.come("testemunha", Kind::Native, None);
        for i in 0..9 {
            let (name, kind) = (format!("s{i}"), [Kind::Classic, Kind::Native, Kind::Python][i % 3]);
            let plan = (kind != Kind::Python && i > 2).then(|| trouble::dawdling(&mut dice, &name));
            crowd.come(&name, kind, plan);
        }
        for step in 0..STEPS {
            match dice.below(10) {
                0 | 1 => trouble::pass_by(&mut crowd, &mut dice, step),
                2 => trouble::somebody_goes(&mut crowd, &mut dice),
                _ => trouble::somebody_speaks(&mut crowd, &mut dice),
            }
            crowd.hear();
        }
        trouble::all_others_go(&mut crowd);
        let staying = crowd.healthy().len();
        // Each round lets the server turn at least once.
        while server.descriptors() != before + staying {
            crowd.say(0, None, " ainda");
            crowd.until("an answer", |crowd| crowd.people[0].was_heard_by(&crowd.people[0]));
        }
        trouble::last_words(&mut crowd);
        if let Err(wrong) = seen::check(&crowd) {
            panic!("PAPO_SEED={seed}: {wrong}");
        }
    }
}

/// What one connection says in whole, and at which bytes its lines end.
fn exchange(is_native: bool) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    if is_native {
        let reference = SafeInteger::new;
        for request in [
            Request::Hello(Hello::new("corte")),
            Request::Say { reference: reference(1), text: "oi, gente".into() },
            Request::Private { reference: reference(2), to: "ana".into(), text: "segredo".into() },
        ] {
            json::encode_request(&request, &mut bytes);
        }
    } else {
        bytes.extend("corte\noi, gente\n@ana segredo\n".bytes());
    }
    let ends = (0..bytes.len()).filter(|&i| bytes[i] == b'\n').map(|i| i + 1).collect();
    (bytes, ends)
}

/// What all others are told of it, when that many of its lines have come.
fn told(lines: usize) -> Vec<&'static str> {
    let all = ["corte entrou", "corte: oi, gente", "corte: segredo (privado)"];
    let mut told = all[..lines].to_vec();
    told.extend((lines > 0).then_some("corte saiu do chat."));
    told
}

/// What `ana` hears until her own word comes back to her by `bia`, lists left out.
fn heard_until(ana: &mut Client, word: &str) -> Vec<String> {
    let mut heard = Vec::new();
    loop {
        let line = ana.line();
        assert_ne!(line, "", "the stream ended");
        if line == word {
            return heard;
        }
        if !line.starts_with("Usuários ativos: ") {
            heard.push(line.split(" no chat de ").next().unwrap().into());
        }
    }
}

/// Cuts one exchange behind each of its bytes: the room notices whole lines and a leaving, or nothing.
fn cut_everywhere(is_native: bool, end: End) {
    let server = Server::with(&["--rate-limit", "0", "--keep-name", "0"]);
    let (mut ana, mut bia) = (server.classic("ana"), server.classic("bia"));
    bia.send("pronta\n");
    heard_until(&mut ana, "bia: pronta");
    let before = server.descriptors();
    let (bytes, ends) = exchange(is_native);
    for at in 0..=bytes.len() {
        let up = Faults { end: Some((at, end)), ..Faults::default() };
        let link = Link::new(server.addr, Plan { up, ..Plan::default() });
        // The proxy may have cut it before all is written.
        let _ = std::io::Write::write_all(&mut &link.stream, &bytes);
        assert!(Client::new(link.stream).is_closed_by_server());
        let mut heard = Vec::new();
        // In the first round the server lets it in, if it had not yet; in the last it has long gone.
        for round in 0.. {
            let has_gone = round > 0 && server.descriptors() == before;
            bia.send(&format!("{at} {round}\n"));
            heard.extend(heard_until(&mut ana, &format!("bia: {at} {round}")));
            if has_gone {
                break;
            }
        }
        let whole = ends.iter().filter(|&&line| line <= at).count();
        // A reset may overtake what was sent before it, and then less has come.
        let possible = if end == End::Reset { 0..=whole } else { whole..=whole };
        let is_right = possible.into_iter().any(|lines| heard == told(lines));
        assert!(is_right, "cut at {at} by {end:?}: {heard:?}");
    }
}

#[test]
fn cut_at_any_byte_only_whole_lines_count() {
    for is_native in [false, true] {
        for end in [End::Close, End::HalfClose, End::Reset] {
            cut_everywhere(is_native, end);
        }
    }
}

/// What comes to somebody may be cut anywhere too; the others notice the leaving alone.
#[test]
fn cut_at_any_byte_of_what_it_hears() {
    let server = Server::with(&["--rate-limit", "0", "--keep-name", "0"]);
    let (mut ana, mut bia) = (server.classic("ana"), server.native("bia"));
    let (bytes, ends) = exchange(true);
    for at in 1..700 {
        let down = Faults { end: Some((at, [End::Close, End::Reset][at % 2])), ..Faults::default() };
        let link = Link::new(server.addr, Plan { down, ..Plan::default() });
        std::io::Write::write_all(&mut &link.stream, &bytes[..ends[0]]).unwrap();
        let (mut said, mut heard, mut has_left) = (0, 0, false);
        while !has_left || heard < said {
            match bia.event() {
                Event::Left { name, .. } if name.as_str() == "corte" => has_left = true,
                Event::Joined { name, .. } if name.as_str() == "corte" => {}
                Event::Message(message) => {
                    assert_eq!(message.text.as_str(), format!("{at} {heard}"));
                    heard += 1;
                }
                other => panic!("cut at {at}: {other:?}"),
            }
            if !has_left {
                ana.send(&format!("{at} {said}\n"));
                said += 1;
            }
        }
        assert!(Client::new(link.stream).is_closed_by_server());
    }
}
