//! Stored history by itself: what is written is found again, by whoever opens the file next.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use papo_common::{Event, LineBreaks, LogId, MemberId, Message, Name, Notice, SafeInteger, SessionSecret, Text};
use papo_server::clock::Now;
use papo_server::config::HistoryConfig;
use papo_server::history::{ExportKind, Failed, History, HistoryError, Job, Queries, Removal, Step, TimeSlice};
use papo_server::keys::ConnectionKey;
use papo_server::room::effects::{Query, QueryKind, Record};
use papo_server::room::search::Search;
use papo_server::room::secret_hash::SecretHash;
use papo_server::room::snapshot::Snapshot;
use papo_server::strings;
use tempfile::TempDir;

const AT: u64 = 1_700_000_000_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A file and what is open of it.
struct Kept {
    folder: TempDir,
    history: History,
    past: Option<Snapshot>,
    start: Instant,
}

fn keeping(path: PathBuf) -> HistoryConfig {
    HistoryConfig { path: Some(path), time: 30 * DAY, size: 1 << 30 }
}

fn open(path: &Path, now: Now) -> (History, Option<Snapshot>) {
    History::open(&keeping(path.into()), LogId::from_random(u128::from(now.unix_ms)), now)
}

fn now(start: Instant, later: Duration) -> Now {
    Now { instant: start + later, unix_ms: AT + later.as_millis() as u64 }
}

impl Kept {
    fn new() -> Kept {
        let (folder, start) = (tempfile::tempdir().unwrap(), Instant::now());
        let (history, past) = open(&folder.path().join("papo.db"), now(start, Duration::ZERO));
        Kept { folder, history, past, start }
    }

    /// A file that is too large from 1 MiB on.
    fn small() -> Kept {
        let Kept { folder, history, start, .. } = Kept::new();
        drop(history);
        let keeping = HistoryConfig { size: 1 << 20, ..keeping(folder.path().join("papo.db")) };
        let (history, past) = History::open(&keeping, LogId::from_random(1), now(start, Duration::ZERO));
        Kept { folder, history, past, start }
    }

    /// Tidies, a little each time, until nothing is left to do; how many messages and bytes are left.
    fn tidy(&mut self, later: Duration) -> (u64, u64) {
        let (mut turns, begin) = (0, self.start + later);
        while let Some(due) = self.history.due().filter(|due| *due < begin + Duration::from_secs(600)) {
            let instant = due.max(begin);
            self.history.prune(now(self.start, instant - self.start)).unwrap();
            turns += 1;
            assert!(turns < 200, "it takes too long, or never ends");
        }
        self.history.usage().unwrap()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("papo.db")
    }

    /// As after a `kill -9`: the file is left as it is.
    fn again(self) -> Kept {
        let Kept { folder, history, start, .. } = self;
        drop(history);
        let (history, past) = open(&folder.path().join("papo.db"), now(start, Duration::from_secs(1)));
        assert!(history.error().is_none(), "{:?}", history.error());
        Kept { folder, history, past, start }
    }

    fn past(&self) -> &Snapshot {
        self.past.as_ref().unwrap()
    }

    fn keep(&mut self, records: &[Record]) {
        self.keep_at(Duration::ZERO, records);
    }

    fn keep_at(&mut self, later: Duration, records: &[Record]) {
        self.history.commit(records, self.start + later).unwrap();
    }

    /// The answer to what is asked of it, however long that takes.
    #[track_caller]
    fn ask(&mut self, lookup: QueryKind) -> (Vec<u64>, bool) {
        let mut queries = Queries::default();
        queries.push(Query { connection: ConnectionKey(7), reference: SafeInteger::new(9), kind: lookup });
        let slice = TimeSlice { time: Duration::ZERO, stride: 0 };
        while !queries.is_empty() {
            self.history.run_queries(&mut queries, slice, self.start).unwrap();
            match queries.next_answer() {
                Some((
                    ConnectionKey(7),
                    Event::Found { messages, more, reference } | Event::History { messages, more, reference },
                )) => {
                    assert_eq!(reference, SafeInteger::new(9));
                    return (numbers(&messages), more);
                }
                Some(other) => panic!("{other:?}"),
                None => {}
            }
        }
        panic!("it was never answered")
    }

