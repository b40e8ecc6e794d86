//! A dialog inside its window: a title, a text or a list of keys, maybe a field, one or two buttons. It takes the window's keys and
//! clicks; everything else in the window goes on.

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::app;
use fltk::draw as canvas;
use fltk::enums::Event;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::{Tree, child_id, named, part_id, spoken};
use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::window as strings;
use crate::text::line_breaks::wrap;
use crate::view::keymap::{self, PartKey};
use crate::view::kit::accessible::{Accessible, placed, tell_all};
use crate::view::kit::button::{Button, Kind};
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, CHIP, HEADING, NAME};
use crate::view::kit::field::{self, Field};
use crate::view::kit::overlay::Overlay;
use crate::view::kit::panel::place;
use crate::view::kit::rect::Rect;
use crate::view::kit::scroll_bar::Scroll;
use crate::view::kit::shadow;
use crate::view::kit::theme::palette;

const WIDTH: i32 = 480;
const MARGIN: i32 = 20;
const HEAD: i32 = 52;
const FIELD: i32 = 36;
const BUTTON: i32 = 36;
/// Widths of a column of sections, and of the part of it that the keys take.
const COLUMN: i32 = 400;
const KEYS: i32 = 148;
/// The height of a line of a section, and the distance that an arrow key scrolls.
const LINE: i32 = 26;

/// The content of a dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// Its title.
    pub(crate) title: String,
    /// Its text.
    pub(crate) text: String,
    /// Its sections, in place of a text.
    pub(crate) sections: Vec<Section>,
    /// The text in the field; `None` if there is no field.
    pub(crate) field: Option<String>,
    /// Whether the text in the field is wrong.
    pub(crate) is_wrong: bool,
    /// The button that Enter presses: [`Message::DialogAccepted`].
    pub(crate) accept: Option<&'static str>,
    /// The other button: [`Message::DialogCancelled`], as Esc.
    pub(crate) cancel: Option<&'static str>,
}

/// A heading with its lines: keys, and what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) heading: &'static str,
    pub(crate) lines: Vec<(String, &'static str)>,
}

/// Keys of a dialog where the focus is not in the field.
const BODY_KEYS: &[keymap::Table<PartKey>] = &[keymap::DIALOG, keymap::DIALOG_BODY];

/// The dialog. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Dialog {
    pub(crate) overlay: Overlay,
    id: NodeId,
    field: Field,
    accept: Button,
    cancel: Button,
    content: Rc<RefCell<Content>>,
    scroll: Rc<RefCell<Scroll>>,
}

impl Dialog {
    /// Builds it, closed; the last children of its window.
    pub(crate) fn new(dispatch: &Dispatch) -> Dialog {
        let mut overlay = Overlay::new();
        let (content, scroll) = (Rc::<RefCell<Content>>::default(), Rc::<RefCell<Scroll>>::default());
        overlay.widget.draw({
            let (content, scroll) = (Rc::clone(&content), Rc::clone(&scroll));
            move |widget| Frame::of(&content.borrow(), widget).paint(&content.borrow().title, &scroll.borrow())
        });
        let field = Field::new(field::Kind::Plain, strings::FILE, "");
        let accept = Button::new(Kind::Primary, None, "", |colours| colours.ground);
        let cancel = Button::new(Kind::Quiet, None, "", |colours| colours.ground);
        let parts = [field.input.as_base_widget(), accept.widget.as_base_widget(), cancel.widget.as_base_widget()];
        overlay.set_parts(parts.to_vec());
        let mut dialog = Dialog { overlay, id: part_id(), field, accept, cancel, content, scroll };
        dialog.place(None);
        dialog.wire(dispatch);
        dialog
    }

    fn wire(&mut self, dispatch: &Dispatch) {
        for (button, message) in
            [(&mut self.accept, Message::DialogAccepted), (&mut self.cancel, Message::DialogCancelled)]
        {
            let clicks = dispatch.clone();
            button.on_click(move || clicks.send(message.clone()));
        }
        let edits = dispatch.clone();
        self.field.on_edit(move |text| edits.send(Message::DialogEdited(text)));
        let (dialog, keys) = (self.clone(), dispatch.clone());
        self.field.on_event(move |event| dialog.press_key(event, &[keymap::DIALOG], &keys));
        let dialog = self.clone();
        for button in [&mut self.accept, &mut self.cancel] {
            let (dialog, keys) = (dialog.clone(), dispatch.clone());
            button.on_key(move || {
                dialog.press_key(Event::KeyDown, BODY_KEYS, &keys);
                // Arrows would lead out of the dialog.
                true
            });
        }
        let (dialog, dispatch) = (self.clone(), dispatch.clone());
        self.overlay.widget.handle(move |_, event| {
            dialog.handle(event, &dispatch);
            true
        });
    }

