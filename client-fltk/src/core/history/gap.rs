//! What was said in the room while one was away, and more of it than coming back tells: fetched by itself, and put where
//! it belongs.

use papo_common::{Event, Message, Number, Request, Welcome};

use crate::core::conversation::Receipt;
use crate::core::model::Model;
use crate::core::notices::LocalNotice;
use crate::core::{ChatMessage, Content, Conversation, ConversationId, Effect};

/// Messages of the room that are not known. They stand between what is above it and what is below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The number of the last message known above; 0 if there is none.
    after: u64,
    /// That of the first one known below.
    before: u64,
    /// How often more of them may be asked for.
    pages: u8,
}

impl Gap {
    /// Of a longer absence the rest is left out.
    const MAX_PAGES: u8 = 10;

    fn count(self) -> u64 {
        self.before.saturating_sub(self.after).saturating_sub(1)
    }
}

/// A page of what is missing.
struct Page {
    /// Messages and notices, the newest first, each with its time.
    items: Vec<(u64, Content)>,
    /// What is missing still; `None` if that was all.
    rest: Option<Content>,
}

impl Conversation {
    /// The newest of its gaps, with its number.
    fn gap(&self) -> Option<(u64, Gap)> {
        let numbered = self.items.iter().enumerate().rev();
        let mut gaps = numbered.filter_map(|(index, item)| match item.content {
            Content::Gap(gap) => Some((self.first + index as u64, gap)),
            _ => None,
        });
        gaps.next()
    }

    fn room_left(&self) -> usize {
        Conversation::MAX_ITEMS.saturating_sub(self.items.len())
    }
}

impl Model {
    /// One is back and will be told of what one missed: where that does not join what is known, it says so. What the
    /// numbers of another log mean nobody can fetch.
    pub(crate) fn note_gap(&mut self, welcome: &Welcome, is_same_log: bool, now: u64) {
        let after = self.heard.seq;
        let told = welcome.history.iter().filter_map(|event| match event {
            Event::Message(message) if message.seq > after => Some(message.seq),
            _ => None,
        });
        let before = told.min().unwrap_or(welcome.seq.saturating_add(1));
        let (after, before) = self.heard.removed.narrow(after, before);
        let gap = Gap { after, before, pages: Gap::MAX_PAGES };
        let content = match () {
            () if !is_same_log => lasting(),
            () if gap.count() > 0 => Content::Gap(gap),
            // Private messages then, which nobody keeps.
            () if welcome.gap => lasting(),
            () => return,
        };
        if let Some(room) = self.conversation_mut(&ConversationId::Room) {
            // With the time of what stands above it: the day changes below.
            let at = room.items.back().map_or(now, |item| item.at);
            room.push(at, content);
        }
    }

    /// What asks for more of what is missing; `None` if nothing is, or can be had.
    pub(crate) fn ask_for_gap(&mut self) -> Option<Effect> {
        let room = self.conversation_mut(&ConversationId::Room)?;
        loop {
            let (number, gap) = room.gap()?;
            let missing = gap.count().min(room.room_left() as u64);
            // And the one above: a notice that was given right after it is told with it.
            let count = if missing == 0 { 0 } else { Request::MAX_COUNT.min(missing + 1) };
            let asked = Number::new(gap.before).zip(Number::new(count)).filter(|_| gap.pages > 0);
            if let Some((before, count)) = asked {
                return Some(Effect::Send(Request::History { reference: None, before, count }));
            }
            room.replace(number, lasting());
        }
    }

    /// The answer, oldest first. If what it is about was cleared meanwhile it changes nothing.
    pub(crate) fn told_of_gap(&mut self, messages: Vec<Event>, more: bool) {
        let room = self.state.conversations.iter().find(|it| it.place == ConversationId::Room);
        let Some((room, (number, gap))) = room.and_then(|room| Some((room, room.gap()?))) else { return };
        let room_left = room.room_left();
        let page = self.page_of(gap, messages, more, room_left);
        if let Some(room) = self.conversation_mut(&ConversationId::Room) {
            room.fill(number, page.rest, page.items.into_iter().rev().collect());
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
            let said = self.said_meanwhile(message);
            page.items.extend(said.map(|(at, said)| (at, Content::Message(said))));
        }
        let (last, next) = self.heard.removed.narrow(gap.after, left.before);
        is_closed |= left.pages > 0 && last.saturating_add(1) >= next;
        if !is_closed {
            let goes_on = more && left.before < gap.before && left.pages > 0;
            page.rest = Some(if goes_on { Content::Gap(left) } else { lasting() });
        }
        page
    }

    /// Nothing if it is one's own that stands above already: its receipt came before, or this is its receipt.
    fn said_meanwhile(&mut self, message: Message) -> Option<(u64, ChatMessage)> {
        let Message { seq, from, id, text, at, reference } = message;
        let mine = self.is_me(id);
        let receipt = Receipt { seq: Some(seq), text: &text, at, is_kept: false };
        if let Some(reference) = reference.filter(|_| mine)
            && let Some(room) = self.conversation_mut(&ConversationId::Room)
            && (room.has(seq) || room.confirm_in_place(reference, receipt))
        {
            return None;
        }
        Some((at, self.saying(from, mine, text, None, Some(seq))))
    }

    /// Their numbers mean nothing any more.
    pub(crate) fn give_up_gaps(&mut self) {
        let Some(room) = self.conversation_mut(&ConversationId::Room) else { return };
        while let Some((number, _)) = room.gap() {
            room.replace(number, lasting());
        }
    }
}

/// What stands there for good.
fn lasting() -> Content {
    Content::LocalNotice(LocalNotice::MissedMessages)
}