    #[track_caller]
    fn find(&mut self, text: &str, before: Option<u64>, count: u64) -> (Vec<u64>, bool) {
        let search = Search::new(text, before.and_then(SafeInteger::new), SafeInteger::new(count).unwrap()).unwrap();
        self.ask(QueryKind::Search(search))
    }

    #[track_caller]
    fn older(&mut self, before: u64, count: usize) -> (Vec<u64>, bool) {
        self.ask(QueryKind::History { before, count })
    }

    fn export(&mut self, what: ExportKind, name: &str) -> String {
        let path = self.folder.path().join(name);
        let mut export = Job::export(what, &path, AT + 600_000, strings::EXPORT_LABELS).unwrap();
        while !matches!(
            self.history.run_job(&mut export, self.start + Duration::from_secs(600)).unwrap(),
            Step::Done(_)
        ) {}
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "for this user's eyes alone");
        std::fs::read_to_string(path).unwrap()
    }
}

fn numbers(messages: &[Event]) -> Vec<u64> {
    messages.iter().map(|event| if let Event::Message(message) = event { message.seq } else { panic!() }).collect()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn id(n: u128) -> MemberId {
    MemberId::from_random(n)
}

fn message(seq: u64, from: &str, text: &str) -> Message {
    let text = Text::clean(text, LineBreaks::Keep).unwrap();
    Message { seq, from: name(from), id: id(1), text, at: AT + seq, reference: SafeInteger::new(seq) }
}

fn said(seq: u64, text: &str) -> Record {
    Record::Message(message(seq, "ana", text))
}

fn came(n: u128, who: &str, at: u64) -> Record {
    let secret = Some(SecretHash::of(SessionSecret::from_random(n)));
    Record::Joined { name: name(who), id: id(n), addr: ([10, 0, 0, n as u8], 4000).into(), at, secret }
}

#[test]
fn the_next_run_goes_on_where_this_one_ended() {
    let mut kept = Kept::new();
    assert_eq!((kept.past().seq, kept.past().messages.len(), kept.past().sessions.len()), (0, 0, 0));
    let log = kept.past().log;
    let messages: Vec<Message> = (1..=600).map(|seq| message(seq, "ana", &format!("linha {seq}\nfim"))).collect();
    kept.keep(&[came(1, "ana", AT), came(2, "bia", AT), came(3, "caio", AT)]);
    kept.keep(&messages.iter().cloned().map(Record::Message).collect::<Vec<_>>());
    kept.keep(&[Record::Left { id: id(2), at: AT }, Record::SessionEnded { id: id(2), at: AT }]);
    let kept = kept.again();
    let past = kept.past();
    assert_eq!((past.log, past.seq), (log, 600));
    assert_eq!(past.messages, messages[100..]);
    let open: Vec<(&str, MemberId)> = past.sessions.iter().map(|open| (open.name.as_str(), open.id)).collect();
    assert_eq!(open, [("ana", id(1)), ("caio", id(3))]);
    assert_eq!(past.sessions[0].secret, SecretHash::of(SessionSecret::from_random(1)));
    assert_eq!(past.sessions[0].ip, std::net::IpAddr::from([10, 0, 0, 1]));
    assert_eq!(past.sessions[0].receipts.len(), 600);
    assert_eq!(past.sessions[0].receipts[41], (SafeInteger::new(42).unwrap(), 42, AT + 42));
    assert_eq!(past.sessions[1].receipts, []);
}

#[test]
fn no_secret_is_in_the_file() {
    let mut kept = Kept::new();
    let session = SessionSecret::from_random(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    let (addr, secret) = (([10, 0, 0, 1], 1).into(), Some(SecretHash::of(session)));
    kept.keep(&[Record::Joined { name: name("ana"), id: id(1), addr, at: AT, secret }]);
    let folder = kept.folder;
    drop(kept.history);
    let bytes = std::fs::read(folder.path().join("papo.db")).unwrap();
    let secret = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef_u128.to_be_bytes();
    assert!(!bytes.windows(16).any(|window| window == secret));
    assert!(!bytes.windows(32).any(|window| window == b"0123456789abcdef0123456789abcdef"));
    assert!(bytes.windows(32).any(|window| window == SecretHash::of(session).as_bytes()));
}

#[test]
fn older_messages_page_by_page() {
    let mut kept = Kept::new();
    kept.keep(&(1..=450).map(|seq| said(seq, "oi")).collect::<Vec<_>>());
    assert_eq!(kept.older(1 << 53, 200), ((251..=450).collect(), true));
    assert_eq!(kept.older(251, 200), ((51..=250).collect(), true));
    assert_eq!(kept.older(51, 200), ((1..=50).collect(), false));
    assert_eq!(kept.older(51, 50), ((1..=50).collect(), false));
    assert_eq!(kept.older(1, 200), (vec![], false));
    let long = "x".repeat(64 * 1024);
    kept.keep(&(451..=460).map(|seq| said(seq, &long)).collect::<Vec<_>>());
    assert_eq!(kept.older(1 << 53, 200), ((457..=460).collect(), true), "256 KiB at most");
}

#[test]
fn search_knows_no_case_and_no_accents() {
    let mut kept = Kept::new();
    let texts =
        ["Olá, João!", "a reunião é às 15h", "REUNIAO adiada", "segunda\nlinha", "e-mail: a@b.c", "100% \"certo\""];
    kept.keep(&texts.iter().zip(1..).map(|(text, seq)| said(seq, text)).collect::<Vec<_>>());
    for (typed, found) in [
        ("ola", &[1][..]),
        ("JOAO", &[1]),
        ("reunião", &[2, 3]),
        ("uniao", &[2, 3]),
        ("reuniao adi", &[3]),
        ("linha segunda", &[4]),
        ("e-mail", &[5]),
        ("\"certo\"", &[6]),
        ("certo AND nada", &[]),
        ("ola OR certo", &[]),
        ("%", &[6]),
        ("_", &[]),
        ("(", &[]),
    ] {
        assert_eq!(kept.find(typed, None, 200), (found.to_vec(), false), "{typed}");
    }
    assert_eq!(kept.find("reuniao", None, 1), (vec![3], true));
    assert_eq!(kept.find("reuniao", Some(3), 1), (vec![2], true), "the oldest was not looked at");
    assert_eq!(kept.find("reuniao", Some(2), 1), (vec![], false));
}

#[test]
fn an_answer_holds_no_more_text_than_it_may() {
    let mut kept = Kept::new();
    let long = "x".repeat(64 * 1024);
    kept.keep(&(1..=10).map(|seq| said(seq, &long)).collect::<Vec<_>>());
    assert_eq!(kept.find("xxx", None, 200), ((7..=10).collect(), true), "256 KiB at most");
    assert_eq!(kept.find("xxx", Some(7), 200), ((3..=6).collect(), true));
    assert_eq!(kept.find("xxx", Some(3), 200), ((1..=2).collect(), false));
}

fn given(after: u64, text: &str) -> Record {
    let text = Text::clean(text, LineBreaks::Keep).unwrap();
    Record::Notice(Notice { text, at: AT + after, after: Some(after), log: None })
}

#[test]
fn notices_and_what_is_left_of_removed_messages_are_forgotten_with_the_others() {
    let mut kept = Kept::new();
    kept.keep(&(1..=500).flat_map(|seq| [said(seq, "velha"), given(seq, "velho")]).collect::<Vec<_>>());
    assert_eq!(kept.history.remove_messages(&[499, 500], kept.start).unwrap(), [Removal::Removed; 2]);
    kept.keep(&[given(500, "o último")]);
    kept.tidy(31 * DAY);
    let mut kept = kept.again();
    assert_eq!((kept.past().seq, kept.past().notices.len()), (500, 0), "numbers go on from the last one");
    assert_eq!(kept.past().removed, [499, 500]);
    assert_eq!(kept.older(1 << 53, 200), (vec![498], false));
    // Once others have taken their place they go too.
    kept.keep(&[said(501, "nova"), given(501, "novo")]);
    kept.tidy(31 * DAY);
    let kept = kept.again();
    assert_eq!((kept.past().seq, kept.past().notices.len(), kept.past().removed.len()), (501, 0, 0));
}

#[test]
fn where_the_file_is_too_large_the_oldest_notices_go() {
    let mut kept = Kept::small();
    let long = "x".repeat(4_000);
    for after in 0..400 {
        kept.keep(&[given(after, &format!("{after} {long}"))]);
    }
    let (_, bytes) = kept.tidy(Duration::from_millis(400));
    assert!(bytes <= 1 << 20, "{bytes}");
    let kept = kept.again();
    let places: Vec<u64> = kept.past().notices.iter().filter_map(|notice| notice.after).collect();
    assert_eq!(places, (350..400).collect::<Vec<_>>());
}

#[test]
fn what_was_taken_back_is_nowhere_in_the_file() {
    let mut kept = Kept::new();
    let text =
        |seq: u64| if seq.is_multiple_of(7) { "segredo " } else { "qualquer " }.repeat(1 + (seq as usize * 37) % 400);
    for seqs in (1..=1_000).collect::<Vec<u64>>().chunks(3) {
        kept.keep(&seqs.iter().map(|seq| said(*seq, text(*seq).trim())).collect::<Vec<_>>());
    }
    let is_there = |kept: &Kept| {
        std::fs::read_dir(kept.folder.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(7).any(|bytes| bytes == b"segredo")
        })
    };
    assert!(is_there(&kept));
    let secrets: Vec<u64> = (1..=1_000).filter(|seq| seq % 7 == 0).collect();
    assert!(
        kept.history.remove_messages(&secrets, kept.start).unwrap().iter().all(|removal| *removal == Removal::Removed)
    );
    assert!(!is_there(&kept));
    assert_eq!(
        kept.history.remove_messages(&[7, 8, 1_001], kept.start).unwrap(),
        [Removal::AlreadyRemoved, Removal::Removed, Removal::NotFound]
    );
    assert_eq!(kept.history.usage().unwrap().0, 1_000 - 143);
    assert_eq!(kept.older(15, 3), (vec![11, 12, 13], true));
    // Its sender's number is known to the next run, so that it is not said again.
    kept.keep(&[came(1, "ana", AT)]);
    let kept = kept.again();
    assert!(kept.past().sessions[0].receipts.contains(&(SafeInteger::new(994).unwrap(), 994, AT + 994)));
}

#[test]
fn what_is_old_is_forgotten_a_little_at_a_time() {
    let mut kept = Kept::new();
    kept.keep(&[
        came(1, "ana", AT),
        Record::Left { id: id(1), at: AT + 5 },
        Record::SessionEnded { id: id(1), at: AT + 5 },
    ]);
    kept.keep(&(1..=500).map(|seq| said(seq, "velha")).collect::<Vec<_>>());
    let start = kept.start;
    let late = |more: u64| now(start, 31 * DAY + Duration::from_millis(more));
    let (first, second, third, fourth) = (late(0), late(100), late(200), late(300));
    kept.history.prune(first).unwrap();
    assert_eq!(kept.older(1 << 53, 200).0.first(), Some(&301));
    assert_eq!(kept.older(302, 200), (vec![201, 202, 203, 204, 205].into_iter().chain(206..=301).collect(), false));
    assert_eq!(kept.history.due(), Some(second.instant));
    kept.history.prune(second).unwrap();
    kept.history.prune(third).unwrap();
    assert_eq!(kept.older(1 << 53, 200), (vec![500], false), "numbers go on from the last one");
    assert_eq!(kept.find("velha", None, 200), (vec![500], false));
    kept.history.prune(fourth).unwrap();
    let idle = late(200 + 5_000);
    assert_eq!(kept.history.due(), Some(idle.instant), "what was written is taken into the file itself");
    kept.history.prune(idle).unwrap();
    assert_eq!(kept.history.due(), Some(fourth.instant + Duration::from_secs(3600)), "it sleeps when all is done");
    assert_eq!(kept.export(ExportKind::Attendance, "a.txt"), "");
    assert_eq!(kept.again().past().seq, 500);
}

#[test]
fn those_who_stay_do_not_keep_the_visits_of_others() {
    let mut kept = Kept::new();
    kept.keep(&(1..=250).map(|n| came(n, &format!("fica{n}"), AT)).collect::<Vec<_>>());
    kept.keep(&[came(251, "passou", AT), Record::Left { id: id(251), at: AT + 5 }]);
    assert!(kept.export(ExportKind::Attendance, "before.txt").contains("passou"));
    kept.tidy(31 * DAY);
    let left = kept.export(ExportKind::Attendance, "after.txt");
    assert!(left.contains("fica250") && !left.contains("passou"));
}

#[test]
fn long_messages_are_forgotten_fewer_at_a_time() {
    let mut kept = Kept::new();
    kept.keep(&(1..=500).map(|seq| said(seq, &"x".repeat(4096))).collect::<Vec<_>>());
    kept.history.prune(now(kept.start, 31 * DAY)).unwrap();
    assert_eq!(kept.older(18, 10), (vec![17], false), "16 of 4 KiB are one step");
}

#[test]
fn what_is_too_much_is_forgotten_and_the_file_shrinks() {
    let mut kept = Kept::small();
    let mut wide = "palavras que não se repetem ".to_owned();
    wide.extend((0..500).map(|n| format!("{n:x} ")));
    kept.keep(&(1..=1000).map(|seq| said(seq, &wide)).collect::<Vec<_>>());
    assert!(kept.history.usage().unwrap().1 > 1 << 20);
    let (messages, bytes) = kept.tidy(Duration::from_secs(2));
    assert!(bytes <= 1 << 20 && messages > 0, "{messages} messages, {bytes} bytes");
}

#[test]
fn who_came_and_went_is_forgotten_too_where_it_is_too_much() {
    let mut kept = Kept::small();
    let visits = |n: u64| {
        let (id, at) = (id(u128::from(n) << 8), AT + n);
        let Record::Joined { name, addr, secret, .. } = came(7, "alguém", at) else { panic!() };
        [Record::Joined { name, id, addr, at, secret }, Record::Left { id, at }, Record::SessionEnded { id, at }]
    };
    kept.keep(&(1..=24_000).flat_map(visits).collect::<Vec<_>>());
    kept.keep(&(1..=100).map(|seq| said(seq, "oi")).collect::<Vec<_>>());
    assert!(kept.history.usage().unwrap().1 > 2 << 20);
    let (messages, bytes) = kept.tidy(Duration::from_secs(30));
    assert!(bytes <= 1 << 20 && messages > 10, "{messages} messages, {bytes} bytes");
    let file = kept.path();
    drop(kept.history);
    assert!(std::fs::metadata(&file).unwrap().len() <= (1 << 20) + (1 << 18), "what is free is given back");
    let count = |table: &str| -> i64 {
        let db = rusqlite::Connection::open(&file).unwrap();
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    assert!(count("visits") > 1000 && count("sessions") > 1000, "the newest stay");
}

#[test]
fn where_nothing_can_be_forgotten_it_rests() {
    let mut kept = Kept::new();
    kept.history = {
        let path = kept.path();
        drop(kept.history);
        let keeping = HistoryConfig { size: 1 << 10, ..keeping(path) };
        History::open(&keeping, LogId::from_random(1), now(kept.start, Duration::ZERO)).0
    };
    // Still here, and the last message.
    kept.keep(&[came(1, "ana", AT), said(1, "oi")]);
    kept.history.prune(now(kept.start, Duration::ZERO)).unwrap();
    kept.history.prune(now(kept.start, Duration::from_secs(5))).unwrap();
    assert_eq!(kept.history.due(), Some(kept.start + Duration::from_secs(3600)));
}

#[test]
fn what_was_said_is_written_out() {
    let mut kept = Kept::new();
    kept.keep(&[said(1, "oi\ngente"), said(2, "=HYPERLINK(\"x\")"), Record::Message(message(3, "-davi", "a, b"))]);
    let text = kept.export(ExportKind::Messages, "a.txt");
    let lines: Vec<&str> = text.lines().map(|line| line.get(20..).unwrap_or(line)).collect();
    assert_eq!(lines, ["ana: oi", "\tgente", "ana: =HYPERLINK(\"x\")", "-davi: a, b"]);
    let table = kept.export(ExportKind::Messages, "a.csv");
    assert!(table.starts_with("\u{feff}\"Número\";\"Quando (UTC"), "{table}");
    let again =
        Job::export(ExportKind::Messages, &kept.folder.path().join("a.csv"), AT, strings::EXPORT_LABELS).unwrap_err();
    assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
}

#[test]
fn more_than_one_turn_writes() {
    let mut kept = Kept::new();
    kept.keep(&(1..=2500).map(|seq| said(seq, "oi")).collect::<Vec<_>>());
    let mut export =
        Job::export(ExportKind::Messages, &kept.folder.path().join("a.txt"), AT, strings::EXPORT_LABELS).unwrap();
    let mut steps = Vec::new();
    while !matches!(steps.last(), Some(Step::Done(2500))) {
        steps.push(kept.history.run_job(&mut export, kept.start).unwrap());
    }
    assert_eq!(steps.len(), 3);
    drop(export);
    assert!(kept.folder.path().join("a.txt").exists());
    // The server is told a second time to end.
    let mut export =
        Job::export(ExportKind::Messages, &kept.folder.path().join("b.txt"), AT, strings::EXPORT_LABELS).unwrap();
    assert!(matches!(kept.history.run_job(&mut export, kept.start), Ok(Step::More)));
    drop(export);
    assert!(!kept.folder.path().join("b.txt").exists());
}

#[test]
fn who_was_there_is_written_out() {
    let mut kept = Kept::new();
    let went = |n, at| Record::Left { id: id(n), at };
    let s = Duration::from_secs;
    kept.keep(&[came(1, "ana", AT)]);
    kept.keep_at(s(60), &[came(2, "bia", AT + 60_000)]);
    // The clock is put back by an hour meanwhile: the minutes are those that have passed.
    kept.keep_at(s(150), &[went(1, AT - 3_450_000)]);
    kept.keep_at(s(300), &[came(1, "ana", AT + 300_000)]);
    let table = kept.export(ExportKind::Attendance, "a.csv");
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(';').collect()).collect();
    let found: Vec<(&str, &str, bool, &str)> = rows.iter().map(|r| (r[0], r[1], r[3] == "\"\"", r[4])).collect();
    assert_eq!(
        found,
        [
            ("\"ana\"", "\"10.0.0.1:4000\"", false, "\"2\""),
            ("\"bia\"", "\"10.0.0.2:4000\"", true, "\"9\""),
            ("\"ana\"", "\"10.0.0.1:4000\"", true, "\"5\""),
        ]
    );
    // The power fails in minute ten, and nobody has said anything since: it is known to a minute for how long they stayed.
    kept.history.heartbeat(kept.start + s(590)).unwrap();
    let mut kept = kept.again();
    let table = kept.export(ExportKind::Attendance, "b.csv");
    let minutes: Vec<&str> = table.lines().skip(1).map(|line| line.split(';').nth(4).unwrap()).collect();
    assert_eq!(minutes, ["\"2\"", "\"8\"", "\"4\""]);
    assert!(!table.contains("\"\""), "all of them have gone");
}

#[test]
fn a_file_that_fails_is_given_up_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.db");
    let start = Instant::now();
    let (mut first, past) = open(&path, now(start, Duration::ZERO));
    let log = past.unwrap().log;
    let (mut second, none) = open(&path, now(start, Duration::ZERO));
    let retry = Some(start + Duration::from_secs(20));
    assert_eq!((none, second.due()), (None, retry));
    assert!(matches!(second.error(), Some(HistoryError::Locked)));
    assert_eq!(second.commit(&[said(1, "oi")], start), Ok(()), "as long as memory goes");
    // The same number twice: the database refuses it.
    first.commit(&[said(1, "oi")], start).unwrap();
    assert_eq!(first.commit(&[said(1, "oi")], start), Err(Failed { is_new: true }));
    assert_eq!(first.commit(&[said(2, "oi")], start), Ok(()), "told once");
    assert_eq!((first.due(), first.usage()), (retry, None));
    // What was said meanwhile is unknown to the file: the next run numbers anew.
    let (_, past) = open(&path, now(start, Duration::from_secs(1)));
    let past = past.unwrap();
    assert_eq!(past.seq, 1);
    assert_ne!(past.log, log);
}

