//! The keys of every part of the window, as tables: a chord, what it does there, and the line of the help that says so.

use fltk::app;
use fltk::enums::{Event, Key};

use crate::core::TextStep;
use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::strings::help::Topic;

/// The keys of a part of the window.
pub(super) type Table<T> = &'static [Binding<T>];
type Messages = Table<fn() -> Message>;

/// Keys of the size of the text, which are the same in both windows.
pub(super) const TEXT_SIZE: Messages = &[
    // Without Shift, this is the key that has the plus on it.
    told(ctrl(&[typing('+'), on_keypad('+'), typing('=')]), || Message::TextSize(TextStep::Larger), Topic::Zoom),
    told(ctrl(&[typing('-'), on_keypad('-'), typing('_')]), || Message::TextSize(TextStep::Smaller), Topic::Zoom),
    told(ctrl(&[typing('0'), on_keypad('0')]), || Message::TextSize(TextStep::Usual), Topic::UsualSize),
];

/// Keys that mean the same wherever the focus is in the chat window.
pub(super) const WINDOW: Messages = &[
    told(of(&[Key::F1]), || Message::Help, Topic::Help),
    told(of(&[Key::F3]).shift(false), || Message::FindNext, Topic::Hits),
    told(of(&[Key::F3]).shift(true), || Message::FindPrevious, Topic::Hits),
    told(ctrl(&[Key::Tab]).shift(false), || Message::ShowNext, Topic::NextConversation),
    told(ctrl(&[Key::Tab]).shift(true), || Message::ShowPrevious, Topic::PreviousConversation),
    told(ctrl(&[typing('f')]), || Message::Find(true), Topic::Find),
    told(ctrl(&[typing('s')]), || Message::SaveConversation, Topic::Save),
];

/// Keys of the find bar, which come before those of the window. Enter searches upwards: the messages to be found lie
/// above.
pub(super) const FIND: Messages = &[
    plain(of(&[Key::Escape]), || Message::Find(false)),
    told(of(ENTER).shift(false), || Message::FindPrevious, Topic::HitAbove),
    told(of(ENTER).shift(true), || Message::FindNext, Topic::HitBelow),
];

/// Keys of the text field, which come after those of the window.
pub(super) const COMPOSER: Table<PartKey> = &[
    told(of(ENTER).shift(false), PartKey::Enter, Topic::Send),
    told(of(ENTER).shift(true), PartKey::NewLine, Topic::NewLine),
    told(of(&[Key::Tab]).shift(false), PartKey::Next, Topic::Complete),
    told(of(&[Key::Up]), PartKey::Up, Topic::SentBefore),
    told(of(&[Key::Down]), PartKey::Down, Topic::SentBefore),
    told(of(&[Key::PageUp]), PartKey::PageUp, Topic::Page),
    told(of(&[Key::PageDown]), PartKey::PageDown, Topic::Page),
    told(of(&[Key::Escape]), PartKey::Escape, Topic::ToEnd),
];

/// Keys that move through rows and lines.
pub(super) const MOVES: Table<PartKey> = &[
    plain(of(&[Key::Up]), PartKey::Up),
    plain(of(&[Key::Down]), PartKey::Down),
    told(of(&[Key::PageUp]), PartKey::PageUp, Topic::Page),
    told(of(&[Key::PageDown]), PartKey::PageDown, Topic::Page),
    told(of(&[Key::Home]), PartKey::First, Topic::Ends),
    told(of(&[Key::End]), PartKey::Last, Topic::Ends),
];

/// Keys of the conversation, besides those that move.
pub(super) const TIMELINE: Table<PartKey> = &[
    plain(of(&[Key::Escape]), PartKey::Escape),
    told(of(&[Key::Left]), PartKey::Left, Topic::Links),
    told(of(&[Key::Right]), PartKey::Right, Topic::Links),
    told(of(ENTER), PartKey::Enter, Topic::Links),
    told(ctrl(&[typing('c'), Key::Insert]), PartKey::Copy, Topic::Copy),
    told(ctrl(&[typing('a')]), PartKey::SelectAll, Topic::SelectAll),
    MENU_KEY,
    SHIFTED_MENU_KEY,
];

/// Keys of lists of rows, besides those that move.
pub(super) const LIST: Table<PartKey> = &[plain(of(ENTER), PartKey::Enter), MENU_KEY, SHIFTED_MENU_KEY];

/// Keys of menus, and of fields of one line with something to choose from.
pub(super) const CHOICE: Table<PartKey> = &[
    plain(of(&[Key::Up]), PartKey::Up),
    plain(of(&[Key::Down]), PartKey::Down),
    plain(of(ENTER), PartKey::Enter),
    plain(of(&[Key::Escape]), PartKey::Escape),
];

/// Keys of dialogs, wherever the focus is in one.
pub(super) const DIALOG: Table<PartKey> = &[
    plain(of(ENTER), PartKey::Enter),
    plain(of(&[Key::Escape]), PartKey::Escape),
    plain(of(&[Key::F1]), PartKey::Help),
    plain(of(&[Key::Tab]).shift(false), PartKey::Next),
    plain(of(&[Key::Tab]).shift(true), PartKey::Previous),
];

