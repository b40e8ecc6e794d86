//! Follows the changes of a conversation: unchanged rows are not laid out again, and the line being read stays where it
//! is in the window.

use crate::core::timeline::splices::replace_part;
use crate::core::{Conversation, ItemId, Splice, Timeline};
use crate::view::timeline::log::Log;
use crate::view::timeline::log::anchor::{Anchor, Bookmark};
use crate::view::timeline::selection::{Point, Selection};

impl Log {
    /// Whether that timeline is laid out.
    pub(in crate::view::timeline) fn is_of(&self, timeline: &Timeline) -> bool {
        self.revision.is_some_and(|revision| revision.is_of_same_timeline(timeline.revision()))
    }

    /// The current scroll position, for [`Log::open`] to restore, even if the conversation has changed by then.
    pub(in crate::view::timeline) fn bookmark(&self) -> Option<Bookmark> {
        let from = match self.anchor {
            Anchor::Bottom => self.rows.len(),
            Anchor::At { item, .. } => self.index(item)?,
        };
        let bottom = self.top() + i64::from(self.height);
        let in_sight = self.rows.range(from..).take_while(|row| row.y < bottom).map(|row| row.item);
        Some(Bookmark { anchor: self.anchor, in_sight: in_sight.collect(), revision: self.revision? })
    }

    /// Shows another conversation, at the position at which it was left.
    pub(in crate::view::timeline) fn open(&mut self, conversation: &Conversation, left: Option<&Bookmark>) {
        self.rows.clear();
        self.laid_out = 0;
        self.revision = Some(conversation.timeline.revision());
        (self.new_from, self.past) = (conversation.new_from, conversation.past);
        (self.selection, self.cursor, self.anchor) = (None, None, Anchor::Bottom);
        self.splice(conversation, Splice { at: 0, removed: 0, added: conversation.timeline.len() });
        self.stack(0);
        // A bookmark of another timeline is void: a new chat in the same place is shown from its end.
        let left = left.filter(|left| left.is_of(&conversation.timeline));
        if let Some(Bookmark { anchor: anchor @ Anchor::At { .. }, in_sight, .. }) = left {
            let standing = conversation.timeline.first_standing(in_sight.iter().copied());
            self.read_on(*anchor, standing.or_else(|| self.rows.front().map(|row| row.item)));
        }
        self.settle();
    }

    /// Takes over the changes of the conversation that is shown. Returns true if there were any.
    pub(in crate::view::timeline) fn follow(&mut self, conversation: &Conversation) -> bool {
        let timeline = &conversation.timeline;
        let is_same = self.revision == Some(timeline.revision())
            && self.new_from == conversation.new_from
            && self.past == conversation.past;
        if is_same {
            return false;
        }
        let Some(changes) = self.revision.and_then(|revision| timeline.changes_since(revision)) else {
            let left = self.bookmark();
            self.open(conversation, left.as_ref());
            return true;
        };
        let (anchor, read) = (self.anchor, self.next_standing(timeline));
        self.selection = self.selection.and_then(|selection| self.standing_part(selection, timeline));
        self.revision = Some(timeline.revision());
        self.past = conversation.past;
        let places = [std::mem::replace(&mut self.new_from, conversation.new_from), conversation.new_from];
        let mut lowest = self.rows.len();
        for splice in changes {
            self.splice(conversation, splice);
            lowest = lowest.min(splice.at);
        }
        let places = places.into_iter().flatten().filter(|_| places[0] != places[1]);
        for index in places.filter_map(|id| self.index(id)).collect::<Vec<_>>() {
            self.relay(conversation, index);
            lowest = lowest.min(index);
        }
        self.stack(lowest);
        if anchor != Anchor::Bottom {
            self.read_on(anchor, read);
        }
        self.settle();
        true
    }

    /// Replaces the rows of a splice by rows for the items that are there now. An unfolded note stays unfolded.
    fn splice(&mut self, conversation: &Conversation, Splice { at, removed, added }: Splice) {
        let part = at..(at + removed).min(self.rows.len());
        let unfolded: Vec<ItemId> =
            self.rows.range(part.clone()).filter(|row| row.block.is_unfolded()).map(|row| row.item).collect();
        let items = (at..at + added).filter_map(|index| Some((index, conversation.timeline.get(index)?)));
        let rows = items.map(|(index, item)| self.row_of(conversation, index, item, unfolded.contains(&item.id)));
        let rows: Vec<_> = rows.collect();
        replace_part(&mut self.rows, part, rows);
        // The row below may need a head now, or need none any more: that depends on the row above it.
        self.relay(conversation, at + added);
    }

    /// The item at the upper edge or, if that has gone, the first one below it that is still in the timeline.
    fn next_standing(&self, timeline: &Timeline) -> Option<ItemId> {
        let Anchor::At { item, .. } = self.anchor else { return None };
        let from = self.index(item)?;
        timeline.first_standing(self.rows.range(from..).map(|row| row.item))
    }

    /// Sets the anchor to the same line of `item`, or to the beginning of `item` if the anchor's own item has gone.
    fn read_on(&mut self, anchor: Anchor, item: Option<ItemId>) {
        self.anchor = match (anchor, item.and_then(|item| self.row(item))) {
            (Anchor::At { item, .. }, Some(row)) if item == row.item => anchor,
            (Anchor::At { .. }, Some(row)) => Anchor::At { item: row.item, offset: -row.text_y },
            _ => Anchor::Bottom,
        };
    }

    /// The part of a selection whose items are still in the timeline.
    fn standing_part(&self, selection: Selection, timeline: &Timeline) -> Option<Selection> {
        let (anchor, head) = (self.index(selection.anchor.item)?, self.index(selection.head.item)?);
        let rows = || self.rows.range(anchor.min(head)..=anchor.max(head)).map(|row| row.item);
        let (first, last) = (timeline.first_standing(rows())?, timeline.first_standing(rows().rev())?);
        let point = |point: Point, item, byte| if point.item == item { point } else { Point { item, byte } };
        Some(if anchor <= head {
            let head = point(selection.head, last, usize::MAX);
            Selection { anchor: point(selection.anchor, first, 0), head }
        } else {
            let anchor = point(selection.anchor, last, usize::MAX);
            Selection { anchor, head: point(selection.head, first, 0) }
        })
    }
}
