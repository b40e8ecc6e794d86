//! Keys that mean the same wherever the focus is in the talking window.

use fltk::app;
use fltk::enums::{Event, Key};

use crate::core::TextStep;
use crate::core::message::Message;
use crate::dispatch::Dispatch;

/// What a key going down means in the whole window, if anything.
pub(super) fn message(event: Event) -> Option<Message> {
    if !matches!(event, Event::KeyDown | Event::Shortcut) {
        return None;
    }
    let (key, is_shift) = (app::event_key(), app::is_event_shift());
    match key {
        Key::F1 => return Some(Message::Help(true)),
        Key::F3 => return Some(if is_shift { Message::FindPrevious } else { Message::FindNext }),
        _ => {}
    }
    // AltGr, which types characters, comes as Ctrl with Alt on some systems.
    if !app::is_event_ctrl() || app::is_event_alt() {
        return None;
    }
    if key == Key::Tab {
        return Some(if is_shift { Message::ShowPrevious } else { Message::ShowNext });
    }
    match character(key)? {
        'f' => Some(Message::Find(true)),
        's' => Some(Message::SaveConversation),
        // Without Shift it is the key that has the plus on it.
        '+' | '=' => Some(Message::TextSize(TextStep::Larger)),
        '-' | '_' => Some(Message::TextSize(TextStep::Smaller)),
        '0' => Some(Message::TextSize(TextStep::Usual)),
        _ => None,
    }
}

/// Whether a key going down opens the menu of what has the focus.
pub(super) fn asks_for_menu() -> bool {
    let f10 = Key::from_i32(Key::F1.bits() + 9);
    app::event_key() == Key::Menu || app::event_key() == f10 && app::is_event_shift()
}

/// The character on a key, those of the keypad included.
fn character(key: Key) -> Option<char> {
    let bits = key.bits();
    let bits = if bits > Key::KP.bits() && bits < Key::KPLast.bits() { bits - Key::KP.bits() } else { bits };
    u8::try_from(bits).ok().map(char::from)
}

/// Sends what a key means; true if it means anything.
pub(super) fn send(message: Option<Message>, dispatch: &Dispatch) -> bool {
    let is_ours = message.is_some();
    dispatch.send_all(message);
    is_ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_characters_wherever_they_are() {
        let on_keypad = |c: char| Key::from_i32(Key::KP.bits() + c as i32);
        for (key, expected) in [
            (Key::from_char('f'), Some('f')),
            (on_keypad('+'), Some('+')),
            (on_keypad('0'), Some('0')),
            // Its number ends as that of an f does.
            (Key::from_i32(0xff66), None),
            (Key::F1, None),
        ] {
            assert_eq!(character(key), expected, "{key:?}");
        }
    }
}
