mod layout;

use papo_common::{LineBreaks, MemberId, Name, SafeInteger, Text};

use super::*;
use crate::core::timeline::receipt::Receipt;
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
    let text = Text::clean(text, LineBreaks::Keep).unwrap();
    Item::new(at * 60_000, Content::Message(ChatMessage::new(from, text)))
}

/// Enough arrivals for a note to be folded.
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
    let Item { at, content, .. } = said(n, from, &"palavra ".repeat(1 + n as usize % 7));
    conversation.push(at, content);
}

fn edit(conversation: &mut Conversation, index: usize) {
    conversation.timeline.edit(index, |item| {
        item.content = said(0, "caio", "outra coisa, bem mais longa que antes").content;
    });
}

fn push_older(conversation: &mut Conversation, n: u64, count: u64) {
    let mut at = conversation.timeline.get(0).map_or(9_999, |item| item.at / 60_000);
    let older = (n..n + count).map(|n| {
        let from = ["ana", "bia"][n as usize / 3 % 2];
        // Some share a day, some do not, and some come shortly before the message after them.
        at = at.saturating_sub(n % 7 * (n % 5) * 90);
        said(at, from, &"antiga ".repeat(1 + n as usize % 5))
    });
    let mut older: Vec<Item> = older.collect();
    older.reverse();
    conversation.timeline.insert_all(0, older);
    conversation.past =
        [OlderHistory::Available, OlderHistory::Loading, OlderHistory::Exhausted, OlderHistory::Unknown]
            [n as usize % 4];
}

fn some(count: u64, text: &str) -> Vec<Item> {
    (0..count).map(|n| said(1_000 + n, "caio", &format!("{text} {n}"))).collect()
}

fn add(conversation: &mut Conversation, item: Item) -> ItemId {
    conversation.push(item.at, item.content)
}

/// Adds an own message that is pending.
fn send(conversation: &mut Conversation, reference: u64, text: &str) -> ItemId {
    let mut item = said(1, "ana", text);
    item.edit_message(|said| {
        let reference = SafeInteger::new(reference).unwrap();
        (said.mine, said.delivery, said.reference) = (true, Delivery::Pending(reference), Some(reference));
    });
    add(conversation, item)
}

fn confirm(conversation: &mut Conversation, reference: u64) -> bool {
    let text = Text::clean("confirmada", LineBreaks::Keep).unwrap();
    let receipt = Receipt { seq: None, text: &text, at: 60_000, is_kept: false };
    conversation.timeline.confirm(SafeInteger::new(reference).unwrap(), receipt)
}

/// The texts of the first rows in sight, each with its y in the window.
fn seen(log: &Log) -> Vec<(String, i64)> {
    let rows = log.rows_from(log.top()).take(4);
    rows.map(|(_, row)| (row.text.to_string(), row.y + i64::from(row.text_y) - log.top())).collect()
}

/// Asserts that a log that followed all changes equals a new log of the same conversation, except for the y of its
/// first row.
#[track_caller]
fn check(followed: &mut Log, conversation: &Conversation) {
    let mut fresh = log();
    fresh.open(conversation, None);
    for log in [&mut *followed, &mut fresh] {
        (0..log.rows.len()).for_each(|index| log.lay_out(index));
    }
    assert_eq!(followed.rows.len(), fresh.rows.len());
    let start = followed.rows.front().map_or(0, |row| row.y);
    for (row, expected) in followed.rows.iter().zip(&fresh.rows) {
        assert_eq!((row.y - start, row.height), (expected.y, expected.height), "{row:?}\n{expected:?}");
        assert_eq!((&row.text, &row.lines, &row.day), (&expected.text, &expected.lines, &expected.day));
        assert_eq!((row.item, row.is_first_new), (expected.item, expected.is_first_new));
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
    // A fixed random walk through every kind of change, with several changes between two calls of `follow`.
    let mut random = 12_345_u32;
    for step in 0..500 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let choice = random >> 16;
        let any = (choice >> 3) as usize % conversation.timeline.confirmed().len().max(1);
        match choice % 13 {
            7 => drop(send(&mut conversation, step + 1, "minha, que espera")),
            8 => push_older(&mut conversation, step, u64::from(choice >> 3) % 4),
            9 | 10 => drop((1..=step).any(|reference| confirm(&mut conversation, reference))),
            11 if any > 0 => {
                let rest = choice.is_multiple_of(2).then_some(Content::LocalNotice(LocalNotice::MissedMessages));
                conversation.timeline.fill(any, rest, some(u64::from(choice >> 5) % 4, "no meio"));
            }
            0..=3 => push(&mut conversation, step),
            4 => drop(conversation.timeline.drop_oldest()),
            5 | 6 => edit(&mut conversation, any),
            _ => {
                let item = conversation.timeline.get(any).filter(|_| !choice.is_multiple_of(3));
                conversation.new_from = item.map(|item| item.id);
            }
        }
        if choice % 5 < 3 {
            log.follow(&conversation);
            check(&mut log, &conversation);
        }
    }
}

