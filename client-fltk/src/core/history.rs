//! History of the room: the point from which the chat is resumed, messages that are missing or older, and those that the
//! operator took back.

pub(crate) mod gap;
mod page;
pub(crate) mod removed;
pub(crate) mod resume;

use std::collections::HashMap;

use papo_common::limits::MAX_COUNT;
use papo_common::{Event, Message, SafeInteger, Welcome};

use crate::core::alerts::Alerts;
use crate::core::effect::Effects;
use crate::core::history::page::{Page, lasting_gap};
use crate::core::history::removed::Removed;
use crate::core::history::resume::ResumePoint;
use crate::core::outstanding::HistoryRequest;
use crate::core::roster::Roster;
use crate::core::{Content, Conversation, ConversationId, Conversations, Gap, OlderHistory};

/// The part of the room's history that is known.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(crate) resume: ResumePoint,
    /// The messages of that numbering that were taken back.
    pub(crate) removed: Removed,
}

impl History {
    /// Takes what a welcome says about the messages known so far, and marks a gap where some are missing. `at` is the
    /// server's time.
    pub(crate) fn welcome(
        &mut self,
        welcome: &Welcome,
        is_continued: bool,
        room: &mut Conversation,
        alerts: &mut Alerts,
        at: u64,
    ) {
        let is_same_log = self.resume.is_same_log(welcome);
        if !(is_continued && is_same_log) {
            self.removed = Removed::default();
        }
        self.resume.goes_on_with(welcome, is_continued);
        if welcome.seq < self.resume.seq {
            self.forget_lost_part(welcome, room);
        }
        for &seq in &welcome.removed {
            // Under another numbering than before, the messages here are others.
            if is_same_log { self.take_back(seq, room, alerts) } else { self.removed.add(seq) }
        }
        if is_continued && !is_same_log {
            give_up_gaps_above(0, room);
            room.past = OlderHistory::Unknown;
            room.timeline.forget_seqs(|_| true);
        }
        if is_continued {
            self.note_gap(welcome, is_same_log, room, at);
        }
    }

    /// The operator took that message of the room back.
    pub(crate) fn take_back(&mut self, seq: u64, room: &mut Conversation, alerts: &mut Alerts) {
        self.removed.add(seq);
        alerts.take_back(seq);
        room.take_back(seq);
    }

    /// Begins a new chat: adds the line below messages that were said before this member came.
    pub(crate) fn begin(room: &mut Conversation) {
        room.past = match room.oldest() {
            None => OlderHistory::Unknown,
            Some(1) => OlderHistory::Exhausted,
            Some(_) => OlderHistory::Available,
        };
        // The line takes the time of the item above it: it belongs to that day.
        if let Some(at) = room.timeline.confirmed().next_back().map(|item| item.at) {
            room.push(at, Content::JoinMarker);
        }
    }

    /// Asks for older messages, when the first item of the room is nearly in sight. Without a connection they are only
    /// noted as wanted.
    pub(crate) fn look_back(&self, conversations: &mut Conversations, is_talking: bool, effects: &mut Effects) {
        let Conversations { room, place, .. } = conversations;
        if *place != ConversationId::Room || room.past != OlderHistory::Available {
            return;
        }
        room.past = OlderHistory::Loading;
        if is_talking {
            self.ask_older(OlderHistory::PAGE, room, effects);
        }
    }

    /// Asks for so many older messages of the room, or notes that they are wanted once nothing else is on its way.
    pub(crate) fn ask_older(&self, count: usize, room: &mut Conversation, effects: &mut Effects) {
        let count = count.min(room.timeline.room());
        let asked = self.oldest_in(room).and_then(SafeInteger::new).zip(SafeInteger::new(count as u64));
        room.past = if asked.is_some() { OlderHistory::Loading } else { OlderHistory::Unknown };
        if let Some((before, count)) = asked {
            effects.fetch(HistoryRequest::Backfill, before, count);
        }
    }

    /// Sends the next request for history: first for messages that the person has scrolled up to.
    pub(crate) fn go_on(&self, room: &mut Conversation, effects: &mut Effects) {
        if room.past == OlderHistory::Loading {
            self.ask_older(OlderHistory::PAGE, room, effects);
        }
        while let Some((index, gap)) = room.gap().filter(|_| effects.outstanding.history.is_none()) {
            let missing = gap.count().min(room.timeline.room() as u64);
            // One more, for the message above the gap: a notice that was given right after it comes with it.
            let count = if missing == 0 { 0 } else { MAX_COUNT.min(missing + 1) };
            match SafeInteger::new(gap.before).zip(SafeInteger::new(count)).filter(|_| gap.pages > 0) {
                Some((before, count)) => effects.fetch(HistoryRequest::Gap, before, count),
                None => room.timeline.edit(index, |item| item.content = lasting_gap()),
            }
        }
    }

