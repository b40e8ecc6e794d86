//! Stories and tables about the model, without a display, a socket or a clock.

mod alerting;
mod any_order;
mod finding;
mod input;
mod past;
mod resending;
mod retrying;
mod scale;
mod showing;

use papo_common::{
    Closing, Event, Hello, Limits, LogId, MemberId, Message as Spoken, Number, Private, Problem, Refusal, Request,
    Session, Text, User, Welcome,
};

use super::*;
use crate::message::{ConnectError, Message, Report};
use crate::options::Options;
use crate::settings::Settings;
use crate::strings;

const NOW: u64 = 1_700_000_000_000;
const ANA: u128 = 1;
const BIA: u128 = 2;
const CAIO: u128 = 3;

/// A model, driven, and what it wanted done.
struct Story {
    model: Model,
    effects: Vec<Effect>,
    now: u64,
}

impl Story {
    fn new() -> Story {
        Story { model: Model::new(Settings::default(), &Options::default()), effects: Vec::new(), now: NOW }
    }

    /// Ana is in the room with bia and caio.
    fn talking() -> Story {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.event(welcome(&[("ana", ANA), ("bia", BIA), ("caio", CAIO)]));
        story.effects.clear();
        story
    }

    fn update(&mut self, message: Message) {
        self.model.update(message, self.now);
        self.effects.extend(std::iter::from_fn(|| self.model.next_effect()));
    }

    fn enter(&mut self, server: &str, name: &str) {
        self.update(Message::Enter { server: server.to_owned(), name: name.to_owned() });
    }

    fn report(&mut self, report: Report) {
        self.update(Message::Network { connection: self.model.connection, report });
    }

    fn event(&mut self, event: Event) {
        self.report(Report::Event(event));
    }

    fn send(&mut self, text: &str) {
        self.update(Message::Send(text.to_owned()));
    }

    fn tick(&mut self, seconds: usize) {
        (0..seconds).for_each(|_| self.update(Message::Tick));
    }

    fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The requests among the effects since last asked.
    fn requests(&mut self) -> Vec<Request> {
        let requests = self.effects().into_iter().filter_map(|effect| match effect {
            Effect::Send(request) => Some(request),
            _ => None,
        });
        requests.collect()
    }

    /// A second passes.
    fn second(&mut self) {
        self.now += 1_000;
        self.update(Message::Tick);
    }

    /// The field as a person sees it, `|` for the caret where the program has set it.
    fn field(&self) -> String {
        let composer = &self.state().composer;
        let mut text = composer.text.clone();
        text.insert(composer.caret, '|');
        text
    }

    fn type_text(&mut self, text: &str) {
        self.update(Message::TextEdited(text.to_owned()));
    }

    fn alerts(&mut self) -> Vec<String> {
        let alerts = self.effects().into_iter().filter_map(|effect| match effect {
            Effect::Alert { text, .. } | Effect::Farewell { text } => Some(text),
            _ => None,
        });
        alerts.collect()
    }

    fn state(&self) -> &State {
        self.model.state()
    }

    fn phase(&self) -> &Phase {
        &self.state().phase
    }

    fn items(&self, place: &Place) -> Vec<&Content> {
        let conversation = self.state().conversations.iter().find(|it| it.place == *place);
        conversation.into_iter().flat_map(|it| &it.items).map(|item| &item.content).collect()
    }

    /// The texts in a place, each with `…` while pending and `!` if failed.
    fn lines(&self, place: &Place) -> Vec<String> {
        let line = |content: &Content| match content {
            Content::Said(said) => {
                let mark = match said.delivery {
                    Delivery::Pending(_) => "…",
                    Delivery::Done => "",
                    Delivery::Failed(_) => "!",
                };
                format!("{}: {}{mark}", said.from, said.text)
            }
            Content::Came(people) => format!("+{}", people.len()),
            Content::Went(people) => format!("-{}", people.len()),
            Content::Notice(text) => format!("* {text}"),
            Content::Hint(text) => format!("({text})"),
            Content::Entered => "---".to_owned(),
        };
        self.items(place).into_iter().map(line).collect()
    }

    /// The number of the item that somebody said so.
    fn number(&self, place: &Place, said: &str) -> u64 {
        let is_it = |content: &&Content| matches!(content, Content::Said(it) if it.text.as_str() == said);
        let index = self.items(place).iter().position(is_it).expect("said");
        self.nth(place, index)
    }

