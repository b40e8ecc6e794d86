//! The cleaning of texts.

use papo_common::{Limits, LineBreaks, Text, TextError};

const LIMITS: Limits = Limits { name: 32, text: 64, lines: 3, keep: 0 };

#[test]
fn texts() {
    bolero::check!().for_each(|input: &[u8]| {
        let raw = String::from_utf8_lossy(input);
        for breaks in [LineBreaks::Keep, LineBreaks::Space] {
            let Some(text) = Text::clean(&raw, breaks) else {
                assert_eq!(Text::parse(&raw, breaks, &LIMITS), Err(TextError::Blank));
                continue;
            };
            harmless(&text, breaks);
            let fits = text.as_str().len() <= LIMITS.text && text.lines().count() <= LIMITS.lines;
            let parsed = Text::parse(&raw, breaks, &LIMITS);
            assert_eq!(parsed, if fits { Ok(text) } else { Err(TextError::TooLong) });
        }
    });
}

fn harmless(text: &Text, breaks: LineBreaks) {
    let said = text.as_str();
    assert!(!said.is_empty() && said == said.trim_end() && !said.starts_with('\n'));
    assert!(said.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "{said:?}");
    assert!(!said.contains(['\u{2028}', '\u{2029}', '\u{200e}', '\u{200f}', '\u{61c}', '\u{200b}', '\u{feff}']));
    assert!(!said.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')), "{said:?}");
    assert!(breaks == LineBreaks::Keep || !said.contains(['\n', '\t']));
    // Clean once is clean for ever.
    assert_eq!(Text::clean(said, breaks).as_ref(), Some(text));
}
