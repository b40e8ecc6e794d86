//! What was on its way when the connection ended.

use proptest::prelude::*;

use super::*;

/// A welcome to ana with bia there, of a session that goes on or not, with what was missed.
fn back(resumed: bool, history: Vec<Event>) -> Event {
    let Event::Welcome(mut event) = welcome(&[("ana", ANA), ("bia", BIA)]) else { panic!("a welcome") };
    (event.resumed, event.history) = (resumed, history);
    Event::Welcome(event)
}

/// The same from that run of the server; `None` if it does not tell.
fn back_in(run: Option<u128>, history: Vec<Event>) -> Event {
    let Event::Welcome(mut event) = back(true, history) else { panic!("a welcome") };
    event.run = run.map(RunId::from_random);
    Event::Welcome(event)
}

/// The connection ends and is made again; what `hello` says.
fn drop_and_return(story: &mut Story) -> Hello {
    story.report(Report::Ended);
    story.tick(1);
    story.effects.clear();
    story.report(Report::Connected);
    match &story.requests()[..] {
        [Request::Hello(hello)] => hello.clone(),
        other => panic!("{other:?}"),
    }
}

fn numbered(pseq: u64, event: Event) -> Event {
    let Event::Private(private) = event else { panic!("a private message") };
    Event::Private(Private { pseq, ..private })
}

#[test]
fn what_waits_stays_pending_while_the_connection_is_lost() {
    let mut story = Story::talking();
    story.send("oi");
    story.send("@bia psiu");
    story.report(Report::Ended);
    let hint = "(Você escreveu para bia em privado.)".to_owned();
    assert_eq!(story.lines(&ConversationId::Room), [hint, "ana: oi…".to_owned()]);
    assert_eq!(story.lines(&with("bia")), ["ana: psiu…"]);
    story.send("mais");
    assert_eq!(
        (story.error().as_str(), story.state().chat.composer.text.as_str()),
        ("Sem conexão. O texto fica guardado aqui.", "mais")
    );
    story.tick(1);
    story.report(Report::Connected);
    story.event(back(true, Vec::new()));
    assert_eq!((&story.state().chat.composer.error, story.state().chat.composer.text.as_str()), (&None, "mais"));
}

#[test]
fn all_that_waits_is_sent_again_under_its_own_number_oldest_first() {
    let mut story = Story::talking();
    story.send("um");
    story.send("@bia dois");
    story.send("três");
    let hello = drop_and_return(&mut story);
    assert_eq!((hello.since, hello.private_since), (None, None));
    story.event(back(true, Vec::new()));
    assert_eq!(story.requests(), [say(1, "um"), private(2, "bia", "dois"), say(3, "três")]);
    assert_eq!(story.lines(&with("bia")), ["ana: dois…"]);
    for (reference, body) in [(1, "um"), (3, "três")] {
        story.event(said("ana", ANA, body, Some(reference)));
    }
    let room = story.lines(&ConversationId::Room);
    assert_eq!(room[room.len() - 2..], ["ana: um", "ana: três"]);
}

#[test]
fn what_had_arrived_is_confirmed_by_what_was_missed() {
    let mut story = Story::talking();
    story.send("um");
    story.send("@bia dois");
    story.send("@bia três");
    drop_and_return(&mut story);
    let missed = vec![said("ana", ANA, "um", Some(1)), whispered("ana", ANA, "bia", "dois", Some(2))];
    story.event(back(true, missed));
    assert_eq!(story.requests(), [private(3, "bia", "três")]);
    assert_eq!(story.lines(&with("bia")), ["ana: dois", "ana: três…"]);
}

#[test]
fn after_a_restart_a_private_message_is_not_sent_again_by_itself() {
    // In another run of the server, and where it does not tell its run.
    for run in [Some(8), None] {
        let mut story = Story::talking();
        story.event(numbered(1, whispered("bia", BIA, "ana", "psiu", None)));
        story.send("@bia dois");
        story.send("três");
        let hello = drop_and_return(&mut story);
        assert_eq!(hello.private_since, SafeInteger::new(1));
        story.event(back_in(run, vec![numbered(2, whispered("bia", BIA, "ana", "voltou?", None))]));
        assert_eq!(story.requests(), [say(2, "três")], "{run:?}");
        assert_eq!(story.lines(&with("bia")), ["bia: psiu", "bia: voltou?", "ana: dois!"]);
        story.update(Message::Whisper(name("bia")));
        let number = story.said(&with("bia"), "dois");
        story.update(Message::Retry(number));
        assert_eq!(story.requests(), [private(1, "bia", "dois")], "only if the person wants it");
        // That run is now the one that is known.
        drop_and_return(&mut story);
        story.event(back_in(run, Vec::new()));
        let again = [private(1, "bia", "dois"), say(2, "três")];
        assert_eq!(story.requests(), again[usize::from(run.is_none())..]);
    }
}

