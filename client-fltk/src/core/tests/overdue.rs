//! Answers that never come, and clocks that differ.

use super::*;

const DAY: u64 = 24 * 60 * 60 * 1_000;

fn room_of(story: &Story) -> &Conversation {
    &story.state().chat.conversations.room
}

fn times(story: &Story) -> Vec<u64> {
    room_of(story).timeline.items().map(|item| item.at).collect()
}

#[test]
fn a_message_without_a_receipt_fails_and_may_still_arrive() {
    let mut story = Story::talking();
    story.send("oi");
    story.tick(10);
    story.send("alô");
    assert!(story.model.is_ticking());
    story.event(Event::problem(ErrorReason::Muted, None, "Não entendi."));
    story.tick(20);
    assert_eq!(story.lines(&ConversationId::Room), ["(Não entendi.)", "ana: oi!", "ana: alô…"]);
    story.tick(10);
    assert_eq!(story.lines(&ConversationId::Room), ["(Não entendi.)", "ana: oi!", "ana: alô!"]);
    assert!(!story.model.is_ticking());

    story.event(said("ana", ANA, "oi", Some(1)));
    assert!(story.lines(&ConversationId::Room).contains(&"ana: oi".to_owned()), "the receipt was late");
}

#[test]
fn a_receipt_in_time_ends_the_wait() {
    let mut story = Story::talking();
    story.send("oi");
    story.event(said("ana", ANA, "oi", Some(1)));
    story.tick(1);
    assert!(!story.model.is_ticking());
    story.tick(60);
    assert_eq!(story.lines(&ConversationId::Room), ["ana: oi"]);
}

#[test]
fn a_search_that_is_never_answered_ends() {
    let mut story = finding::above("n7", 50..60);
    story.effects.clear();
    story.event(Event::problem(ErrorReason::Muted, None, "Não entendi."));
    story.tick(29);
    assert_eq!(finding::summary(&story), "procurando no servidor…");
    story.tick(1);
    assert_eq!(finding::summary(&story), "Nada até aqui, mas nem tudo foi visto");
    assert!(!story.model.is_ticking());
    story.update(Message::FindEdited("n8".to_owned()));
    story.update(Message::FindPrevious);
    assert_eq!(story.requests().len(), 1, "the next one is asked");
}

#[test]
fn a_history_that_never_comes_is_given_up() {
    let mut story = past::entered(50..60);
    story.update(Message::LookBack);
    assert_eq!(room_of(&story).past, OlderHistory::Loading);
    story.tick(30);
    assert_eq!(room_of(&story).past, OlderHistory::Unknown);
    assert!(!story.model.is_ticking());
}

#[test]
fn a_lost_connection_waits_for_no_answer() {
    let mut story = Story::talking();
    story.send("oi");
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    story.tick(8);
    story.event(welcome(&[("ana", ANA), ("bia", BIA)]));
    story.tick(1);
    assert!(!story.model.is_ticking());
}

#[test]
fn lines_of_this_window_stand_on_the_day_of_the_server() {
    for (ahead, behind) in [(DAY, 0), (0, DAY)] {
        let mut story = Story::talking();
        story.now = NOW + ahead - behind;
        story.event(said("bia", BIA, "oi", None));
        story.now += 1_000;
        story.send("olá");
        story.save("/a");
        story.send("@bia psiu");
        assert_eq!(times(&story), [NOW, NOW + 1_000, NOW + 1_000, NOW + 1_000]);
        assert_eq!(story.state().chat.conversations.direct[0].timeline.get(0).expect("said").at, NOW + 1_000);
    }
}

#[test]
fn the_past_says_that_the_clock_of_this_machine_is_slow_but_not_that_it_is_fast() {
    for (now, expected) in [(NOW - DAY, NOW), (NOW + DAY, NOW + DAY)] {
        let mut story = Story::new();
        story.now = now;
        story.enter("sala", "ana");
        story.report(Report::Connected);
        let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("bia", BIA)]) else { panic!("a welcome") };
        event.history = vec![said("bia", BIA, "oi", None)];
        story.event(Event::Welcome(event));
        story.send("olá");
        assert_eq!(times(&story).last(), Some(&expected));
    }
}