    fn handle(&self, event: Event, dispatch: &Dispatch) {
        let (frame, is_list) = (self.frame(), !self.content.borrow().sections.is_empty());
        let (x, y) = app::event_coords();
        if event == Event::Push && is_list && !frame.rect.contains(x, y) {
            dispatch.send(Message::DialogCancelled);
        } else if self.scroll.borrow_mut().handle(event, frame.body, frame.whole) {
            self.overlay.redraw();
        } else {
            self.press_key(event, BODY_KEYS, dispatch);
        }
    }

    /// Does what a key means by these tables; false if it means nothing there.
    fn press_key(&self, event: Event, tables: &[keymap::Table<PartKey>], dispatch: &Dispatch) -> bool {
        let Some(key) = tables.iter().find_map(|table| keymap::part_key(table, event)) else { return false };
        match key {
            PartKey::Enter => dispatch.send(Message::DialogAccepted),
            PartKey::Escape => dispatch.send(Message::DialogCancelled),
            PartKey::Help => dispatch.send(Message::Help),
            PartKey::Next => self.overlay.focus_next(true),
            PartKey::Previous => self.overlay.focus_next(false),
            _ => self.scroll_by_key(key),
        }
        true
    }

    fn scroll_by_key(&self, key: PartKey) {
        let (frame, mut scroll) = (self.frame(), self.scroll.borrow_mut());
        // The last line in sight becomes the first.
        let page = (frame.body.h - LINE).max(LINE);
        let top = match key {
            PartKey::Up => scroll.top - LINE,
            PartKey::Down => scroll.top + LINE,
            PartKey::PageUp => scroll.top - page,
            PartKey::PageDown => scroll.top + page,
            PartKey::First => 0,
            PartKey::Last => frame.whole,
            _ => return,
        };
        scroll.to(top, frame.body, frame.whole);
        self.overlay.redraw();
    }

    fn frame(&self) -> Frame {
        Frame::of(&self.content.borrow(), &self.overlay.widget)
    }

    /// Shows this, or nothing.
    pub(crate) fn show(&mut self, content: Option<Content>) {
        let Some(content) = content else { return self.close() };
        let is_other = !self.overlay.is_open() || self.content.borrow().title != content.title;
        if is_other || *self.content.borrow() != content {
            let text = content.field.clone().unwrap_or_default();
            if self.field.input.value() != text {
                self.field.input.set_value(&text);
                self.field.input.set_position(text.len() as i32).ok();
            }
            self.accept.set_text(content.accept.unwrap_or_default());
            self.cancel.set_text(content.cancel.unwrap_or_default());
            self.field.set_kind(if content.is_wrong { field::Kind::Wrong } else { field::Kind::Plain });
            // Keys that were meant for something else press no button there.
            self.overlay.keep_keys(content.accept.is_none() || !content.sections.is_empty());
            self.content.replace(content);
            if is_other {
                self.scroll.take();
            }
            self.relayout();
        }
        if !self.overlay.is_open() {
            self.overlay.open();
        } else if is_other || !self.overlay.has_focus() {
            self.overlay.take_focus();
        }
    }

    /// Adapts to a new size of the window.
    pub(crate) fn relayout(&mut self) {
        self.overlay.cover();
        let frame = self.frame();
        let top = self.scroll.borrow().top;
        self.scroll.borrow_mut().to(top, frame.body, frame.whole);
        self.place(Some(&frame));
    }

    /// Takes the colours of the look.
    pub(crate) fn dress(&mut self) {
        self.field.dress();
    }

    fn close(&mut self) {
        if self.overlay.is_open() {
            self.overlay.close();
            self.place(None);
        }
    }