#[test]
fn no_session_outlives_a_failure_of_the_file() {
    let mut kept = Kept::new();
    kept.keep(&[came(1, "ana", AT), said(1, "oi")]);
    // The same number twice: the database refuses it. What ana does from now on is unknown to the file.
    assert_eq!(kept.history.commit(&[said(1, "oi")], kept.start), Err(Failed { is_new: true }));
    let file = rusqlite::Connection::open(kept.path()).unwrap();
    let open: i64 = file.query_row("SELECT count(*) FROM sessions WHERE ended IS NULL", [], |row| row.get(0)).unwrap();
    assert_eq!(open, 0);
    drop(file);
    assert!(kept.again().past().sessions.is_empty());
}

#[test]
fn without_its_numbering_a_file_opens_no_session() {
    let mut kept = Kept::new();
    kept.keep(&[came(1, "ana", AT), said(1, "oi")]);
    let Kept { folder, history, start, .. } = kept;
    drop(history);
    // As far as a full disk let the last run give the file up.
    let path = folder.path().join("papo.db");
    rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM facts WHERE name = 'log'", []).unwrap();
    for later in [1, 2] {
        let (_, past) = open(&path, now(start, Duration::from_secs(later)));
        assert!(past.unwrap().sessions.is_empty());
    }
}

