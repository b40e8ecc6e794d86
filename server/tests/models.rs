//! Random operations on the parts that count, cut and wait, against the plainest thing that does the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

use papo_common::decode;
use papo_server::config::ConnectionLimits;
use papo_server::connection::codec::{Codec, NAME_QUIET, PART_QUIET, TYPING_QUIET, WHOLE_READ};
use papo_server::hub::timers::Timers;
use papo_server::keys::ConnectionKey;
use papo_server::net::admission::{Admission, CROWD, Obstacle, Permit, REFUSAL_SLOTS, UNREGISTERED_GRACE};
use proptest::prelude::*;

mod support;

use support::ms;

#[derive(Clone, Debug)]
enum Visit {
    Arrive(u8),
    Try(usize),
    Name(usize),
    Leave(usize),
    Ban(u8),
    Unban(u8),
}

fn visit() -> impl Strategy<Value = Visit> {
    let (who, from) = (0..200_usize, 0..3_u8);
    prop_oneof![
        8 => from.clone().prop_map(Visit::Arrive),
        1 => who.clone().prop_map(Visit::Try),
        1 => who.clone().prop_map(Visit::Name),
        3 => who.prop_map(Visit::Leave),
        1 => from.clone().prop_map(Visit::Ban),
        1 => from.prop_map(Visit::Unban),
    ]
}

/// One who is there, as the model knows it.
struct Visitor {
    key: ConnectionKey,
    from: u8,
    permit: Permit,
    is_admitted: bool,
    owes_since: Option<Instant>,
}

fn ip(from: u8) -> IpAddr {
    [10, 0, 0, from].into()
}

fn refused(there: &[Visitor]) -> usize {
    there.iter().filter(|visitor| !visitor.is_admitted).count()
}

/// Why one from `from` cannot stay.
fn obstacle(there: &[Visitor], from: u8, is_banned: bool, total: usize) -> Option<Obstacle> {
    let admitted = || there.iter().filter(|visitor| visitor.is_admitted);
    if is_banned {
        Some(Obstacle::Banned)
    } else if admitted().filter(|visitor| visitor.from == from).count() >= 60 {
        Some(Obstacle::AddressFull)
    } else {
        (admitted().count() >= total).then_some(Obstacle::RoomFull)
    }
}

/// The place of the visitor that has to make room.
fn in_the_way(there: &[Visitor], from: u8, obstacle: Obstacle, now: Instant) -> Option<usize> {
    let oldest = |of: u8| {
        let nameless = |place: &usize| there[*place].from == of && there[*place].owes_since.is_some();
        (0..there.len()).filter(nameless).min_by_key(|&place| (there[place].owes_since, there[place].key))
    };
    let crowd = |of: u8| there.iter().filter(|visitor| visitor.from == of && visitor.owes_since.is_some()).count();
    let place = match obstacle {
        Obstacle::Banned => None,
        Obstacle::AddressFull => oldest(from),
        Obstacle::RoomFull => (0..3).filter_map(oldest).max_by(|&a, &b| {
            let age = |place: usize| (there[place].owes_since, there[place].key);
            crowd(there[a].from).cmp(&crowd(there[b].from)).then(age(b).cmp(&age(a)))
        }),
    }?;
    let is_crowd = obstacle == Obstacle::RoomFull && crowd(there[place].from) > CROWD;
    (is_crowd || there[place].owes_since? + UNREGISTERED_GRACE <= now).then_some(place)
}

