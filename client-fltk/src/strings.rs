//! What people read of the program. Brazilian Portuguese.

pub mod accessibility;
pub mod alerts;
pub mod chooser;
pub mod help;
pub mod status;
pub mod transcript;
pub mod window;

use std::fmt::Display;
use std::io::{self, ErrorKind};

use papo_common::{Limits, Name};

use crate::net::{AddressError, ConnectError};

/// `papo --help`.
pub const HELP: &str = "\
Papo: bate-papo na rede local.

Uso: papo [--server ENDEREÇO] [--name NOME]

  --server ENDEREÇO  servidor: host, host:porta, [v6] ou [v6]:porta (porta padrão: 12345)
  --name NOME        nome com que entrar; com --server, entra logo
  --help             mostra esta ajuda
  --version          mostra a versão
";

/// Nothing can be printed.
pub const NO_OUTPUT: &str = "Não foi possível escrever na saída";
/// An argument that is not even text.
pub const BAD_ARGUMENT: &str = "Argumento inválido. Use --help para ver as opções.";
/// There is nowhere to open a window.
pub const NO_DISPLAY: &str =
    "Não há tela onde abrir a janela (DISPLAY não está definida). Rode o papo em uma sessão gráfica.";

/// The title of the alert when the connection asked for could not be made.
pub const CONNECTION_ERROR: &str = "Erro de conexão";
/// Its text; the reason stands under it.
pub const SERVER_UNAVAILABLE: &str = "Servidor indisponível ou entrada inválida.";
/// The title of the alert when the server ended, or put one out.
pub const DISCONNECTED: &str = "Desconectado";
/// Its text when the server ended.
pub const SERVER_CLOSED: &str = "O servidor foi encerrado. O chat será fechado.";
/// Its text when the operator removed this member and gave no reason.
pub const KICKED: &str = "Você foi removido por decisão do operador.";
/// The question under it.
pub const SAVE_QUESTION: &str = "Deseja salvar a conversa?";
/// The answer that saves.
pub const SAVE: &str = "Salvar…";
/// The answer that does not.
pub const DO_NOT_SAVE: &str = "Não salvar";
/// The title of the alert when the conversation could not be written.
pub const NOT_SAVED: &str = "A conversa não foi salva";
/// The server took the connection and gave it up before one was in.
pub const CLOSED_BEFORE_WELCOME: &str = "O servidor encerrou a conexão.";
/// Something answers there that does not speak as a Papo server does.
pub const NO_WELCOME: &str = "Algo responde nesse endereço, mas não como um servidor do Papo.";

/// At a message of which nobody knows whether it arrived: the connection ended, or the server did not say so.
pub const NOT_CONFIRMED: &str = "O servidor não confirmou.";
/// At a private message that was not confirmed, and whose addressee's name came back with another id.
pub const ANOTHER_ADDRESSEE: &str = "Quem usa esse nome agora pode ser outra pessoa.";
/// At a private message that the server kept for somebody whose session is over.
pub const NEVER_READ: &str = "Não foi lida: a outra pessoa não voltou a tempo.";
/// In the room where something that was said while one was away is missing.
pub const BACK: &str = "Você voltou. Parte do que foi dito nesse intervalo pode estar faltando.";
/// At a message that could not be sent again for want of a connection.
pub const NOT_SENT_AGAIN: &str = "Sem conexão. Tente de novo depois.";
/// In place of a message that was given up.
pub const DISCARDED: &str = "Mensagem descartada.";
/// In place of one's own message that the operator took back.
pub const OWN_REMOVED: &str = "Sua mensagem foi apagada pelo operador.";
/// At the field while nothing can be sent.
pub const NOT_CONNECTED: &str = "Sem conexão. O texto fica guardado aqui.";

/// In place of a message that the operator took back.
pub fn removed(from: impl Display) -> String {
    format!("Uma mensagem de {from} foi apagada pelo operador.")
}

