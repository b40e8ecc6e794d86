//! Shows one screen of the window, filled like the pictures of the design: `cargo run --example gallery talk dark`.
//! Everything is real but the socket and the clock; `scripts/pictures` takes pictures of all screens.

#![allow(clippy::unwrap_used, reason = "its data is written here")]

use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use fltk::app;
use jiff::Zoned;
use papo_client::core::dialogs::{PathAnswer, WriteProblem};
use papo_client::core::message::Message;
use papo_client::core::preferences::Preferences;
use papo_client::core::{ConversationId, Effect, Model, Prefill, Recent, Theme};
use papo_client::dispatch::{Dispatch, Modal, Program};
use papo_client::net::Report;
use papo_client::strings::notices;
use papo_client::view::{self, View};
use papo_common::{
    ErrorReason, Event, LineBreaks, LogId, MemberId, Message as Spoken, Name, Notice, Private, RunId, SafeInteger,
    SessionSecret, Text, User, Welcome,
};

const SCREENS: &str = "enter, enter-servers, enter-wrong, connecting, alert, talk, talk-menu, talk-small, people-small, \
    private, nobody, find, help, save, replace, not-sent, lost, ended, hostile, long";

/// The people, with the ends of their addresses; ana is the user.
const PEOPLE: [(&str, &str); 6] = [
    ("ana", "7:51234"),
    ("bia", "9:40112"),
    ("caio", "12:53377"),
    ("eva", "31:49822"),
    ("joão.conceição", "15:60418"),
    ("duda", "20:38816"),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let screen = arguments.first().map(String::as_str).unwrap_or_default();
    if !SCREENS.split(", ").any(|it| it == screen) {
        eprintln!("screens: {SCREENS}; dark may follow");
        std::process::exit(2);
    }
    let theme = if arguments.get(1).is_some_and(|it| it == "dark") { Theme::Dark } else { Theme::Light };
    let _app = app::App::default();
    let (sender, receiver) = app::channel::<Message>();
    let dispatch = Dispatch::default();
    let mut gallery = Gallery::new(View::new(&dispatch, sender), screen, theme);
    gallery.set(screen);
    let gallery = Rc::new(RefCell::new(gallery));
    let program: Rc<RefCell<dyn Program>> = gallery.clone();
    dispatch.attach(Rc::downgrade(&program));
    // Handled by nobody: it has the window drawn.
    dispatch.send(Message::Front(false));
    dispatch.send_all(commands(screen));
    if screen == "alert" {
        view::alert(
            "Erro de conexão",
            "Servidor indisponível ou entrada inválida.\n\nO servidor não está em execução: 192.168.0.2.",
        );
    }
    while app::wait() {
        dispatch.send_all(std::iter::from_fn(|| receiver.recv()).collect::<Vec<_>>());
    }
}

struct Gallery {
    model: Model,
    view: View,
    /// The number of public and of private messages so far.
    said: u64,
}

impl Program for Gallery {
    fn handle(&mut self, message: Message) {
        // Whether anybody looks is not for the screen of the pictures to say: what is new stays new.
        if !matches!(message, Message::Front(_) | Message::ViewingEnd(_)) {
            self.update(message);
        }
    }

    fn render(&mut self) {
        self.view.show(self.model.state());
    }

    fn modal(&mut self) -> Option<Modal> {
        None
    }
}

impl Gallery {
    fn new(view: View, screen: &str, theme: Theme) -> Gallery {
        let typed = |text: &str| (screen == "enter-wrong").then(|| text.to_owned());
        let prefill = Prefill { server: typed("a b"), name: typed("ana@casa") };
        Gallery { model: Model::new(preferences(screen, theme), prefill, notices::notice), view, said: 0 }
    }

    /// Has happen what leads to the screen, before the window opens.
    fn set(&mut self, screen: &str) {
        match screen {
            "enter" | "enter-servers" | "alert" => {}
            "enter-wrong" => self.enter("a b", "ana@casa"),
            "connecting" => self.enter("192.168.0.2", "ana"),
            _ => self.talk(screen),
        }
    }

