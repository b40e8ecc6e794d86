//! What a welcome tells of what was said: to who comes the end of it, to who comes back what it has not heard.

use papo_common::{Event, Hello, Number};

use super::recent::{MAX_BYTES, MAX_MESSAGES};
use super::{Member, Room};

/// How many of the last messages a newcomer is given.
const FOR_NEWCOMERS: usize = 50;

impl Room {
    /// What was said that `member` has not heard, oldest first, and whether something older is lost to it.
    pub(super) fn missed(&self, member: &Member, hello: &Hello, is_back: bool) -> (Vec<Event>, bool) {
        // Who has heard more than was ever said here has heard it from a run whose last part was not kept.
        let is_known = |since: &Number| is_back && hello.log == Some(self.log) && since.value() <= self.recent.seq();
        let since = hello.since.filter(is_known).map(Number::value);
        let (mut history, mut gap): (Vec<Event>, bool) = match since {
            None => (self.recent.last(FOR_NEWCOMERS).cloned().map(Event::Message).collect(), false),
            Some(since) => {
                let (messages, gap) = self.recent.since(since);
                (messages.cloned().map(Event::Message).collect(), gap)
            }
        };
        if let Some(memory) = member.memory.as_ref().filter(|_| is_back) {
            let (privates, has_gap) = memory.privates_since(hello.private_since.map_or(0, Number::value));
            history.extend(privates.cloned().map(Event::Private));
            gap |= has_gap;
        }
        // Each of the two is in order already, and stays so.
        history.sort_by_key(|event| match event {
            Event::Message(message) => message.at,
            Event::Private(private) => private.at,
            _ => 0,
        });
        let too_many = history.len().saturating_sub(MAX_MESSAGES);
        history.drain(..too_many);
        (history, gap || too_many > 0)
    }
}
