//! What is said goes out at once: nothing is put off, neither by the loop nor by the kernel.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

mod support;

use support::stage::Stage;

/// Of all deadlines in a quiet room only pings may be near.
const FAR: Duration = Duration::from_secs(20);

#[test]
fn a_lone_message_is_on_the_wire_when_the_turn_that_read_it_ends() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let mut bia = stage.classic("bia");
    let (mut caio, _) = stage.native("caio");
    stage.until("the lists are read", |stage| {
        let is_quiet = ana.recv(1024).is_none() & bia.recv(1024).is_none() & caio.recv(1024).is_none();
        is_quiet && stage.server.poll_timeout().is_none_or(|patience| patience > FAR)
    });
    for n in 1..=20 {
        ana.send(format!("oi {n}\n"));
        stage.turn();
        // The loopback device hands over what is written before the write returns.
        assert_eq!(bia.recv(1024), Some(format!("ana: oi {n}\n")));
        assert!(caio.recv(1024).is_some_and(|line| line.contains(&format!(r#""text":"oi {n}""#))));
        assert!(stage.server.poll_timeout().is_none_or(|patience| patience > FAR), "nothing is left for later");
    }
}