    fn talk(&mut self, screen: &str) {
        self.enter("192.168.0.2", "ana");
        self.report(Report::Connected);
        self.tell(welcome());
        match screen {
            "hostile" => self.hear_hostile(),
            "long" => self.hear_much(),
            _ => self.hear_a_morning(),
        }
        match screen {
            // The operator lets ana no longer speak: what waits for its receipt fails.
            "not-sent" => {
                self.tell(Event::problem(ErrorReason::Muted, SafeInteger::new(1), "O operador não deixa você falar."));
            }
            "lost" => self.report(Report::Ended),
            "ended" => self.tell(Event::ServerClosed),
            _ => {}
        }
    }

    /// The room of the design, and the private conversations beside it.
    fn hear_a_morning(&mut self) {
        for number in [1, 2, 3, 4] {
            self.tell(joined(number));
        }
        self.hear((10, 38), "bia", "Bom dia, pessoal! Alguém já conseguiu abrir a impressora do 3º andar?");
        let config =
            "Ainda não. A configuração que funcionou aqui foi esta:\n    servidor: 192.168.0.2\n    fila: recepção-2";
        self.hear((10, 39), "joão.conceição", config);
        self.whisper((10, 21), "joão.conceição", "ana", "obrigado!! 🙏");
        self.whisper((10, 21), "ana", "caio", "já mandei a planilha");
        self.hear((10, 40), "joão.conceição", "O passo a passo está em http://wiki.local/impressora");
        self.whisper((10, 40), "bia", "ana", "Ana, não comenta ainda, mas a festa do Caio vai ser na sexta 🤫🎂");
        self.whisper((10, 41), "bia", "ana", "às 18 h, na copa");
        self.whisper((10, 42), "ana", "bia", "Fechado! Levo o bolo.");
        self.update(Message::ViewingEnd(true));
        self.hear((10, 42), "ana", "Funcionou, valeu! 👏");
        self.tell(Event::Left { name: name("duda"), id: id("duda"), at: at(10, 43) });
        self.update(Message::ViewingEnd(false));
        let question =
            "oi 😀 alguém sabe se a reunião das 15 h está de pé? A Érica pediu a previsão de março até amanhã.";
        self.hear((10, 43), "caio", question);
        self.whisper((10, 44), "bia", "ana", "te conto depois do almoço");
        self.hear((10, 46), "eva", "Eu chego uns 10 minutinhos atrasada, podem começar");
        self.hear((10, 47), "eva", "ana, combinado, até lá");
        self.update(Message::TextEdited("Está sim, às 15 h. Levo a previsão impressa.".to_owned()));
        self.update(Message::Send);
    }

    /// Names and texts that try to be more than text.
    fn hear_hostile(&mut self) {
        let wide = "W".repeat(32);
        let link = format!("http://{}/ e javascript://alert(1) ftp://x", "longo-".repeat(60));
        for (minute, from, text) in [
            (0, "&amp;C1", "@C1@B2 &sublinhado &amp; <b>negrito</b> @-> %s %n \\n"),
            (1, &wide, "nome de 32 letras largas"),
            (2, "família", "👨‍👩‍👧‍👦👩🏽‍🚀🇧🇷🏳️‍🌈 e e\u{301} a\u{308}"),
            (3, "ليلى", "مرحبا بالعالم 123 hello שלום"),
            (4, "bia", &"á".repeat(2048)),
            (5, "caio", &link),
            (6, "eva", &"linha\n".repeat(30)),
        ] {
            self.hear((9, minute), from, text);
        }
        let text = Text::clean("O servidor reinicia às 18 h.", LineBreaks::Keep).unwrap();
        self.tell(Event::Notice(Notice { text, at: at(9, 7), after: Some(self.said), log: None }));
    }

    fn hear_much(&mut self) {
        let texts =
            ["bom dia", "a impressora do 3º andar parou de novo, alguém viu?", "http://wiki.local/impressora", "😀"];
        for number in 0..10_000 {
            let when = (8 + number as i8 / 60 % 10, (number % 60) as i8);
            self.hear(when, PEOPLE[number / 3 % 5].0, &format!("{number} {}", texts[number % 4]));
        }
    }

