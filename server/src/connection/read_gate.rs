//! Delays of a connection's next request: its own rate, the rate of its address, or an unanswered query.

use std::time::Instant;

use papo_common::{Malformed, Request};

use crate::token_bucket::{RateLimit, TokenBucket};

/// Decides when a connection's next request may be taken.
#[derive(Debug, Default)]
pub struct ReadGate {
    bucket: TokenBucket,
    /// Boxed, because few connections wait for anything at any moment.
    waits: Option<Box<Waits>>,
}

#[derive(Debug, Default)]
struct Waits {
    /// When the connections of this address may send their next line.
    address_ready_at: Option<Instant>,
    /// Whether a query waits for its answer: one at a time.
    has_query: bool,
    /// The next query, which waits until that one is answered. Other requests pass.
    held: Option<Request>,
}

impl ReadGate {
    /// When the next request may be taken, as far as rates go; `None` for at once.
    pub fn ready_at(&self, rate: Option<RateLimit>) -> Option<Instant> {
        let address = self.waits.as_ref().and_then(|waits| waits.address_ready_at);
        rate.and_then(|rate| self.bucket.ready_at(rate)).max(address)
    }

    /// Whether a rate keeps the next request back.
    pub fn is_limited(&self, rate: Option<RateLimit>, now: Instant) -> bool {
        self.ready_at(rate).is_some_and(|ready_at| ready_at > now)
    }

    /// Takes no request before `ready_at`, whatever this connection's own rate says: others of its address have used
    /// what they have in common.
    pub fn wait_for_address(&mut self, ready_at: Option<Instant>) {
        if ready_at.is_some() || self.waits.is_some() {
            self.waits.get_or_insert_default().address_ready_at = ready_at;
            self.forget_waits();
        }
    }

    /// Pays for `lines` that were taken.
    pub fn charge(&mut self, rate: Option<RateLimit>, lines: usize, now: Instant) {
        if let Some(rate) = rate {
            self.bucket.charge(rate, lines, now);
        }
    }

    /// Used part of the rate.
    pub fn bucket(&self) -> TokenBucket {
        self.bucket
    }

    /// Continues with what was used of `bucket`, if that is more.
    pub fn take_over(&mut self, bucket: TokenBucket) {
        self.bucket = self.bucket.max(bucket);
    }

    /// Lets `request` pass, or holds it back if it is a query behind an unanswered one.
    pub fn admit(&mut self, request: Result<Request, Malformed>) -> Option<Result<Request, Malformed>> {
        match request {
            Ok(query) if self.has_query() && query.is_slow() => {
                self.waits.get_or_insert_default().held = Some(query);
                None
            }
            request => Some(request),
        }
    }

    /// Whether a query is held back by an unanswered one: nothing behind it is read.
    pub fn holds_query(&self) -> bool {
        self.waits.as_ref().is_some_and(|waits| waits.has_query && waits.held.is_some())
    }

    /// Takes out the query that was held back, once the one before it is answered.
    pub fn release_query(&mut self) -> Option<Request> {
        let held = self.waits.as_mut().filter(|waits| !waits.has_query)?.held.take();
        self.forget_waits();
        held
    }

    /// Notes that a query waits for its answer.
    pub fn begin_query(&mut self) {
        self.waits.get_or_insert_default().has_query = true;
    }

    /// Notes that no query waits for an answer any more; true if one did.
    pub fn end_query(&mut self) -> bool {
        let had_query = self.waits.as_mut().is_some_and(|waits| std::mem::take(&mut waits.has_query));
        self.forget_waits();
        had_query
    }

    /// Whether a query waits for its answer.
    pub fn has_query(&self) -> bool {
        self.waits.as_ref().is_some_and(|waits| waits.has_query)
    }

    fn forget_waits(&mut self) {
        self.waits.take_if(|it| it.address_ready_at.is_none() && !it.has_query && it.held.is_none());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use papo_common::SafeInteger;

    use super::*;

    fn query(text: &str) -> Request {
        Request::Search { reference: None, text: text.into(), before: None, count: SafeInteger::new(1).unwrap() }
    }

    #[test]
    fn a_second_query_waits_for_the_answer_to_the_first_and_other_requests_pass() {
        let mut gate = ReadGate::default();
        assert_eq!(gate.admit(Ok(query("one"))), Some(Ok(query("one"))));
        gate.begin_query();
        assert_eq!(gate.admit(Ok(Request::Pong)), Some(Ok(Request::Pong)));
        assert_eq!((gate.admit(Ok(query("two"))), gate.holds_query()), (None, true));
        assert_eq!(gate.release_query(), None);
        assert!(gate.end_query());
        assert_eq!(gate.release_query(), Some(query("two")));
        assert!(!gate.end_query() && gate.waits.is_none());
    }

    #[test]
    fn the_later_of_both_rates_holds() {
        let (mut gate, now) = (ReadGate::default(), Instant::now());
        let rate = RateLimit::new(1, 1);
        gate.charge(rate, 2, now);
        let own = gate.ready_at(rate).unwrap();
        for address in [now, own + Duration::from_millis(1)] {
            gate.wait_for_address(Some(address));
            assert_eq!(gate.ready_at(rate), Some(own.max(address)));
        }
        gate.wait_for_address(None);
        assert_eq!((gate.ready_at(rate), gate.ready_at(None)), (Some(own), None));
        assert!(gate.waits.is_none());
    }
}
