//! All that the operator reads.

mod blocks;
mod errors;
mod history;
mod lesson;
mod people;

use std::fmt::{self, Display};
use std::io::Error;
use std::net::SocketAddr;
use std::time::Duration;

use papo_common::{DEFAULT_PORT, Refusal};

pub use self::blocks::*;
pub use self::errors::plain;
pub use self::history::*;
pub use self::lesson::*;
pub use self::people::*;
use crate::disconnect::DisconnectReason;
use crate::net::addresses::Reached;
use crate::net::admission::Obstacle;
use crate::net::refusals::Summary;
use crate::stats::Traffic;

/// The first line on the console.
pub const RUNNING: &str = "Servidor está funcionando...";
/// Asks for a command.
pub const PROMPT: &str = "Digite 'sair' para encerrar o servidor: ";
/// After Ctrl+D.
pub const END_KEY: &str = "\nCtrl+D não encerra o servidor. Use sair, ou Ctrl+C.";
/// After Ctrl+Z, before the process stops.
pub const STOPPED: &str = "\nO servidor parou (Ctrl+Z): ninguém conversa até você digitar fg.";
/// The same in the log.
pub const STOPPED_LOG: &str = "parado por Ctrl+Z";
/// When a stopped process goes on.
pub const CONTINUED: &str = "O servidor continua.";
/// In the log, after SIGHUP to a server without a terminal.
pub const REOPENED: &str = "SIGHUP: registro reaberto, o chat continua";
/// When the server begins to shut down.
pub const SHUTTING_DOWN: &str = "Encerrando o servidor...";
/// The last line on the console.
pub const SHUT_DOWN: &str = "Servidor encerrado com sucesso.";
/// Before [`COMMANDS`], after an unknown command.
pub const UNKNOWN_COMMAND: &str = "Comando desconhecido.";
/// The usage of `aviso`.
pub const USAGE_NOTICE: &str = "aviso TEXTO";
/// The usage of `expulsar`.
pub const USAGE_KICK: &str = "expulsar NOME [motivo]";
/// A notice has been sent.
pub const NOTICE_SENT: &str = "Aviso enviado.";
/// The list of commands.
pub const COMMANDS: &str = "\
Comandos:
  usuarios                quem está no chat
  enderecos               onde os outros entram: endereço e porta, agora
  estado                  como vai o servidor
  aviso TEXTO             mostra um aviso a todos
  expulsar NOME [motivo]  desconecta essa pessoa
  silenciar NOME [motivo] o endereço dessa pessoa não fala mais; se outros o usam, só ela
  silenciar IP [motivo]   ninguém desse endereço fala mais
  banir IP [motivo]       desconecta esse endereço e não o deixa voltar; também banir NOME
  liberar NOME ou IP      desfaz silenciar e banir, ou solta o nome de quem caiu
  bloqueios               quem está banido ou silenciado, desde quando e por quê
  historico [N]           as últimas mensagens, com os números delas, e os avisos entre elas
  apagar N [N-M ...]      apaga as mensagens com esses números, do arquivo e das janelas de todos
  nova-aula               quem chega, rola ou busca só vê o que for dito daqui em diante; nada é apagado do arquivo
  exportar ARQUIVO        grava tudo o que foi dito; tabela se o nome termina em .csv, senão texto
  presenca ARQUIVO        grava quem esteve no chat: nome, endereço, entrada, saída e minutos
  copiar ARQUIVO          copia o histórico inteiro, sem parar o chat
  ajuda                   esta lista
  sair                    encerra o servidor";
/// The log's file name in the user's own folder, without extension.
pub const LOG_FILE: &str = "servidor";
/// The output cannot be written to.
pub const NO_OUTPUT: &str = "Não foi possível escrever na saída";
/// The system does not let the server wait for signals.
pub const NO_SIGNALS: &str = "Não foi possível preparar o encerramento por sinal";
/// The system does not let the server wait for connections.
pub const NO_POLL: &str = "Não foi possível esperar por conexões";
/// In the log: the system gives no random numbers.
pub const NO_ENTROPY: &str = "o sistema não forneceu números aleatórios";

/// Where the log goes when the terminal is taken by the console.
pub fn log_at(path: &std::path::Path) -> String {
    format!("Registro em {}", path.display())
}

/// The time zone, which TZ names if it is set, cannot be read.
pub fn time_zone_unknown(named: Option<&str>) -> String {
    let named = named.map_or_else(String::new, |named| format!(" (TZ={})", named.escape_debug()));
    format!("O fuso horário{named} não foi encontrado: as horas estão em UTC.")
}

