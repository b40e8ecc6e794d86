//! Networks as chance makes them, and people who come and go on them.

use std::time::Duration;

use super::crowd::{Crowd, Kind};
use super::dice::Dice;
use super::proxy::{End, Faults, Plan};

/// A network that is slow and cuts bytes anyhow, but brings all of them.
pub fn dawdling(dice: &mut Dice, name: &str) -> Plan {
    let mut faults = || {
        let piece = dice.pick(&[1, 7, 100, 1000]);
        Faults {
            // A name in pieces may be taken for several by the clock of a loaded machine: another test's matter.
            whole: name.len() + 1,
            piece: Some(piece),
            delay: Duration::from_micros(if piece < 100 { 0 } else { dice.below(300) as u64 }),
            freeze: dice.once_in(3).then(|| (name.len() + 1 + dice.below(300), ms(dice.below(300)))),
            end: None,
        }
    };
    Plan { up: faults(), down: faults() }
}

/// A network that also ends by itself, anywhere.
pub fn failing(dice: &mut Dice, name: &str) -> Plan {
    let mut plan = dawdling(dice, name);
    let end = (dice.below(400), dice.pick(&[End::Close, End::Reset, End::HalfClose]));
    match dice.below(3) {
        0 => plan.up.end = Some(end),
        1 => plan.down.end = Some(end),
        _ => {}
    }
    plan
}

/// Somebody comes who will not stay, and says something at once.
pub fn pass_by(crowd: &mut Crowd, dice: &mut Dice, number: usize) {
    let name = format!("t{number:04}");
    let kind = dice.pick(&[Kind::Classic, Kind::Native, Kind::Native, Kind::Python]);
    let plan = (kind != Kind::Python).then(|| failing(dice, &name));
    let i = crowd.connect(&name, kind, plan, false);
    if kind == Kind::Python {
        return;
    }
    let healthy = crowd.healthy();
    for _ in 0..dice.below(6) {
        let to = dice.once_in(2).then(|| dice.pick(&healthy));
        crowd.say(i, to, " de passagem");
    }
}

/// One of those who do not stay goes, if one is there.
pub fn somebody_goes(crowd: &mut Crowd, dice: &mut Dice) {
    let here: Vec<usize> = (0..crowd.people.len()).filter(|&i| crowd.people[i].is_passing_by()).collect();
    if !here.is_empty() {
        let who = dice.pick(&here);
        crowd.go(who, dice.pick(&[None, Some(End::Close), Some(End::Reset), Some(End::HalfClose)]));
    }
}

/// All who do not stay go.
pub fn all_others_go(crowd: &mut Crowd) {
    for i in 0..crowd.people.len() {
        if crowd.people[i].is_passing_by() {
            crowd.go(i, Some(End::Close));
        }
    }
}

/// One of those who stay says something, to all or to another of them.
pub fn somebody_speaks(crowd: &mut Crowd, dice: &mut Dice) {
    let healthy = crowd.healthy();
    let (who, to) = (dice.pick(&healthy), dice.pick(&healthy));
    let is_python = crowd.people[who].kind == Kind::Python;
    // What such a program sends before the last was read would be joined to it, by the kernel.
    if is_python && !crowd.people[who].was_heard_by(&crowd.people[0]) {
        return;
    }
    let to = (to != who && !is_python && dice.once_in(3)).then_some(to);
    let more = dice.pick(&["", " olá, você", " {\"type\":\"leave\"}", " saiu do chat.", " 👩\u{200d}💻 e @ana"]);
    crowd.say(who, to, more);
}

/// Those who stay say a last word, and have heard everybody's: so they have heard all that came before it.
pub fn last_words(crowd: &mut Crowd) {
    let healthy = crowd.healthy();
    for &who in &healthy {
        if crowd.people[who].kind == Kind::Python {
            crowd.until("a message is heard", |crowd| crowd.people[who].was_heard_by(&crowd.people[0]));
        }
        crowd.say(who, None, " fim");
    }
    let words: Vec<String> = healthy.iter().map(|&who| crowd.people[who].said.last().unwrap().1.clone()).collect();
    for &who in &healthy {
        for (&speaker, word) in healthy.iter().zip(&words) {
            let is_silent = who == speaker && crowd.people[who].kind != Kind::Native;
            crowd.until("all last words are heard", |crowd| is_silent || crowd.people[who].has_heard(word));
        }
    }
}

fn ms(ms: usize) -> Duration {
    Duration::from_millis(ms as u64)
}
