//! The command line.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};

use lexopt::Arg;
use papo_common::DEFAULT_PORT;

use crate::strings::Usage;

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// Serve.
    Serve(Options),
    /// Print the help.
    Help,
    /// Print the version.
    Version,
}

/// How to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The longest text, in bytes of UTF-8.
    pub max_text: usize,
    /// How many bytes may wait for one reader.
    pub reader_buffer: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { listen: (Ipv4Addr::UNSPECIFIED, DEFAULT_PORT).into(), max_text: 4 * 1024, reader_buffer: 1024 * 1024 }
    }
}

impl Options {
    /// The most lines in a text.
    pub const MAX_LINES: usize = 200;

    /// The longest line that a connection may send, in bytes: a text with every character escaped, and its fields.
    pub fn max_line(&self) -> usize {
        6 * self.max_text + 1024
    }
}

/// Reads the command line, the program's name left out.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Wish, Usage> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next().map_err(unexpected)? {
        match arg {
            Arg::Long("help") | Arg::Short('h') => return Ok(Wish::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Wish::Version),
            Arg::Long("listen") => options.listen = address(&value(&mut parser, "--listen")?)?,
            other => return Err(unexpected(other.unexpected())),
        }
    }
    Ok(Wish::Serve(options))
}

fn value(parser: &mut lexopt::Parser, option: &str) -> Result<String, Usage> {
    let value = parser.value().map_err(|_| Usage::MissingValue(option.into()))?;
    Ok(value.to_string_lossy().into_owned())
}

fn address(value: &str) -> Result<SocketAddr, Usage> {
    value.parse().map_err(|_| Usage::NotAnAddress(value.into()))
}

fn unexpected(error: lexopt::Error) -> Usage {
    match error {
        lexopt::Error::UnexpectedOption(option) | lexopt::Error::UnexpectedValue { option, .. } => {
            Usage::Unexpected(option)
        }
        lexopt::Error::UnexpectedArgument(argument) => Usage::Unexpected(argument.to_string_lossy().into_owned()),
        other => Usage::Unexpected(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_asked() {
        let serve = |listen: &str| Ok(Wish::Serve(Options { listen: listen.parse().unwrap(), ..Options::default() }));
        for (line, wish) in [
            ("", serve("0.0.0.0:12345")),
            ("--listen 127.0.0.1:0", serve("127.0.0.1:0")),
            ("--listen=[::]:40000", serve("[::]:40000")),
            ("--help", Ok(Wish::Help)),
            ("-h", Ok(Wish::Help)),
            ("--version", Ok(Wish::Version)),
            ("--listen", Err(Usage::MissingValue("--listen".into()))),
            ("--listen 12345", Err(Usage::NotAnAddress("12345".into()))),
            ("--listen localhost:1", Err(Usage::NotAnAddress("localhost:1".into()))),
            ("--listen 1.2.3.4:65536", Err(Usage::NotAnAddress("1.2.3.4:65536".into()))),
            ("--bogus", Err(Usage::Unexpected("--bogus".into()))),
            ("--help=1", Ok(Wish::Help)),
            ("word", Err(Usage::Unexpected("word".into()))),
        ] {
            assert_eq!(parse(line.split_whitespace()), wish, "{line}");
        }
    }

    #[test]
    fn every_option_is_in_the_help() {
        for option in ["--listen", "--help", "--version"] {
            assert!(crate::strings::help().contains(option));
        }
    }
}