    fn place(&mut self, frame: Option<&Frame>) {
        let (field, accept, cancel) = frame.map_or_else(Default::default, |frame| frame.parts(&self.content.borrow()));
        self.field.resize(field, 10);
        self.accept.resize(accept);
        self.cancel.resize(cancel);
        if frame.is_none() {
            place(&mut self.overlay.widget, Rect::default());
        }
    }
}

impl Accessible for Dialog {
    fn tell(&self, tree: &mut Tree) {
        if !self.overlay.is_open() {
            return;
        }
        let (content, frame) = (self.content.borrow(), self.frame());
        let is_list = !content.sections.is_empty();
        let role = if is_list { Role::Dialog } else { Role::AlertDialog };
        let mut dialog = placed(named(role, &content.title), frame.rect);
        dialog.set_modal();
        tree.add_with(self.id, dialog, |tree| {
            if !is_list {
                tree.add(child_id(self.id, "text"), spoken(Role::Paragraph, &content.text, Live::Assertive));
            }
            for (nth, (row, rect)) in frame.rows.iter().enumerate() {
                let y = rect.y - self.scroll.borrow().top;
                row.tell(child_id(self.id, nth), Rect { y, ..*rect }, tree);
            }
            tell_all(&[&self.field, &self.accept, &self.cancel], tree);
        });
        if self.overlay.widget.has_focus() {
            tree.set_focus(self.id);
        }
    }
}

/// Layout of the dialog: its place in the window, and what stands in its body.
#[derive(Debug)]
struct Frame {
    rect: Rect,
    /// The area in which the rows are seen.
    body: Rect,
    /// The height of all rows.
    whole: i32,
    /// The rows, each where it stands while nothing is scrolled away.
    rows: Vec<(Row, Rect)>,
}

