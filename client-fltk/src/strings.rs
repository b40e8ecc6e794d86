//! What people read of the program. Brazilian Portuguese.

pub mod accessibility;
pub mod alerts;
pub mod composer;
pub mod connecting;
pub mod find;
pub mod help;
pub mod notices;
pub mod status;
pub mod transcript;
pub mod window;

use std::io::{self, ErrorKind};

use crate::core::dialogs::WriteProblem;

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

/// The question under it.
pub const SAVE_QUESTION: &str = "Deseja salvar a conversa?";
/// The answer that saves.
pub const SAVE: &str = "Salvar…";
/// The answer that does not.
pub const DO_NOT_SAVE: &str = "Não salvar";
/// The title of the alert when the conversation could not be written.
pub const NOT_SAVED: &str = "A conversa não foi salva";

/// The file that the conversation should go to cannot be written.
pub fn not_written(path: &str, problem: WriteProblem) -> String {
    format!("Não foi possível escrever em {path}.\n\n{}", write_error(problem))
}

/// Why a file cannot be written. The system's own words are English.
fn write_error(WriteProblem { kind, code }: WriteProblem) -> String {
    let sentence = match kind {
        ErrorKind::PermissionDenied => "Você não tem permissão para gravar nesse lugar.",
        ErrorKind::NotFound | ErrorKind::NotADirectory => "Essa pasta não existe.",
        ErrorKind::IsADirectory => "Já existe uma pasta com esse nome.",
        ErrorKind::StorageFull => "O disco está cheio.",
        ErrorKind::QuotaExceeded => "Você já usa todo o espaço em disco que pode usar.",
        ErrorKind::ReadOnlyFilesystem => "Esse disco só pode ser lido.",
        ErrorKind::InvalidFilename => "Esse nome de arquivo não é válido.",
        _ => return code.map_or_else(|| OTHER_ERROR.to_owned(), other_error),
    };
    sentence.to_owned()
}

const OTHER_ERROR: &str = "O sistema recusou a gravação.";

fn other_error(code: i32) -> String {
    format!("O sistema recusou a gravação (erro {code}).")
}

/// To whoever started the program from a terminal.
pub fn settings_not_saved(error: &io::Error) -> String {
    format!("papo: não foi possível guardar as preferências. {}", write_error(error.into()))
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
            assert_eq!(not_written("/a", (&error).into()), format!("Não foi possível escrever em /a.\n\n{expected}"));
        }
    }
}