#[test]
fn a_wrong_date_forgets_nothing() {
    let mut kept = Kept::new();
    kept.keep(&[came(1, "ana", AT), Record::Left { id: id(1), at: AT + 5 }]);
    kept.keep(&(1..=30).map(|seq| said(seq, "dita")).collect::<Vec<_>>());
    // One run begins 49 days ahead, and one in 1970.
    for wrong in [AT + 49 * DAY.as_millis() as u64, 60_000] {
        let Kept { folder, history, start, .. } = kept;
        drop(history);
        let (history, past) = open(&folder.path().join("papo.db"), Now { instant: start, unix_ms: wrong });
        kept = Kept { folder, history, past, start };
        let hours = |hours| Now { instant: start + hours * DAY / 24, unix_ms: wrong + u64::from(hours) * 3_600_000 };
        for hour in 0..50 {
            kept.history.prune(hours(hour)).unwrap();
        }
        assert_eq!(kept.older(1 << 53, 200).0.len(), 30, "{wrong}");
        assert_eq!(kept.export(ExportKind::Attendance, &format!("{wrong}.txt")).lines().count(), 1);
    }
}

#[test]
fn what_a_wrong_clock_has_stamped_keeps_nothing_else() {
    let mut kept = Kept::new();
    let at = |seq, at| Record::Message(Message { at, ..message(seq, "ana", "oi") });
    let future = AT + 400 * DAY.as_millis() as u64;
    // Said first, by a clock that was a year ahead; then 300 by a right one.
    kept.keep(&(1..=250).map(|seq| at(seq, future + seq)).collect::<Vec<_>>());
    kept.keep(&(251..=550).map(|seq| at(seq, AT + seq)).collect::<Vec<_>>());
    kept.keep(&[at(551, AT + 31 * DAY.as_millis() as u64)]);
    let (messages, _) = kept.tidy(31 * DAY);
    assert_eq!(messages, 1, "also those of which a later one shows that they are old");
}

