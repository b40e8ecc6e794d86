//! The past in a welcome: for a newcomer the last messages, for a session that goes on the messages that it missed.

use papo_common::{Event, Hello, LogToken, Message, Private, SafeInteger};

use super::backlog::{MAX_BYTES, MAX_MESSAGES};
use super::channel::Channel;
use super::notices::interleave;
use super::session::SessionState;

/// How many of the last messages a newcomer is given.
const NEWCOMER_MESSAGES: usize = 50;

/// The events of a welcome, oldest first.
#[derive(Default)]
pub(super) struct CatchUp {
    pub(super) history: Vec<Event>,
    /// Whether events are missing that the session has not been told.
    pub(super) gap: bool,
}

impl CatchUp {
    /// For a newcomer, or for a session that goes on with that state; `hello` says what its client has seen.
    pub(super) fn new(channel: &Channel, hello: &Hello, is_resumed: bool, state: Option<&SessionState>) -> CatchUp {
        let since = resume_point(channel, hello).filter(|_| is_resumed);
        let (messages, is_cut): (Vec<Message>, bool) = match since {
            None => {
                let is_cut = channel.backlog.count() > NEWCOMER_MESSAGES;
                (channel.backlog.last(NEWCOMER_MESSAGES).cloned().collect(), is_cut)
            }
            Some(since) => {
                let (messages, gap) = channel.backlog.since(since);
                (messages.cloned().collect(), gap)
            }
        };
        let first = messages.first().map(|message| message.seq);
        // A session that speaks of an unknown numbering may have missed whatever is left out here.
        let mut gap = is_resumed && is_cut || since.is_some() && missed_lesson_start(channel, hello);
        let mut privates: Vec<Private> = Vec::new();
        if let Some(state) = state.filter(|_| is_resumed) {
            let (stored, has_gap) = state.privates_since(hello.private_since.map_or(0, SafeInteger::value));
            privates.extend(stored.cloned());
            gap |= has_gap;
        }
        let (row, gap) = cap(merge_by_time(messages, privates), gap);
        let told = row.iter().find_map(|event| if let Event::Message(it) = event { Some(it.seq) } else { None });
        // Where older messages are left out, the notices between them belong to pages of `history`.
        let after = match since {
            Some(since) if !is_cut && told == first => since,
            None if !is_cut && told == first && channel.backlog.lost_seq() <= channel.lesson_start => {
                channel.lesson_start
            }
            _ => told.unwrap_or(channel.backlog.seq()),
        };
        CatchUp { history: interleave(row, channel.notices.between(after.., u64::MAX)), gap }
    }
}

/// The number of the last message that the client has seen: 0 before the first, which cannot stand on the wire and is
/// left out there. `None` where it speaks of another numbering. A session outlives no numbering but one that ended with
/// a lesson, and then numbers go on.
fn resume_point(channel: &Channel, hello: &Hello) -> Option<u64> {
    let since = hello.since.map_or(0, SafeInteger::value);
    let is_known = is_same_log(channel, hello) || (hello.log.is_some() && channel.lesson_start > 0);
    // A greater number than was ever given out here is from a run whose last part was not stored.
    (is_known && since <= channel.backlog.seq()).then_some(since.max(channel.lesson_start))
}

fn is_same_log(channel: &Channel, hello: &Hello) -> bool {
    hello.log.as_ref().and_then(LogToken::id) == Some(channel.log)
}

/// Whether a lesson began while the client was away, before it had seen all that was said until then: that is shown to
/// nobody any more.
fn missed_lesson_start(channel: &Channel, hello: &Hello) -> bool {
    !is_same_log(channel, hello) && hello.since.map_or(0, SafeInteger::value) < channel.lesson_start
}

/// One row of the two, by the time. Each is in order already and stays so, whatever the times say: a clock may have
/// been put back in between, and public messages have one order for all.
fn merge_by_time(messages: Vec<Message>, privates: Vec<Private>) -> Vec<Event> {
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

/// The last events of `row` that fit into a welcome, and whether some are left out, now or before.
fn cap(mut row: Vec<Event>, gap: bool) -> (Vec<Event>, bool) {
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
