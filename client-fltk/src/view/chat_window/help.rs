//! The list of keys and commands, over the chat window.

use std::cell::Cell;
use std::rc::Rc;

use accesskit::{NodeId, Role};
use fltk::app::{self, MouseWheel};
use fltk::draw as canvas;
use fltk::enums::{Event, Key};
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::{Tree, child_id, named, part_id};
use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::help::{CLOSE_HINT, SECTIONS, Section, TITLE};
use crate::view::kit::accessible::{Accessible, placed};
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, CHIP, HEADING, SMALL};
use crate::view::kit::overlay::Overlay;
use crate::view::kit::rect::Rect;
use crate::view::kit::scroll_bar::ScrollBar;
use crate::view::kit::shadow;
use crate::view::kit::theme::palette;

/// Heights of a line, of a section's heading with the room above it, and of the panel's head.
const LINE: i32 = 26;
const HEADING_HEIGHT: i32 = 36;
const HEAD: i32 = 52;
const MARGIN: i32 = 20;
/// Widths of a column, and of the part of it that the keys take.
const COLUMN: i32 = 400;
const KEYS: i32 = 148;
/// The distance that a key or a notch of the wheel scrolls, in pixels.
const STEP: i32 = 60;

/// The panel. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Help {
    pub(crate) overlay: Overlay,
    id: NodeId,
    scrolled: Rc<Cell<i32>>,
    /// The distance from the top of the scroll bar's thumb to the point where the pointer holds it; `None` if it is not
    /// held.
    grip: Rc<Cell<Option<i32>>>,
}

impl Help {
    /// Builds it, closed; one of the last children of its window.
    pub(crate) fn new(dispatch: Dispatch) -> Help {
        let overlay = Overlay::new();
        let mut widget = overlay.widget.clone();
        let scrolled = Rc::new(Cell::new(0));
        widget.draw({
            let scrolled = Rc::clone(&scrolled);
            move |widget| paint(&Frame::within(widget), scrolled.get())
        });
        let help = Help { overlay, id: part_id(), scrolled, grip: Rc::default() };
        widget.handle({
            let help = help.clone();
            move |_, event| help.clone().handle(event, &dispatch)
        });
        help
    }

    /// Follows the state.
    pub(crate) fn show(&mut self, is_open: bool) {
        if is_open == self.overlay.is_open() {
            return;
        }
        if is_open {
            self.scrolled.set(0);
            self.overlay.open();
        } else {
            self.overlay.close();
        }
    }

    /// Adapts to a new size of the window.
    pub(crate) fn relayout(&mut self) {
        if self.overlay.is_open() {
            self.overlay.cover();
            self.scroll(0);
        }
    }

    fn handle(&mut self, event: Event, dispatch: &Dispatch) -> bool {
        let (x, y) = app::event_coords();
        let frame = self.frame();
        match event {
            Event::Push if !frame.rect.contains(x, y) => dispatch.send(Message::Help(false)),
            Event::Push => {
                let bar = frame.bar(self.scrolled.get()).filter(|bar| bar.is_at(x));
                self.grip.set(bar.map(|bar| bar.grip(y)));
                self.drag_bar(&frame, y);
            }
            Event::Drag => self.drag_bar(&frame, y),
            Event::Released => self.grip.set(None),
            Event::KeyDown => match app::event_key() {
                Key::Down => self.scroll(STEP),
                Key::Up => self.scroll(-STEP),
                Key::PageDown => self.scroll(frame.page()),
                Key::PageUp => self.scroll(-frame.page()),
                Key::Home => self.scroll_to(0),
                Key::End => self.scroll_to(frame.furthest()),
                Key::Escape | Key::F1 | Key::Enter | Key::KPEnter => dispatch.send(Message::Help(false)),
                _ => {}
            },
            Event::MouseWheel => match app::event_dy() {
                MouseWheel::Up => self.scroll(-STEP),
                MouseWheel::Down => self.scroll(STEP),
                _ => {}
            },
            Event::Enter | Event::Leave | Event::Move | Event::Focus | Event::Unfocus => {}
            _ => return false,
        }
        true
    }

    fn drag_bar(&mut self, frame: &Frame, y: i32) {
        if let (Some(bar), Some(grip)) = (frame.bar(self.scrolled.get()), self.grip.get()) {
            self.scroll_to(i32::try_from(bar.above_at(y - grip)).unwrap_or(i32::MAX));
        }
    }

    fn frame(&self) -> Frame {
        Frame::within(&self.overlay.widget)
    }

    fn scroll(&mut self, by: i32) {
        self.scroll_to(self.scrolled.get() + by);
    }

    fn scroll_to(&mut self, scrolled: i32) {
        self.scrolled.set(scrolled.clamp(0, self.frame().furthest()));
        self.overlay.redraw();
    }
}

