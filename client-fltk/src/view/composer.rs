//! The text field, what it says about itself, and the button that sends.

pub(crate) mod line_count;
mod look;

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::app;
use fltk::enums::{Event, Key};
use fltk::input::MultilineInput;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::core;
use crate::core::Mode;
use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::accessibility as words;
use crate::strings::window as strings;
use crate::view::composer::look::{CHIP, FIELD, Look, WORD, Word};
use crate::view::keymap::{self, PartKey};
use crate::view::kit::field::{self, line_height};
use crate::view::kit::{
    Accessible, BODY, Button, Face, Icon, Rect, Tree, button, child_id, part_id, place, placed, redraw_window, spoken,
};
use crate::view::timeline::Conversation;

/// The most lines that are in sight at once.
const MOST_LINES: i32 = 6;

/// The lower part of the conversation.
#[derive(Clone)]
pub(super) struct Composer {
    id: NodeId,
    frame: Widget,
    pub(super) input: MultilineInput,
    pub(super) send: Button,
    look: Rc<RefCell<Look>>,
}

impl Composer {
    /// An empty one.
    pub(super) fn new() -> Composer {
        let look = Rc::new(RefCell::new(Look { lines: 1, ..Look::default() }));
        let (painted, empty) = (Rc::clone(&look), Rc::clone(&look));
        let (frame, mut input) = field::framed::<MultilineInput>(
            move |rect, has_focus| painted.borrow().paint(rect, has_focus),
            move || empty.borrow().placeholder(),
        );
        input.set_wrap(true);
        let face = Face { icon: Some(Icon::Send), ..Face::words(button::Kind::Primary, strings::SEND) };
        let mut send = Button::new(face, |colours| colours.ground);
        send.set_focus_after(&input);
        Composer { id: part_id(), frame, input, send, look }
    }

    /// Wires the field; the keys that scroll go to `conversation`.
    pub(super) fn wire(&mut self, dispatch: &Dispatch, conversation: &Conversation) {
        let edits = dispatch.clone();
        field::on_edit(&mut self.input, move |text| edits.send(Message::TextEdited(text)));
        let (clicks, shown) = (dispatch.clone(), conversation.clone());
        self.send.on_click(move || send(&clicks, &shown));
        let (composer, dispatch, conversation) = (self.clone(), dispatch.clone(), conversation.clone());
        field::on_event(&mut self.input, move |event| {
            event == Event::KeyDown && composer.clone().press_key(event, &dispatch, &conversation)
        });
    }

    /// Does what a key means here; false if it means what it does in any field of text.
    fn press_key(&mut self, event: Event, dispatch: &Dispatch, conversation: &Conversation) -> bool {
        if keymap::send(&[keymap::WINDOW, keymap::TEXT_SIZE], event, dispatch) {
            return true;
        }
        if is_text() {
            return false;
        }
        let (caret, length) = (self.input.position(), self.input.value().len() as i32);
        let is_one_line = self.look.borrow().lines == 1;
        match keymap::part_key(&[keymap::COMPOSER], event) {
            Some(PartKey::Enter) => send(dispatch, conversation),
            Some(PartKey::NewLine) => {
                self.input.insert("\n").ok();
                self.input.do_callback();
            }
            Some(PartKey::Next) => dispatch.send(Message::Complete(caret.max(0) as usize)),
            Some(PartKey::Up) if is_one_line || caret == 0 => dispatch.send(Message::Older),
            Some(PartKey::Down) if is_one_line || caret == length => dispatch.send(Message::Newer),
            Some(PartKey::PageUp) => conversation.clone().scroll_pages(-1),
            Some(PartKey::PageDown) => conversation.clone().scroll_pages(1),
            Some(PartKey::Escape) => conversation.clone().scroll_to_end(),
            _ => return false,
        }
        true
    }

    /// Follows the state; true if it needs another height.
    pub(super) fn show(&mut self, state: &core::State) -> bool {
        let composer = &state.chat.composer;
        let mut look = self.look.borrow_mut();
        let is_set = look.version.replace(composer.version) != Some(composer.version);
        let word = Word::of(composer);
        let has_changed = look.mode != composer.mode
            || look.word != word
            || look.place.as_ref() != Some(&state.chat.conversations.place);
        let before = look.height();
        if has_changed {
            look.mode = composer.mode.clone();
            look.word = word;
            look.place = Some(state.chat.conversations.place.clone());
        }
        drop(look);
        if is_set || self.input.value() != composer.text {
            field::put(&mut self.input, &composer.text, composer.caret);
        }
        self.count_lines(&composer.text);
        if has_changed {
            self.dress();
            redraw_window(&self.frame);
        }
        self.send.set_active(state.session.phase == core::Phase::Talking && composer.mode.has_addressee());
        self.look.borrow().height() != before
    }

