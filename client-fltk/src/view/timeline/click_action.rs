//! What a click or Enter does in a conversation, and where.

use crate::core::ItemId;
use crate::view::kit::rect::Rect;

/// What pressing something does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ClickAction {
    /// Open a link.
    Link(String),
    /// Fold or unfold a note.
    Note(ItemId),
    /// Send a message that failed again.
    Retry(ItemId),
    /// Give it up.
    Discard(ItemId),
}

/// A place that can be pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hotspot {
    /// The item that it is part of.
    pub(super) item: ItemId,
    pub(super) target: ClickAction,
    /// A rectangle for each line that it is in.
    pub(super) rects: Vec<Rect>,
}