/// Keys of dialogs where the focus is not in the field, besides those that move.
pub(super) const DIALOG_BODY: Table<PartKey> =
    &[plain(of(&[Key::Right]), PartKey::Next), plain(of(&[Key::Left]), PartKey::Previous)];

const ENTER: &[Key] = &[Key::Enter, Key::KPEnter];
const MENU_KEY: Binding<PartKey> = told(of(&[Key::Menu]), PartKey::Menu, Topic::Menu);
const SHIFTED_MENU_KEY: Binding<PartKey> = told(of(&[Key::F10]).shift(true), PartKey::Menu, Topic::Menu);

/// The meaning of a key to the part that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartKey {
    Up,
    Down,
    PageUp,
    PageDown,
    /// To the first row or line.
    First,
    /// To the last row or line.
    Last,
    Left,
    Right,
    /// To the next part, or to the next name that completes what was typed.
    Next,
    Previous,
    /// Does what the part is there for: sends, opens, accepts.
    Enter,
    NewLine,
    /// Out of the part.
    Escape,
    Menu,
    Copy,
    SelectAll,
    Help,
}

/// A line of a table.
pub(super) struct Binding<T> {
    chord: Chord,
    action: T,
    /// Its line of the help; `None` where it does what such a key does in every program.
    topic: Option<Topic>,
}

const fn told<T: Copy>(chord: Chord, action: T, topic: Topic) -> Binding<T> {
    Binding { chord, action, topic: Some(topic) }
}

const fn plain<T: Copy>(chord: Chord, action: T) -> Binding<T> {
    Binding { chord, action, topic: None }
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug)]
struct Chord {
    /// The keys that mean the same; the help names the first.
    keys: &'static [Key],
    /// Whether Ctrl has to be held down, without Alt; else neither matters.
    ctrl: bool,
    /// Whether Shift has to be held down, or must not be; `None` where it does not matter.
    shift: Option<bool>,
}

const fn of(keys: &'static [Key]) -> Chord {
    Chord { keys, ctrl: false, shift: None }
}

const fn ctrl(keys: &'static [Key]) -> Chord {
    Chord { ctrl: true, ..of(keys) }
}

/// The key with that character on it.
const fn typing(character: char) -> Key {
    Key::from_char(character)
}

const fn on_keypad(character: char) -> Key {
    Key::from_i32(Key::KP.bits() + character as i32)
}

/// The modifiers that are held down beside a key.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    ctrl: bool,
    alt: bool,
    shift: bool,
}

impl Chord {
    const fn shift(self, is_held: bool) -> Chord {
        Chord { shift: Some(is_held), ..self }
    }

    fn is(self, key: Key, held: Held) -> bool {
        // AltGr, which types characters, comes as Ctrl with Alt on some systems.
        let is_ctrl = !self.ctrl || held.ctrl && !held.alt;
        self.keys.contains(&key) && is_ctrl && self.shift.is_none_or(|shift| shift == held.shift)
    }

    /// The chord as the help writes it.
    fn name(self) -> String {
        let ctrl = if self.ctrl { "Ctrl+" } else { "" };
        let shift = if self.shift == Some(true) { "Shift+" } else { "" };
        format!("{ctrl}{shift}{}", self.keys.first().copied().map(cap).unwrap_or_default())
    }
}

/// The label of a key.
fn cap(key: Key) -> String {
    let name = match key {
        Key::Enter => "Enter",
        Key::Escape => "Esc",
        Key::Tab => "Tab",
        Key::Up => "↑",
        Key::Down => "↓",
        Key::Left => "←",
        Key::Right => "→",
        Key::PageUp => "Page Up",
        Key::PageDown => "Page Down",
        Key::Home => "Home",
        Key::End => "End",
        Key::Menu => "Menu",
        Key::F1 => "F1",
        Key::F3 => "F3",
        Key::F10 => "F10",
        Key::Insert => "Insert",
        other if other == typing('-') => "−",
        other => return other.to_char().map(|it| it.to_uppercase().collect()).unwrap_or_default(),
    };
    name.to_owned()
}

fn action<T: Copy>(table: Table<T>, key: Key, held: Held) -> Option<T> {
    table.iter().find(|binding| binding.chord.is(key, held)).map(|binding| binding.action)
}

fn held() -> Held {
    Held { ctrl: app::is_event_ctrl(), alt: app::is_event_alt(), shift: app::is_event_shift() }
}

/// The meaning of the key going down, by the first of these tables that has it, if an event is one.
pub(super) fn part_key(tables: &[Table<PartKey>], event: Event) -> Option<PartKey> {
    let is_down = event == Event::KeyDown;
    tables.iter().filter(|_| is_down).find_map(|table| action(table, app::event_key(), held()))
}

/// Sends the message of the key going down, by the first of these tables that has it; true if one has.
pub(super) fn send(tables: &[Messages], event: Event, dispatch: &Dispatch) -> bool {
    let is_down = matches!(event, Event::KeyDown | Event::Shortcut);
    let message = tables.iter().filter(|_| is_down).find_map(|table| action(table, app::event_key(), held()));
    dispatch.send_all(message.map(|message| message()));
    message.is_some()
}