    /// Takes the colours of the look and of the mode.
    pub(super) fn dress(&mut self) {
        let look = self.look.borrow();
        self.input.set_color(look.ground());
        let is_private = matches!(look.mode, Mode::Private(_));
        drop(look);
        let kind = if is_private { button::Kind::Private } else { button::Kind::Primary };
        self.send.set(Face { kind, ..self.send.face() });
        field::colour(&mut self.input);
    }

    /// Takes what [`brings_text`].
    pub(super) fn take_key(&mut self) {
        self.input.take_focus().ok();
        if pastes() {
            app::paste_text(&self.input);
        } else {
            self.input.insert(&app::event_text()).ok();
            self.input.do_callback();
        }
    }

    /// The height that it needs.
    pub(super) fn height(&self, is_narrow: bool) -> i32 {
        let margins = if is_narrow { 16 } else { 24 };
        self.look.borrow().height() + margins
    }

    /// Gives it its place; without one it is hidden.
    pub(super) fn resize(&mut self, rect: Rect, is_narrow: bool) {
        place(&mut self.frame, rect);
        let (margin, edge, button_width) = if is_narrow { (8, 8, 80) } else { (16, 12, 96) };
        let mut look = self.look.borrow_mut();
        let mut field = Rect::new(rect.x + margin, rect.y + edge, rect.w - 2 * margin, rect.h - 2 * edge);
        let button = field.cut_right(button_width);
        field.cut_right(8);
        field.cut_top(if look.word.is_some() { WORD } else { 0 });
        look.field = field;
        field.cut_top(if look.has_chip() { CHIP } else { 0 });
        drop(look);
        let above = (FIELD - line_height()) / 2;
        let height = if field.h > 0 { (field.h - 2 * above).max(line_height()) } else { 0 };
        place(&mut self.input, Rect::new(field.x + 10, field.y + above, field.w - 20, height));
        self.send.resize(Rect { h: FIELD.min(field.h), y: field.bottom() - FIELD, ..button });
        self.send.set(Face { icon: (!is_narrow).then_some(Icon::Send), ..self.send.face() });
    }

    /// Counts the lines in sight, if their text is another one or has another width.
    fn count_lines(&mut self, text: &str) {
        // FLTK leaves this much free, and counts a word's part of a pixel for nothing.
        let width = (self.input.w() - 2).max(40);
        let mut look = self.look.borrow_mut();
        if look.counted.0 != width || look.counted.1 != text {
            BODY.select();
            look.lines = line_count::count(text, width, MOST_LINES, |part| fltk::draw::width(part) as i32);
            look.counted = (width, text.to_owned());
        }
    }
}

impl Accessible for Composer {
    fn tell(&self, tree: &mut Tree) {
        if !self.input.visible_r() {
            return;
        }
        let look = self.look.borrow();
        if let Some(word) = &look.word {
            let (role, live) = if word.is_wrong() { (Role::Alert, Live::Assertive) } else { (Role::Status, Live::Off) };
            tree.add(child_id(self.id, "word"), placed(spoken(role, word.text(), live), Rect::of(&self.frame)));
        }
        let parts = (&self.frame, &self.input);
        field::tell_input(self.id, Role::MultilineTextInput, &words::field(&look.mode), parts, tree, |_| {});
        self.send.tell(tree);
    }
}

/// The text of the last message is to be seen.
fn send(dispatch: &Dispatch, conversation: &Conversation) {
    conversation.clone().scroll_to_end();
    dispatch.send(Message::Send);
}

/// Whether a key types a text. `AltGr`, which types characters beyond ASCII, may come as Ctrl with Alt.
fn is_text() -> bool {
    let text = app::event_text();
    let is_command = app::is_event_ctrl() || app::is_event_alt() || app::is_event_command();
    let is_printable = !text.is_empty() && !text.contains(char::is_control);
    is_printable && (!is_command || !text.is_ascii())
}

/// Whether a key types a text other than a space, which presses buttons, or pastes one.
pub(super) fn brings_text(event: Event) -> bool {
    let is_typed = is_text() && !app::event_text().contains(char::is_whitespace);
    event == Event::KeyDown && (is_typed || pastes())
}

fn pastes() -> bool {
    let (key, is_ctrl) = (app::event_key(), app::is_event_ctrl() && !app::is_event_alt());
    is_ctrl && key == Key::from_char('v') || app::is_event_shift() && key == Key::Insert
}
