//! The left column: the conversations, and oneself at its foot.

use accesskit::{NodeId, Role};
use jiff::civil::Date;

use crate::accessibility::tree::{Tree, digest, named};
use crate::core::{Conversation, ConversationId, Preview, Revision, State};
use crate::strings::accessibility as words;
use crate::strings::window as strings;
use crate::view::dates::Calendar;
use crate::view::kit::list::{RowLook, Rows};
use crate::view::kit::panel::Content;
use crate::view::kit::{BODY, CHIP, HEADING, NAME, Rect, SMALL, avatar, draw, palette, placed};

/// What the list of conversations shows.
pub(crate) struct Conversations {
    entries: Vec<Entry>,
    /// The day on which they were made: what was today's is then yesterday's.
    made_on: Date,
    place: ConversationId,
    calendar: Calendar,
    /// Whether it has the form of a rail, not of a column.
    pub(crate) is_narrow: bool,
}

/// A conversation in the list.
struct Entry {
    place: ConversationId,
    /// Differs whenever the rest may be another.
    timeline: Revision,
    last: String,
    time: String,
    unread: usize,
}

impl Conversations {
    /// None yet.
    pub(crate) fn new() -> Conversations {
        Conversations {
            entries: Vec::new(),
            made_on: Date::default(),
            place: ConversationId::Room,
            calendar: Calendar::local(),
            is_narrow: false,
        }
    }

    /// Whether the state shows anything else.
    pub(crate) fn differs(&self, state: &State) -> bool {
        self.place != state.chat.conversations.place
            || self.made_on != self.calendar.today()
            || self.entries.len() != state.chat.conversations.iter().count()
            || self.entries.iter().zip(state.chat.conversations.iter()).any(|(entry, conversation)| {
                entry.place != conversation.place
                    || entry.unread != conversation.unread
                    || entry.timeline != conversation.timeline.revision()
            })
    }

    /// Takes the conversations of the state.
    pub(crate) fn set(&mut self, state: &State) {
        self.place = state.chat.conversations.place.clone();
        self.made_on = self.calendar.today();
        self.entries = state.chat.conversations.iter().map(|conversation| self.entry(conversation)).collect();
    }

    /// The place of a row.
    pub(crate) fn place(&self, index: usize) -> Option<&ConversationId> {
        self.entries.get(index).map(|entry| &entry.place)
    }

    /// What is said of a row of the rail while the pointer rests on it; the column says it always.
    pub(crate) fn tag(&self, index: usize) -> Option<String> {
        let entry = self.entries.get(index).filter(|_| self.is_narrow)?;
        Some(strings::tag(strings::place(&entry.place), entry.unread))
    }

    fn entry(&self, conversation: &Conversation) -> Entry {
        let preview = Preview::of(conversation);
        Entry {
            place: conversation.place.clone(),
            timeline: conversation.timeline.revision(),
            time: preview.as_ref().map(|preview| self.calendar.recent(preview.at)).unwrap_or_default(),
            last: preview.map_or_else(|| strings::NOTHING_YET.to_owned(), |preview| strings::preview(&preview)),
            unread: conversation.unread,
        }
    }

    fn paint_rail(&self, entry: &Entry, row: Rect, look: RowLook) {
        let card = Rect::new(row.x + 4, row.y + 4, row.w - 8, row.h - 4);
        let ground = look.paint_card(card, palette().chosen);
        let names =
            self.entries.iter().filter(|other| other.place != entry.place).filter_map(|other| match &other.place {
                ConversationId::Direct(name) => Some(name.as_str()),
                ConversationId::Room => None,
            });
        let letters = avatar::telling_letters(strings::place(&entry.place), names);
        paint_avatar(entry, &letters, Rect::new(row.x + 11, row.y + 10, 32, 32), ground);
        if entry.unread > 0 {
            entry.paint_badge(card.right() + 2, row.y + 6, 20, ground);
        }
    }
}

impl Rows for Conversations {
    fn len(&self) -> usize {
        self.entries.len()
    }

    fn row_height(&self) -> i32 {
        if self.is_narrow { 48 } else { 56 }
    }

    fn chosen(&self) -> Option<usize> {
        self.entries.iter().position(|entry| entry.place == self.place)
    }

    fn name(&self) -> String {
        strings::CONVERSATIONS.to_owned()
    }

    fn label(&self, index: usize) -> String {
        let of_entry = |entry: &Entry| words::conversation(strings::place(&entry.place), entry.unread);
        self.entries.get(index).map(of_entry).unwrap_or_default()
    }

    fn key(&self, index: usize) -> u64 {
        digest(self.place(index))
    }

    fn paint_edge(&self, area: Rect) {
        paint_right_edge(area);
    }

