//! Shows one screen of the window, filled like the pictures of the design, to be looked at:
//! `cargo run --example gallery talk-dark`.

#![allow(clippy::unwrap_used, reason = "its data is written here")]

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app;
use jiff::Zoned;
use papo_client::core::message::Message;
use papo_client::core::{
    ChatMessage, Composer, ComposerError, ConnectForm, Content, Conversation, ConversationId, Delivery, Failure, Item,
    LocalNotice, Mode, NameProblem, Person, Phase, PresenceChange, Recent, State, Theme,
};
use papo_client::dispatch::{Dispatch, Modal, Program};
use papo_client::net::AddressError;
use papo_client::view::{self, View};
use papo_common::{LineBreaks, MemberId, Name, NameError, Refusal, SafeInteger, Text};

const SCREENS: &str = "enter, enter-wrong, connecting, talk-light, talk-dark, talk-menu, talk-small, private, nobody, lost, lost-dark, hostile, long, alert";

fn main() {
    let screen = std::env::args().nth(1).unwrap_or_default();
    let Some(state) = state(&screen) else {
        eprintln!("screens: {SCREENS}");
        std::process::exit(2);
    };
    let _app = app::App::default();
    let (sender, _receiver) = app::channel::<Message>();
    let dispatch = Dispatch::default();
    let gallery = Rc::new(RefCell::new(Gallery { view: View::new(&dispatch, sender), state }));
    let program: Rc<RefCell<dyn Program>> = gallery.clone();
    dispatch.attach(Rc::downgrade(&program));
    gallery.borrow_mut().render();
    if screen == "alert" {
        view::alert(
            "Erro de conexão",
            "Servidor indisponível ou entrada inválida.\n\nO servidor não está em execução: ana@casa & cia.",
        );
    }
    while app::wait() {}
}

struct Gallery {
    view: View,
    state: State,
}

impl Program for Gallery {
    fn handle(&mut self, message: Message) {
        println!("{message:?}");
        if !follow(&mut self.state, message) {
            app::quit();
        }
    }

    fn render(&mut self) {
        self.view.show(&self.state);
    }

    fn modal(&mut self) -> Option<Modal> {
        None
    }
}

/// As much of the program as looking at it takes.
fn follow(state: &mut State, message: Message) -> bool {
    match message {
        Message::Quit | Message::Leave => return false,
        Message::ToggleTheme => state.theme = if state.theme == Theme::Light { Theme::Dark } else { Theme::Light },
        Message::Show(place) => state.place = place,
        Message::TextEdited(text) => state.composer.text = text,
        Message::Send => {
            if let Some(text) = Text::clean(&state.composer.text, LineBreaks::Keep) {
                let at = Zoned::now().timestamp().as_millisecond() as u64;
                let said = ChatMessage { mine: true, ..ChatMessage::new(name("ana"), text) };
                let shown = state.conversations.iter_mut().find(|conversation| conversation.place == state.place);
                shown.unwrap().push(at, Content::Message(said));
                state.composer = Composer { version: state.composer.version + 1, ..Composer::default() };
            }
        }
        Message::Enter { .. } => state.phase = Phase::Connecting,
        Message::CancelEntering => state.phase = Phase::Entering,
        Message::NameEdited(_) => state.entering.name_error = None,
        Message::RetryNow => state.phase = Phase::Talking,
        _ => {}
    }
    true
}

fn state(screen: &str) -> Option<State> {
    let mut state = talking();
    match screen {
        "enter-wrong" => {
            state.phase = Phase::Entering;
            "a b".clone_into(&mut state.entering.server);
            state.entering.server_error = Some(AddressError::Host);
            state.entering.name_error = Some(NameProblem::Refused(Refusal::Version));
        }
        "enter" | "connecting" | "alert" => {
            state.phase = if screen == "connecting" { Phase::Connecting } else { Phase::Entering };
            state.entering.name = if screen == "enter" { "ana maria".into() } else { "ana".into() };
            state.entering.name_error = (screen == "enter").then_some(NameProblem::Invalid(NameError::SpaceOrAt));
        }
        "talk-light" | "talk-dark" => {
            state.composer = Composer {
                text: "@bia o café está pronto, vem? ☕".to_owned(),
                mode: Mode::Private(name("bia")),
                ..state.composer
            };
        }
        "talk-menu" => {}
        "talk-small" => state.window = Some((480, 320)),
        "private" => state.place = ConversationId::Direct(name("bia")),
        "nobody" => {
            state.composer = Composer {
                text: "@duda cadê você?".to_owned(),
                mode: Mode::Nobody("duda".to_owned()),
                error: Some(ComposerError::PartnerAbsent("duda".to_owned())),
                ..state.composer
            };
        }
        "lost" | "lost-dark" => lose(&mut state),
        "hostile" => state.conversations[0] = hostile(),
        "long" => state.conversations[0] = long(),
        _ => return None,
    }
    if screen.ends_with("-dark") {
        state.theme = Theme::Dark;
    }
    Some(state)
}

