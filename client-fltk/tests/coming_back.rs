//! The real window and the real server, which is killed and started again, and keeps what was said.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};

use desktop::{Cable, Desktop, ENTERING, PATIENCE, Papo, Role, ScreenReader, Server, eventually};
use papo_common::{Event, Hello, LogToken, Message, Request, SafeInteger, SessionToken, json};
use tempfile::TempDir;

/// The ground of the banner that stands there while the connection is lost.
const BANNER: &str = "FFF2D1";

/// A window in the room.
struct Window<'a> {
    desktop: &'a Desktop,
    reader: ScreenReader,
    name: String,
    id: String,
    _papo: Papo,
    _settings: TempDir,
}

impl<'a> Window<'a> {
    fn open(desktop: &'a Desktop, addr: SocketAddr, name: &str, settings: &str) -> Window<'a> {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("settings.json"), settings).unwrap();
        let reader = ScreenReader::start(&desktop.display);
        let args = ["--server", &addr.to_string(), "--name", name];
        let papo = desktop.open_with(folder.path(), &args, &reader.environment());
        let id = desktop.window(&format!("Papo — {name}"));
        let window = Window { desktop, reader, name: name.to_owned(), id, _papo: papo, _settings: folder };
        window.focus();
        window
    }

    /// Brings it to the front, with the keys in the field.
    fn focus(&self) {
        self.desktop.focus(&self.id);
        self.desktop.click_field(&self.id, &self.reader);
    }

    fn is_lost(&self) -> bool {
        self.desktop.pixels(&self.id, BANNER) > 5_000
    }

    /// Puts the keys into the conversation.
    fn focus_conversation(&self) {
        self.desktop.click_conversation(&self.id, &self.reader);
    }

    /// The messages of the conversation as `nome: texto`, each without its time; the keys stay there.
    fn conversation(&self) -> Vec<String> {
        let copied = self.desktop.conversation(&self.id, &self.reader);
        let entries = copied.lines().map(|line| line.split_once("] ").map_or(line, |(_, said)| said).to_owned());
        entries.filter(|entry| entry.contains(": ")).collect()
    }
}

/// Somebody on the wire who comes back as the window does.
struct Talker {
    name: String,
    addr: SocketAddr,
    stream: BufReader<TcpStream>,
    session: Option<SessionToken>,
    log: Option<LogToken>,
    /// All that was said since it came, in the room's order.
    heard: Vec<Message>,
    /// Its own messages that are not confirmed.
    waiting: Vec<u64>,
    last: u64,
}

impl Talker {
    fn enter(server: &Server, name: &str) -> Talker {
        let stream = BufReader::new(TcpStream::connect(server.addr).unwrap());
        let mut talker = Talker {
            name: name.to_owned(),
            addr: server.addr,
            stream,
            session: None,
            log: None,
            heard: Vec::new(),
            waiting: Vec::new(),
            last: 0,
        };
        assert!(talker.hello(), "it is let in");
        talker
    }

    fn hello(&mut self) -> bool {
        self.stream.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        let since = self.heard.last().and_then(|message| SafeInteger::new(message.seq));
        let hello = Hello { session: self.session.clone(), log: self.log.clone(), since, ..Hello::new(&self.name) };
        self.send(&Request::Hello(hello));
        let Some(Event::Welcome(welcome)) = self.event() else { return false };
        assert_eq!(welcome.resumed, self.session.is_some(), "nobody has to begin anew");
        (self.session, self.log) = (Some(welcome.session), Some(welcome.log));
        welcome.history.into_iter().for_each(|event| self.note(event));
        self.waiting.clone().into_iter().for_each(|reference| self.say_again(reference));
        true
    }

    /// Until it is in again.
    fn come_back(&mut self) {
        eventually("the talker is back", || {
            let Ok(stream) = TcpStream::connect(self.addr) else { return false };
            self.stream = BufReader::new(stream);
            self.hello()
        });
    }

    fn send(&mut self, request: &Request) {
        let mut line = Vec::new();
        json::encode_request(request, &mut line);
        // Where the server is gone it is sent again on coming back.
        let _ = self.stream.get_mut().write_all(&line);
    }

