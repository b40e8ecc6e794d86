//! The real binary killed again and again, and on files that fail it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};

use papo_common::{Event, Hello, LogToken, MemberId, Refusal, Request, SafeInteger, SessionToken, Welcome};

mod support;

use support::real::{Client, Server};

/// How often the server is killed; `PAPO_RESTARTS` says otherwise.
const RESTARTS: usize = 20;
/// How many talk meanwhile, each so many messages ahead of its receipts.
const TALKERS: usize = 4;
const WINDOW: usize = 8;

fn start(history: &Path) -> Server {
    start_as(Command::new(env!("CARGO_BIN_EXE_papo-server")), history)
}

fn start_as(mut command: Command, history: &Path) -> Server {
    command.args(["--listen", "127.0.0.1:0", "--rate-limit", "0", "--history"]).arg(history);
    Server::run(&mut command, Stdio::piped())
}

/// Ends it in good order and gives what it printed and what it noted.
#[track_caller]
fn end(mut server: Server) -> (String, String) {
    server.type_in("estado\n");
    let (printed, noted) = (server.start.clone() + &server.answer(), server.log());
    server.type_in("sair\n");
    server.expect_good_end();
    (printed, noted)
}

/// One who talks without end, and comes back as often as the line drops.
#[derive(Default)]
struct Talker {
    name: String,
    session: Option<SessionToken>,
    id: Option<MemberId>,
    log: Option<LogToken>,
    /// The last public message that it has seen.
    seen: u64,
    said: u64,
    unconfirmed: VecDeque<u64>,
    /// Its own numbers and the room's.
    confirmed: BTreeMap<u64, u64>,
}

impl Talker {
    fn new(i: usize) -> Talker {
        Talker { name: format!("fala{i}"), ..Talker::default() }
    }

    /// Talks until the connection ends, and tells `heard` of each event.
    fn talk(mut self, addr: SocketAddr, heard: &Sender<()>) -> Talker {
        let Ok(stream) = TcpStream::connect(addr) else { return self };
        let mut client = Client::new(stream);
        let (session, log, since) = (self.session.clone(), self.log.clone(), SafeInteger::new(self.seen));
        let hello = Hello { session, log, since, ..Hello::new(&self.name) };
        let _ = self.exchange(&mut client, &hello, heard);
        self
    }

    fn exchange(&mut self, client: &mut Client, hello: &Hello, heard: &Sender<()>) -> Option<()> {
        client.try_ask(&Request::Hello(hello.clone()))?;
        match client.try_event()? {
            Event::Welcome(welcome) => self.enter(*welcome),
            // Its first welcome was lost with the server, and its name is kept for a session that it never heard of.
            Event::Refused { reason: Refusal::NameInUse, .. } if self.session.is_none() => {
                self.name += "x";
                return None;
            }
            other => panic!("{}: {other:?}", self.name),
        }
        for reference in self.unconfirmed.clone() {
            client.try_ask(&self.say(reference))?;
        }
        loop {
            while self.unconfirmed.len() < WINDOW {
                self.said += 1;
                self.unconfirmed.push_back(self.said);
                client.try_ask(&self.say(self.said))?;
            }
            self.hear(client.try_event()?);
            let _ = heard.send(());
        }
    }

    fn enter(&mut self, welcome: Welcome) {
        assert_eq!(welcome.resumed, self.session.is_some(), "{}", self.name);
        assert!(self.log.as_ref().is_none_or(|log| *log == welcome.log), "the numbering is another one");
        assert!(self.id.is_none_or(|id| id == welcome.id));
        assert!(welcome.seq >= self.seen, "numbers went back from {} to {}", self.seen, welcome.seq);
        if !welcome.resumed || welcome.gap {
            self.seen = welcome.seq;
        } else {
            welcome.history.into_iter().for_each(|event| self.hear(event));
        }
        assert_eq!(self.seen, welcome.seq, "something is missing");
        (self.session, self.log, self.id) = (Some(welcome.session), Some(welcome.log), Some(welcome.id));
    }

    fn hear(&mut self, event: Event) {
        let Event::Message(message) = event else { return };
        let is_own = Some(message.id) == self.id;
        if message.seq > self.seen {
            assert_eq!(message.seq, self.seen + 1, "{}: something is missing", self.name);
            self.seen = message.seq;
        } else {
            assert!(is_own, "{}: {} is shown twice", self.name, message.seq);
        }
        if let (true, Some(reference)) = (is_own, message.reference.map(SafeInteger::value)) {
            let before = self.confirmed.insert(reference, message.seq);
            assert!(before.is_none_or(|before| before == message.seq), "{reference} has two numbers");
            self.unconfirmed.retain(|unconfirmed| *unconfirmed != reference);
        }
    }

