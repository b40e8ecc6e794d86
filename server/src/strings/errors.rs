//! The system's errors in words.

use std::io::{Error, ErrorKind};

use crate::os::errors::{self, ErrorKind as OsErrorKind};

/// An error with a connection, an address or a terminal.
pub fn plain(error: &Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => "a porta já está em uso".into(),
        ErrorKind::AddrNotAvailable => "esse endereço não é desta máquina".into(),
        ErrorKind::PermissionDenied => "sem permissão para essa porta".into(),
        ErrorKind::NotConnected => "fechada".into(),
        _ => of_any(error),
    }
}

/// An error with a file.
pub(super) fn of_file(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "a pasta não existe".into(),
        ErrorKind::PermissionDenied => "sem permissão".into(),
        ErrorKind::InvalidInput => "esse nome não serve para um arquivo".into(),
        _ => of_any(error),
    }
}

/// Errors that are the same wherever they happen. The system's own sentences are never shown: they would be English.
fn of_any(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::AlreadyExists => "já existe um arquivo com esse nome",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "não há espaço no disco",
        ErrorKind::FileTooLarge => "o arquivo ficou grande demais",
        ErrorKind::ReadOnlyFilesystem => "o disco é somente para leitura",
        ErrorKind::IsADirectory => "é uma pasta",
        ErrorKind::NotADirectory => "parte do caminho não é uma pasta",
        ErrorKind::InvalidFilename => "o nome é longo demais ou não serve para um arquivo",
        ErrorKind::NotFound => "não existe",
        ErrorKind::PermissionDenied => "sem permissão",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "está em uso",
        ErrorKind::StaleNetworkFileHandle => "a pasta da rede mudou",
        ErrorKind::ConnectionReset => "interrompida pelo outro lado",
        ErrorKind::ConnectionRefused => "recusada pelo outro lado",
        ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted => "fechada",
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => "a rede não responde",
        ErrorKind::HostUnreachable => "a outra máquina não responde",
        ErrorKind::TimedOut => "sem resposta",
        ErrorKind::OutOfMemory => "não há memória",
        ErrorKind::Interrupted => "interrompido",
        ErrorKind::Unsupported => "o sistema não permite isso",
        _ => return of_number(error),
    };
    words.into()
}

/// Errors without a kind in the standard library, by their numbers; an error without a number is one of our own.
fn of_number(error: &Error) -> String {
    let Some(number) = error.raw_os_error() else {
        let is_own = error.get_ref().is_some();
        return if is_own { error.to_string() } else { "erro do sistema".into() };
    };
    match errors::kind(error) {
        Some(OsErrorKind::TooManyFiles) => "o sistema não permite mais arquivos abertos".into(),
        Some(OsErrorKind::Device) => "o disco ou o terminal falhou".into(),
        Some(OsErrorKind::Loop) => "os atalhos do caminho dão voltas".into(),
        Some(OsErrorKind::NoDevice) => "o dispositivo não existe".into(),
        None => format!("erro {number} do sistema"),
    }
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn no_error_of_the_system_is_told_in_english() {
        for number in 1..200 {
            let error = Error::from_raw_os_error(number);
            let system = error.to_string();
            let system = system.split(" (os error").next().unwrap();
            for told in [plain(&error), of_file(&error)] {
                assert!(!told.contains("os error") && !told.contains(system), "{told}");
            }
        }
        for (number, told) in [
            (Errno::NAMETOOLONG, "o nome é longo demais ou não serve para um arquivo"),
            (Errno::ISDIR, "é uma pasta"),
            (Errno::NOTDIR, "parte do caminho não é uma pasta"),
            (Errno::MFILE, "o sistema não permite mais arquivos abertos"),
            (Errno::XFULL, "erro 54 do sistema"),
        ] {
            assert_eq!(of_file(&Error::from_raw_os_error(number.raw_os_error())), told);
        }
        assert_eq!(plain(&Error::other("o sistema não forneceu números aleatórios")), super::super::NO_ENTROPY);
        assert_eq!(plain(&ErrorKind::UnexpectedEof.into()), "erro do sistema");
    }
}
