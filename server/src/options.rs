//! The command line.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lexopt::Arg;
use papo_common::limits::max_line;
use papo_common::{DEFAULT_PORT, Limits};

use crate::config::{AddressLimits, ConnectionConfig, ConnectionLimits, HistoryConfig, RoomConfig};
use crate::net::admission::REFUSAL_SLOTS;
use crate::strings::Usage;
use crate::token_bucket::RateLimit;

/// The action that a command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    /// Serve.
    Serve(Options),
    /// Print the help.
    Help,
    /// Print the version.
    Version,
}

/// The options of a server. The bounds of each number stand in [`parse`]'s table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The longest text, in bytes of UTF-8.
    pub max_text: usize,
    /// The most connections; `None` for as many as the system's descriptors allow.
    pub max_clients: Option<usize>,
    /// The most connections from one address; `None` for the usual number, from which loopback is exempt.
    pub max_per_address: Option<usize>,
    /// The number of lines that one connection may say per second, 0 for any number.
    pub rate_limit: u32,
    /// The time for which a connection may be without a name; `None` for as long as nobody else needs its place.
    pub name_timeout: Option<Duration>,
    /// For how long the name of a native member that dropped out is kept for it.
    pub keep_name: Duration,
    /// The number of bytes that may wait for one reader.
    pub reader_buffer: usize,
    /// The number of bytes that all connections together may keep in memory.
    pub total_buffer: usize,
    /// The stored history: none, unless a command line is read.
    pub history: HistoryConfig,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            listen: (Ipv4Addr::UNSPECIFIED, DEFAULT_PORT).into(),
            max_text: Limits::default().text,
            max_clients: None,
            max_per_address: None,
            rate_limit: 20,
            name_timeout: None,
            keep_name: Duration::from_millis(Limits::default().keep),
            reader_buffer: 1024 * 1024,
            total_buffer: 256 * 1024 * 1024,
            history: HistoryConfig { path: None, time: days(30), size: 512 << 20 },
        }
    }
}

impl Options {
    /// The usual most connections from one address.
    pub const PER_ADDRESS: usize = 128;

    /// The most names that are kept for those who dropped out, from one address.
    pub const KEPT_PER_ADDRESS: usize = 8;

    /// The settings of every connection, from `epoch` on.
    pub fn connection_config(&self, epoch: Instant) -> ConnectionConfig {
        ConnectionConfig {
            max_line: max_line(self.max_text),
            rate: RateLimit::per_second(self.rate_limit),
            name_timeout: self.name_timeout,
            epoch,
        }
    }

    /// The limits of one address, in sum.
    pub fn address_limits(&self) -> AddressLimits {
        AddressLimits::beside(self.rate_limit, self.max_per_address.is_none())
    }

    /// The settings of the room.
    pub fn room_config(&self) -> RoomConfig {
        RoomConfig {
            limits: Limits { text: self.max_text, keep: self.keep_name.as_millis() as u64, ..Limits::default() },
            max_kept_per_address: Options::KEPT_PER_ADDRESS,
            loopback_is_exempt: self.max_per_address.is_none(),
        }
    }

    /// The number of connections to a process that may have `descriptors`.
    pub fn connection_limits(&self, descriptors: usize) -> ConnectionLimits {
        let possible = descriptors.saturating_sub(OWN_DESCRIPTORS + REFUSAL_SLOTS);
        ConnectionLimits {
            total: self.max_clients.map_or(possible, |most| most.min(possible)),
            per_address: self.max_per_address.unwrap_or(Options::PER_ADDRESS),
            loopback_is_exempt: self.max_per_address.is_none(),
        }
    }
}

/// Descriptors that are no connections: the console's, the log's, the listener's, the poll's, signals'.
const OWN_DESCRIPTORS: usize = 24;