fn talking() -> State {
    let people = vec![
        person("ana", "192.168.0.7:51234"),
        person("bia", "192.168.0.9:40112"),
        person("caio", "192.168.0.12:53377"),
        person("eva", "192.168.0.31:49822"),
        person("joão.conceição", "192.168.0.15:60418"),
    ];
    State {
        phase: Phase::Talking,
        theme: Theme::Light,
        entering: ConnectForm {
            server: "192.168.0.2:12345".to_owned(),
            recent: recents(),
            version: 1,
            ..ConnectForm::default()
        },
        me: people.first().cloned(),
        people,
        people_version: 1,
        conversations: vec![room(), with_bia(), with_caio(), with_joao()],
        place: ConversationId::Room,
        composer: Composer { version: 1, ..Composer::default() },
        ..State::default()
    }
}

fn recents() -> Vec<Recent> {
    let used = |address: &str, days: u64| Recent { address: address.to_owned(), at: at(9, 0) - days * 86_400_000 };
    vec![used("192.168.0.2:12345", 0), used("sala-3.local:12345", 1), used("10.0.0.15:40000", 10)]
}

fn passed(came: bool, people: Vec<Person>, at: u64) -> Content {
    Content::Presence(people.into_iter().map(|person| PresenceChange { person, came, at }).collect())
}

fn room() -> Conversation {
    conversation(ConversationId::Room, in_room(), 3, Some(7))
}

fn in_room() -> Vec<Item> {
    let arrivals = vec![
        person("bia", "192.168.0.9:40112"),
        person("caio", "192.168.0.12:53377"),
        person("eva", "192.168.0.31:49822"),
        person("joão.conceição", "192.168.0.15:60418"),
    ];
    let mut pending = said(10, 44, "ana", "Está sim, às 15 h. Levo a previsão impressa.");
    deliver(&mut pending, SafeInteger::new(7).map_or(Delivery::Done, Delivery::Pending));
    let mut private = said(10, 42, "bia", "Ana, não comenta ainda, mas a festa do Caio vai ser na sexta 🤫🎂");
    whisper(&mut private, "ana");
    vec![
        item(10, 30, passed(true, arrivals, at(10, 30))),
        said(10, 38, "bia", "Bom dia, pessoal! Alguém já conseguiu abrir a impressora do 3º andar?"),
        said(
            10,
            39,
            "joão.conceição",
            "Ainda não. A configuração que funcionou aqui foi esta:\n    servidor: 192.168.0.2\n    fila: recepção-2",
        ),
        said(10, 40, "joão.conceição", "O passo a passo está em http://wiki.local/impressora"),
        private,
        said(10, 42, "ana", "Funcionou, valeu! 👏"),
        item(10, 43, passed(false, vec![person("duda", "192.168.0.20:38816")], at(10, 43))),
        said(
            10,
            43,
            "caio",
            "oi 😀 alguém sabe se a reunião das 15 h está de pé? A Érica pediu a previsão de março até amanhã.",
        ),
        pending,
        said(10, 46, "eva", "Eu chego uns 10 minutinhos atrasada, podem começar"),
        said(10, 47, "eva", "combinado, até lá"),
    ]
}

fn with_bia() -> Conversation {
    let mut items = vec![
        said(10, 40, "bia", "Ana, não comenta ainda, mas a festa do Caio vai ser na sexta 🤫🎂"),
        said(10, 41, "bia", "às 18 h, na copa"),
        said(10, 42, "ana", "Fechado! Levo o bolo."),
        said(10, 44, "bia", "te conto depois do almoço"),
    ];
    for (index, item) in items.iter_mut().enumerate() {
        whisper(item, if index == 2 { "bia" } else { "ana" });
    }
    conversation(ConversationId::Direct(name("bia")), items, 2, None)
}

