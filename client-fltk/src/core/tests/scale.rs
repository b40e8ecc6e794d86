//! Ten thousand lines and a thousand people. The work is counted, not timed: the find bar asks for the words of a notice
//! each time that it looks at one. How long a crowd takes to come and go, `scripts/bench-window` measures.

use std::cell::Cell;

use super::*;

thread_local! {
    static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

fn counted(notice: &LocalNotice) -> String {
    LOOKED_AT.set(LOOKED_AT.get() + 1);
    notices::notice(notice)
}

/// How many notices the find bar looks at meanwhile.
fn looks(act: impl FnOnce()) -> usize {
    LOOKED_AT.set(0);
    act();
    LOOKED_AT.get()
}

/// The room with so many notices, of which one in a hundred has the word `achado`; the find bar looks for it.
fn finding(lines: usize) -> Story {
    let model = Model::new(Preferences::default(), Prefill::default(), counted);
    let mut story = Story { model, effects: Vec::new(), now: NOW };
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(welcome(&[("ana", ANA), ("bia", BIA)]));
    (0..lines).for_each(|line| note(&mut story, if line % 100 == 0 { "achado" } else { "outro" }));
    story.update(Message::Find(true));
    story.update(Message::FindEdited("achado".to_owned()));
    story
}

fn note(story: &mut Story, words: &str) {
    story.update(Message::LinkNotOpened(words.to_owned()));
}

#[test]
fn a_line_costs_the_same_after_ten_thousand() {
    let cost = |lines: usize| {
        let mut story = finding(lines);
        let revision = story.state().chat.conversations.room.timeline.revision();
        let looks = looks(|| {
            for seq in 1..=100 {
                note(&mut story, "outro");
                story.send("tudo");
                story.event(said("ana", ANA, "tudo", Some(seq)));
            }
        });
        let changes = story.state().chat.conversations.room.timeline.changes_since(revision).expect("few enough");
        (looks, changes.iter().map(|splice| splice.added).sum::<usize>())
    };
    assert_eq!(cost(100), (200, 200), "each notice is folded once and searched once");
    assert_eq!(cost(Timeline::MAX_ITEMS), (200, 200));
}

#[test]
fn a_key_in_the_find_bar_looks_at_each_line_once() {
    let lines = Timeline::MAX_ITEMS;
    let mut story = finding(lines);
    for query in ["achad", "acha", "ach"] {
        assert_eq!(looks(|| story.update(Message::FindEdited(query.to_owned()))), lines, "{query}");
    }
    assert_eq!(story.state().chat.find.as_ref().map(|find| find.hits.len()), Some(lines / 100));
}

#[test]
fn a_thousand_come_and_go() {
    const PEOPLE: u128 = 1_000;
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    let names: Vec<String> = (2..=PEOPLE).map(|id| format!("pessoa{id}")).collect();
    let others = || names.iter().zip(2..).map(|(name, id)| (name.as_str(), id));
    story.event(welcome(&[("ana", ANA)].into_iter().chain(others()).collect::<Vec<_>>()));
    others().for_each(|(name, id)| story.event(left(name, id)));
    others().for_each(|(name, id)| story.event(joined(name, id + PEOPLE)));
    let roster = &story.state().chat.roster;
    assert_eq!(roster.people.len() as u128, PEOPLE);
    assert!(roster.people.values().all(|person| roster.find(&person.name) == Some(person)));
}
