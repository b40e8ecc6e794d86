//! Words of the title and the status bar.

use crate::core::{Phase, SessionEnd, State};
use crate::strings::window;

/// The title of the chat window.
pub fn title(state: &State) -> String {
    let me = state.chat.roster.me.as_ref();
    me.map_or_else(
        || window::PAPO.to_owned(),
        |me| window::title(state.chat.conversations.unread(), me.name.as_str(), &me.addr.to_string()),
    )
}

/// The status bar's sentence; there is none in the connect window.
pub fn status(state: &State) -> String {
    match &state.session.phase {
        Phase::Entering | Phase::Connecting => String::new(),
        Phase::Talking => {
            format!("conectado a {} · {}", state.entering.server, window::people(state.chat.roster.people.len()))
        }
        Phase::Lost { attempt, retry_in: Some(seconds) } => {
            format!("sem conexão · reconectando em {seconds} s (tentativa {})", attempt + 1)
        }
        Phase::Lost { attempt, retry_in: None } => {
            format!("sem conexão · reconectando… (tentativa {})", attempt + 1)
        }
        Phase::Over(end) => over(*end).to_owned(),
    }
}

fn over(end: SessionEnd) -> &'static str {
    match end {
        SessionEnd::ServerClosed => "o servidor foi encerrado",
        SessionEnd::Kicked => "você foi removido do chat",
        SessionEnd::Banned => "você foi banido do chat",
        SessionEnd::Replaced => "você entrou por outra conexão",
    }
}
