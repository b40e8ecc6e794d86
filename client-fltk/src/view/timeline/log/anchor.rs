//! Scroll positions, and how much is laid out around them.

use crate::core::{ItemId, Revision, Timeline};

/// The number of screens that are laid out above and below the anchor: the rows in sight, and at least a screen beyond
/// them, so that scrolling by a page is exact.
pub(super) const NEAR: i64 = 2;

/// Scroll position, relative to an item: a number of pixels alone would mean another place as soon as a height changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::view::timeline) enum Anchor {
    /// The end, even when items are added.
    #[default]
    Bottom,
    /// The upper edge is `offset` pixels below the beginning of the item's text. Not below the beginning of the row:
    /// its separators and head come and go with the item above, while the text is being read.
    At { item: ItemId, offset: i32 },
}

/// The scroll position at which a conversation was left.
#[derive(Clone, Debug)]
pub(in crate::view::timeline) struct Bookmark {
    pub(super) anchor: Anchor,
    /// The items in sight, from the anchor on.
    pub(super) in_sight: Vec<ItemId>,
    pub(super) revision: Revision,
}

impl Bookmark {
    /// Whether it is a position in that timeline.
    pub(in crate::view::timeline) fn is_of(&self, timeline: &Timeline) -> bool {
        self.revision.is_of_same_timeline(timeline.revision())
    }
}
