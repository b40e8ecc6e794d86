//! The keys of the chat window, as tables: a context, a chord, what it does, and the line of the help that says so.

use fltk::app;
use fltk::enums::{Event, Key};

use crate::core::TextStep;
use crate::core::message::Message;
use crate::dispatch::Dispatch;

/// Keys that mean the same wherever the focus is.
const WINDOW: [Binding<fn() -> Message>; 12] = [
    bind(Chord::of(Key::F1), || Message::Help(true), "F1"),
    bind(Chord::of(Key::F3).shift(false), || Message::FindNext, "F3, Shift+F3"),
    bind(Chord::of(Key::F3).shift(true), || Message::FindPrevious, "F3, Shift+F3"),
    bind(Chord::of(Key::Tab).ctrl().shift(false), || Message::ShowNext, "Ctrl+Tab"),
    bind(Chord::of(Key::Tab).ctrl().shift(true), || Message::ShowPrevious, "Ctrl+Shift+Tab"),
    bind(Chord::typing('f').ctrl(), || Message::Find(true), "Ctrl+F"),
    bind(Chord::typing('s').ctrl(), || Message::SaveConversation, "Ctrl+S"),
    bind(Chord::typing('+').ctrl(), || Message::TextSize(TextStep::Larger), "Ctrl + e −"),
    // Without Shift, this is the key that has the plus on it.
    bind(Chord::typing('=').ctrl(), || Message::TextSize(TextStep::Larger), "Ctrl + e −"),
    bind(Chord::typing('-').ctrl(), || Message::TextSize(TextStep::Smaller), "Ctrl + e −"),
    bind(Chord::typing('_').ctrl(), || Message::TextSize(TextStep::Smaller), "Ctrl + e −"),
    bind(Chord::typing('0').ctrl(), || Message::TextSize(TextStep::Usual), "Ctrl+0"),
];

/// Keys of the find bar, which come before those of the window. Enter searches upwards: the messages to be found lie
/// above.
const FIND: [Binding<fn() -> Message>; 5] = [
    bind(Chord::of(Key::Escape), || Message::Find(false), "Esc"),
    bind(Chord::of(Key::Enter).shift(false), || Message::FindPrevious, "Enter"),
    bind(Chord::of(Key::KPEnter).shift(false), || Message::FindPrevious, "Enter"),
    bind(Chord::of(Key::Enter).shift(true), || Message::FindNext, "Shift+Enter"),
    bind(Chord::of(Key::KPEnter).shift(true), || Message::FindNext, "Shift+Enter"),
];

/// Keys of the text field, which come after those of the window.
const COMPOSER: [Binding<ComposerKey>; 10] = [
    bind(Chord::of(Key::Enter).shift(false), ComposerKey::Send, "Enter"),
    bind(Chord::of(Key::KPEnter).shift(false), ComposerKey::Send, "Enter"),
    bind(Chord::of(Key::Enter).shift(true), ComposerKey::NewLine, "Shift+Enter"),
    bind(Chord::of(Key::KPEnter).shift(true), ComposerKey::NewLine, "Shift+Enter"),
    bind(Chord::of(Key::Tab).shift(false), ComposerKey::Complete, "Tab"),
    bind(Chord::of(Key::Up), ComposerKey::Older, "↑ ↓"),
    bind(Chord::of(Key::Down), ComposerKey::Newer, "↑ ↓"),
    bind(Chord::of(Key::PageUp), ComposerKey::PageUp, "Page Up / Down"),
    bind(Chord::of(Key::PageDown), ComposerKey::PageDown, "Page Up / Down"),
    bind(Chord::of(Key::Escape), ComposerKey::ToEnd, "Esc"),
];

/// The action of a key in the text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComposerKey {
    /// Sends the text.
    Send,
    /// Begins another line.
    NewLine,
    /// Completes a name.
    Complete,
    /// Brings back the message sent before, unless the caret has a line above it.
    Older,
    /// Brings back the message sent after that, unless the caret has a line below it.
    Newer,
    /// Scrolls the conversation up.
    PageUp,
    /// Scrolls the conversation down.
    PageDown,
    /// Scrolls the conversation to its end.
    ToEnd,
}

/// A line of a table.
struct Binding<T> {
    chord: Chord,
    action: T,
    /// Its entry in [`crate::strings::help::SECTIONS`].
    #[cfg_attr(not(test), expect(dead_code, reason = "what the help says is compared with it"))]
    help: &'static str,
}

const fn bind<T: Copy>(chord: Chord, action: T, help: &'static str) -> Binding<T> {
    Binding { chord, action, help }
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug)]
struct Chord {
    key: Press,
    /// Whether Ctrl has to be held down, without Alt; else neither matters.
    ctrl: bool,
    /// Whether Shift has to be held down, or must not be; `None` where it does not matter.
    shift: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
enum Press {
    Key(Key),
    /// The key that has this character on it, also on the keypad.
    Character(char),
}

/// The modifiers that are held down beside a key.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    ctrl: bool,
    alt: bool,
    shift: bool,
}

impl Chord {
    const fn of(key: Key) -> Chord {
        Chord { key: Press::Key(key), ctrl: false, shift: None }
    }

    const fn typing(character: char) -> Chord {
        Chord { key: Press::Character(character), ctrl: false, shift: None }
    }

    const fn ctrl(self) -> Chord {
        Chord { ctrl: true, ..self }
    }

    const fn shift(self, is_held: bool) -> Chord {
        Chord { shift: Some(is_held), ..self }
    }

