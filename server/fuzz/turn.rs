//! The whole server: bytes from several connections, cut anyhow, with steps of the clock and commands between them.

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use papo_server::clock::{Clock, ManualClock};
use papo_server::event_loop::{EventLoop, Turn};
use papo_server::operator::command::Command;
use papo_server::operator::console::Console;
use papo_server::operator::log::Log;
use papo_server::options::Options;

use client::Client;

mod client;

const SEATS: usize = 5;
/// A longer story tells nothing that a shorter one does not.
const MAX_STEPS: usize = 200;
const CLOCK_STEPS_MS: [u64; 8] = [1, 50, 100, 200, 2_000, 10_000, 31_000, 61_000];
const COMMANDS: [&str; 11] = [
    "usuarios",
    "estado",
    "aviso oi\u{1b}[2J",
    "expulsar ana",
    "expulsar bia \u{7}motivo",
    "silenciar ana",
    "silenciar bia",
    "liberar ana",
    "banir 127.0.0.1",
    "liberar 127.0.0.1",
    "bobagem",
];
const WORDS: [&[u8]; 16] = [
    b"ana\n",
    b"bia\n",
    b"ana",
    b"{\"type\":\"hello\",\"name\":\"caio\",\"version\":1}\n",
    b"{\"type\":\"hello\",\"name\":\"bia\",\"version\":1}\n",
    b"{\"type\":\"say\",\"ref\":1,\"text\":\"oi\\u001b[2J\\nlinha (privado)\"}\n",
    b"{\"type\":\"private\",\"ref\":2,\"to\":\"ANA\",\"text\":\"psiu\"}\n",
    b"{\"type\":\"leave\"}\n",
    b"{\"type\":\"pong\"}\n",
    b"{\"type\":\"say\",\"ref\":1,\"ref\":1,\"text\":[[[[",
    b"oi, gente\n",
    b"@caio segredo\n",
    b"@ana \x1b]0;t\x07\n",
    b"\xff\xfe\x00\xe2\x80\xae\r\r\n",
    b"\n\n \n",
    b"sem fim",
];

/// Each step is two bytes: what happens, and where or how much.
#[test]
fn turn() {
    bolero::check!().for_each(|input: &[u8]| {
        let mut story = Story::new();
        let mut bytes = input.iter().copied();
        for _ in 0..MAX_STEPS {
            let (Some(what), Some(how)) = (bytes.next(), bytes.next()) else { break };
            story.step(what, usize::from(how), &mut bytes);
        }
        story.end();
    });
}

struct Story {
    server: EventLoop,
    hand: ManualClock,
    seats: [Option<Client>; SEATS],
    has_ended: bool,
    /// How far the clock was moved.
    now: Duration,
}

impl Story {
    fn new() -> Story {
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        let options = Options {
            listen,
            max_text: 40,
            max_clients: Some(4),
            max_per_address: Some(9),
            reader_buffer: 2_000,
            ..Options::default()
        };
        let (clock, hand) = Clock::manual();
        let (console, journal) = (Console::new(Box::new(Harmless)), Log::new(Box::new(Harmless)));
        let server = EventLoop::bind(&options, clock, console, journal).unwrap();
        Story { server, hand, seats: [const { None }; SEATS], has_ended: false, now: Duration::ZERO }
    }

    fn step(&mut self, what: u8, how: usize, bytes: &mut impl Iterator<Item = u8>) {
        let (seat, now) = (&mut self.seats[how % SEATS], self.now);
        match (what % 10, seat) {
            (0 | 1, None) if !self.has_ended => *self.seat(how) = Some(self.come()),
            (0..=2, Some(client)) => client.send(WORDS[how / SEATS % WORDS.len()], now),
            (3, Some(client)) => client.send(&bytes.take(1 + how / SEATS % 16).collect::<Vec<_>>(), now),
            (4, Some(client)) => {
                let word = WORDS[how / SEATS % WORDS.len()];
                client.send(&word[..word.len() / 2], now);
            }
            (5, Some(client)) => client.hear(now),
            (6, seat) => match (how / SEATS % 3, seat) {
                (0, Some(client)) => client.finish(),
                (1, Some(client)) => client.hear(now),
                (_, seat) => *seat = None,
            },
            (7, _) => self.pass(Duration::from_millis(CLOCK_STEPS_MS[how % CLOCK_STEPS_MS.len()])),
            (8, _) => self.server.command(Command::parse(COMMANDS[how % COMMANDS.len()]).unwrap()),
            (9, Some(client)) if how > 250 => client.send(&[b'x'; 2_000], now),
            (9, _) if how == 250 && !self.has_ended => {
                self.server.end();
                self.has_ended = true;
            }
            _ => {}
        }
        self.turn(Duration::ZERO);
    }

    fn pass(&mut self, time: Duration) {
        self.hand.advance(time);
        self.now += time;
    }

    fn seat(&mut self, how: usize) -> &mut Option<Client> {
        &mut self.seats[how % SEATS]
    }

    fn come(&self) -> Client {
        Client::new(TcpStream::connect(self.server.local_addr().unwrap()).unwrap(), self.now)
    }

    fn turn(&mut self, patience: Duration) -> Turn {
        let turn = self.server.turn(Some(patience)).unwrap();
        assert!(self.server.room().members().len() <= self.server.connections());
        turn
    }

    /// All go, and nothing is left of them.
    fn end(mut self) {
        for client in self.seats.iter_mut().flatten() {
            client.hear(self.now);
        }
        self.seats = [const { None }; SEATS];
        for _ in 0..2_000 {
            if self.server.is_idle() {
                return;
            }
            self.pass(Duration::from_millis(100));
            self.turn(Duration::from_millis(1));
        }
        panic!("something is left behind");
    }
}

/// The operator's screen and the log: nothing that a terminal would obey may reach them.
struct Harmless;

impl Write for Harmless {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        assert!(text.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "{text:?}");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
