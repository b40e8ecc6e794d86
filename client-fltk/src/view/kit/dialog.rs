//! A dialog inside its window: a title, a text, maybe a field, one or two buttons. It takes the window's keys and
//! clicks; everything else in the window goes on.

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::app;
use fltk::enums::{Event, Key};
use fltk::prelude::*;

use crate::accessibility::tree::{Tree, child_id, named, part_id, spoken};
use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::window as strings;
use crate::text::line_breaks::wrap;
use crate::view::kit::accessible::{Accessible, placed, tell_all};
use crate::view::kit::button::{Button, Kind};
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, HEADING, NAME};
use crate::view::kit::field::{self, Field};
use crate::view::kit::overlay::Overlay;
use crate::view::kit::panel::place;
use crate::view::kit::rect::Rect;
use crate::view::kit::shadow;
use crate::view::kit::theme::palette;

const WIDTH: i32 = 480;
const MARGIN: i32 = 20;
const HEAD: i32 = 52;
const LINE: i32 = 22;
const FIELD: i32 = 36;
const BUTTON: i32 = 36;

/// The content of a dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// Its title.
    pub(crate) title: String,
    /// Its text.
    pub(crate) text: String,
    /// The text in the field; `None` if there is no field.
    pub(crate) field: Option<String>,
    /// Whether the text in the field is wrong.
    pub(crate) is_wrong: bool,
    /// The button that Enter presses: [`Message::DialogAccepted`].
    pub(crate) accept: &'static str,
    /// The other button: [`Message::DialogCancelled`], as Esc.
    pub(crate) cancel: Option<&'static str>,
}

/// The dialog. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Dialog {
    pub(crate) overlay: Overlay,
    id: NodeId,
    field: Field,
    accept: Button,
    cancel: Button,
    content: Rc<RefCell<Content>>,
}

impl Dialog {
    /// Builds it, closed; the last children of its window.
    pub(crate) fn new(dispatch: &Dispatch) -> Dialog {
        let mut overlay = Overlay::new();
        let content = Rc::<RefCell<Content>>::default();
        overlay.widget.draw({
            let content = Rc::clone(&content);
            move |widget| Frame::of(&content.borrow(), widget.w(), widget.h()).paint(&content.borrow())
        });
        let field = Field::new(field::Kind::Plain, strings::FILE, "");
        let accept = Button::new(Kind::Primary, None, "", |colours| colours.ground);
        let cancel = Button::new(Kind::Quiet, None, "", |colours| colours.ground);
        let parts = [field.input.as_base_widget(), accept.widget.as_base_widget(), cancel.widget.as_base_widget()];
        overlay.set_parts(parts.to_vec());
        let mut dialog = Dialog { overlay, id: part_id(), field, accept, cancel, content };
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
        self.field.on_event(move |event| event == Event::KeyDown && dialog.press_key(&keys, true));
        for button in [&mut self.accept, &mut self.cancel] {
            let (overlay, keys) = (self.overlay.clone(), dispatch.clone());
            button.on_key(move || {
                press_key(&overlay, &keys, false);
                // Arrows would lead out of the dialog.
                true
            });
        }
        let (dialog, keys) = (self.clone(), dispatch.clone());
        self.overlay.widget.handle(move |_, event| {
            if event == Event::KeyDown {
                dialog.press_key(&keys, false);
            }
            true
        });
    }

    fn press_key(&self, dispatch: &Dispatch, is_in_field: bool) -> bool {
        press_key(&self.overlay, dispatch, is_in_field)
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
            self.accept.set_text(content.accept);
            self.cancel.set_text(content.cancel.unwrap_or_default());
            self.field.set_kind(if content.is_wrong { field::Kind::Wrong } else { field::Kind::Plain });
            self.content.replace(content);
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
        let frame = Frame::of(&self.content.borrow(), self.overlay.widget.w(), self.overlay.widget.h());
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
        let content = self.content.borrow();
        let frame = Frame::of(&content, self.overlay.widget.w(), self.overlay.widget.h());
        let mut dialog = placed(named(Role::AlertDialog, &content.title), frame.rect);
        dialog.set_modal();
        tree.add_with(self.id, dialog, |tree| {
            tree.add(child_id(self.id, "text"), spoken(Role::Paragraph, &content.text, Live::Assertive));
            tell_all(&[&self.field, &self.accept, &self.cancel], tree);
        });
    }
}

