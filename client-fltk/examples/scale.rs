//! Measures a window with much content beside one with little, on the screen that it is given; `scripts/bench-window`
//! gives it a screen of its own. Everything is real but the socket: events go into the model, the view follows, and a
//! time ends when the screen has drawn it.

#![allow(clippy::unwrap_used, reason = "its data is written here")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use fltk::app::{self, Receiver};
use fltk::prelude::*;
use papo_client::core::message::Message;
use papo_client::core::preferences::Preferences;
use papo_client::core::{ConversationId, Model, Prefill};
use papo_client::dispatch::Dispatch;
use papo_client::net::Report;
use papo_client::strings::notices;
use papo_client::view::View;
use papo_common::{
    Event, LineBreaks, LogId, MemberId, Message as Spoken, Name, RunId, SessionSecret, Text, User, Welcome,
};

const FEW_LINES: u64 = 100;
const MANY_LINES: u64 = 10_000;
const PEOPLE: u64 = 1_000;
const ROUNDS: usize = 300;
/// The time of a frame at 60 Hz.
const FRAME_MS: f64 = 16.0;
const NOW: u64 = 1_760_000_000_000;

fn main() {
    let _app = app::App::default();
    let (sender, receiver) = app::channel::<Message>();
    let mut few = Window::new(View::new(&Dispatch::default(), sender), receiver, 10);
    let mut many = Window::new(View::new(&Dispatch::default(), sender), receiver, PEOPLE);
    few.fill(FEW_LINES);
    many.fill(MANY_LINES);

    // The windows take turns, so that a busy moment of the machine affects both.
    let (mut with_few, mut with_many) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        with_few.push(few.time_of_a_line());
        with_many.push(many.time_of_a_line());
    }
    with_few.sort_unstable();
    with_many.sort_unstable();
    println!("from a message to the screen, ms   100 lines, 10 people   10,000 lines, 1,000 people   ratio");
    for (name, share) in [("half of them within", 50), ("99 of 100 within", 99), ("all within", 100)] {
        let at = |times: &[Duration]| ms(times[(times.len() * share / 100).saturating_sub(1)]);
        let (few, many) = (at(&with_few), at(&with_many));
        println!("{name:<32} {few:>24.2} {many:>28.2} {:>7.2}", many / few);
    }
    println!("within a frame of {FRAME_MS} ms: {}", ms(with_many[ROUNDS * 99 / 100 - 1]) < FRAME_MS);

    println!("\nresident after so many more lines, MB");
    for _ in 0..3 {
        println!("{:>8} {:>8.1}", many.said, resident_mb());
        many.fill(MANY_LINES);
    }
    println!("{:>8} {:>8.1}", many.said, resident_mb());

    let longest = many.hear_joins(sender);
    println!("\n1,000 joins in a second: the longest until one stood on the screen: {:.1} ms", ms(longest));

    println!("\nCPU time of long words, ms        each taken    to come back    to widen    to narrow    resident, MB");
    for (name, count, text) in long_words() {
        Window::new(View::new(&Dispatch::default(), sender), receiver, 10).measure_long_words(name, count, &text);
    }
}

