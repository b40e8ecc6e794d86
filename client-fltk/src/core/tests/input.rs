//! What keys do in the text field.

use super::*;

#[test]
fn what_was_sent_comes_back_and_the_draft_is_kept() {
    let mut story = Story::talking();
    for text in ["um", "dois", "dois", "@bia três"] {
        story.send(text);
    }
    story.type_text("rascunho");
    for (message, shown) in [
        (Message::Newer, "rascunho"),
        (Message::Older, "@bia três"),
        (Message::Older, "dois"),
        (Message::Older, "um"),
        (Message::Older, "um"),
        (Message::TextEdited("um!".to_owned()), "um!"),
        (Message::Newer, "dois"),
        (Message::Older, "um!"),
        (Message::Newer, "dois"),
        (Message::Newer, "@bia três"),
        (Message::Newer, "rascunho"),
        (Message::Newer, "rascunho"),
        (Message::Older, "@bia três"),
    ] {
        story.update(message.clone());
        assert_eq!(story.state().chat.composer.text, shown, "{message:?}");
    }
    assert_eq!(story.state().chat.composer.mode, Mode::Private(name("bia")));
    assert_eq!(story.field(), "@bia três|");
    story.send("@bia três");
    story.update(Message::Newer);
    assert_eq!(story.state().chat.composer.text, "", "after sending, the way begins anew");
}

#[test]
fn every_conversation_has_its_own_past() {
    let mut story = Story::talking();
    story.send("para todos");
    story.type_text("rascunho");
    story.update(Message::Older);
    story.update(Message::Whisper(name("bia")));
    story.update(Message::Older);
    assert_eq!(story.state().chat.composer.text, "");
    story.update(Message::Show(ConversationId::Room));
    assert_eq!(story.state().chat.composer.text, "para todos");
    story.update(Message::Newer);
    assert_eq!(story.state().chat.composer.text, "rascunho");
}

#[test]
fn what_was_sent_has_a_limit() {
    let mut story = Story::talking();
    for i in 0..150 {
        story.send(&i.to_string());
    }
    (0..200).for_each(|_| story.update(Message::Older));
    assert_eq!(story.state().chat.composer.text, "50");
}

/// `|` is the caret. Each further field is what one more Tab makes of it; `>` means that the focus moves.
#[track_caller]
fn check_tabs(story: &mut Story, fields: &[&str]) {
    let [first, tabs @ ..] = fields else { return };
    let mut caret = first.find('|').expect("a caret");
    story.type_text(&first.replace('|', ""));
    for field in tabs {
        story.effects.clear();
        story.update(Message::Complete(caret));
        if *field == ">" {
            assert_eq!(story.effects, [Effect::FocusNext], "{fields:?}");
        } else {
            assert_eq!((story.field().as_str(), &story.effects[..]), (*field, &[][..]), "{fields:?}");
            caret = story.state().chat.composer.caret;
        }
    }
}

#[test]
fn tab_completes_names() {
    let mut story = Story::talking();
    story.event(joined("Beto", 4));
    story.event(joined("João", 5));
    story.event(joined("Bárbara", 6));
    for fields in [
        &["b|", "Bárbara, |", "Beto, |", "bia, |", "Bárbara, |"][..],
        &["c|", "caio, |", ">"],
        &["joao|", "João, |"],
        &["JO|", "João, |"],
        &["@c|", "@caio |"],
        &["@|", "@Bárbara |", "@Beto |", "@bia |", "@caio |", "@João |", "@Bárbara |"],
        &["oi c|", "oi caio|", ">"],
        &["oi @c|!", "oi @caio|!"],
        &["oi\nc|", "oi\ncaio|"],
        &["c|, oi", "caio, |oi"],
        &["c|oi", "caio, |oi"],
        &["  c|", "  caio, |"],
        &["|", ">"],
        &["oi |", ">"],
        &["x|", ">"],
        &["a|", ">"], // oneself
        &["oi\u{3000}c|", "oi\u{3000}caio|"],
    ] {
        check_tabs(&mut story, fields);
    }
}

