//! Words for screen readers.

use crate::core::Mode;

/// After a private message.
pub const PRIVATE: &str = " (privado)";

/// After a message that names oneself.
pub const MENTION: &str = " (menciona você)";

/// A conversation in the list.
pub fn conversation(name: &str, unread: usize) -> String {
    match unread {
        0 => name.to_owned(),
        1 => format!("{name}, 1 nova"),
        _ => format!("{name}, {unread} novas"),
    }
}

/// A message.
pub fn said(who: &str, time: &str, text: &str, mark: &str) -> String {
    format!("{who}, {time}: {text}{mark}")
}

/// The text field, by what Enter would do.
pub fn field(mode: &Mode) -> String {
    match mode {
        Mode::Public => super::window::MESSAGE_TO_ROOM.to_owned(),
        Mode::Private(name) => super::window::private_for(name.as_str()),
        Mode::Naming(names) => {
            format!("{}, {}", super::window::WHOM, super::window::completed_by_tab(names))
        }
        Mode::Oneself => format!("{}, {}", super::window::ONESELF, super::window::WILL_NOT_BE_SENT),
        Mode::Nobody(name) => {
            format!("{}, {}", super::window::nobody(name), super::window::WILL_NOT_BE_SENT)
        }
    }
}

/// The list of people.
pub fn people(count: usize) -> String {
    format!("{}, {count}", super::window::PEOPLE)
}

/// The button that leads to the end of the conversation.
pub const TO_THE_END: &str = "Ir para o fim";

/// The button that lists the servers where the person was before.
pub const RECENT: &str = "Servidores recentes";
