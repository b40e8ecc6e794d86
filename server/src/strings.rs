//! All that the operator reads.

use std::fmt::{self, Display, Write as _};
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

use papo_common::{DEFAULT_PORT, Dialect};

use crate::room::Member;

/// The first line on the console.
pub const RUNNING: &str = "Servidor está funcionando...";
/// Before the addresses.
pub const REACHED_AT: &str = "Endereços para entrar:";
/// Asks for a command.
pub const PROMPT: &str = "Digite 'sair' para encerrar o servidor: ";
/// When the server begins to end.
pub const ENDING: &str = "Encerrando o servidor...";
/// The last line on the console.
pub const ENDED: &str = "Servidor encerrado com sucesso.";
/// Before [`COMMANDS`], to something that is none of them.
pub const UNKNOWN_COMMAND: &str = "Comando desconhecido.";
/// The list of commands.
pub const COMMANDS: &str = "\
Comandos:
  usuarios  quem está no chat
  ajuda     esta lista
  sair      encerra o servidor";
/// The log's name in the folder of the user's own files.
pub const LOG_FILE: &str = "servidor.log";
/// Nothing can be printed.
pub const NO_OUTPUT: &str = "Não foi possível escrever na saída";
/// The system does not let the server wait for signals.
pub const NO_SIGNALS: &str = "Não foi possível preparar o encerramento por sinal";
/// The system does not let the server wait for connections.
pub const NO_POLL: &str = "Não foi possível esperar por conexões";
/// In the log, when the system gives no random numbers.
pub const NO_ENTROPY: &str = "o sistema não forneceu números aleatórios";

/// Where the log goes when the terminal is taken by the console.
pub fn log_at(path: &std::path::Path) -> String {
    format!("Registro em {}", path.display())
}

/// Who is there.
pub fn users<'a>(members: impl ExactSizeIterator<Item = &'a Member>) -> String {
    let mut text = match members.len() {
        0 => "Ninguém no chat.".to_owned(),
        1 => "1 pessoa no chat:".to_owned(),
        n => format!("{n} pessoas no chat:"),
    };
    for member in members {
        // Writing to memory cannot fail.
        let _ = write!(text, "\n  {} ({})", member.name, member.addr);
    }
    text
}

/// In the log: a member came.
pub fn came(member: &Member) -> impl Display {
    let dialect = match member.dialect {
        Dialect::Classic => "clássico",
        Dialect::Native => "nativo",
    };
    format!("{} ({}) entrou, {dialect}", member.name, member.addr)
}

/// In the log: a member went.
pub fn went(member: &Member, reason: &Reason) -> impl Display {
    format!("{} ({}) saiu: {reason}", member.name, member.addr)
}

/// In the log: a connection that never was a member's was closed by the server.
pub fn turned_away(addr: SocketAddr, reason: &Reason) -> impl Display {
    format!("conexão de {addr} fechada: {reason}")
}

/// In the log: the system cannot give the listener another connection, usually for want of descriptors.
pub fn cannot_accept(error: &Error) -> String {
    format!("novas conexões esperam: {}", plain(error))
}

/// Why a connection ended.
#[derive(Debug)]
pub enum Reason {
    /// The other side closed it.
    Left,
    /// It broke.
    Broken(Error),
    /// It sent a line longer than any may be.
    LineTooLong,
    /// It did not read what it was sent.
    Slow,
    /// It sent three times something else than a hello.
    NoHello,
}

impl Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Left => f.write_str("desconectou-se"),
            Reason::Broken(error) => write!(f, "conexão perdida ({})", plain(error)),
            Reason::LineTooLong => f.write_str("linha longa demais"),
            Reason::Slow => f.write_str("não leu o que lhe foi enviado"),
            Reason::NoHello => f.write_str("não disse o nome"),
        }
    }
}

/// An error of the system in words.
pub fn plain(error: &Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => "a porta já está em uso".into(),
        ErrorKind::AddrNotAvailable => "esse endereço não é desta máquina".into(),
        ErrorKind::PermissionDenied => "sem permissão para essa porta".into(),
        ErrorKind::ConnectionReset => "interrompida pelo outro lado".into(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted | ErrorKind::NotConnected => "fechada".into(),
        ErrorKind::TimedOut => "sem resposta".into(),
        _ => error.to_string(),
    }
}

/// The server could not begin to listen.
pub fn cannot_listen(addr: SocketAddr) -> String {
    format!("Não foi possível escutar em {addr}")
}

/// `--help`.
pub fn help() -> String {
    format!(
        "\
papo-server: o servidor do Papo, um chat para a rede local

Uso: papo-server [OPÇÕES]

Opções:
  --listen ENDEREÇO:PORTA  onde escutar [padrão: 0.0.0.0:{DEFAULT_PORT}]; IPv6 entre colchetes: [::]:{DEFAULT_PORT}
  --help                   mostra esta ajuda
  --version                mostra a versão

{COMMANDS}"
    )
}

/// `--version`.
pub fn version() -> String {
    format!("papo-server {}", env!("CARGO_PKG_VERSION"))
}

/// The command line cannot be understood.
#[derive(Debug, PartialEq, Eq)]
pub enum Usage {
    /// No such option, or a stray word.
    Unexpected(String),
    /// An option without its value.
    MissingValue(String),
    /// Not `ADDR:PORT`.
    NotAnAddress(String),
}

impl Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Usage::Unexpected(what) => write!(f, "Opção desconhecida: {what}")?,
            Usage::MissingValue(option) => write!(f, "Falta o valor de {option}")?,
            Usage::NotAnAddress(value) => {
                write!(f, "'{value}' não é ENDEREÇO:PORTA (exemplos: 0.0.0.0:{DEFAULT_PORT}, [::]:{DEFAULT_PORT})")?;
            }
        }
        f.write_str(". Veja papo-server --help.")
    }
}

impl std::error::Error for Usage {}