impl Accessible for Help {
    fn tell(&self, tree: &mut Tree) {
        if !self.overlay.is_open() {
            return;
        }
        let mut dialog = placed(named(Role::Dialog, TITLE), self.frame().rect);
        dialog.set_modal();
        tree.add_with(self.id, dialog, |tree| {
            for (heading, lines) in SECTIONS {
                let lines: &[_] = lines;
                tree.add(child_id(self.id, heading), named(Role::Heading, heading));
                for line @ (keys, meaning) in lines {
                    tree.add(child_id(self.id, line), named(Role::Paragraph, &format!("{keys}: {meaning}")));
                }
            }
        });
        if self.overlay.widget.has_focus() {
            tree.set_focus(self.id);
        }
    }
}

/// Layout of the panel: its place in the window, and its number of columns.
#[derive(Debug)]
struct Frame {
    rect: Rect,
    columns: i32,
}

impl Frame {
    fn within(widget: &Widget) -> Frame {
        Frame::of(widget.w(), widget.h())
    }

    fn of(w: i32, h: i32) -> Frame {
        let columns = if w >= 2 * COLUMN + 3 * MARGIN { 2 } else { 1 };
        let width = (columns * COLUMN + (columns + 1) * MARGIN).min(w - 16);
        let height = (HEAD + height(columns) + MARGIN).min(h - 16);
        Frame { rect: Rect::new((w - width) / 2, (h - height) / 2, width, height), columns }
    }

    /// The area in which the sections are seen.
    fn body(&self) -> Rect {
        let Rect { x, y, w, h } = self.rect;
        Rect::new(x + 1, y + HEAD, w - 2, h - HEAD - draw::RADIUS / 2)
    }

    fn furthest(&self) -> i32 {
        (HEAD + height(self.columns) + MARGIN - self.rect.h).max(0)
    }

    /// The distance that a page scrolls, in pixels: the last line in sight becomes the first.
    fn page(&self) -> i32 {
        (self.body().h - LINE).max(LINE)
    }

    /// The scroll bar; `None` while everything is in sight.
    fn bar(&self, scrolled: i32) -> Option<ScrollBar> {
        let body = self.body();
        ScrollBar::new(body, i64::from(body.h + self.furthest()), scrolled.into())
    }
}

/// The sections of column `nth`: two columns share them.
fn column(nth: i32, columns: i32) -> &'static [Section] {
    let half = SECTIONS.len().div_ceil(columns as usize);
    let start = half * nth as usize;
    SECTIONS.get(start..(start + half).min(SECTIONS.len())).unwrap_or_default()
}

fn height(columns: i32) -> i32 {
    let height = |(_, lines): &Section| HEADING_HEIGHT + LINE * lines.len() as i32;
    (0..columns).map(|nth| column(nth, columns).iter().map(height).sum()).max().unwrap_or(0)
}

fn paint(frame: &Frame, scrolled: i32) {
    let colours = palette();
    let &Frame { rect, columns } = frame;
    shadow::draw(rect, draw::RADIUS);
    draw::edged(rect, draw::RADIUS, colours.line, 1, colours.ground);
    draw::text(TITLE, HEADING, colours.text, rect.x + MARGIN, HEADING.baseline(rect.y, HEAD));
    let hint = rect.right() - MARGIN - SMALL.width(CLOSE_HINT);
    draw::text(CLOSE_HINT, SMALL, colours.soft, hint, HEADING.baseline(rect.y, HEAD));
    let body = frame.body();
    canvas::push_clip(body.x, body.y, body.w, body.h);
    let width = (rect.w - (columns + 1) * MARGIN) / columns;
    for nth in 0..columns {
        let mut y = rect.y + HEAD - scrolled;
        for section in column(nth, columns) {
            y = paint_section(section, Rect::new(rect.x + MARGIN + nth * (width + MARGIN), y, width, 0));
        }
    }
    if let Some(bar) = frame.bar(scrolled) {
        bar.paint(false);
    }
    canvas::pop_clip();
}

/// Draws a section and returns where the next one begins.
fn paint_section((heading, lines): &Section, at: Rect) -> i32 {
    let colours = palette();
    draw::text(heading, CHIP, colours.accent, at.x, CHIP.baseline(at.y + 8, HEADING_HEIGHT - 10));
    let mut y = at.y + HEADING_HEIGHT;
    for (keys, meaning) in *lines {
        let baseline = BODY.baseline(y, LINE);
        let chip = Rect::new(at.x, y + 2, (CHIP.width(keys) + 16).min(KEYS - 8), LINE - 4);
        draw::rounded(chip, 6, colours.raised);
        draw::centred(keys, CHIP, colours.text, chip);
        draw::fitted(meaning, BODY, colours.text, at.x + KEYS, baseline, at.w - KEYS);
        y += LINE;
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_can_be_scrolled_to_by_pages() {
        for (w, h) in [(480, 320), (640, 480), (900, 400)] {
            let frame = Frame::of(w, h);
            let (body, furthest) = (frame.body(), frame.furthest());
            let bar = frame.bar(0).unwrap();
            assert_eq!((bar.above_at(0), bar.above_at(h)), (0, furthest.into()), "{frame:?}");
            assert!(frame.page() > body.h / 2 && frame.page() < body.h, "{frame:?}");
        }
    }

    #[test]
    fn what_fits_has_no_scroll_bar() {
        let frame = Frame::of(1100, 720);
        assert_eq!((frame.furthest(), frame.bar(0)), (0, None));
    }
}
