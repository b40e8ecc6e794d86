//! What the server keeps for one session, so that nothing is lost or doubled when its connection is.

use std::collections::VecDeque;

use papo_common::{Name, Private, SafeInteger};

/// How many of its last requests a session may ask again.
pub const MAX_RECEIPTS: usize = 1024;
/// How many of its last private messages a session is given when it comes back.
pub const MAX_PRIVATES: usize = 256;
/// How many bytes of them.
pub const MAX_PRIVATE_BYTES: usize = 256 * 1024;

/// The memory of one native session, while it is here and while it is away.
#[derive(Debug, Default)]
pub struct SessionState {
    /// How many private messages it was given.
    pseq: u64,
    privates: VecDeque<Private>,
    bytes: usize,
    receipts: VecDeque<(SafeInteger, Receipt)>,
    /// The greatest number whose receipt is forgotten.
    forgotten: Option<SafeInteger>,
    /// Whether an earlier run of the server gave the session private messages, nobody knows how many.
    has_lost_count: bool,
}

/// What became of a request, short of the text, which the session that asks again sends again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It was said to all.
    Said {
        /// Its number in the room.
        seq: u64,
        /// When.
        at: u64,
    },
    /// It was said to one.
    Whispered {
        /// Its number in the session that said it.
        pseq: u64,
        /// The addressee's own spelling.
        to: Name,
        /// When.
        at: u64,
        /// Whether the addressee was away.
        away: bool,
    },
}

/// Whether a request has been done before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefStatus {
    /// It has not.
    No,
    /// It has: with that outcome.
    Yes(Receipt),
    /// Nobody remembers.
    Unknown,
}

impl SessionState {
    /// What is left of a session after a restart: its public messages' own numbers, rising, each with the room's number
    /// and the time.
    pub fn restored(said: Vec<(SafeInteger, u64, u64)>) -> SessionState {
        let mut memory = SessionState { has_lost_count: true, ..SessionState::default() };
        for (reference, seq, at) in said {
            memory.note(reference, Receipt::Said { seq, at });
        }
        memory
    }

    /// The session comes back and says which was the last private message that it was given. Where a restart has lost
    /// count that is taken up, so that its numbers go on rising.
    pub fn continue_from(&mut self, private_since: u64) {
        if std::mem::take(&mut self.has_lost_count) {
            self.pseq += private_since;
            self.privates.iter_mut().for_each(|private| private.pseq += private_since);
        }
    }

    /// How many private messages it was given.
    pub fn pseq(&self) -> u64 {
        self.pseq
    }

    /// Numbers a private message for this session and keeps it.
    pub fn keep(&mut self, private: Private) -> Private {
        self.pseq += 1;
        let private = Private { pseq: self.pseq, ..private };
        self.bytes += private.text.as_str().len();
        self.privates.push_back(private.clone());
        while self.privates.len() > MAX_PRIVATES || self.bytes > MAX_PRIVATE_BYTES {
            let Some(oldest) = self.privates.pop_front() else { break };
            self.bytes -= oldest.text.as_str().len();
        }
        private
    }

    /// Those it was given after number `since`, and whether older ones are lost.
    pub fn privates_since(&self, since: u64) -> (impl Iterator<Item = &Private>, bool) {
        let oldest = self.privates.front().map_or(self.pseq + 1, |private| private.pseq);
        (self.privates.iter().filter(move |private| private.pseq > since), since + 1 < oldest)
    }

    /// Whether `reference` was asked before.
    pub fn ref_status(&self, reference: SafeInteger) -> RefStatus {
        match self.place_of(reference) {
            Ok(place) => RefStatus::Yes(self.receipts[place].1.clone()),
            Err(_) if self.forgotten.is_some_and(|forgotten| reference <= forgotten) => RefStatus::Unknown,
            Err(_) => RefStatus::No,
        }
    }