/// The chords of that line of the help; empty if no table has one.
pub(super) fn chords(topic: Topic) -> String {
    fn of<T>(table: Table<T>, topic: Topic) -> impl Iterator<Item = String> {
        table.iter().filter(move |it| it.topic == Some(topic)).map(|it| it.chord.name())
    }
    let messages = [WINDOW, FIND, TEXT_SIZE].into_iter().flat_map(|table| of(table, topic));
    let parts = [COMPOSER, MOVES, TIMELINE, LIST].into_iter().flat_map(|table| of(table, topic));
    let mut names: Vec<String> = Vec::new();
    for name in messages.chain(parts) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::help::SECTIONS;

    const PLAIN: Held = Held { ctrl: false, alt: false, shift: false };
    const CTRL: Held = Held { ctrl: true, ..PLAIN };
    const SHIFT: Held = Held { shift: true, ..PLAIN };

    fn topics<T>(tables: &[Table<T>]) -> Vec<Topic> {
        tables.iter().copied().flatten().filter_map(|binding| binding.topic).collect()
    }

    #[test]
    fn the_help_lists_every_key_and_no_other() {
        let listed: Vec<Topic> = SECTIONS.iter().flat_map(|(_, lines)| *lines).map(|(topic, _)| *topic).collect();
        let tables = [COMPOSER, MOVES, TIMELINE, LIST, CHOICE, DIALOG, DIALOG_BODY];
        for topic in topics(&[WINDOW, FIND, TEXT_SIZE]).into_iter().chain(topics(&tables)) {
            assert_eq!(listed.iter().filter(|it| **it == topic).count(), 1, "{topic:?} in the help");
        }
        for topic in listed {
            assert_eq!(chords(topic).is_empty(), matches!(topic, Topic::Typed(_)), "{topic:?} in the tables");
        }
    }

    #[test]
    fn the_help_names_chords_as_people_do() {
        for (topic, expected) in [
            (Topic::Hits, "F3, Shift+F3"),
            (Topic::Zoom, "Ctrl++, Ctrl+−"),
            (Topic::Find, "Ctrl+F"),
            (Topic::NewLine, "Shift+Enter"),
            (Topic::PreviousConversation, "Ctrl+Shift+Tab"),
            (Topic::Page, "Page Up, Page Down"),
            (Topic::Links, "←, →, Enter"),
            (Topic::Menu, "Menu, Shift+F10"),
        ] {
            assert_eq!(chords(topic), expected);
        }
    }

    #[test]
    fn chords_reach_their_messages() {
        let chat = |key, held| [WINDOW, TEXT_SIZE].into_iter().find_map(|table| action(table, key, held));
        for (key, held, expected) in [
            (Key::F1, PLAIN, "Help"),
            (Key::F1, CTRL, "Help"),
            (Key::F3, PLAIN, "FindNext"),
            (Key::F3, SHIFT, "FindPrevious"),
            (Key::Tab, CTRL, "ShowNext"),
            (Key::Tab, Held { shift: true, ..CTRL }, "ShowPrevious"),
            (Key::Tab, PLAIN, ""),
            (typing('f'), CTRL, "Find(true)"),
            (typing('f'), PLAIN, ""),
            (typing('f'), Held { alt: true, ..CTRL }, ""),
            (typing('s'), Held { shift: true, ..CTRL }, "SaveConversation"),
            (on_keypad('+'), CTRL, "TextSize(Larger)"),
            (typing('='), CTRL, "TextSize(Larger)"),
            (typing('_'), Held { shift: true, ..CTRL }, "TextSize(Smaller)"),
            (on_keypad('0'), CTRL, "TextSize(Usual)"),
            (typing('x'), CTRL, ""),
        ] {
            let message = chat(key, held).map(|message| format!("{:?}", message())).unwrap_or_default();
            assert_eq!(message, expected, "{key:?} {held:?}");
        }
        for (table, key, held, expected) in [
            (COMPOSER, Key::Enter, PLAIN, Some(PartKey::Enter)),
            (COMPOSER, Key::KPEnter, CTRL, Some(PartKey::Enter)),
            (COMPOSER, Key::Enter, SHIFT, Some(PartKey::NewLine)),
            (COMPOSER, Key::Tab, PLAIN, Some(PartKey::Next)),
            (COMPOSER, Key::Tab, SHIFT, None),
            (TIMELINE, typing('c'), CTRL, Some(PartKey::Copy)),
            (TIMELINE, typing('c'), PLAIN, None),
            (TIMELINE, Key::Insert, CTRL, Some(PartKey::Copy)),
            (LIST, Key::F10, SHIFT, Some(PartKey::Menu)),
            (LIST, Key::F10, PLAIN, None),
            (DIALOG, Key::Tab, SHIFT, Some(PartKey::Previous)),
        ] {
            assert_eq!(action(table, key, held), expected, "{key:?} {held:?}");
        }
        let message = action(FIND, Key::Enter, PLAIN).map(|message| format!("{:?}", message()));
        assert_eq!(message.as_deref(), Some("FindPrevious"));
    }
}