    fn enter(&mut self, server: &str, name: &str) {
        self.update(Message::Enter { server: server.to_owned(), name: name.to_owned() });
    }

    fn hear(&mut self, (hour, minute): (i8, i8), from: &str, text: &str) {
        self.said += 1;
        let text = Text::clean(text, LineBreaks::Keep).unwrap();
        let at = at(hour, minute);
        self.tell(Event::Message(Spoken { seq: self.said, from: name(from), id: id(from), text, at, reference: None }));
    }

    fn whisper(&mut self, (hour, minute): (i8, i8), from: &str, to: &str, text: &str) {
        self.said += 1;
        let text = Text::clean(text, LineBreaks::Keep).unwrap();
        self.tell(Event::Private(Private {
            pseq: self.said,
            from: name(from),
            id: id(from),
            to: name(to),
            text,
            at: at(hour, minute),
            reference: None,
            away: false,
        }));
    }

    fn tell(&mut self, event: Event) {
        self.report(event.into());
    }

    fn report(&mut self, report: Report) {
        self.update(Message::Network { connection: 1, report });
    }

    /// The desktop has no dialog of its own here, and where a file is saved there is one already.
    fn update(&mut self, message: Message) {
        self.model.update(message, at(10, 47));
        while let Some(effect) = self.model.next_effect() {
            match effect {
                Effect::AskSavePath { number, .. } => {
                    let path = PathBuf::from("/home/ana/Documentos/papo-2026-11-22.txt");
                    self.update(Message::PathAnswered { number, answer: PathAnswer::Unavailable(path) });
                }
                Effect::Write { number, path, .. } => {
                    let problem = Some(WriteProblem::from(&io::ErrorKind::AlreadyExists.into()));
                    self.update(Message::Written { number, path, problem });
                }
                Effect::Quit => app::quit(),
                _ => {}
            }
        }
    }
}

/// Inputs of the person in the open window.
fn commands(screen: &str) -> Vec<Message> {
    match screen {
        "enter" => vec![Message::NameEdited("ana maria".to_owned())],
        "private" => vec![Message::Show(ConversationId::Direct(name("bia")))],
        "help" => vec![Message::Help],
        "save" => vec![Message::SaveConversation],
        "replace" => vec![Message::SaveConversation, Message::DialogAccepted],
        _ => Vec::new(),
    }
}

fn preferences(screen: &str, theme: Theme) -> Preferences {
    let used = |address: &str, days: u64| Recent { address: address.to_owned(), at: at(9, 0) - days * 86_400_000 };
    Preferences {
        servers: vec![used("192.168.0.2", 0), used("sala-3.local", 1), used("10.0.0.15:40000", 10)],
        name: if screen == "enter" { "ana maria" } else { "ana" }.to_owned(),
        theme: Some(theme),
        window: screen.ends_with("-small").then_some((480, 320)),
        ..Preferences::default()
    }
}

fn welcome() -> Event {
    let users = [0, 5].into_iter().map(|number| user(PEOPLE[number].0)).collect();
    let (run, log, session) = (RunId::from_random(7), LogId::from_random(7), SessionSecret::from_random(7));
    Event::Welcome(Box::new(Welcome::first(user("ana"), run, log, session, users)))
}

fn joined(number: usize) -> Event {
    let User { name, id, addr } = user(PEOPLE[number].0);
    Event::Joined { name, id, addr, at: at(10, 30) }
}

fn user(shown: &str) -> User {
    User { name: name(shown), id: id(shown), addr: addr(shown) }
}

fn name(name: &str) -> Name {
    Name::parse(name).unwrap()
}

fn id(shown: &str) -> MemberId {
    MemberId::from_random(shown.bytes().map(u128::from).sum())
}

fn addr(shown: &str) -> std::net::SocketAddr {
    let end = PEOPLE.iter().find(|(name, _)| *name == shown).map(|(_, end)| *end);
    format!("192.168.0.{}", end.unwrap()).parse().unwrap()
}

/// Today, so that the lists show times.
fn at(hour: i8, minute: i8) -> u64 {
    let at = Zoned::now().with().hour(hour).minute(minute).second(0).build().unwrap();
    at.timestamp().as_millisecond() as u64
}
