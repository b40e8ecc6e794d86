//! Where one line of a connection ends and the next begins, also for programs that end nothing with a newline.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use papo_common::{Dialect, LineBuffer, LineTooLong};

/// How long a classic connection is quiet before what it sent without a newline is taken for a name.
pub const NAME_QUIET: Duration = Duration::from_millis(200);
/// How long a read that may be a part of a message waits for the rest.
pub const PART_QUIET: Duration = Duration::from_millis(50);
/// A read of fewer bytes than this is a message of its own where messages have no end.
pub const WHOLE_READ: usize = 1024;

/// The input buffer of a connection and the rule by which it is cut.
#[derive(Debug)]
pub struct Framing {
    lines: LineBuffer,
    rule: Rule,
    /// When the unfinished line counts as a whole one.
    ripe_at: Option<Instant>,
    /// Whether the last line handed out had no end of its own.
    was_unterminated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// A line ends with its newline.
    Terminated,
    /// A classic connection without a name: or else after [`NAME_QUIET`].
    Naming,
    /// A classic member that ended its name with nothing: each read is a message.
    Unterminated,
}

impl Framing {
    /// For a connection that has yet to say its first byte; no line may have more than `limit` bytes.
    pub fn new(limit: usize) -> Framing {
        let lines = LineBuffer::new(limit);
        Framing { lines, rule: Rule::Terminated, ripe_at: None, was_unterminated: false }
    }

    /// Cuts by the habits of `dialect` from now on.
    pub fn speak(&mut self, dialect: Dialect) {
        self.rule = if dialect == Dialect::Classic { Rule::Naming } else { Rule::Terminated };
    }

    /// The last line was a name and is accepted.
    pub fn named(&mut self) {
        self.rule = if self.was_unterminated { Rule::Unterminated } else { Rule::Terminated };
        // What stands behind the name came while silence still ended a line; from now on only its own end does.
        self.ripe_at = None;
    }

    /// Whether this connection ends nothing with a newline.
    pub fn is_unterminated(&self) -> bool {
        self.rule == Rule::Unterminated
    }

    /// Takes in one read.
    pub fn receive(&mut self, read: &[u8], now: Instant) {
        self.lines.push(read);
        self.ripe_at = match self.rule {
            Rule::Terminated => None,
            Rule::Naming => Some(now + NAME_QUIET),
            Rule::Unterminated if read.len() < WHOLE_READ && ends_with_whole_character(self.lines.unfinished()) => {
                Some(now)
            }
            Rule::Unterminated => Some(now + PART_QUIET),
        };
    }

    /// No more will come: what waits for more is whole if reads are messages.
    pub fn finish(&mut self, now: Instant) {
        self.ripe_at = self.is_unterminated().then_some(now);
    }

    /// What `read` makes of the next line, without its end; `None` if none is whole. An error once a line is too long:
    /// where it ends cannot be known.
    pub fn next_line<T>(&mut self, now: Instant, read: impl Fn(&str) -> T) -> Result<Option<T>, LineTooLong> {
        if let Some(read) = self.lines.next_line()?.map(|line| read(&decoded(line))) {
            self.was_unterminated = false;
            return Ok(Some(read));
        }
        if self.deadline().is_none_or(|ripe_at| ripe_at > now) {
            return Ok(None);
        }
        self.was_unterminated = true;
        self.ripe_at = None;
        Ok(Some(read(&decoded(&self.lines.take_unfinished()))))
    }

    /// Drops what has come.
    pub fn discard(&mut self) {
        self.lines.take_unfinished();
        self.ripe_at = None;
    }

    /// Bytes that have come and stand in no line that was handed out.
    pub fn backlog(&self) -> usize {
        self.lines.unfinished().len()
    }

    /// When the unfinished line, if there is one, counts as a whole one.
    pub fn deadline(&self) -> Option<Instant> {
        self.ripe_at.filter(|_| !self.lines.unfinished().is_empty())
    }
}

fn decoded(line: &[u8]) -> Cow<'_, str> {
    // Nearly every line is UTF-8, which is found out many bytes at a time; what is not is looked at one by one.
    str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed)
}