    /// Remembers what became of `reference`.
    pub fn note(&mut self, reference: SafeInteger, receipt: Receipt) {
        match self.place_of(reference) {
            Ok(place) => self.receipts[place].1 = receipt,
            Err(place) => self.receipts.insert(place, (reference, receipt)),
        }
        if self.receipts.len() > MAX_RECEIPTS
            && let Some((oldest, _)) = self.receipts.pop_front()
        {
            self.forgotten = self.forgotten.max(Some(oldest));
        }
    }

    /// Numbers rise, so that a new one belongs at the end but for a client that asks again what was refused.
    fn place_of(&self, reference: SafeInteger) -> Result<usize, usize> {
        match self.receipts.back() {
            Some((last, _)) if *last < reference => Err(self.receipts.len()),
            _ => self.receipts.binary_search_by_key(&reference, |(known, _)| *known),
        }
    }
}

#[cfg(test)]
mod tests {
    use papo_common::{LineBreaks, MemberId, Text};

    use super::*;

    fn number(n: u64) -> SafeInteger {
        SafeInteger::new(n).unwrap()
    }

    fn private(text: &str) -> Private {
        let (from, to) = (Name::parse("ana").unwrap(), Name::parse("bia").unwrap());
        let text = Text::clean(text, LineBreaks::Keep).unwrap();
        Private { pseq: 0, from, id: MemberId::from_random(1), to, text, at: 0, reference: None, away: false }
    }

    #[track_caller]
    fn check_since(memory: &SessionState, since: u64, first: Option<u64>, count: usize, gap: bool) {
        let (privates, has_gap) = memory.privates_since(since);
        let numbers: Vec<u64> = privates.map(|private| private.pseq).collect();
        assert_eq!((numbers.first().copied(), numbers.len(), has_gap), (first, count, gap));
    }

    #[test]
    fn privates_are_numbered_and_the_last_are_kept() {
        let mut memory = SessionState::default();
        check_since(&memory, 0, None, 0, false);
        for n in 1..=300 {
            assert_eq!(memory.keep(private("oi")).pseq, n);
        }
        check_since(&memory, 300, None, 0, false);
        check_since(&memory, 298, Some(299), 2, false);
        check_since(&memory, 44, Some(45), 256, false);
        check_since(&memory, 43, Some(45), 256, true);
        for _ in 0..10 {
            memory.keep(private(&"x".repeat(MAX_PRIVATE_BYTES / 4)));
        }
        check_since(&memory, 0, Some(307), 4, true);
    }

    #[test]
    fn what_was_asked_is_known_as_far_back_as_receipts_go() {
        let mut memory = SessionState::default();
        let said = |seq| Receipt::Said { seq, at: 7 };
        assert_eq!(memory.ref_status(number(1)), RefStatus::No);
        for n in 1..=MAX_RECEIPTS as u64 + 2 {
            memory.note(number(n), said(n));
        }
        assert_eq!(memory.ref_status(number(2)), RefStatus::Unknown);
        assert_eq!(memory.ref_status(number(3)), RefStatus::Yes(said(3)));
        assert_eq!(memory.ref_status(number(2_000)), RefStatus::No);
    }

    #[test]
    fn after_a_restart_numbers_go_on_from_what_the_session_knows() {
        let said = (1..=MAX_RECEIPTS as u64 + 1).map(|n| (number(n), n + 100, 7)).collect();
        let mut memory = SessionState::restored(said);
        assert_eq!(memory.ref_status(number(1)), RefStatus::Unknown);
        assert_eq!(memory.ref_status(number(2)), RefStatus::Yes(Receipt::Said { seq: 102, at: 7 }));
        assert_eq!(memory.ref_status(number(5_000)), RefStatus::No);
        memory.keep(private("enquanto isso"));
        memory.continue_from(40);
        check_since(&memory, 40, Some(41), 1, false);
        // It has lost count only once.
        memory.continue_from(40);
        assert_eq!(memory.keep(private("oi")).pseq, 42);
    }
}
