//! Rates of all connections of one address together, beside the rate of each member: lines and comings.
//!
//! An address is a machine, or a whole class behind one router. So its lines are bounded at several times a member's
//! rate, and as many may come at once as sit in a class. A new name, or a new connection, buys nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

use papo_common::Name;

use crate::config::AddressLimits;
use crate::token_bucket::{RateLimit, TokenBucket};

/// Lines of all members of an address, look-ups and refused names among them, in multiples of one member's rate.
pub const LINES_PER_ADDRESS: u32 = 5;
/// Comings of an address that are let in at once.
pub const JOIN_BURST: u32 = 40;
/// Comings of an address per second after that.
pub const JOINS_PER_SECOND: u32 = 10;

impl AddressLimits {
    /// The limits beside `lines` per second from one member; with 0, which is no limit for members, there is none for
    /// addresses either.
    pub fn beside(lines: u32, loopback_is_exempt: bool) -> AddressLimits {
        let all_lines = RateLimit::per_second(lines.saturating_mul(LINES_PER_ADDRESS));
        let comings = all_lines.and(RateLimit::new(JOINS_PER_SECOND, JOIN_BURST));
        AddressLimits { lines: all_lines, comings, loopback_is_exempt }
    }
}

/// Recent use of their limits by the addresses.
#[derive(Debug)]
pub struct Throttle {
    limits: AddressLimits,
    addresses: HashMap<IpAddr, Usage>,
    /// The number of addresses above which those are forgotten that have used nothing lately.
    most: usize,
}

/// Recent use by one address.
#[derive(Debug, Default)]
struct Usage {
    lines: TokenBucket,
    comings: TokenBucket,
    /// Use of their own rate by members that have left, by the key of the name.
    departed: Vec<(Box<str>, TokenBucket)>,
}

impl Throttle {
    /// The fewest addresses that are looked through for those that can be forgotten.
    const FEW: usize = 64;

    /// Nobody has used anything.
    pub fn new(limits: AddressLimits) -> Throttle {
        Throttle { limits, addresses: HashMap::new(), most: Throttle::FEW }
    }

    /// When the connections of `ip` may send the next line, or its next newcomer the line that is to be its name; `None`
    /// for at once.
    pub fn ready_at(&self, ip: IpAddr, is_member: bool) -> Option<Instant> {
        let limits = self.limits_of(ip)?;
        let usage = self.addresses.get(&ip)?;
        let lines = limits.lines.and_then(|rate| usage.lines.ready_at(rate));
        let comings = limits.comings.filter(|_| !is_member).and_then(|rate| usage.comings.ready_at(rate));
        lines.max(comings)
    }

    /// `ip` has sent what counts as so many lines.
    pub fn charge(&mut self, ip: IpAddr, lines: usize, now: Instant) {
        if let Some(rate) = self.limits_of(ip).and_then(|limits| limits.lines) {
            self.usage(ip, now).lines.charge(rate, lines, now);
        }
    }

    /// Somebody has entered from `ip`.
    pub fn joined(&mut self, ip: IpAddr, now: Instant) {
        if let Some(rate) = self.limits_of(ip).and_then(|limits| limits.comings) {
            self.usage(ip, now).comings.charge(rate, 1, now);
        }
    }

    /// The member called `name` leaves `ip`, having used that much of its rate.
    pub fn note(&mut self, ip: IpAddr, name: &Name, bucket: TokenBucket, now: Instant) {
        if bucket.is_in_debt(now) {
            self.usage(ip, now).departed.push((name.key().into(), bucket));
        }
    }

    /// `name` enters from `ip`: what it has used of its rate already. That is what it had used when it left or, from an
    /// address that is one machine as far as is known, what the one had that used most of those who left.
    pub fn take(&mut self, ip: IpAddr, name: &Name) -> TokenBucket {
        let is_exempt = self.limits_of(ip).is_none();
        let Some(departed) = self.addresses.get_mut(&ip).map(|usage| &mut usage.departed) else {
            return TokenBucket::default();
        };
        let same = departed.iter().position(|(key, _)| **key == *name.key());
        let most = || (0..departed.len()).max_by_key(|&place| departed[place].1).filter(|_| !is_exempt);
        same.or_else(most).map_or_else(TokenBucket::default, |place| departed.swap_remove(place).1)
    }

    fn limits_of(&self, ip: IpAddr) -> Option<AddressLimits> {
        let is_exempt = self.limits.loopback_is_exempt && ip.is_loopback();
        Some(self.limits).filter(|_| !is_exempt)
    }

