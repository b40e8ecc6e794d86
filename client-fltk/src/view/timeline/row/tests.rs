use std::net::SocketAddr;

use papo_common::{Breaks, MemberId, Text};

use crate::core::Person;

use super::*;

fn said(at_s: u64, from: &str, private_to: Option<&str>) -> Item {
    let name = |name: &str| Name::parse(name).unwrap();
    let text = Text::clean("oi", Breaks::Keep).unwrap();
    let content = ChatMessage {
        from: name(from),
        mine: false,
        text,
        private_to: private_to.map(name),
        meant_for: None,
        mentions_me: false,
        delivery: Delivery::Done,
        reference: None,
        seq: None,
    };
    Item::new(at_s * 1000, Content::Message(content))
}

#[test]
fn messages_of_one_person_within_five_minutes_belong_together() {
    let first = said(1000, "bia", None);
    assert!(belongs_under(&first, &said(1300, "bia", None)));
    assert!(!belongs_under(&first, &said(1301, "bia", None)));
    assert!(!belongs_under(&first, &said(699, "bia", None)), "much older");
    assert!(!belongs_under(&first, &said(1001, "caio", None)));
    assert!(!belongs_under(&first, &said(1001, "bia", Some("ana"))));
}

fn passage(n: u16, came: bool) -> PresenceChange {
    let person = Person {
        name: Name::parse(&format!("p{n}")).unwrap(),
        id: MemberId::from_random(u128::from(n)),
        addr: SocketAddr::from(([10, 0, 0, 1], n)),
    };
    PresenceChange { person, came, at: 0 }
}

#[track_caller]
fn check(run: &[PresenceChange], is_unfolded: bool, expected: &str) {
    assert_eq!(&*crowd(run, is_unfolded).1, expected);
}

#[test]
fn from_four_in_a_row_on_notes_are_folded() {
    let came = |count: u16| (1..=count).map(|n| passage(n, true)).collect::<Vec<_>>();
    check(&came(1), false, "p1 (10.0.0.1:1) entrou");
    check(&came(3), false, "p1 (10.0.0.1:1), p2 (10.0.0.1:2) e p3 (10.0.0.1:3) entraram");
    check(&came(4), false, "p1 (10.0.0.1:1), p2 (10.0.0.1:2) e mais 2 entraram");
    check(&came(4), true, "p1 (10.0.0.1:1), p2 (10.0.0.1:2), p3 (10.0.0.1:3) e p4 (10.0.0.1:4) entraram");
}

#[test]
fn who_comes_and_goes_over_and_over_takes_one_line() {
    let run: Vec<PresenceChange> =
        [true, true, false, true, false].iter().zip([1, 2, 1, 1, 1]).map(|(&c, n)| passage(n, c)).collect();
    check(&run[..3], false, "p1 (10.0.0.1:1) e p2 (10.0.0.1:2) entraram; p1 (10.0.0.1:1) saiu");
    check(&run[1..], false, "p2 (10.0.0.1:2) entrou; p1 (10.0.0.1:1) saiu e mais 2 entradas e saídas");
    let whole = "p1 (10.0.0.1:1) e p2 (10.0.0.1:2) entraram; p1 (10.0.0.1:1) saiu; p1 (10.0.0.1:1) entrou; p1 (10.0.0.1:1) saiu";
    check(&run, true, whole);
    assert_eq!([&run[..2], &run[2..3], &run].map(sign), [Icon::Enter, Icon::Exit, Icon::People]);
}
