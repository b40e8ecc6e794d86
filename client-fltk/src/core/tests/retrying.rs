//! Messages that did not arrive.

use super::*;

/// Ana's message was not confirmed before the connection ended; she is back, with a server started anew.
fn back(text: &str, resumed: bool) -> Story {
    let mut story = Story::talking();
    story.send(text);
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("bia", BIA)]) else { panic!("a welcome") };
    (event.resumed, event.run) = (resumed, Some(RunId::from_random(8)));
    story.event(Event::Welcome(event));
    story.effects.clear();
    story
}

#[test]
fn within_the_session_the_number_is_the_same() {
    for (resumed, reference) in [(true, 1), (false, 2)] {
        let mut story = back("@bia oi", resumed);
        story.update(Message::Show(with("bia")));
        let first = story.nth(&with("bia"), 0);
        story.update(Message::Retry(first));
        assert_eq!(story.requests(), [private(reference, "bia", "oi")]);
        assert_eq!(story.lines(&with("bia")), ["ana: oi…"]);
        story.update(Message::Retry(first));
        assert_eq!(story.requests(), [], "it is on its way");
        story.event(whispered("ana", ANA, "bia", "oi", Some(reference)));
        assert_eq!(story.lines(&with("bia")), ["ana: oi"]);
    }
}

#[test]
fn a_refused_message_takes_a_new_number() {
    let mut story = Story::talking();
    story.send("oi");
    story.event(Event::problem(ErrorReason::Muted, SafeInteger::new(1), papo_common::sentences::MUTED));
    story.update(Message::Retry(story.nth(&ConversationId::Room, 0)));
    assert_eq!(story.requests(), [say(1, "oi"), say(2, "oi")]);
}

#[test]
fn a_receipt_that_comes_late_is_one() {
    let mut story = back("oi", false);
    assert_eq!(story.lines(&ConversationId::Room)[0], "ana: oi!");
    story.event(said("ana", ANA, "oi", Some(1)));
    assert_eq!(story.lines(&ConversationId::Room).last().map(String::as_str), Some("ana: oi"));
    assert!(!story.lines(&ConversationId::Room).contains(&"ana: oi!".to_owned()));
}

#[test]
fn what_cannot_be_sent_again_says_why() {
    let mut story = Story::talking();
    story.send("oi");
    story.send("@bia oi");
    story.event(Event::problem(ErrorReason::Muted, SafeInteger::new(1), papo_common::sentences::MUTED));
    story.report(Report::Ended);
    story.update(Message::Retry(story.said(&ConversationId::Room, "oi")));
    let reason = |story: &Story, place: &ConversationId| match story.items(place)[1] {
        Content::Message(ChatMessage { delivery: Delivery::Failed(failure), .. }) => notices::failure(failure),
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(&story, &ConversationId::Room), "Sem conexão. Tente de novo depois.");

    story.tick(1);
    story.report(Report::Connected);
    story.event(welcome(&[("ana", ANA)]));
    story.effects.clear();
    story.update(Message::Show(with("bia")));
    story.update(Message::Retry(story.nth(&with("bia"), 0)));
    assert_eq!(story.requests(), [private(3, "bia", "oi")], "whether she can be reached the server knows");
}

#[test]
fn what_is_given_up_leaves_a_note() {
    let mut story = back("oi", false);
    story.event(said("bia", BIA, "e aí", None));
    let before = story.lines(&ConversationId::Room);
    assert_eq!(before[before.len() - 2..], ["bia: e aí", "ana: oi!"], "it stays at the end until then");
    story.update(Message::Discard(story.said(&ConversationId::Room, "oi")));
    let before = story.lines(&ConversationId::Room);
    assert_eq!(before[before.len() - 2..], ["bia: e aí", "(Mensagem descartada.)"]);
    for index in [0, 2, 99] {
        let number = story.nth(&ConversationId::Room, index);
        story.update(Message::Discard(number));
        story.update(Message::Retry(number));
    }
    assert_eq!((story.lines(&ConversationId::Room), story.requests()), (before, vec![]), "nothing else is touched");
}
