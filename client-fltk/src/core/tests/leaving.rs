//! How a chat ends, and how it goes on.

use super::*;

#[test]
fn a_lost_connection_is_made_again_with_growing_pauses() {
    let mut story = Story::talking();
    story.send("um");
    story.update(Message::TextEdited("dois".to_owned()));
    story.report(Report::Ended);
    assert_eq!(story.lines(&ConversationId::Room), ["ana: um…"]);
    story.effects.clear();
    for (attempt, pause) in [1, 2, 4, 8, 15, 30, 30].into_iter().enumerate() {
        let attempt = attempt as u32;
        assert_eq!(*story.phase(), Phase::Lost { attempt, retry_in: Some(pause) });
        story.send("dois");
        assert_eq!(story.error(), "Sem conexão. O texto fica guardado aqui.");
        story.tick(pause as usize - 1);
        assert_eq!(story.effects(), []);
        story.tick(1);
        assert!(matches!(&story.effects()[..], [Effect::Connect { .. }]));
        assert_eq!(*story.phase(), Phase::Lost { attempt, retry_in: None });
        story.report(Report::Failed(ConnectError::Refused));
        assert_eq!(story.alerts(), Vec::<String>::new(), "a failed attempt raises no alert");
    }

    story.update(Message::RetryNow);
    story.report(Report::Connected);
    let session = Some(SessionSecret::from_random(7).into());
    assert!(
        matches!(&story.requests()[..], [Request::Hello(hello)] if hello.session == session && hello.name == "ana")
    );
    story.event(welcome(&[("ana", 11), ("bia", BIA)]));
    assert_eq!((story.phase(), story.state().chat.composer.text.as_str()), (&Phase::Talking, "dois"));
    assert_eq!(story.lines(&ConversationId::Room), ["ana: um!"]);
    assert_eq!(story.state().chat.roster.people.len(), 2);
}

#[test]
fn a_name_taken_meanwhile_opens_the_entering_window() {
    let mut story = Story::talking();
    story.update(Message::TextEdited("quase".to_owned()));
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    story.event(Event::refused(Refusal::NameInUse));
    let entering = &story.state().entering;
    assert_eq!((entering.server.as_str(), entering.name.as_str(), entering.version), ("sala", "ana", 2));
    assert!(entering.name_error.is_some());
    assert_eq!(story.alerts(), Vec::<String>::new());
    story.enter("sala", "ana2");
    assert!(matches!(&story.requests()[..], [Request::Hello(hello)] if hello.session.is_none()));
    story.event(welcome(&[("ana2", 12)]));
    assert_eq!(story.state().chat.composer.text, "quase");
}

#[test]
fn what_was_being_written_to_all_is_there_in_the_next_chat() {
    for (typed, kept) in [("quase", "quase"), ("@bia psiu", ""), ("@davi psiu", "")] {
        let mut story = Story::talking();
        story.update(Message::TextEdited(typed.to_owned()));
        story.event(Event::ServerClosed);
        story.update(Message::DialogCancelled);
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.event(welcome(&[("ana", 12), ("bia", 13)]));
        assert_eq!(story.state().chat.composer.text, kept);
    }
}

#[test]
fn so_is_what_was_being_written_to_all_behind_a_private_conversation() {
    let mut story = Story::talking();
    story.update(Message::TextEdited("quase".to_owned()));
    story.update(Message::Whisper(name("bia")));
    story.update(Message::TextEdited("só para bia".to_owned()));
    story.event(Event::ServerClosed);
    story.update(Message::DialogCancelled);
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(welcome(&[("ana", 12), ("bia", 13)]));
    assert_eq!(story.state().chat.composer.text, "quase");
}

#[test]
fn who_gives_up_entering_takes_leave() {
    for gives_up in [Message::CancelEntering, Message::Quit] {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.update(gives_up.clone());
        assert_eq!(story.requests(), [], "nobody was asked");
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.effects.clear();
        story.update(gives_up);
        // Or the name would be kept for somebody who has gone.
        assert_eq!(story.requests(), [Request::Leave]);
    }
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.effects.clear();
    story.tick(10);
    assert_eq!(story.requests(), [Request::Leave]);
}