#[test]
fn who_spoke_last_is_the_first() {
    let mut story = Story::talking();
    story.event(joined("beto", 4));
    story.event(said("bia", BIA, "oi", None));
    story.event(said("beto", 4, "oi", None));
    check_tabs(&mut story, &["b|", "beto, |", "bia, |"]);
    story.event(whispered("bia", BIA, "ana", "psiu", None));
    check_tabs(&mut story, &["b|", "bia, |", "beto, |"]);
    story.event(left("bia", BIA));
    check_tabs(&mut story, &["b|", "beto, |", ">"]);
    story.event(joined("bia", BIA));
    check_tabs(&mut story, &["b|", "beto, |", "bia, |"]);
    assert_eq!(story.state().chat.roster.spoke.len(), 1, "nobody is remembered who left");
}

#[test]
fn an_edit_ends_the_cycle() {
    let mut story = Story::talking();
    story.event(joined("beto", 4));
    check_tabs(&mut story, &["b|", "beto, |"]);
    check_tabs(&mut story, &["beto, b|", "beto, beto|", "beto, bia|"]);
    story.update(Message::Complete(1_000));
    assert!(story.effects.contains(&Effect::FocusNext), "a caret that cannot be");
}

#[test]
fn a_mention_goes_into_the_room() {
    let mut story = Story::talking();
    story.update(Message::Whisper(name("bia")));
    story.type_text("segredo");
    story.update(Message::Mention(name("caio")));
    assert_eq!((&story.state().chat.conversations.place, story.field().as_str()), (&ConversationId::Room, "caio, |"));
    story.type_text("oi");
    story.update(Message::Mention(name("bia")));
    assert_eq!(story.field(), "oi bia, |");
}

#[test]
fn a_limit_may_be_as_large_as_a_number_can_be() {
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    let Event::Welcome(mut event) = welcome(&[("ana", ANA)]) else { panic!("a welcome") };
    event.limits = Limits { text: usize::MAX, lines: usize::MAX, ..Limits::default() };
    story.event(Event::Welcome(event));
    story.type_text("oi");
    assert_eq!(story.state().chat.composer.limit, None);
}

#[test]
fn a_text_near_the_limit_says_so() {
    let (a89, a90, a100, a101) = ("a".repeat(89), "a".repeat(90), "a".repeat(100), "a".repeat(101));
    for (typed, note) in [
        (String::new(), None),
        (a89.clone(), None),
        (a90.clone(), Some(("90% do tamanho máximo", false))),
        (a100.clone(), Some(("100% do tamanho máximo", false))),
        (a101.clone(), Some(("Longa demais: 101% do tamanho máximo", true))),
        (format!("@bia {a89}"), None),
        (format!("@bia {a100}"), Some(("100% do tamanho máximo", false))),
        (format!("{a100}  "), Some(("100% do tamanho máximo", false))),
        (format!("  {a100}"), Some(("Longa demais: 102% do tamanho máximo", true))),
        (format!("//{a100}"), Some(("Longa demais: 101% do tamanho máximo", true))),
        ("ã".repeat(51), Some(("Longa demais: 102% do tamanho máximo", true))),
        ("a\nb\nc\nd".to_owned(), None),
        ("a\nb\nc\nd\ne".to_owned(), Some(("5 de 5 linhas", false))),
        ("a\nb\nc\nd\ne\nf".to_owned(), Some(("Longa demais: 6 de 5 linhas", true))),
        ("\n".repeat(200), None),
    ] {
        let mut story = Story::talking();
        story.type_text(&typed);
        let limit = limit_note(&story);
        let limit = limit.as_ref().map(|(text, is_over)| (text.as_str(), *is_over));
        assert_eq!(limit, note, "{typed}");
        let is_over = limit.is_some_and(|(_, is_over)| is_over);
        story.send(&typed);
        assert_eq!(story.state().chat.composer.text == typed, is_over || typed.is_empty() || typed.trim().is_empty());
    }
}