    /// The number of the item that stands so far below the first.
    fn nth(&self, place: &Place, index: usize) -> u64 {
        let conversation = self.state().conversations.iter().find(|it| it.place == *place).expect("a place");
        conversation.first + index as u64
    }

    fn error(&self) -> &str {
        self.state().composer.error.as_deref().unwrap_or_default()
    }

    fn unread(&self) -> Vec<(String, usize)> {
        let name = |place: &Place| match place {
            Place::Room => "sala".to_owned(),
            Place::Private(name) => name.to_string(),
        };
        self.state().conversations.iter().map(|it| (name(&it.place), it.unread)).collect()
    }
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn with(text: &str) -> Place {
    Place::Private(name(text))
}

fn text(raw: &str) -> Text {
    Text::clean(raw, papo_common::Breaks::Keep).expect("a text")
}

fn addr(id: u128) -> SocketAddr {
    SocketAddr::from(([192, 168, 0, id as u8], 50_000))
}

fn welcome(users: &[(&str, u128)]) -> Event {
    let user = |&(name_, id): &(&str, u128)| User { name: name(name_), id: MemberId::from_random(id), addr: addr(id) };
    let users: Vec<User> = users.iter().map(user).collect();
    Event::Welcome(Box::new(Welcome {
        name: users[0].name.clone(),
        id: users[0].id,
        addr: users[0].addr,
        session: Session::from_random(7),
        resumed: false,
        log: LogId::from_random(7),
        seq: 0,
        pseq: 0,
        gap: false,
        users,
        history: Vec::new(),
        limits: Limits { name: 32, text: 100, lines: 5 },
    }))
}

fn joined(who: &str, id: u128) -> Event {
    Event::Joined { name: name(who), id: MemberId::from_random(id), addr: addr(id), at: NOW }
}

fn left(who: &str, id: u128) -> Event {
    Event::Left { name: name(who), id: MemberId::from_random(id), at: NOW }
}

fn said(who: &str, id: u128, raw: &str, reference: Option<u64>) -> Event {
    Event::Message(Spoken {
        seq: 1,
        from: name(who),
        id: MemberId::from_random(id),
        text: text(raw),
        at: NOW,
        reference: reference.and_then(Number::new),
    })
}

fn whispered(who: &str, id: u128, to: &str, raw: &str, reference: Option<u64>) -> Event {
    Event::Private(Private {
        pseq: 1,
        from: name(who),
        id: MemberId::from_random(id),
        to: name(to),
        text: text(raw),
        at: NOW,
        reference: reference.and_then(Number::new),
        away: false,
    })
}

fn say(reference: u64, text: &str) -> Request {
    Request::Say { reference: Number::new(reference), text: text.to_owned() }
}

fn private(reference: u64, to: &str, text: &str) -> Request {
    Request::Private { reference: Number::new(reference), to: to.to_owned(), text: text.to_owned() }
}

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
    assert_eq!(story.state().people.len(), 2);
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
        assert_eq!(story.state().entering.name_error, error, "{typed}");
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
        assert!(alerts[0].starts_with(strings::SERVER_UNAVAILABLE) && alerts[0].contains(part), "{alerts:?}");
    }
}

#[test]
fn whoever_cancels_hears_no_more_of_it() {
    let mut story = Story::new();
    story.enter("sala", "ana");
    let number = story.model.connection;
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
    assert!(story.alerts()[0].contains(strings::NO_WELCOME));
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
        assert_eq!(story.state().entering.name_error, Some(papo_common::strings::refusal(reason)));
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
        assert!(matches!(&story.effects()[..], [Effect::Disconnect, Effect::Alert { .. }]), "{reason:?}");
    }
}

#[test]
fn people_come_and_go() {
    let mut story = Story::talking();
    let version = story.state().people_version;
    story.event(joined("davi", 4));
    story.event(joined("eva", 5));
    story.event(left("bia", BIA));
    story.event(left("ninguém", 99));
    story.event(said("caio", CAIO, "oi", None));
    story.event(joined("bia", 6));
    let names: Vec<&str> = story.state().people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["ana", "caio", "davi", "eva", "bia"]);
    assert_eq!(story.lines(&Place::Room), ["+2", "-1", "caio: oi", "+1"]);
    assert_eq!(story.state().people_version, version + 4);
}

