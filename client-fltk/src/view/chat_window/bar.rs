//! A bar above the conversation. To add one, write its file and put it into `ChatWindow::bars`.

use crate::core::State;
use crate::view::kit::accessible::Accessible;
use crate::view::kit::rect::Rect;

/// A bar between the header and the conversation. Bars stand below each other in a stack.
pub(crate) trait Bar: Accessible {
    /// Follows the state.
    fn render(&mut self, state: &State);

    /// Whether it is to be seen, after the last [`Bar::render`].
    fn is_up(&self) -> bool;

    /// Its height in pixels while it is up.
    fn height(&self, is_narrow: bool) -> i32 {
        if is_narrow { 40 } else { 48 }
    }

    /// Whether it is also seen while the members are shown instead of the conversation.
    fn stays_over_members(&self) -> bool;

    /// Gives it its place; without height it is hidden.
    fn resize(&mut self, rect: Rect, is_narrow: bool);
}
