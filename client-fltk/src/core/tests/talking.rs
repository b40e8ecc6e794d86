//! Who is there, what is said, and to whom.

use super::*;

#[test]
fn people_come_and_go() {
    let mut story = Story::talking();
    let version = story.state().chat.roster.version;
    story.event(joined("davi", 4));
    story.event(joined("eva", 5));
    story.event(left("bia", BIA));
    story.event(left("ninguém", 99));
    story.event(said("caio", CAIO, "oi", None));
    story.event(joined("bia", 6));
    let names: Vec<&str> = story.state().chat.roster.people.values().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["ana", "caio", "davi", "eva", "bia"]);
    assert_eq!(story.lines(&ConversationId::Room), ["+2-1", "caio: oi", "+1"]);
    assert_eq!(story.state().chat.roster.version, version + 4);
}

#[test]
fn who_comes_and_goes_within_an_hour_stands_in_one_line() {
    let mut story = Story::talking();
    let passed = |event: Event, after: u64| match event {
        Event::Joined { name, id, addr, at } => Event::Joined { name, id, addr, at: at + after },
        Event::Left { name, id, at } => Event::Left { name, id, at: at + after },
        other => other,
    };
    let hour = Conversation::RUN_MS;
    for after in [0, hour / 2, hour - 1, hour, hour + 1] {
        story.event(passed(joined("davi", 4), after));
        story.event(passed(left("davi", 4), after));
    }
    assert_eq!(story.lines(&ConversationId::Room), ["+1-1+1-1+1-1", "+1-1+1-1"]);
    let room = &story.state().chat.conversations.room;
    assert_eq!(room.timeline.get(1).expect("an item").at, NOW + hour);
    let Content::Presence(run) = story.items(&ConversationId::Room)[0] else { panic!() };
    assert_eq!(run[3].at, NOW + hour / 2, "each has its own time");
}

#[test]
fn who_is_gone_on_coming_back_is_forgotten() {
    let mut story = Story::talking();
    story.event(said("bia", BIA, "oi", None));
    story.event(said("caio", CAIO, "oi", None));
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    story.event(welcome(&[("ana", ANA), ("caio", CAIO)]));
    assert!(story.state().chat.roster.spoke.keys().eq([&name("caio")]));
}

#[test]
fn ones_own_message_is_pending_until_its_copy_comes() {
    let mut story = Story::talking();
    story.send("oi  ");
    assert_eq!(story.requests(), [say(1, "oi")]);
    assert_eq!(story.state().chat.composer.text, "");
    assert_eq!(story.lines(&ConversationId::Room), ["ana: oi…"]);

    // The same number from somebody else is no receipt.
    story.event(said("bia", BIA, "eu", Some(1)));
    assert_eq!(story.lines(&ConversationId::Room), ["bia: eu", "ana: oi…"], "what waits stays at the end");
    let own = story.said(&ConversationId::Room, "oi");
    story.event(said("ana", ANA, "oi", Some(1)));
    assert_eq!(story.lines(&ConversationId::Room), ["bia: eu", "ana: oi"], "all see one order");
    assert_eq!(story.said(&ConversationId::Room, "oi"), own, "it is the same item");
}

#[test]
fn a_problem_stands_at_its_line() {
    let mut story = Story::talking();
    story.send("um");
    story.send("dois");
    story.event(Event::problem(ErrorReason::Muted, SafeInteger::new(1), papo_common::sentences::MUTED));
    assert_eq!(story.lines(&ConversationId::Room), ["ana: um!", "ana: dois…"]);
    story.event(Event::problem(ErrorReason::Malformed, None, "Pedido inválido."));
    assert_eq!(story.lines(&ConversationId::Room)[0], "(Pedido inválido.)");
}

