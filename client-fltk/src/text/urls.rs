//! Which parts of a text are links: http and https only.

use std::ops::Range;

/// The links in `text`, in bytes, from left to right. However it is made up, no part of it is looked at again for each
/// link.
pub fn links(text: &str) -> Vec<Range<usize>> {
    let mut links: Vec<Range<usize>> = Vec::new();
    for (colon, separator) in text.match_indices("://") {
        if links.last().is_some_and(|last| colon < last.end) {
            continue;
        }
        let host = colon + separator.len();
        let start = scheme_before(text, colon).filter(|_| is_host(text.get(host..).unwrap_or_default()));
        links.extend(start.map(|start| start..end(text, host)));
    }
    links
}

/// Whether the whole of `text` is one link: nothing else is ever opened.
pub fn is_link(text: &str) -> bool {
    matches!(&links(text)[..], [link] if *link == (0..text.len()))
}

/// Where the scheme begins that ends at `colon`; `None` for any other than the two, and inside a word.
fn scheme_before(text: &str, colon: usize) -> Option<usize> {
    let before = text.get(..colon)?;
    let name = before.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scheme = before.get(name.len()..)?;
    let is_known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_own_word = !name.chars().next_back().is_some_and(|c| c.is_alphanumeric() || "+-._".contains(c));
    (is_known && is_own_word).then_some(name.len())
}

/// Where the link ends whose host begins at `host`, what people write behind a link left out.
fn end(text: &str, host: usize) -> usize {
    let rest = text.get(host..).unwrap_or_default();
    let mut link = rest.get(..rest.find(is_no_part).unwrap_or(rest.len())).unwrap_or_default();
    // `(veja http://x/a)` ends before the bracket, `http://x/a_(b)` with it.
    let surplus = |open, close| link.matches(close).count().saturating_sub(link.matches(open).count());
    let (mut round, mut square) = (surplus('(', ')'), surplus('[', ']'));
    while let Some(last) = link.chars().next_back() {
        match last {
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            _ if ".,;:!?'*_~…’".contains(last) => {}
            _ => break,
        }
        link = link.get(..link.len() - last.len_utf8()).unwrap_or_default();
    }
    host + link.len()
}

fn is_no_part(character: char) -> bool {
    character.is_whitespace() || character.is_control() || "<>\"`{}|\\^“”«»".contains(character)
}

fn is_host(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '[')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_in_texts() {
        for (text, expected) in [
            ("http://a.b", &["http://a.b"][..]),
            ("veja https://a.b/c?d=e&f#g, e http://x:8080.", &["https://a.b/c?d=e&f#g", "http://x:8080"]),
            ("HTTPS://A.B!", &["HTTPS://A.B"]),
            ("(http://a.b/c)", &["http://a.b/c"]),
            ("http://pt.wiki/Rio_(foo)", &["http://pt.wiki/Rio_(foo)"]),
            ("(http://pt.wiki/Rio_(foo)).", &["http://pt.wiki/Rio_(foo)"]),
            ("[http://a.b]", &["http://a.b"]),
            ("http://[::1]:80/", &["http://[::1]:80/"]),
            ("<http://a.b> \"http://c.d\"", &["http://a.b", "http://c.d"]),
            ("“http://a.b”…", &["http://a.b"]),
            ("http://ação.br/é…", &["http://ação.br/é"]),
            ("https://a.b?u=http://c.d", &["https://a.b?u=http://c.d"]),
            ("http://a.b\nhttp://c.d", &["http://a.b", "http://c.d"]),
            ("olá:http://a.b", &["http://a.b"]),
            ("http:// https://. http://)", &[]),
            ("ftp://a.b file:///etc/passwd javascript://x xhttp://a.b svn+http://a.b", &[]),
            ("a.b www.c.d mailto:x@y", &[]),
        ] {
            let found: Vec<&str> = links(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
            assert!(found.iter().all(|link| is_link(link)), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in ["", "oi", " http://a.b", "http://a.b ", "http://a.b http://c.d", "file:///a", "http://"] {
            assert!(!is_link(text), "{text}");
        }
    }

    /// Each of these would take hours if what is behind a link were looked at for each link or bracket anew.
    #[test]
    fn texts_made_to_be_slow() {
        let (brackets, many) = (")".repeat(400_000), 40_000);
        for (part, expected) in
            [("http://a/", 1), ("http://", 1), ("http://@", 1), ("http://a ", many + 1), ("http://[ ", many + 1)]
        {
            let text = part.repeat(many) + "http://b" + &brackets;
            assert_eq!(links(&text).len(), expected, "{part}");
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "(http://|https://|[a-z().,:/ é\\[\\]]){0,12}") {
            let mut last = 0;
            for range in links(&text) {
                prop_assert!(text.get(range.clone()).is_some_and(is_link) && range.start >= last);
                last = range.end;
            }
        }
    }
}
