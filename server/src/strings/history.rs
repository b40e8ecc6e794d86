//! What the operator reads about stored history.

use std::fmt::{self, Display};
use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::history::{History, Trouble};

/// How what was said is written to a file.
pub const USE_EXPORT: &str = "exportar ARQUIVO";
/// How it is written to a file who was there.
pub const USE_ATTENDANCE: &str = "presenca ARQUIVO";
/// How many of the last messages are shown.
pub const USE_HISTORY: &str = "historico [N], com N de 1 a 200";
/// What stands above the columns of an exported table of messages.
pub const MESSAGE_TITLES: [&str; 4] = ["numero", "quando", "nome", "texto"];
/// What stands above the columns of an exported table of who was there.
pub const ATTENDANCE_TITLES: [&str; 5] = ["nome", "endereco", "entrou", "saiu", "minutos"];
/// One file at a time.
pub const STILL_EXPORTING: &str = "Ainda há um arquivo sendo gravado. Tente daqui a pouco.";
/// There is nothing that could be written to a file.
pub const NOTHING_KEPT: &str = "O histórico está desligado: não há o que gravar.";
/// Nobody has said anything.
pub const NOTHING_SAID: &str = "Nada foi dito ainda.";

/// A file is written.
pub fn exported(path: &Path, rows: u64) -> String {
    let lines = if rows == 1 { "1 linha".into() } else { format!("{rows} linhas") };
    format!("Gravado em {} ({lines}).", path.display())
}

/// A file cannot be written.
pub fn cannot_export(path: &Path, error: &Error) -> String {
    format!("Não foi possível gravar em {}: {}.", path.display(), of_file(error))
}

/// The history failed while a file of it was written.
pub fn export_stopped(path: &Path) -> String {
    format!("A gravação em {} parou pela metade, e o arquivo foi apagado: o histórico falhou.", path.display())
}

/// Where history is kept and how much there is of it.
pub fn history(history: &History) -> String {
    let path = history.path().display();
    match (history.extent(), history.trouble()) {
        (Some((messages, bytes)), _) => {
            format!("Histórico: {path}, mensagens: {messages}, {:.1} MiB", bytes as f64 / 1_048_576.0)
        }
        (None, Some(trouble)) => no_history(history.path(), trouble),
        (None, None) => "Histórico: desligado".into(),
    }
}

/// There is no history although there should be.
pub fn no_history(path: &Path, trouble: &Trouble) -> String {
    format!("Histórico desligado, o chat continua só na memória: {trouble} ({})", path.display())
}

impl Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Place(error) => f.write_str(&of_file(error)),
            Trouble::ReadOnly => f.write_str("o arquivo ou a pasta não pode ser gravado"),
            Trouble::Locked => f.write_str("o arquivo está em uso por outro programa"),
            Trouble::Full => f.write_str("não há espaço no disco"),
            Trouble::Corrupt => f.write_str("o arquivo está danificado"),
            Trouble::Foreign => f.write_str("o arquivo é de outro programa"),
            Trouble::Newer => f.write_str("o arquivo é de uma versão mais nova do Papo"),
            Trouble::Other(error) => write!(f, "{error}"),
        }
    }
}

/// An error with a file in words.
fn of_file(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "a pasta não existe".into(),
        ErrorKind::PermissionDenied => "sem permissão".into(),
        ErrorKind::AlreadyExists => "já existe um arquivo com esse nome".into(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "não há espaço no disco".into(),
        ErrorKind::ReadOnlyFilesystem => "o disco é somente para leitura".into(),
        ErrorKind::IsADirectory => "é uma pasta".into(),
        _ => error.to_string(),
    }
}
