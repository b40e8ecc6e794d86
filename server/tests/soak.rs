//! Two hundred people for minutes, with churn and faults: started by `scripts/soak`, which prints the table.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use papo_server::os::resources::raise_descriptor_limit;

mod support;

use support::people::crowd::{Crowd, Kind};
use support::people::dice::Dice;
use support::people::{seen, trouble};
use support::real::Server;

/// Those who stay; the others come and go.
const STAYING: usize = 160;
const MEMBERS: usize = 200;
/// Between two things that happen.
const BEAT: Duration = Duration::from_millis(50);
/// The memory of one row may be larger than that of an early one by so much, whatever was in flight when it was read.
const LEVEL: u64 = 2 << 20;

#[test]
#[ignore = "takes minutes: scripts/soak"]
fn two_hundred_for_minutes() {
    raise_descriptor_limit();
    let minutes: u64 = std::env::var("PAPO_SOAK_MINUTES").map_or(1, |minutes| minutes.parse().unwrap());
    let seed = Dice::seeds(&[])[0];
    println!("PAPO_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut server = Server::start();
    let at_rest = server.descriptors();
    let mut crowd = Crowd::new(server.addr);
    crowd.come("testemunha", Kind::Native, None);
    for i in 1..STAYING {
        let (name, kind) = (format!("s{i:03}"), [Kind::Classic, Kind::Native, Kind::Native, Kind::Python][i % 4]);
        let plan = (kind != Kind::Python && i % 2 == 0).then(|| trouble::dawdling(&mut dice, &name));
        crowd.come(&name, kind, plan);
    }
    println!("| minuto | pessoas | memória (KiB) | descritores | ditas | linhas recebidas |");
    println!("|---:|---:|---:|---:|---:|---:|");
    let (start, mut came) = (Instant::now(), 0);
    let mut rows = Vec::new();
    for minute in 1..=minutes {
        let end = start + Duration::from_secs(60 * minute);
        while Instant::now() < end {
            beat(&mut crowd, &mut dice, &mut came);
        }
        rows.push(row(&server, &crowd, minute));
    }
    trouble::all_others_go(&mut crowd);
    while server.descriptors() != at_rest + STAYING {
        crowd.say(0, None, " ainda");
        crowd.until("an answer", |crowd| crowd.people[0].was_heard_by(&crowd.people[0]));
    }
    trouble::last_words(&mut crowd);
    seen::check(&crowd).unwrap_or_else(|wrong| panic!("PAPO_SEED={seed}: {wrong}"));
    report(&server, &crowd, came, &rows);
    let staying: Vec<usize> = crowd.healthy();
    for who in staying {
        crowd.people[who].is_healthy = false;
        crowd.go(who, None);
    }
    crowd.until("all are out", |crowd| crowd.people.iter().all(|person| person.has_ended));
    server.type_in("usuarios\n");
    assert!(server.answer().starts_with("Ninguém no chat."));
    assert_eq!(server.descriptors(), at_rest, "descriptors are left behind");
    println!("vazio outra vez: {} KiB, {} descritores", server.memory() >> 10, server.descriptors());
}

/// One thing happens, then the time until the next is spent listening.
fn beat(crowd: &mut Crowd, dice: &mut Dice, came: &mut usize) {
    let next = Instant::now() + BEAT;
    let passing_by = crowd.people.iter().filter(|person| person.is_passing_by() && !person.has_ended).count();
    match dice.below(20) {
        0..=2 if passing_by < MEMBERS - STAYING => {
            trouble::pass_by(crowd, dice, *came);
            *came += 1;
        }
        3 | 4 => trouble::somebody_goes(crowd, dice),
        _ => trouble::somebody_speaks(crowd, dice),
    }
    while let Some(left) = next.checked_duration_since(Instant::now()) {
        crowd.hear_for(left);
    }
}

/// The memory and the descriptors at the end of a minute.
fn row(server: &Server, crowd: &Crowd, minute: u64) -> (u64, usize) {
    let (memory, descriptors) = (server.memory(), server.descriptors());
    let there = crowd.people.iter().filter(|person| !person.has_ended).count();
    let (said, heard) = totals(crowd);
    println!("| {minute} | {there} | {} | {descriptors} | {said} | {heard} |", memory >> 10);
    (memory, descriptors)
}

fn totals(crowd: &Crowd) -> (usize, usize) {
    crowd.people.iter().fold((0, 0), |(said, seen), person| (said + person.said.len(), seen + person.seen.len()))
}

/// The sums, and whether the level was held: nothing at the end that was not there when all had come.
fn report(server: &Server, crowd: &Crowd, came: usize, rows: &[(u64, usize)]) {
    let (said, heard) = totals(crowd);
    println!(
        "{STAYING} ficaram, {came} passaram; {said} mensagens ditas, {heard} linhas recebidas, nenhuma a mais ou a menos"
    );
    println!("memória no pico: {} KiB; processador: {} s", server.peak_memory() >> 10, server.ticks() / 100);
    let first = rows[rows.len() / 4].0;
    let last = rows[rows.len() - 1].0;
    assert!(last < first + LEVEL, "memory grows: {} KiB, later {} KiB", first >> 10, last >> 10);
}
