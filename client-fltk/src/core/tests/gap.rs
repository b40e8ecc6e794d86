//! What was said while one was away, and more of it than coming back tells.

use super::*;
use crate::core::tests::past::{after, answer, come_back, entered, messages, numbers, older};

fn note() -> String {
    format!("({})", notices::MISSED_MESSAGES)
}

/// Ana knew the message 51 and is back, told of those numbers.
fn back(told: impl IntoIterator<Item = u64>) -> Story {
    let mut story = entered([51]);
    come_back(&mut story, after(messages(told), false, 7));
    story
}

/// What stands in the room, what the server said by its number.
fn room(story: &Story) -> String {
    story.lines(&ConversationId::Room).join(" ").replace("bia: n", "")
}

#[test]
fn what_joins_leaves_no_note() {
    for (told, resumed, has_gap, expected) in [
        (52..54, true, false, "51 --- 52 53".to_owned()),
        (52..54, false, false, "51 --- 52 53".to_owned()),
        (50..54, false, false, "51 --- 52 53".to_owned()),
        (52..52, false, false, "51 ---".to_owned()),
        // What is left out is private then.
        (52..54, true, true, format!("51 --- {} 52 53", note())),
    ] {
        let mut story = entered([51]);
        let Event::Welcome(mut event) = after(messages(told), resumed, 7) else { panic!("a welcome") };
        event.gap = has_gap;
        story.effects.clear();
        come_back(&mut story, Event::Welcome(event));
        assert_eq!(room(&story), expected);
        assert_eq!(story.requests().len(), 1, "only the hello");
    }
}

#[test]
fn what_is_missing_is_fetched_and_put_where_it_belongs() {
    let mut story = back(351..=352);
    assert_eq!(story.requests().last(), Some(&older(351, 200)));
    assert_eq!(room(&story), "51 --- ? 351 352");
    story.event(said("bia", BIA, "n353", None));
    story.event(joined("davi", 4));
    let below = story.said(&ConversationId::Room, "n351");
    story.event(answer(151..351, true));
    assert!(room(&story).starts_with("51 --- ? 151 152 "));
    assert_eq!(story.requests(), [older(151, 100)]);
    story.event(answer(52..151, true));
    assert_eq!((story.requests(), story.said(&ConversationId::Room, "n351")), (vec![], below), "what is below stays");
    let shown = room(&story);
    assert!(shown.starts_with("51 --- 52 53 ") && shown.ends_with(" 350 351 352 353 +1"), "{shown}");
    assert_eq!(numbers(&story).into_iter().filter(|&seq| seq > 1).collect::<Vec<_>>(), (51..=352).collect::<Vec<_>>());
}

#[test]
fn what_nobody_has_leaves_a_note_where_it_would_stand() {
    for (page, more, expected) in [
        (60..60, false, format!("51 --- {} 60", note())),
        (60..60, true, format!("51 --- {} 60", note())),
        (58..60, false, format!("51 --- {} 58 59 60", note())),
        (40..60, false, "51 --- 52 53 54 55 56 57 58 59 60".to_owned()),
    ] {
        let mut story = back([60]);
        assert_eq!(story.requests().last(), Some(&older(60, 9)));
        story.event(answer(page, more));
        assert_eq!((room(&story), story.requests()), (expected, vec![]));
    }
    let mut story = entered([51]);
    come_back(&mut story, after(messages([3, 4]), false, 8));
    assert_eq!(room(&story), format!("51 --- {} 3 4", note()), "another numbering");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::History { .. })));
}

#[test]
fn a_long_absence_is_not_fetched_for_ever() {
    let mut story = back([5_000]);
    let mut asked = 0;
    while let Some(Request::History { before, count, .. }) = story.requests().pop() {
        assert_eq!(count.value(), 200);
        asked += 1;
        story.event(answer(before.value() - 200..before.value(), true));
    }
    assert_eq!(asked, 10);
    assert!(room(&story).starts_with(&format!("51 --- {} 3000 3001 ", note())));
}