#[test]
fn to_whom_a_text_goes() {
    let (to_bia, to_all) = (|| Mode::Private(name("bia")), || Mode::Public);
    let nobody = |text: &str| Mode::Nobody(text.to_owned());
    let naming = |names: &[&str]| Mode::Naming(names.iter().map(|it| name(it)).collect());
    for (place, typed, mode) in [
        (ConversationId::Room, "", to_all()),
        (ConversationId::Room, "oi @bia", to_all()),
        (ConversationId::Room, "@bia oi", to_bia()),
        (ConversationId::Room, "@BIA\noi", to_bia()),
        (ConversationId::Room, "  @bia oi", to_bia()),
        (ConversationId::Room, "\u{200b}@bia oi", to_bia()),
        (ConversationId::Room, "\u{ff20}bia oi", to_bia()),
        (ConversationId::Room, "@bia, oi", to_bia()),
        (ConversationId::Room, "@bia: oi", to_bia()),
        (ConversationId::Room, "@", naming(&["bia", "caio"])),
        (ConversationId::Room, "@ bia", nobody("")),
        (ConversationId::Room, "@BI", naming(&["bia"])),
        (ConversationId::Room, "@bi ", nobody("bi")),
        (ConversationId::Room, "@bi oi", nobody("bi")),
        (ConversationId::Room, "@bo", nobody("bo")),
        (ConversationId::Room, "@an", nobody("an")),
        (ConversationId::Room, "@ana", Mode::Oneself),
        (ConversationId::Room, "@ana oi", Mode::Oneself),
        (with("bia"), "oi", to_bia()),
        (with("bia"), "@caio oi", Mode::Private(name("caio"))),
        (with("bia"), "@davi oi", nobody("davi")),
    ] {
        let mut story = Story::talking();
        story.update(Message::Whisper(name("bia")));
        story.update(Message::Show(place));
        story.update(Message::TextEdited(typed.to_owned()));
        assert_eq!(story.state().chat.composer.mode, mode, "{typed:?}");
    }
}

#[test]
fn whoever_speaks_is_the_first_that_may_be_meant() {
    let mut story = Story::talking();
    story.update(Message::TextEdited("@".to_owned()));
    for (who, id, names) in [("caio", CAIO, ["caio", "bia"]), ("bia", BIA, ["bia", "caio"])] {
        story.event(said(who, id, "oi", None));
        assert_eq!(story.state().chat.composer.mode, Mode::Naming(names.map(name).into()), "{who}");
    }
}

#[test]
fn what_must_not_go_out_stays_in_the_field() {
    let long = "a".repeat(101);
    let (not_oneself, bad) = (papo_common::sentences::TO_ONESELF, papo_common::sentences::BAD_FORMAT);
    for (typed, error) in [
        ("@ana oi", not_oneself),
        ("@АNA oi", not_oneself), // a Cyrillic А
        ("@davi oi", "Usuário davi não encontrado."),
        ("@bi", "Usuário bi não encontrado."),
        ("@bia", bad),
        ("@bia  \n ", bad),
        ("@ oi", bad),
        ("@", bad),
        (&long, "Mensagem longa demais: o máximo é de cerca de 100 caracteres e 5 linhas."),
        ("1\n2\n3\n4\n5\n6", "Mensagem longa demais: o máximo é de cerca de 100 caracteres e 5 linhas."),
        (" \n ", ""),
    ] {
        let mut story = Story::talking();
        story.send(typed);
        assert_eq!(story.error(), error, "{typed:?}");
        assert_eq!(story.state().chat.composer.text, typed);
        assert_eq!((story.requests(), story.items(&ConversationId::Room).len()), (vec![], 0), "{typed:?}");
        story.update(Message::TextEdited("o".to_owned()));
        assert_eq!(story.error(), "", "an error goes with the next key");
    }
}

#[test]
fn a_private_talk() {
    let mut story = Story::talking();
    story.send("@Bia  segredo");
    assert_eq!(story.requests(), [private(1, "bia", "segredo")]);
    assert_eq!(story.lines(&ConversationId::Room), ["(Você escreveu para bia em privado.)"]);
    assert_eq!(story.lines(&with("bia")), ["ana: segredo…"]);

    story.event(whispered("ana", ANA, "bia", "segredo", Some(1)));
    story.event(whispered("bia", BIA, "ana", "sério?", None));
    story.event(whispered("caio", CAIO, "ana", "psiu", None));
    assert_eq!(story.lines(&with("bia")), ["ana: segredo", "bia: sério?"]);
    let unread = |list: &[(&str, usize)]| list.iter().map(|&(name, n)| (name.to_owned(), n)).collect::<Vec<_>>();
    assert_eq!(story.unread(), unread(&[("sala", 0), ("caio", 1), ("bia", 1)]));

    story.update(Message::Whisper(name("bia")));
    assert_eq!(story.unread()[2], ("bia".to_owned(), 1), "until its end is in sight");
    story.update(Message::ViewingEnd(true));
    story.send("sim");
    assert_eq!(story.requests(), [private(2, "bia", "sim")]);
    assert_eq!(story.unread(), unread(&[("sala", 0), ("bia", 0), ("caio", 1)]), "the newest first");

    story.event(left("bia", BIA));
    story.now += 60_000;
    story.send("ainda aí?");
    assert_eq!(story.state().chat.composer.mode, Mode::Nobody("bia".to_owned()));
    assert_eq!((story.requests(), story.error()), (vec![], "bia não está no chat.".to_owned()));
}

