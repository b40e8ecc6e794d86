//! Where one line of a connection ends and the next begins, also for programs that end nothing with a newline.

use std::time::{Duration, Instant};

use papo_common::{Dialect, LineBuffer, LineTooLong, Telnet};

/// How long a classic connection is quiet before what it sent without a newline is taken for a name.
pub const NAME_QUIET: Duration = Duration::from_millis(200);
/// The same where a read brought a single character: somebody is typing, in a program that sends each key.
pub const TYPING_QUIET: Duration = Duration::from_secs(3);
/// How long a read that may be a part of a message waits for the rest.
pub const PART_QUIET: Duration = Duration::from_millis(50);
/// A read of fewer bytes than this is a message of its own where messages have no end.
pub const WHOLE_READ: usize = 1024;

/// The input buffer of a connection and the rule by which it is cut.
#[derive(Debug)]
pub struct Framing {
    lines: LineBuffer,
    /// What takes telnet's commands out; `None` for a dialect that has none.
    telnet: Option<Telnet>,
    dialect: Option<Dialect>,
    delimiter: Delimiter,
    /// Whether a part of the unfinished name came as a single character.
    is_typed: bool,
    /// How many bytes were dropped that no line has paid for.
    dropped: u32,
    /// When the unfinished line counts as a whole one.
    complete_at: Option<Instant>,
    /// Whether the last line handed out had no end of its own.
    was_unterminated: bool,
    is_registered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delimiter {
    /// A line ends with its newline.
    Newline,
    /// A classic connection without a name: or else after [`NAME_QUIET`].
    NewlineOrSilence,
    /// A classic member that ended its name with nothing: each read is a message.
    EachRead,
}

impl Framing {
    /// For a connection that has yet to say its first byte; no line may have more than `limit` bytes.
    pub fn new(limit: usize) -> Framing {
        Framing {
            lines: LineBuffer::new(limit),
            telnet: Some(Telnet::default()),
            dialect: None,
            delimiter: Delimiter::Newline,
            is_typed: false,
            dropped: 0,
            complete_at: None,
            was_unterminated: false,
            is_registered: false,
        }
    }

    /// The dialect it speaks, once the first bytes tell.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// The last line was a name and is accepted.
    pub fn register(&mut self) {
        self.is_registered = true;
        self.delimiter = if self.was_unterminated { Delimiter::EachRead } else { Delimiter::Newline };
        // What stands behind the name came while silence still ended a line; from now on only its own end does.
        self.complete_at = None;
    }

    /// Whether a name was accepted: until then a classic line is one.
    pub fn is_registered(&self) -> bool {
        self.is_registered
    }

    /// Whether its telnet program is owed an answer; told once.
    pub fn owes_telnet_answer(&mut self) -> bool {
        self.telnet.as_mut().is_some_and(Telnet::owes_answer)
    }

    /// Whether this connection ends nothing with a newline.
    pub fn is_unterminated(&self) -> bool {
        self.delimiter == Delimiter::EachRead
    }

    /// Takes in one read.
    pub fn receive(&mut self, read: &[u8], now: Instant) {
        let before = self.lines.unfinished().len();
        self.detect_dialect(read);
        if self.lines.unfinished().len() == before {
            return;
        }
        self.is_typed = (self.is_typed && before > 0) || is_one_character(read);
        self.complete_at = match self.delimiter {
            Delimiter::Newline => None,
            Delimiter::NewlineOrSilence => Some(now + if self.is_typed { TYPING_QUIET } else { NAME_QUIET }),
            Delimiter::EachRead if read.len() < WHOLE_READ && ends_with_whole_character(self.lines.unfinished()) => {
                Some(now)
            }
            Delimiter::EachRead => Some(now + PART_QUIET),
        };
    }

    /// Takes in one read of a connection of which only the dialect is asked.
    pub fn detect_dialect(&mut self, read: &[u8]) {
        match &mut self.telnet {
            Some(telnet) if !telnet.is_plain(read) => {
                let mut text = Vec::with_capacity(read.len());
                telnet.filter(read, &mut text);
                self.dropped += read.len().saturating_sub(text.len()) as u32;
                self.lines.push(&text);
            }
            _ => self.lines.push(read),
        }
        if self.dialect.is_none() {
            self.dialect = Dialect::of(self.lines.unfinished());
            match self.dialect {
                Some(Dialect::Classic) => self.delimiter = Delimiter::NewlineOrSilence,
                Some(Dialect::Json) => self.telnet = None,
                None => {}
            }
        }
    }

