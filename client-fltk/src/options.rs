//! The command line.

use std::ffi::OsString;

use lexopt::prelude::{Long, ValueExt};
use papo_common::Name;

use crate::net::Address;
use crate::strings;

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Open the window.
    Open(Options),
    /// Say how to use the program.
    Help,
    /// Say which version it is.
    Version,
}

/// How the window opens. With both, it enters at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The server to enter.
    pub server: Option<Address>,
    /// The name to enter under.
    pub name: Option<Name>,
}

/// Takes the arguments, the program's own name not among them; the error is one sentence for people.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut options = Options::default();
    while let Some(argument) = parser.next().map_err(|error| sentence(&error))? {
        match argument {
            Long("server") => options.server = Some(server(&value(&mut parser)?)?),
            Long("name") => options.name = Some(name(&value(&mut parser)?)?),
            Long("help") => return Ok(Command::Help),
            Long("version") => return Ok(Command::Version),
            other => return Err(sentence(&other.unexpected())),
        }
    }
    Ok(Command::Open(options))
}

fn value(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser.value().and_then(ValueExt::string).map_err(|error| sentence(&error))
}

fn server(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error| strings::bad_option("--server", text, strings::connecting::address_error(error)))
}

fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| strings::bad_option("--name", text, papo_common::sentences::name_error(error)))
}

/// lexopt speaks English; people read Portuguese.
fn sentence(error: &lexopt::Error) -> String {
    use lexopt::Error::{MissingValue, UnexpectedArgument, UnexpectedOption, UnexpectedValue};
    match error {
        MissingValue { option } => strings::missing_value(option.as_deref().unwrap_or_default()),
        UnexpectedOption(option) => strings::unknown_argument(option),
        UnexpectedArgument(argument) => strings::unknown_argument(&argument.to_string_lossy()),
        UnexpectedValue { option, .. } => strings::unexpected_value(option),
        _ => strings::BAD_ARGUMENT.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn what_may_be_asked() {
        let open = |server: Option<&str>, name: Option<&str>| {
            let server = server.map(|text| text.parse().expect("an address"));
            Ok(Command::Open(Options { server, name: name.map(|text| Name::parse(text).expect("a name")) }))
        };
        for (line, command) in [
            ("", open(None, None)),
            ("--server sala --name ana", open(Some("sala"), Some("ana"))),
            ("--name=João --server=[::1]:99", open(Some("[::1]:99"), Some("João"))),
            ("--server um --server dois", open(Some("dois"), None)),
            ("--help --nada", Ok(Command::Help)),
            ("--version", Ok(Command::Version)),
        ] {
            assert_eq!(parse_words(line), command, "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line() {
        for (line, part) in [
            ("--server", "'--server'"),
            ("--server sala:0", "'sala:0'"),
            ("--name a@b", "'a@b'"),
            ("--nada", "'--nada'"),
            ("-x", "'-x'"),
            ("sala", "'sala'"),
            ("--help=1", "'--help'"),
        ] {
            // `--help=1` is only noticed by the next argument.
            let line = if line.contains('=') { format!("{line} --name ana") } else { line.to_owned() };
            match parse_words(&line) {
                Err(error) => assert!(error.contains(part) && !error.contains('\n'), "{line}: {error}"),
                Ok(command) => assert_eq!(command, Command::Help, "{line}"),
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text() {
        use std::os::unix::ffi::OsStringExt as _;
        let arguments = [OsString::from("--name"), OsString::from_vec(vec![0xff])];
        assert_eq!(parse(arguments), Err(strings::BAD_ARGUMENT.to_owned()));
    }
}