/// A line of the body.
#[derive(Debug)]
enum Row {
    Text(String),
    Heading(&'static str),
    Keys(String, &'static str),
}

impl Frame {
    fn of(content: &Content, window: &Widget) -> Frame {
        Frame::within(content, window.w(), window.h(), broken)
    }

    /// The layout in a window of `w` by `h`, whose text is broken into lines of a width by `broken`.
    fn within(content: &Content, w: i32, h: i32, broken: fn(&str, i32) -> Vec<String>) -> Frame {
        let columns = if w >= 2 * COLUMN + 3 * MARGIN { 2 } else { 1 };
        let wanted = if content.sections.is_empty() { WIDTH } else { columns * COLUMN + (columns + 1) * MARGIN };
        let width = wanted.min(w - 16);
        let mut rows = Vec::new();
        let mut stack = |row: Row, at: &mut Rect| {
            at.h = row.height();
            rows.push((row, *at));
            at.y = at.bottom();
        };
        let mut at = Rect::new(MARGIN, 0, width - 2 * MARGIN, 0);
        for line in broken(&content.text, at.w) {
            stack(Row::Text(line), &mut at);
        }
        at.w = (width - (columns + 1) * MARGIN) / columns;
        for column in content.sections.chunks(content.sections.len().div_ceil(columns as usize).max(1)) {
            at.y = 0;
            for section in column {
                stack(Row::Heading(section.heading), &mut at);
                for (keys, does) in &section.lines {
                    stack(Row::Keys(keys.clone(), does), &mut at);
                }
            }
            at.x += at.w + MARGIN;
        }
        let whole = rows.iter().map(|(_, rect)| rect.bottom()).max().unwrap_or(0);
        let field = if content.field.is_some() { FIELD + 12 } else { 0 };
        let foot = field + 16 + BUTTON + MARGIN;
        let height = (HEAD + whole + foot).min(h - 16);
        let rect = Rect::new((w - width) / 2, (h - height) / 2, width, height);
        let body = Rect::new(rect.x + 1, rect.y + HEAD, rect.w - 2, height - HEAD - foot);
        for (_, row) in &mut rows {
            (row.x, row.y) = (row.x + rect.x, row.y + body.y);
        }
        Frame { rect, body, whole, rows }
    }

    /// The places of the field, of the accept button and of the cancel button.
    fn parts(&self, content: &Content) -> (Rect, Rect, Rect) {
        let Rect { x, w, .. } = self.rect;
        let (mut right, y) = (self.rect.right() - MARGIN, self.rect.bottom() - MARGIN - BUTTON);
        let mut button = |text: Option<&str>| {
            text.map_or_else(Rect::default, |text| {
                let width = (NAME.width(text) + 32).max(96);
                right -= width + 8;
                Rect::new(right + 8, y, width, BUTTON)
            })
        };
        let (accept, cancel) = (button(content.accept), button(content.cancel));
        let field = Rect::new(x + MARGIN, y - 16 - FIELD, w - 2 * MARGIN, FIELD);
        (if content.field.is_some() { field } else { Rect::default() }, accept, cancel)
    }

    fn paint(&self, title: &str, scroll: &Scroll) {
        let colours = palette();
        let &Frame { rect, body, .. } = self;
        shadow::draw(rect, draw::RADIUS);
        draw::edged(rect, draw::RADIUS, colours.line, 1, colours.ground);
        let baseline = HEADING.baseline(rect.y, HEAD);
        draw::fitted(title, HEADING, colours.text, rect.x + MARGIN, baseline, rect.w - 2 * MARGIN);
        canvas::push_clip(body.x, body.y, body.w, body.h);
        for (row, rect) in &self.rows {
            row.paint(Rect { y: rect.y - scroll.top, ..*rect });
        }
        scroll.paint(body, self.whole);
        canvas::pop_clip();
    }
}

impl Row {
    fn height(&self) -> i32 {
        match self {
            Row::Text(_) => 22,
            // With the room above it.
            Row::Heading(_) => 36,
            Row::Keys(..) => LINE,
        }
    }

    fn paint(&self, Rect { x, y, w, h }: Rect) {
        let colours = palette();
        match self {
            Row::Text(text) => drop(draw::fitted(text, BODY, colours.text, x, BODY.baseline(y, h), w)),
            Row::Heading(text) => drop(draw::text(text, CHIP, colours.accent, x, CHIP.baseline(y + 8, h - 10))),
            Row::Keys(keys, does) => {
                let chip = Rect::new(x, y + 2, (CHIP.width(keys) + 16).min(KEYS - 8), h - 4);
                draw::rounded(chip, 6, colours.raised);
                draw::centred(keys, CHIP, colours.text, chip);
                draw::fitted(does, BODY, colours.text, x + KEYS, BODY.baseline(y, h), w - KEYS);
            }
        }
    }

    /// Adds its node, unless it is of the text, which is told as a whole.
    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        let node = match self {
            Row::Text(_) => return,
            Row::Heading(text) => named(Role::Heading, text),
            Row::Keys(keys, does) => named(Role::Paragraph, &format!("{keys}: {does}")),
        };
        tree.add(id, placed(node, rect));
    }
}

fn broken(text: &str, width: i32) -> Vec<String> {
    BODY.select();
    let lines = wrap(text, width as f32, |part| fltk::draw::width(part) as f32);
    lines.into_iter().filter_map(|line| text.get(line)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(lines: usize) -> Content {
        let section = Section { heading: "Teclas", lines: vec![("F1".to_owned(), "ajuda"); lines] };
        Content { sections: vec![section.clone(), section], ..Content::default() }
    }

    #[test]
    fn what_does_not_fit_can_be_scrolled_to() {
        for (w, h) in [(480, 320), (640, 480), (900, 400)] {
            let frame = Frame::within(&help(14), w, h, |_, _| Vec::new());
            let mut scroll = Scroll::default();
            scroll.to(i32::MAX, frame.body, frame.whole);
            let end = frame.rows.iter().map(|(_, rect)| rect.bottom()).max().unwrap();
            assert!(scroll.top > 0, "{frame:?}");
            assert_eq!(end - scroll.top, frame.body.bottom(), "{frame:?}");
            assert!(frame.rect.y >= 0 && frame.rect.bottom() <= h, "{frame:?}");
        }
    }

    #[test]
    fn sections_stand_in_columns_where_there_is_room() {
        let frame = Frame::within(&help(9), 1_100, 720, |_, _| Vec::new());
        assert_eq!(frame.body.h, frame.whole);
        let tops = frame.rows.iter().filter(|(row, _)| matches!(row, Row::Heading(_))).map(|(_, rect)| rect.y);
        assert_eq!(tops.collect::<Vec<_>>(), [frame.body.y, frame.body.y]);
    }
}
