//! Admission of connections: how many in all, how many from one address, which of them make room, and which are banned.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use papo_common::Refusal;

use crate::config::ConnectionLimits;
use crate::keys::ConnectionKey;

/// Refused connections that are kept open at a time so that they can be told why. Further ones are closed silently, so
/// that refused peers never use up regular places.
pub const REFUSAL_SLOTS: usize = 16;
/// The time for which a connection without a name keeps its place where another one needs it.
pub const UNREGISTERED_GRACE: Duration = Duration::from_secs(30);
/// More connections without a name than this from one address are a crowd: in a full room its oldest makes room at once.
pub const CROWD: usize = 16;

/// Why a newcomer cannot stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Obstacle {
    /// The operator banned its address.
    Banned,
    /// No place is left.
    RoomFull,
    /// No place is left for its address.
    AddressFull,
}

impl Obstacle {
    /// The refusal that the newcomer is told.
    pub fn refusal(self) -> Refusal {
        match self {
            Obstacle::Banned => Refusal::Banned,
            Obstacle::RoomFull | Obstacle::AddressFull => Refusal::RoomFull,
        }
    }
}

/// The connections as far as their number matters.
#[derive(Debug)]
pub struct Admission {
    limits: ConnectionLimits,
    /// Connections that have a place.
    admitted: usize,
    /// Connections that are being told that they have none.
    refused: usize,
    addresses: HashMap<IpAddr, PerAddress>,
    banned: HashSet<IpAddr>,
}

#[derive(Debug, Default)]
struct PerAddress {
    connections: usize,
    /// Those without a name, by when they came or last tried one.
    unregistered: BTreeSet<(Instant, ConnectionKey)>,
}

/// One connection's part in the count; to be given back when it closes.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    ip: IpAddr,
    /// Whether it has a place.
    is_admitted: bool,
    /// Since when it owes a name.
    unregistered_since: Option<Instant>,
}

impl Permit {
    /// Its address.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// Since when it owes a name, if it does.
    pub fn unregistered_since(&self) -> Option<Instant> {
        self.unregistered_since
    }
}

impl Admission {
    /// Nobody yet.
    pub fn new(places: ConnectionLimits) -> Admission {
        let (addresses, banned) = Default::default();
        Admission { limits: places, admitted: 0, refused: 0, addresses, banned }
    }

    /// The limits.
    pub fn limits(&self) -> ConnectionLimits {
        self.limits
    }

    /// Whether there is neither a place nor one in the reserve, and nobody has to make room for a newcomer.
    pub fn is_full(&self, now: Instant) -> bool {
        self.admitted >= self.limits.total
            && self.refused >= REFUSAL_SLOTS
            && self.oldest_of_largest_crowd(now).is_none()
    }

    /// Whether somebody in a full room has no name, so that it may have to make room later on.
    pub fn has_unregistered(&self) -> bool {
        self.addresses.values().any(|tally| !tally.unregistered.is_empty())
    }

    /// Why a newcomer from `ip` cannot stay, as things are; `None` if it can.
    pub fn obstacle(&self, ip: IpAddr) -> Option<Obstacle> {
        if self.banned.contains(&ip) {
            return Some(Obstacle::Banned);
        }
        let is_exempt = self.limits.loopback_is_exempt && ip.is_loopback();
        let is_crowded = self.addresses.get(&ip).is_some_and(|tally| tally.connections >= self.limits.per_address);
        if is_crowded && !is_exempt {
            return Some(Obstacle::AddressFull);
        }
        (self.admitted >= self.limits.total).then_some(Obstacle::RoomFull)
    }

    /// The connection without a name that has to make room for a newcomer from `ip` which meets `obstacle`. Crowds push
    /// out their own: in a full room it is the oldest of the address that has most of them, and where that has few, only
    /// after its [`UNREGISTERED_GRACE`]; an address that has all its places can only gain them from itself.
    pub fn in_the_way(&self, ip: IpAddr, obstacle: Obstacle, now: Instant) -> Option<ConnectionKey> {
        match obstacle {
            Obstacle::Banned => None,
            Obstacle::RoomFull => self.oldest_of_largest_crowd(now),
            Obstacle::AddressFull => {
                let &(since, key) = self.addresses.get(&ip)?.unregistered.first()?;
                (since + UNREGISTERED_GRACE <= now).then_some(key)
            }
        }
    }

    /// Gives the place of a connection that has to make room to whoever comes next; it is told so by a place in the
    /// reserve. False if that has none: it must be closed without a word.
    pub fn displace(&mut self, permit: &mut Permit, key: ConnectionKey) -> bool {
        if !permit.is_admitted || self.refused >= REFUSAL_SLOTS {
            return false;
        }
        self.leave(*permit, key);
        *permit = Permit { is_admitted: false, unregistered_since: None, ..*permit };
        self.refused += 1;
        true
    }

