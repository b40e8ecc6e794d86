//! Who says or asks for more than its rate lets through: it waits, at no cost for the server or anybody else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

#[allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
mod stage;

use stage::{Client, Stage};

/// What one line costs of the usual rate.
const LINE: Duration = Duration::from_millis(50);

/// A member that ends nothing with a newline and has used up its rate.
#[track_caller]
fn unterminated_over_its_rate(stage: &mut Stage, name: &str) -> Client {
    let mut client = stage.connect();
    client.send(name);
    stage.turn();
    stage.hand.advance(Duration::from_millis(200));
    stage.expect(&mut client, "OK");
    // The name was a line too.
    client.send("oi\n".repeat(99));
    stage.turn();
    client
}

#[test]
fn blank_lines_wait_for_no_turn() {
    let mut stage = Stage::new();
    let mut ana = stage.classic("ana");
    let mut bia = unterminated_over_its_rate(&mut stage, "bia");
    for _ in 0..20 {
        bia.send("\n \r\n".repeat(200));
        stage.turn();
    }
    bia.send("fim");
    stage.turn();
    stage.hand.advance(LINE);
    stage.until("the one message that waited", |stage| stage.line(&mut ana) == "bia: fim");
    drop((ana, bia));
    stage.expect_nothing_left();
}

#[test]
fn short_messages_that_wait_count_for_what_they_take() {
    let mut stage = Stage::new();
    let mut bia = unterminated_over_its_rate(&mut stage, "bia");
    bia.send("x\n".repeat(400));
    stage.turn();
    assert_eq!(stage.server.room().members().len(), 1);
    bia.send("x\n".repeat(400));
    stage.until("bia is out", |stage| stage.server.room().members().len() == 0);
    assert!(stage.journal.text().contains("enviou mais do que pode esperar"));
    drop(bia);
    stage.expect_nothing_left();
}

#[test]
fn the_loop_rests_while_a_talker_waits_for_its_rate() {
    let mut stage = Stage::new();
    let mut attempts = stage.connect();
    attempts.send("\n".repeat(300) + "a b");
    for _ in 0..100 {
        stage.expect(&mut attempts, "NOME_INVALIDO");
    }
    // Silence has made a whole line of the last one long before its turn comes.
    stage.hand.advance(LINE);
    stage.expect(&mut attempts, "NOME_INVALIDO");
    for _ in 0..100 {
        stage.hand.advance(LINE);
        stage.expect(&mut attempts, "NOME_INVALIDO");
        stage.turn();
        assert_eq!(stage.server.patience(), Some(LINE));
    }
    for _ in 0..100 {
        stage.hand.advance(LINE);
        stage.expect(&mut attempts, "NOME_INVALIDO");
    }
    drop(attempts);
    stage.expect_nothing_left();
}
