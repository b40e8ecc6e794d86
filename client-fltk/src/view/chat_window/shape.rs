//! The layout and state that were shown last.

use std::cell::{Cell, RefCell};

use crate::core::ConversationId;
use crate::view::chat_window::layout::Layout;

/// State that decides on the layout besides the window's size.
#[derive(Default)]
pub(super) struct Shape {
    pub(super) shows_people: Cell<bool>,
    pub(super) layout: RefCell<Layout>,
    /// The text size, in percent of the usual one.
    pub(super) text_size: Cell<u16>,
    pub(super) place: RefCell<Option<ConversationId>>,
    /// [`crate::core::Composer::version`] of the text that the field was last given.
    pub(super) text_version: Cell<Option<u64>>,
    pub(super) people_version: Cell<Option<(u64, usize, bool)>>,
}