#[test]
fn a_plain_copy_of_an_idle_file_is_whole() {
    let mut kept = Kept::new();
    kept.keep(&(1..=20).map(|seq| said(seq, "oi")).collect::<Vec<_>>());
    kept.history.prune(now(kept.start, Duration::from_secs(5))).unwrap();
    let copy = kept.folder.path().join("copia.db");
    std::fs::copy(kept.path(), &copy).unwrap();
    let (mut copied, _) = open(&copy, now(kept.start, Duration::ZERO));
    assert_eq!(copied.usage().map(|(messages, _)| messages), Some(20));
    assert_eq!(numbers(&copied.last_messages(1, kept.start).unwrap()), [20]);
}

#[test]
fn a_copy_is_made_in_steps_while_more_is_said() {
    let mut kept = Kept::new();
    kept.keep(&[came(1, "ana", AT), came(2, "bia", AT)]);
    kept.keep(&(1..=2_500).map(|seq| said(seq, "oi")).collect::<Vec<_>>());
    let copy = kept.folder.path().join("copia.db");
    let mut job = Job::copy(&copy).unwrap();
    let mut seq = 2_500;
    let mut steps = 0;
    while !matches!(kept.history.run_job(&mut job, kept.start).unwrap(), Step::Done(_)) {
        seq += 1;
        steps += 1;
        kept.keep(&[said(seq, "enquanto isso")]);
        if steps == 3 {
            kept.keep(&[Record::Left { id: id(2), at: AT + 60_000 }]);
        }
    }
    assert!(steps > 5);
    drop(job);
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600, "for this user's eyes alone");
    let mut names: Vec<_> = std::fs::read_dir(kept.folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["copia.db", "papo.db", "papo.db-wal"], "nothing else is left");
    let again = Job::copy(&copy).unwrap_err();
    assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
    let (mut copied, past) = open(&copy, now(kept.start, Duration::ZERO));
    assert!(past.is_some_and(|past| past.seq >= 2_500 && past.log == kept.past().log));
    assert!(copied.usage().is_some_and(|(messages, _)| messages >= 2_500));
    let mut export =
        Job::export(ExportKind::Attendance, &kept.folder.path().join("p.txt"), AT, strings::EXPORT_LABELS).unwrap();
    while !matches!(copied.run_job(&mut export, kept.start).unwrap(), Step::Done(2)) {}
    // What is kept goes on as before.
    kept.keep(&[said(seq + 1, "depois")]);
    assert_eq!(kept.again().past().seq, seq + 1);
}

