//! What was said before one came, and what is fetched on scrolling up.

use super::*;

/// Messages of bia with those numbers, as the server tells of them.
pub(crate) fn messages(numbers: impl IntoIterator<Item = u64>) -> Vec<Event> {
    let message = |seq| match said("bia", BIA, &format!("n{seq}"), None) {
        Event::Message(message) => Event::Message(Spoken { seq, ..message }),
        other => other,
    };
    numbers.into_iter().map(message).collect()
}

/// A welcome that tells of `history`.
pub(crate) fn after(history: Vec<Event>, resumed: bool, log: u128) -> Event {
    let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("bia", BIA)]) else { panic!("a welcome") };
    (event.history, event.resumed, event.log) = (history, resumed, LogId::from_random(log).into());
    Event::Welcome(event)
}

/// Ana came when those numbers had been said last.
pub(crate) fn entered(numbers: impl IntoIterator<Item = u64>) -> Story {
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(after(messages(numbers), false, 7));
    story.effects.clear();
    story
}

pub(crate) fn come_back(story: &mut Story, welcome: Event) {
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    story.event(welcome);
}

pub(crate) fn older(before: u64, count: u64) -> Request {
    let (before, count) = (SafeInteger::new(before).expect("a number"), SafeInteger::new(count).expect("a number"));
    Request::History { reference: None, before, count }
}

pub(crate) fn answer(numbers: impl IntoIterator<Item = u64>, more: bool) -> Event {
    Event::History { messages: messages(numbers), more, reference: None }
}

/// The numbers in the room, 0 for what has none.
pub(crate) fn numbers(story: &Story) -> Vec<u64> {
    let seq = |content: &Content| if let Content::Message(said) = content { said.seq.unwrap_or_default() } else { 0 };
    story.items(&ConversationId::Room).into_iter().map(seq).collect()
}

fn past(story: &Story) -> OlderHistory {
    story.state().chat.conversations.room.past
}

#[test]
fn a_saved_conversation_says_that_there_is_more() {
    let saved = |story: &Story| crate::export::transcript::transcript(story.state(), &jiff::tz::TimeZone::UTC);
    let first_line = |story: &Story| saved(story).lines().nth(1).map(str::to_owned);
    assert_eq!(first_line(&entered([51])).as_deref(), Some(strings::transcript::OLDER_MISSING));
    assert_eq!(first_line(&entered([1])).as_deref(), Some("[14/11/2023 22:13:20] bia: n1"));
}

#[test]
fn what_was_said_before_stands_above_a_line() {
    let story = entered([51, 52]);
    assert_eq!(story.lines(&ConversationId::Room), ["bia: n51", "bia: n52", "---"]);
    assert_eq!((past(&story), story.unread()[0].1), (OlderHistory::Available, 0));
    assert_eq!(past(&entered([1, 2])), OlderHistory::Exhausted);
    let story = entered([]);
    assert_eq!((story.lines(&ConversationId::Room), past(&story)), (vec![], OlderHistory::Unknown));
}

#[test]
fn who_comes_back_sees_no_line() {
    for resumed in [true, false] {
        let mut story = entered([51]);
        come_back(&mut story, after(messages([52, 53]), resumed, 7));
        let lines = story.lines(&ConversationId::Room);
        assert_eq!(lines[..4], ["bia: n51", "---", "bia: n52", "bia: n53"]);
        assert_eq!(lines.iter().filter(|line| *line == "---").count(), 1);
    }
}

#[test]
fn scrolling_up_fetches_a_page_at_a_time() {
    let mut story = entered([251, 252]);
    let first = story.nth(&ConversationId::Room, 0);
    story.update(Message::LookBack);
    story.update(Message::LookBack);
    assert_eq!((story.requests(), past(&story)), (vec![older(251, 100)], OlderHistory::Loading));
    story.event(said("bia", BIA, "enquanto isso", None));
    story.event(answer(151..251, true));
    assert_eq!(
        (past(&story), story.nth(&ConversationId::Room, 100)),
        (OlderHistory::Available, first),
        "nothing else changes its number"
    );
    assert_eq!(numbers(&story)[..103], (151..=252).chain([0]).collect::<Vec<_>>());
    story.update(Message::LookBack);
    assert_eq!(story.requests(), [older(151, 100)]);
    story.event(answer(140..151, false));
    story.update(Message::LookBack);
    assert_eq!((story.requests(), past(&story)), (vec![], OlderHistory::Exhausted));
    assert_eq!(story.unread()[0].1, 0);
}

