//! People of all three kinds at one server, what they said, and what each of them saw.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use papo_common::{Hello, Request, SafeInteger, json};

use super::super::real::PATIENCE;
use super::proxy::{End, Link, Plan};
use super::seen::Seen;

/// What a person's program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Classic,
    Native,
    /// Classic, and ends nothing with a newline.
    Python,
}

/// Everyone, in order of coming.
pub struct Crowd {
    server: SocketAddr,
    pub people: Vec<Person>,
    heard: Receiver<(usize, Option<Seen>)>,
    ears: Sender<(usize, Option<Seen>)>,
}

pub struct Person {
    /// The name it asks for. What comes of it may be shorter, where the network cuts it.
    pub name: String,
    pub kind: Kind,
    /// Stays to the end, and its network at most dawdles.
    pub is_healthy: bool,
    pub addr: SocketAddr,
    /// What it said: to whom, if not to all, and what.
    pub said: Vec<(Option<String>, String)>,
    pub seen: Vec<Seen>,
    pub has_ended: bool,
    stream: Option<TcpStream>,
    link: Option<Link>,
}

impl Crowd {
    pub fn new(server: SocketAddr) -> Crowd {
        let (ears, heard) = channel();
        Crowd { server, people: Vec::new(), heard, ears }
    }

    /// Someone who stays comes and is in; by a direct connection, or by one with these faults.
    #[track_caller]
    pub fn come(&mut self, name: &str, kind: Kind, plan: Option<Plan>) -> usize {
        let i = self.connect(name, kind, plan, true);
        self.until("someone comes in", |crowd| crowd.people[i].is_in());
        i
    }

    /// Someone connects and says its name; the network does with it what it does.
    pub fn connect(&mut self, name: &str, kind: Kind, plan: Option<Plan>, is_healthy: bool) -> usize {
        let link = plan.map(|plan| Link::new(self.server, plan));
        let stream = link
            .as_ref()
            .map_or_else(|| TcpStream::connect(self.server).unwrap(), |link| link.stream.try_clone().unwrap());
        stream.set_nodelay(true).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let addr = link.as_ref().map_or_else(|| stream.local_addr().unwrap(), |link| link.addr);
        let i = self.people.len();
        listen(i, stream.try_clone().unwrap(), self.ears.clone());
        let mut person = Person {
            name: name.into(),
            kind,
            is_healthy,
            addr,
            said: Vec::new(),
            seen: Vec::new(),
            has_ended: false,
            stream: Some(stream),
            link,
        };
        person.write(&match kind {
            Kind::Classic => format!("{name}\n"),
            Kind::Python => name.into(),
            Kind::Native => json(&Request::Hello(Hello::new(name))),
        });
        self.people.push(person);
        i
    }

    /// `who` says its next message, to all or to one.
    pub fn say(&mut self, who: usize, to: Option<usize>, more: &str) {
        let to = to.map(|to| self.people[to].name.clone());
        let person = &mut self.people[who];
        let text = format!("{}#{}{more}", person.name, person.said.len());
        let line = match (person.kind, &to) {
            (Kind::Native, to) => {
                let (reference, text) = (SafeInteger::new(person.said.len() as u64 + 1), text.clone());
                json(&match to {
                    None => Request::Say { reference, text },
                    Some(to) => Request::Private { reference, to: to.clone(), text },
                })
            }
            (kind, to) => {
                let end = if kind == Kind::Python { "" } else { "\n" };
                let to = to.as_ref().map(|to| format!("@{to} ")).unwrap_or_default();
                format!("{to}{text}{end}")
            }
        };
        person.said.push((to, text));
        person.write(&line);
    }

    /// `who` goes, as people or as networks do.
    pub fn go(&mut self, who: usize, how: Option<End>) {
        let person = &mut self.people[who];
        let stream = person.stream.take();
        match (how, &person.link, stream) {
            (Some(end), Some(link), _) => link.cut(end),
            (Some(End::Reset), None, Some(stream)) => {
                let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
                let _ = stream.shutdown(Shutdown::Read);
            }
            (_, _, Some(stream)) => drop(stream.shutdown(Shutdown::Write)),
            _ => {}
        }
        person.link = None;
    }

    /// Takes in what people hear until `holds`.
    #[track_caller]
    pub fn until(&mut self, what: &str, holds: impl Fn(&Crowd) -> bool) {
        self.hear();
        while !holds(self) {
            assert!(self.hear_for(PATIENCE), "it never came to pass: {what}");
        }
    }

    /// Takes in what people have heard so far.
    pub fn hear(&mut self) {
        while let Ok((i, seen)) = self.heard.try_recv() {
            self.take(i, seen);
        }
    }

    /// Takes in the next thing that somebody hears, waiting for so long; false if nothing came.
    pub fn hear_for(&mut self, long: Duration) -> bool {
        match self.heard.recv_timeout(long) {
            Ok((i, seen)) => {
                self.take(i, seen);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Those who stay.
    pub fn healthy(&self) -> Vec<usize> {
        (0..self.people.len()).filter(|&i| self.people[i].is_healthy).collect()
    }

    fn take(&mut self, i: usize, seen: Option<Seen>) {
        let person = &mut self.people[i];
        if let Some(seen) = seen {
            person.seen.push(seen);
        } else {
            assert!(!person.is_healthy, "{} was closed, after {:?}", person.name, person.seen.last());
            person.has_ended = true;
        }
    }
}

impl Person {
    pub fn is_in(&self) -> bool {
        self.seen.iter().any(|seen| matches!(seen, Seen::In { .. }))
    }

    /// Whether it will not stay, and has not gone.
    pub fn is_passing_by(&self) -> bool {
        !self.is_healthy && self.stream.is_some()
    }

    /// Whether the last that it said to all has reached `witness`: the next may be said without joining it.
    pub fn was_heard_by(&self, witness: &Person) -> bool {
        self.said.last().is_none_or(|(_, text)| witness.has_heard(text))
    }

    pub fn has_heard(&self, words: &str) -> bool {
        self.seen.iter().rev().any(|seen| matches!(seen, Seen::Public { text, .. } if text == words))
    }

    fn write(&mut self, text: &str) {
        let Some(stream) = &mut self.stream else { return };
        let written = stream.write_all(text.as_bytes());
        assert!(written.is_ok() || !self.is_healthy, "{}: {written:?}", self.name);
    }
}

fn json(request: &Request) -> String {
    let mut line = Vec::new();
    json::encode_request(request, &mut line);
    String::from_utf8(line).unwrap()
}

/// Has a thread read whole lines from `stream` to its end.
fn listen(i: usize, stream: TcpStream, ears: Sender<(usize, Option<Seen>)>) {
    thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(move || {
            let mut lines = BufReader::new(stream);
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok() && line.ends_with('\n') {
                let _ = ears.send((i, Some(Seen::parse(line.trim_end_matches('\n')))));
                line.clear();
            }
            let _ = ears.send((i, None));
        })
        .unwrap();
}
