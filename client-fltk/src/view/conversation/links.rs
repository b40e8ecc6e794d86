//! Finding links in what people say: http and https, nothing else.

use std::ops::Range;

/// The byte ranges of the links in `text`, in order.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(offset) = text.get(from..).and_then(|rest| rest.find("://")) {
        let colon = from + offset;
        from = colon + 3;
        if let Some(link) = link_at(text, colon) {
            from = link.end;
            found.push(link);
        }
    }
    found
}

/// The link whose `://` is at `colon`.
fn link_at(text: &str, colon: usize) -> Option<Range<usize>> {
    let start = ["https", "http"].iter().find_map(|scheme| {
        let start = colon.checked_sub(scheme.len())?;
        text.get(start..colon)?.eq_ignore_ascii_case(scheme).then_some(start)
    })?;
    let is_inside_a_word = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
    let host = colon + 3;
    let address = text[host..].split(|c: char| c.is_whitespace() || "<>\"“”".contains(c)).next()?;
    let address = without_tail(address);
    let begins_well = address.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    (begins_well && !is_inside_a_word).then(|| start..host + address.len())
}

/// Punctuation at the end belongs to the sentence, and a closing bracket only to a link that opens it.
fn without_tail(mut address: &str) -> &str {
    loop {
        let Some(last) = address.chars().next_back() else { return address };
        let belongs = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '…' => false,
            ')' => address.matches('(').count() >= address.matches(')').count(),
            ']' => address.matches('[').count() >= address.matches(']').count(),
            '}' => address.contains('{'),
            _ => true,
        };
        if belongs {
            return address;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = links(text).into_iter().map(|link| &text[link]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        check("veja http://wiki.local/impressora.", &["http://wiki.local/impressora"]);
        check("(https://a.b/c_(d)) e HTTP://x", &["https://a.b/c_(d)", "HTTP://x"]);
        check("http://[::1]:80/?a=1&b=2#c, é", &["http://[::1]:80/?a=1&b=2#c"]);
        check("é http://é.br/ção!", &["http://é.br/ção"]);
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "http://",
            "http:// a",
            "ftp://a.b",
            "javascript://a",
            "xhttp://a.b",
            "http://.",
            "a://b",
            "www.a.b",
            "://",
        ] {
            check(text, &[]);
        }
    }
}
