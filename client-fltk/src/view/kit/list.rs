//! Lists of rows of one height, of which only those in sight are drawn.

mod accessible;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use accesskit::NodeId;
use fltk::app;
use fltk::draw as canvas;
use fltk::enums::{Color, Event};
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::view::keymap::{self, PartKey};
use crate::view::kit::{Rect, SMALL, Scroll, draw, palette, part_id, place};

/// The rows of a list.
pub(crate) trait Rows {
    /// The number of rows.
    fn len(&self) -> usize;
    /// The height of each row, in pixels.
    fn row_height(&self) -> i32;
    /// The row that is chosen.
    fn chosen(&self) -> Option<usize>;
    /// Chooses a row, where that is for the list to decide.
    fn choose(&mut self, _index: usize) {}
    /// The name of the list for screen readers.
    fn name(&self) -> String;
    /// The text of a row for screen readers.
    fn label(&self, index: usize) -> String;
    /// The identity of a row: differs from that of all others, and stays the same when the row moves.
    fn key(&self, index: usize) -> u64;
    /// Draws a row.
    fn paint(&self, index: usize, rect: Rect, look: RowLook);
    /// Draws the line between the list and its neighbour.
    fn paint_edge(&self, area: Rect);
    /// The words shown while there are no rows.
    fn when_empty(&self) -> &'static str {
        ""
    }
}

/// State of a row that shows besides its content.
#[derive(Clone, Copy)]
pub(crate) struct RowLook {
    pub(crate) is_chosen: bool,
    pub(crate) is_hovered: bool,
    pub(crate) has_focus: bool,
}

impl RowLook {
    /// Draws the card under a row, in `chosen` if the row is chosen. Returns the colour of the card.
    pub(crate) fn paint_card(self, card: Rect, chosen: Color) -> Color {
        let colours = palette();
        let ground = match self {
            RowLook { is_chosen: true, .. } => chosen,
            RowLook { is_hovered: true, .. } => colours.raised,
            RowLook { .. } => colours.side,
        };
        if self.has_focus {
            draw::edged(card, draw::RADIUS, colours.accent, 2, ground);
        } else if ground != colours.side {
            draw::rounded(card, draw::RADIUS, ground);
        }
        ground
    }
}

/// An action of a person on a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A click, or an arrow key.
    Choose(usize),
    /// A double click, or Enter.
    Open(usize),
    /// A click of the right button at that place, or the menu key.
    Menu(usize, (i32, i32)),
    /// The pointer came to the row in that place, or left all rows.
    Hover(Option<(usize, Rect)>),
}

/// A list. A clone is another handle of the same one.
pub(crate) struct List<R> {
    pub(crate) widget: Widget,
    id: NodeId,
    inner: Rc<RefCell<Inner<R>>>,
    act: Rc<OnceCell<Box<Act>>>,
}

type Act = dyn Fn(Action);

impl<R> Clone for List<R> {
    fn clone(&self) -> List<R> {
        List { widget: self.widget.clone(), id: self.id, inner: Rc::clone(&self.inner), act: Rc::clone(&self.act) }
    }
}

struct Inner<R> {
    rows: R,
    scroll: Scroll,
    hovered: Option<usize>,
}

impl<R: Rows + 'static> List<R> {
    /// Shows `rows`.
    pub(crate) fn new(rows: R) -> List<R> {
        let mut widget = Widget::default();
        let inner = Rc::new(RefCell::new(Inner { rows, scroll: Scroll::default(), hovered: None }));
        widget.draw({
            let inner = Rc::clone(&inner);
            move |widget| inner.borrow().paint(Rect::of(widget), widget.has_focus())
        });
        List { widget, id: part_id(), inner, act: Rc::default() }
    }

    /// Sets the handler of actions on rows. The rows are not borrowed then: `act` may open something that takes the
    /// focus.
    pub(crate) fn on_action(&mut self, act: impl Fn(Action) + 'static) {
        self.act.set(Box::new(act)).ok();
        let list = self.clone();
        self.widget.handle(move |widget, event| {
            if event == Event::Push {
                widget.take_focus().ok();
            }
            let (is_taken, action) = list.inner.borrow_mut().handle(Rect::of(widget), event);
            if is_taken {
                widget.redraw();
            }
            list.act(action);
            is_taken
        });
    }

    fn act(&self, action: Option<Action>) {
        if let (Some(act), Some(action)) = (self.act.get(), action) {
            act(action);
        }
    }

    /// Changes the rows.
    pub(crate) fn update<T>(&mut self, change: impl FnOnce(&mut R) -> T) -> T {
        let mut inner = self.inner.borrow_mut();
        let result = change(&mut inner.rows);
        inner.keep_within(Rect::of(&self.widget));
        drop(inner);
        self.widget.redraw();
        result
    }

    /// Brings the row that is chosen into sight.
    pub(crate) fn reveal_chosen(&mut self) {
        let mut inner = self.inner.borrow_mut();
        if let Some(index) = inner.rows.chosen() {
            inner.reveal(index, Rect::of(&self.widget));
        }
        drop(inner);
        self.widget.redraw();
    }

    /// Looks at the rows.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&R) -> T) -> T {
        look(&self.inner.borrow().rows)
    }

    /// Gives it its place; without one it is hidden.
    pub(crate) fn resize(&mut self, rect: Rect) {
        place(&mut self.widget, rect);
        self.inner.borrow_mut().keep_within(rect);
    }
}

