//! Sentences above the text field.

use papo_common::sentences::{BAD_FORMAT, TO_ONESELF, no_such_user};

use crate::core::{ComposerError, LimitNote};
use crate::text::cut::cut;

/// Most characters of an unknown command that are shown.
const MAX_COMMAND: usize = 32;

/// The sentence about a text that was not sent.
pub fn error(error: &ComposerError) -> String {
    match error {
        ComposerError::NotConnected => "Sem conexão. O texto fica guardado aqui.".to_owned(),
        ComposerError::TooLong(limits) => format!(
            "Mensagem longa demais: o máximo é de cerca de {} caracteres e {} linhas.",
            limits.text, limits.lines
        ),
        ComposerError::UnknownCommand(word) => {
            let word = cut(word, MAX_COMMAND);
            format!("'{word}' não é um comando: veja /ajuda, ou comece com //.")
        }
        ComposerError::ToSelf => TO_ONESELF.to_owned(),
        ComposerError::BadFormat => BAD_FORMAT.to_owned(),
        ComposerError::NoSuchUser(name) => no_such_user(name),
        ComposerError::PartnerAbsent(name) => format!("{name} não está no chat."),
    }
}

/// The use of those limits of a message that are nearly reached.
pub fn limit_note(note: &LimitNote) -> String {
    let LimitNote { bytes, lines, limits } = note;
    // Rounded up, so that a text that is too long never shows 100 %.
    let percent = |bytes: usize| bytes.saturating_mul(100).div_ceil(limits.text.max(1));
    let size = bytes.map(|bytes| format!("{}% do tamanho máximo", percent(bytes)));
    let lines = lines.map(|lines| format!("{lines} de {} linhas", limits.lines));
    let used: Vec<String> = size.into_iter().chain(lines).collect();
    format!("{}{}", if note.is_over() { "Longa demais: " } else { "" }, used.join(", "))
}
