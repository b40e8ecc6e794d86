//! The folded texts of a conversation, kept while the find bar is open.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use papo_common::fold::fold;

use crate::core::notices::NoticeText;
use crate::core::{Content, Conversation, ConversationId, Item, ItemId, Revision};
use crate::text::folding::ranges;

/// One place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The item.
    pub item: ItemId,
    /// The bytes of its text.
    pub range: Range<usize>,
}

/// An entry for each item.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) place: ConversationId,
    /// The state of the timeline that is folded here.
    pub(super) revision: Revision,
    pub(super) entries: VecDeque<Entry>,
}

#[derive(Debug)]
pub(super) struct Entry {
    item: ItemId,
    /// `None` where nothing can be found.
    folded: Option<Box<str>>,
    /// How often it was found in the text; those above all hits that are kept do not count.
    pub(super) hits: usize,
}

impl Index {
    pub(super) fn of(conversation: &Conversation, notice_text: NoticeText) -> Index {
        let timeline = &conversation.timeline;
        let entries = timeline.items().map(|item| Entry::of(item, notice_text)).collect();
        Index { place: conversation.place.clone(), revision: timeline.revision(), entries }
    }

    /// How many hits there are from that entry on.
    pub(super) fn hits_from(&self, index: usize) -> usize {
        self.entries.range(index.min(self.entries.len())..).map(|entry| entry.hits).sum()
    }

    /// How many hits there are below that item; `None` if it has gone.
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

/// What people read as a text; who came and went is not looked for.
fn searchable(content: &Content, notice_text: NoticeText) -> Option<Cow<'_, str>> {
    match content {
        Content::Message(said) => Some(said.text.as_str().into()),
        Content::Notice(text) => Some(text.as_str().into()),
        Content::LocalNotice(notice) => Some(notice_text(notice).into()),
        Content::Passed(_) | Content::Entered | Content::Gap(_) => None,
    }
}
