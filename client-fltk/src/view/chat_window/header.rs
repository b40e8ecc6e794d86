//! The header of the conversation: its title, and a note on it.

use accesskit::{NodeId, Role};

use crate::view::kit::panel::Content;
use crate::view::kit::{HEADING, Rect, SMALL, Tree, draw, named, palette, placed};

/// The header of the conversation.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Header {
    pub(crate) title: String,
    pub(crate) note: String,
    /// The note in a narrow window.
    pub(crate) short_note: String,
    /// The width of the buttons at the right, in pixels.
    pub(crate) buttons: i32,
}

impl Content for Header {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.ground);
        draw::fill(Rect { y: rect.bottom() - 1, h: 1, ..rect }, colours.line);
        if rect.h >= 56 {
            let width = rect.w - 16 - self.buttons;
            draw::fitted(&self.title, HEADING, colours.text, rect.x + 16, HEADING.baseline(rect.y + 9, 22), width);
            draw::fitted(&self.note, SMALL, colours.soft, rect.x + 16, SMALL.baseline(rect.y + 29, 20), width);
            return;
        }
        let baseline = HEADING.baseline(rect.y, rect.h);
        let right = rect.right() - self.buttons;
        let end = draw::fitted(&self.title, HEADING, colours.text, rect.x + 12, baseline, right - rect.x - 12);
        draw::fitted(&self.short_note, SMALL, colours.soft, end + 9, baseline, right - end - 9);
    }

    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        let mut node = named(Role::Heading, &self.title);
        node.set_description(self.note.as_str());
        tree.add(id, placed(node, rect));
    }
}