    fn say(&self, reference: u64) -> Request {
        let text = format!("{} diz {reference}", self.name);
        Request::Say { reference: SafeInteger::new(reference), text }
    }
}

/// Everything that was ever said, by its number.
fn all_said(addr: SocketAddr) -> BTreeMap<u64, (MemberId, u64, String)> {
    let mut client = Client::new(TcpStream::connect(addr).unwrap());
    client.ask(&Request::Hello(Hello::new("fiscal")));
    let Event::Welcome(welcome) = client.event() else { panic!() };
    let (mut before, mut said) = (welcome.seq + 1, BTreeMap::new());
    let count = SafeInteger::new(200).unwrap();
    while let Some(number) = SafeInteger::new(before) {
        client.ask(&Request::History { reference: None, before: number, count });
        let Event::History { messages, more, .. } = client.event() else { panic!() };
        for event in messages {
            let Event::Message(message) = event else { panic!() };
            before = before.min(message.seq);
            let own = (message.id, message.reference.unwrap().value(), message.text.as_str().to_owned());
            assert!(said.insert(message.seq, own).is_none());
        }
        if !more {
            break;
        }
    }
    assert!(said.keys().copied().eq(1..=welcome.seq), "there are gaps");
    said
}

#[test]
fn killed_at_any_moment_it_loses_nothing_that_was_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let restarts = std::env::var("PAPO_RESTARTS").map_or(RESTARTS, |count| count.parse().unwrap());
    let mut talkers: Vec<Talker> = (0..TALKERS).map(Talker::new).collect();
    for round in 0..restarts {
        let server = start(&path);
        let addr = server.addr;
        let (heard, events) = mpsc::channel();
        let talk = |talker: Talker| {
            let heard = heard.clone();
            std::thread::spawn(move || talker.talk(addr, &heard))
        };
        let threads: Vec<_> = talkers.drain(..).map(talk).collect();
        // Anything from before the first welcome to the middle of the talk.
        let when = 3 * (round % RESTARTS).pow(2);
        assert_eq!(events.iter().take(when).count(), when);
        drop(server);
        talkers.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
    }
    let server = start(&path);
    let said = all_said(server.addr);
    let mut own: HashMap<(MemberId, u64), u64> = HashMap::new();
    for (seq, (id, reference, _)) in &said {
        assert_eq!(own.insert((*id, *reference), *seq), None, "said twice");
    }
    let mut confirmed = 0;
    for talker in &talkers {
        for (reference, seq) in &talker.confirmed {
            let (id, known, text) = &said[seq];
            assert_eq!((Some(*id), known), (talker.id, reference));
            assert_eq!(*text, format!("{} diz {reference}", talker.name));
            confirmed += 1;
        }
    }
    assert!(confirmed > 0, "nothing was ever confirmed");
    println!("{restarts} restarts, {} messages, {confirmed} of them confirmed", said.len());
    let (printed, _) = end(server);
    assert!(printed.contains(&format!("mensagens: {},", said.len())), "{printed}");
}

/// Two talk for a while; nobody notices anything, and the operator is told why in one line.
#[track_caller]
fn check_goes_on_without(server: Server, why: &str, lines: u64) {
    let mut client = server.native("ana");
    for n in 1..=lines {
        let text = format!("linha {n} {}", "palavra ".repeat(20));
        client.ask(&Request::Say { reference: SafeInteger::new(n), text });
        let Event::Message(message) = client.event() else { panic!("{n}") };
        assert_eq!(message.seq, n);
    }
    let (printed, noted) = end(server);
    let line = format!("Histórico desligado, o chat continua só na memória: {why}");
    // On a slow machine the talk lasts until the file is tried again, and fails again.
    let (off, on) = (noted.matches(&line).count(), noted.matches("Histórico ligado de novo").count());
    assert!(off > 0 && (off == on || off == on + 1), "{noted}");
    assert!(printed.contains(&line), "{printed}");
}

#[test]
fn a_file_that_is_no_history_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    std::fs::write(&path, "não é um banco de dados ".repeat(1000)).unwrap();
    let before = std::fs::read(&path).unwrap();
    check_goes_on_without(start(&path), "o arquivo está danificado", 10);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let other = folder.path().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    check_goes_on_without(start(&other), "o arquivo é de outro programa", 10);
}