/// Why a text is no address.
pub fn address_error(error: AddressError) -> &'static str {
    match error {
        AddressError::Empty => "Digite o endereço do servidor.",
        AddressError::Page => "Digite só o endereço ou endereço:porta, sem http:// na frente.",
        AddressError::Host => "Esse endereço não é válido. Exemplos: 192.168.0.2, servidor:12345, [fe80::1]:12345.",
        AddressError::Port => "A porta deve ser um número de 1 a 65535, como em servidor:12345.",
    }
}

/// Why a connection could not be made, and what one can do about it.
pub fn connect_error(error: ConnectError) -> &'static str {
    match error {
        ConnectError::Refused => "O servidor não está em execução naquela máquina.",
        ConnectError::NoAnswer => "Ninguém respondeu: o endereço está errado ou um firewall bloqueia o caminho.",
        ConnectError::NotFound => "Nenhuma máquina com esse nome foi encontrada na rede.",
        ConnectError::Unreachable => "Este computador não consegue usar a rede. Verifique a conexão.",
    }
}

/// The alert's text with the reason in plain words under it.
pub fn unavailable(reason: &str) -> String {
    format!("{SERVER_UNAVAILABLE}\n\n{reason}")
}

/// To whom the operator removed, for a reason.
pub fn kicked(reason: &str) -> String {
    format!("Você foi removido: {reason}")
}

/// To whom the operator banned; the server's sentence follows.
pub fn banned(sentence: &str) -> String {
    format!("Você foi banido. {sentence}")
}

/// To whoever tries to write to someone who is not there.
pub fn not_here(name: &str) -> String {
    format!("{name} não está no chat.")
}

/// To whoever tries to send a text over the limits.
pub fn too_long(limits: &Limits) -> String {
    format!("Mensagem longa demais: o máximo é de cerca de {} caracteres e {} linhas.", limits.text, limits.lines)
}

/// How much of a message's limits is used, of those that are near.
pub fn limit_note(bytes: Option<usize>, lines: Option<usize>, limits: &Limits) -> String {
    let is_over = bytes.is_some_and(|bytes| bytes > limits.text) || lines.is_some_and(|lines| lines > limits.lines);
    // Rounded up, so that what is too long is never a hundred.
    let percent = |bytes: usize| bytes.saturating_mul(100).div_ceil(limits.text.max(1));
    let size = bytes.map(|bytes| format!("{}% do tamanho máximo", percent(bytes)));
    let lines = lines.map(|lines| format!("{lines} de {} linhas", limits.lines));
    let used: Vec<String> = size.into_iter().chain(lines).collect();
    format!("{}{}", if is_over { "Longa demais: " } else { "" }, used.join(", "))
}

/// To whoever types a command that does not exist.
pub fn unknown_command(word: &str) -> String {
    let word: String = word.chars().take(32).collect();
    format!("'{word}' não é um comando: veja /ajuda, ou comece com //.")
}

/// After `/som`.
pub const SOUND_IS_ON: &str = "Os avisos agora têm som.";
/// After `/som`.
pub const SOUND_IS_OFF: &str = "Os avisos agora são silenciosos.";

/// Where one stands among what was found.
pub fn found(current: Option<usize>, count: usize, is_more: bool) -> String {
    let more = if is_more { "+" } else { "" };
    current.map_or_else(|| "Nada encontrado".to_owned(), |current| format!("{} de {count}{more}", current + 1))
}

/// In the find bar while nothing is found in what was fetched so far.
pub const ASK_SERVER: &str = "Nada aqui; Enter procura no servidor";
/// In the find bar where nothing was found, but not everything was looked at.
pub const NOT_ALL_SEEN: &str = "Nada até aqui, mas nem tudo foi visto";
/// In the find bar while the server looks for older messages.
pub const SEARCHING: &str = "procurando no servidor…";

