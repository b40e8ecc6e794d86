//! A reader behind a slow network, on another machine: what others may say at once does not throw it out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use papo_common::{Event, Request, SafeInteger};

mod support;

use support::hosts::Hosts;
use support::real::{Client, Server};

/// The options are the usual ones, the reader is behind 20 Mbit/s, and twenty others say at once all that they may.
#[test]
fn a_healthy_reader_survives_the_burst_of_twenty_others_and_misses_nothing() {
    const TALKERS: u8 = 20;
    const LINES: u64 = 99;
    let hosts = Hosts::new();
    hosts.add_addresses(TALKERS);
    let server = Server::run(&mut hosts.server(), std::process::Stdio::piped());
    let mut reader = Client::new(hosts.connect_from_other(server.addr));
    hosts.slow_down("20mbit");
    reader.0.get_ref().set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    enter(&mut reader, "leitora");
    let talkers: Vec<_> = (0..TALKERS)
        .map(|n| {
            let mut talker = Client::new(hosts.connect_from_added(n, server.addr));
            enter(&mut talker, &format!("p{n}"));
            let mut listener = talker.0.get_ref().try_clone().unwrap();
            // Those who talk read too, as fast as they can.
            std::thread::spawn(move || std::io::copy(&mut listener, &mut std::io::sink()));
            talker
        })
        .collect();
    let speaking: Vec<_> = talkers
        .into_iter()
        .map(|mut talker| {
            std::thread::spawn(move || {
                let text = "x".repeat(4_000);
                for reference in 1..=LINES {
                    talker.ask(&Request::Say { reference: SafeInteger::new(reference), text: text.clone() });
                }
                talker
            })
        })
        .collect();
    for seq in 1..=u64::from(TALKERS) * LINES {
        let said = std::iter::from_fn(|| Some(reader.event())).find_map(|event| match event {
            Event::Message(message) => Some(message.seq),
            Event::Joined { .. } | Event::Ping => None,
            other => panic!("{other:?}"),
        });
        assert_eq!(said, Some(seq));
    }
    drop(speaking.into_iter().map(|talker| talker.join().unwrap()).collect::<Vec<_>>());
    assert!(!server.log().contains("não leu"), "{}", server.log());
}

#[track_caller]
fn enter(client: &mut Client, name: &str) {
    client.send(&format!("{{\"type\":\"hello\",\"name\":\"{name}\",\"version\":1}}\n"));
    assert!(matches!(client.event(), Event::Welcome(_)));
}