#[test]
fn ones_own_message_is_pending_until_its_copy_comes() {
    let mut story = Story::talking();
    story.send("  oi  ");
    assert_eq!(story.requests(), [say(1, "oi")]);
    assert_eq!(story.state().composer.text, "");
    assert_eq!(story.lines(&Place::Room), ["ana: oi…"]);

    // The same number from somebody else is no receipt.
    story.event(said("bia", BIA, "eu", Some(1)));
    assert_eq!(story.lines(&Place::Room), ["ana: oi…", "bia: eu"]);
    story.event(said("ana", ANA, "oi", Some(1)));
    assert_eq!(story.lines(&Place::Room), ["bia: eu", "ana: oi"], "all see one order");
    let revisions: Vec<u32> = story.state().conversations[0].items.iter().map(|item| item.revision).collect();
    assert_eq!(revisions, [1, 1], "both numbers hold something else than before");
}

#[test]
fn a_problem_stands_at_its_line() {
    let mut story = Story::talking();
    story.send("um");
    story.send("dois");
    story.event(Event::problem(Problem::Muted, Number::new(1), papo_common::strings::MUTED));
    assert_eq!(story.lines(&Place::Room), ["ana: um!", "ana: dois…"]);
    story.event(Event::problem(Problem::Malformed, None, "Pedido inválido."));
    assert_eq!(story.lines(&Place::Room)[2], "(Pedido inválido.)");
}

#[test]
fn to_whom_a_text_goes() {
    let (to_bia, to_all) = (|| Mode::Private(name("bia")), || Mode::Public);
    let nobody = |text: &str| Mode::Nobody(text.to_owned());
    for (place, typed, mode) in [
        (Place::Room, "", to_all()),
        (Place::Room, "oi @bia", to_all()),
        (Place::Room, "@bia oi", to_bia()),
        (Place::Room, "@BIA\noi", to_bia()),
        (Place::Room, "  @bia oi", to_bia()),
        (Place::Room, "\u{200b}@bia oi", to_bia()),
        (Place::Room, "@", nobody("")),
        (Place::Room, "@ bia", nobody("")),
        (Place::Room, "@bi", nobody("bi")),
        (Place::Room, "@ana oi", nobody("ana")),
        (with("bia"), "oi", to_bia()),
        (with("bia"), "@caio oi", Mode::Private(name("caio"))),
        (with("bia"), "@davi oi", nobody("davi")),
    ] {
        let mut story = Story::talking();
        story.update(Message::Whisper(name("bia")));
        story.update(Message::Show(place));
        story.update(Message::TextEdited(typed.to_owned()));
        assert_eq!(story.state().composer.mode, mode, "{typed:?}");
    }
}

#[test]
fn what_must_not_go_out_stays_in_the_field() {
    let long = "a".repeat(101);
    let (not_oneself, bad) = (papo_common::strings::TO_ONESELF, papo_common::strings::BAD_FORMAT);
    for (typed, error) in [
        ("@ana oi", not_oneself),
        ("@АNA oi", not_oneself), // a Cyrillic А
        ("@davi oi", "Usuário davi não encontrado."),
        ("@bia", bad),
        ("@bia  \n ", bad),
        ("@ oi", bad),
        ("@", bad),
        (&long, "Mensagem longa demais: o máximo é de 100 bytes e 5 linhas."),
        ("1\n2\n3\n4\n5\n6", "Mensagem longa demais: o máximo é de 100 bytes e 5 linhas."),
        (" \n ", ""),
    ] {
        let mut story = Story::talking();
        story.send(typed);
        assert_eq!(story.error(), error, "{typed:?}");
        assert_eq!(story.state().composer.text, typed);
        assert_eq!((story.requests(), story.items(&Place::Room).len()), (vec![], 0), "{typed:?}");
        story.update(Message::TextEdited("o".to_owned()));
        assert_eq!(story.error(), "", "an error goes with the next key");
    }
}

