//! Words of the status bar.

use crate::state::Ending;

/// The chat is over.
pub fn over(ending: Ending) -> &'static str {
    match ending {
        Ending::ServerClosed => "o servidor foi encerrado",
        Ending::Kicked => "você foi removido do chat",
        Ending::Banned => "você foi banido do chat",
        Ending::Replaced => "você entrou por outra conexão",
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