impl<R: Rows> Inner<R> {
    fn paint(&self, area: Rect, has_focus: bool) {
        canvas::push_clip(area.x, area.y, area.w, area.h);
        draw::fill(area, palette().side);
        self.rows.paint_edge(area);
        let height = self.rows.row_height();
        let (chosen, current) = (self.rows.chosen(), self.current());
        let first = (self.scroll.top / height).max(0) as usize;
        for index in first..self.rows.len() {
            let rect = self.rect_of(area, index);
            if rect.y >= area.bottom() {
                break;
            }
            let look = RowLook {
                is_chosen: chosen == Some(index),
                is_hovered: self.hovered == Some(index),
                has_focus: has_focus && current == Some(index),
            };
            self.rows.paint(index, rect, look);
        }
        if self.rows.len() == 0 {
            let line = Rect::new(area.x + 8, area.y + 16, area.w - 16, 20);
            draw::centred(self.rows.when_empty(), SMALL, palette().soft, line);
        }
        self.scroll.paint(area, self.whole());
        canvas::pop_clip();
    }

    /// The row that keys act upon. It is drawn as focused, so that the focus can always be seen.
    fn current(&self) -> Option<usize> {
        self.rows.chosen().or((self.rows.len() > 0).then_some(0))
    }

    fn whole(&self) -> i32 {
        self.rows.len() as i32 * self.rows.row_height()
    }

    /// Keeps the scroll position within its bounds after the rows or the area changed.
    fn keep_within(&mut self, area: Rect) {
        self.scroll.to(self.scroll.top, area, self.whole());
    }

    fn rect_of(&self, area: Rect, index: usize) -> Rect {
        let height = self.rows.row_height();
        Rect::new(area.x, area.y + index as i32 * height - self.scroll.top, area.w, height)
    }

    fn index_at(&self, area: Rect, y: i32) -> Option<usize> {
        let index = (y - area.y + self.scroll.top) / self.rows.row_height();
        usize::try_from(index).ok().filter(|&index| index < self.rows.len())
    }

    /// Handles an event. Returns whether it is taken, and the action that it means.
    fn handle(&mut self, area: Rect, event: Event) -> (bool, Option<Action>) {
        let (x, y) = app::event_coords();
        let is_scrolled = self.scroll.handle(event, area, self.whole());
        match event {
            Event::Push if !is_scrolled => (true, self.press(area, x, y)),
            Event::Enter | Event::Move | Event::MouseWheel => {
                let action = self.hover(area, y);
                (event == Event::Enter || is_scrolled || action.is_some(), action)
            }
            Event::Leave => {
                self.hovered = None;
                (true, Some(Action::Hover(None)))
            }
            Event::Released | Event::Focus | Event::Unfocus => (true, None),
            Event::KeyDown => self.press_key(area, event),
            _ => (is_scrolled, None),
        }
    }

    /// Notes the row under the pointer. Returns an action if that is another row than before, or none.
    fn hover(&mut self, area: Rect, y: i32) -> Option<Action> {
        let hovered = self.index_at(area, y);
        let is_other = std::mem::replace(&mut self.hovered, hovered) != hovered;
        is_other.then(|| Action::Hover(hovered.map(|index| (index, self.rect_of(area, index)))))
    }

    fn press(&mut self, area: Rect, x: i32, y: i32) -> Option<Action> {
        let index = self.index_at(area, y)?;
        // Only a row that the first click chose is opened: another one may have moved there between the clicks.
        let was_chosen = self.rows.chosen() == Some(index);
        self.rows.choose(index);
        match app::event_button() {
            1 if app::event_clicks_num() > 0 && was_chosen => Some(Action::Open(index)),
            1 => Some(Action::Choose(index)),
            3 => Some(Action::Menu(index, (x, y))),
            _ => None,
        }
    }

    fn press_key(&mut self, area: Rect, event: Event) -> (bool, Option<Action>) {
        let Some(last) = self.rows.len().checked_sub(1) else { return (false, None) };
        let page = (area.h / self.rows.row_height()).max(1) as usize;
        let current = self.current().unwrap_or(0);
        let index = match keymap::part_key(&[keymap::MOVES, keymap::LIST], event) {
            Some(PartKey::Up) => current.saturating_sub(1),
            Some(PartKey::Down) => current + 1,
            Some(PartKey::PageUp) => current.saturating_sub(page),
            Some(PartKey::PageDown) => current + page,
            Some(PartKey::First) => 0,
            Some(PartKey::Last) => last,
            Some(PartKey::Enter) => return (true, Some(Action::Open(current))),
            Some(PartKey::Menu) => {
                let below = self.rect_of(area, current).bottom();
                return (true, Some(Action::Menu(current, (area.x + 40, below))));
            }
            _ => return (false, None),
        };
        let index = index.min(last);
        self.rows.choose(index);
        self.reveal(index, area);
        (true, Some(Action::Choose(index)))
    }

    fn reveal(&mut self, index: usize, area: Rect) {
        let top = index as i32 * self.rows.row_height();
        let lowest = top + self.rows.row_height() - area.h;
        self.scroll.to(self.scroll.top.min(top).max(lowest), area, self.whole());
    }
}

#[cfg(test)]
mod tests;