#[test]
fn a_file_that_a_later_version_made_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    end(start(&path));
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    check_goes_on_without(start(&path), "o arquivo é de uma versão mais nova do Papo", 10);
}

#[test]
fn a_file_that_another_server_has_is_left_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let first = start(&path);
    check_goes_on_without(start(&path), "o arquivo está em uso por outro programa", 10);
    assert!(end(first).0.contains("mensagens: 0,"));
}

#[test]
fn a_folder_that_cannot_be_written_is_no_matter() {
    // Where even root writes nothing.
    check_goes_on_without(start(Path::new("/proc/papo/papo.db")), "a pasta não existe", 10);
    check_goes_on_without(start(Path::new("/proc")), "", 10);
}

#[test]
fn when_no_more_can_be_written_the_chat_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut limited = Command::new("bash");
    // Files of 256 KiB at most, and an error instead of a signal at it.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 256; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_papo-server")]);
    check_goes_on_without(start_as(limited, &folder.path().join("papo.db")), "", 1500);
    // The file is whole; what came after is numbered anew, apart from it.
    let (printed, noted) = end(start(&folder.path().join("papo.db")));
    assert!(printed.contains("Histórico: "), "{printed}{noted}");
}

/// The next event that `pick` wants.
#[track_caller]
fn wait_for<T>(client: &mut Client, mut pick: impl FnMut(Event) -> Option<T>) -> T {
    loop {
        if let Some(picked) = pick(client.event()) {
            return picked;
        }
    }
}

/// Enters, and gives the welcome with what it tells in words.
#[track_caller]
fn enter(addr: SocketAddr, hello: Hello) -> (Client, Welcome, Vec<String>) {
    let mut client = Client::new(TcpStream::connect(addr).unwrap());
    client.ask(&Request::Hello(hello));
    let Event::Welcome(welcome) = client.event() else { panic!() };
    let told = welcome.history.iter().map(|event| match event {
        Event::Message(message) => message.text.to_string(),
        Event::Notice(notice) => format!("aviso: {}", notice.text),
        other => panic!("{other:?}"),
    });
    let told = told.collect();
    (client, *welcome, told)
}

#[test]
fn killed_after_a_command_it_has_done_it_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = start(&path);
    let (mut ana, first, _) = enter(server.addr, Hello::new("ana"));
    for n in 1..=3 {
        ana.ask(&Request::Say { reference: SafeInteger::new(n), text: format!("n{n}") });
        wait_for(&mut ana, |event| matches!(event, Event::Message(_)).then_some(()));
    }
    server.type_in("aviso até já\napagar 2\n");
    wait_for(&mut ana, |event| matches!(event, Event::Removed { seq: 2 }).then_some(()));
    drop(server);

    let mut server = start(&path);
    let (_, welcome, told) = enter(server.addr, Hello::new("bia"));
    assert_eq!((told, welcome.seq), (["n1", "n3", "aviso: até já"].map(String::from).to_vec(), 3));
    let back = |log: &LogToken| Hello {
        session: Some(first.session.clone()),
        log: Some(log.clone()),
        since: SafeInteger::new(3),
        ..Hello::new("ana")
    };
    let (mut ana, welcome, _) = enter(server.addr, back(&first.log));
    assert_eq!((welcome.resumed, welcome.gap, welcome.removed), (true, false, vec![2]));
    server.type_in("nova-aula\n");
    let log = wait_for(&mut ana, |event| if let Event::Notice(notice) = event { notice.log } else { None });
    drop(server);

    let server = start(&path);
    let (mut ana, welcome, told) = enter(server.addr, back(&log));
    assert_eq!((told, welcome.log, welcome.seq), (vec!["aviso: Nova aula.".to_owned()], log, 3));
    assert!(welcome.resumed && !welcome.gap);
    // What was said in the other lesson, and what was taken back, is not said again.
    for (reference, seq) in [(3, 3), (2, 2), (4, 4)] {
        let say = Request::Say { reference: SafeInteger::new(reference), text: "outra vez".into() };
        ana.ask(&say);
        let said = wait_for(&mut ana, |event| if let Event::Message(it) = event { Some(it.seq) } else { None });
        assert_eq!(said, seq);
    }
    assert_eq!(enter(server.addr, Hello::new("caio")).2, ["aviso: Nova aula.", "outra vez"]);
    let (printed, _) = end(server);
    assert!(printed.contains("mensagens: 3,"), "{printed}");
}
