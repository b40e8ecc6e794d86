//! What a welcome tells of what was said: to who comes the end of it, to who comes back what it has not heard.

use papo_common::{Event, Hello, LogToken, Message, Private, SafeInteger};

use super::backlog::{MAX_BYTES, MAX_MESSAGES};
use super::notices::interleave;
use super::{Member, Room};

/// How many of the last messages a newcomer is given.
const FOR_NEWCOMERS: usize = 50;

impl Room {
    /// What was said that `member` has not heard, oldest first, and whether something older is lost to it.
    pub(super) fn catch_up(&self, member: &Member, hello: &Hello, is_back: bool) -> (Vec<Event>, bool) {
        let since = self.last_heard(hello).filter(|_| is_back);
        let (messages, is_cut): (Vec<Message>, bool) = match since {
            None => (self.backlog.last(FOR_NEWCOMERS).cloned().collect(), self.backlog.count() > FOR_NEWCOMERS),
            Some(since) => {
                let (messages, gap) = self.backlog.since(since);
                (messages.cloned().collect(), gap)
            }
        };
        let first = messages.first().map(|message| message.seq);
        let mut gap = since.is_some() && (is_cut || self.has_missed_the_line(hello));
        let mut privates: Vec<Private> = Vec::new();
        if let Some(memory) = member.state.as_ref().filter(|_| is_back) {
            let (kept, has_gap) = memory.privates_since(hello.private_since.map_or(0, SafeInteger::value));
            privates.extend(kept.cloned());
            gap |= has_gap;
        }
        let (row, gap) = last_of(merged(messages, privates), gap);
        let told = row.iter().find_map(|event| if let Event::Message(it) = event { Some(it.seq) } else { None });
        // Where older messages are left out, the notices between them belong to pages of `history`.
        let after = match since {
            Some(since) if !is_cut && told == first => since,
            None if !is_cut && told == first && self.backlog.lost() <= self.lesson_start => self.lesson_start,
            _ => told.unwrap_or(self.backlog.seq()),
        };
        (interleave(row, self.notices.between(after.., u64::MAX)), gap)
    }

    /// The number of the last message that who comes back has heard: 0 before the first, which cannot stand on the wire
    /// and is left out there. `None` where it speaks of another numbering. A session outlives no numbering but one that
    /// ended with a lesson, and then numbers go on.
    fn last_heard(&self, hello: &Hello) -> Option<u64> {
        let since = hello.since.map_or(0, SafeInteger::value);
        let is_known = self.is_numbering_of(hello) || (hello.log.is_some() && self.lesson_start > 0);
        // Who has heard more than was ever said here has heard it from a run whose last part was not kept.
        (is_known && since <= self.backlog.seq()).then_some(since.max(self.lesson_start))
    }

    fn is_numbering_of(&self, hello: &Hello) -> bool {
        hello.log.as_ref().and_then(LogToken::id) == Some(self.log)
    }

    /// Whether somebody was away when the lesson began, and has not heard all that was said before: nobody tells it.
    fn has_missed_the_line(&self, hello: &Hello) -> bool {
        !self.is_numbering_of(hello) && hello.since.map_or(0, SafeInteger::value) < self.lesson_start
    }
}

/// One row of the two, by the time. Each is in order already and stays so, whatever the times say: a clock may have
/// been put back in between, and public messages have one order for all.
fn merged(messages: Vec<Message>, privates: Vec<Private>) -> Vec<Event> {
    let (mut messages, mut privates) = (messages.into_iter().peekable(), privates.into_iter().peekable());
    let mut row = Vec::new();
    loop {
        let is_private_next = match (messages.peek(), privates.peek()) {
            (Some(message), Some(private)) => private.at < message.at,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        let next =
            if is_private_next { privates.next().map(Event::Private) } else { messages.next().map(Event::Message) };
        let Some(event) = next else { return row };
        row.push(event);
    }
}

/// As many of the last of them as a welcome holds, and whether something is left out.
fn last_of(mut row: Vec<Event>, gap: bool) -> (Vec<Event>, bool) {
    let mut bytes = 0;
    let fitting = row.iter().rev().take(MAX_MESSAGES).take_while(|event| {
        bytes += match event {
            Event::Message(message) => message.text.as_str().len(),
            Event::Private(private) => private.text.as_str().len(),
            _ => 0,
        };
        bytes <= MAX_BYTES
    });
    let too_many = row.len() - fitting.count();
    row.drain(..too_many);
    (row, gap || too_many > 0)
}
