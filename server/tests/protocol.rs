//! The figures in `PROTOCOL.md` and in the README are those of the server.

use std::time::{Duration, Instant};

use papo_common::limits::{LOOKUP_COST, MAX_LINES};
use papo_server::connection::session::REFUSING_TIMEOUT;
use papo_server::connection::{closing, codec, heartbeat, send_queue, stall};
use papo_server::net::{admission, throttle};
use papo_server::options::Options;
use papo_server::room::{backlog, notices, removal, session};
use papo_server::token_bucket;

const PROTOCOL: &str = include_str!("../../common/PROTOCOL.md");
const README: &str = include_str!("../../README.md");

/// As both pages write numbers.
fn number(number: usize) -> String {
    let digits = number.to_string();
    let places = digits.len();
    let written = digits.chars().enumerate().flat_map(|(place, digit)| {
        let comma = (place > 0 && (places - place).is_multiple_of(3)).then_some(',');
        comma.into_iter().chain([digit])
    });
    written.collect()
}

fn kib(bytes: usize) -> String {
    assert_eq!(bytes % 1024, 0);
    format!("{} KiB", bytes / 1024)
}

#[track_caller]
fn says(sentence: &str) {
    assert!(PROTOCOL.contains(sentence), "PROTOCOL.md does not say `{sentence}`");
}

#[test]
fn limits() {
    let options = Options::default();
    let (text, lines, line) = (options.max_text, MAX_LINES, options.connection_config(Instant::now()).max_line);
    says(&format!("| {} bytes of UTF-8 and {lines} lines after cleaning", number(text)));
    says(&format!("6 × the text limit + 1,024 bytes ({})", number(line)));
    assert_eq!(line, 6 * text + 1024);
    assert_eq!(options.name_timeout, None);
    says(&format!("without a name that is over {} s old", admission::UNREGISTERED_GRACE.as_secs()));
    says(&format!("of more than {} from one address the oldest does so at once", admission::CROWD));
    says(&format!("{} s after an unanswered `ping`", heartbeat::DEAD_AFTER.as_secs()));
    says(&format!("| {} MiB (`--reader-buffer`)", options.reader_buffer >> 20));
    says(&format!("and never more than {} MiB", stall::MAX_PENDING >> 20));
    says(&format!("over the first for {} s without", stall::STALL_TIMEOUT.as_secs()));
    says(&format!("| {} MiB (`--total-buffer`)", options.total_buffer >> 20));
    let (rate, burst) = (options.rate_limit, options.rate_limit * token_bucket::RateLimit::BURST);
    says(&format!("| {rate}, with a burst of five seconds' worth, {burst};"));
    assert_eq!((token_bucket::RateLimit::BURST, throttle::LINES_PER_ADDRESS), (5, 5));
    says(&format!("| {}, five times a member's rate, with a burst of {}", 5 * rate, 5 * burst));
    says(&format!("| {} at once, then {} per second", throttle::JOIN_BURST, throttle::JOINS_PER_SECOND));
    says(&format!("up to {} of them wait, each with {} bytes", kib(codec::MAX_DELAYED), codec::DELAYED_COST));
    says(&format!("as classic if none comes within {} s", REFUSING_TIMEOUT.as_secs()));
    says(&format!("Past those few, {} at once", admission::REFUSAL_SLOTS));
    let (connections, kept) = (Options::PER_ADDRESS, Options::KEPT_PER_ADDRESS);
    says(&format!("| {connections} connections (`--max-per-address`), {kept} reserved names"));
}

#[test]
fn what_is_remembered() {
    let (messages, bytes) = (backlog::MAX_MESSAGES, kib(backlog::MAX_BYTES));
    says(&format!("at most {messages} or {bytes} of text"));
    says(&format!("the last `notice` events, at most {}", notices::MAX_NOTICES));
    says(&format!("more than {0} in one page the last {0} are told", notices::MAX_NOTICES));
    says(&format!("taken back](#taken-back) last, at most {}", removal::MAX_REMOVED));
    says(&format!("keeps the last {messages} messages, {bytes} at"));
    says(&format!("An answer holds no more than {bytes} of text"));
    says(&format!("(the last {}, or {}, in memory only)", session::MAX_PRIVATES, kib(session::MAX_PRIVATE_BYTES)));
    says(&format!("the server remembers the last {}\n  refs", number(session::MAX_RECEIPTS)));
    says(&format!("session for {} s, and private messages", Options::default().keep_name.as_secs()));
    says("Each of the two counts as five lines against the rate");
    assert_eq!(LOOKUP_COST, 5);
}

#[test]
fn moments() {
    let ms = |time: Duration| time.as_millis();
    says(&format!("what stands in the buffer {} ms after the last byte", ms(codec::NAME_QUIET)));
    says(&format!("but {} s\n  after it where one of its reads", codec::TYPING_QUIET.as_secs()));
    says(&format!("waits {} ms for more", ms(codec::PART_QUIET)));
    says(&format!("than {} bytes that ends with a whole character", number(codec::WHOLE_READ)));
    says(&format!("what follows it waits {} ms", ms(closing::ISOLATION)));
    says(&format!("in pieces of at most {} bytes", number(send_queue::PIECE)));
    says(&format!("a shorter one after\n  {} ms", ms(send_queue::PIECE_PAUSE)));
    says(&format!("goes out alone, {} ms after all else", ms(closing::ISOLATION)));
    says(&format!("until the client closes too, {} s at most", closing::LINGER.as_secs()));
    // The wire promises thirty, and a machine that is gone is to be noticed within ninety: a little earlier is both.
    says("whenever nothing was sent for 30 s");
    assert!((25..30).contains(&heartbeat::PING_AFTER.as_secs()));
}

#[test]
fn options() {
    let options = Options::default();
    let (size, days) = (options.history.size >> 20, options.history.time.as_secs() / 86_400);
    for (option, value) in [
        ("--listen ADDR:PORT", format!("`{}`", options.listen)),
        ("--max-text BYTES", format!("{}K", options.max_text >> 10)),
        ("--max-per-address N", format!("{}, loopback exempt", Options::PER_ADDRESS)),
        ("--rate-limit N", options.rate_limit.to_string()),
        ("--name-timeout SECONDS", "while there is room".into()),
        ("--keep-name SECONDS", options.keep_name.as_secs().to_string()),
        ("--reader-buffer BYTES", format!("{}M", options.reader_buffer >> 20)),
        ("--total-buffer BYTES", format!("{}M", options.total_buffer >> 20)),
        ("--keep-days DAYS", days.to_string()),
        ("--history-size BYTES", format!("{size}M")),
    ] {
        let row = format!("| `{option}` | {value} |");
        assert!(README.contains(&row), "the README does not say `{row}`");
    }
}