#[test]
fn a_gap_waits_for_whoever_scrolls_up_and_for_the_connection() {
    let mut story = entered([51]);
    story.update(Message::LookBack);
    come_back(&mut story, after(messages([60]), true, 7));
    assert_eq!(story.requests().last(), Some(&older(51, 100)), "one at a time");
    story.event(answer(50..51, true));
    assert_eq!(story.requests(), [older(60, 9)]);
    story.update(Message::LookBack);
    assert_eq!(story.requests(), []);
    come_back(&mut story, after(messages([70]), true, 7));
    assert_eq!(story.requests().last(), Some(&older(50, 100)));
    assert_eq!(room(&story), "50 51 --- ? 60 ? 70");
    story.event(answer(49..50, false));
    assert_eq!(story.requests(), [older(70, 10)]);
    story.event(answer(61..70, true));
    assert_eq!(story.requests(), [older(60, 9)]);
    story.event(answer(52..60, true));
    assert_eq!(room(&story).split(' ').count(), 70 - 49 + 2);
    assert!(!room(&story).contains('?') && story.requests().is_empty());
}

#[test]
fn a_gap_that_was_cleared_stays_closed() {
    let mut story = back([60]);
    story.send("/limpar");
    story.effects.clear();
    story.event(answer(52..60, true));
    assert_eq!((room(&story).as_str(), story.requests()), ("", vec![]));
}

#[test]
fn what_was_missing_is_unread_until_somebody_looks() {
    for (looks, unread) in [(false, 9), (true, 0)] {
        let mut story = entered([51]);
        story.update(Message::ViewingEnd(false));
        come_back(&mut story, after(messages([60]), false, 7));
        assert_eq!(story.unread()[0].1, 1);
        if looks {
            story.update(Message::ViewingEnd(true));
        }
        story.event(answer(52..60, true));
        let first = story.said(&ConversationId::Room, if looks { "n60" } else { "n52" });
        assert_eq!((story.unread()[0].1, story.state().chat.conversations.room.new_from), (unread, Some(first)));
    }
}

/// What ana has said under her first number.
fn own(seq: u64) -> Event {
    let Event::Message(own) = said("ana", ANA, "oi", Some(1)) else { panic!("a message") };
    Event::Message(Spoken { seq, ..own })
}

#[test]
fn ones_own_message_in_the_gap_is_not_told_twice() {
    let mut story = entered([51]);
    story.send("oi");
    come_back(&mut story, after(messages([54]), false, 7));
    assert_eq!(room(&story), "51 --- ? 54 ana: oi!");
    let own = own(52);
    story.event(Event::History { messages: [vec![own], messages([53])].concat(), more: true, reference: None });
    assert_eq!(room(&story), "51 --- ana: oi 53 54");
    assert_eq!(numbers(&story), [51, 0, 52, 53, 54]);
}

#[test]
fn nor_is_it_where_its_receipt_came_first() {
    let mut story = entered([51]);
    story.send("oi");
    come_back(&mut story, after(messages([54]), true, 7));
    assert_eq!(room(&story), "51 --- ? 54 ana: oi…");
    let own = own(52);
    story.event(own.clone());
    assert_eq!(room(&story), "51 --- ana: oi ? 54", "it is old, and stands above what came since");
    story.event(Event::History { messages: [vec![own], messages([53])].concat(), more: true, reference: None });
    assert_eq!(room(&story), "51 --- ana: oi 53 54");
}

#[test]
fn a_receipt_from_within_a_gap_divides_it() {
    let mut story = entered([51]);
    story.send("oi");
    let item = story.said(&ConversationId::Room, "oi");
    come_back(&mut story, after(messages([60]), true, 7));
    story.event(own(55));
    assert_eq!(room(&story), "51 --- ? ana: oi ? 60");
    assert_eq!(story.said(&ConversationId::Room, "oi"), item);
    story.effects.clear();
    let answered = |told: std::ops::Range<u64>| {
        messages(told).into_iter().map(|event| match event {
            Event::Message(Spoken { seq: 55, .. }) => own(55),
            event => event,
        })
    };
    story.event(Event::History { messages: answered(54..60).collect(), more: true, reference: None });
    assert_eq!((room(&story).as_str(), story.requests()), ("51 --- ? ana: oi 56 57 58 59 60", vec![older(55, 4)]));
    story.event(answer(51..55, true));
    assert_eq!(room(&story), "51 --- 52 53 54 ana: oi 56 57 58 59 60");
}
