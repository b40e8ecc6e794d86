use std::borrow::Cow;
use std::num::NonZeroU64;

use papo_common::{CloseReason, Hello, SafeInteger, classic, json};

use super::*;
use crate::connection::closing::LINGER;
use crate::connection::heartbeat::{DEAD_AFTER, PING_AFTER};
use crate::connection::stall::STALL_TIMEOUT;
use crate::connection::timeout::Timeout;
use crate::token_bucket::RateLimit;

/// A session without a transport, its dialect's broadcast log and its clock.
struct Stage {
    session: Session,
    broadcast: BroadcastLog,
    config: ConnectionConfig,
    now: Instant,
}

/// Any event that both dialects have a line for does in the place of a welcome.
const WELCOME: Event = Event::Closed { reason: CloseReason::Idle, detail: Cow::Borrowed("welcome") };
const LAST: Event = Event::Closed { reason: CloseReason::Kicked, detail: Cow::Borrowed("last") };
const LIMIT: usize = 1_000;
const MEMBER: MemberKey = MemberKey(NonZeroU64::MIN);

impl Stage {
    fn new(refusal: Option<Refusal>) -> Stage {
        let now = Instant::now();
        let config = ConnectionConfig { max_line: 99, rate: None, name_timeout: None, epoch: now };
        Stage { session: Session::new(refusal, &config, now), broadcast: BroadcastLog::default(), config, now }
    }

    /// A member that gave its name by these bytes.
    fn member(hello: &[u8]) -> Stage {
        let mut stage = Stage::new(None);
        stage.receive(hello);
        stage.pass(200);
        let requests = stage.requests();
        assert!(matches!(&requests[..], [Request::Hello(_)]), "{requests:?}");
        stage.session.register(MEMBER, TokenBucket::default());
        stage.session.welcome(&WELCOME, &stage.broadcast, stage.now);
        stage
    }

    fn json() -> Stage {
        let mut hello = Vec::new();
        json::encode_request(&Request::Hello(Hello::new("ana")), &mut hello);
        let mut stage = Stage::member(&hello);
        stage.write(usize::MAX);
        stage
    }

    fn pass(&mut self, ms: u64) {
        self.now += Duration::from_millis(ms);
    }

    fn receive(&mut self, read: &[u8]) {
        self.session.handle_readable();
        self.session.handle_bytes(read, self.now);
    }

    fn requests(&mut self) -> Vec<Request> {
        let next = || self.session.next_request(&self.config, self.now).unwrap().map(Result::unwrap);
        std::iter::from_fn(next).collect()
    }

    fn tell(&mut self, event: &Event) {
        self.session.tell(event, &self.broadcast);
    }

    fn close(&mut self, how: Close) -> Option<MemberKey> {
        self.session.close(how, &self.broadcast, self.now)
    }

    /// Output for a transport that takes `most` bytes, `|` for the shutdown.
    fn write(&mut self, most: usize) -> String {
        let (mut text, mut taken) = (String::new(), 0);
        loop {
            let bytes = match self.session.next_output(&self.broadcast, self.now) {
                Output::Bytes(slices) => slices.iter().flat_map(|slice| slice.to_vec()).collect::<Vec<u8>>(),
                Output::ShutDown => {
                    text += "|";
                    continue;
                }
            };
            let written = bytes.len().min(most - taken);
            if written == 0 {
                break;
            }
            taken += written;
            text += str::from_utf8(&bytes[..written]).unwrap();
            self.session.handle_written(written, &self.broadcast, self.now);
        }
        self.session.handle_flushed(taken, LIMIT, &self.broadcast, self.now);
        text
    }

    fn timeout(&mut self) -> Option<Timeout> {
        self.session.timeout(&self.config, self.now)
    }

    /// Milliseconds from now to the deadline.
    fn due_in(&self) -> Option<u128> {
        self.session.deadline(&self.config).map(|at| at.saturating_duration_since(self.now).as_millis())
    }
}

/// The line of an event in a dialect.
fn line(dialect: Dialect, event: &Event) -> String {
    let mut line = Vec::new();
    match dialect {
        Dialect::Classic => classic::encode(event, &mut line),
        Dialect::Json => json::encode(event, &mut line),
    }
    String::from_utf8(line).unwrap()
}

fn say(text: &str) -> Request {
    Request::Say { reference: None, text: text.into() }
}

fn search(text: &str) -> Request {
    Request::Search { reference: None, text: text.into(), before: None, count: SafeInteger::new(1).unwrap() }
}

