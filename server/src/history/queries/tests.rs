use proptest::prelude::*;
use rusqlite::params;
use tempfile::TempDir;

use super::*;
use crate::history::schema;

/// One message a step.
const ONE: TimeSlice = TimeSlice { time: Duration::ZERO, stride: 0 };
/// All in one step.
const ALL: TimeSlice = TimeSlice { time: Duration::from_secs(3600), stride: usize::MAX };

fn number(n: u64) -> SafeInteger {
    SafeInteger::new(n).unwrap()
}

/// A history with these messages, numbered from 1.
fn kept(texts: impl IntoIterator<Item = impl AsRef<str>>) -> (TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let db = schema::open(&folder.path().join("papo.db")).unwrap();
    db.execute_batch("BEGIN").unwrap();
    for (text, seq) in texts.into_iter().zip(1_i64..) {
        say(&db, seq, text.as_ref());
    }
    db.execute_batch("COMMIT").unwrap();
    (folder, db)
}

fn say(db: &Connection, seq: i64, text: &str) {
    let mut say = db.prepare_cached("INSERT INTO messages VALUES (?, 2, 'ana', 3, ?, NULL)").unwrap();
    say.execute(params![seq, text]).unwrap();
}

fn search(queries: &mut Queries, to: usize, text: &str, before: Option<u64>, count: u64) {
    let search = Search::new(text, before.map(number), number(count)).unwrap();
    queries.push(Query {
        connection: ConnectionKey(to),
        reference: SafeInteger::new(to as u64),
        kind: QueryKind::Search(search),
    });
}

fn older(queries: &mut Queries, to: usize, before: u64, count: usize) {
    let kind = QueryKind::History { before, count };
    queries.push(Query { connection: ConnectionKey(to), reference: SafeInteger::new(to as u64), kind });
}