    /// Handles the answer to the request for history that is under way: messages, oldest first, and whether there are
    /// `more` before them. It changes nothing if nobody waits for it any more.
    pub(crate) fn receive(
        &self,
        (messages, more): (Vec<Event>, bool),
        room: &mut Conversation,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        match effects.outstanding.history.take() {
            Some((HistoryRequest::Backfill, _)) => self.receive_older(messages, more, room, roster),
            Some((HistoryRequest::Gap, _)) => self.receive_missing(messages, more, room, roster),
            None => return,
        }
        self.go_on(room, effects);
    }

    fn receive_older(&self, messages: Vec<Event>, more: bool, room: &mut Conversation, roster: &Roster) {
        if room.past != OlderHistory::Loading {
            return;
        }
        let above = Gap { after: 0, before: self.oldest_in(room).unwrap_or_default(), pages: 1 };
        let page = Page::of(above, messages, room, roster);
        room.past = match more {
            false if !page.is_cut => OlderHistory::Exhausted,
            true if !page.is_cut && page.left.before < above.before => OlderHistory::Available,
            // Full, or a server that promises more and gives nothing.
            _ => OlderHistory::Unknown,
        };
        room.timeline.insert_all(0, page.items);
    }

    fn receive_missing(&self, messages: Vec<Event>, more: bool, room: &mut Conversation, roster: &Roster) {
        let Some((index, gap)) = room.gap() else { return };
        let Page { items, left, is_cut, is_last } = Page::of(gap, messages, room, roster);
        let is_closed = is_last || self.removed.narrow(left).count() == 0;
        let goes_on = more && left.before < gap.before && left.pages > 0;
        let rest = match is_cut {
            false if is_closed => None,
            false if goes_on => Some(Content::Gap(left)),
            _ => Some(lasting_gap()),
        };
        room.fill(index, rest, items);
    }

    /// The number of the oldest message known; if all of them were taken back, one above the last that was told.
    fn oldest_in(&self, room: &Conversation) -> Option<u64> {
        room.oldest().or(room.past.may_be_more().then_some(self.resume.seq.saturating_add(1)))
    }

    /// Marks a gap if messages are missing between the known ones and the welcome's. Numbers of another log mean
    /// nothing here, so that such a gap cannot be filled: it lasts.
    fn note_gap(&self, welcome: &Welcome, is_same_log: bool, room: &mut Conversation, at: u64) {
        let after = self.resume.seq;
        let told = told(welcome).map(|message| message.seq).filter(|&seq| seq > after);
        let before = told.min().unwrap_or(welcome.seq.saturating_add(1));
        let gap = self.removed.narrow(Gap { after, before, pages: Gap::MAX_PAGES });
        let content = match () {
            () if !is_same_log => lasting_gap(),
            () if gap.count() > 0 => Content::Gap(gap),
            // Private messages are missing, which cannot be fetched.
            () if welcome.gap => lasting_gap(),
            () => return,
        };
        // The gap takes the time of the item above it: the day changes below.
        let at = room.timeline.confirmed().next_back().map_or(at, |item| item.at);
        room.push(at, content);
    }

    /// A server whose disk failed goes on with the same log from an earlier number, and gives the numbers after that
    /// again: what counts here goes up to the last message that both know.
    fn forget_lost_part(&mut self, welcome: &Welcome, room: &mut Conversation) {
        let last = last_in_common(welcome, room);
        room.timeline.forget_seqs(|seq| seq > last);
        self.resume.seq = last;
        // Both speak of numbers that are given again.
        self.removed.forget_above(last);
        give_up_gaps_above(last, room);
    }
}

/// Turns the gaps that reach above the number `seq` into lasting ones: numbers above it mean something else now.
fn give_up_gaps_above(seq: u64, room: &mut Conversation) {
    while let Some((index, _)) = room.gap().filter(|(_, gap)| gap.before > seq) {
        room.timeline.edit(index, |item| item.content = lasting_gap());
    }
}

/// Two messages are the same if number and time match. If the welcome tells none that is known here, all that it tells is
/// new.
fn last_in_common(welcome: &Welcome, room: &Conversation) -> u64 {
    let known: HashMap<u64, u64> = room.timeline.confirmed().filter_map(|item| Some((item.seq()?, item.at))).collect();
    let common = told(welcome).filter(|message| known.get(&message.seq) == Some(&message.at)).last();
    let before_all = || told(welcome).next().map_or(welcome.seq, |first| first.seq.saturating_sub(1));
    common.map_or_else(before_all, |message| message.seq)
}

/// The public messages that a welcome tells, oldest first.
fn told(welcome: &Welcome) -> impl Iterator<Item = &Message> {
    welcome.history.iter().filter_map(|event| match event {
        Event::Message(message) => Some(message),
        _ => None,
    })
}