proptest! {
    /// However they come, try, get in, make room and go: the counts are those of the visitors who are there.
    #[test]
    fn admission_never_miscounts(visits in prop::collection::vec(visit(), 0..400), total in 20..150_usize) {
        let places = ConnectionLimits { total, per_address: 60, loopback_is_exempt: true };
        let mut admission = Admission::new(places);
        let (mut there, mut banned) = (Vec::<Visitor>::new(), HashMap::<u8, bool>::new());
        let start = Instant::now();
        for (number, visit) in visits.into_iter().enumerate() {
            let now = start + ms(200 * number as u64);
            match visit {
                Visit::Arrive(_) if admission.is_full(now) => {}
                Visit::Arrive(from) => {
                    let is_banned = banned.get(&from) == Some(&true);
                    let mut obstacle = obstacle(&there, from, is_banned, total);
                    prop_assert_eq!(admission.obstacle(ip(from)), obstacle);
                    if let Some(met) = obstacle {
                        let victim = in_the_way(&there, from, met, now);
                        prop_assert_eq!(admission.in_the_way(ip(from), met, now), victim.map(|place| there[place].key));
                        if let Some(place) = victim {
                            let visitor = &mut there[place];
                            if admission.displace(&mut visitor.permit, visitor.key) {
                                (visitor.is_admitted, visitor.owes_since) = (false, None);
                            } else {
                                let visitor = there.swap_remove(place);
                                admission.leave(visitor.permit, visitor.key);
                            }
                            obstacle = None;
                        }
                    }
                    let key = ConnectionKey(number);
                    let Some(permit) = admission.arrive(key, ip(from), obstacle, now) else {
                        prop_assert!(obstacle.is_some() && refused(&there) == REFUSAL_SLOTS);
                        continue;
                    };
                    let is_admitted = obstacle.is_none();
                    there.push(Visitor { key, from, permit, is_admitted, owes_since: is_admitted.then_some(now) });
                }
                Visit::Try(who) if who < there.len() => {
                    let visitor = &mut there[who];
                    admission.retried(&mut visitor.permit, visitor.key, now);
                    visitor.owes_since = visitor.owes_since.map(|_| now);
                }
                Visit::Name(who) if who < there.len() => {
                    let visitor = &mut there[who];
                    admission.registered(&mut visitor.permit, visitor.key);
                    visitor.owes_since = None;
                }
                Visit::Leave(who) if who < there.len() => {
                    let visitor = there.swap_remove(who);
                    admission.leave(visitor.permit, visitor.key);
                }
                Visit::Ban(from) => {
                    admission.ban(ip(from));
                    banned.insert(from, true);
                }
                Visit::Unban(from) => {
                    prop_assert_eq!(admission.unban(ip(from)), banned.insert(from, false) == Some(true));
                }
                _ => {}
            }
            let admitted = there.len() - refused(&there);
            prop_assert!(refused(&there) <= REFUSAL_SLOTS && admitted <= total);
            let nobody_makes_room = in_the_way(&there, 0, Obstacle::RoomFull, now).is_none();
            prop_assert_eq!(admission.is_full(now), admitted == total && refused(&there) == REFUSAL_SLOTS && nobody_makes_room);
        }
    }

    /// Whatever is armed and disarmed: each comes up once, by its deadline, and the earliest first.
    #[test]
    fn timers_never_come_late(steps in prop::collection::vec((0..8_usize, 0..5_u8, 0..100_u64), 0..200)) {
        let mut timers = Timers::default();
        let mut armed = [None::<Instant>; 8];
        let mut now = Instant::now();
        for (who, what, later) in steps {
            let key = ConnectionKey(who);
            match what {
                0 | 1 => {
                    let before = armed[who];
                    let deadline = now + ms(later);
                    timers.arm(key, &mut armed[who], Some(deadline));
                    prop_assert_eq!(armed[who], Some(before.map_or(deadline, |before| before.min(deadline))));
                }
                2 => timers.disarm(key, &mut armed[who]),
                3 => timers.arm(key, &mut armed[who], None),
                _ => {
                    now += ms(later);
                    while let Some(ConnectionKey(due)) = timers.pop(now) {
                        let at = armed[due].take().unwrap();
                        prop_assert!(at <= now && armed.iter().flatten().all(|&other| other >= at));
                    }
                    prop_assert!(armed.iter().flatten().all(|&at| at > now));
                }
            }
            prop_assert_eq!(timers.next(), armed.iter().flatten().min().copied());
            prop_assert_eq!(timers.is_empty(), timers.next().is_none());
        }
    }

    /// Reads of any bytes at any times: lines come out as the rule says, by a model that keeps the whole line in hand.
    /// One of the first lines is a name that is accepted, and how it ended is the rule for all that follow.
    #[test]
    fn the_codec_cuts_as_the_rule_says(
        named_by in 0..6_usize,
        reads in prop::collection::vec(
            (prop_oneof![0..260_u64, 0..3_200_u64], "(a|é|\n|\r\n|bcd){0,6}", any::<bool>(), any::<bool>()),
            0..20,
        ),
    ) {
        let start = Instant::now();
        let mut codec = Codec::new(100_000);
        let mut model = Cut { named_by, ..Cut::default() };
        let mut now = start;
        for (later, text, is_long, is_broken) in reads {
            let next = now + ms(later);
            if let Some(at) = model.ripe.filter(|&at| at <= next && !model.line.is_empty()) {
                prop_assert_eq!(codec.deadline(), Some(at));
                prop_assert_eq!(codec.next_line(next, decoded), Ok(Some(model.take_rest())));
                model.heard(false, &mut codec);
            }
            now = next;
            let mut read = text.into_bytes();
            read.extend(vec![b'x'; if is_long { WHOLE_READ } else { 0 }]);
            read.extend(is_broken.then_some(b'\xc3'));
            if read.is_empty() {
                continue;
            }
            codec.handle_bytes(&read, now);
            let is_key = read.len() == 1 || read == "é".as_bytes();
            model.is_typed = is_key || (model.is_typed && !model.line.is_empty());
            let is_message = read.len() < WHOLE_READ && !is_broken;
            model.ripe = match model.ends_its_lines {
                None => Some(now + if model.is_typed { TYPING_QUIET } else { NAME_QUIET }),
                Some(true) => None,
                Some(false) => Some(now + if is_message { ms(0) } else { PART_QUIET }),
            };
            model.line.extend_from_slice(&read);
            while let Some(line) = model.take_line() {
                prop_assert_eq!(codec.next_line(now, decoded), Ok(Some(line)));
                model.heard(true, &mut codec);
            }
            if model.ripe == Some(now) && !model.line.is_empty() {
                prop_assert_eq!(codec.next_line(now, decoded), Ok(Some(model.take_rest())));
            }
            prop_assert_eq!(codec.next_line(now, decoded), Ok(None));
            prop_assert_eq!(codec.deadline(), model.ripe.filter(|_| !model.line.is_empty()));
        }
    }
}

/// The input that a codec should have in hand.
#[derive(Default)]
struct Cut {
    line: Vec<u8>,
    ripe: Option<Instant>,
    /// Whether a part of the line came as a single character.
    is_typed: bool,
    /// How many lines have come out.
    lines: usize,
    /// Which of them is the name that is accepted.
    named_by: usize,
    /// Unknown before that.
    ends_its_lines: Option<bool>,
}

fn decoded(line: &[u8]) -> String {
    decode(line).into_owned()
}

impl Cut {
    fn take_line(&mut self) -> Option<String> {
        let end = self.line.iter().position(|&b| b == b'\n')?;
        let whole: Vec<u8> = self.line.drain(..=end).collect();
        let whole = whole[..end].strip_suffix(b"\r").unwrap_or(&whole[..end]);
        Some(decoded(whole))
    }

    fn take_rest(&mut self) -> String {
        decoded(&std::mem::take(&mut self.line))
    }

    fn heard(&mut self, had_an_end: bool, codec: &mut Codec) {
        if self.lines == self.named_by {
            codec.register();
            self.ends_its_lines = Some(had_an_end);
            self.ripe = None;
        }
        self.lines += 1;
    }
}