#[test]
fn private_messages_are_kept_for_as_long_as_the_server_says() {
    for (keep, after, is_kept) in [(300_000, 299_999, true), (5_000, 4_999, true), (5_000, 5_000, false), (0, 0, false)]
    {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("bia", BIA)]) else { panic!() };
        event.limits.keep = keep;
        story.event(Event::Welcome(event));
        story.event(left("bia", BIA));
        story.now += after;
        story.type_text("@bia até já");
        assert_eq!(story.state().chat.composer.mode == Mode::Private(name("bia")), is_kept, "{keep} {after}");
    }
}

#[test]
fn who_went_a_moment_ago_may_be_kept_a_word_for() {
    for comes_back in [Some(BIA), Some(9), None] {
        let mut story = Story::talking();
        story.event(left("bia", BIA));
        story.now += 59_999;
        story.type_text("@bia até já");
        assert_eq!(story.state().chat.composer.mode, Mode::Private(name("bia")));
        story.send("@Bia até já");
        story.send("@bia e então");
        assert_eq!(story.requests(), [private(1, "bia", "até já"), private(2, "bia", "e então")]);
        let Event::Private(receipt) = whispered("ana", ANA, "bia", "até já", Some(1)) else { panic!() };
        story.event(Event::Private(Private { away: true, ..receipt }));
        story.event(Event::problem(ErrorReason::NoSuchUser, SafeInteger::new(2), "Usuário bia não encontrado."));
        assert_eq!(story.lines(&with("bia")), ["ana: até já~", "ana: e então!"]);
        if let Some(id) = comes_back {
            story.event(joined("bia", id));
        }
        let kept = match comes_back {
            Some(BIA) => "ana: até já",
            Some(_) => "ana: até já!",
            None => "ana: até já~",
        };
        assert!(story.lines(&with("bia")).contains(&kept.to_owned()));
        assert_eq!(story.lines(&with("bia")).len() == 3, comes_back == Some(9), "another person is announced");
    }
}

/// A private message of ana's to davi is told again on coming back; he is not there, and nobody knows who he was.
fn told_again_with_davi_gone() -> Story {
    let mut story = Story::talking();
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("caio", CAIO)]) else { panic!() };
    event.history = vec![whispered("ana", ANA, "davi", "psiu", None)];
    story.event(Event::Welcome(event));
    assert_eq!(story.lines(&with("davi")), ["ana: psiu"]);
    story
}

#[test]
fn whoever_comes_by_the_name_of_somebody_unknown_may_be_another_person() {
    let mut story = told_again_with_davi_gone();
    let hint = "(davi entrou de novo e pode ser outra pessoa.)";
    story.event(joined("davi", 4));
    assert_eq!(story.lines(&with("davi")), ["ana: psiu", hint]);
    story.event(left("davi", 4));
    story.event(joined("davi", 4));
    assert_eq!(story.lines(&with("davi")), ["ana: psiu", hint], "that one is known now");
}

#[test]
fn what_is_kept_for_somebody_who_was_unknown_is_handed_over() {
    for (comes_back, kept) in [(4, "ana: até já"), (5, "ana: até já!")] {
        let mut story = told_again_with_davi_gone();
        story.event(joined("davi", 4));
        story.event(left("davi", 4));
        story.send("@davi até já");
        let Event::Private(receipt) = whispered("ana", ANA, "davi", "até já", Some(1)) else { panic!() };
        story.event(Event::Private(Private { away: true, ..receipt }));
        story.event(joined("davi", comes_back));
        assert!(story.lines(&with("davi")).contains(&kept.to_owned()), "{:?}", story.lines(&with("davi")));
    }
}

