//! Accessibility of a list: a node for each of its rows, in sight or not.

use accesskit::Role;
use fltk::prelude::*;

use crate::view::kit::list::{Action, List, Rows};
use crate::view::kit::{Accessible, Rect, Tree, child_id, named, placed, told};

impl<R: Rows + 'static> List<R> {
    /// The action that a press of the row with that key runs: opens the row, if it is there then.
    fn opener(&self, key: u64) -> impl Fn() + 'static {
        let list = self.clone();
        move || {
            let row = list.look(|rows| (0..rows.len()).find(|&index| rows.key(index) == key));
            list.act(row.map(Action::Open));
        }
    }
}

impl<R: Rows + 'static> Accessible for List<R> {
    fn tell(&self, tree: &mut Tree) {
        if !self.widget.visible_r() {
            return;
        }
        let inner = self.inner.borrow();
        let (rows, area) = (&inner.rows, Rect::of(&self.widget));
        let node = told(self.id, Role::ListBox, &rows.name(), &self.widget, tree);
        let chosen = rows.chosen();
        tree.add_with(self.id, node, |tree| {
            for index in 0..rows.len() {
                let id = child_id(self.id, rows.key(index));
                let mut option = named(Role::ListBoxOption, &rows.label(index));
                option.set_selected(chosen == Some(index));
                tree.on_press(id, self.opener(rows.key(index)));
                tree.add(id, placed(option, inner.rect_of(area, index)));
            }
        });
        if let Some(index) = inner.current().filter(|_| self.widget.has_focus()) {
            tree.set_focus(child_id(self.id, rows.key(index)));
        }
    }
}