/// Reads the command line, the program's name left out. History is kept where `usual` says for the port, unless the line
/// says otherwise. The error names the first word that cannot be, for the operator.
pub fn parse(
    args: impl IntoIterator<Item = impl Into<OsString>>,
    usual: impl FnOnce(u16) -> Option<PathBuf>,
) -> Result<Action, Usage> {
    let mut options = Options::default();
    let mut history = Some(None);
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next().map_err(unexpected)? {
        match arg {
            Arg::Long("help") | Arg::Short('h') => return Ok(Action::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Action::Version),
            Arg::Long("listen") => options.listen = address(&value(&mut parser, "--listen")?)?,
            Arg::Long("max-text") => options.max_text = number(&mut parser, "--max-text", 1..=64 << 10)?,
            Arg::Long("max-clients") => {
                options.max_clients = Some(number(&mut parser, "--max-clients", 1..=1 << 20)?);
            }
            Arg::Long("max-per-address") => {
                options.max_per_address = Some(number(&mut parser, "--max-per-address", 1..=1 << 20)?);
            }
            Arg::Long("rate-limit") => options.rate_limit = number(&mut parser, "--rate-limit", 0..=1_000_000)? as u32,
            Arg::Long("name-timeout") => {
                let seconds = number(&mut parser, "--name-timeout", 1..=86_400)?;
                options.name_timeout = Some(Duration::from_secs(seconds as u64));
            }
            Arg::Long("keep-name") => {
                options.keep_name = Duration::from_secs(number(&mut parser, "--keep-name", 0..=86_400)? as u64);
            }
            Arg::Long("reader-buffer") => {
                options.reader_buffer = number(&mut parser, "--reader-buffer", 64 << 10..=1 << 30)?;
            }
            Arg::Long("total-buffer") => {
                options.total_buffer = number(&mut parser, "--total-buffer", 1 << 20..=1 << 40)?;
            }
            Arg::Long("history") => {
                let path = parser.value().map_err(|_| Usage::MissingValue("--history".into()))?;
                history = Some(Some(PathBuf::from(path)));
            }
            Arg::Long("no-history") => history = None,
            Arg::Long("keep-days") => {
                options.history.time = days(number(&mut parser, "--keep-days", 1..=36_500)? as u64);
            }
            Arg::Long("history-size") => {
                options.history.size = number(&mut parser, "--history-size", 1 << 20..=1 << 40)? as u64;
            }
            other => return Err(unexpected(other.unexpected())),
        }
    }
    options.history.path = history.and_then(|path| path.or_else(|| usual(options.listen.port())));
    Ok(Action::Serve(options))
}

const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 24 * 60 * 60)
}

fn value(parser: &mut lexopt::Parser, option: &str) -> Result<String, Usage> {
    let value = parser.value().map_err(|_| Usage::MissingValue(option.into()))?;
    Ok(value.to_string_lossy().into_owned())
}

fn address(value: &str) -> Result<SocketAddr, Usage> {
    value.parse().map_err(|_| Usage::NotAnAddress(value.into()))
}

/// A whole number within `bounds`; `K` and `M` after it multiply it by 1,024 and its square.
fn number(parser: &mut lexopt::Parser, option: &str, bounds: RangeInclusive<usize>) -> Result<usize, Usage> {
    let value = value(parser, option)?;
    let units = [(['K', 'k'], 1 << 10), (['M', 'm'], 1 << 20), (['G', 'g'], 1 << 30)];
    let in_unit = |(unit, factor)| value.strip_suffix(unit).map(|digits| (digits, factor));
    let (digits, factor) = units.into_iter().find_map(in_unit).unwrap_or((&value, 1));
    let number = digits.parse::<usize>().ok().and_then(|digits| digits.checked_mul(factor));
    number.filter(|number| bounds.contains(number)).ok_or_else(|| Usage::NotANumber {
        option: option.into(),
        value,
        bounds,
    })
}

