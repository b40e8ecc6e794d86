//! What mouse and keys do to a conversation.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app::{self, MouseWheel};
use fltk::enums::{Cursor, Event, Key};
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::view::keymap::{self, PartKey};
use crate::view::kit::rect::Rect;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::hit_test;
use crate::view::timeline::paint;
use crate::view::timeline::paint::Pointer;
use crate::view::timeline::selection::{Point, Selection, word_at};
use crate::view::timeline::shared::{Drag, Pressed, Shared, after_change, page};

/// How far a notch of the wheel and an arrow key scroll, in pixels.
const NOTCH: i32 = 60;
const ARROW: i32 = 40;
/// How often text scrolls while a selection is drawn beyond the edge, in seconds.
const DRAG_INTERVAL: f64 = 0.03;

impl Shared {
    fn press(&mut self, area: Rect, x: i32, y: i32) {
        if self.is_on_pill(area, x, y) {
            self.log.scroll_to_end();
        } else if let Some(bar) = hit_test::bar(&self.log, area).filter(|bar| bar.is_at(x)) {
            self.drag = Drag::Bar(bar.grip(y));
            self.drag_to(area, x, y);
        } else if let Some(point) = hit_test::point_at(&self.log, area, x, y) {
            self.select(point, hit_test::target_at(&self.log, area, x, y));
        }
    }

    fn is_on_pill(&self, area: Rect, x: i32, y: i32) -> bool {
        paint::pill(&self.log, area, self.unread).is_some_and(|pill| pill.contains(x, y))
    }

    fn select(&mut self, point: Point, target: Option<ClickAction>) {
        let text = self.log.row(point.item).map(|row| std::sync::Arc::clone(&row.text)).unwrap_or_default();
        let whole = match app::event_clicks_num() {
            0 => None,
            1 => Some(word_at(&text, point.byte)),
            _ => Some(0..text.len()),
        };
        self.drag = if whole.is_some() { Drag::Whole } else { Drag::Text(target) };
        let goes_on = app::is_event_shift() && whole.is_none();
        let range = whole.unwrap_or(point.byte..point.byte);
        let anchor = self.log.selection.filter(|_| goes_on).map(|selection| selection.anchor);
        self.log.selection = Some(Selection {
            anchor: anchor.unwrap_or(Point { item: point.item, byte: range.start }),
            head: Point { item: point.item, byte: range.end },
        });
    }

    fn drag_to(&mut self, area: Rect, x: i32, y: i32) {
        match self.drag {
            Drag::Bar(held) => {
                if let Some(bar) = hit_test::bar(&self.log, area) {
                    self.log.scroll_to(bar.above_at(y - held));
                }
            }
            Drag::Text(_) => {
                let point = hit_test::point_at(&self.log, area, x, y.clamp(area.y, area.bottom() - 1));
                if let (Some(selection), Some(head)) = (self.log.selection.as_mut(), point) {
                    selection.head = head;
                }
            }
            Drag::No | Drag::Whole => {}
        }
    }

    /// Ends a drag: what was selected by it goes to the primary selection, and a mere click does what it does, if it ends
    /// where it began.
    fn release(&mut self, area: Rect, x: i32, y: i32) {
        let drag = std::mem::replace(&mut self.drag, Drag::No);
        if !matches!(drag, Drag::Text(_) | Drag::Whole) {
            return;
        }
        if let Some(text) = self.log.selected_text() {
            app::copy2(&text);
        } else if let (Drag::Text(Some(target)), at) = (drag, hit_test::target_at(&self.log, area, x, y))
            && at.as_ref() == Some(&target)
        {
            self.act(&target);
        }
    }

    fn act(&mut self, target: &ClickAction) {
        self.asked.extend(target.message());
        if let ClickAction::Note(item) = target {
            self.log.toggle(*item);
        }
    }

    /// Moves to the next thing in sight that can be pressed, or the one before; at the end it begins anew.
    fn step(&mut self, area: Rect, is_forward: bool) {
        // Whoever came by the mouse and goes on by keys has to see where.
        self.has_ring = true;
        let spots = hit_test::hotspots(&self.log, area);
        let is_it = |spot: &Hotspot| self.log.cursor.as_ref() == Some(&(spot.item, spot.target.clone()));
        let count = spots.len().max(1);
        let index = match (spots.iter().position(is_it), is_forward) {
            (Some(index), true) => (index + 1) % count,
            (Some(index), false) => (index + count - 1) % count,
            (None, true) => 0,
            // What was said last is what one comes for.
            (None, false) => count - 1,
        };
        self.log.cursor = spots.into_iter().nth(index).map(|spot| (spot.item, spot.target));
    }

    fn press_cursor(&mut self, area: Rect) {
        let spots = hit_test::hotspots(&self.log, area);
        let cursor = self.log.cursor.take();
        let spot = spots.into_iter().find(|spot| cursor.as_ref() == Some(&(spot.item, spot.target.clone())));
        if let Some(spot) = spot {
            self.log.cursor = cursor;
            self.act(&spot.target);
        }
    }

    fn pressed(&self, area: Rect, at: (i32, i32)) -> Pressed {
        let link = match hit_test::target_at(&self.log, area, at.0, at.1) {
            Some(ClickAction::Link(link)) => Some(link),
            _ => None,
        };
        Pressed { at, selected: self.log.selected_text(), link }
    }