#[test]
fn a_private_talk() {
    let mut story = Story::talking();
    story.send("@Bia  segredo");
    assert_eq!(story.requests(), [private(1, "bia", "segredo")]);
    assert_eq!(story.lines(&Place::Room), ["(Você escreveu a bia em privado.)"]);
    assert_eq!(story.lines(&with("bia")), ["ana: segredo…"]);

    story.event(whispered("ana", ANA, "bia", "segredo", Some(1)));
    story.event(whispered("bia", BIA, "ana", "sério?", None));
    story.event(whispered("caio", CAIO, "ana", "psiu", None));
    assert_eq!(story.lines(&with("bia")), ["ana: segredo", "bia: sério?"]);
    let unread = |list: &[(&str, usize)]| list.iter().map(|&(name, n)| (name.to_owned(), n)).collect::<Vec<_>>();
    assert_eq!(story.unread(), unread(&[("sala", 0), ("caio", 1), ("bia", 1)]));

    story.update(Message::Whisper(name("bia")));
    story.send("sim");
    assert_eq!(story.requests(), [private(2, "bia", "sim")]);
    assert_eq!(story.unread(), unread(&[("sala", 0), ("bia", 0), ("caio", 1)]), "the newest first");

    story.event(left("bia", BIA));
    assert_eq!(story.state().composer.mode, Mode::Nobody("bia".to_owned()));
    story.send("ainda aí?");
    assert_eq!((story.requests(), story.error()), (vec![], "bia não está no chat."));
}

