//! The folded texts of a conversation, kept while the find bar is open.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use papo_common::fold::fold;

use crate::core::notices::NoticeText;
use crate::core::{Content, Conversation, Item, ItemId, Revision};
use crate::text::folding::ranges;

/// A place where the text looked for was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The item that contains it.
    pub item: ItemId,
    /// The range of the hit in the item's text, in bytes.
    pub range: Range<usize>,
}

/// The folded texts of one conversation, an entry for each item.
#[derive(Debug)]
pub(super) struct Index {
    /// The revision of the timeline that the entries reflect.
    pub(super) revision: Revision,
    pub(super) entries: VecDeque<Entry>,
    pub(super) notice_text: NoticeText,
}

#[derive(Debug)]
pub(super) struct Entry {
    item: ItemId,
    /// The folded text; `None` for an item that is not searched.
    folded: Option<Box<str>>,
    /// The number of hits in the text. A full search leaves it at 0 above the hits that are kept.
    pub(super) hits: usize,
}

impl Index {
    pub(super) fn of(conversation: &Conversation, notice_text: NoticeText) -> Index {
        let timeline = &conversation.timeline;
        let entries = timeline.items().map(|item| Entry::of(item, notice_text)).collect();
        Index { revision: timeline.revision(), entries, notice_text }
    }

    /// The number of hits from the entry at `index` on.
    pub(super) fn hits_from(&self, index: usize) -> usize {
        self.entries.range(index.min(self.entries.len())..).map(|entry| entry.hits).sum()
    }

    /// The number of hits below that item; `None` if the item has gone.
    pub(super) fn hits_below(&self, item: ItemId) -> Option<usize> {
        let index = self.entries.iter().rposition(|entry| entry.item == item)?;
        Some(self.hits_from(index + 1))
    }
}

impl Entry {
    pub(super) fn of(item: &Item, notice_text: NoticeText) -> Entry {
        let folded = searchable(&item.content, notice_text).map(|text| fold(&text).into());
        Entry { item: item.id, folded, hits: 0 }
    }

    pub(super) fn search(&mut self, item: &Item, needle: &str, notice_text: NoticeText) -> Vec<Hit> {
        let text = searchable(&item.content, notice_text).zip(self.folded.as_deref());
        let found = text.map_or_else(Vec::new, |(text, folded)| ranges(&text, folded, needle));
        self.hits = found.len();
        found.into_iter().map(|range| Hit { item: item.id, range }).collect()
    }
}

/// The text of an item that is searched; `None` for joins, leaves, gaps and the like.
fn searchable(content: &Content, notice_text: NoticeText) -> Option<Cow<'_, str>> {
    match content {
        Content::Message(said) => Some(said.text.as_str().into()),
        Content::Announcement(text) => Some(text.as_str().into()),
        Content::LocalNotice(notice) => Some(notice_text(notice).into()),
        Content::Presence(_) | Content::JoinMarker | Content::Gap(_) => None,
    }
}
