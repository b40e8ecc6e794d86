//! Words of the status bar.

use crate::core::SessionEnd;

/// The chat is over.
pub fn over(ending: SessionEnd) -> &'static str {
    match ending {
        SessionEnd::ServerClosed => "o servidor foi encerrado",
        SessionEnd::Kicked => "você foi removido do chat",
        SessionEnd::Banned => "você foi banido do chat",
        SessionEnd::Replaced => "você entrou por outra conexão",
    }
}

/// All is well.
pub fn connected(server: &str, people: usize) -> String {
    format!("conectado a {server} · {}", super::window::people(people))
}

/// The next attempt comes in a moment.
pub fn waiting(seconds: u32, attempt: u32) -> String {
    format!("sem conexão · reconectando em {seconds} s (tentativa {attempt})")
}

/// An attempt is under way.
pub fn retrying(attempt: u32) -> String {
    format!("sem conexão · reconectando… (tentativa {attempt})")
}