#[test]
fn who_is_gone_on_coming_back_may_be_about_to_come_too() {
    let mut story = Story::talking();
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    story.effects.clear();
    story.event(welcome(&[("ana", ANA), ("caio", CAIO)]));
    story.effects.clear();
    story.send("@bia oi");
    story.send("@davi oi");
    assert_eq!(
        (story.requests(), story.error()),
        (vec![private(1, "bia", "oi")], "Usuário davi não encontrado.".to_owned())
    );
}

#[test]
fn a_private_message_that_fails_out_of_sight_is_told_where_one_looks() {
    let mut story = Story::talking();
    story.send("@bia oi");
    story.event(Event::problem(ErrorReason::NoSuchUser, SafeInteger::new(1), "Usuário bia não encontrado."));
    assert_eq!(story.lines(&with("bia")), ["ana: oi!"]);
    let room = story.lines(&ConversationId::Room);
    assert_eq!(room[1], "(A mensagem privada para bia não foi entregue: Usuário bia não encontrado.)");
}

#[test]
fn another_person_under_a_known_name_is_announced() {
    let mut story = Story::talking();
    story.update(Message::Whisper(name("bia")));
    story.event(left("bia", BIA));
    story.event(joined("bia", BIA));
    assert_eq!(story.lines(&with("bia")), Vec::<String>::new(), "the same id is the same person");
    story.event(left("bia", BIA));
    story.event(joined("Bia", 9));
    assert_eq!(story.lines(&with("bia")), ["(Bia entrou de novo e pode ser outra pessoa.)"]);
}

#[test]
fn another_person_is_announced_below_what_was_whispered_before() {
    let hint = "(bia entrou de novo e pode ser outra pessoa.)";
    for (has_talked, is_there) in [(true, true), (false, true), (true, false), (false, false)] {
        let mut story = Story::talking();
        if has_talked {
            story.event(whispered("bia", BIA, "ana", "oi", None));
        }
        story.report(Report::Ended);
        story.tick(1);
        story.report(Report::Connected);
        // She whispers and leaves, and somebody takes her name, before ana is back or after.
        let users = [("ana", ANA), ("bia", 9)];
        let Event::Welcome(mut event) = welcome(&users[..=usize::from(is_there)]) else { panic!("a welcome") };
        let Event::Private(kept) = whispered("bia", BIA, "ana", "psiu", None) else { panic!("a private message") };
        event.resumed = true;
        event.history = vec![Event::Private(Private { pseq: 2, ..kept })];
        story.event(Event::Welcome(event));
        if !is_there {
            story.event(joined("bia", 9));
        }
        let lines = ["bia: oi", "bia: psiu", hint];
        assert_eq!(story.lines(&with("bia")), lines[usize::from(!has_talked)..], "{has_talked} {is_there}");
    }
}

#[test]
fn nobody_talks_privately_to_oneself_or_to_strangers() {
    let mut story = Story::talking();
    for who in ["ana", "davi"] {
        story.update(Message::Whisper(name(who)));
        story.update(Message::Show(with(who)));
    }
    assert_eq!(
        (story.state().chat.conversations.iter().count(), &story.state().chat.conversations.place),
        (1, &ConversationId::Room)
    );
}

#[test]
fn unread_is_what_came_while_nobody_was_looking() {
    let mut story = Story::talking();
    story.event(said("bia", BIA, "um", None));
    assert_eq!((story.unread()[0].1, story.line_of_new()), (0, None));
    story.update(Message::ViewingEnd(false));
    story.event(joined("davi", 4));
    story.event(said("bia", BIA, "dois", None));
    story.event(said("bia", BIA, "três", None));
    assert_eq!((story.unread()[0].1, story.line_of_new()), (2, Some(2)));
    story.update(Message::ViewingEnd(true));
    assert_eq!((story.unread()[0].1, story.line_of_new()), (0, Some(2)), "the line stays");
    story.send("oi");
    assert_eq!(story.line_of_new(), None);
}