    fn paint(&self, index: usize, row: Rect, look: RowLook) {
        let Some(entry) = self.entries.get(index) else { return };
        if self.is_narrow {
            return self.paint_rail(entry, row, look);
        }
        let colours = palette();
        let card = Rect::new(row.x + 8, row.y, row.w - 17, row.h - 4);
        let ground = look.paint_card(card, colours.chosen);
        paint_avatar(
            entry,
            &avatar::initial(strings::place(&entry.place)),
            Rect::new(row.x + 16, row.y + 8, 36, 36),
            ground,
        );
        let (left, right) = (row.x + 64, card.right() - 12);
        let baseline = BODY.baseline(row.y + 6, 20);
        let time_x = right - SMALL.width(&entry.time);
        draw::text(&entry.time, SMALL, colours.soft, time_x, baseline);
        let style = if entry.unread > 0 || look.is_chosen { NAME } else { BODY };
        draw::fitted(strings::place(&entry.place), style, colours.text, left, baseline, time_x - 8 - left);
        let mut end = right;
        if entry.unread > 0 {
            end = entry.paint_badge(right, row.y + 27, 18, ground) - 7;
        }
        draw::fitted(&entry.last, SMALL, colours.soft, left, SMALL.baseline(row.y + 25, 20), end - left);
    }
}

fn paint_avatar(entry: &Entry, letters: &str, circle: Rect, ground: fltk::enums::Color) {
    match &entry.place {
        ConversationId::Room => avatar::room(circle),
        ConversationId::Direct(name) => {
            avatar::lettered(name.as_str(), letters, circle);
            avatar::lock(circle, ground);
        }
    }
}

impl Entry {
    /// Draws the number of unread messages left of `right`, `h` high on `ground`, and returns where it begins.
    fn paint_badge(&self, right: i32, y: i32, h: i32, ground: fltk::enums::Color) -> i32 {
        let colours = palette();
        let count = count(self.unread);
        let width = (CHIP.width(&count) + h - 8).max(h);
        let badge = Rect::new(right - width, y, width, h);
        draw::pill(badge.inset(-2), ground);
        draw::pill(badge, if self.place == ConversationId::Room { colours.accent } else { colours.private });
        draw::centred(&count, CHIP, colours.on_accent, badge);
        badge.x
    }
}

fn count(unread: usize) -> String {
    if unread > 99 { "99+".to_owned() } else { unread.to_string() }
}

/// The head of the column.
#[derive(Clone, PartialEq)]
pub(crate) struct Head;

impl Content for Head {
    fn paint(&self, rect: Rect) {
        draw::fill(rect, palette().side);
        paint_right_edge(rect);
        draw::text(strings::CONVERSATIONS, HEADING, palette().text, rect.x + 16, HEADING.baseline(rect.y, rect.h));
    }
}

/// The line between the column and the conversation.
fn paint_right_edge(rect: Rect) {
    draw::fill(Rect { x: rect.right() - 1, w: 1, ..rect }, palette().line);
}

/// Oneself, as the foot of the column shows it.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Me {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) is_connected: bool,
}

impl Content for Me {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.side);
        draw::fill(Rect { h: 1, ..rect }, colours.line);
        paint_right_edge(rect);
        if self.name.is_empty() {
            return;
        }
        let circle = Rect::new(rect.x + 16, rect.y + 14, 36, 36);
        avatar::person(&self.name, circle);
        avatar::dot(circle, if self.is_connected { colours.ok } else { colours.amber }, colours.side);
        let width = rect.w - 64 - 12;
        draw::fitted(&self.name, NAME, colours.text, rect.x + 64, NAME.baseline(rect.y + 13, 20), width);
        draw::fitted(&self.address, SMALL, colours.soft, rect.x + 64, SMALL.baseline(rect.y + 30, 20), width);
    }

    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        tree.add(id, placed(named(Role::Paragraph, &format!("{}, {}", self.name, self.address)), rect));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Content;

    fn said(state: &mut State, text: &str) {
        let text = papo_common::Text::clean(text, papo_common::LineBreaks::Keep).unwrap();
        state.chat.conversations.room.push(1, Content::Announcement(text));
    }

    #[test]
    fn whatever_changes_what_is_shown_is_noticed() {
        let (mut rows, mut state) = (Conversations::new(), State::default());
        let mut follow = |state: &State| {
            let differs = rows.differs(state);
            rows.set(state);
            assert!(!rows.differs(state));
            differs
        };
        assert!(follow(&state));
        said(&mut state, "oi");
        assert!(follow(&state));
        // Emptied, as /limpar does it.
        state.chat.conversations.room.clear();
        assert!(follow(&state));
        said(&mut state, "oi");
        assert!(follow(&state));
        rows.made_on = rows.made_on.yesterday().unwrap();
        assert!(rows.differs(&state), "what is today's is another");
    }

    #[test]
    fn another_session_is_noticed() {
        let (mut rows, mut state) = (Conversations::new(), State::default());
        said(&mut state, "de outro servidor");
        rows.set(&state);
        let mut state = State::default();
        said(&mut state, "oi");
        assert!(rows.differs(&state));
    }

    #[test]
    fn large_counts_are_cut() {
        assert_eq!(count(99), "99");
        assert_eq!(count(100), "99+");
    }
}