#[test]
fn who_is_sent_away_does_not_come_back_by_itself() {
    for (event, text, status) in [
        (Event::ServerClosed, "O servidor foi encerrado. O chat será fechado.", "o servidor foi encerrado"),
        (
            Event::Closed { reason: CloseReason::Kicked, detail: "chega".into() },
            "Você foi removido: chega",
            "você foi removido do chat",
        ),
        (Event::closed(CloseReason::Kicked), "Você foi removido por decisão do operador.", "você foi removido do chat"),
        (
            Event::closed(CloseReason::Banned),
            "Você foi banido. Este endereço não pode entrar no chat.",
            "você foi banido do chat",
        ),
        (
            Event::closed(CloseReason::Replaced),
            "Você entrou de novo por outra conexão.",
            "você entrou por outra conexão",
        ),
    ] {
        let mut story = Story::talking();
        story.event(event);
        assert_eq!(
            (story.state().session.phase.severity(), strings::status::status(story.state()).as_str()),
            (Severity::Bad, status)
        );
        assert_eq!(story.effects.first(), Some(&Effect::Disconnect));
        assert_eq!((story.effects.len(), story.alerts()), (1, vec![text.to_owned()]));
        story.report(Report::Ended);
        story.update(Message::RetryNow);
        story.tick(60);
        assert_eq!((story.effects(), story.model.is_ticking()), (vec![], false));

        story.update(Message::DialogCancelled);
        let entering = &story.state().entering;
        assert_eq!((entering.server.as_str(), entering.name.as_str(), entering.version), ("sala", "ana", 2));
        assert_eq!(*story.phase(), Phase::Entering);
    }
}

#[test]
fn other_closings_are_drops() {
    for reason in [CloseReason::Slow, CloseReason::Idle, CloseReason::Unknown] {
        let mut story = Story::talking();
        story.event(Event::closed(reason));
        assert_eq!(*story.phase(), Phase::Lost { attempt: 0, retry_in: Some(1) });
        assert_eq!(story.alerts(), Vec::<String>::new());
    }
}

#[test]
fn the_end_of_a_server_before_one_is_in() {
    for event in [Event::ServerClosed, Event::closed(CloseReason::Banned)] {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.event(event.clone());
        assert_eq!((story.alerts().len(), story.phase()), (1, &Phase::Entering));

        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.event(Event::refused(Refusal::NameInUse));
        story.event(event);
        assert_eq!(story.alerts(), Vec::<String>::new(), "nobody waits for it");
        story.enter("sala", "ana2");
        assert!(matches!(&story.effects()[..], [Effect::Connect { .. }]));
    }
}

#[test]
fn another_chat_begins_empty_and_the_same_one_goes_on() {
    for (server, kept) in [("sala", true), ("outra", false)] {
        let mut story = Story::talking();
        story.event(said("bia", BIA, "oi", None));
        story.report(Report::Ended);
        story.tick(1);
        story.report(Report::Connected);
        story.event(Event::refused(Refusal::NameInUse));
        story.enter(server, "ana2");
        story.report(Report::Connected);
        story.event(welcome(&[("ana2", 12)]));
        assert_eq!(!story.lines(&ConversationId::Room).is_empty(), kept, "{server}");
    }
}

#[test]
fn leaving() {
    let mut story = Story::talking();
    story.update(Message::Resized(900, 700));
    story.update(Message::Leave);
    let effects = story.effects();
    let [Effect::Send(Request::Leave), Effect::Disconnect, Effect::Save(preferences), Effect::Quit] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(preferences.window, Some((900, 700)));
    for event in [Event::ServerClosed, Event::closed(CloseReason::Kicked), whispered("bia", BIA, "ana", "ei", None)] {
        story.event(event);
        assert_eq!(
            (story.effects(), story.state().chat.conversations.iter().count()),
            (vec![], 1),
            "whoever has left is told nothing"
        );
    }
}

#[test]
fn what_comes_behind_the_last_word_in_its_batch_is_stale() {
    for last in [Event::ServerClosed, Event::closed(CloseReason::Kicked), Event::closed(CloseReason::Slow)] {
        let mut story = Story::talking();
        let stale = [said("bia", BIA, "depois", None), joined("caio", 99), welcome(&[("ana", 12)])];
        let batch = [said("bia", BIA, "antes", None), last].into_iter().chain(stale);
        story.report(Report::Events(batch.collect(), Permit::default()));
        let lines = story.lines(&ConversationId::Room);
        assert!(lines[0] == "bia: antes" && !lines.contains(&"bia: depois".to_owned()), "{lines:?}");
        assert_ne!(*story.phase(), Phase::Talking);
    }
}