    fn point(&mut self, area: Rect, x: i32, y: i32) -> (Pointer, Cursor) {
        let on_pill = self.is_on_pill(area, x, y);
        let on_bar = hit_test::bar(&self.log, area).is_some_and(|bar| bar.is_at(x));
        let target = hit_test::target_at(&self.log, area, x, y);
        let cursor = match () {
            () if on_bar => Cursor::Default,
            () if on_pill || target.is_some() => Cursor::Hand,
            () if x >= area.x + self.log.columns().text() => Cursor::Insert,
            () => Cursor::Default,
        };
        (Pointer { item: hit_test::item_at(&self.log, area, y), on_bar, on_pill }, cursor)
    }

    fn press_key(&mut self, key: PartKey, area: Rect) -> bool {
        let page = page(area.h);
        match key {
            PartKey::Left | PartKey::Right => self.step(area, key == PartKey::Right),
            PartKey::Enter => self.press_cursor(area),
            PartKey::PageUp => self.log.scroll_by(-page),
            PartKey::PageDown => self.log.scroll_by(page),
            PartKey::Up => self.log.scroll_by(-ARROW),
            PartKey::Down => self.log.scroll_by(ARROW),
            PartKey::First => self.log.set_top(i64::MIN),
            PartKey::Last | PartKey::Escape => self.log.scroll_to_end(),
            PartKey::SelectAll => self.log.select_all(),
            PartKey::Copy => {
                if let Some(text) = self.log.selected_text() {
                    app::copy(&text);
                }
            }
            _ => return false,
        }
        true
    }
}

/// No borrow is held across calls into FLTK that may call back.
pub(super) fn handle(shared: &Rc<RefCell<Shared>>, widget: &mut Widget, event: Event) -> bool {
    let (x, y) = app::event_coords();
    let area = Rect::of(widget);
    match event {
        Event::Push => {
            widget.take_focus().ok();
            if app::event_button() == 3 {
                open_menu(shared, area, (x, y));
                return true;
            }
            if app::event_button() != 1 {
                return false;
            }
            shared.borrow_mut().press(area, x, y);
        }
        Event::Drag => {
            shared.borrow_mut().drag_to(area, x, y);
            scroll_while_dragged(shared, widget);
        }
        Event::Released => shared.borrow_mut().release(area, x, y),
        Event::Enter | Event::Move => return hover(shared, widget, Some((x, y))),
        Event::Leave => return hover(shared, widget, None),
        Event::MouseWheel => {
            let distance = match app::event_dy() {
                MouseWheel::Up => -NOTCH,
                MouseWheel::Down => NOTCH,
                _ => return false,
            };
            shared.borrow_mut().log.scroll_by(distance);
            hover(shared, widget, Some((x, y)));
        }
        Event::KeyDown => {
            let Some(key) = keymap::part_key(&[keymap::MOVES, keymap::TIMELINE], event) else { return false };
            if key == PartKey::Menu {
                open_menu(shared, area, (area.x + 40, area.y + 40));
                return true;
            }
            if !shared.borrow_mut().press_key(key, area) {
                return false;
            }
        }
        Event::Focus => shared.borrow_mut().has_ring = app::event_key() == Key::Tab,
        Event::Unfocus => {}
        _ => return false,
    }
    after_change(shared, widget);
    true
}

/// What opens takes the focus, and nothing may be borrowed then.
fn open_menu(shared: &Rc<RefCell<Shared>>, area: Rect, at: (i32, i32)) {
    let (pressed, open) = {
        let shared = shared.borrow();
        (shared.pressed(area, at), shared.on_menu.clone())
    };
    if let Some(open) = open {
        open(pressed);
    }
}

fn hover(shared: &Rc<RefCell<Shared>>, widget: &mut Widget, at: Option<(i32, i32)>) -> bool {
    let area = Rect::of(widget);
    let (pointer, cursor) = match at {
        Some((x, y)) => shared.borrow_mut().point(area, x, y),
        None => (Pointer::default(), Cursor::Default),
    };
    let has_changed = std::mem::replace(&mut shared.borrow_mut().pointer, pointer) != pointer;
    fltk::draw::set_cursor(cursor);
    if has_changed {
        widget.redraw();
    }
    true
}

/// While the pointer is held above or below the edge, text goes on scrolling without it moving.
fn scroll_while_dragged(shared: &Rc<RefCell<Shared>>, widget: &Widget) {
    if overshoot(Rect::of(widget)) != 0 {
        shared.borrow().drag_timer.start(DRAG_INTERVAL);
    }
}

/// The action of the drag timer: scrolls a step, and starts the timer again while the drag goes on beyond the edge.
pub(super) fn go_on_dragging(shared: &Rc<RefCell<Shared>>, widget: &mut Widget) {
    let area = Rect::of(widget);
    let distance = overshoot(area);
    let mut borrowed = shared.borrow_mut();
    if distance == 0 || !matches!(borrowed.drag, Drag::Text(_)) {
        return;
    }
    borrowed.log.scroll_by(distance);
    borrowed.drag_to(area, app::event_x(), app::event_y());
    borrowed.drag_timer.start(DRAG_INTERVAL);
    drop(borrowed);
    after_change(shared, widget);
}

/// How far the pointer is above (negative) or below the widget, a step at most.
fn overshoot(area: Rect) -> i32 {
    let y = app::event_y();
    let beyond = if y < area.y { y - area.y } else { (y - area.bottom() + 1).max(0) };
    beyond.clamp(-ARROW, ARROW)
}
