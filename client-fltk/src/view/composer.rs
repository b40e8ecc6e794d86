//! The text field, what it says about itself, and the button that sends.

pub(crate) mod line_count;
mod look;

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::app;
use fltk::enums::{CallbackTrigger, Event, Key};
use fltk::input::MultilineInput;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::{Tree, child_id, part_id, spoken};
use crate::core;
use crate::core::Mode;
use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::accessibility as words;
use crate::strings::window as strings;
use crate::view::composer::look::{Look, Word};
use crate::view::keymap::{self, PartKey};
use crate::view::kit::accessible::{Accessible, placed};
use crate::view::kit::button;
use crate::view::kit::button::Button;
use crate::view::kit::draw;
use crate::view::kit::draw::BODY;
use crate::view::kit::field;
use crate::view::kit::field::line_height;
use crate::view::kit::graphemes;
use crate::view::kit::icon::Icon;
use crate::view::kit::panel::place;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;
use crate::view::timeline::Conversation;

/// The most lines that are in sight at once.
const MOST_LINES: i32 = 6;
/// The field with one line; the chip above it; the word about it above the field.
const FIELD: i32 = 40;
const CHIP: i32 = 32;
const WORD: i32 = 24;

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
        let mut frame = Widget::default();
        let mut input = MultilineInput::default();
        field::dress(&mut input);
        input.set_wrap(true);
        let mut send = Button::new(button::Kind::Primary, Some(Icon::Send), strings::SEND, |colours| colours.ground);
        let look = Rc::new(RefCell::new(Look { lines: 1, ..Look::default() }));
        frame.draw({
            let (look, input) = (Rc::clone(&look), input.clone());
            move |frame| look.borrow().paint(Rect::of(frame), input.has_focus())
        });
        input.draw({
            let look = Rc::clone(&look);
            move |input| {
                if input.value().is_empty() {
                    let baseline = BODY.baseline(input.y(), line_height());
                    let placeholder = look.borrow().placeholder();
                    draw::fitted(&placeholder, BODY, palette().soft, input.x() + 3, baseline, input.w() - 6);
                }
            }
        });
        send.set_focus_after(&input);
        Composer { id: part_id(), frame, input, send, look }
    }

    /// Wires the field; the keys that scroll go to `conversation`.
    pub(super) fn wire(&mut self, dispatch: &Dispatch, conversation: &Conversation) {
        self.input.set_trigger(CallbackTrigger::Changed);
        let edits = dispatch.clone();
        self.input.set_callback(move |input| edits.send(Message::TextEdited(input.value())));
        let (clicks, shown) = (dispatch.clone(), conversation.clone());
        self.send.on_click(move || send(&clicks, &shown));
        self.input.super_handle_first(false);
        let (composer, dispatch, conversation) = (self.clone(), dispatch.clone(), conversation.clone());
        self.input.handle(move |input, event| {
            if matches!(event, Event::Focus | Event::Unfocus) {
                field::redraw_around(input);
            }
            event == Event::KeyDown && composer.clone().press_key(event, &dispatch, &conversation)
                || graphemes::handle(input, event)
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
        match keymap::part_key(keymap::COMPOSER, event) {
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
            self.input.set_value(&composer.text);
            self.input.set_position(composer.caret as i32).ok();
        }
        self.count_lines(&composer.text);
        if has_changed {
            self.dress();
            field::redraw_around(&self.frame);
        }
        self.send.set_active(state.session.phase == core::Phase::Talking && composer.mode.has_addressee());
        self.look.borrow().height() != before
    }

    /// Takes the colours of the look and of the mode.
    pub(super) fn dress(&mut self) {
        let look = self.look.borrow();
        self.input.set_color(look.ground());
        let is_private = matches!(look.mode, Mode::Private(_));
        self.send.set_kind(if is_private { button::Kind::Private } else { button::Kind::Primary });
        drop(look);
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

    /// Gives it its place.
    pub(super) fn resize(&mut self, rect: Rect, is_narrow: bool) {
        let margin = if is_narrow { 8 } else { 16 };
        let edge = if is_narrow { 8 } else { 12 };
        let button_width = if is_narrow { 80 } else { 96 };
        let mut look = self.look.borrow_mut();
        let top = rect.y + edge + if look.word.is_some() { WORD } else { 0 };
        let width = rect.w - 2 * margin - button_width - 8;
        look.field = Rect::new(rect.x + margin, top, width, rect.bottom() - edge - top);
        look.is_narrow = is_narrow;
        let field = look.field;
        let chip = if look.has_chip() { CHIP } else { 0 };
        drop(look);
        place(&mut self.frame, rect);
        let above = (FIELD - line_height()) / 2;
        let height = (field.h - chip - 2 * above).max(line_height());
        place(&mut self.input, Rect::new(field.x + 10, field.y + chip + above, field.w - 20, height));
        let button = Rect::new(field.right() + 8, field.bottom() - FIELD, button_width, FIELD);
        self.send.resize(button);
        self.send.set_icon((!is_narrow).then_some(Icon::Send));
    }

    /// Hides it, until it gets a place again.
    pub(super) fn hide(&mut self) {
        place(&mut self.frame, Rect::default());
        place(&mut self.input, Rect::default());
        self.send.resize(Rect::default());
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