fn ends_with_whole_character(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().last().is_none_or(|chunk| chunk.invalid().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads with the milliseconds at which they arrive, and lines with those at which they come out.
    #[track_caller]
    fn check(framing: &mut Framing, reads: &[(u64, &[u8])], lines: &[(u64, &str)]) {
        let start = Instant::now();
        let mut heard = Vec::new();
        for ms in 0..2_000 {
            let now = start + Duration::from_millis(ms);
            for (_, read) in reads.iter().filter(|(at, _)| *at == ms) {
                framing.receive(read, now);
                while let Some(line) = framing.next_line(now, str::to_owned).unwrap() {
                    heard.push((ms, line));
                }
            }
            while let Some(line) = framing.next_line(now, str::to_owned).unwrap() {
                heard.push((ms, line));
            }
        }
        assert_eq!(heard.iter().map(|(ms, line)| (*ms, line.as_str())).collect::<Vec<_>>(), lines);
    }

    fn naming() -> Framing {
        let mut framing = Framing::new(10_000);
        framing.speak(Dialect::Classic);
        framing
    }

    fn unterminated() -> Framing {
        let mut framing = naming();
        check(&mut framing, &[(0, b"ana")], &[(200, "ana")]);
        framing.named();
        framing
    }

    #[test]
    fn a_name_ends_with_its_line_or_with_silence() {
        check(&mut naming(), &[(0, b"ana\n")], &[(0, "ana")]);
        check(&mut naming(), &[(0, b"ana\nol")], &[(0, "ana"), (200, "ol")]);
        check(&mut naming(), &[(0, b"a"), (150, b"n"), (300, b"a")], &[(500, "ana")]);
        check(&mut naming(), &[(0, b"ana"), (900, b"bia")], &[(200, "ana"), (1_100, "bia")]);
    }

    #[test]
    fn who_ends_the_name_with_a_newline_ends_messages_so() {
        let mut framing = naming();
        check(&mut framing, &[(0, b"ana\n")], &[(0, "ana")]);
        framing.named();
        check(&mut framing, &[(0, b"oi"), (500, b" gente\n")], &[(500, "oi gente")]);
    }

    #[test]
    fn what_came_behind_the_name_waits_for_its_own_end() {
        let (mut framing, now) = (naming(), Instant::now());
        framing.receive(b"ana\n@bia segr", now);
        assert_eq!(framing.next_line(now, str::to_owned), Ok(Some("ana".into())));
        framing.named();
        assert_eq!((framing.deadline(), framing.next_line(now + NAME_QUIET, str::to_owned)), (None, Ok(None)));
        framing.receive(b"edo da ana\n", now + NAME_QUIET);
        assert_eq!(framing.next_line(now + NAME_QUIET, str::to_owned), Ok(Some("@bia segredo da ana".into())));
    }

    #[test]
    fn where_messages_have_no_end_each_read_is_one() {
        check(&mut unterminated(), &[(0, b"oi"), (0, b"gente")], &[(0, "oi"), (0, "gente")]);
        check(&mut unterminated(), &[(0, b"um\ndois")], &[(0, "um"), (0, "dois")]);
        check(&mut unterminated(), &[(0, b"ol\xc3"), (20, b"\xa1")], &[(20, "olá")]);
        check(&mut unterminated(), &[(0, b"ol\xc3")], &[(50, "ol\u{fffd}")]);
        let long = "x".repeat(1_500);
        let (first, rest) = long.as_bytes().split_at(1_024);
        check(&mut unterminated(), &[(0, first), (30, rest)], &[(30, &long)]);
        check(&mut unterminated(), &[(0, first)], &[(50, &long[..1_024])]);
    }

    #[test]
    fn the_end_of_the_connection_ends_a_message_but_no_line() {
        let now = Instant::now();
        let mut whole = unterminated();
        whole.receive(&[b'x'; WHOLE_READ], now);
        whole.finish(now);
        assert_eq!(whole.next_line(now, str::to_owned).unwrap().unwrap().len(), WHOLE_READ);
        for mut discarded in [naming(), Framing::new(99)] {
            discarded.receive(b"ana", now);
            discarded.finish(now);
            assert_eq!(discarded.next_line(now, str::to_owned), Ok(None));
        }
    }

    #[test]
    fn a_native_line_never_ends_by_itself() {
        let mut framing = Framing::new(99);
        framing.speak(Dialect::Native);
        check(&mut framing, &[(0, b"{\"type\":"), (1_500, b"\"pong\"}\n")], &[(1_500, "{\"type\":\"pong\"}")]);
    }
}
