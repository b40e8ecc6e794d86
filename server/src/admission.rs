//! Who may connect: how many in all, how many from one address, how many that have not said a name, and who not at all.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use papo_common::Refusal;

use crate::connection::ConnectionKey;

/// Newcomers that cannot stay and are let in all the same, at once, to be told why. Those beyond are closed without a
/// word: whoever is refused as fast as it connects takes nobody's place and costs no more than these.
pub const RESERVE: usize = 16;
/// Connections without a name from one address.
pub const MAX_NAMELESS_PER_ADDRESS: usize = 32;
/// With more connections without a name than this, those that have waited for long have to go.
pub const MAX_PATIENT: usize = 64;
/// How long is long for one of many that have not said a name.
pub const CROWD_PATIENCE: Duration = Duration::from_secs(30);

/// How many may connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// In all, the reserve not counted.
    pub total: usize,
    /// From one address.
    pub per_address: usize,
    /// Whether `per_address` does not hold for loopback addresses: whoever connects by those is on this machine.
    pub loopback_is_exempt: bool,
}

/// The connections as far as their number matters.
#[derive(Debug)]
pub struct Admission {
    places: Places,
    /// How many have a place.
    admitted: usize,
    /// How many are being told that they have none.
    refused: usize,
    addresses: HashMap<IpAddr, Tally>,
    /// Who has no name yet, by when it came or last tried one.
    nameless: BTreeSet<(Instant, ConnectionKey)>,
    banned: HashSet<IpAddr>,
}

#[derive(Debug, Default)]
struct Tally {
    connections: usize,
    nameless: usize,
}

/// One connection's part in the count; to be given back when it closes.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    ip: IpAddr,
    /// Whether it has a place.
    is_admitted: bool,
    /// Since when it owes a name.
    nameless_since: Option<Instant>,
}

impl Ticket {
    /// Its address.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// Since when it owes a name, if it does.
    pub fn nameless_since(&self) -> Option<Instant> {
        self.nameless_since
    }
}

impl Admission {
    /// Nobody yet.
    pub fn new(places: Places) -> Admission {
        let (addresses, nameless, banned) = Default::default();
        Admission { places, admitted: 0, refused: 0, addresses, nameless, banned }
    }

    /// Whether there is neither a place nor one in the reserve.
    pub fn is_full(&self) -> bool {
        self.admitted >= self.places.total && self.refused >= RESERVE
    }

    /// Counts a newcomer, and says why it cannot stay if it cannot; `None` if it cannot even be told so.
    pub fn arrive(&mut self, key: ConnectionKey, ip: IpAddr, now: Instant) -> Option<(Ticket, Option<Refusal>)> {
        let refusal = self.refusal(ip);
        let mut ticket = Ticket { ip, is_admitted: refusal.is_none(), nameless_since: None };
        if ticket.is_admitted {
            self.admitted += 1;
            self.addresses.entry(ip).or_default().connections += 1;
            self.owes_name(&mut ticket, key, now);
        } else if self.refused < RESERVE {
            self.refused += 1;
        } else {
            return None;
        }
        Some((ticket, refusal))
    }

    /// It tried a name: its time begins anew.
    pub fn tried(&mut self, ticket: &mut Ticket, key: ConnectionKey, now: Instant) {
        if ticket.nameless_since.is_some() {
            self.owes_no_name(ticket, key);
            self.owes_name(ticket, key, now);
        }
    }

    /// It has a name, or will never need one.
    pub fn owes_no_name(&mut self, ticket: &mut Ticket, key: ConnectionKey) {
        let Some(since) = ticket.nameless_since.take() else { return };
        self.nameless.remove(&(since, key));
        if let Some(tally) = self.addresses.get_mut(&ticket.ip) {
            tally.nameless -= 1;
        }
    }

    /// It is closed.
    pub fn leave(&mut self, mut ticket: Ticket, key: ConnectionKey) {
        self.owes_no_name(&mut ticket, key);
        if !ticket.is_admitted {
            self.refused -= 1;
            return;
        }
        self.admitted -= 1;
        if let Some(tally) = self.addresses.get_mut(&ticket.ip) {
            tally.connections -= 1;
            if tally.connections == 0 {
                self.addresses.remove(&ticket.ip);
            }
        }
    }

    /// While there is a crowd without names: the one that has waited longest, and until when it may.
    pub fn most_patient(&self) -> Option<(Instant, ConnectionKey)> {
        let &(since, key) = self.nameless.first().filter(|_| self.nameless.len() > MAX_PATIENT)?;
        Some((since + CROWD_PATIENCE, key))
    }

    /// Nobody from `ip` is let in any more.
    pub fn ban(&mut self, ip: IpAddr) {
        self.banned.insert(ip);
    }

    /// Takes a ban back; false if there was none.
    pub fn unban(&mut self, ip: IpAddr) -> bool {
        self.banned.remove(&ip)
    }