#[test]
fn bytes_become_requests_and_events_become_bytes_in_order() {
    let mut stage = Stage::member(b"ana\n");
    stage.broadcast.tail().extend(b"bia entrou\n");
    stage.tell(&LAST);
    stage.receive(b"oi\nto");
    assert_eq!(stage.requests(), [say("oi")]);
    stage.receive(b"dos\n");
    assert_eq!(stage.requests(), [say("todos")]);
    stage.broadcast.tail().extend(b"fim\n");
    let [welcome, last] = [WELCOME, LAST].map(|event| line(Dialect::Classic, &event));
    assert_eq!(stage.write(10) + &stage.write(usize::MAX), format!("{welcome}bia entrou\n{last}fim\n"));
}

#[test]
fn a_refused_connection_is_told_so_in_its_dialect_and_at_last_in_classic() {
    for (read, ms, dialect) in
        [(&b"{"[..], 0, Dialect::Json), (b"ana\n", 0, Dialect::Classic), (b"", 2_000, Dialect::Classic)]
    {
        let refusal = Refusal::RoomFull;
        let mut stage = Stage::new(Some(refusal));
        assert_eq!((stage.timeout(), stage.due_in()), (None, Some(REFUSING_TIMEOUT.as_millis())));
        stage.receive(read);
        assert_eq!(stage.requests(), []);
        stage.pass(ms);
        assert_eq!(stage.timeout(), Some(Timeout::Refused(refusal)));
        let event = Event::refused(refusal);
        assert_eq!(stage.close(Close::InOrder(Some(event.clone()))), None);
        assert_eq!(stage.write(usize::MAX), line(dialect, &event) + "|");
    }
}

#[test]
fn closing_writes_what_waits_and_the_last_line_and_waits_for_the_other_end() {
    let mut stage = Stage::member(b"ana\n");
    stage.broadcast.tail().extend(b"oi\n");
    assert_eq!(stage.close(Close::InOrder(Some(LAST))), Some(MEMBER));
    assert_eq!(stage.close(Close::DiscardPending(LAST)), None);
    stage.tell(&LAST);
    stage.receive(b"tarde demais\n");
    assert!(stage.session.must_discard_input());
    let [welcome, last] = [WELCOME, LAST].map(|event| line(Dialect::Classic, &event));
    assert_eq!(stage.write(3) + &stage.write(usize::MAX), format!("{welcome}oi\n{last}|"));
    assert_eq!((stage.requests(), stage.due_in()), (vec![], Some(LINGER.as_millis())));
    stage.session.handle_end(stage.now);
    assert_eq!((stage.write(usize::MAX).as_str(), stage.session.is_closed(), stage.due_in()), ("", true, None));
}

#[test]
fn closing_does_not_wait_for_a_reader_for_ever() {
    let mut stage = Stage::member(b"ana\n");
    stage.close(Close::InOrder(None));
    assert_eq!(stage.write(1).len(), 1);
    stage.pass(LINGER.as_millis() as u64);
    stage.write(0);
    assert!(stage.session.is_closed());
}

#[test]
fn discarding_leaves_the_line_being_written_and_the_last_one() {
    let mut stage = Stage::json();
    stage.broadcast.tail().extend(b"one\ntwo\n");
    assert_eq!(stage.write(2), "on");
    assert_eq!(stage.close(Close::DiscardPending(LAST)), Some(MEMBER));
    assert_eq!(stage.write(usize::MAX), format!("e\n{}|", line(Dialect::Json, &LAST)));
}

#[test]
fn a_program_that_ends_nothing_is_written_to_in_pieces_and_told_the_end_alone() {
    let mut stage = Stage::member(b"ana");
    stage.broadcast.tail().extend(b"depois\n");
    assert_eq!(stage.write(usize::MAX), line(Dialect::Classic, &WELCOME));
    assert_eq!(stage.due_in(), Some(ISOLATION.as_millis()));
    stage.pass(100);
    assert_eq!(stage.write(usize::MAX), "depois\n");
    stage.receive(b"oi");
    stage.receive(b"gente");
    assert_eq!(stage.requests(), [say("oigente")]);
    stage.close(Close::InOrder(Some(Event::ServerClosed)));
    assert_eq!(stage.write(usize::MAX), "");
    stage.pass(100);
    assert_eq!(stage.write(usize::MAX), line(Dialect::Classic, &Event::ServerClosed) + "|");
}