    /// No more will come: what waits for more is whole if reads are messages.
    pub fn finish(&mut self, now: Instant) {
        self.complete_at = self.is_unterminated().then_some(now);
    }

    /// What `read` makes of the next line, without its end; `None` if none is whole. As many dropped bytes as a line may
    /// have count as a blank one, so that they have their price. An error once a line is too long: where it ends cannot be
    /// known.
    pub fn next_line<T>(&mut self, now: Instant, read: impl Fn(&[u8]) -> T) -> Result<Option<T>, LineTooLong> {
        if let Some(dropped) = self.dropped.checked_sub(self.lines.limit().max(1) as u32) {
            self.dropped = dropped;
            return Ok(Some(read(b"")));
        }
        if let Some(read) = self.lines.next_line()?.map(&read) {
            self.was_unterminated = false;
            return Ok(Some(read));
        }
        if self.deadline().is_none_or(|ripe_at| ripe_at > now) {
            return Ok(None);
        }
        self.was_unterminated = true;
        self.complete_at = None;
        Ok(Some(read(&self.lines.take_unfinished())))
    }

    /// Drops what has come.
    pub fn discard(&mut self) {
        self.lines.take_unfinished();
        self.complete_at = None;
    }

    /// Bytes that have come and stand in no line that was handed out.
    pub fn backlog(&self) -> usize {
        self.lines.unfinished().len()
    }

    /// When the unfinished line, if there is one, counts as a whole one.
    pub fn deadline(&self) -> Option<Instant> {
        self.complete_at.filter(|_| !self.lines.unfinished().is_empty())
    }
}

fn is_one_character(read: &[u8]) -> bool {
    read.len() == 1 || str::from_utf8(read).is_ok_and(|text| text.chars().nth(1).is_none())
}

fn ends_with_whole_character(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().last().is_none_or(|chunk| chunk.invalid().is_empty())
}

#[cfg(test)]
mod tests {
    use papo_common::decode;

    use super::*;

    fn text(line: &[u8]) -> String {
        decode(line).into_owned()
    }

    /// Reads with the milliseconds at which they arrive, and lines with those at which they come out.
    #[track_caller]
    fn check(framing: &mut Framing, reads: &[(u64, &[u8])], lines: &[(u64, &str)]) {
        let start = Instant::now();
        let mut heard = Vec::new();
        for ms in 0..4_000 {
            let now = start + Duration::from_millis(ms);
            for (_, read) in reads.iter().filter(|(at, _)| *at == ms) {
                framing.receive(read, now);
                while let Some(line) = framing.next_line(now, text).unwrap() {
                    heard.push((ms, line));
                }
            }
            while let Some(line) = framing.next_line(now, text).unwrap() {
                heard.push((ms, line));
            }
        }
        assert_eq!(heard.iter().map(|(ms, line)| (*ms, line.as_str())).collect::<Vec<_>>(), lines);
    }

    fn naming() -> Framing {
        Framing::new(10_000)
    }

    fn unterminated() -> Framing {
        let mut framing = naming();
        check(&mut framing, &[(0, b"ana")], &[(200, "ana")]);
        framing.register();
        framing
    }

    #[test]
    fn a_name_ends_with_its_line_or_with_silence() {
        check(&mut naming(), &[(0, b"ana\n")], &[(0, "ana")]);
        check(&mut naming(), &[(0, b"ana\nol")], &[(0, "ana"), (200, "ol")]);
        check(&mut naming(), &[(0, b"an"), (150, b"in"), (300, b"ha")], &[(500, "aninha")]);
        check(&mut naming(), &[(0, b"ana"), (900, b"bia")], &[(200, "ana"), (1_100, "bia")]);
    }

