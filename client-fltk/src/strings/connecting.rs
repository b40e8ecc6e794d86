//! Sentences about entering: problems with the fields, failed attempts, and the end of a chat.

use papo_common::{Text, sentences};

use crate::core::{ConnectFailure, Ending, NameProblem, SessionEnd};
use crate::net::{AddressError, ConnectError};

/// The title of the alert that nobody got in.
pub const CONNECTION_ERROR: &str = "Erro de conexão";
/// The title of the alert that the chat is over.
pub const DISCONNECTED: &str = "Desconectado";

/// The text of the alert that nobody got in.
pub fn failure(failure: &ConnectFailure) -> String {
    let reason = match failure {
        ConnectFailure::Refused { reason, detail } => return said(detail.as_ref(), sentences::refusal(*reason)),
        ConnectFailure::Connect(error) => connect_error(*error).to_owned(),
        ConnectFailure::ClosedBeforeWelcome => "O servidor encerrou a conexão.".to_owned(),
        ConnectFailure::NoWelcome => "Algo responde nesse endereço, mas não como um servidor do Papo.".to_owned(),
        ConnectFailure::Closed { reason, detail } => said(detail.as_ref(), sentences::closing(*reason)),
        ConnectFailure::Ended(it) => ending(it),
    };
    format!("Servidor indisponível ou entrada inválida.\n\n{reason}")
}

/// The sentence about the end of a chat.
pub fn ending(Ending { end, detail }: &Ending) -> String {
    use papo_common::CloseReason::{Banned, Kicked, Replaced};
    let detail = detail.as_ref();
    match end {
        SessionEnd::ServerClosed => "O servidor foi encerrado. O chat será fechado.".to_owned(),
        SessionEnd::Kicked => match detail.map(Text::as_str).filter(|&it| it != sentences::closing(Kicked)) {
            Some(reason) => format!("Você foi removido: {reason}"),
            None => "Você foi removido por decisão do operador.".to_owned(),
        },
        SessionEnd::Banned => format!("Você foi banido. {}", said(detail, sentences::closing(Banned))),
        SessionEnd::Replaced => said(detail, sentences::closing(Replaced)),
    }
}

/// The sentence about a problem with the name.
pub fn name_problem(problem: NameProblem) -> &'static str {
    match problem {
        NameProblem::Invalid(error) => sentences::name_error(error),
        NameProblem::InUse => "Esse nome já está em uso. Tente outro; se era você, espere um minuto.",
        NameProblem::Refused(reason) => sentences::refusal(reason),
    }
}

/// The sentence about a text that is no address.
pub fn address_error(error: AddressError) -> &'static str {
    match error {
        AddressError::Empty => "Digite o endereço do servidor.",
        AddressError::Page => "Digite só o endereço ou endereço:porta, sem http:// na frente.",
        AddressError::Host => "Esse endereço não é válido. Exemplos: 192.168.0.2, servidor:12345, [fe80::1]:12345.",
        AddressError::Port => "A porta deve ser um número de 1 a 65535, como em servidor:12345.",
    }
}

/// The sentence about a connection that could not be made, and what can be done about it.
fn connect_error(error: ConnectError) -> &'static str {
    match error {
        ConnectError::Refused => "O servidor não está em execução naquela máquina.",
        ConnectError::NoAnswer => "Ninguém respondeu: o endereço está errado ou um firewall bloqueia o caminho.",
        ConnectError::NotFound => "Nenhuma máquina com esse nome foi encontrada na rede.",
        ConnectError::Unreachable => "Este computador não consegue usar a rede. Verifique a conexão.",
    }
}

/// The server's words; `usual` where it had none.
pub(super) fn said(detail: Option<&Text>, usual: &str) -> String {
    detail.map_or(usual, Text::as_str).to_owned()
}