/// Texts without a space: a label, how many times the text is received, and the text itself.
fn long_words() -> [(&'static str, u64, String); 3] {
    [
        ("1,000 of 4 KiB", 1_000, "aBcD0123".repeat(511)),
        ("10,000 words of 400 bytes", 10_000, "Wörter".repeat(57)),
        ("10,000 links of 90 bytes", 10_000, format!("http://wiki.local/{}", "pasta/".repeat(12))),
    ]
}

struct Window {
    model: Model,
    view: View,
    receiver: Receiver<Message>,
    people: u64,
    said: u64,
}

impl Window {
    fn new(view: View, receiver: Receiver<Message>, people: u64) -> Window {
        let mut window = Window {
            model: Model::new(Preferences::default(), Prefill::default(), notices::notice),
            view,
            receiver,
            people,
            said: 0,
        };
        window.update(Message::Enter { server: "127.0.0.1".to_owned(), name: name(1).as_str().to_owned() });
        window.report(Report::Connected);
        window.report(welcome(people).into());
        window.draw();
        window
    }

    fn fill(&mut self, lines: u64) {
        for _ in 0..lines {
            self.hear_a_line();
            if self.said.is_multiple_of(100) {
                self.draw();
            }
        }
        self.draw();
    }

    fn time_of_a_line(&mut self) -> Duration {
        let begin = Instant::now();
        self.hear_a_line();
        self.draw();
        begin.elapsed()
    }

    /// Receives `text` `count` times, goes to another conversation and back, and makes the window wider and narrower.
    fn measure_long_words(&mut self, name: &str, count: u64, text: &str) {
        let taken = cpu_of(|| {
            for number in 1..=count {
                self.hear(&format!("{number}{text}"));
                if number.is_multiple_of(10) {
                    self.draw();
                }
            }
        });
        self.update(Message::Whisper(self::name(2)));
        self.draw();
        let back = cpu_of(|| {
            self.update(Message::Show(ConversationId::Room));
            self.draw();
        });
        // The window shown last.
        let mut window = app::first_window().unwrap();
        let (width, height) = (window.w(), window.h());
        let resizes = [width + 150, width - 150].map(|width| {
            cpu_of(|| {
                window.set_size(width, height);
                self.draw();
            })
        });
        let each = ms(taken) / count as f64;
        let [wide, narrow] = resizes.map(ms);
        println!("{name:<32} {each:>11.3} {:>15.1} {wide:>11.1} {narrow:>12.1} {:>15.1}", ms(back), resident_mb());
    }

    fn hear_a_line(&mut self) {
        let said = self.said + 1;
        self.hear(&format!("a impressora do {said}º andar parou de novo, alguém viu? http://wiki.local/{said}"));
    }

    fn hear(&mut self, raw: &str) {
        self.said += 1;
        let (said, from) = (self.said, 2 + self.said % (self.people - 1));
        let text = Text::clean(raw, LineBreaks::Keep).unwrap();
        let spoken =
            Spoken { seq: said, from: name(from), id: id(from), text, at: NOW + said * 1_000, reference: None };
        self.report(Event::Message(spoken).into());
    }

    /// The longest time from the arrival of a join until it is on the screen.
    fn hear_joins(&mut self, sender: app::Sender<Message>) -> Duration {
        let come = Arc::new(Mutex::new(VecDeque::new()));
        let (noted, first) = (Arc::clone(&come), self.people + 1);
        let joins = thread::spawn(move || {
            let begin = Instant::now();
            for number in 0..1_000 {
                let due = begin + Duration::from_millis(number);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                noted.lock().unwrap().push_back(Instant::now());
                let who = first + number;
                let event = Event::Joined { name: name(who), id: id(who), addr: addr(who), at: NOW };
                sender.send(Message::Network { connection: 1, report: event.into() });
            }
        });
        let (mut longest, mut heard) = (Duration::ZERO, 0);
        while heard < 1_000 {
            app::wait_for(1.0).unwrap();
            let mut new = 0;
            while let Some(message) = self.receiver.recv() {
                new += usize::from(matches!(message, Message::Network { .. }));
                self.update(message);
            }
            self.draw();
            for begin in come.lock().unwrap().drain(..new) {
                longest = longest.max(begin.elapsed());
            }
            heard += new;
        }
        joins.join().unwrap();
        longest
    }

    fn report(&mut self, report: Report) {
        self.update(Message::Network { connection: 1, report });
    }

    fn update(&mut self, message: Message) {
        self.model.update(message, NOW);
        while self.model.next_effect().is_some() {}
    }

    /// Returns when the screen has done all that it was told to: it answers in order.
    fn draw(&mut self) {
        self.view.show(self.model.state());
        app::check();
        app::get_mouse();
    }
}

fn welcome(people: u64) -> Event {
    let user = |number| User { name: name(number), id: id(number), addr: addr(number) };
    let (run, log, session) = (RunId::from_random(7), LogId::from_random(7), SessionSecret::from_random(7));
    Event::Welcome(Box::new(Welcome::first(user(1), run, log, session, (1..=people).map(user).collect())))
}

fn name(number: u64) -> Name {
    Name::parse(&format!("pessoa{number}")).unwrap()
}

fn id(number: u64) -> MemberId {
    MemberId::from_random(u128::from(number))
}

fn addr(number: u64) -> std::net::SocketAddr {
    ([192, 168, (number / 250) as u8, (number % 250) as u8], 40_000).into()
}

/// The CPU time of this thread that `work` takes, whatever else the machine does.
fn cpu_of(work: impl FnOnce()) -> Duration {
    let begin = cpu();
    work();
    cpu().saturating_sub(begin)
}

/// The CPU time of this thread so far, on Linux; 0 elsewhere.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or_default())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The resident memory of the process, on Linux; 0 elsewhere.
fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1_000.0
}
