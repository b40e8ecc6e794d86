//! What the operator reads about stored history.

use std::fmt::{self, Display};
use std::io::Error;
use std::path::Path;

use jiff::tz::Offset;
use rusqlite::ErrorCode;

use super::errors::of_file;
use super::lesson::SERVER;
use crate::history::{History, HistoryError, Labels};

/// The usage of `exportar`.
pub const USAGE_EXPORT: &str = "exportar ARQUIVO";
/// The usage of `presenca`.
pub const USAGE_ATTENDANCE: &str = "presenca ARQUIVO";
/// The usage of `copiar`.
pub const USAGE_COPY: &str = "copiar ARQUIVO";
/// The usage of `historico`.
pub const USAGE_HISTORY: &str = "historico [N], com N de 1 a 200";
/// Another file is being written.
pub const JOB_RUNNING: &str = "Ainda há um arquivo sendo gravado. Tente daqui a pouco.";
/// There is no history to write to a file.
pub const NO_HISTORY: &str = "O histórico está desligado: não há o que gravar.";
/// There are no messages.
pub const NO_MESSAGES: &str = "Nada foi dito ainda.";

/// The words of exported files.
pub const EXPORT_LABELS: Labels = Labels { message_titles, attendance_titles, notice_author: SERVER };

/// The titles of an exported table of messages, whose times are in `zone`.
fn message_titles(zone: Offset) -> Vec<String> {
    vec!["Número".into(), format!("Quando ({})", utc(zone)), "Quem".into(), "Texto".into()]
}

/// The titles of an exported table of visits, whose times are in `zone`.
fn attendance_titles(zone: Offset) -> Vec<String> {
    let zone = utc(zone);
    let (came, left) = (format!("Entrada ({zone})"), format!("Saída ({zone})"));
    vec!["Nome".into(), "Endereço".into(), came, left, "Minutos".into()]
}

/// A time zone by its distance from UTC: `UTC-3`, `UTC+5:30`, `UTC`.
fn utc(zone: Offset) -> String {
    let minutes = zone.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".into(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// A file was written.
pub fn job_done(path: &Path, rows: u64) -> String {
    let lines = if rows == 1 { "1 linha".into() } else { format!("{rows} linhas") };
    format!("Gravado em {} ({lines}).", path.display())
}

/// A file could not be written.
pub fn cannot_write(path: &Path, error: &Error) -> String {
    format!("Não foi possível gravar em {}: {}.", path.display(), of_file(error))
}

/// The history failed while a file was written.
pub fn job_aborted(path: &Path) -> String {
    format!("A gravação em {} parou pela metade, e o arquivo foi apagado: o histórico falhou.", path.display())
}

/// The history could not be copied.
pub fn cannot_copy(path: &Path, error: &HistoryError) -> String {
    format!("Não foi possível copiar o histórico para {}: {error}.", path.display())
}

/// The history is stored again, with the number of messages that waited, and of messages lost meanwhile.
pub fn history_restored(path: &Path, kept: u64, lost: u64) -> String {
    let kept = match kept {
        0 => String::new(),
        1 => "; 1 mensagem que esperava foi gravada".into(),
        n => format!("; {n} mensagens que esperavam foram gravadas"),
    };
    let lost = match lost {
        0 => String::new(),
        1 => "; 1 mensagem não foi guardada".into(),
        n => format!("; {n} mensagens não foram guardadas"),
    };
    format!("Histórico ligado de novo em {}{kept}{lost}.", path.display())
}

/// The machine's clock has jumped.
pub fn clock_jumped(expected: impl Display) -> String {
    format!("A data ou a hora desta máquina mudou de repente: agora deveriam ser {expected}.")
}

/// This run begins, by the clock, before the last one ended.
pub fn odd_date(now: impl Display, last: impl Display) -> String {
    format!("A data desta máquina está certa? Aqui são {now}, e a última coisa guardada é de {last}.")
}

/// The path of the history and its size.
pub fn history_status(history: &History) -> String {
    let path = history.path().display();
    match (history.usage(), history.error()) {
        (Some((messages, bytes)), _) => {
            format!("Histórico: {path}, mensagens: {messages}, {:.1} MiB", bytes as f64 / 1_048_576.0)
        }
        (None, Some(error)) => history_failed(history.path(), error),
        (None, None) => "Histórico: desligado".into(),
    }
}

/// The history has failed.
pub fn history_failed(path: &Path, error: &HistoryError) -> String {
    format!("Histórico desligado, o chat continua só na memória: {error} ({})", path.display())
}

impl Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HistoryError::Io(error) => f.write_str(&of_file(error)),
            HistoryError::ReadOnly => f.write_str("o arquivo ou a pasta não pode ser gravado"),
            HistoryError::Moved => f.write_str("o arquivo foi movido, apagado ou trocado por outro"),
            HistoryError::Locked => f.write_str("o arquivo está em uso por outro programa"),
            HistoryError::Full => f.write_str("não há espaço no disco"),
            HistoryError::Corrupt => f.write_str("o arquivo está danificado"),
            HistoryError::Foreign => f.write_str("o arquivo é de outro programa"),
            HistoryError::Newer => f.write_str("o arquivo é de uma versão mais nova do Papo"),
            HistoryError::Other(error) => match error.sqlite_error() {
                Some(error) if error.code == ErrorCode::SystemIoFailure => f.write_str("o disco falhou"),
                Some(error) => write!(f, "erro {} do banco de dados", error.extended_code),
                None => f.write_str("o arquivo não é o que devia ser"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_named_by_its_distance() {
        for (minutes, name) in
            [(-180, "UTC-3"), (0, "UTC"), (120, "UTC+2"), (330, "UTC+5:30"), (-150, "UTC-2:30"), (-30, "UTC-0:30")]
        {
            assert_eq!(utc(Offset::from_seconds(minutes * 60).unwrap()), name);
        }
    }
}
