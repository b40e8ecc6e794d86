//! Backpressure: events that the window does not take.

use super::*;

#[test]
fn a_flood_that_nobody_takes_stops_the_server_and_arrives_in_order() {
    const EVENTS: u64 = 16 * 1024;
    let mut pair = Pair::new();
    let (flood, mut sent) = (flood(0..EVENTS), 0);
    let mut server = pair.server.get_ref().try_clone().expect("a clone");
    // Each answer shows one more turn of the connection's thread; if each of them read on, nearly all would be taken.
    for _ in 0..flood.len() / READ_SIZE {
        server.set_nonblocking(true).expect("set");
        while sent < flood.len()
            && let Ok(length) = server.write(&flood[sent..])
        {
            sent += length;
        }
        server.set_nonblocking(false).expect("set");
        pair.connection.send(&say("oi"));
        assert_eq!(pair.next_line(), r#"{"type":"say","ref":null,"text":"oi"}"#);
    }
    assert!(sent < flood.len() / 2, "{sent} bytes were taken");
    let outstanding: Vec<Report> = (0..MAX_OUTSTANDING).map(|_| pair.next_report()).collect();
    assert!(pair.reports.try_recv().is_err(), "no more is outstanding");

    let writer = thread::spawn(move || {
        server.write_all(&flood[sent..]).expect("written");
        server.shutdown(Shutdown::Write).expect("shut down");
    });
    let mut next = 0;
    let mut take = |report| {
        let Report::Events(events, _permit) = report else { return false };
        assert!(events.len() <= MAX_EVENTS);
        let numbers: Vec<Event> = (next..).take(events.len()).map(|seq| Event::Removed { seq }).collect();
        assert_eq!(events, numbers);
        next += events.len() as u64;
        true
    };
    assert!(outstanding.into_iter().all(&mut take));
    while take(pair.next_report()) {}
    assert_eq!(next, EVENTS, "all before the end is told");
    writer.join().expect("written");
    pair.end();
}

#[test]
fn a_server_that_is_not_read_is_given_signs_of_life() {
    let silence = Duration::from_secs(2);
    let mut pair = Pair::with(Timeouts { silence, sign_of_life: SHORT, ..USUAL });
    let events = ((MAX_OUTSTANDING + 1) * MAX_EVENTS) as u64;
    pair.tell(&flood(0..events));
    for _ in 0..=silence.div_duration_f64(SHORT) as usize {
        assert_eq!(pair.next_line(), r#"{"type":"pong"}"#);
    }
    for seq in 0..events {
        assert_eq!(pair.expect_event(), Event::Removed { seq }, "it was not taken for silent");
    }
    pair.end();
}

#[test]
fn what_came_before_the_end_is_told_before_it() {
    let mut pair = Pair::new();
    let held = pair.hold_batches();
    pair.tell(b"SERVIDOR_ENCERRADO\nSERVIDOR_ENCERRADO\n");
    pair.server.get_ref().shutdown(Shutdown::Write).expect("shut down");
    assert_eq!(pair.next_line(), "", "the end was read");
    drop(held);
    pair.expect_batch(2);
    pair.expect_end();
    pair.end();
}

#[test]
fn a_trickle_is_read_on_where_nobody_takes_it() {
    let mut pair = Pair::new();
    let held = pair.hold_batches();
    pair.tell(b"SERVIDOR_ENCERRADO\nSERVIDOR_ENCERRADO\n{\"type\":\"ping\"}\n");
    assert_eq!(pair.next_line(), r#"{"type":"pong"}"#);
    drop(held);
    pair.expect_batch(2);
    pair.end();
}

// Elsewhere a reset may discard what was received before it.
#[cfg(target_os = "linux")]
#[test]
fn a_write_that_fails_loses_nothing_that_came_before() {
    let mut pair = Pair::new();
    let held = pair.hold_batches();
    // More than a batch, so that reading is paused, and several reads; but no more than the client's socket takes.
    let events = 1_500;
    pair.tell(removals(events).as_bytes());
    pair.tell(b"SERVIDOR_ENCERRADO\n");
    let Pair { connection, reports, server, .. } = pair;
    // The close waits until the client's socket has all of it. Whatever the client writes then is answered by a reset.
    socket2::SockRef::from(server.get_ref()).set_linger(Some(TOO_LONG)).expect("set");
    drop(server);
    fill(&connection);
    drop(held);
    let mut heard = Vec::new();
    loop {
        match reports.recv_timeout(TOO_LONG).expect("a report") {
            Report::Events(events, _) => heard.extend(events),
            other => break assert!(matches!(other, Report::Ended), "{other:?}"),
        }
    }
    assert_eq!(heard.pop(), Some(Event::ServerClosed));
    assert_eq!(heard, (0..events).map(|seq| Event::Removed { seq }).collect::<Vec<_>>());
    close(connection, &reports);
}

#[test]
fn a_write_that_does_not_go_on_ends_a_paused_connection() {
    let mut pair = Pair::with(Timeouts { write: SHORT, ..USUAL });
    let _held = pair.hold_batches();
    // One write, and so one read: the answer shows that reading is paused.
    pair.tell(format!("{{\"type\":\"ping\"}}\n{}", removals(MAX_EVENTS as u64)).as_bytes());
    assert_eq!(pair.next_line(), r#"{"type":"pong"}"#);
    fill(&pair.connection);
    let flood = flood(0..MAX_EVENTS as u64);
    let mut server = pair.server.get_ref();
    server.set_write_timeout(Some(TOO_LONG)).expect("a time limit");
    let stopped = std::iter::repeat_with(|| server.write_all(&flood)).find_map(Result::err);
    let kind = stopped.map(|error| error.kind());
    assert!(matches!(kind, Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)), "{kind:?}");
    pair.end();
}

impl Pair {
    /// Receives as many batches as may be outstanding, and handles none of them.
    fn hold_batches(&mut self) -> Vec<Report> {
        let hold = |_| {
            self.tell(b"SERVIDOR_ENCERRADO\n");
            self.next_report()
        };
        (0..MAX_OUTSTANDING).map(hold).collect()
    }

    #[track_caller]
    fn expect_batch(&mut self, length: usize) {
        let report = self.next_report();
        assert!(matches!(&report, Report::Events(events, _) if events.len() == length), "{report:?}");
    }
}

/// Short lines, each with one event that has a number.
fn removals(count: u64) -> String {
    let line = |seq| format!("{{\"type\":\"removed\",\"seq\":{seq}}}\n");
    (0..count).map(line).collect()
}

/// Lines of 4 KiB, each with one event that has a number.
fn flood(numbers: std::ops::Range<u64>) -> Vec<u8> {
    let filler = "a".repeat(4096);
    let line = |seq| format!("{{\"type\":\"removed\",\"seq\":{seq},\"filler\":\"{filler}\"}}\n");
    numbers.map(line).collect::<String>().into_bytes()
}
