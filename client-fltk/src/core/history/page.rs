//! Pages of messages that the server gives on request, oldest first, as items of the room.

use papo_common::{Event, Message};

use crate::core::history::removed::Removed;
use crate::core::notices::LocalNotice;
use crate::core::roster::Roster;
use crate::core::timeline::receipt::Receipt;
use crate::core::{ChatMessage, Content, Conversation, Gap, Item};

/// A page of the messages that are missing in a gap.
pub(crate) struct Page {
    /// Messages and notices, the newest first.
    pub(crate) items: Vec<Item>,
    /// The gap that remains, or the notice in its place; `None` if nothing is missing any more.
    pub(crate) rest: Option<Content>,
}

impl Page {
    /// The part of an answer that belongs into the gap; there are `more` messages before it.
    pub(crate) fn of(
        gap: Gap,
        (messages, more): (Vec<Event>, bool),
        room: &mut Conversation,
        roster: &Roster,
        removed: &Removed,
    ) -> Page {
        let room_left = room.timeline.room();
        let mut left = Gap { pages: gap.pages.saturating_sub(1), ..gap };
        let mut page = Page { items: Vec::new(), rest: None };
        let mut is_closed = false;
        for event in messages.into_iter().rev() {
            let message = match event {
                Event::Message(message) => message,
                Event::Notice(notice) if page.items.len() < room_left && notice.after >= Some(gap.after) => {
                    page.items.extend(room.announcement(notice, &page.items));
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
            page.items.extend(said_meanwhile(message, room, roster));
        }
        let (last, next) = removed.narrow(gap.after, left.before);
        is_closed |= left.pages > 0 && last.saturating_add(1) >= next;
        if !is_closed {
            let goes_on = more && left.before < gap.before && left.pages > 0;
            page.rest = Some(if goes_on { Content::Gap(left) } else { lasting_gap() });
        }
        page
    }
}

/// The items of an answer that are older than the message `oldest` of the room, newest first. Messages out of order are
/// left out, so that numbers fall whatever the server sends.
pub(crate) fn older_than(oldest: u64, messages: Vec<Event>, room: &Conversation, roster: &Roster) -> Vec<Item> {
    let mut limit = oldest;
    let mut older = Vec::new();
    for event in messages.into_iter().rev() {
        match event {
            Event::Message(message) if message.seq < limit => {
                limit = message.seq;
                older.push(item(message, roster));
            }
            Event::Notice(notice) if notice.after < Some(limit) => older.extend(room.announcement(notice, &older)),
            _ => {}
        }
    }
    older
}

/// The notice that takes the place of a gap that lasts.
pub(crate) fn lasting_gap() -> Content {
    Content::LocalNotice(LocalNotice::MissedMessages)
}

/// A message of the page as an item: an own one that waits leaves the outbox. `None` if its receipt came before.
fn said_meanwhile(message: Message, room: &mut Conversation, roster: &Roster) -> Option<Item> {
    let Message { seq, id, ref text, at, reference, .. } = message;
    let receipt = Receipt { seq: Some(seq), text, at, is_kept: false };
    if let Some(reference) = reference.filter(|_| roster.is_me(id))
        && let own = room.timeline.take_confirmed_by(reference, receipt)
        && (own.is_some() || room.index_of(seq).is_some())
    {
        return own;
    }
    Some(item(message, roster))
}

fn item(Message { seq, from, id, text, at, .. }: Message, roster: &Roster) -> Item {
    Item::new(at, Content::Message(ChatMessage { seq: Some(seq), ..ChatMessage::received(from, id, text, roster) }))
}
