//! Real sockets on the loopback; the test plays the server. A wait ends as soon as what it waits for is there.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use papo_common::{Event, Hello, Notice, Request, Text};

use super::connection::MAX_QUEUE;
use super::exchange::{MAX_EVENTS, MAX_LINE, READ_SIZE};
use super::shared::MAX_OUTSTANDING;
use super::timeouts::{Timeouts, USUAL};
use super::*;

mod backpressure;
mod connecting;

/// Limit for waiting, reached only by a test that fails.
const TOO_LONG: Duration = Duration::from_secs(20);
/// A limit that the test is to run into.
const SHORT: Duration = Duration::from_millis(20);

struct Pair {
    connection: Connection,
    reports: Receiver<Report>,
    /// Events of the last batch that no test has looked at yet.
    events: VecDeque<Event>,
    server: BufReader<TcpStream>,
}

impl Pair {
    fn new() -> Pair {
        Pair::with(USUAL)
    }

    fn with(timeouts: Timeouts) -> Pair {
        let listener = listener();
        let (connection, reports) = open(&[addr(&listener)], timeouts);
        let server = BufReader::new(listener.accept().expect("a connection").0);
        server.get_ref().set_read_timeout(Some(TOO_LONG)).expect("a time limit");
        let mut pair = Pair { connection, reports, events: VecDeque::new(), server };
        assert!(matches!(pair.next_report(), Report::Connected));
        pair
    }

    fn next_report(&mut self) -> Report {
        self.reports.recv_timeout(TOO_LONG).expect("a report")
    }

    #[track_caller]
    fn expect_event(&mut self) -> Event {
        if self.events.is_empty() {
            match self.next_report() {
                Report::Events(events, _) => self.events.extend(events),
                other => panic!("{other:?} instead of an event"),
            }
        }
        self.events.pop_front().expect("a batch is never empty")
    }

    #[track_caller]
    fn expect_end(&mut self) {
        let report = self.next_report();
        assert!(matches!(report, Report::Ended), "{report:?}");
    }

    /// The next line that the client sent; empty at the end of the stream.
    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.server.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    fn tell(&mut self, bytes: &[u8]) {
        self.server.get_mut().write_all(bytes).expect("written");
    }

    /// Closes the connection and checks that nothing is left behind: the thread is gone, and nothing more is reported.
    fn end(self) {
        close(self.connection, &self.reports);
    }
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a port")
}

fn addr(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().expect("an address")
}

fn refused() -> SocketAddr {
    addr(&listener())
}

fn open(addresses: &[SocketAddr], timeouts: Timeouts) -> (Connection, Receiver<Report>) {
    let addresses = addresses.to_vec();
    open_by(move || Ok(addresses), timeouts)
}

fn open_by(
    lookup: impl FnOnce() -> io::Result<Vec<SocketAddr>> + Send + 'static,
    timeouts: Timeouts,
) -> (Connection, Receiver<Report>) {
    let (sender, reports) = mpsc::channel();
    let report = move |report| {
        let _ = sender.send(report);
    };
    (Connection::open_with(timeouts, Box::new(lookup), report), reports)
}

fn close(connection: Connection, reports: &Receiver<Report>) {
    connection.close().wait();
    expect_no_thread(reports);
}

/// Waits until the channel is disconnected, not merely empty: the connection's closure was dropped with its thread.
fn expect_no_thread(reports: &Receiver<Report>) {
    while reports.recv_timeout(TOO_LONG).map_err(|error| assert_eq!(error, RecvTimeoutError::Disconnected)).is_ok() {}
}

/// Sends more than the buffers of both sides, in fewer lines than the queue takes.
fn fill(connection: &Connection) {
    (0..MAX_QUEUE / 2).for_each(|_| connection.send(&say(&"a".repeat(256 * 1024))));
}

fn say(text: &str) -> Request {
    Request::Say { reference: None, text: text.to_owned() }
}