#[test]
fn what_is_in_sight_stays_where_it_is_when_older_ones_come() {
    let (mut log, mut conversation) = (log(), conversation());
    (10..60).for_each(|n| push(&mut conversation, n));
    conversation.past = OlderHistory::Available;
    log.follow(&conversation);
    assert!(!log.wants_older(), "at the bottom, far from the top");
    for (at_top, past) in
        [(false, OlderHistory::Loading), (true, OlderHistory::Loading), (true, OlderHistory::Exhausted)]
    {
        if at_top {
            log.set_top(i64::MIN);
        } else {
            scroll_to(&mut log, 0.3);
        }
        conversation.past = OlderHistory::Available;
        log.follow(&conversation);
        assert!(log.wants_older() || !at_top);
        conversation.past = past;
        log.follow(&conversation);
        assert!(!log.wants_older());
        let before = seen(&log);
        let [first, .., last] = [0, 3].map(|n| log.rows_from(log.top()).nth(n).unwrap().1.item);
        log.selection = Some(Selection { anchor: Point { item: first, byte: 0 }, head: Point { item: last, byte: 3 } });
        let selected = log.selected_text();
        push_older(&mut conversation, 1, 30);
        conversation.past = past;
        log.follow(&conversation);
        let after = seen(&log);
        let from = after.iter().position(|line| *line == before[0]).unwrap();
        assert_eq!(after[from..], before[..4 - from]);
        assert_eq!(log.selected_text(), selected);
        check(&mut log, &conversation);
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
        let [first, last] = [1, 2].map(|n| log.rows_from(log.top()).nth(n).unwrap().1.item);
        log.selection = Some(Selection { anchor: Point { item: first, byte: 0 }, head: Point { item: last, byte: 3 } });
        let before = (seen(&log), log.selected_text());
        let rest = (!is_closed).then_some(Content::LocalNotice(LocalNotice::MissedMessages));
        // Two pages of history arrive between two calls of `follow`.
        conversation.timeline.fill(35, rest.clone(), some(count, "no meio"));
        conversation.timeline.fill(35, rest, some(count, "mais acima"));
        log.follow(&conversation);
        assert_eq!((seen(&log), log.selected_text()), before, "{is_above} {count} {is_closed}");
        check(&mut log, &conversation);
    }
}

#[test]
fn a_conversation_left_scrolled_up_is_where_it_was_whatever_is_filled_in_meanwhile() {
    for share in [0.0, 0.2, 0.5, 0.7, 1.0] {
        let (mut log, mut room) = (log(), conversation());
        (0..60).for_each(|n| push(&mut room, n));
        log.follow(&room);
        scroll_to(&mut log, share);
        let (before, left, is_at_bottom) = (seen(&log), log.bookmark(), log.is_at_bottom());
        log.open(&Conversation::new(ConversationId::Direct(Name::parse("bia").unwrap())), None);
        let rest = Some(Content::LocalNotice(LocalNotice::MissedMessages));
        room.timeline.fill(35, rest, some(30, "no meio"));
        room.timeline.fill(35, None, some(30, "mais acima"));
        push_older(&mut room, 3, 20);
        (60..70).for_each(|n| push(&mut room, n));
        log.open(&room, left.as_ref());
        if is_at_bottom {
            assert!(log.is_at_bottom());
        } else {
            let after = seen(&log);
            let from = after.iter().position(|line| *line == before[0]).unwrap();
            assert_eq!(after[from..], before[..4 - from], "{share}");
        }
    }
}

#[test]
fn where_what_was_read_has_gone_the_next_one_below_is_read() {
    for is_hidden in [false, true] {
        let (mut log, mut conversation) = (log(), conversation());
        (0..60).for_each(|n| push(&mut conversation, n));
        log.follow(&conversation);
        log.set_top(log.rows.get(20).unwrap().y + 3);
        let next = log.rows.get(21).unwrap().item;
        let left = log.bookmark();
        conversation.timeline.fill(20, None, some(30, "no meio"));
        if is_hidden {
            log.open(&conversation, left.as_ref());
        } else {
            log.follow(&conversation);
        }
        assert_eq!(log.rows_from(log.top()).next().map(|(_, row)| (row.item, row.y)), Some((next, log.top())));
    }
}

