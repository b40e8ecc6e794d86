//! Gaps: messages of the room that were said during an absence and that the welcome does not tell, fetched by
//! themselves and put where they belong.

use papo_common::limits::MAX_COUNT;
use papo_common::{Event, Message, Request, SafeInteger, Welcome};

use crate::core::model::Model;
use crate::core::notices::LocalNotice;
use crate::core::timeline::outbox::Receipt;
use crate::core::{Content, Conversation, Effect, Gap, Item};

/// A page of missing messages.
struct Page {
    /// Messages and notices, the newest first.
    items: Vec<Item>,
    /// The gap that remains, or the notice in its place; `None` if nothing is missing any more.
    rest: Option<Content>,
}

impl Conversation {
    /// The newest of the gaps, and its index.
    fn gap(&self) -> Option<(usize, Gap)> {
        let mut newest_first = self.timeline.confirmed().iter().enumerate().rev();
        newest_first.find_map(|(index, item)| match item.content {
            Content::Gap(gap) => Some((index, gap)),
            _ => None,
        })
    }
}

impl Model {
    /// Marks a gap if messages are missing between the known ones and the welcome's. Numbers of another log mean
    /// nothing here, so that such a gap cannot be filled: it lasts.
    pub(crate) fn note_gap(&mut self, welcome: &Welcome, is_same_log: bool) {
        let after = self.resume.seq;
        let told = welcome.history.iter().filter_map(|event| match event {
            Event::Message(message) if message.seq > after => Some(message.seq),
            _ => None,
        });
        let before = told.min().unwrap_or(welcome.seq.saturating_add(1));
        let (after, before) = self.resume.removed.narrow(after, before);
        let gap = Gap { after, before, pages: Gap::MAX_PAGES };
        let content = match () {
            () if !is_same_log => lasting(),
            () if gap.count() > 0 => Content::Gap(gap),
            // Private messages are missing, which cannot be fetched.
            () if welcome.gap => lasting(),
            () => return,
        };
        let now = self.clock.time(self.now);
        if let Some(room) = self.state.room_mut() {
            // The gap takes the time of the item above it: the day changes below.
            let at = room.timeline.confirmed().back().map_or(now, |item| item.at);
            room.push(at, content);
        }
    }

    /// The request for the next page of missing messages; `None` if none can be fetched.
    pub(crate) fn ask_for_gap(&mut self) -> Option<Effect> {
        let room = self.state.room_mut()?;
        loop {
            let (index, gap) = room.gap()?;
            let missing = gap.count().min(room.timeline.room() as u64);
            // One more, for the message above the gap: a notice that was given right after it comes with it.
            let count = if missing == 0 { 0 } else { MAX_COUNT.min(missing + 1) };
            let asked = SafeInteger::new(gap.before).zip(SafeInteger::new(count)).filter(|_| gap.pages > 0);
            if let Some((before, count)) = asked {
                return Some(Effect::Send(Request::History { reference: None, before, count }));
            }
            room.timeline.edit(index, |item| item.content = lasting());
        }
    }

    /// Handles a page of missing messages, oldest first. It changes nothing if the gap was cleared meanwhile.
    pub(crate) fn receive_gap_page(&mut self, messages: Vec<Event>, more: bool) {
        let room = self.state.room();
        let Some((room, (_, gap))) = room.and_then(|room| Some((room, room.gap()?))) else { return };
        let room_left = room.timeline.room();
        let page = self.page_of(gap, messages, more, room_left);
        if let Some(room) = self.state.room_mut()
            && let Some((index, _)) = room.gap()
        {
            room.fill(index, page.rest, page.items.into_iter().rev().collect());
        }
    }

    fn page_of(&mut self, gap: Gap, messages: Vec<Event>, more: bool, room_left: usize) -> Page {
        let mut left = Gap { pages: gap.pages.saturating_sub(1), ..gap };
        let mut page = Page { items: Vec::new(), rest: None };
        let mut is_closed = false;
        for event in messages.into_iter().rev() {
            let message = match event {
                Event::Message(message) => message,
                Event::Notice(notice) if page.items.len() < room_left && notice.after >= Some(gap.after) => {
                    page.items.extend(self.given_meanwhile(notice, &page.items));
                    continue;
                }
                _ => continue,
            };
            is_closed |= message.seq <= gap.after.saturating_add(1);
            if message.seq >= left.before || message.seq <= gap.after {
                continue;
            }
            if page.items.len() == room_left {
                (is_closed, left.pages) = (false, 0);
                break;
            }
            left.before = message.seq;
            page.items.extend(self.said_meanwhile(message));
        }
        let (last, next) = self.resume.removed.narrow(gap.after, left.before);
        is_closed |= left.pages > 0 && last.saturating_add(1) >= next;
        if !is_closed {
            let goes_on = more && left.before < gap.before && left.pages > 0;
            page.rest = Some(if goes_on { Content::Gap(left) } else { lasting() });
        }
        page
    }

    /// A message of the page as an item: an own one that waits leaves the outbox. `None` if its receipt came before.
    fn said_meanwhile(&mut self, message: Message) -> Option<Item> {
        let Message { seq, from, id, text, at, reference } = message;
        let mine = self.is_me(id);
        let receipt = Receipt { seq: Some(seq), text: &text, at, is_kept: false };
        if let Some(reference) = reference.filter(|_| mine)
            && let Some(room) = self.state.room_mut()
            && let own = room.timeline.take_confirmed_by(reference, receipt)
            && (own.is_some() || room.has(seq))
        {
            return own;
        }
        Some(Item::new(at, Content::Message(self.chat_message(from, mine, text, None, Some(seq)))))
    }

    /// Turns the gaps that reach above the number `seq` into lasting ones: numbers above it mean something else now.
    pub(crate) fn give_up_gaps_above(&mut self, seq: u64) {
        let Some(room) = self.state.room_mut() else { return };
        while let Some((index, gap)) = room.gap()
            && gap.before > seq
        {
            room.timeline.edit(index, |item| item.content = lasting());
        }
    }
}

/// The notice that takes the place of a gap that lasts.
fn lasting() -> Content {
    Content::LocalNotice(LocalNotice::MissedMessages)
}
