//! Entering, and what may be in the way.

use super::*;

#[test]
fn entering() {
    let mut story = Story::new();
    story.enter(" sala:12345 ", "ana");
    assert_eq!(*story.phase(), Phase::Connecting);
    let address = "sala".parse().expect("an address");
    assert_eq!(story.effects(), [Effect::Connect { connection: 1, address }]);

    story.report(Report::Connected);
    assert!(matches!(&story.requests()[..], [Request::Hello(hello)] if hello.name == "ana" && hello.session.is_none()));
    story.event(welcome(&[("bia", BIA), ("ana", ANA)]));
    assert_eq!(*story.phase(), Phase::Talking);
    assert_eq!(story.state().chat.roster.people.len(), 2);
    assert!(!story.model.is_ticking());
    let remembered = story.effects();
    assert!(
        matches!(&remembered[..], [Effect::Save(it)] if it.servers[0].address == "sala" && it.servers[0].at == NOW)
    );
}

#[test]
fn fields_are_checked_before_anything_is_sent() {
    for (server, name, server_wrong, name_wrong) in [
        ("", "ana", true, false),
        ("sala:0", "ana", true, false),
        ("sala", "", false, true),
        ("sala", "ana maria", false, true),
        ("", "@", true, true),
    ] {
        let mut story = Story::new();
        story.enter(server, name);
        let entering = &story.state().entering;
        assert_eq!(entering.server_error.is_some(), server_wrong, "{server}");
        assert_eq!(entering.name_error.is_some(), name_wrong, "{name}");
        assert_eq!((story.phase(), story.effects.len()), (&Phase::Entering, 0));
    }
}

#[test]
fn a_name_is_checked_as_one_types() {
    let mut story = Story::new();
    for (typed, error) in [
        ("", None),
        ("ana", None),
        ("ana maria", Some("O nome não pode conter espaços ou '@'.")),
        ("ana@", Some("O nome não pode conter espaços ou '@'.")),
        ("ana", None),
    ] {
        story.update(Message::NameEdited(typed.to_owned()));
        assert_eq!(story.state().entering.name_error.map(connecting::name_problem), error, "{typed}");
    }
}

#[test]
fn no_server() {
    for (error, part) in [
        (ConnectError::Refused, "não está em execução"),
        (ConnectError::NoAnswer, "firewall"),
        (ConnectError::NotFound, "com esse nome"),
        (ConnectError::Unreachable, "Este computador"),
    ] {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Failed(error));
        assert_eq!(*story.phase(), Phase::Entering);
        let alerts = story.alerts();
        assert!(
            alerts[0].starts_with("Servidor indisponível ou entrada inválida.\n\n") && alerts[0].contains(part),
            "{alerts:?}"
        );
    }
}

#[test]
fn whoever_cancels_hears_no_more_of_it() {
    let mut story = Story::new();
    story.enter("sala", "ana");
    let number = story.state().session.connection();
    story.update(Message::CancelEntering);
    story.effects.clear();
    let stale = Report::Failed(ConnectError::Refused);
    story.update(Message::Network { connection: number, report: stale });
    assert_eq!((story.effects(), story.phase()), (vec![], &Phase::Entering));
}

#[test]
fn something_that_is_no_papo_server() {
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    assert!(story.model.is_ticking());
    story.tick(10);
    assert!(story.alerts()[0].contains("mas não como um servidor do Papo."));
    assert!(!story.model.is_ticking());
}

#[test]
fn a_refused_name_is_followed_by_another_on_the_same_connection() {
    for reason in [Refusal::NameInUse, Refusal::NameInvalid] {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.event(Event::refused(reason));
        let version = story.state().entering.version;
        assert_eq!(*story.phase(), Phase::Entering);
        let usual = papo_common::sentences::refusal(reason);
        let in_use = "Esse nome já está em uso. Tente outro; se era você, espere um minuto.";
        let told = if reason == Refusal::NameInUse { in_use } else { usual };
        assert_eq!(story.state().entering.name_error.map(connecting::name_problem), Some(told));
        assert_eq!(version, 1, "what was typed is left alone");
        story.effects.clear();

        story.enter("sala", "ana2");
        let effects = story.effects();
        assert!(matches!(&effects[..], [Effect::Send(Request::Hello(hello))] if hello.name == "ana2"), "{effects:?}");
        story.event(welcome(&[("ana2", ANA)]));
        assert_eq!(*story.phase(), Phase::Talking);
    }
}

#[test]
fn another_server_after_a_refused_name_is_another_connection() {
    let mut story = Story::new();
    story.enter("sala", "ana");
    story.report(Report::Connected);
    story.event(Event::refused(Refusal::NameInUse));
    story.effects.clear();
    story.enter("outra", "ana");
    assert!(matches!(&story.effects()[..], [Effect::Connect { connection: 2, .. }]));
}

#[test]
fn refusals_for_good() {
    for reason in [Refusal::RoomFull, Refusal::Banned, Refusal::Version, Refusal::Malformed, Refusal::Unknown] {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.effects.clear();
        story.event(Event::refused(reason));
        assert_eq!(*story.phase(), Phase::Entering);
        assert!(matches!(&story.effects()[..], [Effect::Disconnect, Effect::ConnectionFailed(_)]), "{reason:?}");
    }
}

#[test]
fn the_command_line_counts_more_than_what_is_remembered() {
    let mut preferences = Preferences { theme: Some(Theme::Dark), window: Some((1, 2)), ..Preferences::default() };
    preferences.entered(&"sala".parse().expect("an address"), "ana", 1);
    let prefill = Prefill { name: Some("bia".to_owned()), server: None };
    let model = Model::new(preferences, prefill, notices::notice);
    let state = model.state();
    assert_eq!((state.entering.server.as_str(), state.entering.name.as_str()), ("sala", "bia"));
    assert_eq!(
        (state.theme(), state.preferences.window, state.preferences.servers.len()),
        (Theme::Dark, Some((1, 2)), 1)
    );
}

#[test]
fn another_address_is_not_reproached_for_the_last_one() {
    let mut story = Story::new();
    story.enter("sala:x", "ana");
    assert!(story.state().entering.server_error.is_some());
    let version = story.state().entering.version;
    story.update(Message::ServerEdited("sala".to_owned()));
    assert_eq!((story.state().entering.server_error, story.state().entering.server.as_str()), (None, "sala"));
    assert_eq!(story.state().entering.version, version, "the field keeps what is typed in it");
}