    fn refusal(&self, ip: IpAddr) -> Option<Refusal> {
        if self.banned.contains(&ip) {
            return Some(Refusal::Banned);
        }
        let is_exempt = self.places.loopback_is_exempt && ip.is_loopback();
        let is_crowded = self.addresses.get(&ip).is_some_and(|tally| {
            tally.connections >= self.places.per_address || tally.nameless >= MAX_NAMELESS_PER_ADDRESS
        });
        let is_full = self.admitted >= self.places.total || (is_crowded && !is_exempt);
        is_full.then_some(Refusal::RoomFull)
    }

    fn owes_name(&mut self, ticket: &mut Ticket, key: ConnectionKey, now: Instant) {
        ticket.nameless_since = Some(now);
        self.nameless.insert((now, key));
        self.addresses.entry(ticket.ip).or_default().nameless += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(total: usize, per_address: usize) -> Admission {
        Admission::new(Places { total, per_address, loopback_is_exempt: true })
    }

    fn arrive(admission: &mut Admission, key: usize, ip: IpAddr, now: Instant) -> (Ticket, Option<Refusal>) {
        admission.arrive(ConnectionKey(key), ip, now).unwrap()
    }

    fn ip(last: u8) -> IpAddr {
        [10, 0, 0, last].into()
    }

    #[test]
    fn the_reserve_is_for_those_who_are_sent_away() {
        let mut admission = places(2, 99);
        let now = Instant::now();
        let verdicts: Vec<_> = (0..2 + RESERVE).map(|i| arrive(&mut admission, i, ip(i as u8), now)).collect();
        assert!(verdicts.iter().take(2).all(|(_, refusal)| refusal.is_none()));
        assert!(verdicts.iter().skip(2).all(|(_, refusal)| *refusal == Some(Refusal::RoomFull)));
        assert!(admission.is_full());
        admission.leave(verdicts[0].0, ConnectionKey(0));
        assert!(!admission.is_full());
    }

    #[test]
    fn who_is_refused_takes_nobodys_place() {
        let mut admission = places(20, 99);
        let now = Instant::now();
        admission.ban(ip(1));
        for i in 0..RESERVE {
            assert_eq!(arrive(&mut admission, i, ip(1), now).1, Some(Refusal::Banned));
        }
        assert!(
            admission.arrive(ConnectionKey(90), ip(1), now).is_none(),
            "too many of them at once are not even told"
        );
        let tickets: Vec<_> = (100..120).map(|i| arrive(&mut admission, i, ip(i as u8), now)).collect();
        assert!(tickets.iter().all(|(_, refusal)| refusal.is_none()));
        assert!(admission.is_full());
    }

    #[test]
    fn one_address_cannot_take_all_places() {
        let mut admission = places(99, 3);
        let now = Instant::now();
        for i in 0..3 {
            assert_eq!(arrive(&mut admission, i, ip(1), now).1, None);
        }
        assert_eq!(arrive(&mut admission, 3, ip(1), now).1, Some(Refusal::RoomFull));
        assert_eq!(arrive(&mut admission, 4, ip(2), now).1, None);
        for i in 5..50 {
            assert_eq!(arrive(&mut admission, i, [127, 0, 0, 1].into(), now).1, None);
        }
    }

    #[test]
    fn one_address_cannot_be_nameless_too_often() {
        let mut admission = places(999, 999);
        let now = Instant::now();
        let mut tickets: Vec<_> =
            (0..MAX_NAMELESS_PER_ADDRESS).map(|i| arrive(&mut admission, i, ip(1), now).0).collect();
        assert_eq!(arrive(&mut admission, 90, ip(1), now).1, Some(Refusal::RoomFull));
        admission.owes_no_name(&mut tickets[0], ConnectionKey(0));
        assert_eq!(arrive(&mut admission, 91, ip(1), now).1, None);
    }

    #[test]
    fn in_a_crowd_the_one_that_waited_longest_goes_first() {
        let mut admission = places(999, 999);
        let start = Instant::now();
        let at = |s: usize| start + Duration::from_secs(s as u64);
        let mut tickets: Vec<_> = (0..MAX_PATIENT).map(|i| arrive(&mut admission, i, ip(i as u8), at(i)).0).collect();
        assert_eq!(admission.most_patient(), None);
        arrive(&mut admission, MAX_PATIENT, ip(200), at(99));
        assert_eq!(admission.most_patient(), Some((at(30), ConnectionKey(0))));
        admission.tried(&mut tickets[0], ConnectionKey(0), at(100));
        assert_eq!(admission.most_patient(), Some((at(31), ConnectionKey(1))));
    }

    #[test]
    fn a_banned_address_stays_out_until_it_is_freed() {
        let mut admission = places(9, 9);
        admission.ban(ip(1));
        assert_eq!(arrive(&mut admission, 0, ip(1), Instant::now()).1, Some(Refusal::Banned));
        assert!(admission.unban(ip(1)));
        assert!(!admission.unban(ip(1)));
        assert_eq!(arrive(&mut admission, 1, ip(1), Instant::now()).1, None);
    }
}