    /// Counts a newcomer that meets `obstacle`, or none; `None` if it cannot even be told why it must go.
    pub fn arrive(
        &mut self,
        key: ConnectionKey,
        ip: IpAddr,
        obstacle: Option<Obstacle>,
        now: Instant,
    ) -> Option<Permit> {
        let mut permit = Permit { ip, is_admitted: obstacle.is_none(), unregistered_since: None };
        if permit.is_admitted {
            self.admitted += 1;
            self.addresses.entry(ip).or_default().connections += 1;
            self.count_unregistered(&mut permit, key, now);
        } else if self.refused < REFUSAL_SLOTS {
            self.refused += 1;
        } else {
            return None;
        }
        Some(permit)
    }

    /// It tried a name: its time begins anew.
    pub fn retried(&mut self, permit: &mut Permit, key: ConnectionKey, now: Instant) {
        if permit.unregistered_since.is_some() {
            self.registered(permit, key);
            self.count_unregistered(permit, key, now);
        }
    }

    /// It has a name, or will never need one.
    pub fn registered(&mut self, permit: &mut Permit, key: ConnectionKey) {
        let Some(since) = permit.unregistered_since.take() else { return };
        if let Some(tally) = self.addresses.get_mut(&permit.ip) {
            tally.unregistered.remove(&(since, key));
        }
    }

    /// It is closed.
    pub fn leave(&mut self, mut permit: Permit, key: ConnectionKey) {
        self.registered(&mut permit, key);
        if !permit.is_admitted {
            self.refused -= 1;
            return;
        }
        self.admitted -= 1;
        if let Some(tally) = self.addresses.get_mut(&permit.ip) {
            tally.connections -= 1;
            if tally.connections == 0 {
                self.addresses.remove(&permit.ip);
            }
        }
    }

    /// Nobody from `ip` is let in any more.
    pub fn ban(&mut self, ip: IpAddr) {
        self.banned.insert(ip);
    }

    /// Takes a ban back; false if there was none.
    pub fn unban(&mut self, ip: IpAddr) -> bool {
        self.banned.remove(&ip)
    }

    fn oldest_of_largest_crowd(&self, now: Instant) -> Option<ConnectionKey> {
        let crowds =
            self.addresses.values().filter_map(|tally| Some((tally.unregistered.len(), *tally.unregistered.first()?)));
        let (count, (since, key)) = crowds.max_by_key(|&(count, oldest)| (count, Reverse(oldest)))?;
        (count > CROWD || since + UNREGISTERED_GRACE <= now).then_some(key)
    }

