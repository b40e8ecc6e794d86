//! Keys that come before the field shows what an earlier key asked for. FLTK hands out all keys that wait before the
//! state hears of any: what is typed after Ctrl+Tab would go into the text of the conversation that was left, and with
//! that text to the one that is shown next.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app::{self, Sender};
use fltk::enums::{Event, Key};
use fltk::prelude::*;

use super::Composer;
use crate::message::Message;
use crate::view::conversation::Conversation;
use crate::view::field::is_key;
use crate::view::keys;

/// `None` while the field shows what it should.
#[derive(Clone, Default)]
pub(super) struct Held(Rc<RefCell<Option<Vec<Pressed>>>>);

enum Pressed {
    Text(String),
    Send,
    Other(Message),
}

impl Held {
    /// Keys are held from this message on, if it is one that puts another text into the field.
    pub(super) fn begin_at(&self, message: Option<&Message>) {
        if message.is_some_and(brings_text) {
            self.0.borrow_mut().get_or_insert_default();
        }
    }

    /// Holds a key back, while keys are held.
    pub(super) fn take(&self, event: Event) -> bool {
        let mut held = self.0.borrow_mut();
        let (Event::KeyDown, Some(held)) = (event, held.as_mut()) else { return false };
        let text = app::event_text();
        if let Some(message) = keys::message(event) {
            held.push(Pressed::Other(message));
        } else if is_key(event, &[Key::Enter, Key::KPEnter]) {
            held.push(if app::is_event_shift() { Pressed::Text("\n".to_owned()) } else { Pressed::Send });
        } else if !text.is_empty() && !text.contains(char::is_control) {
            held.push(Pressed::Text(text));
        }
        true
    }
}

impl Composer {
    /// Another text comes into the field, by this message from elsewhere.
    pub(in crate::view) fn hold_keys_from(&self, message: Option<&Message>) {
        self.held.begin_at(message);
    }

    /// The field shows what it should: what was pressed meanwhile is done, unless the focus has moved on.
    pub(in crate::view) fn release_keys(&mut self, sender: Sender<Message>, conversation: &mut Conversation) {
        let held = self.held.0.take().filter(|_| self.input.has_focus());
        let mut held = held.into_iter().flatten();
        while let Some(pressed) = held.next() {
            match pressed {
                Pressed::Text(text) => {
                    self.input.insert(&text).ok();
                    self.input.do_callback();
                }
                Pressed::Send => self.send(sender, conversation),
                Pressed::Other(message) => {
                    let is_to_wait = brings_text(&message);
                    sender.send(message);
                    if is_to_wait {
                        *self.held.0.borrow_mut() = Some(held.collect());
                        return;
                    }
                }
            }
        }
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
    )
}
