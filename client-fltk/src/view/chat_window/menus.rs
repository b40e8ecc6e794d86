//! The menus of the talking window.

use crate::core::Person;
use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::window as strings;
use crate::view::chat_window::ChatWindow;
use crate::view::kit::menu::Entry;
use crate::view::kit::{Icon, theme};
use crate::view::timeline::{Conversation, Pressed};
use fltk::app;

/// The width of a menu.
pub(super) const WIDTH: i32 = 304;
/// The height of its lines.
pub(super) const LINE: i32 = 36;

/// What can be done with somebody.
pub(super) fn of_person(person: &Person, is_me: bool, talking: &ChatWindow) -> Vec<Entry> {
    let then_write = |message: Message| {
        let talking = talking.clone();
        move || talking.clone().write_after(message.clone())
    };
    let (name, address) = (person.name.as_str().to_owned(), person.addr.to_string());
    let mut entries = Vec::new();
    if !is_me {
        let whisper = then_write(Message::Whisper(person.name.clone()));
        entries.push(entry(Icon::Lock, strings::WHISPER, strings::WHISPER_HINT, whisper));
        entries.push(entry(Icon::At, strings::MENTION, "", then_write(Message::Mention(person.name.clone()))));
    }
    entries.push(entry(Icon::Copy, strings::COPY_NAME, "", move || app::copy(&name)));
    entries.push(entry(Icon::Copy, strings::COPY_ADDRESS, "", move || app::copy(&address)));
    entries
}

/// What can be done with a conversation, and with what was pressed in it. In a narrow window the switches that have
/// no button there stand here too.
pub(super) fn of_conversation(
    pressed: Pressed,
    conversation: &Conversation,
    dispatch: &Dispatch,
    is_narrow: bool,
) -> Vec<Entry> {
    let say = |message: Message| {
        let dispatch = dispatch.clone();
        move || dispatch.send(message.clone())
    };
    let mut entries = Vec::new();
    if let Some(link) = pressed.link {
        entries.push(entry(Icon::Link, strings::COPY_LINK, "", move || app::copy(&link)));
    }
    if let Some(text) = pressed.selected {
        entries.push(entry(Icon::Copy, strings::COPY, "Ctrl+C", move || app::copy(&text)));
    }
    let conversation = conversation.clone();
    entries.push(entry(Icon::Text, strings::SELECT_ALL, "Ctrl+A", move || conversation.clone().select_all()));
    entries.push(entry(Icon::Search, strings::FIND_MENU, "Ctrl+F", say(Message::Find(true))));
    entries.push(entry(Icon::Download, strings::SAVE_MENU, "Ctrl+S", say(Message::SaveConversation)));
    if is_narrow {
        let (icon, text) = if theme::is_dark() { (Icon::Sun, strings::LIGHT) } else { (Icon::Moon, strings::DARK) };
        entries.push(entry(icon, text, "", say(Message::ToggleTheme)));
        entries.push(entry(Icon::Bell, strings::SOUND_MENU, "", say(Message::ToggleSound)));
    }
    entries.push(entry(Icon::Info, strings::HELP_MENU, "F1", say(Message::Help)));
    entries
}

fn entry(icon: Icon, text: &str, hint: &str, action: impl Fn() + 'static) -> Entry {
    Entry { icon: Some(icon), text: text.to_owned(), hint: hint.to_owned(), action: Box::new(action) }
}