    fn count_unregistered(&mut self, permit: &mut Permit, key: ConnectionKey, now: Instant) {
        permit.unregistered_since = Some(now);
        self.addresses.entry(permit.ip).or_default().unregistered.insert((now, key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(total: usize, per_address: usize) -> Admission {
        Admission::new(ConnectionLimits { total, per_address, loopback_is_exempt: true })
    }

    /// As the server does it, without making room.
    fn arrive(admission: &mut Admission, key: usize, ip: IpAddr, now: Instant) -> (Permit, Option<Obstacle>) {
        let obstacle = admission.obstacle(ip);
        (admission.arrive(ConnectionKey(key), ip, obstacle, now).unwrap(), obstacle)
    }

    fn ip(last: u8) -> IpAddr {
        [10, 0, 0, last].into()
    }

    #[test]
    fn the_reserve_is_for_those_who_are_sent_away() {
        let mut admission = places(2, 99);
        let now = Instant::now();
        let mut verdicts: Vec<_> =
            (0..2 + REFUSAL_SLOTS).map(|i| arrive(&mut admission, i, ip(i as u8), now)).collect();
        assert!(verdicts.iter().take(2).all(|(_, obstacle)| obstacle.is_none()));
        assert!(verdicts.iter().skip(2).all(|(_, obstacle)| *obstacle == Some(Obstacle::RoomFull)));
        assert!(!admission.is_full(now + UNREGISTERED_GRACE), "who has no name can make room");
        for (i, (permit, _)) in verdicts.iter_mut().enumerate().take(2) {
            admission.registered(permit, ConnectionKey(i));
        }
        assert!(admission.is_full(now));
        admission.leave(verdicts[0].0, ConnectionKey(0));
        assert!(!admission.is_full(now));
    }

    #[test]
    fn who_is_refused_takes_nobodys_place() {
        let mut admission = places(20, 99);
        let now = Instant::now();
        admission.ban(ip(1));
        for i in 0..REFUSAL_SLOTS {
            assert_eq!(arrive(&mut admission, i, ip(1), now).1, Some(Obstacle::Banned));
        }
        assert!(
            admission.arrive(ConnectionKey(90), ip(1), Some(Obstacle::Banned), now).is_none(),
            "too many of them at once are not even told"
        );
        let tickets: Vec<_> = (100..120).map(|i| arrive(&mut admission, i, ip(i as u8), now)).collect();
        assert!(tickets.iter().all(|(_, obstacle)| obstacle.is_none()));
        assert_eq!(admission.obstacle(ip(200)), Some(Obstacle::RoomFull));
    }

    #[test]
    fn one_address_cannot_take_all_places() {
        let mut admission = places(99, 3);
        let now = Instant::now();
        for i in 0..3 {
            assert_eq!(arrive(&mut admission, i, ip(1), now).1, None);
        }
        assert_eq!(arrive(&mut admission, 3, ip(1), now).1, Some(Obstacle::AddressFull));
        assert_eq!(arrive(&mut admission, 4, ip(2), now).1, None);
        for i in 5..50 {
            assert_eq!(arrive(&mut admission, i, [127, 0, 0, 1].into(), now).1, None);
        }
    }

    #[test]
    fn nobody_has_to_go_while_there_is_room() {
        let mut admission = places(500, 128);
        let start = Instant::now();
        for i in 0..400 {
            assert_eq!(arrive(&mut admission, i, ip((i / 100) as u8), start).1, None);
        }
        assert_eq!(admission.obstacle(ip(9)), None);
    }

    #[test]
    fn in_a_full_room_the_largest_crowd_makes_room_at_once() {
        let mut admission = places(40, 999);
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let (honest, _) = arrive(&mut admission, 0, ip(1), at(0));
        let mut crowd: Vec<_> = (1..40).map(|i| arrive(&mut admission, i, ip(2), at(1 + i as u64)).0).collect();
        let in_the_way =
            |admission: &Admission, from, now| admission.in_the_way(ip(from), admission.obstacle(ip(from))?, now);
        assert_eq!(in_the_way(&admission, 3, at(41)), Some(ConnectionKey(1)), "the oldest of the crowd");
        assert_eq!(in_the_way(&admission, 2, at(41)), Some(ConnectionKey(1)), "also for one of its own");
        assert!(admission.displace(&mut crowd[0], ConnectionKey(1)));
        assert_eq!(admission.obstacle(ip(3)), None);
        assert!(!admission.displace(&mut crowd[0], ConnectionKey(1)), "once");
        admission.leave(crowd[0], ConnectionKey(1));
        admission.leave(honest, ConnectionKey(0));
        for (i, permit) in crowd.into_iter().enumerate().skip(1) {
            admission.leave(permit, ConnectionKey(i + 1));
        }
        assert_eq!((admission.admitted, admission.refused, admission.addresses.len()), (0, 0, 0));
    }

    #[test]
    fn a_few_that_are_still_typing_have_their_time() {
        let mut admission = places(10, 5);
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut tickets: Vec<_> = (0..10).map(|i| arrive(&mut admission, i, ip((i / 5) as u8), at(0)).0).collect();
        let obstacle = admission.obstacle(ip(7)).unwrap();
        assert_eq!((obstacle, admission.in_the_way(ip(7), obstacle, at(29))), (Obstacle::RoomFull, None));
        assert_eq!(admission.in_the_way(ip(7), obstacle, at(30)), Some(ConnectionKey(0)));
        admission.retried(&mut tickets[0], ConnectionKey(0), at(10));
        assert_eq!(admission.in_the_way(ip(7), obstacle, at(30)), Some(ConnectionKey(1)), "the oldest of all");
        let obstacle = admission.obstacle(ip(0)).unwrap();
        assert_eq!((obstacle, admission.in_the_way(ip(0), obstacle, at(29))), (Obstacle::AddressFull, None));
        assert_eq!(admission.in_the_way(ip(0), obstacle, at(30)), Some(ConnectionKey(1)), "of its own address");
        for (i, permit) in tickets.iter_mut().enumerate() {
            admission.registered(permit, ConnectionKey(i));
        }
        assert_eq!(admission.in_the_way(ip(7), Obstacle::RoomFull, at(99)), None, "who has a name stays");
    }

    #[test]
    fn a_banned_address_stays_out_until_it_is_freed() {
        let mut admission = places(9, 9);
        admission.ban(ip(1));
        assert_eq!(arrive(&mut admission, 0, ip(1), Instant::now()).1, Some(Obstacle::Banned));
        assert!(admission.unban(ip(1)));
        assert!(!admission.unban(ip(1)));
        assert_eq!(arrive(&mut admission, 1, ip(1), Instant::now()).1, None);
    }
}