#[test]
fn another_limit_is_noted_as_soon_as_it_counts() {
    let mut story = Story::talking();
    story.type_text(&"a".repeat(60));
    story.report(Report::Ended);
    story.tick(1);
    story.report(Report::Connected);
    let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("bia", BIA)]) else { panic!("a welcome") };
    (event.resumed, event.limits.text) = (true, 50);
    story.event(Event::Welcome(event));
    assert_eq!(limit_note(&story), Some(("Longa demais: 120% do tamanho máximo".to_owned(), true)));
}

#[test]
fn commands() {
    for (typed, sent) in [
        ("//ajuda", Some("/ajuda")),
        ("// oi", Some("/ oi")),
        ("/home/ana", Some("/home/ana")),
        ("/home/ana tem espaço", Some("/home/ana tem espaço")),
        ("1/2", Some("1/2")),
        ("/", None),
        ("/ oi", None),
        ("/ajudem", None),
        ("/sair gente", None),
        ("/limpar/", Some("/limpar/")),
        ("/tema escuro", None),
        ("/som?", None),
        ("/me dança", None),
        ("/*\ncódigo", None),
    ] {
        let mut story = Story::talking();
        story.send(typed);
        let expected: Vec<Request> = sent.map(|text| say(1, text)).into_iter().collect();
        assert_eq!(story.requests(), expected, "{typed}");
        assert_eq!(story.error().contains("não é um comando"), sent.is_none(), "{typed}");
        assert_eq!(story.state().chat.composer.text, if sent.is_some() { "" } else { typed });
    }
}

#[test]
fn a_text_for_one_person_may_begin_with_a_slash() {
    let mut story = Story::talking();
    story.send("@bia /etc");
    assert_eq!(story.requests(), [private(1, "bia", "/etc")]);
}

#[test]
fn what_commands_do() {
    let mut story = Story::talking();
    story.send(" /AJUDA ");
    assert!(story.state().chat.composer.text.is_empty());
    assert_eq!(story.state().dialogs.shown(), Some(Dialog::Help));
    for (message, expected) in [
        (Message::DialogCancelled, None),
        (Message::Help, Some(Dialog::Help)),
        (Message::DialogAccepted, None),
        (Message::Help, Some(Dialog::Help)),
        (Message::Help, None),
    ] {
        story.update(message);
        assert_eq!(story.state().dialogs.shown(), expected);
    }

    story.send("vai falhar");
    story.event(Event::problem(ErrorReason::Muted, SafeInteger::new(1), papo_common::sentences::MUTED));
    story.event(said("bia", BIA, "oi", None));
    story.send("a caminho");
    story.send("/limpar");
    assert_eq!(story.lines(&ConversationId::Room), ["ana: vai falhar!", "ana: a caminho…"]);
    story.event(said("ana", ANA, "a caminho", Some(2)));
    assert_eq!(story.lines(&ConversationId::Room), ["ana: a caminho", "ana: vai falhar!"]);

    story.effects.clear();
    story.send("/sair");
    assert!(matches!(
        &story.effects()[..],
        [Effect::Send(Request::Leave), Effect::Disconnect, Effect::Save(_), Effect::Quit]
    ));
}

#[test]
fn the_look_and_the_sound_are_switched_by_commands_too() {
    let mut story = Story::talking();
    for (typed, theme, sound) in [
        ("/tema", Theme::Dark, true),
        ("/som", Theme::Dark, false),
        (" /SOM ", Theme::Dark, true),
        ("/Tema", Theme::Light, true),
    ] {
        story.send(typed);
        assert_eq!((story.state().theme(), !story.state().preferences.muted), (theme, sound), "{typed}");
        assert_eq!(story.state().chat.composer.text, "", "{typed}");
        let effects = story.effects();
        let [Effect::Save(preferences)] = &effects[..] else { panic!("{typed}: {effects:?}") };
        assert_eq!((preferences.theme, preferences.muted), (Some(theme), !sound), "{typed}");
    }
    let said = ["(Os avisos agora são silenciosos.)", "(Os avisos agora têm som.)"];
    assert_eq!(story.lines(&ConversationId::Room), said);
}
