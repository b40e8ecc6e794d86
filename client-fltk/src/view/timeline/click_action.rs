//! Hotspots of a conversation, and the actions that a click or Enter runs on them.

use crate::core::ItemId;
use crate::core::message::Message;
use crate::view::kit::rect::Rect;

/// The action that runs when a hotspot is pressed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ClickAction {
    /// Open a link.
    Link(String),
    /// Fold or unfold a note.
    Note(ItemId),
    /// Send a message that failed again.
    Retry(ItemId),
    /// Give up a message that failed.
    Discard(ItemId),
}

impl ClickAction {
    /// The message to the program; `None` where the log alone changes.
    pub(super) fn message(&self) -> Option<Message> {
        match self {
            ClickAction::Link(link) => Some(Message::OpenLink(link.clone())),
            ClickAction::Note(_) => None,
            ClickAction::Retry(item) => Some(Message::Retry(*item)),
            ClickAction::Discard(item) => Some(Message::Discard(*item)),
        }
    }
}

/// Hotspot: a part of an item that can be pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hotspot {
    /// The item that the hotspot belongs to.
    pub(super) item: ItemId,
    pub(super) target: ClickAction,
    /// The rectangles of the hotspot, one for each line of text that it is in; a link may stand in the text twice.
    pub(super) rects: Vec<Rect>,
}
