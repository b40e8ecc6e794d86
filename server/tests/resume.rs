//! The line cut behind each byte of an exchange, and taken up again: nothing is lost, and nothing is there twice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead as _, Write as _};

use papo_common::{Event, Hello, LogToken, Request, SafeInteger, SessionToken, json};

mod support;

use support::people::proxy::{End, Faults, Link, Plan};
use support::real::{Client, Server};

const NAME: &str = "corte";

/// Someone who sends again, under the same numbers, what was not confirmed.
struct Sender {
    session: SessionToken,
    log: LogToken,
    since: u64,
    private_since: u64,
    /// What is to be said, in order; each is taken out when its receipt comes.
    waiting: Vec<Request>,
    /// The room's numbers of what was confirmed.
    confirmed: Vec<(SafeInteger, u64)>,
}

impl Sender {
    /// Enters for the first time, and drops out.
    fn new(server: &Server, said: &[&str]) -> Sender {
        let mut client = server.connect();
        client.ask(&Request::Hello(Hello::new(NAME)));
        let Event::Welcome(welcome) = client.event() else { panic!("not let in") };
        let request = |(text, reference): (&&str, u64)| {
            let (text, reference) = ((*text).to_owned(), SafeInteger::new(reference));
            match text.strip_prefix("@ana ") {
                Some(text) => Request::Private { reference, to: "ana".into(), text: text.into() },
                None => Request::Say { reference, text },
            }
        };
        Sender {
            session: welcome.session,
            log: welcome.log,
            since: welcome.seq,
            private_since: 0,
            waiting: said.iter().zip(1..).map(request).collect(),
            confirmed: Vec::new(),
        }
    }

    /// All that it has to say, after the word that brings it back.
    fn lines(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let (session, log) = (Some(self.session.clone()), Some(self.log.clone()));
        let (since, private_since) = (SafeInteger::new(self.since), SafeInteger::new(self.private_since));
        json::encode_request(
            &Request::Hello(Hello { session, log, since, private_since, ..Hello::new(NAME) }),
            &mut bytes,
        );
        self.waiting.iter().for_each(|request| json::encode_request(request, &mut bytes));
        bytes
    }

    /// Says it and listens until all is confirmed or the line ends; how many bytes it heard.
    fn exchange(&mut self, client: &mut Client) -> usize {
        // The line may be cut before all is written.
        let _ = client.0.get_mut().write_all(&self.lines());
        let (mut heard, mut line) = (0, String::new());
        while !self.waiting.is_empty() && client.0.read_line(&mut line).is_ok_and(|read| read > 0) {
            heard += line.len();
            // Whole lines alone are the server's word.
            let Some(whole) = line.strip_suffix('\n') else { break };
            match json::parse_event(whole).unwrap() {
                Event::Welcome(welcome) => {
                    assert!(welcome.resumed && !welcome.gap);
                    welcome.history.into_iter().for_each(|event| self.hear(event));
                    assert_eq!(self.since, welcome.seq, "something is missing");
                }
                event => self.hear(event),
            }
            line.clear();
        }
        heard
    }

    fn hear(&mut self, event: Event) {
        let reference = match event {
            Event::Message(message) => {
                if message.seq > self.since {
                    assert_eq!(message.seq, self.since + 1, "something is missing");
                    self.since = message.seq;
                }
                self.confirmed.extend(message.reference.map(|reference| (reference, message.seq)));
                message.reference
            }
            Event::Private(private) => {
                self.private_since = self.private_since.max(private.pseq);
                private.reference
            }
            Event::Problem { .. } => panic!("{event:?}"),
            _ => None,
        };
        self.waiting.retain(|request| match request {
            Request::Say { reference: own, .. } | Request::Private { reference: own, .. } => *own != reference,
            _ => true,
        });
    }
}

/// What `ana` hears of the sender up to its last word.
fn heard_by(ana: &mut Client, last: &str) -> Vec<String> {
    let mut heard = Vec::new();
    while heard.last().is_none_or(|text| text != last) {
        match ana.event() {
            Event::Message(message) => heard.push(message.text.as_str().to_owned()),
            Event::Private(private) => heard.push(format!("@ana {}", private.text.as_str())),
            _ => {}
        }
    }
    heard
}

/// One exchange over a bad line and what is left of it over a good one; how many bytes went up and came down at first.
fn check(server: &Server, ana: &mut Client, plan: Plan) -> (usize, usize) {
    let said = ["um", "@ana dois", "três", "@ana quatro", "cinco"];
    let mut sender = Sender::new(server, &said);
    let up = sender.lines().len();
    let down = sender.exchange(&mut Client::new(Link::new(server.addr, plan).stream));
    let mut client = server.connect();
    sender.exchange(&mut client);
    assert!(sender.waiting.is_empty(), "{plan:?}: {:?} is lost", sender.waiting);
    client.ask(&Request::Say { reference: SafeInteger::new(9), text: "fim".into() });
    client.ask(&Request::Leave);
    assert!(client.is_closed_by_server());
    assert_eq!(heard_by(ana, "fim"), [&said[..], &["fim"]].concat(), "{plan:?}");
    sender.confirmed.sort();
    sender.confirmed.dedup();
    assert_eq!(sender.confirmed.len(), 3, "{plan:?}: a message has two numbers: {:?}", sender.confirmed);
    (up, down)
}

/// On the way there: what had come whole is not said again, what had not is.
#[test]
fn cut_at_any_byte_of_what_is_said_everything_is_said_once() {
    let server = Server::with(&["--rate-limit", "0"]);
    let mut ana = server.native("ana");
    let (up, _) = check(&server, &mut ana, Plan::default());
    for at in 0..=up {
        let end = [End::Close, End::HalfClose, End::Reset][at % 3];
        let up = Faults { end: Some((at, end)), ..Faults::default() };
        check(&server, &mut ana, Plan { up, ..Plan::default() });
    }
}

/// On the way back: a receipt that was cut is asked for again, and only that.
#[test]
fn cut_at_any_byte_of_what_is_answered_everything_is_said_once() {
    let server = Server::with(&["--rate-limit", "0"]);
    let mut ana = server.native("ana");
    let (_, down) = check(&server, &mut ana, Plan::default());
    for at in 0..=down {
        let down = Faults { end: Some((at, [End::Close, End::Reset][at % 2])), ..Faults::default() };
        check(&server, &mut ana, Plan { down, ..Plan::default() });
    }
}
