//! A bar above the conversation. To add one, write its file and put it into `ChatWindow::bars`.

use crate::core::State;
use crate::view::kit::{Accessible, Rect};

/// A bar between the header and the conversation. Bars stand below each other in a stack.
pub(crate) trait Bar: Accessible {
    /// Follows the state.
    fn render(&mut self, state: &State);

    /// Whether it is to be seen, after the last [`Bar::render`]; `is_over_members` where the members are shown instead of
    /// the conversation.
    fn is_up(&self, is_over_members: bool) -> bool;

    /// Gives it its place; without height it is hidden.
    fn resize(&mut self, rect: Rect, is_narrow: bool);
}