fn unexpected(error: lexopt::Error) -> Usage {
    match error {
        lexopt::Error::UnexpectedOption(option) | lexopt::Error::UnexpectedValue { option, .. } => {
            Usage::Unexpected(option)
        }
        lexopt::Error::UnexpectedArgument(argument) => Usage::Unexpected(argument.to_string_lossy().into_owned()),
        lexopt::Error::MissingValue { option } => Usage::MissingValue(option.unwrap_or_default()),
        lexopt::Error::NonUnicodeValue(value) => Usage::Unexpected(value.to_string_lossy().into_owned()),
        // Those are of the library's own ways to read a value, which are not used.
        lexopt::Error::ParsingFailed { value, .. } => Usage::Unexpected(value),
        lexopt::Error::Custom(_) => Usage::Unexpected(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history;

    fn usual(port: u16) -> Option<PathBuf> {
        history::file_name_for("usual", "db", port).map(PathBuf::from)
    }

    #[test]
    fn where_history_is_kept() {
        for (line, path) in [
            ("", Some("usual.db")),
            ("--listen 0.0.0.0:12345", Some("usual.db")),
            ("--listen 0.0.0.0:12346", Some("usual-12346.db")),
            ("--listen 0.0.0.0:0", None),
            ("--history a.db --listen 0.0.0.0:0", Some("a.db")),
            ("--history a.db", Some("a.db")),
            ("--no-history", None),
            ("--history a.db --no-history", None),
            ("--no-history --history a.db", Some("a.db")),
        ] {
            let Ok(Action::Serve(options)) = parse(line.split_whitespace(), usual) else { panic!("{line}") };
            assert_eq!(options.history.path, path.map(PathBuf::from), "{line}");
        }
        assert_eq!(Options::default().history.path, None);
    }

    #[test]
    fn what_can_be_asked() {
        let serve = |listen: &str| {
            let listen: SocketAddr = listen.parse().unwrap();
            let history = HistoryConfig { path: usual(listen.port()), ..Options::default().history };
            Ok(Action::Serve(Options { listen, history, ..Options::default() }))
        };
        for (line, wish) in [
            ("", serve("0.0.0.0:12345")),
            ("--listen 127.0.0.1:0", serve("127.0.0.1:0")),
            ("--listen=[::]:40000", serve("[::]:40000")),
            ("--help", Ok(Action::Help)),
            ("-h", Ok(Action::Help)),
            ("--version", Ok(Action::Version)),
            ("--listen", Err(Usage::MissingValue("--listen".into()))),
            ("--listen 12345", Err(Usage::NotAnAddress("12345".into()))),
            ("--listen localhost:1", Err(Usage::NotAnAddress("localhost:1".into()))),
            ("--listen 1.2.3.4:65536", Err(Usage::NotAnAddress("1.2.3.4:65536".into()))),
            ("--bogus", Err(Usage::Unexpected("--bogus".into()))),
            ("--help=1", Ok(Action::Help)),
            ("word", Err(Usage::Unexpected("word".into()))),
        ] {
            assert_eq!(parse(line.split_whitespace(), usual), wish, "{line}");
        }
    }

    #[test]
    fn numbers() {
        let buffer = |value: &str| match parse(["--reader-buffer", value], usual) {
            Ok(Action::Serve(options)) => Some(options.reader_buffer),
            _ => None,
        };
        for (value, number) in [
            ("65536", Some(65_536)),
            ("64K", Some(65_536)),
            ("64M", Some(64 << 20)),
            ("1g", Some(1 << 30)),
            ("1", None),
            ("2000M", None),
            ("-1", None),
            ("1.5M", None),
            ("M", None),
            ("99999999999999999999M", None),
            ("", None),
        ] {
            assert_eq!(buffer(value), number, "{value}");
        }
    }

    #[test]
    fn every_option_is_in_the_help() {
        for option in [
            "--listen",
            "--max-text",
            "--max-clients",
            "--max-per-address",
            "--rate-limit",
            "--name-timeout",
            "--keep-name",
            "--reader-buffer",
            "--total-buffer",
            "--history",
            "--no-history",
            "--keep-days",
            "--history-size",
            "--help",
            "--version",
        ] {
            assert!(crate::strings::help().contains(option));
            assert!(!matches!(parse([option, "1M"], usual), Err(Usage::Unexpected(what)) if what == option));
        }
    }
}
