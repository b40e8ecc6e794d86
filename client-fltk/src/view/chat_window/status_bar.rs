//! The status bar: how the connection stands.

use accesskit::{Live, NodeId, Role};

use crate::core::Severity;
use crate::view::kit::panel::Content;
use crate::view::kit::{Rect, SMALL, Tree, draw, palette, placed, spoken};

/// The status bar.
#[derive(Clone, PartialEq)]
pub(crate) struct Status {
    pub(crate) text: String,
    pub(crate) tone: Severity,
    /// At the right; `None` in a narrow window.
    pub(crate) note: Option<String>,
}

impl Content for Status {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.side);
        draw::fill(Rect { h: 1, ..rect }, colours.line);
        let dot = match self.tone {
            Severity::Good => colours.ok,
            Severity::Waiting => colours.amber,
            Severity::Bad => colours.error,
        };
        draw::disc(Rect::new(rect.x + 16, rect.y + (rect.h - 8) / 2 + 1, 8, 8), dot);
        let baseline = SMALL.baseline(rect.y + 1, rect.h);
        let mut right = rect.right() - 16;
        if let Some(note) = &self.note {
            right -= SMALL.width(note);
            draw::text(note, SMALL, colours.soft, right, baseline);
        }
        draw::fitted(&self.text, SMALL, colours.soft, rect.x + 32, baseline, right - 12 - rect.x - 32);
    }

    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        // While all is well it says how many are there; who comes and goes is told by the conversation.
        let live = if self.tone == Severity::Good { Live::Off } else { Live::Polite };
        tree.add(id, placed(spoken(Role::Status, &self.text, live), rect));
    }
}
