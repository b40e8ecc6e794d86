//! A menu or a drop-down, drawn by us: FLTK's own keeps a black edge, no padding and black text on the highlight.

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::{NodeId, Role};
use fltk::app;
use fltk::enums::Event;
use fltk::prelude::*;

use crate::view::keymap::{self, PartKey};
use crate::view::kit::{
    Accessible, BODY, Icon, Overlay, Rect, SMALL, Tree, child_id, draw, icon, named, palette, part_id, placed,
    redraw_window, shadow,
};

const PADDING: i32 = 4;

/// A line of a menu.
pub(crate) struct Entry {
    /// The icon before the words.
    pub(crate) icon: Option<Icon>,
    /// The words for the action, or for the option.
    pub(crate) text: String,
    /// Small words at the right.
    pub(crate) hint: String,
    /// The action; one expression.
    pub(crate) action: Box<dyn Fn()>,
}

/// A menu that opens over its window. While it is open it covers the whole window, so that a click outside closes it.
#[derive(Clone)]
pub(crate) struct Menu {
    pub(crate) overlay: Overlay,
    id: NodeId,
    content: Rc<RefCell<Content>>,
}

#[derive(Default)]
struct Content {
    entries: Vec<Rc<Entry>>,
    frame: Rect,
    row_height: i32,
    chosen: Option<usize>,
}

impl Menu {
    /// Builds it, closed; one of the last children of its window.
    pub(crate) fn new() -> Menu {
        let overlay = Overlay::new();
        let mut widget = overlay.widget.clone();
        let content = Rc::new(RefCell::new(Content::default()));
        widget.draw({
            let content = Rc::clone(&content);
            move |_| content.borrow().paint()
        });
        let menu = Menu { overlay, id: part_id(), content };
        widget.handle({
            let menu = menu.clone();
            move |_, event| menu.clone().handle(event)
        });
        menu
    }

    /// Opens it at `frame` (its height comes from the entries), moved to stay inside of the window.
    pub(crate) fn open(&mut self, frame: Rect, row_height: i32, entries: Vec<Entry>) {
        let Some(window) = self.overlay.widget.window() else { return };
        let height = row_height * entries.len() as i32 + 2 * PADDING;
        let x = frame.x.min(window.w() - frame.w - 8).max(8);
        let y = frame.y.min(window.h() - height - 8).max(8);
        *self.content.borrow_mut() = Content {
            entries: entries.into_iter().map(Rc::new).collect(),
            frame: Rect::new(x, y, frame.w, height),
            row_height,
            chosen: None,
        };
        self.overlay.open();
    }

    /// Closes it.
    pub(crate) fn close(&mut self) {
        self.overlay.close();
    }

    fn handle(&mut self, event: Event) -> bool {
        let (x, y) = app::event_coords();
        match event {
            Event::Push if !self.content.borrow().frame.contains(x, y) => self.close(),
            Event::Released => {
                let entry = self.content.borrow().index_at(x, y);
                self.run(entry);
            }
            Event::Enter | Event::Move | Event::Drag => {
                let index = self.content.borrow().index_at(x, y);
                self.choose(index);
            }
            Event::KeyDown => self.press_key(event),
            // The window went to the back: no menu stays open.
            Event::Unfocus => self.close(),
            Event::Push | Event::Leave | Event::MouseWheel | Event::Focus => {}
            _ => return false,
        }
        true
    }

    fn press_key(&mut self, event: Event) {
        let (chosen, count) = (self.content.borrow().chosen, self.content.borrow().entries.len());
        match keymap::part_key(&[keymap::CHOICE], event) {
            Some(PartKey::Escape) => self.close(),
            Some(PartKey::Down) => self.choose(Some(chosen.map_or(0, |index| (index + 1) % count.max(1)))),
            Some(PartKey::Up) => {
                self.choose(Some(chosen.unwrap_or(0).checked_sub(1).unwrap_or(count.saturating_sub(1))));
            }
            Some(PartKey::Enter) => self.run(chosen),
            _ => {}
        }
    }

    fn choose(&mut self, index: Option<usize>) {
        let before = std::mem::replace(&mut self.content.borrow_mut().chosen, index);
        if before != index {
            redraw_window(&self.overlay.widget);
        }
    }

    fn run(&mut self, index: Option<usize>) {
        let Some(entry) = index.and_then(|index| self.content.borrow().entries.get(index).cloned()) else { return };
        self.close();
        (entry.action)();
    }

    /// The action that a press of that entry runs, if the menu still shows it.
    fn runner(&self, index: usize, entry: &Rc<Entry>) -> impl Fn() + 'static {
        let (menu, entry) = (self.clone(), Rc::downgrade(entry));
        move || {
            let is_there = menu.content.borrow().entries.get(index).is_some_and(|it| Rc::as_ptr(it) == entry.as_ptr());
            if is_there && menu.overlay.is_open() {
                menu.clone().run(Some(index));
            }
        }
    }
}

impl Accessible for Menu {
    fn tell(&self, tree: &mut Tree) {
        if !self.overlay.is_open() {
            return;
        }
        let content = self.content.borrow();
        let id = |index: usize| child_id(self.id, index);
        tree.add_with(self.id, placed(named(Role::Menu, ""), content.frame), |tree| {
            for (index, entry) in content.entries.iter().enumerate() {
                let mut node = named(Role::MenuItem, &entry.text);
                if !entry.hint.is_empty() {
                    node.set_description(entry.hint.as_str());
                }
                tree.on_press(id(index), self.runner(index, entry));
                tree.add(id(index), placed(node, content.row(index)));
            }
        });
        if self.overlay.widget.has_focus() {
            tree.set_focus(content.chosen.map_or(self.id, id));
        }
    }
}

impl Content {
    fn index_at(&self, x: i32, y: i32) -> Option<usize> {
        let rows = self.frame.middle(self.frame.h - 2 * PADDING);
        rows.contains(x, y).then(|| ((y - rows.y) / self.row_height.max(1)) as usize)
    }

    fn row(&self, index: usize) -> Rect {
        let y = self.frame.y + PADDING + index as i32 * self.row_height;
        Rect::new(self.frame.x + PADDING, y, self.frame.w - 2 * PADDING, self.row_height)
    }

    fn paint(&self) {
        let colours = palette();
        shadow::panel(self.frame);
        for (index, entry) in self.entries.iter().enumerate() {
            let row = self.row(index);
            if self.chosen == Some(index) {
                draw::rounded(row, draw::RADIUS - 2, colours.raised);
            }
            entry.paint(row);
        }
    }
}

impl Entry {
    fn paint(&self, row: Rect) {
        let colours = palette();
        let baseline = BODY.baseline(row.y, row.h);
        let mut x = row.x + 12;
        if let Some(icon) = self.icon {
            icon::draw(icon, 14, colours.soft, Rect { x: row.x + 11, w: 14, ..row });
            x = row.x + 36;
        }
        let hint_x = row.right() - 10 - SMALL.width(&self.hint);
        draw::text(&self.hint, SMALL, colours.soft, hint_x, baseline);
        draw::fitted(&self.text, BODY, colours.text, x, baseline, hint_x - 8 - x);
    }
}