/// Addresses under which others reach the server, a line each, best first.
pub fn addresses(found: &[Reached]) -> String {
    let line = |Reached { addr, interface }: &Reached| match interface {
        Some(interface) => format!("\n  {addr} ({interface})"),
        None => format!("\n  {addr}"),
    };
    std::iter::once("Endereços para entrar:".to_owned()).chain(found.iter().map(line)).collect()
}

/// The number of lines of the log or of the console that were dropped while nobody read.
pub fn lines_lost(count: usize) -> String {
    if count == 1 { "(1 linha perdida)\n".into() } else { format!("({count} linhas perdidas)\n") }
}

/// The state of the server.
#[derive(Debug)]
pub struct Status {
    /// People in the room.
    pub members: usize,
    /// Connections, unregistered ones included.
    pub connections: usize,
    /// Public messages sent since it started.
    pub messages: u64,
    /// Bytes read and written.
    pub traffic: Traffic,
    /// Refused connections.
    pub refused: u64,
    /// Bytes of memory, where the system tells.
    pub memory: Option<u64>,
    /// The uptime.
    pub uptime: Duration,
    /// Turns of the loop.
    pub turns: u64,
    /// The state of the history, in words.
    pub history: String,
}

/// The answer to `estado`.
pub fn status(status: &Status) -> String {
    let Status { members, connections, messages, traffic, refused, memory, uptime, turns, history } = status;
    let seconds = uptime.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let memory = memory.map_or_else(|| "desconhecida".into(), |bytes| format!("{:.1} MiB", bytes as f64 / 1_048_576.0));
    format!(
        "\
Pessoas: {members} (conexões: {connections}; recusadas: {refused})
Mensagens públicas: {messages}
Bytes recebidos: {}; enviados: {}
Memória: {memory}
{history}
No ar há {hours}h{minutes:02}min{rest:02}s; voltas por segundo: {:.1}",
        traffic.read,
        traffic.written,
        *turns as f64 / uptime.as_secs_f64().max(1.0)
    )
}

/// A command without its arguments.
pub fn incomplete(usage: &str) -> String {
    format!("Use: {usage}")
}

/// In the log: the server closed a connection that was never registered.
pub fn connection_closed(addr: SocketAddr, reason: &DisconnectReason) -> String {
    format!("conexão de {addr} fechada: {reason}")
}

/// In the log: the log file cannot be reopened; the old one is written to.
pub fn cannot_reopen(error: &Error) -> String {
    format!("o registro não pôde ser reaberto: {}", errors::of_file(error))
}

/// In the log: the console cannot be read any more.
pub fn console_lost(error: &Error) -> String {
    format!("o console se perdeu, o servidor continua sem ele: {}", plain(error))
}

/// In the log: the system cannot give the listener another connection, usually for want of descriptors.
pub fn cannot_accept(error: &Error) -> String {
    format!("novas conexões esperam: {}", plain(error))
}

impl Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DisconnectReason::Left => f.write_str("despediu-se"),
            DisconnectReason::HungUp => f.write_str("desconectou-se"),
            DisconnectReason::Broken(error) => write!(f, "conexão perdida ({})", plain(error)),
            DisconnectReason::LineTooLong => f.write_str("linha longa demais"),
            DisconnectReason::TooMuchWaiting => f.write_str("enviou mais do que pode esperar"),
            DisconnectReason::Slow => f.write_str("não leu o que lhe foi enviado"),
            DisconnectReason::OutOfMemory => {
                f.write_str("era quem mais ocupava a memória, que acabou (--total-buffer)")
            }
            DisconnectReason::Idle => f.write_str("ficou sem resposta"),
            DisconnectReason::NoHello => f.write_str("não se apresentou"),
            DisconnectReason::NoName => f.write_str("não disse o nome a tempo"),
            DisconnectReason::Refused(Refusal::Banned) => f.write_str("endereço banido"),
            DisconnectReason::Refused(_) => f.write_str("não há lugar"),
            DisconnectReason::Kicked(None) => f.write_str("removido pelo operador"),
            DisconnectReason::Kicked(Some(why)) => write!(f, "removido pelo operador: {why}"),
            DisconnectReason::Banned => f.write_str("endereço banido pelo operador"),
            DisconnectReason::Replaced => f.write_str("voltou por outra conexão"),
        }
    }
}

