//! What one connection has yet to be sent: bytes of its own, then the rest of its dialect's fan-out.
//!
//! The order of one reader's lines is kept by one rule: its own bytes always come first. Before something of its own
//! is queued, what it has not read of the fan-out is copied in front of it. So a reader that only listens costs
//! nothing per message, one that is written to personally while it keeps up costs nothing more, and only a slow one
//! costs a copy.

use std::io::IoSlice;
use std::time::Instant;

use papo_common::memory::give_back;

use crate::fanout::{Fanout, Position};

/// Who has as many bytes of its own waiting is not asked what else it wants: an answer may have many times the length of
/// the question, and what one has asked for in one packet is no reason to keep it all in memory.
const MAX_UNREAD: usize = 256 * 1024;

/// The output buffer of a connection. It takes memory for its own bytes only while there are some: most connections of
/// a large room only listen, and keep up.
#[derive(Debug, Default)]
pub struct Outbox {
    own: Option<Box<Own>>,
    /// Whether the last byte written is not the last of its line.
    in_mid_line: bool,
    must_drain: bool,
    /// Up to where the fan-out is written; `None` for who does not read it (not yet, or no more).
    read_to: Option<Position>,
}

/// What is for one reader alone.
#[derive(Debug, Default)]
struct Own {
    bytes: Vec<u8>,
    /// How much of it is written.
    written: usize,
    /// Up to where it does not count against the reader's limit.
    uncounted: usize,
    hold: Option<Hold>,
}

/// A pause after the first bytes of one's own, for readers that take a line by one whole `recv`.
#[derive(Debug)]
struct Hold {
    after: usize,
    until: Instant,
}

impl Drop for Own {
    fn drop(&mut self) {
        give_back(&mut self.bytes);
    }
}

impl Own {
    /// Or who always lags a little would make it keep all that it was ever sent. To move the rest only when it is the
    /// smaller half costs a byte moved per byte written.
    fn forget_written(&mut self) {
        if self.written <= self.bytes.len() / 2 {
            return;
        }
        self.bytes.drain(..self.written);
        self.uncounted = self.uncounted.saturating_sub(self.written);
        if let Some(hold) = &mut self.hold {
            hold.after -= self.written;
        }
        self.written = 0;
    }
}

impl Outbox {
    /// Begins to read the fan-out at its end.
    pub fn subscribe(&mut self, fanout: &Fanout) {
        self.read_to = Some(fanout.end());
    }

    /// Takes what is left of the fan-out into its own bytes and reads it no further.
    pub fn unsubscribe(&mut self, fanout: &Fanout) {
        self.catch_up(fanout, fanout.end());
        self.read_to = None;
    }

    /// Queues bytes for this reader alone, behind all that it has been told so far.
    pub fn push(&mut self, fanout: &Fanout, write: impl FnOnce(&mut Vec<u8>)) {
        self.catch_up(fanout, fanout.end());
        write(&mut self.own().bytes);
    }

    /// Leaves out what the fan-out holds since `from`: it is not for this reader.
    pub fn skip(&mut self, fanout: &Fanout, from: Position) {
        self.catch_up(fanout, from);
        self.read_to = self.read_to.map(|_| fanout.end());
    }

    /// Writes nothing behind what stands in it now until `until`.
    pub fn hold(&mut self, until: Instant) {
        let own = self.own();
        own.hold = Some(Hold { after: own.bytes.len(), until });
    }

    /// Until when something is held back.
    pub fn held_until(&self) -> Option<Instant> {
        self.own.as_ref()?.hold.as_ref().map(|hold| hold.until)
    }

    /// Ends the pause if its time has come.
    pub fn resume(&mut self, now: Instant) {
        if let Some(own) = &mut self.own {
            own.hold.take_if(|hold| hold.until <= now);
        }
    }

    /// How many bytes wait, held back or not.
    pub fn backlog(&self, fanout: &Fanout) -> usize {
        self.own.as_ref().map_or(0, |own| own.bytes.len() - own.written) + self.unread(fanout)
    }

    /// What now waits does not count against the reader's limit: a welcome is as long as the room is full.
    pub fn waive(&mut self) {
        if let Some(own) = &mut self.own {
            own.uncounted = own.bytes.len();
        }
    }

    /// How many bytes wait that count against the reader's limit.
    pub fn counted_backlog(&self, fanout: &Fanout) -> usize {
        let uncounted = self.own.as_ref().map_or(0, |own| own.uncounted.saturating_sub(own.written));
        self.backlog(fanout) - uncounted
    }

