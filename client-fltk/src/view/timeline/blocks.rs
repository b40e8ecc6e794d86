//! The kinds of rows, each in a file of its own. To add a kind, write a file beside these and name it in [`of`].

mod announcement;
mod block;
pub(super) mod delivery;
pub(super) mod divider;
mod note;
mod text;

use std::sync::Arc;

use crate::core::{Content, Item};
use crate::strings::notices;
use crate::view::timeline::blocks::announcement::Announcement;
pub(super) use crate::view::timeline::blocks::block::Block;
use crate::view::timeline::blocks::divider::Entered;
use crate::view::timeline::blocks::note::Note;
use crate::view::timeline::blocks::text::Message;

/// The block of the row of `item`, and its text.
pub(super) fn of(item: &Item, has_head: bool, is_unfolded: bool) -> (Box<dyn Block>, Arc<str>) {
    match &item.content {
        Content::Message(said) => (Box::new(Message::new(said, has_head)), said.text.shared()),
        Content::Presence(run) => {
            let (note, text) = Note::presence(run, is_unfolded);
            (Box::new(note), text)
        }
        Content::Announcement(text) => (Box::new(Announcement), text.shared()),
        Content::JoinMarker => (Box::new(Entered), "".into()),
        Content::Gap(_) => (Box::new(Note::own()), notices::MISSED_MESSAGES.into()),
        Content::LocalNotice(notice) => (Box::new(Note::own()), notices::notice(notice).into()),
    }
}