/// In the log: refused connections.
pub fn refusals(summary: &Summary) -> String {
    const SHOWN: usize = 5;
    let Summary { counts, others } = summary;
    let all: usize = counts.iter().map(|(_, _, count)| count).sum::<usize>() + others;
    let shown = counts.iter().take(SHOWN).map(|(ip, obstacle, count)| {
        let why = match obstacle {
            Obstacle::Banned => "endereço banido",
            Obstacle::RoomFull => "não há lugar",
            Obstacle::AddressFull => "conexões demais desse endereço",
        };
        if *count == 1 { format!("{ip}, {why}") } else { format!("{ip}, {why} ({count} vezes)") }
    });
    let mut told: Vec<String> = shown.collect();
    let more = counts.len().saturating_sub(SHOWN) + others;
    if more > 0 {
        told.push("e outros".into());
    }
    let head = if all == 1 { "1 conexão recusada".to_owned() } else { format!("{all} conexões recusadas") };
    format!("{head}: {}", told.join("; "))
}

/// The system allows fewer connections than were asked for, or than a class takes.
pub fn few_places(total: usize) -> String {
    let limit = "o limite de arquivos abertos do sistema (ulimit -n) não permite mais";
    match total {
        0 => format!("Não há lugar para ninguém: {limit}."),
        1 => format!("Só há lugar para 1 conexão: {limit}."),
        n => format!("Só há lugar para {n} conexões: {limit}."),
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
  --max-text BYTES         tamanho máximo de uma mensagem; maior que isso, é recusada inteira [padrão: 4K]
  --max-clients N          máximo de conexões; as demais leem que a sala está cheia [padrão: o que o sistema permite]
  --max-per-address N      máximo de conexões de um mesmo endereço, sem exceção para esta máquina
                           [padrão: 128, sem limite para esta máquina]
  --rate-limit N           linhas por segundo de cada um, com folga de 5 segundos, e cinco vezes isso de cada endereço;
                           quem passa disso espera, nada se perde; 0 desliga [padrão: 20]
  --name-timeout SEGUNDOS  quanto tempo se pode ficar conectado sem dizer o nome [padrão: enquanto houver lugar]
  --keep-name SEGUNDOS     por quanto tempo o nome de quem perdeu a conexão fica guardado [padrão: 60]
  --reader-buffer BYTES    quanto pode esperar por quem não lê; quem passa disso e não lê nada por 5 segundos, ou passa
                           de 16M, é desconectado [padrão: 1M]
  --total-buffer BYTES     quanto pode esperar por todos juntos; passou disso, quem mais ocupa é desconectado
                           [padrão: 256M]
  --history ARQUIVO        onde guardar o que é dito a todos, quem veio e foi, e os bloqueios [padrão: papo.db na pasta de
                           dados do usuário; num serviço, em STATE_DIRECTORY ou, sem pasta de usuário, em
                           /var/lib/papo; em outra porta que {DEFAULT_PORT}, papo-PORTA.db]
  --no-history             não guarda nada além da memória: também os bloqueios acabam com o servidor
  --keep-days DIAS         por quantos dias o histórico é guardado [padrão: 30]
  --history-size BYTES     tamanho máximo do histórico; passou disso, o mais antigo é esquecido [padrão: 512M]
  --help                   mostra esta ajuda
  --version                mostra a versão

BYTES aceita K, M e G no fim: 64K, 1M, 2G.

{COMMANDS}"
    )
}

/// `--version`.
pub fn version() -> String {
    format!("papo-server {}", env!("CARGO_PKG_VERSION"))
}

/// An error in the command line.
#[derive(Debug, PartialEq, Eq)]
pub enum Usage {
    /// An unknown option, or a stray word.
    Unexpected(String),
    /// An option without its value.
    MissingValue(String),
    /// Not `ADDR:PORT`.
    NotAnAddress(String),
    /// Not a whole number, or out of bounds.
    NotANumber {
        /// The option.
        option: String,
        /// Its value as typed.
        value: String,
        /// The numbers allowed.
        bounds: std::ops::RangeInclusive<usize>,
    },
}

impl Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Usage::Unexpected(what) => write!(f, "Opção desconhecida: {what}")?,
            Usage::MissingValue(option) => write!(f, "Falta o valor de {option}")?,
            Usage::NotAnAddress(value) => {
                write!(f, "'{value}' não é ENDEREÇO:PORTA (exemplos: 0.0.0.0:{DEFAULT_PORT}, [::]:{DEFAULT_PORT})")?;
            }
            Usage::NotANumber { option, value, bounds } => {
                write!(f, "{option}: '{value}' não é um número de {} a {}", bounds.start(), bounds.end())?;
            }
        }
        f.write_str(". Veja papo-server --help.")
    }
}

impl std::error::Error for Usage {}