/// Handles a key of the dialog; true if it is done with. In the field all other keys edit.
fn press_key(overlay: &Overlay, dispatch: &Dispatch, is_in_field: bool) -> bool {
    match app::event_key() {
        Key::Enter | Key::KPEnter => dispatch.send(Message::DialogAccepted),
        Key::Escape => dispatch.send(Message::DialogCancelled),
        Key::Tab => overlay.focus_next(!app::is_event_shift()),
        Key::Right if !is_in_field => overlay.focus_next(true),
        Key::Left if !is_in_field => overlay.focus_next(false),
        _ => return false,
    }
    true
}

/// Layout of the dialog: its place in the window, and its text in lines.
struct Frame {
    rect: Rect,
    lines: Vec<String>,
}

impl Frame {
    fn of(content: &Content, w: i32, h: i32) -> Frame {
        let width = WIDTH.min(w - 32);
        let mut lines = broken(&content.text, width - 2 * MARGIN);
        let field = if content.field.is_some() { FIELD + 12 } else { 0 };
        let height = |lines: usize| HEAD + LINE * lines as i32 + field + 16 + BUTTON + MARGIN;
        // Text for which the window has no room is cut off.
        let room = (h - 16 - height(0)).max(LINE) / LINE;
        if lines.len() > room as usize {
            lines.truncate((room as usize).max(1));
            if let Some(last) = lines.last_mut() {
                last.push('…');
            }
        }
        let height = height(lines.len());
        Frame { rect: Rect::new((w - width) / 2, ((h - height) / 2).max(0), width, height), lines }
    }

    /// The places of the field, of the accept button and of the cancel button.
    fn parts(&self, content: &Content) -> (Rect, Rect, Rect) {
        let Rect { x, w, .. } = self.rect;
        let bottom = self.rect.bottom() - MARGIN;
        let width = |text: &str| (NAME.width(text) + 32).max(96);
        let accept = width(content.accept);
        let accept = Rect::new(self.rect.right() - MARGIN - accept, bottom - BUTTON, accept, BUTTON);
        let cancel = content.cancel.map_or_else(Rect::default, |text| {
            let width = width(text);
            Rect::new(accept.x - 8 - width, accept.y, width, BUTTON)
        });
        let field = Rect::new(x + MARGIN, accept.y - 16 - FIELD, w - 2 * MARGIN, FIELD);
        (if content.field.is_some() { field } else { Rect::default() }, accept, cancel)
    }

    fn paint(&self, content: &Content) {
        let colours = palette();
        let rect = self.rect;
        shadow::draw(rect, draw::RADIUS);
        draw::edged(rect, draw::RADIUS, colours.line, 1, colours.ground);
        let (x, width) = (rect.x + MARGIN, rect.w - 2 * MARGIN);
        draw::fitted(&content.title, HEADING, colours.text, x, HEADING.baseline(rect.y, HEAD), width);
        for (nth, line) in self.lines.iter().enumerate() {
            let baseline = BODY.baseline(rect.y + HEAD + LINE * nth as i32, LINE);
            draw::fitted(line, BODY, colours.text, x, baseline, width);
        }
    }
}

fn broken(text: &str, width: i32) -> Vec<String> {
    BODY.select();
    let lines = wrap(text, width as f32, |part| fltk::draw::width(part) as f32);
    lines.into_iter().filter_map(|line| text.get(line)).map(str::to_owned).collect()
}
