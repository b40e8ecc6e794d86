//! Real sockets on the loopback; the test plays the server. A wait ends as soon as what it waits for is there.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use papo_common::{Hello, Notice, Text};

use super::*;

/// Only ever reached by a test that fails.
const TOO_LONG: Duration = Duration::from_secs(20);

struct Pair {
    link: Link,
    reports: Receiver<Report>,
    server: BufReader<TcpStream>,
}

impl Pair {
    fn new() -> Pair {
        Pair::with(USUAL)
    }

    fn with(patience: Patience) -> Pair {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (link, reports) = open(port, patience);
        let server = BufReader::new(listener.accept().expect("a connection").0);
        server.get_ref().set_read_timeout(Some(TOO_LONG)).expect("a time limit");
        let mut pair = Pair { link, reports, server };
        assert!(matches!(pair.next_report(), Report::Connected));
        pair
    }

    fn next_report(&mut self) -> Report {
        self.reports.recv_timeout(TOO_LONG).expect("a report")
    }

    #[track_caller]
    fn expect_event(&mut self) -> Event {
        match self.next_report() {
            Report::Event(event) => event,
            other => panic!("{other:?} instead of an event"),
        }
    }

    /// What the client asked; empty at the end of the stream.
    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.server.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    fn tell(&mut self, bytes: &[u8]) {
        self.server.get_mut().write_all(bytes).expect("written");
    }

    /// Nothing is left behind: the threads are gone, and nothing more is reported.
    fn end(self) {
        close(self.link, &self.reports);
    }
}

fn open(port: u16, patience: Patience) -> (Link, Receiver<Report>) {
    let (sender, reports) = mpsc::channel();
    let report = move |report| {
        let _ = sender.send(report);
    };
    (Link::open_with(format!("127.0.0.1:{port}").parse().expect("an address"), patience, report), reports)
}

fn close(link: Link, reports: &Receiver<Report>) {
    link.close();
    // Disconnected, not merely empty: the link's closure was dropped with its thread.
    while reports.recv_timeout(TOO_LONG).map_err(|error| assert_eq!(error, RecvTimeoutError::Disconnected)).is_ok() {}
}

fn say(text: &str) -> Request {
    Request::Say { reference: None, text: text.to_owned() }
}

#[test]
fn both_directions() {
    let mut pair = Pair::new();
    pair.link.send(&Request::Hello(Hello::new("ana")));
    assert_eq!(pair.next_line(), r#"{"type":"hello","name":"ana","version":1}"#);

    pair.tell(br#"{"type":"notice","text":"ol"#);
    pair.tell("á\",\"at\":7}\nSERVIDOR_ENCERRADO\n".as_bytes());
    let text = Text::clean("olá", papo_common::Breaks::Keep).expect("a text");
    assert_eq!(pair.expect_event(), Event::Notice(Notice { text, at: 7, after: None, log: None }));
    assert_eq!(pair.expect_event(), Event::ServerClosed);

    pair.server.get_ref().shutdown(Shutdown::Both).expect("shut down");
    assert!(matches!(pair.next_report(), Report::Ended));
    pair.end();
}

#[test]
fn a_ping_is_answered_without_the_window() {
    let mut pair = Pair::new();
    pair.tell(b"{\"type\":\"ping\"}\n");
    assert_eq!(pair.next_line(), r#"{"type":"pong"}"#);
    pair.end();
}

#[test]
fn lines_that_make_no_sense_are_passed_over() {
    let mut pair = Pair::new();
    pair.tell(b"\n{\n\xff\xfe\nOK\n{\"type\":\"of_tomorrow\"}\n{\"type\":\"notice\"}\n[[[[\nSERVIDOR_ENCERRADO\r\n");
    assert_eq!(pair.expect_event(), Event::ServerClosed);
    pair.end();
}

#[test]
fn an_endless_line_ends_the_connection() {
    let mut pair = Pair::new();
    pair.tell(&vec![b'a'; MAX_LINE + 1]);
    assert!(matches!(pair.next_report(), Report::Ended));
    pair.end();
}

#[test]
fn silence_ends_the_connection() {
    let mut pair = Pair::with(Patience { silence: Duration::from_millis(20), ..USUAL });
    assert!(matches!(pair.next_report(), Report::Ended));
    assert_eq!(pair.next_line(), "", "the server is told");
    pair.end();
}

#[test]
fn a_server_that_does_not_read_never_holds_up_who_sends() {
    let mut pair = Pair::new();
    let long = say(&"a".repeat(4096));
    let mut slowest = Duration::ZERO;
    let ended = (0..100_000).any(|_| {
        let start = Instant::now();
        pair.link.send(&long);
        slowest = slowest.max(start.elapsed());
        matches!(pair.reports.try_recv(), Ok(Report::Ended))
    });
    assert!(ended || matches!(pair.next_report(), Report::Ended), "the queue has an end");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    pair.end();
}

#[test]
fn a_write_that_does_not_go_on_ends_the_connection() {
    let mut pair = Pair::with(Patience { write: Duration::from_millis(20), ..USUAL });
    // More than the buffers of both sides, in fewer lines than the queue takes.
    for _ in 0..MAX_QUEUE / 2 {
        pair.link.send(&say(&"a".repeat(256 * 1024)));
    }
    assert!(matches!(pair.next_report(), Report::Ended));
    pair.end();
}

#[test]
fn the_last_line_arrives_although_something_is_unread() {
    let mut pair = Pair::new();
    for _ in 0..1000 {
        pair.tell(b"{\"type\":\"of_tomorrow\"}\n");
    }
    pair.link.send(&Request::Leave);
    let Pair { link, reports, server } = pair;
    let reader = thread::spawn(move || {
        let lines: Vec<String> = server.lines().map(|line| line.expect("in good order")).collect();
        assert_eq!(lines, [r#"{"type":"leave"}"#]);
    });
    close(link, &reports);
    reader.join().expect("read to the end");
}

#[test]
fn a_server_that_never_closes_holds_nobody_up() {
    let pair = Pair::with(Patience { farewell: Duration::from_millis(20), ..USUAL });
    let Pair { link, reports, server } = pair;
    close(link, &reports);
    drop(server);
}

#[test]
fn no_server() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let (link, reports) = open(port, USUAL);
    let report = reports.recv_timeout(TOO_LONG).expect("a report");
    assert!(matches!(report, Report::Failed(ConnectError::Refused)), "{report:?}");
    close(link, &reports);
}

#[test]
fn whoever_gives_up_hears_nothing_more() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (link, reports) = open(listener.local_addr().expect("an address").port(), USUAL);
    link.close();
    assert!(!reports.iter().any(|report| matches!(report, Report::Ended | Report::Failed(_))));
}

#[test]
fn what_an_error_means_to_people() {
    use io::ErrorKind::*;
    for (kind, error) in [
        (ConnectionRefused, ConnectError::Refused),
        (TimedOut, ConnectError::NoAnswer),
        (HostUnreachable, ConnectError::NoAnswer),
        (NetworkUnreachable, ConnectError::Unreachable),
        (PermissionDenied, ConnectError::Unreachable),
    ] {
        assert_eq!(connect_error(&kind.into()), error);
        assert_eq!(more_telling(ConnectError::NotFound, error), error);
        assert_eq!(more_telling(error, ConnectError::Refused), ConnectError::Refused);
    }
}
