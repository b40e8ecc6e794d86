use papo_common::{Breaks, MemberId, Name, Text};

use super::*;
use crate::core::{ChatMessage, Content, Conversation, ConversationId, Delivery, LocalNotice, Person, PresenceChange};

fn log() -> Log {
    let mut log = Log::new(Widths::new(|_, text| 10.0 * text.chars().count() as f32));
    log.resize(Columns { width: 300, is_narrow: false }, 200);
    log
}

fn conversation() -> Conversation {
    Conversation::new(ConversationId::Room)
}

fn said(at: u64, from: &str, text: &str) -> Item {
    let from = Name::parse(from).unwrap();
    let text = Text::clean(text, Breaks::Keep).unwrap();
    let said = ChatMessage {
        from,
        mine: false,
        text,
        private_to: None,
        meant_for: None,
        mentions_me: false,
        delivery: Delivery::Done,
        reference: None,
        seq: None,
    };
    Item { at: at * 60_000, revision: 0, content: Content::Message(said) }
}

/// More than are named while a note is folded.
fn arrivals() -> Vec<PresenceChange> {
    let person = |n: u16| Person {
        name: Name::parse(&format!("p{n}")).unwrap(),
        id: MemberId::from_random(u128::from(n)),
        addr: ([10, 0, 0, 1], n).into(),
    };
    (1..=5).map(|n| PresenceChange { person: person(n), came: true, at: 60_000 }).collect()
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

fn push_front(conversation: &mut Conversation, n: u64, count: u64) {
    for n in n..n + count {
        let from = ["ana", "bia"][n as usize / 3 % 2];
        let text = "antiga ".repeat(1 + n as usize % 5);
        // Some of one day, some of another, some of them soon before what follows.
        let at = conversation.items.front().map_or(9_999, |item| item.at / 60_000).saturating_sub(n % 7 * (n % 5) * 90);
        conversation.items.push_front(said(at, from, &text));
        conversation.first -= 1;
    }
    conversation.past =
        [OlderHistory::More, OlderHistory::Coming, OlderHistory::Beginning, OlderHistory::Unknown][n as usize % 4];
}

fn trim(conversation: &mut Conversation) {
    if conversation.items.pop_front().is_some() {
        conversation.first += 1;
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

/// Scrolls so that this share of the whole is above.
fn scroll_to(log: &mut Log, share: f64) {
    let (whole, _) = log.extent();
    log.scroll_to((share * whole as f64) as i64);
}

#[test]
fn following_gives_what_beginning_anew_gives() {
    let (mut log, mut conversation) = (log(), conversation());
    // A fixed walk through everything that can happen, several at once between two looks.
    let mut random = 12_345_u32;
    for step in 0..500 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let choice = random >> 16;
        match choice % 10 {
            8 => {
                // A number that was dropped is not used again before that was seen.
                log.follow(&conversation);
                push_front(&mut conversation, step, u64::from(choice >> 3) % 4);
            }
            9 => {
                let count = conversation.items.len().max(1);
                conversation.move_to_end((choice >> 3) as usize % count);
            }
            0..=3 => push(&mut conversation, step),
            4 => trim(&mut conversation),
            5 | 6 => {
                let count = conversation.items.len().max(1);
                edit(&mut conversation, (choice >> 3) as usize % count);
            }
            _ => {
                conversation.new_from =
                    (!choice.is_multiple_of(3)).then(|| conversation.first + u64::from(choice % 20));
            }
        }
        if choice % 5 < 3 {
            log.follow(&conversation);
            check(&log, &conversation);
        }
    }
}

#[test]
fn what_is_in_sight_stays_where_it_is_when_older_ones_come() {
    let (mut log, mut conversation) = (log(), conversation());
    (10..60).for_each(|n| push(&mut conversation, n));
    conversation.past = OlderHistory::More;
    log.follow(&conversation);
    assert!(!log.wants_older(), "at the bottom, far from the top");
    for (at_top, past) in [(false, OlderHistory::Coming), (true, OlderHistory::Coming), (true, OlderHistory::Beginning)]
    {
        if at_top {
            log.set_top(i64::MIN);
        } else {
            scroll_to(&mut log, 0.3);
        }
        conversation.past = OlderHistory::More;
        log.follow(&conversation);
        assert!(log.wants_older() || !at_top);
        conversation.past = past;
        log.follow(&conversation);
        assert!(!log.wants_older());
        // Where each line of text in sight is drawn.
        let drawn = |log: &Log| -> Vec<(u64, i64)> {
            let rows = log.rows_from(log.top()).take(9);
            rows.map(|(number, row)| (number, row.y + i64::from(row.text_y) - log.top())).collect()
        };
        let before = drawn(&log);
        log.selection = Some(Selection {
            anchor: Point { number: before[0].0, byte: 0 },
            head: Point { number: before[3].0, byte: 3 },
        });
        let selected = log.selected_text();
        push_front(&mut conversation, 1, 30);
        conversation.past = past;
        log.follow(&conversation);
        let after: Vec<_> = drawn(&log).into_iter().filter(|(number, _)| *number >= before[0].0).collect();
        assert_eq!(after[..3], before[..3]);
        assert_eq!(log.selected_text(), selected);
        check(&log, &conversation);
    }
    assert_eq!(log.head(), Some(crate::strings::window::BEGINNING));
}

#[test]
fn what_is_in_sight_stays_where_it_is_when_something_is_put_in() {
    for (is_above, count, is_closed) in [(true, 30, true), (true, 30, false), (false, 30, true), (true, 0, true)] {
        let (mut log, mut conversation) = (log(), conversation());
        (0..60).for_each(|n| push(&mut conversation, n));
        log.follow(&conversation);
        scroll_to(&mut log, if is_above { 0.2 } else { 0.7 });
        let seen = |log: &Log| {
            let rows = log.rows_from(log.top()).skip(1).take(3);
            rows.map(|(_, row)| (row.text.clone(), row.y + i64::from(row.text_y) - log.top())).collect::<Vec<_>>()
        };
        let first = log.rows_from(log.top()).next().unwrap().0;
        let point = |number, byte| Point { number, byte };
        log.selection = Some(Selection { anchor: point(first + 1, 0), head: point(first + 2, 3) });
        log.cursor = Some((first + 1, ClickAction::Retry(first + 1)));
        let (before, selected) = (seen(&log), log.selected_text());
        let rest = (!is_closed).then_some(Content::LocalNotice(LocalNotice::MissedMessages));
        let items = (0..count).map(|n| (1_000_000, said(0, "caio", &format!("no meio {n}")).content));
        conversation.fill(Conversation::FIRST + 35, rest, items.collect());
        log.follow(&conversation);
        assert_eq!((seen(&log), log.selected_text()), (before, selected), "{is_above} {count} {is_closed}");
        let selected = log.selection.unwrap().anchor.number;
        assert_eq!(log.cursor, Some((selected, ClickAction::Retry(selected))));
        check(&log, &conversation);
    }
}

#[test]
fn at_the_bottom_it_stays_there_when_older_ones_come() {
    let (mut log, mut conversation) = (log(), conversation());
    push(&mut conversation, 1);
    conversation.past = OlderHistory::More;
    log.follow(&conversation);
    assert!(log.is_at_bottom() && log.wants_older(), "there is room for more");
    push_front(&mut conversation, 1, 30);
    log.follow(&conversation);
    assert!(log.is_at_bottom());
    check(&log, &conversation);
}

#[test]
fn what_was_noted_of_items_goes_with_them() {
    let (mut log, mut conversation) = (log(), conversation());
    let note = || Item { at: 60_000, revision: 0, content: Content::Passed(arrivals()) };
    conversation.items.extend([said(1, "ana", "minha"), said(1, "bia", "de bia"), note(), note()]);
    log.follow(&conversation);
    let [mine, bias, first, second] = [0, 1, 2, 3].map(|index| Conversation::FIRST + index);
    let over = |number| Selection { anchor: Point { number, byte: 0 }, head: Point { number, byte: 6 } };
    log.selection = Some(over(bias));
    log.toggle(first);
    log.cursor = Some((first, ClickAction::Note(first)));
    // The receipt of one's own message comes with what was said before it, in one look.
    conversation.items.push_back(said(1, "caio", "de caio"));
    conversation.move_to_end(0);
    log.follow(&conversation);
    assert_eq!(log.selected_text().as_deref(), Some("de bia"));
    let unfolded = [mine, bias, first, second].map(|number| log.row(number).is_some_and(Row::is_unfolded));
    assert_eq!(unfolded, [false, true, false, false]);
    assert_eq!(log.cursor, Some((bias, ClickAction::Note(bias))));
    log.selection = Some(over(second + 1));
    assert_eq!(log.selected_text().as_deref(), Some("minha"));
}

#[test]
fn what_is_in_sight_stays_when_what_was_above_it_goes_down() {
    let (mut log, mut conversation) = (log(), conversation());
    (0..50).for_each(|n| push(&mut conversation, n));
    log.follow(&conversation);
    scroll_to(&mut log, 0.5);
    let Anchor::At { number, offset } = log.anchor else { unreachable!("scrolled up") };
    let text = |log: &Log, number| log.row(number).map(|row| row.text.to_string());
    let before = text(&log, number);
    conversation.move_to_end(3);
    log.follow(&conversation);
    assert_eq!(log.anchor, Anchor::At { number: number - 1, offset });
    assert_eq!(text(&log, number - 1), before);
    check(&log, &conversation);
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
    let (whole, above) = log.extent();
    assert_eq!(above, whole - i64::from(log.height));
    scroll_to(&mut log, 0.0);
    assert_eq!(log.extent().1, 0);
}

#[test]
fn one_message_is_copied_bare_and_several_with_names() {
    let (mut log, mut conversation) = (log(), conversation());
    conversation.items.push_back(said(1, "ana", "olá"));
    conversation.items.push_back(Item {
        at: 60_000,
        revision: 0,
        content: Content::LocalNotice(LocalNotice::Discarded),
    });
    conversation.items.push_back(Item { at: 60_000, revision: 0, content: Content::Passed(arrivals()) });
    conversation.items.push_back(said(2, "bia", "oi\n  [10:42] ana: sim"));
    log.follow(&conversation);
    let point = |index, byte| crate::view::timeline::selection::Point { number: Conversation::FIRST + index, byte };
    let mut select = |anchor, head| {
        log.selection = Some(Selection { anchor, head });
        log.selected_text()
    };
    assert_eq!(select(point(0, 0), point(0, 2)).as_deref(), Some("ol"));
    assert_eq!(select(point(0, 1), point(0, 1)), None);
    assert_eq!(select(point(1, 0), point(1, 20)).as_deref(), Some("Mensagem descartada."));
    assert_eq!(select(point(3, 0), point(3, 5)).as_deref(), Some("oi\n  "));
    let several = select(point(3, 2), point(0, 1)).unwrap();
    let lines: Vec<&str> = several.lines().map(|line| line.get("[00:00]".len()..).unwrap()).collect();
    assert_eq!(
        lines,
        [
            " ana: lá",
            " Mensagem descartada.",
            " p1 (10.0.0.1:1), p2 (10.0.0.1:2), p3 (10.0.0.1:3), p4 (10.0.0.1:4) e p5 (10.0.0.1:5) entraram",
            " bia: oi"
        ]
    );
    // A line break fakes no entry.
    let several = select(point(0, 0), point(3, 99)).unwrap();
    assert!(several.ends_with("] bia: oi\n      [10:42] ana: sim"), "{several}");
}