    /// Whether it must read before it may ask for more.
    pub fn must_drain(&self) -> bool {
        self.must_drain
    }

    /// Asks for that if too much of its own waits.
    pub fn note_full(&mut self) {
        self.must_drain |= self.is_full();
    }

    /// Whether it has now read as much as was asked for; told once.
    pub fn has_drained(&mut self) -> bool {
        let has_drained = self.must_drain && !self.is_full();
        self.must_drain &= !has_drained;
        has_drained
    }

    fn is_full(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.bytes.len() - own.written.max(own.uncounted) > MAX_UNREAD)
    }

    /// What may be written now: own bytes and fan-out.
    pub fn slices<'a>(&'a self, fanout: &'a Fanout) -> [IoSlice<'a>; 2] {
        let shared = self.read_to.map_or(&[][..], |read_to| fanout.after(read_to));
        let (own, shared) = match self.own.as_deref() {
            None => (&[][..], shared),
            Some(Own { bytes, written, hold: Some(hold), .. }) => (&bytes[*written..hold.after], &[][..]),
            Some(Own { bytes, written, .. }) => (&bytes[*written..], shared),
        };
        [IoSlice::new(own), IoSlice::new(shared)]
    }

    /// Takes off `bytes` that were written from [`Outbox::slices`].
    pub fn advance(&mut self, fanout: &Fanout, bytes: usize) {
        let Some(last) = bytes.checked_sub(1) else { return };
        let [own, shared] = self.slices(fanout);
        let last = own.get(last).or_else(|| shared.get(last - own.len())).copied();
        let of_own = bytes.min(own.len());
        self.in_mid_line = last != Some(b'\n');
        self.read_to = self.read_to.map(|read_to| read_to.plus(bytes - of_own));
        if let Some(own) = &mut self.own {
            own.written += of_own;
        }
        self.own.take_if(|own| own.written == own.bytes.len() && own.hold.is_none());
        if let Some(own) = &mut self.own {
            own.forget_written();
        }
    }

    /// Up to where it has read the fan-out, if it reads it.
    pub fn read_to(&self) -> Option<Position> {
        self.read_to
    }

    /// Drops all that waits but the rest of a line that is partly written, and reads the fan-out no further.
    pub fn abandon(&mut self, fanout: &Fanout) {
        self.unsubscribe(fanout);
        let Some(own) = self.own.take().filter(|_| self.in_mid_line) else { return };
        let waiting = &own.bytes[own.written..];
        let rest = waiting.iter().position(|&b| b == b'\n').map_or(0, |end| end + 1);
        self.own().bytes = waiting[..rest].to_vec();
    }

    fn own(&mut self) -> &mut Own {
        self.own.get_or_insert_default()
    }

    fn unread(&self, fanout: &Fanout) -> usize {
        self.read_to.map_or(0, |read_to| fanout.end().since(read_to))
    }

    fn catch_up(&mut self, fanout: &Fanout, to: Position) {
        let Some(read_to) = self.read_to else { return };
        let unread = fanout.between(read_to, to);
        if !unread.is_empty() {
            self.own().bytes.extend_from_slice(unread);
        }
        self.read_to = Some(to.max(read_to));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn waiting(outbox: &Outbox, fanout: &Fanout) -> String {
        let slices = outbox.slices(fanout);
        slices.iter().map(|s| std::str::from_utf8(s).unwrap()).collect()
    }

    #[test]
    fn ones_own_lines_keep_their_place_among_those_for_all() {
        let (mut fanout, mut outbox) = (Fanout::default(), Outbox::default());
        fanout.tail().extend(b"before;");
        outbox.push(&fanout, |own| own.extend(b"ok;"));
        outbox.subscribe(&fanout);
        fanout.tail().extend(b"all1;");
        outbox.push(&fanout, |own| own.extend(b"own1;"));
        fanout.tail().extend(b"all2;");
        let from = fanout.end();
        fanout.tail().extend(b"not for me;");
        outbox.skip(&fanout, from);
        fanout.tail().extend(b"all3;");
        let all = "ok;all1;own1;all2;all3;";
        assert_eq!(waiting(&outbox, &fanout), all);
        assert_eq!(outbox.backlog(&fanout), all.len());
        outbox.advance(&fanout, all.len());
        assert_eq!((waiting(&outbox, &fanout).as_str(), outbox.own.is_none()), ("", true));
    }

    #[test]
    fn what_is_held_waits_for_its_time() {
        let (mut fanout, mut outbox) = (Fanout::default(), Outbox::default());
        let start = Instant::now();
        let until = start + Duration::from_millis(100);
        outbox.push(&fanout, |own| own.extend(b"OK\n"));
        outbox.subscribe(&fanout);
        outbox.hold(until);
        fanout.tail().extend(b"later\n");
        assert_eq!(waiting(&outbox, &fanout), "OK\n");
        outbox.advance(&fanout, 3);
        assert_eq!(waiting(&outbox, &fanout), "");
        outbox.resume(start);
        assert_eq!(waiting(&outbox, &fanout), "");
        outbox.resume(until);
        assert_eq!(waiting(&outbox, &fanout), "later\n");
    }

    #[test]
    fn an_abandoned_reader_gets_at_most_the_end_of_the_line_it_is_reading() {
        for (advanced, rest) in [(0, ""), (2, "e\n"), (4, ""), (6, "o\n"), (8, "")] {
            let (mut fanout, mut outbox) = (Fanout::default(), Outbox::default());
            outbox.push(&fanout, |own| own.extend(b"one\n"));
            outbox.subscribe(&fanout);
            fanout.tail().extend(b"two\nthree\n");
            outbox.advance(&fanout, advanced);
            outbox.abandon(&fanout);
            assert_eq!(waiting(&outbox, &fanout), rest);
            assert!(outbox.read_to().is_none());
        }
    }

    #[test]
    fn who_always_lags_a_little_makes_it_keep_no_more_than_that() {
        let (fanout, mut outbox) = (Fanout::default(), Outbox::default());
        outbox.push(&fanout, |own| own.extend(b"welcome\n"));
        outbox.waive();
        for _ in 0..1_000 {
            outbox.push(&fanout, |own| own.extend(b"a line\n"));
            outbox.advance(&fanout, 7);
        }
        assert_eq!((outbox.backlog(&fanout), outbox.counted_backlog(&fanout)), (8, 8));
        assert!(outbox.own.is_some_and(|own| own.bytes.len() <= 30));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Broadcast,
        NotForMe,
        Own,
        Waive,
        Hold,
        Resume,
        Write(usize),
        Release,
    }

    fn step() -> impl Strategy<Value = Step> {
        use Step::*;
        let write = (0..40_usize).prop_map(Write);
        let rare = prop_oneof![Just(Waive), Just(Hold), Just(Resume)];
        prop_oneof![Just(Broadcast), Just(NotForMe), Just(Own), write, Just(Release), rare]
    }

    proptest! {
        #[test]
        fn whatever_the_writes_everything_arrives_once_and_in_order(steps in prop::collection::vec(step(), 0..60)) {
            let (mut fanout, mut outbox) = (Fanout::default(), Outbox::default());
            outbox.subscribe(&fanout);
            let (mut expected, mut arrived) = (String::new(), String::new());
            let (mut uncounted, mut held, until) = (0, None, Instant::now());
            for (number, step) in steps.into_iter().chain([Step::Resume, Step::Write(usize::MAX)]).enumerate() {
                let line = format!("line {number}\n");
                let from = fanout.end();
                match step {
                    Step::Broadcast => fanout.tail().extend(line.as_bytes()),
                    Step::NotForMe => {
                        fanout.tail().extend(line.as_bytes());
                        outbox.skip(&fanout, from);
                    }
                    Step::Own => outbox.push(&fanout, |own| own.extend(line.as_bytes())),
                    Step::Waive => {
                        outbox.waive();
                        uncounted = expected.len() - outbox.unread(&fanout);
                    }
                    Step::Hold => {
                        outbox.push(&fanout, |_| ());
                        outbox.hold(until);
                        held = Some(expected.len());
                    }
                    Step::Resume => {
                        outbox.resume(until);
                        held = None;
                    }
                    Step::Write(most) => {
                        let written: String = waiting(&outbox, &fanout).chars().take(most).collect();
                        prop_assert!(held.is_none_or(|held| arrived.len() + written.len() <= held));
                        outbox.advance(&fanout, written.len());
                        arrived += &written;
                    }
                    Step::Release => fanout.release(outbox.read_to().unwrap()),
                }
                if matches!(step, Step::Broadcast | Step::Own) {
                    expected += &line;
                }
                let backlog = expected.len() - arrived.len();
                prop_assert_eq!(outbox.backlog(&fanout), backlog);
                prop_assert_eq!(outbox.counted_backlog(&fanout), expected.len() - arrived.len().max(uncounted));
                prop_assert!(outbox.own.as_ref().is_none_or(|own| own.bytes.len() <= 2 * (own.bytes.len() - own.written)));
            }
            prop_assert_eq!(arrived, expected);
        }
    }
}
