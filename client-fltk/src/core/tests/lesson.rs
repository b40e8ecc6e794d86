//! The operator's words among the messages, messages that are taken back, and lessons that begin anew.

use super::*;
use crate::core::tests::past::{after, come_back, entered, messages, older};

/// `51` for bia's message n51, `[3]` for a notice `a3`, `---` and `?` as they stand, `x` for what was taken back.
fn room(story: &Story) -> String {
    let word = |line: String| match line.strip_prefix("bia: n").or(line.strip_prefix("* a")) {
        Some(number) if line.starts_with('*') => format!("[{number}]"),
        Some(number) => number.to_owned(),
        None if line.contains("foi apagada") => "x".to_owned(),
        None => line,
    };
    story.lines(&ConversationId::Room).into_iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Messages by their numbers, notices by those before them: `Err(3)` is the one after message 3.
fn row(places: &[Result<u64, u64>]) -> Vec<Event> {
    let event = |place: &Result<u64, u64>| match place {
        Ok(seq) => messages([*seq]).remove(0),
        Err(place) => notice(&format!("a{place}"), *place),
    };
    places.iter().map(event).collect()
}

/// Ana came and was told that.
fn told(places: &[Result<u64, u64>]) -> Story {
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(after(row(places), false, 7));
    story.effects.clear();
    story
}

fn answer(places: &[Result<u64, u64>], more: bool) -> Event {
    Event::History { messages: row(places), more, reference: None }
}

/// A welcome of a session that goes on.
fn again(places: &[Result<u64, u64>], seq: u64, removed: &[u64], log: u128) -> Event {
    let Event::Welcome(mut event) = after(row(places), true, log) else { panic!("a welcome") };
    (event.seq, event.removed) = (seq, removed.to_vec());
    Event::Welcome(event)
}

#[test]
fn a_notice_stands_at_its_place_and_once() {
    let mut story = told(&[Err(50), Ok(51), Err(51), Ok(52), Err(52)]);
    assert_eq!(room(&story), "[50] 51 [51] 52 [52] ---");
    assert_eq!(story.unread()[0].1, 0);
    story.update(Message::LookBack);
    story.event(answer(&[Err(48), Ok(49), Ok(50), Err(50)], false));
    assert_eq!(room(&story), "[48] 49 50 [50] 51 [51] 52 [52] ---");
    story.event(notice("a52x", 52));
    story.event(notice("a52x", 52));
    assert_eq!(room(&story), "[48] 49 50 [50] 51 [51] 52 [52] --- [52x]");
    // Back again: what was heard is told again, with what was not.
    come_back(&mut story, again(&[Err(52), Ok(53), Err(53)], 53, &[], 7));
    assert_eq!(room(&story), "[48] 49 50 [50] 51 [51] 52 [52] --- [52x] 53 [53]");
    come_back(&mut story, again(&[Err(53), Err(54)], 53, &[], 7));
    assert!(room(&story).ends_with("53 [53] [54]"));
    // The session is over, and a newcomer's welcome tells old ones too.
    come_back(&mut story, after(row(&[Ok(49), Err(49), Ok(50), Err(50), Ok(53), Ok(54), Err(54)]), false, 7));
    assert!(room(&story).ends_with("53 [53] [54] 54"), "{}", room(&story));
    assert!(!room(&story).contains("[49]"), "that belongs to what stands further up");
}

#[test]
fn a_notice_that_was_cleared_does_not_come_back() {
    let mut story = told(&[Ok(51), Err(51)]);
    story.event(notice("a52", 51));
    story.send("/limpar");
    let Event::Notice(second) = notice("a52", 51) else { panic!("a notice") };
    let Event::Welcome(mut event) = again(&[Err(51)], 52, &[], 7) else { panic!("a welcome") };
    event.history.extend([vec![Event::Notice(second)], messages([52])].concat());
    come_back(&mut story, Event::Welcome(event));
    assert_eq!(room(&story), "52");
    // Another chat begins with what was said before, whatever was heard in the last one.
    story.event(notice("a53", 52));
    story.event(Event::ServerClosed);
    story.update(Message::DialogCancelled);
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(after(row(&[Ok(52), Err(52)]).into_iter().chain([notice("a53", 52)]).collect(), false, 7));
    assert_eq!(room(&story), "52 [52] [53] ---");
}

#[test]
fn a_page_of_nothing_but_notices_is_the_beginning() {
    let mut story = told(&[Ok(2)]);
    story.update(Message::LookBack);
    story.event(answer(&[Err(0), Err(1)], false));
    assert_eq!(
        (room(&story).as_str(), story.state().chat.conversations.room.past),
        ("[0] [1] 2 ---", OlderHistory::Exhausted)
    );
    let mut story = told(&[Err(0)]);
    assert_eq!(room(&story), "[0] ---");
    story.event(said("bia", BIA, "n1", None));
    assert_eq!(room(&story), "[0] --- 1");
}

#[test]
fn notices_of_the_gap_come_with_its_messages() {
    let mut story = entered([51]);
    come_back(&mut story, again(&[Ok(55), Err(55)], 55, &[], 7));
    assert_eq!((room(&story).as_str(), story.requests().last()), ("51 --- ? 55 [55]", Some(&older(55, 4))));
    story.event(answer(&[Err(50), Ok(51), Err(51), Ok(52), Ok(53), Err(53), Ok(54), Err(54)], true));
    assert_eq!(room(&story), "51 --- [51] 52 53 [53] 54 [54] 55 [55]");
}

#[test]
fn what_was_taken_back_is_shown_found_copied_and_saved_no_more() {
    let mut story = told(&[Ok(51), Ok(52), Ok(53)]);
    story.update(Message::Find(true));
    story.update(Message::FindEdited("n5".to_owned()));
    let hits = |story: &Story| story.state().chat.find.as_ref().map(|find| find.hits.len());
    assert_eq!(hits(&story), Some(3));
    let before = story.state().chat.conversations.room.timeline.revision();
    story.event(Event::Removed { seq: 52 });
    story.event(Event::Removed { seq: 52 });
    story.event(Event::Removed { seq: 90 });
    assert_eq!(room(&story), "51 x 53 ---");
    assert_eq!(
        story.lines(&ConversationId::Room)[1],
        format!("({})", "Uma mensagem de bia foi apagada pelo operador.")
    );
    let changes = story.state().chat.conversations.room.timeline.changes_since(before);
    assert_eq!(changes, Some(vec![Splice { at: 1, removed: 1, added: 1 }]));
    assert_eq!(hits(&story), Some(2));
    assert!(!crate::export::transcript::transcript(story.state(), &jiff::tz::TimeZone::UTC).contains("n52"));
    story.event(Event::Removed { seq: 53 });
    let preview = Preview::of(&story.state().chat.conversations.room).map(|it| strings::window::preview(&it));
    assert_eq!(preview.as_deref(), Some("bia: n51"));
    // Even where nothing is left of what was known, there is a way up.
    story.event(Event::Removed { seq: 51 });
    story.effects.clear();
    story.update(Message::LookBack);
    assert_eq!(story.requests(), [older(54, 100)]);
    story.event(answer(&[Ok(49), Ok(50)], true));
    assert_eq!(room(&story), "49 50 x x x ---");
}

#[test]
fn nobody_is_called_for_what_was_taken_back() {
    let mut story = Story::talking();
    story.update(Message::Front(false));
    story.event(said("bia", BIA, "@ana feio", None));
    story.event(Event::Removed { seq: 1 });
    story.effects.clear();
    (0..10).for_each(|_| story.second());
    assert!(!story.effects().iter().any(|effect| matches!(effect, Effect::Notify { .. })));
}

#[test]
fn ones_own_message_that_was_taken_back_stays_so() {
    let mut story = Story::talking();
    story.send("oi");
    let own = said("ana", ANA, "oi", Some(1));
    story.event(own.clone());
    story.event(Event::Removed { seq: 1 });
    let gone = [format!("({})", "Sua mensagem foi apagada pelo operador.")];
    assert_eq!(story.lines(&ConversationId::Room), gone);
    // Its receipt was lost, it was taken back meanwhile, and asking again brings the receipt.
    let mut story = Story::talking();
    story.send("oi");
    come_back(&mut story, again(&[], 1, &[1], 7));
    assert!(story.requests().contains(&say(1, "oi")));
    story.event(own);
    assert_eq!(story.lines(&ConversationId::Room), gone);
}

#[test]
fn what_was_taken_back_while_one_was_away_is_no_gap() {
    for (told, seq, removed, expected) in [
        (&[Ok(53)][..], 53, &[52][..], "50 51 --- 53"),
        (&[Ok(55)], 55, &[54, 52, 53], "50 51 --- 55"),
        (&[], 53, &[52, 53], "50 51 --- "),
        (&[Ok(52)], 52, &[50], "x 51 --- 52"),
        (&[Ok(52)], 53, &[51, 53], "50 x --- 52"),
    ] {
        let mut story = entered([50, 51]);
        come_back(&mut story, again(told, seq, removed, 7));
        assert_eq!(room(&story), expected.trim_end());
        assert_eq!(story.requests().len(), 1, "only the hello");
    }
    // In a real gap they are not missed either.
    let mut story = entered([51]);
    come_back(&mut story, again(&[Ok(60)], 60, &[52, 53, 59], 7));
    assert_eq!(story.requests().last(), Some(&older(59, 6)));
    story.event(answer(&[Ok(54), Ok(55), Ok(56), Ok(57), Ok(58)], false));
    assert_eq!((room(&story).as_str(), story.requests()), ("51 --- 54 55 56 57 58 60", vec![]));
    // Under another numbering those are other messages.
    let mut story = entered([50, 51]);
    let Event::Welcome(mut other) = after(row(&[Ok(52)]), false, 8) else { panic!("a welcome") };
    other.removed = vec![50, 51];
    come_back(&mut story, Event::Welcome(other));
    assert!(room(&story).starts_with("50 51 --- "), "{}", room(&story));
}

fn lesson(after: u64, log: u128) -> Event {
    Event::Notice(Notice {
        text: text("Nova aula."),
        at: NOW,
        after: Some(after),
        log: Some(LogId::from_random(log).into()),
    })
}

#[test]
fn a_lesson_that_begins_leaves_what_one_sees() {
    let mut story = entered([50, 51]);
    story.event(lesson(51, 8));
    story.event(messages([52]).remove(0));
    assert_eq!(room(&story), "50 51 --- * Nova aula. 52");
    story.event(Event::Removed { seq: 50 });
    assert_eq!(room(&story), "x 51 --- * Nova aula. 52");
    come_back(&mut story, again(&[Ok(53)], 53, &[50, 51], 8));
    let hello = story.requests().into_iter().find_map(|it| if let Request::Hello(it) = it { Some(it) } else { None });
    let hello = hello.expect("a hello");
    assert_eq!((hello.log, hello.since), (Some(LogId::from_random(8).into()), SafeInteger::new(52)));
    assert_eq!(room(&story), "x x --- * Nova aula. 52 53");
    // Nothing is told twice, the session over or not.
    come_back(&mut story, after([vec![lesson(51, 8)], messages([52, 53])].concat(), false, 8));
    assert_eq!(room(&story), "x x --- * Nova aula. 52 53");
}

#[test]
fn somebody_who_was_away_when_the_lesson_began_goes_on_in_it() {
    let mut story = entered([50, 51]);
    let Event::Notice(begins) = lesson(51, 8) else { panic!("a notice") };
    let history = [vec![Event::Notice(Notice { log: None, ..begins })], messages([52])].concat();
    let Event::Welcome(mut event) = again(&[], 52, &[50], 8) else { panic!("a welcome") };
    event.history = history;
    come_back(&mut story, Event::Welcome(event));
    assert_eq!(room(&story), "x 51 --- * Nova aula. 52");
    // Above the line there was more, which nobody tells any more.
    let mut story = entered([40]);
    let Event::Welcome(mut event) = again(&[Err(51), Ok(52)], 52, &[], 8) else { panic!("a welcome") };
    event.gap = true;
    come_back(&mut story, Event::Welcome(event));
    assert_eq!(story.requests().last(), Some(&older(52, 12)));
    story.event(answer(&[Err(51)], false));
    assert_eq!(room(&story), format!("40 --- ({}) [51] 52", notices::MISSED_MESSAGES));
}
