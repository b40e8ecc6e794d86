//! Accessibility of the window's parts: each adds its own nodes to the tree beside its painting, and keeps nothing else
//! for it.

use accesskit::{Node, NodeId, Role};
use fltk::prelude::*;

use crate::accessibility::tree::{Tree, named};
use crate::view::kit::rect::Rect;

/// A part of a window that adds nodes to the accessibility tree.
pub(crate) trait Accessible {
    /// Adds its nodes, if it is in sight.
    fn tell(&self, tree: &mut Tree);
}

/// Adds the nodes of several parts, from top to bottom.
pub(crate) fn tell_all(parts: &[&dyn Accessible], tree: &mut Tree) {
    for part in parts {
        part.tell(tree);
    }
}

/// `node` with its bounds at `rect`.
pub(crate) fn placed(mut node: Node, rect: Rect) -> Node {
    let [x0, y0, x1, y1] = [rect.x, rect.y, rect.right(), rect.bottom()].map(f64::from);
    node.set_bounds(accesskit::Rect { x0, y0, x1, y1 });
    node
}

/// A node for a whole widget, with the action that gives it the keyboard focus.
pub(crate) fn told<W: WidgetExt + Clone + 'static>(
    id: NodeId,
    role: Role,
    name: &str,
    widget: &W,
    tree: &mut Tree,
) -> Node {
    if widget.has_focus() {
        tree.set_focus(id);
    }
    let target = widget.clone();
    tree.on_focus(id, move || drop(target.clone().take_focus()));
    placed(named(role, name), Rect::of(widget))
}
