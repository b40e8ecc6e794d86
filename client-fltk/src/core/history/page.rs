//! Pages of messages that the server gives on request, oldest first, as items of the room.

use papo_common::{Event, Message, Notice};

use crate::core::notices::LocalNotice;
use crate::core::roster::Roster;
use crate::core::timeline::receipt::Receipt;
use crate::core::{ChatMessage, Content, Conversation, Gap, Item};

/// A page of the messages that are missing in a gap.
#[derive(Debug)]
pub(crate) struct Page {
    /// Messages and notices, oldest first.
    pub(crate) items: Vec<Item>,
    /// The gap above them.
    pub(crate) left: Gap,
    /// Whether there was no room for all of them.
    pub(crate) is_cut: bool,
    /// Whether the server gave a message from above the gap, or the one right below its upper end.
    pub(crate) is_last: bool,
}

impl Page {
    /// The part of an answer that belongs into the gap. Messages out of order are left out, so that numbers rise whatever
    /// the server sends. An own message that waits for its receipt leaves the outbox.
    pub(crate) fn of(gap: Gap, messages: Vec<Event>, room: &mut Conversation, roster: &Roster) -> Page {
        let free = room.timeline.room();
        let left = Gap { pages: gap.pages.saturating_sub(1), ..gap };
        let mut page = Page { items: Vec::new(), left, is_cut: false, is_last: false };
        for event in messages.into_iter().rev() {
            match event {
                Event::Notice(notice) if page.takes(&notice) && page.items.len() < free => {
                    page.items.extend(room.announcement(notice, &page.items));
                }
                Event::Message(message) => {
                    page.is_last |= message.seq <= gap.after.saturating_add(1);
                    if !page.left.contains(message.seq) {
                        continue;
                    }
                    page.is_cut = page.items.len() == free;
                    if page.is_cut {
                        break;
                    }
                    page.left.before = message.seq;
                    page.items.extend(said_meanwhile(message, room, roster));
                }
                _ => {}
            }
        }
        page.items.reverse();
        page
    }

    /// Whether the notice was given in the gap that is left, or right after the message above it.
    fn takes(&self, notice: &Notice) -> bool {
        (self.left.after..self.left.before).contains(&notice.after.unwrap_or(0))
    }
}

/// The notice that takes the place of a gap that lasts.
pub(crate) fn lasting_gap() -> Content {
    Content::LocalNotice(LocalNotice::MissedMessages)
}

/// A message of the page as an item. `None` if its receipt came before.
fn said_meanwhile(message: Message, room: &mut Conversation, roster: &Roster) -> Option<Item> {
    let Message { seq, from, id, text, at, reference } = message;
    let receipt = Receipt { seq: Some(seq), text: &text, at, is_kept: false };
    if let Some(reference) = reference.filter(|_| roster.is_me(id))
        && let own = room.timeline.take_confirmed_by(reference, receipt)
        && (own.is_some() || room.index_of(seq).is_some())
    {
        return own;
    }
    Some(Item::new(
        at,
        Content::Message(ChatMessage { seq: Some(seq), ..ChatMessage::received(from, id, text, roster) }),
    ))
}
