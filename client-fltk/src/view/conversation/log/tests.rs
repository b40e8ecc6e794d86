use papo_common::{Breaks, Name, Text};

use super::*;
use crate::state::{Content, Conversation, Delivery, Place, Said};

fn log() -> Log {
    let mut log = Log::new(Widths::new(|_, text| 10.0 * text.chars().count() as f32));
    log.resize(Columns { width: 300, is_narrow: false }, 200);
    log
}

fn conversation() -> Conversation {
    Conversation::new(Place::Room)
}

fn said(at: u64, from: &str, text: &str) -> Item {
    let from = Name::parse(from).unwrap();
    let text = Text::clean(text, Breaks::Keep).unwrap();
    let said = Said {
        from,
        mine: false,
        text,
        private_to: None,
        mentions_me: false,
        delivery: Delivery::Done,
        reference: None,
    };
    Item { at: at * 60_000, revision: 0, content: Content::Said(said) }
}

fn push(conversation: &mut Conversation, n: u64) {
    let from = ["ana", "bia"][n as usize / 3 % 2];
    conversation.items.push_back(said(n, from, &"palavra ".repeat(1 + n as usize % 7)));
}

fn edit(conversation: &mut Conversation, index: usize) {
    let Some(item) = conversation.items.get_mut(index) else { return };
    *item =
        Item { revision: item.revision + 1, ..said(item.at / 60_000, "caio", "outra coisa, bem mais longa que antes") };
    conversation.edits += 1;
}

fn trim(conversation: &mut Conversation) {
    if conversation.items.pop_front().is_some() {
        conversation.trimmed += 1;
    }
}

/// A log that followed is the log that begins with what is there, but for where y begins.
#[track_caller]
fn check(followed: &Log, conversation: &Conversation) {
    let mut fresh = log();
    fresh.replace(conversation, Anchor::Bottom);
    assert_eq!(followed.rows.len(), fresh.rows.len());
    let start = followed.rows.front().map_or(0, |row| row.y);
    for (row, expected) in followed.rows.iter().zip(&fresh.rows) {
        assert_eq!((row.y - start, row.height), (expected.y, expected.height), "{row:?}\n{expected:?}");
        assert_eq!((&row.text, &row.lines, &row.day), (&expected.text, &expected.lines, &expected.day));
        assert_eq!((row.revision, row.is_first_new), (expected.revision, expected.is_first_new));
    }
}

#[test]
fn following_gives_what_beginning_anew_gives() {
    let (mut log, mut conversation) = (log(), conversation());
    // A fixed walk through everything that can happen, several at once between two looks.
    let mut random = 12_345_u32;
    for step in 0..500 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let choice = random >> 16;
        match choice % 8 {
            0..=3 => push(&mut conversation, step),
            4 => trim(&mut conversation),
            5 | 6 => {
                let count = conversation.items.len().max(1);
                edit(&mut conversation, (choice >> 3) as usize % count);
            }
            _ => {
                conversation.new_from =
                    (!choice.is_multiple_of(3)).then(|| conversation.trimmed + u64::from(choice % 20));
            }
        }
        if choice % 5 < 3 {
            log.follow(&conversation);
            check(&log, &conversation);
        }
    }
}

#[test]
fn nothing_new_is_nothing_to_do() {
    let (mut log, mut conversation) = (log(), conversation());
    push(&mut conversation, 1);
    assert!(log.follow(&conversation));
    assert!(!log.follow(&conversation));
}

#[test]
fn a_conversation_that_began_anew_is_another() {
    let (mut log, mut old) = (log(), conversation());
    (0..9).for_each(|n| push(&mut old, n));
    edit(&mut old, 2);
    log.follow(&old);
    let mut new = conversation();
    push(&mut new, 100);
    assert!(log.follow(&new));
    check(&log, &new);
}

#[test]
fn what_is_in_sight_stays_while_others_come_and_go() {
    let (mut log, mut conversation) = (log(), conversation());
    (0..50).for_each(|n| push(&mut conversation, n));
    log.follow(&conversation);
    assert!(log.is_at_bottom());
    log.scroll_by(-300);
    assert!(!log.is_at_bottom());
    let first = |log: &Log| log.rows_from(log.top()).next().map(|(number, row)| (number, log.top() - row.y));
    let before = first(&log);
    push(&mut conversation, 50);
    trim(&mut conversation);
    edit(&mut conversation, 3);
    log.follow(&conversation);
    assert_eq!(first(&log), before);
    log.resize(Columns { width: 200, is_narrow: false }, 200);
    assert_eq!(first(&log).map(|(number, _)| number), before.map(|(number, _)| number));
    log.scroll_by(i32::MAX);
    assert!(log.is_at_bottom());
}

#[test]
fn at_the_bottom_it_follows() {
    let (mut log, mut conversation) = (log(), conversation());
    for n in 0..20 {
        push(&mut conversation, n);
        log.follow(&conversation);
        assert!(log.is_at_bottom());
    }
    assert_eq!(log.sight().map(|(_, to)| to), Some(1.0));
    log.scroll_to(0.0);
    assert_eq!(log.sight().map(|(from, _)| from), Some(0.0));
}

#[test]
fn one_message_is_copied_bare_and_several_with_names() {
    let (mut log, mut conversation) = (log(), conversation());
    conversation.items.push_back(said(1, "ana", "olá"));
    conversation.items.push_back(Item { at: 60_000, revision: 0, content: Content::Hint("nota".to_owned()) });
    conversation.items.push_back(said(2, "bia", "oi\n  ana"));
    log.follow(&conversation);
    let point = |number, byte| super::super::selection::Point { number, byte };
    let mut select = |anchor, head| {
        log.selection = Some(Selection { anchor, head });
        log.selected_text()
    };
    assert_eq!(select(point(0, 0), point(0, 2)).as_deref(), Some("ol"));
    assert_eq!(select(point(0, 1), point(0, 1)), None);
    assert_eq!(select(point(1, 0), point(1, 4)).as_deref(), Some("nota"));
    let several = select(point(2, 2), point(0, 1)).unwrap();
    let (first, second) = several.split_once('\n').unwrap();
    assert!(first.ends_with("] ana: lá"), "{first}");
    assert!(second.ends_with("] bia: oi"), "{second}");
}
