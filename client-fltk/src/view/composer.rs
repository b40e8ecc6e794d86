//! The text field, what it says about itself, and the button that sends.

mod held;
pub(crate) mod line_count;
mod look;
mod pressed;

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app::{self, Sender};
use fltk::enums::{CallbackTrigger, Event, Key};
use fltk::input::MultilineInput;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::core;
use crate::core::Mode;
use crate::core::message::Message;
use crate::strings::window as strings;
use crate::view::composer::held::Held;
use crate::view::composer::look::{Look, Word};
use crate::view::composer::pressed::Pressed;
use crate::view::kit::button;
use crate::view::kit::button::Button;
use crate::view::kit::draw;
use crate::view::kit::draw::BODY;
use crate::view::kit::field;
use crate::view::kit::field::line_height;
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
    frame: Widget,
    pub(super) input: MultilineInput,
    pub(super) send: Button,
    look: Rc<RefCell<Look>>,
    held: Held,
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
        Composer { frame, input, send, look, held: Held::default() }
    }

    /// Wires the field: `relayout` is called when it needs another height, the keys of the conversation go there.
    pub(super) fn wire(&mut self, sender: Sender<Message>, conversation: Conversation, relayout: impl Fn() + 'static) {
        self.input.set_trigger(CallbackTrigger::Changed);
        self.input.set_callback({
            let mut composer = self.clone();
            move |input| {
                if composer.count_lines() {
                    relayout();
                }
                sender.send(Message::TextEdited(input.value()));
            }
        });
        self.send.on_click({
            let (composer, conversation) = (self.clone(), conversation.clone());
            move || composer.clone().send(sender, &mut conversation.clone())
        });
        self.input.super_handle_first(false);
        let composer = self.clone();
        self.input.handle(move |_, event| composer.clone().handle(event, sender, &mut conversation.clone()));
    }

    fn handle(&mut self, event: Event, sender: Sender<Message>, conversation: &mut Conversation) -> bool {
        if matches!(event, Event::Focus | Event::Unfocus) {
            field::redraw_around(&self.input);
        }
        if self.held.take(event) {
            return true;
        }
        let Some(pressed) = Pressed::of(event) else { return false };
        let (caret, mark) = (self.input.position().max(0) as usize, self.input.mark().max(0) as usize);
        if pressed.meets_composed(&self.input.value(), caret, mark) {
            self.edit_by(&pressed);
            return true;
        }
        self.press(&pressed, sender, conversation)
    }

    /// Does what a key means here; false if it means what it does in any field of text.
    fn press(&mut self, pressed: &Pressed, sender: Sender<Message>, conversation: &mut Conversation) -> bool {
        if pressed.is(&[Key::Enter, Key::KPEnter]) {
            if pressed.is_shift() {
                self.input.insert("\n").ok();
                self.input.do_callback();
            } else {
                self.send(sender, conversation);
            }
        } else if pressed.is(&[Key::PageUp, Key::PageDown]) {
            conversation.scroll_pages(if pressed.is(&[Key::PageUp]) { -1 } else { 1 });
        } else if pressed.is(&[Key::Escape]) {
            conversation.scroll_to_end();
        } else if let Some(message) = self.message_of_key(pressed) {
            self.held.begin_at(&message);
            sender.send(message);
        } else {
            return false;
        }
        true
    }

    fn message_of_key(&self, pressed: &Pressed) -> Option<Message> {
        if let Pressed::Everywhere(message) = pressed {
            return Some(message.clone());
        }
        let (caret, length) = (self.input.position(), self.input.value().len() as i32);
        let is_one_line = self.look.borrow().lines == 1;
        if pressed.is(&[Key::Tab]) && !pressed.is_shift() {
            return Some(Message::Complete(caret as usize));
        }
        if pressed.is(&[Key::Up]) && (is_one_line || caret == 0) {
            return Some(Message::Older);
        }
        (pressed.is(&[Key::Down]) && (is_one_line || caret == length)).then_some(Message::Newer)
    }

    /// The field is empty at once: whoever types fast goes on with the next message before the state has seen this
    /// one.
    fn send(&mut self, sender: Sender<Message>, conversation: &mut Conversation) {
        // What one says oneself one wants to see.
        conversation.scroll_to_end();
        let text = self.input.value();
        self.look.borrow_mut().sent = Some(text.clone());
        self.input.set_value("");
        let message = Message::Send(text);
        self.held.begin_at(&message);
        sender.send(message);
    }

    /// What was not sent stands in the field again, before what was typed since.
    fn take_back(&mut self, sent: &str, sender: Sender<Message>) {
        let since = self.input.value();
        let text = format!("{sent}{since}");
        self.input.set_value(&text);
        self.input.set_position(text.len() as i32).ok();
        if !since.is_empty() {
            sender.send(Message::TextEdited(text));
        }
    }

    /// Follows the state; true if it needs another height.
    pub(super) fn show(&mut self, state: &core::State, sender: Sender<Message>) -> bool {
        let composer = &state.composer;
        let mut look = self.look.borrow_mut();
        let is_new_text = look.version != Some(composer.version);
        look.version = Some(composer.version);
        let word = Word::of(composer);
        let has_changed = look.mode != composer.mode || look.word != word || look.place.as_ref() != Some(&state.place);
        let before = look.height();
        let sent = look.sent.take();
        if has_changed {
            look.mode = composer.mode.clone();
            look.word = word;
            look.place = Some(state.place.clone());
        }
        let is_other_height = look.height() != before;
        drop(look);
        if is_new_text {
            self.input.set_value(&composer.text);
            self.input.set_position(composer.caret as i32).ok();
        } else if let Some(sent) = &sent {
            self.take_back(sent, sender);
        }
        let has_other_lines = (is_new_text || sent.is_some()) && self.count_lines();
        if has_changed {
            self.dress();
            field::redraw_around(&self.frame);
        }
        self.send.set_active(state.phase == core::Phase::Talking && composer.mode.has_addressee());
        is_other_height || has_other_lines
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
    pub(super) fn take_key(&mut self, event: Event) {
        self.input.take_focus().ok();
        if self.held.take(event) {
            return;
        }
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

    /// Whether the number of lines in sight is another now.
    fn count_lines(&mut self) -> bool {
        BODY.select();
        // FLTK leaves this much free, and counts a word's part of a pixel for nothing.
        let width = (self.input.w() - 2).max(40);
        let lines = line_count::count(&self.input.value(), width, MOST_LINES, |part| fltk::draw::width(part) as i32);
        std::mem::replace(&mut self.look.borrow_mut().lines, lines) != lines
    }
}

/// Whether it is text that is typed, or the key that pastes one.
pub(super) fn brings_text(event: Event) -> bool {
    let text = app::event_text();
    let is_command = app::is_event_ctrl() || app::is_event_alt() || app::is_event_command();
    let is_typed = !is_command && !text.is_empty() && !text.contains(|c: char| c.is_control() || c.is_whitespace());
    event == Event::KeyDown && (is_typed || pastes())
}

fn pastes() -> bool {
    let (key, is_ctrl) = (app::event_key(), app::is_event_ctrl() && !app::is_event_alt());
    is_ctrl && key == Key::from_char('v') || app::is_event_shift() && key == Key::Insert
}
