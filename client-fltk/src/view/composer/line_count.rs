//! How many lines FLTK's field makes of a text: it breaks at white space alone, and tells nobody.

/// A longer line is broken wherever that is: FLTK draws lines by way of a buffer.
const LONGEST: usize = 1020;

/// How many lines of `width` pixels `text` takes, counted up to `most`: what is behind those is not measured.
pub(super) fn count(text: &str, width: i32, most: i32, mut measure: impl FnMut(&str) -> i32) -> i32 {
    let (mut lines, mut start) = (1, 0);
    while lines < most {
        let end = line_end(text, start, width, &mut measure);
        if end >= text.len() {
            break;
        }
        lines += 1;
        start = boundary(text, end + 1);
    }
    lines
}

/// Where the line ends that begins at `start`. A word that begins it stands in it however wide it is.
fn line_end(text: &str, start: usize, width: i32, measure: &mut impl FnMut(&str) -> i32) -> usize {
    let limit = boundary(text, start + LONGEST);
    let is_space = |c: char| c.is_ascii_whitespace();
    let (mut from, mut next, mut used, mut has_word) = (start, start, 0, false);
    loop {
        let at = text.get(next..limit).and_then(|rest| rest.find(is_space)).map_or(limit, |at| next + at);
        if at == limit && limit < text.len() {
            return limit;
        }
        used += measure(text.get(from..at).unwrap_or_default());
        if at > from + 1 {
            if has_word && used > width {
                return from;
            }
            has_word = true;
        }
        if at == limit || text.get(at..).is_some_and(|rest| rest.starts_with('\n')) {
            return at;
        }
        (from, next) = (at, at + 1);
    }
}

/// The first place not before `at` where no character is cut.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_many_as_the_field_has() {
        let link = format!("http://{}", "a".repeat(300));
        for (text, expected) in [
            ("", 1),
            ("oi", 1),
            ("oi\n", 2),
            ("\n\n", 3),
            ("um dois três", 2),
            ("um\ndois três quatro", 3),
            // Words are never broken, and one that is too wide stands behind nothing.
            (&link, 1),
            (&format!("veja {link}"), 2),
            (&format!("{link} veja"), 2),
            // Up to what FLTK can hold.
            (&"a".repeat(1_020), 1),
            (&"é".repeat(1_020), 2),
            (&"a ".repeat(40), 6),
        ] {
            assert_eq!(count(text, 10, 6, |part| part.chars().count() as i32), expected, "{text}");
        }
    }

    #[test]
    fn what_is_out_of_sight_is_not_measured() {
        for text in ["a".repeat(32_767), "abc ".repeat(8_000), "a\n".repeat(16_000)] {
            let mut measured = 0;
            let lines = count(&text, 80, 6, |part| {
                measured += part.len();
                part.len() as i32
            });
            assert_eq!(lines, 6);
            assert!(measured <= 6 * LONGEST, "{measured} bytes");
        }
    }
}
