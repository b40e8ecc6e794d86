//! Connecting: attempts that succeed and attempts that fail.

use socket2::{Domain, Socket, Type};

use super::*;

#[test]
fn no_server() {
    let (connection, reports) = open(&[refused()], USUAL);
    let report = reports.recv_timeout(TOO_LONG).expect("a report");
    assert!(matches!(report, Report::Failed(ConnectError::Refused)), "{report:?}");
    close(connection, &reports);
}

#[test]
fn whoever_gives_up_hears_nothing_more() {
    let listener = listener();
    let (connection, reports) = open(&[addr(&listener)], USUAL);
    connection.close().wait();
    assert!(!reports.iter().any(|report| matches!(report, Report::Ended | Report::Failed(_))));
}

#[test]
fn addresses_are_tried_beside_each_other() {
    let (silent, good) = (Silent::new(), listener());
    // An attempt that is waited for to its end would outlast the test.
    let patient = Timeouts { attempt: Duration::from_secs(3600), connect: Duration::from_secs(3600), ..USUAL };
    let (connection, reports) = open(&[silent.addr(), silent.addr(), addr(&good)], patient);
    assert!(matches!(reports.recv_timeout(TOO_LONG), Ok(Report::Connected)));
    drop(connection);
}

#[test]
fn after_a_failure_the_next_address_is_tried_at_once() {
    let good = listener();
    let patient = Timeouts { attempt_delay: Duration::from_secs(3600), ..USUAL };
    let (connection, reports) = open(&[refused(), refused(), addr(&good)], patient);
    assert!(matches!(reports.recv_timeout(TOO_LONG), Ok(Report::Connected)));
    drop(connection);
}

#[test]
fn who_never_answers() {
    let silent = Silent::new();
    for (addresses, timeouts, expected) in [
        (vec![silent.addr()], Timeouts { attempt: SHORT, ..USUAL }, ConnectError::NoAnswer),
        (vec![silent.addr()], Timeouts { connect: SHORT, ..USUAL }, ConnectError::NoAnswer),
        (vec![refused(), silent.addr()], Timeouts { attempt: SHORT, ..USUAL }, ConnectError::Refused),
        (vec![], USUAL, ConnectError::NotFound),
    ] {
        let (connection, reports) = open(&addresses, timeouts);
        match reports.recv_timeout(TOO_LONG) {
            Ok(Report::Failed(error)) => assert_eq!(error, expected),
            other => panic!("{other:?}"),
        }
        close(connection, &reports);
    }
}

#[test]
fn a_lookup_that_never_ends_holds_nobody_up() {
    for (timeouts, is_reported) in [(Timeouts { connect: SHORT, ..USUAL }, true), (USUAL, false)] {
        let (end, stuck) = mpsc::channel::<()>();
        let lookup = move || stuck.recv().map(|()| Vec::new()).map_err(|_| ErrorKind::Other.into());
        let (connection, reports) = open_by(lookup, timeouts);
        if is_reported {
            let report = reports.recv_timeout(TOO_LONG);
            assert!(matches!(report, Ok(Report::Failed(ConnectError::NotFound))), "{report:?}");
        }
        close(connection, &reports);
        drop(end);
    }
}

/// A machine that never answers: connections to it wait behind a full queue, until it is dropped.
struct Silent {
    socket: Socket,
    _queue: Vec<Socket>,
}

impl Silent {
    fn new() -> Silent {
        let new = || Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        let socket = new();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
        socket.listen(0).expect("a queue");
        let queue = (0..4).map(|_| {
            let waiting = new();
            waiting.set_nonblocking(true).expect("set");
            let _ = waiting.connect(&socket.local_addr().expect("an address"));
            waiting
        });
        Silent { _queue: queue.collect(), socket }
    }

    fn addr(&self) -> SocketAddr {
        self.socket.local_addr().ok().and_then(|addr| addr.as_socket()).expect("an address")
    }
}
