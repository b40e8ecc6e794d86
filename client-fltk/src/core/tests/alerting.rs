//! What calls the person, and what does not.

use super::*;

/// What was asked of the desktop since last asked.
fn calls(story: &mut Story) -> Vec<String> {
    let calls = story.effects().into_iter().filter_map(|effect| match effect {
        Effect::Notify { notification, sound } => {
            let (title, body) = (strings::alerts::title(&notification), strings::alerts::body(&notification));
            Some(format!("{title}|{body}|{sound}"))
        }
        Effect::SetUrgency(is_urgent) => Some(format!("urge {is_urgent}")),
        _ => None,
    });
    calls.collect()
}

fn away() -> Story {
    let mut story = Story::talking();
    story.update(Message::Front(false));
    story
}

#[test]
fn a_window_that_never_was_in_front_calls_too() {
    let model = model_with(Preferences::default());
    let mut story = Story { model, effects: Vec::new(), now: NOW };
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(welcome(&[("ana", ANA), ("bia", BIA)]));
    story.effects.clear();
    story.event(said("bia", BIA, "oi, Ana!", None));
    assert_eq!(calls(&mut story), ["urge true"]);
    assert_eq!(story.state().chat.conversations.unread(), 1);
}

#[test]
fn who_is_called() {
    for (event, expected) in [
        (said("bia", BIA, "oi, Ana!\nvem", None), &["urge true", "bia mencionou você na Sala|oi, Ana!\nvem|true"][..]),
        (whispered("bia", BIA, "ana", "psiu", None), &["urge true", "bia (privado)|psiu|true"]),
        (said("bia", BIA, "semana", None), &[]),
        (said("ana", ANA, "eu, ana", None), &[]),
        (whispered("ana", ANA, "bia", "psiu", None), &[]),
        (joined("davi", 4), &[]),
        (notice("ana", 0), &[]),
    ] {
        let mut story = away();
        story.event(event.clone());
        assert_eq!(story.model.is_ticking(), !expected.is_empty());
        story.second();
        assert_eq!(calls(&mut story), expected, "{event:?}");
        assert!(!story.model.is_ticking(), "an alert is finite");

        let mut story = Story::talking();
        story.event(event);
        story.second();
        assert_eq!(calls(&mut story), Vec::<String>::new(), "whoever looks is not called");
    }
}

#[test]
fn a_mention_is_marked() {
    let mut story = Story::talking();
    story.event(said("bia", BIA, "ana?", None));
    story.event(said("bia", BIA, "semana", None));
    story.event(said("ana", ANA, "ana", None));
    let marks = story
        .items(&ConversationId::Room)
        .into_iter()
        .map(|it| matches!(it, Content::Message(said) if said.mentions_me));
    assert_eq!(marks.collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn several_make_one() {
    let mut story = away();
    for raw in ["um", "dois\nlinhas", "três", "quatro"] {
        story.event(whispered("bia", BIA, "ana", raw, None));
    }
    story.second();
    let first = "4 mensagens para você|bia: dois\nbia: três\nbia: quatro|true";
    assert_eq!(calls(&mut story), ["urge true", first]);

    story.event(whispered("bia", BIA, "ana", "cinco", None));
    (0..4).for_each(|_| story.second());
    story.event(whispered("caio", CAIO, "ana", "seis", None));
    assert_eq!(calls(&mut story), Vec::<String>::new(), "not at each line");
    story.second();
    assert_eq!(calls(&mut story), ["2 mensagens para você|bia: cinco\ncaio: seis|true"]);
}

#[test]
fn a_clock_that_is_put_back_silences_nobody() {
    let mut story = away();
    let mut whisper = |raw: &str, back: u64| {
        story.event(whispered("bia", BIA, "ana", raw, None));
        story.now -= back;
        (0..6).for_each(|_| story.second());
        calls(&mut story).into_iter().filter(|call| call.starts_with("bia")).collect::<Vec<_>>()
    };
    assert_eq!(whisper("um", 0), ["bia (privado)|um|true"]);
    assert_eq!(whisper("dois", 3_600_000), ["bia (privado)|dois|true"], "put back while an alert is due");
    story.now -= 3_600_000;
    story.event(whispered("bia", BIA, "ana", "três", None));
    (0..5).for_each(|_| story.second());
    assert_eq!(calls(&mut story), ["bia (privado)|três|true"], "put back since the last one");
}

#[test]
fn coming_to_the_front_ends_it() {
    let mut story = away();
    story.event(whispered("bia", BIA, "ana", "um", None));
    story.update(Message::Front(true));
    story.second();
    assert_eq!(calls(&mut story), ["urge true", "urge false"]);
    story.update(Message::Front(true));
    assert_eq!(calls(&mut story), Vec::<String>::new());
}

/// Bia has named ana and whispered to her.
fn welcome_after_both() -> Event {
    let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("bia", BIA)]) else { panic!("a welcome") };
    event.history = vec![said("bia", BIA, "ana!", None), whispered("bia", BIA, "ana", "psiu", None)];
    Event::Welcome(event)
}