#[test]
fn a_reader_that_leaves_long_replies_unread_is_not_asked_what_else_it_wants() {
    let mut stage = Stage::json();
    stage.receive(b"{\"type\":\"pong\"}\n");
    let reply = Event::Closed { reason: CloseReason::Kicked, detail: "x".repeat(300 * 1024).into() };
    stage.tell(&reply);
    assert_eq!((stage.requests(), stage.session.is_paused(&stage.config, stage.now)), (vec![], true));
    stage.write(100 * 1024);
    assert_eq!(stage.requests(), [Request::Pong]);
    assert!(!stage.session.is_paused(&stage.config, stage.now));
}

#[test]
fn a_second_query_and_what_follows_it_wait_for_the_answer_to_the_first() {
    let mut stage = Stage::json();
    let requests = [search("one"), Request::Pong, search("two"), Request::Leave];
    let mut lines = Vec::new();
    for request in &requests {
        json::encode_request(request, &mut lines);
    }
    stage.config.max_line = lines.len();
    stage.receive(&lines);
    let first = stage.session.next_request(&stage.config, stage.now).unwrap();
    stage.session.gate.begin_query();
    assert_eq!((first, stage.requests()), (Some(Ok(requests[0].clone())), vec![requests[1].clone()]));
    assert!(stage.session.is_paused(&stage.config, stage.now));
    stage.session.gate.end_query();
    assert_eq!(stage.requests(), requests[2..]);
}

#[test]
fn requests_over_the_rate_wait_and_the_deadline_says_until_when() {
    let mut stage = Stage::member(b"ana\n");
    stage.config.rate = RateLimit::new(10, 2);
    stage.receive(b"1\n2\n3\n");
    assert_eq!(stage.requests(), [say("1"), say("2")]);
    assert!(stage.session.is_paused(&stage.config, stage.now));
    assert_eq!((stage.due_in(), stage.session.take_used()), (Some(100), 3));
    stage.pass(100);
    assert_eq!(stage.requests(), [say("3")]);
}

#[test]
fn lines_that_came_before_writing_failed_still_count() {
    let mut stage = Stage::member(b"ana\n");
    stage.receive(b"adeus\n");
    stage.session.handle_write_error();
    stage.tell(&LAST);
    assert_eq!((stage.write(usize::MAX).as_str(), stage.requests()), ("", vec![say("adeus")]));
    assert_eq!(stage.close(Close::InOrder(Some(LAST))), Some(MEMBER));
    assert!(stage.session.is_closed());
}

#[test]
fn a_quiet_member_is_pinged_and_then_dead() {
    let mut stage = Stage::json();
    stage.session.handle_drained();
    // Pings are due at whole seconds.
    stage.pass(PING_AFTER.as_millis() as u64);
    assert_eq!((stage.timeout(), stage.due_in()), (None, Some(800)));
    stage.pass(800);
    assert_eq!((stage.timeout(), stage.due_in()), (Some(Timeout::Ping), Some(DEAD_AFTER.as_millis())));
    stage.pass(DEAD_AFTER.as_millis() as u64);
    assert_eq!(stage.timeout(), Some(Timeout::Dead));
}

#[test]
fn a_reader_over_its_limit_that_takes_nothing_is_slow() {
    let mut stage = Stage::json();
    stage.broadcast.tail().resize(2 * LIMIT, b'x');
    stage.write(1);
    assert_eq!((stage.timeout(), stage.due_in()), (None, Some(STALL_TIMEOUT.as_millis())));
    stage.pass(4_999);
    stage.write(1);
    stage.pass(4_999);
    stage.write(0);
    assert_eq!((stage.timeout(), stage.due_in()), (None, Some(1)));
    stage.pass(1);
    assert_eq!(stage.timeout(), Some(Timeout::Slow));
    stage.write(LIMIT);
    assert_eq!(stage.timeout(), None);
}

#[test]
fn only_requests_before_the_name_count_as_bad_hellos() {
    let mut stage = Stage::new(None);
    assert_eq!([(); 3].map(|()| stage.session.count_bad_hello()), [1, 2, 3]);
    stage.session.register(MEMBER, TokenBucket::default());
    assert_eq!((stage.session.count_bad_hello(), stage.session.member()), (0, Some(MEMBER)));
}

/// A large room has ten thousand of them.
#[test]
fn an_idle_session_takes_little_memory() {
    assert!(size_of::<Session>() <= 200, "{}", size_of::<Session>());
}