/// The answers so far: for whom, with which numbers, and whether there is more.
fn answers(queries: &mut Queries) -> Vec<(usize, Vec<u64>, bool)> {
    let seq = |event: &Event| if let Event::Message(message) = event { message.seq } else { panic!() };
    let answers = std::iter::from_fn(|| queries.next_answer());
    answers
        .map(|(to, event)| match event {
            Event::Found { messages, more, reference } | Event::History { messages, more, reference } => {
                assert_eq!(reference, SafeInteger::new(to.0 as u64));
                (to.0, messages.iter().map(seq).collect(), more)
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

/// The answers of the step after which there are some, and how many steps that took.
#[track_caller]
fn next_answers(queries: &mut Queries, db: &Connection) -> (usize, Vec<(usize, Vec<u64>, bool)>) {
    for step in 1..100 {
        queries.step(db, ONE).unwrap();
        let answers = answers(queries);
        if !answers.is_empty() {
            return (step, answers);
        }
    }
    panic!("never answered");
}

#[test]
fn one_pass_serves_all_who_wait() {
    let (_folder, db) = kept(["um", "dois", "um dois", "três", "dois"]);
    let mut queries = Queries::default();
    search(&mut queries, 1, "UM", None, 9);
    search(&mut queries, 2, "dois", None, 1);
    search(&mut queries, 3, "dois", Some(5), 1);
    search(&mut queries, 4, "um", None, 1);
    search(&mut queries, 5, "tres", Some(4), 9);
    assert_eq!(next_answers(&mut queries, &db), (1, vec![(2, vec![5], true)]));
    // It asks on at once: that is for the next pass.
    search(&mut queries, 2, "dois", Some(5), 1);
    assert_eq!(next_answers(&mut queries, &db), (2, vec![(3, vec![3], true), (4, vec![3], true)]));
    let (steps, last) = next_answers(&mut queries, &db);
    assert_eq!((steps, last), (3, vec![(1, vec![1, 3], false), (5, vec![], false)]), "message 3 was the third");
    assert_eq!(next_answers(&mut queries, &db), (2, vec![(2, vec![3], true)]));
    assert!(queries.is_empty());
}

#[test]
fn a_search_that_has_seen_the_oldest_message_says_so() {
    let (_folder, db) = kept(["um", "um", "um"]);
    db.execute("DELETE FROM messages WHERE seq = 1", []).unwrap();
    let mut queries = Queries::default();
    for (before, found) in [(None, (1, vec![3], true)), (Some(3), (1, vec![2], false)), (Some(2), (1, vec![], false))] {
        search(&mut queries, 1, "um", before, 1);
        assert_eq!(next_answers(&mut queries, &db).1, [found]);
    }
}

#[test]
fn a_pass_goes_on_through_what_is_said_and_forgotten_meanwhile() {
    let (_folder, db) = kept(["um", "um", "dois", "dois", "dois"]);
    let mut queries = Queries::default();
    search(&mut queries, 1, "um", None, 9);
    queries.step(&db, ONE).unwrap();
    say(&db, 6, "um");
    db.execute("DELETE FROM messages WHERE seq IN (1, 3, 4)", []).unwrap();
    assert_eq!(next_answers(&mut queries, &db), (2, vec![(1, vec![2], false)]));
    search(&mut queries, 1, "um", None, 9);
    assert_eq!(next_answers(&mut queries, &db).1, [(1, vec![2, 6], false)]);
}

#[test]
fn whoever_searches_does_not_stop_those_who_look_back_nor_the_reverse() {
    let (_folder, db) = kept(["um", "dois", "três"]);
    let mut queries = Queries::default();
    search(&mut queries, 1, "um", None, 9);
    for to in 2..=4 {
        older(&mut queries, to, 3, 1);
    }
    // In the order in which they asked, one a step, while the search goes on.
    assert_eq!(next_answers(&mut queries, &db), (1, vec![(2, vec![2], true)]));
    assert_eq!(next_answers(&mut queries, &db), (1, vec![(3, vec![2], true)]));
    assert_eq!(next_answers(&mut queries, &db), (1, vec![(4, vec![2], true)]));
    assert_eq!(next_answers(&mut queries, &db), (1, vec![(1, vec![1], false)]));
    assert!(queries.is_empty());
}

#[test]
fn who_is_gone_is_told_nothing() {
    let (_folder, db) = kept(["um", "dois"]);
    let mut queries = Queries::default();
    search(&mut queries, 1, "um", None, 9);
    search(&mut queries, 2, "um", None, 9);
    queries.step(&db, ONE).unwrap();
    search(&mut queries, 3, "um", None, 9);
    older(&mut queries, 4, 9, 9);
    for gone in [1, 3, 4] {
        queries.cancel(ConnectionKey(gone));
    }
    assert_eq!(next_answers(&mut queries, &db).1, [(2, vec![1], false)]);
    assert!(queries.is_empty());
    search(&mut queries, 1, "dois", None, 1);
    queries.step(&db, ONE).unwrap();
    queries.cancel(ConnectionKey(1));
    assert!(queries.is_empty() && queries.next_answer().is_none());
}

#[test]
fn where_the_history_fails_everyone_is_told() {
    let (_folder, db) = kept(["um", "dois"]);
    let mut queries = Queries::default();
    search(&mut queries, 1, "um", None, 9);
    queries.step(&db, ONE).unwrap();
    older(&mut queries, 2, 9, 9);
    search(&mut queries, 3, "um", None, 9);
    db.execute_batch("DROP TABLE messages").unwrap();
    assert!(queries.step(&db, ONE).is_err());
    queries.fail_all();
    let mut told: Vec<_> = std::iter::from_fn(|| queries.next_answer()).collect();
    told.sort_by_key(|(to, _)| *to);
    let unavailable = |to| Event::problem(ErrorReason::Unavailable, SafeInteger::new(to), sentences::UNAVAILABLE);
    assert_eq!(told, [1, 2, 3].map(|to| (ConnectionKey(to), unavailable(to as u64))));
    assert!(queries.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whenever each is asked, and whoever leaves meanwhile, every search finds what a plain look at all messages finds.
    #[test]
    fn every_answer_is_the_right_one(
        texts in prop::collection::vec("[abÁ ]{1,5}x", 1..30),
        asked in prop::collection::vec((0..6_usize, "[abá]{1,2}( [ab])?", 1..40_u64, 1..5_u64, any::<bool>()), 1..12),
    ) {
        let (_folder, db) = kept(&texts);
        let mut queries = Queries::default();
        let mut told = Vec::new();
        for (to, (steps, text, before, count, leaves)) in asked.iter().enumerate() {
            search(&mut queries, to + 1, text, Some(*before), *count);
            for _ in 0..*steps {
                queries.step(&db, ONE).unwrap();
                told.extend(answers(&mut queries));
            }
            if *leaves {
                queries.cancel(ConnectionKey(to + 1));
            }
        }
        while !queries.is_empty() {
            queries.step(&db, ONE).unwrap();
            told.extend(answers(&mut queries));
        }
        for (to, (_, text, before, count, leaves)) in asked.iter().enumerate() {
            let search = Search::new(text, Some(number(*before)), number(*count)).unwrap();
            let contains = |seq: u64| search.matches(seq, &papo_common::fold::fold(&texts[seq as usize - 1]));
            let mut expected: Vec<u64> = (1..=texts.len() as u64).rev().filter(|&seq| contains(seq)).collect();
            expected.truncate(*count as usize);
            let more = expected.len() == *count as usize && expected.last().is_some_and(|&last| last > 1);
            expected.reverse();
            let answers: Vec<_> = told.iter().filter(|(key, ..)| *key == to + 1).collect();
            prop_assert!(answers.len() == 1 || *leaves && answers.is_empty());
            prop_assert!(answers.iter().all(|answer| (&answer.1, answer.2) == (&expected, more)), "{answers:?}");
        }
    }
}

/// The cost of one pass over a long history. `cargo test --release -p papo-server --lib -- --ignored --nocapture passes`
#[test]
#[ignore = "measures, in release"]
fn what_passes_cost() {
    const WORDS: [&str; 24] = [
        "não",
        "então",
        "a",
        "gente",
        "vai",
        "amanhã",
        "às",
        "quinze",
        "horas",
        "prova",
        "de",
        "matemática",
        "você",
        "já",
        "fez",
        "o",
        "exercício",
        "da",
        "página",
        "cento",
        "e",
        "vinte,",
        "coração",
        "avó",
    ];
    let mut state = 1_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for messages in [150_000, 1_000_000] {
        let mut text = || {
            let words: Vec<&str> = (0..11 + next(7)).map(|_| WORDS[next(24) as usize]).collect();
            words.join(" ")
        };
        let (_folder, db) = kept((0..messages).map(|_| text()));
        for terms in [1, 40] {
            let mut queries = Queries::default();
            (1..=terms).for_each(|to| search(&mut queries, to, &format!("ausente{to}"), None, 1));
            let start = processor_time();
            let (mut steps, mut longest) = (0, Duration::ZERO);
            while !queries.is_empty() {
                let before = processor_time();
                queries.step(&db, TimeSlice::DEFAULT).unwrap();
                longest = longest.max(processor_time().saturating_sub(before));
                steps += 1;
                while queries.next_answer().is_some() {}
            }
            let all = processor_time().saturating_sub(start);
            println!("{messages} messages, {terms} searches: {all:?} in {steps} steps, the longest {longest:?}");
        }
        let mut queries = Queries::default();
        search(&mut queries, 1, "gente", None, 200);
        let start = processor_time();
        queries.step(&db, ALL).unwrap();
        println!("{messages} messages, a frequent word: {:?}", processor_time().saturating_sub(start));
    }
}
