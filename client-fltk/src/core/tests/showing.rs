//! Title, status bar, previews, the look and the size of the text, what is opened and saved.

use super::*;

#[test]
fn the_title_counts_what_is_unread() {
    let mut story = Story::talking();
    assert_eq!(strings::status::title(story.state()), "Papo — ana (192.168.0.1:50000)");
    story.event(whispered("bia", BIA, "ana", "um", None));
    story.update(Message::ViewingEnd(false));
    story.event(said("bia", BIA, "dois", None));
    assert_eq!(strings::status::title(story.state()), "(2) Papo — ana (192.168.0.1:50000)");
    assert_eq!(strings::status::title(Story::new().state()), "Papo");
}

#[test]
fn the_status_bar() {
    let mut story = Story::new();
    let status = |story: &Story| (story.state().session.phase.severity(), strings::status::status(story.state()));
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(welcome(&[("ana", ANA), ("bia", BIA)]));
    assert_eq!(status(&story), (Severity::Good, "conectado a sala · 2 pessoas".to_owned()));
    story.event(left("bia", BIA));
    assert_eq!(status(&story), (Severity::Good, "conectado a sala · 1 pessoa".to_owned()));
    story.report(Report::Ended);
    assert_eq!(status(&story), (Severity::Waiting, "sem conexão · reconectando em 1 s (tentativa 1)".to_owned()));
    story.tick(1);
    assert_eq!(status(&story), (Severity::Waiting, "sem conexão · reconectando… (tentativa 1)".to_owned()));
    story.report(Report::Failed(ConnectError::Refused));
    assert_eq!(status(&story), (Severity::Waiting, "sem conexão · reconectando em 2 s (tentativa 2)".to_owned()));
    story.tick(2);
    story.event(Event::ServerClosed);
    assert_eq!(status(&story), (Severity::Bad, "o servidor foi encerrado".to_owned()));
    assert_eq!(*story.phase(), Phase::Over(SessionEnd::ServerClosed));
    story.update(Message::DialogCancelled);
    assert_eq!(*story.phase(), Phase::Entering);
}

#[test]
fn previews() {
    let mut story = Story::talking();
    let preview = |story: &Story, index: usize| {
        let conversation = story.state().chat.conversations.iter().nth(index).expect("a place");
        Preview::of(conversation).map(|it| strings::window::preview(&it))
    };
    assert_eq!(preview(&story, 0), None);
    story.event(said("bia", BIA, "oi\ngente", None));
    story.event(joined("davi", 4));
    assert_eq!(preview(&story, 0).as_deref(), Some("bia: oi"));
    story.event(notice("manutenção", 0));
    assert_eq!(preview(&story, 0).as_deref(), Some("Aviso do servidor: manutenção"));
    story.send("tchau");
    story.event(said("bia", BIA, "até", None));
    assert_eq!(preview(&story, 0).as_deref(), Some("bia: até"));
    story.event(said("ana", ANA, "tchau", Some(1)));
    assert_eq!(preview(&story, 0).as_deref(), Some("você: tchau"));
    story.event(whispered("bia", BIA, "ana", "psiu", None));
    assert_eq!(preview(&story, 1).as_deref(), Some("psiu"));
    story.send("/limpar");
    assert_eq!(preview(&story, 0), None);
}

#[test]
fn the_size_of_the_text() {
    use TextStep::{Larger, Smaller, Usual};
    let mut story = Story::new();
    for (step, size) in [
        (Larger, 110),
        (Larger, 125),
        (Usual, 100),
        (Smaller, 90),
        (Smaller, 80),
        (Smaller, 80),
        (Usual, 100),
        (Larger, 110),
        (Larger, 125),
        (Larger, 150),
        (Larger, 175),
        (Larger, 200),
        (Larger, 200),
    ] {
        story.update(Message::TextSize(step));
        assert_eq!(story.state().preferences.text_size(), size);
    }
    let effects = story.effects();
    assert!(matches!(effects.last(), Some(Effect::Save(preferences)) if preferences.text_size == Some(200)));
    for (remembered, size) in [(None, 100), (Some(0), 80), (Some(9_999), 200), (Some(124), 125)] {
        let preferences = Preferences { text_size: remembered, ..Preferences::default() };
        assert_eq!(model_with(preferences).state().preferences.text_size(), size);
    }
}