#[test]
fn a_private_message_is_not_sent_again_by_itself_to_another_person() {
    let hint = "(bia entrou de novo e pode ser outra pessoa.)";
    for (there, is_resent) in [(Some(BIA), true), (Some(9), false), (None, true)] {
        let mut story = Story::talking();
        story.send("@bia psiu");
        story.send("oi");
        drop_and_return(&mut story);
        let Event::Welcome(mut event) = back(true, Vec::new()) else { panic!("a welcome") };
        let mut users = event.users.to_vec();
        match there {
            Some(id) => users[1].id = MemberId::from_random(id),
            None => users.truncate(1),
        }
        event.users = users.into_iter().collect();
        story.event(Event::Welcome(event.clone()));
        let requests = [private(1, "bia", "psiu"), say(2, "oi")];
        assert_eq!(story.requests(), requests[usize::from(!is_resent)..], "{there:?}");
        if !is_resent {
            assert_eq!(story.lines(&with("bia")), [hint, "ana: psiu!"]);
            story.update(Message::Show(with("bia")));
            story.update(Message::Retry(story.said(&with("bia"), "psiu")));
            assert_eq!(story.requests(), [private(1, "bia", "psiu")], "only if the person wants it");
            drop_and_return(&mut story);
            story.event(Event::Welcome(event));
            assert_eq!(story.requests()[0], private(1, "bia", "psiu"), "it is meant for that one now");
        }
    }
}

#[test]
fn a_session_that_is_over_confirms_nothing() {
    let mut story = Story::talking();
    story.send("um");
    story.send("dois");
    drop_and_return(&mut story);
    let Event::Welcome(mut event) = back(false, vec![said("ana", ANA, "um", Some(1))]) else { panic!("a welcome") };
    event.id = MemberId::from_random(11);
    let mut users = event.users.to_vec();
    users[0].id = event.id;
    event.users = users.into_iter().collect();
    story.event(Event::Welcome(event));
    assert_eq!(story.requests(), []);
    assert_eq!(
        story.lines(&ConversationId::Room),
        ["ana: um", "ana: dois!"],
        "what an earlier session said is one's own"
    );
}

#[test]
fn a_server_that_has_lost_its_last_part_is_heard_all_the_same() {
    let at = |seq: u64, by: u64| {
        let Event::Message(message) = said("bia", BIA, &format!("{by}.{seq}"), None) else { panic!("a message") };
        Event::Message(Spoken { seq, at: NOW + 1_000 * by + seq, ..message })
    };
    let texts = |story: &Story| {
        let texts = story
            .lines(&ConversationId::Room)
            .into_iter()
            .filter_map(|line| line.strip_prefix("bia: ").map(str::to_owned));
        texts.collect::<Vec<_>>()
    };
    let return_to = |story: &mut Story, seq: u64, history: Vec<Event>| {
        let hello = drop_and_return(story);
        let Event::Welcome(mut event) = back(true, history) else { panic!("a welcome") };
        event.seq = seq;
        story.event(Event::Welcome(event));
        hello.since
    };
    let mut story = Story::talking();
    (1..=5).for_each(|seq| story.event(at(seq, 1)));
    // Of the five it has three, and another was said since.
    let since = return_to(&mut story, 4, vec![at(1, 1), at(2, 1), at(3, 1), at(4, 2)]);
    assert_eq!(since, SafeInteger::new(5));
    assert_eq!(texts(&story), ["1.1", "1.2", "1.3", "1.4", "1.5", "2.4"]);
    story.event(at(5, 2));
    let since = return_to(&mut story, 6, vec![at(6, 2)]);
    assert_eq!((since, texts(&story)[6..].concat()), (SafeInteger::new(5), "2.52.6".to_owned()));
    // Nothing that it tells is known.
    return_to(&mut story, 3, vec![at(2, 3), at(3, 3)]);
    assert_eq!(texts(&story)[8..], ["3.2", "3.3"]);
    let since = return_to(&mut story, 2, Vec::new());
    assert_eq!((since, story.state().chat.history.resume.seq), (SafeInteger::new(3), 2));
}

