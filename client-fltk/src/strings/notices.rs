//! Sentences of the lines that the program itself adds to a conversation, and at messages that were not delivered.

use papo_common::sentences::{MALFORMED, closing};

use crate::core::{Failure, LocalNotice};
use crate::strings::connecting::said;

/// The notice in the place of messages that were said while this member was away and are missing.
pub const MISSED_MESSAGES: &str = "Você voltou. Parte do que foi dito nesse intervalo pode estar faltando.";

/// The sentence of a line in a conversation.
pub fn notice(notice: &LocalNotice) -> String {
    match notice {
        LocalNotice::MissedMessages => MISSED_MESSAGES.to_owned(),
        LocalNotice::Discarded => "Mensagem descartada.".to_owned(),
        LocalNotice::OwnRemoved => "Sua mensagem foi apagada pelo operador.".to_owned(),
        LocalNotice::Removed(from) => format!("Uma mensagem de {from} foi apagada pelo operador."),
        LocalNotice::AnotherPerson(name) => format!("{name} entrou de novo e pode ser outra pessoa."),
        LocalNotice::Whispered(name) => format!("Você escreveu para {name} em privado."),
        LocalNotice::WhisperFailed { to, failure: reason } => {
            format!("A mensagem privada para {to} não foi entregue: {}", failure(reason))
        }
        LocalNotice::Problem(detail) => said(detail.as_ref(), MALFORMED),
        LocalNotice::Closed { reason, detail } => said(detail.as_ref(), closing(*reason)),
        LocalNotice::SoundOn => "Os avisos agora têm som.".to_owned(),
        LocalNotice::SoundOff => "Os avisos agora são silenciosos.".to_owned(),
        LocalNotice::Saved(path) => format!("Conversa salva em {path}."),
        LocalNotice::LinkNotOpened(link) => format!("Não foi possível abrir {link}."),
    }
}

/// The sentence about a message that was not delivered.
pub fn failure(failure: &Failure) -> String {
    let sentence = match failure {
        Failure::NotConfirmed => "O servidor não confirmou.",
        Failure::AnotherAddressee => "Quem usa esse nome agora pode ser outra pessoa.",
        Failure::NeverRead => "Não foi lida: a outra pessoa não voltou a tempo.",
        Failure::NotConnected => "Sem conexão. Tente de novo depois.",
        Failure::Refused(detail) => return said(detail.as_ref(), MALFORMED),
    };
    sentence.to_owned()
}