#[test]
fn the_desktop_chooses_the_look_until_the_person_does() {
    let mut story = Story::new();
    story.update(Message::DesktopTheme(Theme::Dark));
    assert_eq!((story.state().theme(), story.effects()), (Theme::Dark, vec![]));
    story.update(Message::ToggleTheme);
    story.update(Message::DesktopTheme(Theme::Dark));
    assert_eq!(story.state().theme(), Theme::Light);
    assert!(matches!(&story.effects()[..], [Effect::Save(preferences)] if preferences.theme == Some(Theme::Light)));
}

#[test]
fn only_links_are_opened() {
    let mut story = Story::talking();
    for (link, is_opened) in
        [("https://a.b/c", true), ("HTTP://a.b", true), ("file:///etc/passwd", false), ("http://a.b; rm", false)]
    {
        story.update(Message::OpenLink(link.to_owned()));
        let expected = is_opened.then(|| Effect::OpenLink(link.to_owned()));
        assert_eq!(story.effects(), expected.into_iter().collect::<Vec<_>>());
    }
    story.update(Message::LinkNotOpened("http://a.b".to_owned()));
    story.save("/home/ana/papo.txt");
    let told = ["(Não foi possível abrir http://a.b.)", "(Conversa salva em /home/ana/papo.txt.)"];
    assert_eq!(story.lines(&ConversationId::Room), told);
}

#[test]
fn any_conversation_can_be_saved() {
    let mut story = Story::talking();
    story.event(whispered("bia", BIA, "ana", "psiu", None));
    story.update(Message::Show(with("bia")));
    story.effects();
    story.update(Message::SaveConversation);
    assert_eq!(story.effects(), [Effect::AskSavePath { number: 1, what: Transcript::One(with("bia")) }]);
    let conversation = &story.state().chat.conversations.direct[0];
    let text = crate::export::transcript::transcript_of(conversation, &jiff::tz::TimeZone::UTC);
    assert_eq!(text, "== Privado com bia ==\n[14/11/2023 22:13:20] bia: psiu\n");
    assert_eq!(strings::transcript::private_file_name("a/b:ç", "2026-11-22"), "papo-a_b_ç-2026-11-22.txt");
}

#[test]
fn the_neighbours_of_a_conversation() {
    let mut story = Story::talking();
    story.event(whispered("bia", BIA, "ana", "um", None));
    story.event(whispered("caio", CAIO, "ana", "um", None));
    for place in [with("caio"), with("bia"), ConversationId::Room] {
        story.update(Message::ShowNext);
        assert_eq!(story.state().chat.conversations.place, place);
    }
    story.update(Message::ShowPrevious);
    assert_eq!(story.state().chat.conversations.place, with("bia"));
}

#[test]
fn the_line_of_new_messages_is_not_drawn_while_one_looks() {
    let mut story = Story::talking();
    let line = Story::line_of_new;
    story.event(said("bia", BIA, "um", None));
    assert_eq!(line(&story), None);
    story.update(Message::ViewingEnd(false));
    story.event(said("bia", BIA, "dois", None));
    story.update(Message::ViewingEnd(true));
    story.event(said("bia", BIA, "três", None));
    assert_eq!(line(&story), Some(1), "it stays where it was when one came back");
    story.update(Message::ViewingEnd(false));
    story.event(said("bia", BIA, "quatro", None));
    assert_eq!(line(&story), Some(3), "and moves when one was away again");
    story.update(Message::Whisper(name("bia")));
    assert_eq!(line(&story), Some(3), "what nobody has seen is still new");
    story.update(Message::Show(ConversationId::Room));
    story.update(Message::ViewingEnd(true));
    story.update(Message::Show(with("bia")));
    assert_eq!(line(&story), None);
}
