//! Texts for the operator about single messages, and about a lesson that begins.

use std::fmt::Display;

use papo_common::{Message, Text};

use crate::history::Removal;

/// The usage of `apagar`.
pub const USAGE_REMOVE: &str = "apagar N [N-M ...], com os números que 'historico' mostra, até 200 de uma vez";
/// In the log: a lesson begins.
pub const LESSON_LOGGED: &str = "nova aula: quem chega só vê o que for dito daqui em diante";
/// The answer to the command.
pub const LESSON_BEGUN: &str = "Nova aula: quem chega, rola ou busca só vê o que for dito daqui em diante.";
/// The author of notices among messages. No member can have a name with spaces.
pub const SERVER: &str = "Aviso do servidor";
/// The messages will be removed once the history can be written.
pub const REMOVAL_PENDING: &str =
    "O histórico não pode ser gravado agora: o arquivo perde essas mensagens assim que voltar.";

/// A public message with its number and time of day.
pub fn message_line(message: &Message, at: impl Display) -> String {
    let Message { seq, from, text, .. } = message;
    format!("{seq:>5} {at} {from}: {}", text.as_str().replace('\n', "\n            "))
}

/// A notice with its time of day.
pub fn notice_line(text: &Text, at: impl Display) -> String {
    format!("      {at} {SERVER}: {text}")
}

/// The outcomes of removing messages.
pub fn removals(removals: &[(u64, Removal)]) -> String {
    let lines = [Removal::Removed, Removal::AlreadyRemoved, Removal::NotFound].into_iter().filter_map(|kind| {
        let seqs: Vec<u64> = removals.iter().filter(|(_, removal)| *removal == kind).map(|(seq, _)| *seq).collect();
        let (is_one, list) = (seqs.len() == 1, list(&seqs)?);
        Some(match (kind, is_one) {
            (Removal::Removed, true) => format!("Mensagem apagada: {list}."),
            (Removal::Removed, false) => format!("Mensagens apagadas: {list}."),
            (Removal::AlreadyRemoved, true) => format!("Já estava apagada: {list}."),
            (Removal::AlreadyRemoved, false) => format!("Já estavam apagadas: {list}."),
            (Removal::NotFound, true) => format!("Não há mensagem com esse número: {list}."),
            (Removal::NotFound, false) => format!("Não há mensagens com esses números: {list}."),
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// In the log: messages were removed.
pub fn removed_by_operator(seqs: &[u64]) -> Option<String> {
    let list = list(seqs)?;
    Some(if seqs.len() == 1 {
        format!("mensagem {list} apagada pelo operador")
    } else {
        format!("mensagens {list} apagadas pelo operador")
    })
}

/// `12, 15-18`; `None` for none at all.
fn list(seqs: &[u64]) -> Option<String> {
    let runs = seqs.chunk_by(|one, next| one + 1 == *next).filter_map(|run| match run {
        [] => None,
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first}-{last}")),
    });
    Some(runs.collect::<Vec<_>>().join(", ")).filter(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_told_in_short() {
        for (seqs, told) in
            [(&[][..], None), (&[7], Some("7")), (&[7, 9, 10], Some("7, 9-10")), (&[1, 2, 3, 5], Some("1-3, 5"))]
        {
            assert_eq!(list(seqs).as_deref(), told);
        }
    }
}
