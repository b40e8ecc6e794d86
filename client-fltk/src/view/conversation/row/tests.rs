use std::net::SocketAddr;

use papo_common::{Breaks, MemberId, Text};

use super::*;

fn said(at_s: u64, from: &str, private_to: Option<&str>) -> Item {
    let name = |name: &str| Name::parse(name).unwrap();
    let text = Text::clean("oi", Breaks::Keep).unwrap();
    let content = Said {
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
    Item { at: at_s * 1000, revision: 0, content: Content::Said(content) }
}

#[test]
fn messages_of_one_person_within_five_minutes_belong_together() {
    let first = said(1000, "bia", None);
    assert!(belongs_under(&first, &said(1300, "bia", None)));
    assert!(!belongs_under(&first, &said(1301, "bia", None)));
    assert!(!belongs_under(&first, &said(1001, "caio", None)));
    assert!(!belongs_under(&first, &said(1001, "bia", Some("ana"))));
}

fn people(count: u16) -> Vec<Person> {
    let person = |n: u16| Person {
        name: Name::parse(&format!("p{n}")).unwrap(),
        id: MemberId::from_random(u128::from(n)),
        addr: SocketAddr::from(([10, 0, 0, 1], n)),
    };
    (1..=count).map(person).collect()
}

#[track_caller]
fn check(count: u16, is_unfolded: bool, expected: &str) {
    let (_, text) = crowd(&people(count), strings::came, is_unfolded);
    assert_eq!(&*text, expected);
}

#[test]
fn from_four_in_a_row_on_notes_are_folded() {
    check(1, false, "p1 (10.0.0.1:1) entrou");
    check(3, false, "p1 (10.0.0.1:1), p2 (10.0.0.1:2) e p3 (10.0.0.1:3) entraram");
    check(4, false, "p1 (10.0.0.1:1), p2 (10.0.0.1:2) e mais 2 entraram");
    check(4, true, "p1 (10.0.0.1:1), p2 (10.0.0.1:2), p3 (10.0.0.1:3) e p4 (10.0.0.1:4) entraram");
}
