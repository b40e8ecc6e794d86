//! Searching among public messages.

use memchr::memmem::Finder;
use papo_common::fold::{fold, fold_into};
use papo_common::{Event, LineBreaks, Message, SafeInteger, Text};

use super::backlog::MAX_BYTES;

/// The most parts of a text that are searched for, the longest of them.
pub const MAX_PARTS: usize = 32;

/// A search in progress. It is given messages, the newest first, until it is complete or there are no more.
#[derive(Clone, Debug)]
pub struct Search {
    /// The parts that a folded text must contain, the longest first, since it is most likely the rarest. Never empty.
    parts: Vec<Finder<'static>>,
    before: u64,
    count: usize,
    /// The newest first.
    found: Vec<Message>,
    /// Bytes of text in `found`.
    bytes: usize,
    /// Whether one more was found than the answer holds.
    is_cut: bool,
}

impl Search {
    /// A search for the last `count` messages with a smaller number than `before` that contain all parts of `text`
    /// between white space, case and accents ignored. `None` if there is nothing to look for.
    pub fn new(text: &str, before: Option<SafeInteger>, count: SafeInteger) -> Option<Search> {
        // Cleaning drops characters from messages: a text with one of them would never be found.
        let text = fold(Text::clean(text, LineBreaks::Space)?.as_str());
        let mut parts: Vec<&str> = text.split_whitespace().collect();
        parts.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        parts.dedup();
        parts.truncate(MAX_PARTS);
        let parts: Vec<_> = parts.into_iter().map(|part| Finder::new(part).into_owned()).collect();
        let before = before.unwrap_or(SafeInteger::MAX).value();
        let count = count.value() as usize;
        (!parts.is_empty()).then(|| Search { parts, before, count, found: Vec::new(), bytes: 0, is_cut: false })
    }

    /// The number below which messages are searched.
    pub fn before(&self) -> u64 {
        self.before
    }

    /// Whether the message with number `seq`, whose folded text is `folded`, is among the results.
    pub fn matches(&self, seq: u64, folded: &str) -> bool {
        seq < self.before && self.parts.iter().all(|part| part.find(folded.as_bytes()).is_some())
    }

    /// Adds a message that [matches](Search::matches); true if the search is complete: it has as many results as it
    /// wants, or [`MAX_BYTES`] of text in them.
    pub fn add(&mut self, message: &Message) -> bool {
        self.bytes += message.text.as_str().len();
        self.is_cut = self.bytes > MAX_BYTES && !self.found.is_empty();
        if !self.is_cut {
            self.found.push(message.clone());
        }
        self.is_cut || self.found.len() >= self.count
    }

    /// Drops the results that `is_hidden` says are shown to nobody any more.
    pub fn redact(&mut self, is_hidden: &impl Fn(u64) -> bool) {
        self.found.retain(|message| !is_hidden(message.seq));
        self.bytes = self.found.iter().map(|message| message.text.as_str().len()).sum();
    }

    /// Searches `messages`, the newest first; whether it was complete before it came to the last of them.
    pub fn scan<'a>(&mut self, mut messages: impl Iterator<Item = &'a Message>) -> bool {
        let mut folded = String::new();
        messages.any(|message| {
            folded.clear();
            fold_into(message.text.as_str(), &mut folded);
            self.matches(message.seq, &folded) && self.add(message)
        }) && messages.next().is_some()
    }

    /// The answer. `more` says whether there are messages that were not searched.
    pub fn into_event(self, more: bool, reference: Option<SafeInteger>) -> Event {
        let messages = self.found.into_iter().rev().map(Event::Message).collect();
        Event::Found { messages, more: more || self.is_cut, reference }
    }
}

#[cfg(test)]
mod tests {
    use papo_common::{MemberId, Name};

    use super::*;

    fn search(text: &str, count: u64) -> Option<Search> {
        Search::new(text, None, SafeInteger::new(count).unwrap())
    }

    fn message(seq: u64, text: &str) -> Message {
        let (from, text) = (Name::parse("ana").unwrap(), Text::clean(text, LineBreaks::Keep).unwrap());
        Message { seq, from, id: MemberId::from_random(1), text, at: 0, reference: None }
    }

    #[test]
    fn what_is_found_in_what() {
        for (typed, text, is_found) in [
            ("ola", "Olá, João!", true),
            ("JOAO olá", "Olá, João!", true),
            ("uniao", "a reunião é às 15h", true),
            ("reuniao amanha", "a reunião é às 15h", false),
            ("linha segunda", "segunda\nlinha", true),
            ("segunda linha", "segundalinha", true),
            ("C++", "em C++ é assim", true),
            ("C++", "em C é assim", false),
            ("9,5", "a nota foi 9,5", true),
            ("9,5", "a nota foi 95", false),
            ("試験", "明日は試験です", true),
            ("部署", "この部署の", true),
            ("हिन्दी", "मैं हिन्दी बोलता हूँ", true),
            ("😀", "bom dia 😀!", true),
            ("👩\u{200d}💻", "oi 👩\u{200d}💻", true),
            ("\u{200d}💻", "oi 👩\u{200d}💻", true),
            ("con\u{ad}stitucional", "inconstitucionalidade", true),
            ("試験\u{3000}明日", "明日は試験です", true),
            ("ação", "ac\u{327}a\u{303}o", true),
            ("\" OR 1", "oi", false),
            ("ola*", "Olá, João!", false),
            ("*", "2 * 3", true),
        ] {
            let mut search = search(typed, 1).unwrap();
            search.scan([message(7, text)].iter());
            let found = matches!(search.into_event(false, None), Event::Found { messages, .. } if messages.len() == 1);
            assert_eq!(found, is_found, "{typed} in {text}");
        }
    }

    #[test]
    fn what_is_nothing_to_look_for() {
        for text in ["", " \t\n", "\u{200b}", "\u{301}", " \u{301} \u{fe0f}", "\u{3000}"] {
            assert!(search(text, 1).is_none(), "{text:?}");
        }
    }

    #[test]
    fn of_many_parts_the_longest_count() {
        let text: Vec<String> = (0..MAX_PARTS).map(|n| format!("parte{n}")).collect();
        let search = search(&(text.join(" x ") + " parte0"), 1).unwrap();
        assert_eq!(search.parts.len(), MAX_PARTS);
        assert!(search.matches(1, &text.concat().replace('x', "")));
    }

    #[test]
    fn an_answer_is_as_long_as_it_may_be() {
        let messages: Vec<Message> = (1..=9).rev().map(|seq| message(seq, "oi")).collect();
        for (count, numbers, more) in [(1, vec![9], true), (8, (2..=9).collect(), true), (9, (1..=9).collect(), false)]
        {
            let mut search = search("oi", count).unwrap();
            let is_more = search.scan(messages.iter());
            let Event::Found { messages, more: said, .. } = search.into_event(is_more, None) else { panic!() };
            let found: Vec<u64> =
                messages.iter().map(|it| if let Event::Message(it) = it { it.seq } else { 0 }).collect();
            assert_eq!((found, said), (numbers, more));
        }
        let mut long = search("x", 9).unwrap();
        let text = "x".repeat(MAX_BYTES / 2);
        let is_more = long.scan([message(3, &text), message(2, &text), message(1, "x")].iter());
        assert!(
            matches!(long.into_event(is_more, None), Event::Found { messages, more: true, .. } if messages.len() == 2)
        );
        let mut longer = search("x", 9).unwrap();
        longer.scan([message(1, &"x".repeat(MAX_BYTES + 1))].iter());
        assert!(matches!(longer.into_event(false, None), Event::Found { messages, .. } if messages.len() == 1));
    }
}