#[test]
fn a_copy_that_is_given_up_leaves_nothing() {
    let mut kept = Kept::new();
    kept.keep(&(1..=2_500).map(|seq| said(seq, "oi")).collect::<Vec<_>>());
    let copy = kept.folder.path().join("copia.db");
    let mut job = Job::copy(&copy).unwrap();
    for _ in 0..2 {
        assert!(matches!(kept.history.run_job(&mut job, kept.start), Ok(Step::More)));
    }
    drop(job);
    let names = std::fs::read_dir(kept.folder.path()).unwrap().count();
    assert_eq!(names, 2);
    // And the next one can be made.
    let mut job = Job::copy(&copy).unwrap();
    while !matches!(kept.history.run_job(&mut job, kept.start).unwrap(), Step::Done(_)) {}
}

#[test]
fn what_was_said_before_the_clock_was_set_goes_with_what_was_said_next() {
    let mut kept = Kept::new();
    let at = |seq, at| Record::Message(Message { at, ..message(seq, "ana", "oi") });
    // A board without a clock of its own: it begins in 1970, and the network sets the time in the middle of the lesson.
    kept.keep(&[came(1, "ana", 60_000), Record::Left { id: id(1), at: 120_000 }, at(1, 60_000), at(2, 61_000)]);
    kept.keep(&[came(2, "bia", AT), Record::Left { id: id(2), at: AT + 5 }, at(3, AT + 3), at(4, AT + 4)]);
    let mut kept = kept.again();
    assert_eq!(kept.tidy(DAY).0, 4, "nobody knows that they are old");
    assert_eq!(kept.export(ExportKind::Attendance, "a.txt").lines().count(), 2);
    kept.keep(&[at(5, AT + 31 * DAY.as_millis() as u64)]);
    assert_eq!(kept.tidy(31 * DAY).0, 1);
    assert_eq!(kept.export(ExportKind::Attendance, "b.txt").lines().count(), 0);
}