#[test]
fn numbers_that_are_given_again_are_not_taken_back_before_they_are_used() {
    let number = |seq: u64| {
        let Event::Message(message) = said("bia", BIA, &format!("n{seq}"), None) else { panic!("a message") };
        Event::Message(Spoken { seq, ..message })
    };
    let mut story = Story::talking();
    (1..=5).for_each(|seq| story.event(number(seq)));
    story.event(Event::Removed { seq: 5 });
    drop_and_return(&mut story);
    let Event::Welcome(mut event) = back(true, Vec::new()) else { panic!("a welcome") };
    event.seq = 3;
    story.event(Event::Welcome(event));
    story.event(number(4));
    story.event(number(5));
    assert_eq!(story.lines(&ConversationId::Room).last().map(String::as_str), Some("bia: n5"));
}

#[test]
fn a_private_message_that_waits_for_its_reader_is_lost_with_the_run_of_the_server() {
    for (run, expected) in [(Some(7), "ana: psiu"), (Some(8), "ana: psiu!"), (None, "ana: psiu")] {
        let mut story = Story::talking();
        story.event(left("bia", BIA));
        story.send("@bia psiu");
        let Event::Private(receipt) = whispered("ana", ANA, "bia", "psiu", Some(1)) else {
            panic!("a private message")
        };
        story.event(Event::Private(Private { away: true, ..receipt }));
        assert_eq!(story.lines(&with("bia")), ["ana: psiu~"]);
        drop_and_return(&mut story);
        story.event(back_in(run, Vec::new()));
        assert_eq!(story.lines(&with("bia")), [expected], "{run:?}");
    }
}

#[test]
fn who_is_sent_away_or_refused_has_nothing_on_its_way() {
    for event in [Event::ServerClosed, Event::closed(CloseReason::Kicked)] {
        let mut story = Story::talking();
        story.send("um");
        story.event(event);
        assert_eq!(story.lines(&ConversationId::Room), ["ana: um!"]);
    }
    let mut story = Story::talking();
    story.send("um");
    drop_and_return(&mut story);
    story.event(Event::refused(Refusal::NameInUse));
    assert_eq!(story.lines(&ConversationId::Room), ["ana: um!"]);
}

#[test]
fn so_much_is_sent_again_and_the_rest_is_asked_about() {
    let mut story = Story::talking();
    (0..200).for_each(|n| story.send(&format!("n{n}")));
    drop_and_return(&mut story);
    story.event(back(true, Vec::new()));
    let requests = story.requests();
    assert_eq!((requests.len(), requests.last()), (128, Some(&say(128, "n127"))));
    let lines = story.lines(&ConversationId::Room);
    assert_eq!((lines[127].as_str(), lines[128].as_str()), ("ana: n127…", "ana: n128!"));
}

/// A server as it is, as far as ana and bia go: what is public outlives it, what is private does not.
#[derive(Default)]
struct Server {
    said: Vec<Spoken>,
    privates: Vec<Private>,
    /// How many private messages ana was given before this memory begins.
    base: u64,
    has_lost_count: bool,
    runs: u128,
    /// Its clock: no two messages are given at the same time.
    now: u64,
    /// What bia has read.
    read: Vec<String>,
}

impl Server {
    fn answer(&mut self, request: Request) -> Option<Event> {
        match request {
            Request::Say { reference, text: body } => {
                if let Some(known) = self.said.iter().find(|it| it.reference == reference) {
                    return Some(Event::Message(known.clone()));
                }
                let Event::Message(mut message) = said("ana", ANA, &body, reference.map(SafeInteger::value)) else {
                    panic!()
                };
                message.seq = self.said.len() as u64 + 1;
                self.said.push(message.clone());
                Some(Event::Message(message))
            }
            Request::Private { reference, text: body, .. } => {
                if let Some(known) = self.privates.iter().find(|it| it.reference == reference) {
                    return Some(Event::Private(known.clone()));
                }
                self.read.push(body.clone());
                Some(self.give(whispered("ana", ANA, "bia", &body, reference.map(SafeInteger::value))))
            }
            _ => None,
        }
    }

    fn give(&mut self, event: Event) -> Event {
        let Event::Private(private) = event else { panic!("a private message") };
        self.now += 1;
        let pseq = self.base + self.privates.len() as u64 + 1;
        let private = Private { pseq, at: self.now, ..private };
        self.privates.push(private.clone());
        Event::Private(private)
    }

    fn restart(&mut self) {
        (self.privates, self.base, self.has_lost_count) = (Vec::new(), 0, true);
        self.runs += 1;
    }