#[test]
fn every_conversation_keeps_its_draft() {
    let mut story = Story::talking();
    story.update(Message::TextEdited("para todos".to_owned()));
    let version = story.state().chat.composer.version;
    story.update(Message::Whisper(name("bia")));
    assert_eq!(story.state().chat.composer.text, "");
    assert_eq!(story.state().chat.composer.version, version + 1);
    story.update(Message::TextEdited("para bia".to_owned()));
    story.update(Message::Show(ConversationId::Room));
    assert_eq!(story.state().chat.composer.text, "para todos");
    story.update(Message::Show(with("bia")));
    assert_eq!(story.state().chat.composer.text, "para bia");
}

#[test]
fn older_items_go() {
    let mut story = Story::talking();
    story.update(Message::ViewingEnd(false));
    for _ in 0..Timeline::MAX_ITEMS + 3 {
        story.event(said("bia", BIA, "oi", None));
    }
    let room = &story.state().chat.conversations.room;
    assert_eq!(
        (room.timeline.len(), story.line_of_new()),
        (Timeline::MAX_ITEMS, Some(0)),
        "what is left of what is new"
    );
    let saved = crate::export::transcript::transcript_of(room, &jiff::tz::TimeZone::UTC);
    assert!(saved.starts_with(&format!("== Sala ==\n{}\n[", strings::transcript::OLDER_DROPPED)));
    story.send("/limpar");
    let saved =
        crate::export::transcript::transcript_of(&story.state().chat.conversations.room, &jiff::tz::TimeZone::UTC);
    assert_eq!(saved, "== Sala ==\n");
}

#[test]
fn private_conversations_have_a_limit() {
    let mut story = Story::talking();
    story.update(Message::Whisper(name("bia")));
    for id in 0..Conversations::MAX_DIRECT as u128 + 5 {
        story.event(whispered(&format!("p{id}"), 100 + id, "ana", "oi", None));
    }
    assert_eq!(story.state().chat.conversations.iter().count(), 1 + Conversations::MAX_DIRECT);
    assert!(story.state().chat.conversations.iter().any(|it| it.place == with("bia")), "never the one shown");
}

#[test]
fn a_conversation_with_something_that_has_not_arrived_stays() {
    let mut story = Story::talking();
    story.send("@bia oi");
    story.send("@caio oi");
    story.event(Event::problem(ErrorReason::Muted, SafeInteger::new(2), papo_common::sentences::MUTED));
    for id in 0..Conversations::MAX_DIRECT as u128 + 5 {
        story.event(whispered(&format!("p{id}"), 100 + id, "ana", "oi", None));
    }
    assert_eq!(story.lines(&with("bia")), ["ana: oi…"]);
    assert_eq!(story.lines(&with("caio")), ["ana: oi!"]);
    story.update(Message::Show(with("caio")));
    story.update(Message::Discard(story.nth(&with("caio"), 0)));
    story.update(Message::Show(ConversationId::Room));
    (300..310).for_each(|id| story.event(whispered(&format!("p{id}"), 100 + id, "ana", "oi", None)));
    assert_eq!(story.lines(&with("caio")), Vec::<String>::new());
    assert_eq!(story.lines(&with("bia")), ["ana: oi…"]);
}

#[test]
fn a_saved_conversation() {
    let mut story = Story::talking();
    story.event(joined("davi", 4));
    story.event(joined("eva", 5));
    story.event(said("bia", BIA, "um\n[14/11/2023 22:13:20] caio: fingido", None));
    story.send("@bia oi");
    story.event(left("eva", 5));
    assert_eq!(
        crate::export::transcript::transcript(story.state(), &jiff::tz::TimeZone::UTC),
        "\
== Sala ==
[14/11/2023 22:13:20] davi (192.168.0.4:50000) entrou
[14/11/2023 22:13:20] eva (192.168.0.5:50000) entrou
[14/11/2023 22:13:20] bia: um
    [14/11/2023 22:13:20] caio: fingido
[14/11/2023 22:13:20] Você escreveu para bia em privado.
[14/11/2023 22:13:20] eva (192.168.0.5:50000) saiu

== Privado com bia ==
[14/11/2023 22:13:20] ana: oi (não confirmada)
"
    );
}
