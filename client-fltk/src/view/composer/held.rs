//! Keys that come before the field shows what an earlier key asked for. FLTK hands out all keys that wait before the
//! state hears of any: what is typed after Ctrl+Tab would go into the text of the conversation that was left, and with
//! that text to the one that is shown next; what is typed after Enter would be taken for a part of what was sent.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app::{self, Sender};
use fltk::enums::Event;
use fltk::prelude::*;

use crate::core::message::Message;
use crate::view::composer::Composer;
use crate::view::composer::pressed::Pressed;
use crate::view::timeline::Conversation;

/// `None` while the field shows what it should.
#[derive(Clone, Default)]
pub(super) struct Held(Rc<RefCell<Option<Vec<Pressed>>>>);

impl Held {
    /// Keys are held from this message on, if it is one that puts another text into the field.
    pub(super) fn begin_at(&self, message: &Message) {
        if brings_text(message) {
            self.0.borrow_mut().get_or_insert_default();
        }
    }

    /// Holds a key, or what is pasted, back while keys are held.
    pub(super) fn take(&self, event: Event) -> bool {
        let mut held = self.0.borrow_mut();
        let (Some(held), Some(pressed)) = (held.as_mut(), Pressed::of(event)) else { return false };
        held.push(pressed);
        true
    }
}

impl Composer {
    /// Another text comes into the field, by this message from elsewhere.
    pub(in crate::view) fn hold_keys_from(&self, message: &Message) {
        self.held.begin_at(message);
    }

    /// The field shows what it should: what was pressed meanwhile is done, unless the focus has moved on.
    pub(in crate::view) fn release_keys(&mut self, sender: Sender<Message>, conversation: &mut Conversation) {
        let held = self.held.0.take().filter(|_| self.input.has_focus());
        let mut held = held.into_iter().flatten();
        while let Some(pressed) = held.next() {
            if !self.press(&pressed, sender, conversation) {
                self.edit_by(&pressed);
            }
            // One of them may bring another text in its turn: the rest waits for that.
            if let Some(again) = self.held.0.borrow_mut().as_mut() {
                return again.extend(held);
            }
        }
    }

    /// Does what FLTK would have done.
    pub(super) fn edit_by(&mut self, pressed: &Pressed) {
        let input = &mut self.input;
        match pressed {
            Pressed::Text(text) => drop(input.insert(text)),
            Pressed::Key { key, is_ctrl: true, .. } if *key == Pressed::PASTE => return app::paste_text(input),
            Pressed::Key { key, is_ctrl: true, .. } if *key == Pressed::COPY => return drop(input.copy()),
            Pressed::Key { key, is_ctrl: true, .. } if *key == Pressed::CUT => drop((input.copy(), input.cut())),
            Pressed::Key { key, is_ctrl: true, .. } if *key == Pressed::UNDO => drop(input.undo()),
            _ => {
                let (caret, mark) = (input.position().max(0) as usize, input.mark().max(0) as usize);
                let Some(edited) = pressed.edited(&input.value(), caret, mark) else { return };
                let (start, end) = (edited.removed.start as i32, edited.removed.end as i32);
                input.replace(start, end, "").ok();
                input.set_position(edited.caret as i32).ok();
                input.set_mark(edited.mark as i32).ok();
            }
        }
        input.do_callback();
    }
}

fn brings_text(message: &Message) -> bool {
    matches!(
        message,
        Message::ShowNext
            | Message::ShowPrevious
            | Message::Show(_)
            | Message::Whisper(_)
            | Message::Mention(_)
            | Message::Older
            | Message::Newer
            | Message::Complete(_)
            | Message::Send(_)
    )
}