    fn welcome(&mut self, hello: &Hello) -> Event {
        let since = |number: Option<SafeInteger>| number.map_or(0, SafeInteger::value);
        if std::mem::take(&mut self.has_lost_count) {
            self.base += since(hello.private_since);
            self.privates.iter_mut().for_each(|it| it.pseq += since(hello.private_since));
        }
        let said = self.said.iter().filter(|it| it.seq > since(hello.since)).cloned().map(Event::Message);
        let privates = self.privates.iter().filter(|it| it.pseq > since(hello.private_since));
        back_in(Some(7 + self.runs), said.chain(privates.cloned().map(Event::Private)).collect())
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Say,
    Whisper,
    BiaWhispers,
    /// So many requests reach the server.
    Read(usize),
    /// So many events reach ana.
    Hear(usize),
    Drop,
    Restart,
    Return,
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Say),
        4 => Just(Step::Whisper),
        2 => Just(Step::BiaWhispers),
        4 => (1..4_usize).prop_map(Step::Read),
        4 => (1..4_usize).prop_map(Step::Hear),
        2 => Just(Step::Drop),
        1 => Just(Step::Restart),
        4 => Just(Step::Return),
    ]
}

/// Ana, the server, and what is on its way between them.
struct Net {
    story: Story,
    server: Server,
    up: Vec<Request>,
    down: Vec<Event>,
    said: usize,
    restarts: usize,
}

impl Net {
    fn step(&mut self, step: Step) {
        let is_talking = *self.story.phase() == Phase::Talking;
        match step {
            Step::Say | Step::Whisper if is_talking => {
                self.said += 1;
                let to = if matches!(step, Step::Whisper) { "@bia p" } else { "m" };
                self.story.send(&format!("{to}{}", self.said));
            }
            Step::BiaWhispers => {
                let event = self.server.give(whispered("bia", BIA, "ana", "psiu", None));
                self.down.extend(is_talking.then_some(event));
            }
            Step::Read(count) => {
                let count = count.min(self.up.len());
                let answers = self.up.drain(..count).filter_map(|it| self.server.answer(it));
                self.down.extend(answers);
            }
            Step::Hear(count) => {
                let count = count.min(self.down.len());
                self.down.drain(..count).for_each(|event| self.story.event(event));
            }
            Step::Drop | Step::Restart if is_talking => {
                self.restarts += usize::from(matches!(step, Step::Restart));
                (self.up, self.down) = (Vec::new(), Vec::new());
                self.story.report(Report::Ended);
                if matches!(step, Step::Restart) {
                    self.server.restart();
                }
            }
            Step::Return if !is_talking => {
                self.story.tick(1);
                self.story.effects.clear();
                self.story.report(Report::Connected);
                let Some(Request::Hello(hello)) = self.story.requests().pop() else { panic!("no hello") };
                let welcome = self.server.welcome(&hello);
                self.story.event(welcome);
            }
            _ => {}
        }
        self.up.extend(self.story.requests());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_lost_or_doubled(steps in prop::collection::vec(a_step(), 0..80)) {
        let mut net = Net {
            story: Story::talking(), server: Server::default(), up: vec![], down: vec![], said: 0, restarts: 0,
        };
        for step in steps.into_iter().chain([Step::Return, Step::Read(999), Step::Hear(999)]) {
            net.step(step);
        }
        let (room, whispers) = (net.story.lines(&ConversationId::Room), net.story.lines(&with("bia")));
        for n in 1..=net.said {
            let (public, private) = (format!("m{n}"), format!("p{n}"));
            let is_public = net.server.said.iter().filter(|it| it.text.as_str() == public).count();
            let is_read = net.server.read.iter().filter(|it| **it == private).count();
            let shown = |lines: &[String], line: &str| lines.iter().filter(|it| *it == line).count();
            let done = (shown(&room, &format!("ana: {public}")), shown(&whispers, &format!("ana: {private}")));
            let failed = (shown(&room, &format!("ana: {public}!")), shown(&whispers, &format!("ana: {private}!")));
            if is_public + done.0 + failed.0 > 0 {
                prop_assert_eq!((is_public, done.0, failed.0), (1, 1, 0), "{}", n);
            } else {
                prop_assert!(is_read <= 1, "{private} was read twice");
                prop_assert_eq!(done.1 + failed.1, 1, "{}", private);
                prop_assert!(done.1 <= is_read, "{private} is confirmed and nobody read it");
                prop_assert!(net.restarts > 0 || failed.1 == 0, "{private} was given up without need");
            }
        }
        let pseqs: Vec<u64> = net.server.privates.iter().map(|it| it.pseq).collect();
        prop_assert!(pseqs.is_sorted());
        let bias = whispers.iter().filter(|line| *line == "bia: psiu").count();
        prop_assert!(net.restarts > 0 || bias == net.server.privates.iter().filter(|it| it.reference.is_none()).count());
    }
}