    fn usage(&mut self, ip: IpAddr, now: Instant) -> &mut Usage {
        if self.addresses.len() >= self.most && !self.addresses.contains_key(&ip) {
            self.addresses.retain(|_, usage| usage.is_in_debt(now));
            self.most = Throttle::FEW.max(2 * self.addresses.len());
        }
        let usage = self.addresses.entry(ip).or_default();
        usage.departed.retain(|(_, bucket)| bucket.is_in_debt(now));
        usage
    }
}

impl Usage {
    fn is_in_debt(&self, now: Instant) -> bool {
        self.departed
            .iter()
            .map(|(_, bucket)| bucket)
            .chain([&self.lines, &self.comings])
            .any(|bucket| bucket.is_in_debt(now))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn limits() -> AddressLimits {
        AddressLimits::beside(20, true)
    }

    fn ip(last: u8) -> IpAddr {
        [10, 0, 0, last].into()
    }

    fn name(name: &str) -> Name {
        Name::parse(name).unwrap()
    }

    /// The number that pass within `seconds` when there is always another one.
    fn passed(throttle: &mut Throttle, ip: IpAddr, is_member: bool, start: Instant, seconds: u64) -> usize {
        let mut passed = 0;
        for ms in 0..=1_000 * seconds {
            let now = start + Duration::from_millis(ms);
            while throttle.ready_at(ip, is_member).is_none_or(|ready| ready <= now) {
                if is_member {
                    throttle.charge(ip, 1, now);
                } else {
                    throttle.joined(ip, now);
                }
                passed += 1;
                if passed > 10_000 {
                    return passed;
                }
            }
        }
        passed
    }

    #[test]
    fn an_address_has_a_burst_and_then_a_rate() {
        let (start, mut throttle) = (Instant::now(), Throttle::new(limits()));
        assert_eq!(passed(&mut throttle, ip(1), false, start, 2), 40 + 2 * 10);
        assert_eq!(passed(&mut throttle, ip(1), true, start, 2), 5 * (100 + 2 * 20));
        assert_eq!(passed(&mut throttle, ip(2), false, start, 0), 40, "another address");
        assert_eq!(passed(&mut throttle, ip(1), false, start + Duration::from_secs(60), 0), 40, "long after");
    }

    #[test]
    fn this_machine_is_exempt_unless_the_option_is_given() {
        let (start, loopback) = (Instant::now(), [127, 0, 0, 1].into());
        let mut throttle = Throttle::new(limits());
        assert!(passed(&mut throttle, loopback, false, start, 0) > 10_000);
        let mut throttle = Throttle::new(AddressLimits::beside(20, false));
        assert_eq!(passed(&mut throttle, loopback, false, start, 0), 40);
        let mut throttle = Throttle::new(AddressLimits::beside(0, false));
        assert!(passed(&mut throttle, loopback, true, start, 0) > 10_000, "--rate-limit 0 is no limit at all");
    }

    #[test]
    fn a_new_name_pays_what_the_old_one_owes() {
        let (start, rate) = (Instant::now(), RateLimit::per_second(20).unwrap());
        let mut throttle = Throttle::new(limits());
        let owes = |lines| {
            let mut bucket = TokenBucket::default();
            bucket.charge(rate, lines, start);
            bucket
        };
        throttle.note(ip(1), &name("ana"), owes(10), start);
        throttle.note(ip(1), &name("bia"), owes(100), start);
        throttle.note(ip(1), &name("caio"), owes(50), start);
        assert_eq!(throttle.take(ip(2), &name("ana")), TokenBucket::default(), "another machine");
        assert_eq!(throttle.take(ip(1), &name("ANA")), owes(10), "the same name");
        assert_eq!(throttle.take(ip(1), &name("zeca")), owes(100), "a new name");
        assert_eq!(throttle.take(ip(1), &name("bia")), owes(50));
        assert_eq!(throttle.take(ip(1), &name("caio")), TokenBucket::default(), "each is given once");
        let loopback = [127, 0, 0, 1].into();
        throttle.note(loopback, &name("ana"), owes(10), start);
        assert_eq!(
            throttle.take(loopback, &name("zeca")),
            TokenBucket::default(),
            "many people may be on this machine"
        );
        assert_eq!(throttle.take(loopback, &name("ana")), owes(10));
    }

    #[test]
    fn addresses_are_forgotten_when_nothing_is_owed() {
        let (start, mut throttle) = (Instant::now(), Throttle::new(limits()));
        for last in 0..Throttle::FEW {
            throttle.joined(ip(last as u8), start);
        }
        throttle.joined(ip(200), start + Duration::from_secs(4));
        assert_eq!(throttle.addresses.len(), 1);
    }
}