/// Beside the field of the name.
pub const NAME_IN_USE: &str = "Esse nome já está em uso. Tente outro; se era você, espere um minuto.";

/// A conversation that was written to a file.
pub fn saved(path: &str) -> String {
    format!("Conversa salva em {path}.")
}

/// A link that the desktop could not open.
pub fn link_not_opened(link: &str) -> String {
    format!("Não foi possível abrir {link}.")
}

/// In a private conversation, when its name came back with another id.
pub fn another_person(name: &Name) -> String {
    format!("{name} entrou de novo e pode ser outra pessoa.")
}

/// In the place shown, when a private message was sent from there and stands elsewhere.
pub fn whispered(name: &Name) -> String {
    format!("Você escreveu para {name} em privado.")
}

/// In the place shown, when a private message that stands elsewhere failed.
pub fn whisper_failed(name: &Name, reason: &str) -> String {
    format!("A mensagem privada para {name} não foi entregue: {reason}")
}

/// The file that the conversation should go to cannot be written.
pub fn not_written(path: &impl Display, error: &io::Error) -> String {
    format!("Não foi possível escrever em {path}.\n\n{}", write_error(error))
}

/// Why a file cannot be written. The system's own words are English.
fn write_error(error: &io::Error) -> String {
    let sentence = match error.kind() {
        ErrorKind::PermissionDenied => "Você não tem permissão para gravar nesse lugar.",
        ErrorKind::NotFound | ErrorKind::NotADirectory => "Essa pasta não existe.",
        ErrorKind::IsADirectory => "Já existe uma pasta com esse nome.",
        ErrorKind::StorageFull => "O disco está cheio.",
        ErrorKind::QuotaExceeded => "Você já usa todo o espaço em disco que pode usar.",
        ErrorKind::ReadOnlyFilesystem => "Esse disco só pode ser lido.",
        ErrorKind::InvalidFilename => "Esse nome de arquivo não é válido.",
        _ => return error.raw_os_error().map_or_else(|| OTHER_ERROR.to_owned(), other_error),
    };
    sentence.to_owned()
}

const OTHER_ERROR: &str = "O sistema recusou a gravação.";

fn other_error(code: i32) -> String {
    format!("O sistema recusou a gravação (erro {code}).")
}

/// To whoever started the program from a terminal.
pub fn settings_not_saved(error: &io::Error) -> String {
    format!("papo: não foi possível guardar as preferências. {}", write_error(error))
}

/// An option with a value that cannot be used.
pub fn bad_option(option: &str, value: &str, reason: &str) -> String {
    format!("Valor inválido '{value}' para {option}: {reason}")
}

/// An option without its value.
pub fn missing_value(option: &str) -> String {
    format!("A opção '{option}' precisa de um valor. Use --help para ver as opções.")
}

/// An option or argument that does not exist.
pub fn unknown_argument(argument: &str) -> String {
    format!("Argumento desconhecido '{argument}'. Use --help para ver as opções.")
}

/// An option that takes no value got one.
pub fn unexpected_value(option: &str) -> String {
    format!("A opção '{option}' não aceita valor. Use --help para ver as opções.")
}

/// There is a display, but it takes no connection.
pub fn display_unreachable(display: &str) -> String {
    format!("Não foi possível abrir a tela '{display}'. Verifique a variável DISPLAY.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_said_in_portuguese() {
        for (error, expected) in [
            (ErrorKind::PermissionDenied.into(), "Você não tem permissão para gravar nesse lugar."),
            (ErrorKind::StorageFull.into(), "O disco está cheio."),
            (ErrorKind::Other.into(), "O sistema recusou a gravação."),
            (io::Error::from_raw_os_error(5), "O sistema recusou a gravação (erro 5)."),
        ] {
            assert_eq!(not_written(&"/a", &error), format!("Não foi possível escrever em /a.\n\n{expected}"));
        }
    }
}