    #[test]
    fn a_name_that_is_typed_key_by_key_has_its_time() {
        let typed: Vec<(u64, &[u8])> = vec![(0, b"m"), (300, b"a"), (2_900, b"ri"), (3_000, b"a")];
        let ended = [&typed[..], &[(3_500, &b"\r\n"[..])]].concat();
        check(&mut naming(), &ended, &[(3_500, "maria")]);
        check(&mut naming(), &[(0, "É".as_bytes()), (900, b"r"), (1_800, b"i"), (2_700, b"\n")], &[(2_700, "Éri")]);
        check(&mut naming(), &[(0, b"a")], &[(3_000, "a")]);
        check(&mut naming(), &[(0, b"\xff\xfb\x1f"), (700, b"a"), (1_000, b"\r"), (1_000, b"\0")], &[(1_000, "a")]);
        // The next attempt is one of its own.
        check(&mut naming(), &[(0, b"a"), (10, b"\n"), (500, b"bia")], &[(10, "a"), (700, "bia")]);
    }

    #[test]
    fn telnets_commands_and_zero_bytes_are_no_text() {
        check(&mut naming(), &[(0, b"\xff\xfb\x1f\xff\xfb"), (900, b"\x18bia\r"), (901, b"\n")], &[(901, "bia")]);
        check(&mut naming(), &[(0, b"bia\0\0\0"), (100, b"\0\0")], &[(200, "bia")]);
        check(&mut unterminated(), &[(0, b"oi\0"), (9, b"\xff\xf1")], &[(0, "oi")]);
        let mut native = Framing::new(99);
        check(
            &mut native,
            &[(0, b"\xef\xbb"), (1, b"\xbf{\"a\":"), (2, b"\"\0\"}\n")],
            &[(2, "\u{feff}{\"a\":\"\0\"}")],
        );
        assert_eq!(native.dialect(), Some(Dialect::Json));
    }

    #[test]
    fn what_is_dropped_has_its_price() {
        let mut framing = Framing::new(100);
        check(&mut framing, &[(0, b"bia\n")], &[(0, "bia")]);
        framing.register();
        check(&mut framing, &[(0, b"o"), (1, &[0; 250]), (2, b"i\n")], &[(1, ""), (1, ""), (2, "oi")]);
    }

    #[test]
    fn who_ends_the_name_with_a_newline_ends_messages_so() {
        let mut framing = naming();
        check(&mut framing, &[(0, b"ana\n")], &[(0, "ana")]);
        framing.register();
        check(&mut framing, &[(0, b"oi"), (500, b" gente\n")], &[(500, "oi gente")]);
    }

    #[test]
    fn what_came_behind_the_name_waits_for_its_own_end() {
        let (mut framing, now) = (naming(), Instant::now());
        framing.receive(b"ana\n@bia segr", now);
        assert_eq!(framing.next_line(now, text), Ok(Some("ana".into())));
        framing.register();
        assert_eq!((framing.deadline(), framing.next_line(now + NAME_QUIET, text)), (None, Ok(None)));
        framing.receive(b"edo da ana\n", now + NAME_QUIET);
        assert_eq!(framing.next_line(now + NAME_QUIET, text), Ok(Some("@bia segredo da ana".into())));
    }

    #[test]
    fn where_messages_have_no_end_each_read_is_one() {
        check(&mut unterminated(), &[(0, b"oi"), (0, b"gente")], &[(0, "oi"), (0, "gente")]);
        check(&mut unterminated(), &[(0, b"um\ndois")], &[(0, "um"), (0, "dois")]);
        check(&mut unterminated(), &[(0, b"ol\xc3"), (20, b"\xa1")], &[(20, "olá")]);
        check(&mut unterminated(), &[(0, b"ol\xc3")], &[(50, "olÃ")]);
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
        assert_eq!(whole.next_line(now, text).unwrap().unwrap().len(), WHOLE_READ);
        for mut discarded in [naming(), Framing::new(99)] {
            discarded.receive(b"ana", now);
            discarded.finish(now);
            assert_eq!(discarded.next_line(now, text), Ok(None));
        }
    }

    #[test]
    fn a_native_line_never_ends_by_itself() {
        let mut framing = Framing::new(99);
        check(&mut framing, &[(0, b"{\"type\":"), (1_500, b"\"pong\"}\n")], &[(1_500, "{\"type\":\"pong\"}")]);
    }
}