#[test]
fn what_was_read_stays_where_too_much_happened_to_be_told_bit_by_bit() {
    let (mut log, mut conversation) = (log(), conversation());
    (0..60).for_each(|n| push(&mut conversation, n));
    log.follow(&conversation);
    scroll_to(&mut log, 0.4);
    let before = seen(&log);
    (0..2_000).for_each(|_| edit(&mut conversation, 59));
    log.follow(&conversation);
    assert_eq!(seen(&log), before);
    check(&mut log, &conversation);
}

#[test]
fn at_the_bottom_it_stays_there_when_older_ones_come() {
    let (mut log, mut conversation) = (log(), conversation());
    push(&mut conversation, 1);
    conversation.past = OlderHistory::Available;
    log.follow(&conversation);
    assert!(log.is_at_bottom() && log.wants_older(), "there is room for more");
    push_older(&mut conversation, 1, 30);
    log.follow(&conversation);
    assert!(log.is_at_bottom());
    check(&mut log, &conversation);
}

#[test]
fn what_was_noted_of_items_goes_with_them() {
    let (mut log, mut conversation) = (log(), conversation());
    let bias = add(&mut conversation, said(1, "bia", "de bia"));
    let [first, second] = [0; 2].map(|_| conversation.push(60_000, Content::Presence(arrivals())));
    let mine = send(&mut conversation, 1, "minha");
    log.follow(&conversation);
    let over = |item| Selection { anchor: Point { item, byte: 0 }, head: Point { item, byte: 6 } };
    log.selection = Some(over(bias));
    log.toggle(first);
    log.cursor = Some((first, ClickAction::Note(first)));
    // The receipt of an own message and a message said before it arrive between two calls of `follow`.
    add(&mut conversation, said(1, "caio", "de caio"));
    confirm(&mut conversation, 1);
    log.follow(&conversation);
    assert_eq!(log.selected_text().as_deref(), Some("de bia"));
    let unfolded = [bias, first, second, mine].map(|item| log.row(item).is_some_and(|row| row.block.is_unfolded()));
    assert_eq!(unfolded, [false, true, false, false]);
    assert_eq!(log.cursor, Some((first, ClickAction::Note(first))));
    log.selection = Some(over(mine));
    assert_eq!(log.selected_text().as_deref(), Some("confir"), "it is the same item, below caio's");
    assert_eq!(log.last().map(|row| row.item), Some(mine));
}

#[test]
fn what_of_a_selection_has_gone_is_selected_no_more() {
    for is_upwards in [false, true] {
        let (mut log, mut conversation) = (log(), conversation());
        let mut ends = ["um", "dois", "tres"].map(|text| add(&mut conversation, said(1, "ana", text)));
        log.follow(&conversation);
        if is_upwards {
            ends.reverse();
        }
        let [anchor, _, head] = ends.map(|item| Point { item, byte: 1 });
        log.selection = Some(Selection { anchor, head });
        conversation.timeline.drop_oldest();
        log.follow(&conversation);
        assert_eq!(log.selected(), Some(Selected { first: (0, 0), last: (1, 1) }));
        conversation.clear();
        log.follow(&conversation);
        assert_eq!(log.selection, None);
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
    check(&mut log, &new);
}

#[test]
fn what_is_in_sight_stays_while_others_come_and_go() {
    let (mut log, mut conversation) = (log(), conversation());
    (0..50).for_each(|n| push(&mut conversation, n));
    log.follow(&conversation);
    assert!(log.is_at_bottom());
    log.scroll_by(-300);
    assert!(!log.is_at_bottom());
    let first = |log: &Log| log.rows_from(log.top()).next().map(|(_, row)| (row.item, log.top() - row.y));
    let before = first(&log);
    push(&mut conversation, 50);
    conversation.timeline.drop_oldest();
    edit(&mut conversation, 3);
    log.follow(&conversation);
    assert_eq!(first(&log), before);
    log.resize(Columns { width: 200, is_narrow: false }, 200);
    assert_eq!(first(&log).map(|(item, _)| item), before.map(|(item, _)| item));
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
    add(&mut conversation, said(1, "ana", "olá"));
    conversation.push(60_000, Content::LocalNotice(LocalNotice::Discarded));
    conversation.push(60_000, Content::Presence(arrivals()));
    add(&mut conversation, said(2, "bia", "oi\n  [10:42] ana: sim"));
    log.follow(&conversation);
    let items: Vec<ItemId> = conversation.timeline.items().map(|item| item.id).collect();
    let point = |index: usize, byte| Point { item: items[index], byte };
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
