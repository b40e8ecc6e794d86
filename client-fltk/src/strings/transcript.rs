//! Words of a saved conversation.

use std::fmt::Display;

use crate::core::PresenceChange;
use crate::strings::window;

/// In front of what was said, where there is more on the server.
pub const OLDER_MISSING: &str = "(O que foi dito antes não está aqui: role a conversa até lá e salve de novo.)";

/// The same where the window no longer has it.
pub const OLDER_DROPPED: &str = "(O começo não está aqui: a janela guarda as últimas 10.000 linhas de cada conversa.)";

/// After a message that is not confirmed yet.
pub const PENDING: &str = " (não confirmada)";
/// After a message that the addressee was not there to read.
pub const KEPT: &str = " (lê quando voltar)";

/// Heads a private conversation.
pub fn private(name: impl Display) -> String {
    format!("Privado com {name}")
}

/// Somebody came or went.
pub fn passed(PresenceChange { person, came, .. }: &PresenceChange) -> String {
    let who = window::person(&person.name, person.addr);
    if *came { window::came(&who, false) } else { window::went(&who, false) }
}

/// After a message that did not arrive.
pub fn failed(reason: &str) -> String {
    format!(" (não enviada: {reason})")
}

/// The file's name as suggested.
pub fn file_name(day: impl Display) -> String {
    format!("papo-{day}.txt")
}

/// The same for a private conversation; what no file can be called by becomes `_`.
pub fn private_file_name(name: &str, day: impl Display) -> String {
    let name: String = name.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
    format!("papo-{name}-{day}.txt")
}