#[test]
fn a_private_message_that_fails_out_of_sight_is_told_where_one_looks() {
    let mut story = Story::talking();
    story.send("@bia oi");
    story.event(Event::problem(Problem::NoSuchUser, Number::new(1), "Usuário bia não encontrado."));
    assert_eq!(story.lines(&with("bia")), ["ana: oi!"]);
    let room = story.lines(&Place::Room);
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
fn nobody_talks_privately_to_oneself_or_to_strangers() {
    let mut story = Story::talking();
    for who in ["ana", "davi"] {
        story.update(Message::Whisper(name(who)));
        story.update(Message::Show(with(who)));
    }
    assert_eq!((story.state().conversations.len(), &story.state().place), (1, &Place::Room));
}

#[test]
fn unread_is_what_came_while_nobody_was_looking() {
    let mut story = Story::talking();
    story.event(said("bia", BIA, "um", None));
    assert_eq!((story.unread()[0].1, story.state().conversations[0].new_from), (0, None));
    story.update(Message::Seen(false));
    story.event(joined("davi", 4));
    story.event(said("bia", BIA, "dois", None));
    story.event(said("bia", BIA, "três", None));
    assert_eq!((story.unread()[0].1, story.state().conversations[0].new_from), (2, Some(story.nth(&Place::Room, 2))));
    story.update(Message::Seen(true));
    assert_eq!(
        (story.unread()[0].1, story.state().conversations[0].new_from),
        (0, Some(story.nth(&Place::Room, 2))),
        "the line stays"
    );
    story.send("oi");
    assert_eq!(story.state().conversations[0].new_from, None);
}

#[test]
fn every_conversation_keeps_its_draft() {
    let mut story = Story::talking();
    story.update(Message::TextEdited("para todos".to_owned()));
    let version = story.state().composer.version;
    story.update(Message::Whisper(name("bia")));
    assert_eq!(story.state().composer.text, "");
    assert_eq!(story.state().composer.version, version + 1);
    story.update(Message::TextEdited("para bia".to_owned()));
    story.update(Message::Show(Place::Room));
    assert_eq!(story.state().composer.text, "para todos");
    story.update(Message::Show(with("bia")));
    assert_eq!(story.state().composer.text, "para bia");
}

#[test]
fn a_lost_connection_is_made_again_with_growing_pauses() {
    let mut story = Story::talking();
    story.send("um");
    story.update(Message::TextEdited("dois".to_owned()));
    story.report(Report::Ended);
    assert_eq!(story.lines(&Place::Room), ["ana: um…"]);
    story.effects.clear();
    for (attempt, pause) in [1, 2, 4, 8, 15, 30, 30].into_iter().enumerate() {
        let attempt = attempt as u32;
        assert_eq!(*story.phase(), Phase::Lost { attempt, retry_in: Some(pause) });
        story.send("dois");
        assert_eq!(story.error(), strings::NOT_CONNECTED);
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
    let session = Some(Session::from_random(7));
    assert!(
        matches!(&story.requests()[..], [Request::Hello(hello)] if hello.session == session && hello.name == "ana")
    );
    story.event(welcome(&[("ana", 11), ("bia", BIA)]));
    assert_eq!((story.phase(), story.state().composer.text.as_str()), (&Phase::Talking, "dois"));
    assert_eq!(story.lines(&Place::Room), ["ana: um!", &format!("({})", strings::BACK)]);
    assert_eq!(story.state().people.len(), 2);
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
    assert_eq!(story.state().composer.text, "quase");
}

#[test]
fn who_is_sent_away_does_not_come_back_by_itself() {
    for (event, text) in [
        (Event::ServerClosed, strings::SERVER_CLOSED),
        (
            Event::Closed { reason: Closing::Kicked, detail: "Você foi removido: chega".into() },
            "Você foi removido: chega",
        ),
        (Event::closed(Closing::Banned), papo_common::strings::closing(Closing::Banned)),
        (Event::closed(Closing::Replaced), papo_common::strings::closing(Closing::Replaced)),
    ] {
        let mut story = Story::talking();
        story.event(event);
        assert_eq!(story.effects(), [Effect::Disconnect, Effect::Farewell { text: text.to_owned() }]);
        story.report(Report::Ended);
        story.update(Message::RetryNow);
        story.tick(60);
        assert_eq!((story.effects(), story.model.is_ticking()), (vec![], false));

        story.model.end_chat();
        let entering = &story.state().entering;
        assert_eq!((entering.server.as_str(), entering.name.as_str(), entering.version), ("sala", "ana", 2));
        assert_eq!(*story.phase(), Phase::Entering);
    }
}

#[test]
fn other_closings_are_drops() {
    for reason in [Closing::Slow, Closing::Idle, Closing::Unknown] {
        let mut story = Story::talking();
        story.event(Event::closed(reason));
        assert_eq!(*story.phase(), Phase::Lost { attempt: 0, retry_in: Some(1) });
        assert_eq!(story.alerts(), Vec::<String>::new());
    }
}

#[test]
fn the_end_of_a_server_before_one_is_in() {
    for event in [Event::ServerClosed, Event::closed(Closing::Banned)] {
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
        assert_eq!(!story.lines(&Place::Room).is_empty(), kept, "{server}");
    }
}

#[test]
fn leaving() {
    let mut story = Story::talking();
    story.update(Message::Resized(900, 700));
    story.update(Message::Leave);
    let effects = story.effects();
    let [Effect::Send(Request::Leave), Effect::Save(settings), Effect::Quit] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(settings.window, Some((900, 700)));
}

#[test]
fn older_items_go() {
    let mut story = Story::talking();
    story.update(Message::Seen(false));
    for _ in 0..Conversation::MAX_ITEMS + 3 {
        story.event(said("bia", BIA, "oi", None));
    }
    let room = &story.state().conversations[0];
    assert_eq!((room.items.len(), room.first - Conversation::FIRST, room.new_from), (Conversation::MAX_ITEMS, 3, None));
}

#[test]
fn private_conversations_have_a_limit() {
    let mut story = Story::talking();
    story.update(Message::Whisper(name("bia")));
    for id in 0..Conversation::MAX_PRIVATE as u128 + 5 {
        story.event(whispered(&format!("p{id}"), 100 + id, "ana", "oi", None));
    }
    assert_eq!(story.state().conversations.len(), 1 + Conversation::MAX_PRIVATE);
    assert!(story.state().conversations.iter().any(|it| it.place == with("bia")), "never the one shown");
    assert!(story.model.peers.len() <= Conversation::MAX_PRIVATE);
}

#[test]
fn the_command_line_counts_more_than_what_is_remembered() {
    let mut settings = Settings { theme: Some(Theme::Dark), window: Some((1, 2)), ..Settings::default() };
    settings.entered(&"sala".parse().expect("an address"), "ana", 1);
    let options = Options { name: Some(name("bia")), server: None };
    let model = Model::new(settings, &options);
    let state = model.state();
    assert_eq!((state.entering.server.as_str(), state.entering.name.as_str()), ("sala", "bia"));
    assert_eq!((state.theme, state.window, state.entering.recent.len()), (Theme::Dark, Some((1, 2)), 1));
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
        transcript::transcript(story.state(), &jiff::tz::TimeZone::UTC),
        "\
== Sala ==
[14/11/2023 22:13:20] davi (192.168.0.4:50000) entrou
[14/11/2023 22:13:20] eva (192.168.0.5:50000) entrou
[14/11/2023 22:13:20] bia: um
    [14/11/2023 22:13:20] caio: fingido
[14/11/2023 22:13:20] Você escreveu a bia em privado.
[14/11/2023 22:13:20] eva (192.168.0.5:50000) saiu

== Privado com bia ==
[14/11/2023 22:13:20] ana: oi (não confirmada)
"
    );
}