fn with_caio() -> Conversation {
    let mut item = said(10, 21, "ana", "já mandei a planilha");
    whisper(&mut item, "caio");
    conversation(ConversationId::Direct(name("caio")), vec![item], 0, None)
}

fn with_joao() -> Conversation {
    let mut item = said(10, 21, "joão.conceição", "obrigado!! 🙏");
    item.at -= 86_400_000;
    whisper(&mut item, "ana");
    conversation(ConversationId::Direct(name("joão.conceição")), vec![item], 0, None)
}

fn lose(state: &mut State) {
    state.phase = Phase::Lost { attempt: 3, retry_in: Some(4) };
    let room = &mut state.conversations[0];
    let mut items = in_room();
    items.truncate(9);
    deliver(&mut items[8], Delivery::Failed(Failure::NotConfirmed));
    *room = conversation(ConversationId::Room, items, 0, Some(7));
    state.composer = Composer { text: "Então às 15 h, na sala de reunião do".to_owned(), ..state.composer.clone() };
}

/// Names and texts that try to be more than text.
fn hostile() -> Conversation {
    let wide = "W".repeat(32);
    let items = vec![
        said(9, 0, "&amp;C1", "@C1@B2 &sublinhado &amp; <b>negrito</b> @-> %s %n \\n"),
        said(9, 1, &wide, "nome de 32 letras largas"),
        said(9, 2, "família", "👨‍👩‍👧‍👦👩🏽‍🚀🇧🇷🏳️‍🌈 e e\u{301} a\u{308}"),
        said(9, 3, "ليلى", "مرحبا بالعالم 123 hello שלום"),
        said(9, 4, "bia", &"á".repeat(2048)),
        said(9, 5, "caio", &format!("http://{}/ e javascript://alert(1) ftp://x", "longo-".repeat(60))),
        said(9, 6, "eva", &"linha\n".repeat(30)),
        item(9, 7, Content::Announcement(Text::clean("O servidor reinicia às 18 h.", LineBreaks::Keep).unwrap())),
        item(9, 8, Content::LocalNotice(LocalNotice::AnotherPerson(name("bia")))),
    ];
    conversation(ConversationId::Room, items, 120, None)
}

fn long() -> Conversation {
    let texts =
        ["bom dia", "a impressora do 3º andar parou de novo, alguém viu?", "http://wiki.local/impressora", "😀"];
    let people = ["ana", "bia", "caio", "eva", "joão.conceição"];
    let item =
        |n: usize| said(8 + n as i8 / 60 % 10, (n % 60) as i8, people[n / 3 % 5], &format!("{n} {}", texts[n % 4]));
    conversation(ConversationId::Room, (0..10_000).map(item).collect(), 0, None)
}

fn conversation(place: ConversationId, items: Vec<Item>, unread: usize, new_from: Option<usize>) -> Conversation {
    let mut conversation = Conversation::new(place);
    conversation.unread = unread;
    for (index, item) in items.into_iter().enumerate() {
        let id = conversation.push(item.at, item.content);
        if new_from == Some(index) {
            conversation.new_from = Some(id);
        }
    }
    conversation
}

fn item(hour: i8, minute: i8, content: Content) -> Item {
    Item::new(at(hour, minute), content)
}

fn said(hour: i8, minute: i8, from: &str, text: &str) -> Item {
    let text = Text::clean(text, LineBreaks::Keep).unwrap();
    let said = ChatMessage { mine: from == "ana", ..ChatMessage::new(name(from), text) };
    item(hour, minute, Content::Message(said))
}

fn whisper(item: &mut Item, to: &str) {
    if let Content::Message(said) = &mut item.content {
        said.private_to = Some(name(to));
    }
}

fn deliver(item: &mut Item, delivery: Delivery) {
    if let Content::Message(said) = &mut item.content {
        said.delivery = delivery;
    }
}

fn person(shown: &str, addr: &str) -> Person {
    let id = MemberId::from_random(shown.bytes().map(u128::from).sum());
    Person { name: name(shown), id, addr: addr.parse().unwrap() }
}

fn name(name: &str) -> Name {
    Name::parse(name).unwrap()
}

/// Today, so that the lists show times.
fn at(hour: i8, minute: i8) -> u64 {
    let at = Zoned::now().with().hour(hour).minute(minute).second(0).build().unwrap();
    at.timestamp().as_millisecond() as u64
}