#[test]
fn the_past_calls_nobody() {
    let mut story = Story::new();
    story.update(Message::Front(false));
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(welcome_after_both());
    story.second();
    assert_eq!(calls(&mut story), Vec::<String>::new());
    assert_eq!(story.state().chat.conversations.iter().count(), 2);
}

#[test]
fn what_was_said_while_the_connection_was_lost_calls() {
    let mut story = away();
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    story.event(welcome_after_both());
    story.second();
    assert_eq!(calls(&mut story), ["urge true", "2 mensagens para você|bia: ana!\nbia: psiu|true"]);
}

#[test]
fn the_sound_can_be_switched_off_and_stays_off() {
    let mut story = away();
    story.update(Message::ToggleSound);
    let effects = story.effects();
    let [Effect::Save(preferences)] = &effects[..] else { panic!("{effects:?}") };
    assert!(preferences.muted && story.state().preferences.muted);
    assert!(model_with(preferences.clone()).state().preferences.muted);
    story.event(whispered("bia", BIA, "ana", "um", None));
    story.second();
    assert_eq!(calls(&mut story), ["urge true", "bia (privado)|um|false"]);
}

#[test]
fn the_end_of_the_chat_ends_it() {
    let mut story = away();
    story.event(whispered("bia", BIA, "ana", "um", None));
    story.event(Event::ServerClosed);
    assert_eq!(calls(&mut story), ["urge true", "urge false"]);
    assert!(!story.model.is_ticking());
}

#[test]
fn a_notification_and_a_preview_end_between_two_graphemes() {
    let mut story = Story::talking();
    story.event(welcome(&[("ana", ANA), ("bia", BIA)]));
    story.update(Message::Front(false));
    let long = |count: usize| "a".repeat(count - 1) + "e\u{301}";
    story.event(whispered("bia", BIA, "ana", &(long(100) + &long(200)), None));
    story.second();
    let shown = "a".repeat(99) + "e\u{301}" + &"a".repeat(99);
    assert_eq!(calls(&mut story), ["urge true".to_owned(), format!("bia (privado)|{shown}|true")]);
    let preview = Preview::of(&story.state().chat.conversations.direct[0]).map(|it| it.line.to_owned());
    assert_eq!(preview, Some("a".repeat(99)));
}

#[test]
fn a_chat_that_cannot_be_taken_up_again_calls_nobody_any_more() {
    let mut story = away();
    story.event(said("bia", BIA, "oi, Ana!", None));
    assert_eq!(calls(&mut story), ["urge true"]);
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    story.effects.clear();
    story.event(Event::refused(Refusal::NameInUse));
    story.second();
    assert_eq!(calls(&mut story), ["urge false"]);
}

#[test]
fn a_click_on_a_notification_leads_to_its_newest_message() {
    let bia = ConversationId::Direct(name("bia"));
    for (events, expected) in [
        (vec![said("bia", BIA, "oi, Ana", None)], &ConversationId::Room),
        (vec![whispered("bia", BIA, "ana", "psiu", None)], &bia),
        (vec![said("bia", BIA, "oi, Ana", None), whispered("bia", BIA, "ana", "psiu", None)], &bia),
    ] {
        let mut story = away();
        for event in events {
            story.event(event);
        }
        story.second();
        let shown = story.effects().into_iter().find_map(|effect| match effect {
            Effect::Notify { notification, .. } => Some(notification.place()),
            _ => None,
        });
        assert_eq!(shown.as_ref(), Some(expected));
        story.update(Message::NotificationClicked(expected.clone()));
        assert_eq!(story.effects(), [Effect::RaiseWindow]);
        assert_eq!(&story.state().chat.conversations.shown().place, expected);
        // One of a chat that has ended meanwhile opens nothing.
        story.update(Message::NotificationClicked(ConversationId::Direct(name("caio"))));
        assert_eq!(&story.state().chat.conversations.shown().place, expected);
    }
}