    fn say(&mut self) {
        self.last += 1;
        self.waiting.push(self.last);
        self.say_again(self.last);
    }

    fn say_again(&mut self, reference: u64) {
        let text = format!("{}{reference}", self.name);
        self.send(&Request::Say { reference: SafeInteger::new(reference), text });
    }

    /// `None` where the connection ends.
    fn event(&mut self) -> Option<Event> {
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        json::parse_event(line.strip_suffix('\n')?).ok()
    }

    fn note(&mut self, event: Event) {
        let Event::Message(message) = event else { return };
        if message.from.as_str() == self.name {
            self.waiting.retain(|&waiting| message.reference.map(SafeInteger::value) != Some(waiting));
        }
        if self.heard.last().is_none_or(|last| last.seq < message.seq) {
            self.heard.push(message);
        }
    }

    /// Listens, and comes back where the connection ends, until `holds`.
    #[track_caller]
    fn until(&mut self, what: &str, mut holds: impl FnMut(&Talker) -> bool) {
        eventually(what, || {
            if holds(self) {
                return true;
            }
            match self.event() {
                Some(event) => self.note(event),
                None => self.come_back(),
            }
            holds(self)
        });
    }

    /// Everything that one has said, in one piece.
    fn said_by(&self, name: &str) -> String {
        let texts = self.heard.iter().filter(|message| message.from.as_str() == name);
        texts.map(|message| message.text.as_str()).collect()
    }
}

#[test]
fn the_server_is_killed_while_people_type_and_nothing_is_lost() {
    let (desktop, folder) = (Desktop::new(), TempDir::new().unwrap());
    let path = folder.path().join("papo.db");
    let mut server = Server::start_keeping("127.0.0.1:0", &path);
    let addr = server.addr.to_string();
    let mut caio = Talker::enter(&server, "caio");
    let windows = ["ana", "bia"].map(|name| Window::open(&desktop, server.addr, name, "{}"));
    let mut typed = [String::new(), String::new()];
    for round in 0..4_usize {
        let (window, typed) = (&windows[round % 2], &mut typed[round % 2]);
        window.focus();
        eventually("the window is in the room", || !window.is_lost());
        let words: Vec<String> = (0..8).map(|n| format!("{}{round}{n}", &window.name[..1])).collect();
        typed.push_str(&words.concat());
        caio.say();
        server = std::thread::scope(|scope| {
            let typing = scope.spawn(|| {
                for word in &words {
                    desktop.write(word);
                    desktop.keys(&["Return"]);
                }
            });
            // At another word each time, and none of them waits for its receipt.
            caio.until("a word", |caio| caio.said_by(&window.name).ends_with(&words[round]));
            server.kill();
            caio.say();
            eventually("the banner", || window.is_lost());
            let server = Server::start_keeping(&addr, &path);
            typing.join().unwrap();
            server
        });
        eventually("the window is back", || !window.is_lost());
        // What was typed without a connection stands in the field still.
        window.focus();
        desktop.keys(&["Return"]);
        caio.until("everything that was typed", |caio| caio.said_by(&window.name) == *typed);
    }

    windows[1].focus();
    desktop.write("metade");
    server.kill();
    eventually("the banner", || windows[1].is_lost());
    desktop.picture("half-typed");
    let server = Server::start_keeping(&addr, &path);
    caio.until("both windows are back", |caio| caio.session.is_some() && !windows[1].is_lost());
    desktop.expect_gone(ENTERING);
    windows[1].focus();
    desktop.write(", e o resto");
    desktop.keys(&["Return"]);
    caio.until("the rest", |caio| caio.said_by("bia").ends_with("metade, e o resto"));
    caio.until("what the talker said", |caio| caio.waiting.is_empty());

    let all: Vec<String> = caio.heard.iter().map(|it| format!("{}: {}", it.from, it.text.as_str())).collect();
    assert_eq!(caio.said_by("caio"), "caio1caio2caio3caio4caio5caio6caio7caio8");
    for window in &windows {
        window.focus();
        eventually("every window shows everything once", || window.conversation() == all);
        assert!(desktop.title(&window.id).starts_with(&format!("Papo — {} (", window.name)));
    }
    desktop.picture("came-back");
    drop(server);
}