    fn is(self, key: Key, held: Held) -> bool {
        let is_key = match self.key {
            Press::Key(other) => other == key,
            Press::Character(other) => character(key) == Some(other),
        };
        // AltGr, which types characters, comes as Ctrl with Alt on some systems.
        let is_ctrl = !self.ctrl || held.ctrl && !held.alt;
        is_key && is_ctrl && self.shift.is_none_or(|shift| shift == held.shift)
    }
}

fn action<T: Copy>(table: &[Binding<T>], key: Key, held: Held) -> Option<T> {
    table.iter().find(|binding| binding.chord.is(key, held)).map(|binding| binding.action)
}

fn held() -> Held {
    Held { ctrl: app::is_event_ctrl(), alt: app::is_event_alt(), shift: app::is_event_shift() }
}

/// The message of a key going down anywhere in the window, if it has one.
pub(super) fn message(event: Event) -> Option<Message> {
    let is_down = matches!(event, Event::KeyDown | Event::Shortcut);
    action(&WINDOW, app::event_key(), held()).filter(|_| is_down).map(|message| message())
}

/// The message of a key going down in the find bar, if it has one there or in the window.
pub(super) fn find_message(event: Event) -> Option<Message> {
    let is_down = event == Event::KeyDown;
    let own = action(&FIND, app::event_key(), held()).filter(|_| is_down);
    own.map(|message| message()).or_else(|| message(event))
}

/// The action of the key going down in the text field, if it has one. The keys of the window come first.
pub(super) fn composer_key() -> Option<ComposerKey> {
    action(&COMPOSER, app::event_key(), held())
}

/// Whether a key going down opens the menu of the part that has the focus.
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

/// Sends the message of a key; true if it has one.
pub(super) fn send(message: Option<Message>, dispatch: &Dispatch) -> bool {
    let is_ours = message.is_some();
    dispatch.send_all(message);
    is_ours
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::help::SECTIONS;

    const PLAIN: Held = Held { ctrl: false, alt: false, shift: false };
    const CTRL: Held = Held { ctrl: true, ..PLAIN };
    const SHIFT: Held = Held { shift: true, ..PLAIN };

    /// Entries of the help that are in no table: typed words, and keys of the part that has the focus.
    const ELSEWHERE: [&str; 6] = ["@nome texto", "Home / End", "Ctrl+C", "← → e Enter", "Ctrl+A", "Menu, Shift+F10"];

    #[test]
    fn the_help_lists_every_key_and_no_other() {
        let bound: Vec<&str> =
            WINDOW.iter().chain(&FIND).map(|it| it.help).chain(COMPOSER.iter().map(|it| it.help)).collect();
        let listed: Vec<&str> = SECTIONS.iter().flat_map(|(_, lines)| *lines).map(|(keys, _)| *keys).collect();
        for help in &bound {
            assert!(listed.contains(help), "{help} is not in the help");
        }
        for keys in listed.iter().filter(|keys| !keys.starts_with('/')) {
            assert!(bound.contains(keys) || ELSEWHERE.contains(keys), "{keys} is in no table");
        }
    }

    #[test]
    fn chords_reach_their_messages() {
        let on_keypad = |c: char| Key::from_i32(Key::KP.bits() + c as i32);
        let letter = Key::from_char;
        for (key, held, expected) in [
            (Key::F1, PLAIN, "Help(true)"),
            (Key::F1, CTRL, "Help(true)"),
            (Key::F3, PLAIN, "FindNext"),
            (Key::F3, SHIFT, "FindPrevious"),
            (Key::Tab, CTRL, "ShowNext"),
            (Key::Tab, Held { shift: true, ..CTRL }, "ShowPrevious"),
            (Key::Tab, PLAIN, ""),
            (letter('f'), CTRL, "Find(true)"),
            (letter('f'), PLAIN, ""),
            (letter('f'), Held { alt: true, ..CTRL }, ""),
            (letter('s'), Held { shift: true, ..CTRL }, "SaveConversation"),
            (on_keypad('+'), CTRL, "TextSize(Larger)"),
            (letter('='), CTRL, "TextSize(Larger)"),
            (letter('_'), Held { shift: true, ..CTRL }, "TextSize(Smaller)"),
            (on_keypad('0'), CTRL, "TextSize(Usual)"),
            (letter('x'), CTRL, ""),
        ] {
            let message = action(&WINDOW, key, held).map(|message| format!("{:?}", message())).unwrap_or_default();
            assert_eq!(message, expected, "{key:?} {held:?}");
        }
        for (key, held, expected) in [
            (Key::Enter, PLAIN, Some(ComposerKey::Send)),
            (Key::KPEnter, SHIFT, Some(ComposerKey::NewLine)),
            (Key::Tab, SHIFT, None),
            (Key::Up, SHIFT, Some(ComposerKey::Older)),
        ] {
            assert_eq!(action(&COMPOSER, key, held), expected, "{key:?} {held:?}");
        }
        assert!(matches!(action(&FIND, Key::KPEnter, SHIFT).map(|message| message()), Some(Message::FindNext)));
    }

    #[test]
    fn keys_have_characters_wherever_they_are() {
        let on_keypad = |c: char| Key::from_i32(Key::KP.bits() + c as i32);
        for (key, expected) in [
            (Key::from_char('f'), Some('f')),
            (on_keypad('+'), Some('+')),
            (on_keypad('0'), Some('0')),
            // The last byte of its number is that of an f.
            (Key::from_i32(0xff66), None),
            (Key::F1, None),
        ] {
            assert_eq!(character(key), expected, "{key:?}");
        }
    }
}
