use papo_common::{LineBreaks, Name, Text};

use super::*;
use crate::core::ChatMessage;

fn said(at_s: u64, from: &str, private_to: Option<&str>) -> Item {
    let name = |name: &str| Name::parse(name).unwrap();
    let text = Text::clean("oi", LineBreaks::Keep).unwrap();
    let content = ChatMessage { private_to: private_to.map(name), ..ChatMessage::new(name(from), text) };
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