#[test]
fn what_the_server_says_wrongly_does_no_harm() {
    let mut story = entered([51]);
    story.event(answer([1, 2], true));
    assert_eq!(numbers(&story), [51, 0], "nobody asked");
    story.update(Message::LookBack);
    let mixed = [messages([48, 60, 49, 49, 51, 50]), vec![Event::Ping]].concat();
    story.event(Event::History { messages: mixed, more: true, reference: None });
    assert_eq!(numbers(&story), [48, 49, 50, 51, 0]);
    story.update(Message::LookBack);
    story.event(answer([], true));
    assert_eq!(past(&story), OlderHistory::Unknown, "more, and nothing: it is not asked for ever");
    let mut story = entered([0]);
    story.update(Message::LookBack);
    assert_eq!((story.requests(), past(&story)), (vec![], OlderHistory::Unknown));
}

#[test]
fn what_was_on_its_way_is_asked_for_again() {
    for (resumed, log, asked) in [(true, 7, true), (false, 7, true), (false, 8, false)] {
        let mut story = entered([51]);
        story.update(Message::LookBack);
        let stale =
            Message::Network { connection: story.state().session.connection(), report: answer([50], true).into() };
        story.report(Report::Ended);
        story.update(stale);
        assert_eq!((numbers(&story), past(&story)), (vec![51, 0], OlderHistory::Loading));
        story.tick(1);
        story.report(Report::Connected);
        story.effects.clear();
        story.event(after(Vec::new(), resumed, log));
        assert_eq!(story.requests() == [older(51, 100)], asked, "{resumed} {log}");
        assert_eq!(past(&story), if asked { OlderHistory::Loading } else { OlderHistory::Unknown });
    }
    let mut story = entered([51]);
    story.report(Report::Ended);
    story.update(Message::LookBack);
    assert_eq!(story.requests(), [], "there is no connection to ask on");
    come_back(&mut story, after(Vec::new(), true, 7));
    assert_eq!(story.requests().last(), Some(&older(51, 100)));
    story.event(Event::ServerClosed);
    assert_eq!(past(&story), OlderHistory::Available, "nothing is on its way any more");
}

#[test]
fn what_was_cleared_is_not_fetched_again() {
    let mut story = entered([51]);
    story.update(Message::LookBack);
    story.send("/limpar");
    story.effects.clear();
    story.event(answer([50], true));
    story.event(said("bia", BIA, "oi", None));
    story.update(Message::LookBack);
    assert_eq!((story.lines(&ConversationId::Room), story.requests()), (vec!["bia: oi".to_owned()], vec![]));
}

#[test]
fn no_more_is_fetched_than_there_is_room_for() {
    let full = Timeline::MAX_ITEMS as u64;
    let mut story = entered([20_000]);
    for _ in 2..full - 29 {
        story.event(joined("davi", 4));
        story.event(said("bia", BIA, "oi", None));
        story.event(left("davi", 4));
        if story.items(&ConversationId::Room).len() as u64 >= full - 30 {
            break;
        }
    }
    let room = full - story.items(&ConversationId::Room).len() as u64;
    story.update(Message::LookBack);
    assert_eq!(story.requests(), [older(20_000, room)]);
    story.event(answer(19_900..20_000, true));
    assert_eq!((story.items(&ConversationId::Room).len() as u64, past(&story)), (full, OlderHistory::Unknown));
    assert_eq!(numbers(&story)[0], 20_000 - room);
    story.event(said("bia", BIA, "oi", None));
    story.update(Message::LookBack);
    assert_eq!(story.requests(), []);
}

#[test]
fn ones_own_older_messages_are_ones_own_and_wait_for_nothing() {
    let mut story = entered([51]);
    story.update(Message::LookBack);
    let own = said("ana", ANA, "oi, ana", Some(1));
    let Event::Message(own) = own else { panic!("a message") };
    story.event(Event::History {
        messages: vec![Event::Message(Spoken { seq: 50, ..own })],
        more: true,
        reference: None,
    });
    let items = story.items(&ConversationId::Room);
    let Content::Message(said) = items[0] else { panic!("said") };
    assert_eq!((said.mine, said.mentions_me, &said.delivery), (true, false, &Delivery::Done));
}