/// A server where 300 messages were said before anybody came, and a window that comes then.
fn with_a_past<'a>(desktop: &'a Desktop, folder: &TempDir, settings: &str) -> (Server, Window<'a>) {
    let server = Server::start_keeping("127.0.0.1:0", &folder.path().join("papo.db"));
    let mut bia = Talker::enter(&server, "bia");
    (0..300).for_each(|_| bia.say());
    bia.until("all is said", |bia| bia.waiting.is_empty());
    let window = Window::open(desktop, server.addr, "ana", settings);
    (server, window)
}

fn numbered(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|n| format!("bia: bia{n}")).collect()
}

#[test]
fn scrolling_up_brings_what_was_said_before() {
    for (look, settings) in [("light", "{}"), ("dark", r#"{"theme":"dark"}"#)] {
        let (desktop, folder) = (Desktop::new(), TempDir::new().unwrap());
        let (server, window) = with_a_past(&desktop, &folder, settings);
        eventually("the last fifty", || window.conversation() == numbered(251..=300));
        desktop.picture(&format!("before-entering-{look}"));
        server.pause(true);
        window.focus_conversation();
        desktop.keys(&["Home"]);
        assert_eq!(window.conversation(), numbered(251..=300), "the window waits for nobody");
        desktop.picture(&format!("coming-{look}"));
        server.pause(false);
        eventually("a page", || window.conversation() == numbered(151..=300));
        for first in [51, 1] {
            window.focus_conversation();
            desktop.keys(&["Home"]);
            eventually("older ones", || window.conversation() == numbered(first..=300));
        }
        desktop.keys(&["Home"]);
        desktop.picture(&format!("beginning-{look}"));
        desktop.keys(&["Escape"]);
        window.focus();
        desktop.write("oi");
        desktop.keys(&["Return"]);
        eventually("one more", || window.conversation().last().is_some_and(|last| last == "ana: oi"));
        drop(server);
    }
}

#[test]
fn finding_goes_on_further_up_than_the_window_reaches() {
    let (desktop, folder) = (Desktop::new(), TempDir::new().unwrap());
    let (server, window) = with_a_past(&desktop, &folder, "{}");
    desktop.keys(&["ctrl+f"]);
    desktop.write("bia12");
    desktop.picture("found-nothing-here");
    // Nothing is found yet; the button that goes up asks the server.
    desktop.click(&window.id, window.reader.find(Role::Button, "Anterior (Enter)").middle(), 1, 1);
    eventually("what lies between has come", || {
        desktop.picture("found-further-up");
        window.conversation() == numbered(51..=300)
    });
    drop(server);
}

#[test]
fn what_coming_back_does_not_tell_is_fetched() {
    let (desktop, folder) = (Desktop::new(), TempDir::new().unwrap());
    let server = Server::start_keeping("127.0.0.1:0", &folder.path().join("papo.db"));
    let cable = Cable::to(server.addr);
    let mut bia = server.member("bia");
    let window = Window::open(&desktop, cable.addr, "ana", "{}");
    (1..=2).for_each(|n| bia.say(&format!("n{n}")));
    eventually("the first two", || window.conversation() == ["bia: n1", "bia: n2"]);
    cable.plug(false);
    eventually("the banner", || window.is_lost());
    // More than a welcome holds, which is 256 KiB.
    (3..=100).for_each(|n| bia.say(&format!("n{n} {}", "palavra ".repeat(450))));
    cable.plug(true);
    eventually("the window is back", || !window.is_lost());
    let expected: Vec<String> = (1..=100).map(|n| format!("bia: n{n}")).collect();
    eventually("every message once", || {
        let lines = window.conversation();
        let beginnings = lines.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "));
        beginnings.collect::<Vec<_>>() == expected
    });
}
