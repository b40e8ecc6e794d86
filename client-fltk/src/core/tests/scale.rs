//! Ten thousand lines and a thousand people: what happens costs what it costs in an empty room. No time counts by itself,
//! but how it grows: four times as much of everything must not take ten times as long.

use std::time::{Duration, Instant};

use super::*;

const PEOPLE: u128 = 1_000;

fn crowd(people: u128) -> Story {
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    let names: Vec<String> = (2..=people).map(|id| format!("pessoa{id}")).collect();
    let others = names.iter().zip(2..).map(|(name, id)| (name.as_str(), id));
    let users: Vec<(&str, u128)> = [("ana", ANA)].into_iter().chain(others).collect();
    story.event(welcome(&users));
    story.effects.clear();
    story
}

/// The fastest of several, for a busy machine is not a slow program.
fn fastest(mut round: impl FnMut() -> Duration) -> Duration {
    (0..5).map(|_| round()).min().unwrap_or_default()
}

#[track_caller]
fn expect_to_grow_with(few: Duration, four_times: Duration) {
    assert!(four_times < few * 10 + Duration::from_millis(20), "{few:?} {four_times:?}");
}

/// How long it takes that so many go and come back.
fn time_of_presence(people: u128) -> Duration {
    fastest(|| {
        let begin = Instant::now();
        let mut story = crowd(people);
        for id in 2..=people {
            story.event(left(&format!("pessoa{id}"), id));
        }
        for id in 2..=people {
            story.event(joined(&format!("pessoa{id}"), id + people));
        }
        assert_eq!(story.state().chat.roster.people.len() as u128, people);
        begin.elapsed()
    })
}

#[test]
fn a_thousand_come_and_go() {
    expect_to_grow_with(time_of_presence(PEOPLE / 4), time_of_presence(PEOPLE));
}

/// How long 500 messages take with so many lines before them, the find bar open on what stands in one of a hundred.
fn time_with(lines: usize) -> Duration {
    let mut story = crowd(PEOPLE);
    for i in 0..lines {
        story.event(said("pessoa7", 7, if i % 100 == 0 { "achado" } else { "olá, pessoal, tudo bem?" }, None));
    }
    story.update(Message::Find(true));
    story.update(Message::FindEdited("achado".to_owned()));
    fastest(|| {
        let begin = Instant::now();
        for _ in 0..250 {
            story.event(said("pessoa7", 7, "olá, pessoal, tudo bem?", None));
            story.send("tudo");
            let reference = story.state().chat.sending.last;
            story.event(said("ana", ANA, "tudo", Some(reference)));
        }
        story.effects.clear();
        begin.elapsed()
    })
}

#[test]
fn a_line_costs_the_same_after_ten_thousand() {
    let (few, many) = (time_with(100), time_with(Timeline::MAX_ITEMS));
    assert!(many < few * 5 + Duration::from_millis(20), "{few:?} {many:?}");
}

/// How long four keys take in the find bar of a talk of so many lines, of which one in a hundred is found.
fn time_of_finding(lines: usize) -> Duration {
    let mut story = crowd(PEOPLE);
    for i in 0..lines {
        let text = if i % 100 == 0 { "a ação" } else { "olá, pessoal, tudo bem com vocês?" };
        story.event(said("pessoa7", 7, text, None));
    }
    story.update(Message::Find(true));
    story.update(Message::FindEdited("x".to_owned()));
    let taken = fastest(|| {
        let begin = Instant::now();
        for query in ["a", "ac", "aca", "acao"] {
            story.update(Message::FindEdited(query.to_owned()));
        }
        begin.elapsed()
    });
    assert_eq!(story.state().chat.find.as_ref().map(|find| find.hits.len()), Some(lines / 100));
    taken
}

#[test]
fn a_key_in_the_find_bar_is_quick() {
    let lines = Timeline::MAX_ITEMS;
    expect_to_grow_with(time_of_finding(lines / 4), time_of_finding(lines));
}
