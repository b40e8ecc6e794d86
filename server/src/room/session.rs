//! The state of a session, so that nothing is lost or sent twice when its connection breaks.

use std::collections::VecDeque;
use std::net::IpAddr;

use papo_common::{MemberId, Name, Private, SafeInteger};

use super::secret_hash::SecretHash;

/// The most receipts of a session: how many of its last requests it may repeat.
pub const MAX_RECEIPTS: usize = 1024;
/// The most private messages that a session is given when it is resumed.
pub const MAX_PRIVATES: usize = 256;
/// The most bytes of text in them.
pub const MAX_PRIVATE_BYTES: usize = 256 * 1024;

/// The state of one session, while it is here and while it is away.
#[derive(Debug, Default)]
pub struct SessionState {
    /// The number of private messages that the session was given.
    pseq: u64,
    privates: VecDeque<Private>,
    bytes: usize,
    receipts: VecDeque<(SafeInteger, Receipt)>,
    /// The greatest request number whose receipt is dropped.
    forgotten: Option<SafeInteger>,
    /// Whether an earlier run of the server gave the session an unknown number of private messages.
    pseq_is_unknown: bool,
}

/// A session that was open when the server's last run broke off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its member's name.
    pub name: Name,
    /// Its member's public id.
    pub id: MemberId,
    /// The hash of its secret.
    pub secret: SecretHash,
    /// Its last address.
    pub ip: IpAddr,
    /// Its public messages' own numbers, rising, with the room's number and the time of each.
    pub receipts: Vec<(SafeInteger, u64, u64)>,
}

/// The outcome of a request, without the text: a client that repeats the request repeats the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// The text was sent to all.
    Public {
        /// The number of the message in the room.
        seq: u64,
        /// When.
        at: u64,
    },
    /// The text was sent to one person.
    Private {
        /// The number of the message in its sender's session.
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
    /// It has not been.
    New,
    /// It has been, with that outcome.
    Done(Receipt),
    /// Its receipt is dropped.
    Forgotten,
}

impl SessionState {
    /// The state of a session after a restart, made of its public messages' own numbers, rising, each with the room's number
    /// and the time.
    pub fn restored(said: Vec<(SafeInteger, u64, u64)>) -> SessionState {
        let mut state = SessionState { pseq_is_unknown: true, ..SessionState::default() };
        for (reference, seq, at) in said {
            state.add_receipt(reference, Receipt::Public { seq, at });
        }
        state
    }

    /// Takes note that the client's last private message has the number `private_since`. After a restart, numbers go on
    /// from there.
    pub fn continue_from(&mut self, private_since: u64) {
        if std::mem::take(&mut self.pseq_is_unknown) {
            self.pseq += private_since;
            self.privates.iter_mut().for_each(|private| private.pseq += private_since);
        }
    }

    /// The number of private messages that the session was given.
    pub fn pseq(&self) -> u64 {
        self.pseq
    }

    /// Numbers a private message for this session and stores it.
    pub fn store_private(&mut self, private: Private) -> Private {
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

    /// The private messages after number `since`, and whether older ones are lost.
    pub fn privates_since(&self, since: u64) -> (impl Iterator<Item = &Private>, bool) {
        let oldest = self.privates.front().map_or(self.pseq + 1, |private| private.pseq);
        (self.privates.iter().filter(move |private| private.pseq > since), since + 1 < oldest)
    }

    /// Whether a request with the number `reference` was done before.
    pub fn ref_status(&self, reference: SafeInteger) -> RefStatus {
        match self.index_of(reference) {
            Ok(index) => RefStatus::Done(self.receipts[index].1.clone()),
            Err(_) if self.forgotten.is_some_and(|forgotten| reference <= forgotten) => RefStatus::Forgotten,
            Err(_) => RefStatus::New,
        }
    }

    /// Remembers what became of `reference`.
    pub fn add_receipt(&mut self, reference: SafeInteger, receipt: Receipt) {
        match self.index_of(reference) {
            Ok(index) => self.receipts[index].1 = receipt,
            Err(index) => self.receipts.insert(index, (reference, receipt)),
        }
        if self.receipts.len() > MAX_RECEIPTS
            && let Some((oldest, _)) = self.receipts.pop_front()
        {
            self.forgotten = self.forgotten.max(Some(oldest));
        }
    }

    /// Numbers rise, so a new one belongs at the end, unless a client repeats a request that was refused.
    fn index_of(&self, reference: SafeInteger) -> Result<usize, usize> {
        match self.receipts.back() {
            Some((last, _)) if *last < reference => Err(self.receipts.len()),
            _ => self.receipts.binary_search_by_key(&reference, |(known, _)| *known),
        }
    }
}

#[cfg(test)]
mod tests {
    use papo_common::{LineBreaks, Text};

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
    fn check_since(state: &SessionState, since: u64, first: Option<u64>, count: usize, gap: bool) {
        let (privates, has_gap) = state.privates_since(since);
        let numbers: Vec<u64> = privates.map(|private| private.pseq).collect();
        assert_eq!((numbers.first().copied(), numbers.len(), has_gap), (first, count, gap));
    }

    #[test]
    fn privates_are_numbered_and_the_last_are_kept() {
        let mut state = SessionState::default();
        check_since(&state, 0, None, 0, false);
        for n in 1..=300 {
            assert_eq!(state.store_private(private("oi")).pseq, n);
        }
        check_since(&state, 300, None, 0, false);
        check_since(&state, 298, Some(299), 2, false);
        check_since(&state, 44, Some(45), 256, false);
        check_since(&state, 43, Some(45), 256, true);
        for _ in 0..10 {
            state.store_private(private(&"x".repeat(MAX_PRIVATE_BYTES / 4)));
        }
        check_since(&state, 0, Some(307), 4, true);
    }

    #[test]
    fn what_was_asked_is_known_as_far_back_as_receipts_go() {
        let mut state = SessionState::default();
        let said = |seq| Receipt::Public { seq, at: 7 };
        assert_eq!(state.ref_status(number(1)), RefStatus::New);
        for n in 1..=MAX_RECEIPTS as u64 + 2 {
            state.add_receipt(number(n), said(n));
        }
        assert_eq!(state.ref_status(number(2)), RefStatus::Forgotten);
        assert_eq!(state.ref_status(number(3)), RefStatus::Done(said(3)));
        assert_eq!(state.ref_status(number(2_000)), RefStatus::New);
    }

    #[test]
    fn after_a_restart_numbers_go_on_from_what_the_session_knows() {
        let said = (1..=MAX_RECEIPTS as u64 + 1).map(|n| (number(n), n + 100, 7)).collect();
        let mut state = SessionState::restored(said);
        assert_eq!(state.ref_status(number(1)), RefStatus::Forgotten);
        assert_eq!(state.ref_status(number(2)), RefStatus::Done(Receipt::Public { seq: 102, at: 7 }));
        assert_eq!(state.ref_status(number(5_000)), RefStatus::New);
        state.store_private(private("enquanto isso"));
        state.continue_from(40);
        check_since(&state, 40, Some(41), 1, false);
        // The number is taken up only once.
        state.continue_from(40);
        assert_eq!(state.store_private(private("oi")).pseq, 42);
    }
}