#[test]
fn both_directions() {
    let mut pair = Pair::new();
    pair.connection.send(&Request::Hello(Hello::new("ana")));
    assert_eq!(pair.next_line(), r#"{"type":"hello","name":"ana","version":1}"#);

    pair.tell(br#"{"type":"notice","text":"ol"#);
    pair.tell("á\",\"at\":7}\nSERVIDOR_ENCERRADO\n".as_bytes());
    let text = Text::clean("olá", papo_common::LineBreaks::Keep).expect("a text");
    assert_eq!(pair.expect_event(), Event::Notice(Notice { text, at: 7, after: None, log: None }));
    assert_eq!(pair.expect_event(), Event::ServerClosed);

    pair.server.get_ref().shutdown(Shutdown::Both).expect("shut down");
    pair.expect_end();
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
    pair.tell(b"SERVIDOR_ENCERRADO\n");
    pair.tell(&vec![b'a'; MAX_LINE + 1]);
    assert_eq!(pair.expect_event(), Event::ServerClosed);
    pair.expect_end();
    pair.end();
}

#[test]
fn silence_ends_the_connection() {
    let mut pair = Pair::with(Timeouts { silence: SHORT, ..USUAL });
    pair.expect_end();
    assert_eq!(pair.next_line(), "", "the server is told");
    pair.end();
}

#[test]
fn sending_waits_for_nothing_and_the_queue_has_an_end() {
    let listener = listener();
    let lookup = addr(&listener);
    let (told, reports) = mpsc::channel();
    let (go_on, stopped) = mpsc::channel::<()>();
    let stopped = std::sync::Mutex::new(stopped);
    let report = move |report| {
        let _ = told.send(report);
        // The connection's own thread takes nothing from the queue: a `send` that waited for it would wait for ever.
        let _ = stopped.lock().expect("one thread alone").recv();
    };
    let connection = Connection::open_with(USUAL, Box::new(move || Ok(vec![lookup])), report);
    let server = listener.accept().expect("a connection").0;
    assert!(matches!(reports.recv_timeout(TOO_LONG), Ok(Report::Connected)));
    (0..=MAX_QUEUE).for_each(|_| connection.send(&say("oi")));
    drop(go_on);
    assert!(matches!(reports.recv_timeout(TOO_LONG), Ok(Report::Ended)));
    close(connection, &reports);
    drop(server);
}

#[test]
fn a_write_that_does_not_go_on_ends_the_connection() {
    let mut pair = Pair::with(Timeouts { write: SHORT, ..USUAL });
    fill(&pair.connection);
    pair.expect_end();
    pair.end();
}

#[test]
fn the_last_line_arrives_although_something_is_unread() {
    let mut pair = Pair::new();
    for _ in 0..1000 {
        pair.tell(b"{\"type\":\"of_tomorrow\"}\n");
    }
    pair.connection.send(&Request::Leave);
    let Pair { connection, reports, server, .. } = pair;
    let reader = thread::spawn(move || {
        let lines: Vec<String> = server.lines().map(|line| line.expect("in good order")).collect();
        assert_eq!(lines, [r#"{"type":"leave"}"#]);
    });
    close(connection, &reports);
    reader.join().expect("read to the end");
}

#[test]
fn closing_goes_on_by_itself() {
    let Pair { connection, reports, mut server, .. } = Pair::new();
    connection.send(&Request::Leave);
    drop(connection.close());
    let mut said = String::new();
    server.read_to_string(&mut said).expect("to the end");
    assert_eq!(said, "{\"type\":\"leave\"}\n");
    drop(server);
    expect_no_thread(&reports);
}

#[test]
fn a_server_that_never_closes_holds_nobody_up() {
    let pair = Pair::with(Timeouts { farewell: SHORT, ..USUAL });
    let Pair { connection, reports, server, .. } = pair;
    close(connection, &reports);
    drop(server);
}

#[test]
fn a_server_that_takes_nothing_holds_nobody_up() {
    let pair = Pair::with(Timeouts { flush: SHORT, ..USUAL });
    fill(&pair.connection);
    let Pair { connection, reports, server, .. } = pair;
    close(connection, &reports);
    drop(server);
}

#[test]
fn dropping_closes_at_once() {
    // With these time limits only the drop can end the connection within the test.
    let never = Duration::from_secs(3600);
    let pair = Pair::with(Timeouts { flush: never, farewell: never, write: never, silence: never, ..USUAL });
    fill(&pair.connection);
    let Pair { connection, reports, server, .. } = pair;
    drop(connection);
    expect_no_thread(&reports);
    drop(server);
}
