//! Names, and when two are the same.

use papo_common::limits::MAX_NAME;
use papo_common::{Name, is_at};

/// The input is two names, a line each.
#[test]
fn names() {
    bolero::check!().for_each(|input: &[u8]| {
        let text = String::from_utf8_lossy(input);
        let named: Vec<Name> = text.lines().filter_map(|line| Name::parse(line).ok()).collect();
        for line in text.lines() {
            let _ = Name::recall(line);
        }
        for name in &named {
            sound(name);
        }
        if let [a, b, ..] = &named[..] {
            assert_eq!(a == b, b == a);
            assert!(a.as_str() != b.as_str() || (a.key(), a.look()) == (b.key(), b.look()));
            assert!(a != b || a.looks_like(b));
            assert_eq!(a.looks_like(b), b.looks_like(a));
        }
    });
}

fn sound(name: &Name) {
    let shown = name.as_str();
    assert!((1..=MAX_NAME).contains(&shown.chars().count()), "{shown:?}");
    assert!(!shown.contains(|c: char| c.is_whitespace() || c.is_control() || is_at(c)), "{shown:?}");
    assert!(!shown.starts_with('{') && !shown.ends_with([':', ',']), "{shown:?}");
    assert!(shown.contains(char::is_alphanumeric) || !shown.is_ascii(), "{shown:?}");
    // Parsed once, right for ever; and found by the key that it is stored under.
    let again = Name::parse(shown).unwrap();
    assert_eq!((again.as_str(), again.key(), again.look()), (shown, name.key(), name.look()));
    assert_eq!(Name::recall(shown).unwrap(), again);
}
