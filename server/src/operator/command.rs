//! The commands of the console, as a table: words, usage, and how the rest of the line is read.

use std::collections::BTreeSet;

use papo_common::SafeInteger;
use papo_common::limits::MAX_COUNT;

use crate::history::ExportKind;
use crate::room::removal::MAX_REMOVED;
use crate::strings;

/// A command of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// End the server.
    Quit,
    /// Lists those present, and those away whose names are kept.
    Users,
    /// Shows the server's figures.
    Status,
    /// Lists the commands.
    Help,
    /// Tell everyone something.
    Notice(String),
    /// Remove the member of that name, for a reason perhaps.
    Kick(String, Option<String>),
    /// Remove everyone from that address, or that member's, and let nobody from it in again, for a reason perhaps.
    Ban(String, Option<String>),
    /// Let that address or that member speak no more, for a reason perhaps.
    Mute(String, Option<String>),
    /// Take back what was forbidden to that address or that name, or free a name that is kept.
    Release(String),
    /// Lists bans and mutes.
    Blocks,
    /// Lists the addresses under which others reach the server.
    Addresses,
    /// Show the last messages, so many if that is said.
    History(Option<u64>),
    /// Take the messages with those numbers back.
    Remove(Vec<u64>),
    /// Begin a lesson.
    NewLesson,
    /// Write history to that file.
    Export(ExportKind, String),
    /// Copy the whole history to that file.
    Copy(String),
    /// A command without what it needs; its usage.
    Incomplete(&'static str),
    /// Something that is no command.
    Unknown,
}

/// One command.
struct Row {
    /// Its words, in lower case; the first one is the one that people are told.
    words: &'static [&'static str],
    /// Its usage, told where something is left out; `None` where nothing can be, so that more is no command.
    usage: Option<&'static str>,
    /// Reads what stands behind the word, trimmed; `None` if that is not what the command takes.
    read: fn(&str) -> Option<Command>,
}

const TABLE: &[Row] = &[
    row(&["sair"], None, |rest| alone(rest, Command::Quit)),
    row(&["usuarios", "usuários"], None, |rest| alone(rest, Command::Users)),
    row(&["enderecos", "endereços"], None, |rest| alone(rest, Command::Addresses)),
    row(&["estado"], None, |rest| alone(rest, Command::Status)),
    row(&["ajuda"], None, |_| Some(Command::Help)),
    row(&["aviso"], Some(strings::USAGE_NOTICE), |rest| text(rest).map(Command::Notice)),
    row(&["expulsar"], Some(strings::USAGE_KICK), |rest| with_reason(rest, Command::Kick)),
    row(&["silenciar"], Some(strings::USAGE_MUTE), |rest| with_reason(rest, Command::Mute)),
    row(&["banir"], Some(strings::USAGE_BAN), |rest| with_reason(rest, Command::Ban)),
    row(&["liberar"], Some(strings::USAGE_RELEASE), |rest| text(rest).map(Command::Release)),
    row(&["bloqueios"], None, |rest| alone(rest, Command::Blocks)),
    row(&["historico", "histórico"], Some(strings::USAGE_HISTORY), count),
    row(&["apagar"], Some(strings::USAGE_REMOVE), |rest| numbers(rest).map(Command::Remove)),
    row(&["nova-aula", "nova aula"], None, |rest| alone(rest, Command::NewLesson)),
    row(&["exportar"], Some(strings::USAGE_EXPORT), |rest| {
        text(rest).map(|path| Command::Export(ExportKind::Messages, path))
    }),
    row(&["presenca", "presença"], Some(strings::USAGE_ATTENDANCE), |rest| {
        text(rest).map(|path| Command::Export(ExportKind::Attendance, path))
    }),
    row(&["copiar"], Some(strings::USAGE_COPY), |rest| text(rest).map(Command::Copy)),
];

const fn row(words: &'static [&'static str], usage: Option<&'static str>, read: fn(&str) -> Option<Command>) -> Row {
    Row { words, usage, read }
}

impl Command {
    /// Takes a line for a command, its word in any case; `None` for a blank one.
    pub fn parse(line: &str) -> Option<Command> {
        // Some editors begin a file with a mark.
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            return None;
        }
        let found = TABLE.iter().find_map(|row| {
            let rest = row.words.iter().find_map(|word| behind(line, word))?;
            (row.read)(rest).or_else(|| row.usage.map(Command::Incomplete))
        });
        Some(found.unwrap_or(Command::Unknown))
    }
}

/// The rest of `line` behind `word`, trimmed, if `word` begins the line.
fn behind<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = line.chars();
    for expected in word.chars() {
        if !rest.next()?.to_lowercase().eq([expected]) {
            return None;
        }
    }
    let rest = rest.as_str();
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim())
}

fn alone(rest: &str, command: Command) -> Option<Command> {
    rest.is_empty().then_some(command)
}

fn text(rest: &str) -> Option<String> {
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// A name or an address, and a reason behind it perhaps.
fn with_reason(rest: &str, command: fn(String, Option<String>) -> Command) -> Option<Command> {
    let (first, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(command(text(first)?, text(more.trim())))
}

fn count(rest: &str) -> Option<Command> {
    if rest.is_empty() {
        return Some(Command::History(None));
    }
    let count = rest.parse().ok().filter(|count| (1..=MAX_COUNT).contains(count))?;
    Some(Command::History(Some(count)))
}

/// The numbers in a text such as `12 15-18`, rising, each once: at least one, at most [`MAX_REMOVED`]. `None` if it is
/// no such list.
fn numbers(text: &str) -> Option<Vec<u64>> {
    let mut numbers = BTreeSet::new();
    for part in text.split([' ', ',']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        if first == 0 || last > SafeInteger::MAX.value() || last < first || last - first >= MAX_REMOVED as u64 {
            return None;
        }
        numbers.extend(first..=last);
    }
    (1..=MAX_REMOVED).contains(&numbers.len()).then(|| numbers.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands() {
        for (line, command) in [
            ("sair", Some(Command::Quit)),
            ("  SAIR \r", Some(Command::Quit)),
            ("Usuarios", Some(Command::Users)),
            ("USUÁRIOS", Some(Command::Users)),
            ("ajuda", Some(Command::Help)),
            ("sair agora", Some(Command::Unknown)),
            ("\u{feff}ajuda", Some(Command::Help)),
            ("Estado", Some(Command::Status)),
            ("aviso  vou  reiniciar ", Some(Command::Notice("vou  reiniciar".into()))),
            ("aviso", Some(Command::Incomplete(strings::USAGE_NOTICE))),
            ("EXPULSAR Zé", Some(Command::Kick("Zé".into(), None))),
            ("expulsar zé  por  spam", Some(Command::Kick("zé".into(), Some("por  spam".into())))),
            ("expulsar", Some(Command::Incomplete(strings::USAGE_KICK))),
            ("banir 10.0.0.7", Some(Command::Ban("10.0.0.7".into(), None))),
            ("banir zé  por  gritar ", Some(Command::Ban("zé".into(), Some("por  gritar".into())))),
            ("banir", Some(Command::Incomplete(strings::USAGE_BAN))),
            ("silenciar zé", Some(Command::Mute("zé".into(), None))),
            ("silenciar 10.0.0.7 chega", Some(Command::Mute("10.0.0.7".into(), Some("chega".into())))),
            ("silenciar ", Some(Command::Incomplete(strings::USAGE_MUTE))),
            ("Bloqueios", Some(Command::Blocks)),
            ("ENDEREÇOS", Some(Command::Addresses)),
            ("enderecos", Some(Command::Addresses)),
            ("liberar 10.0.0.7", Some(Command::Release("10.0.0.7".into()))),
            ("liberar", Some(Command::Incomplete(strings::USAGE_RELEASE))),
            ("historico", Some(Command::History(None))),
            ("Histórico 50", Some(Command::History(Some(50)))),
            ("historico 0", Some(Command::Incomplete(strings::USAGE_HISTORY))),
            ("historico 201", Some(Command::Incomplete(strings::USAGE_HISTORY))),
            ("historico ana", Some(Command::Incomplete(strings::USAGE_HISTORY))),
            ("apagar 12", Some(Command::Remove(vec![12]))),
            ("Apagar 13 12, 15-17 12", Some(Command::Remove(vec![12, 13, 15, 16, 17]))),
            ("apagar 1-200", Some(Command::Remove((1..=200).collect()))),
            ("apagar 1-201", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 1-200 300", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 9007199254740992", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 1-18446744073709551615", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 7-5", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar 0", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar ana", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("apagar", Some(Command::Incomplete(strings::USAGE_REMOVE))),
            ("nova-aula", Some(Command::NewLesson)),
            ("NOVA aula", Some(Command::NewLesson)),
            ("nova-aula já", Some(Command::Unknown)),
            ("exportar a b.csv", Some(Command::Export(ExportKind::Messages, "a b.csv".into()))),
            ("exportar", Some(Command::Incomplete(strings::USAGE_EXPORT))),
            ("presença x.txt", Some(Command::Export(ExportKind::Attendance, "x.txt".into()))),
            ("presenca", Some(Command::Incomplete(strings::USAGE_ATTENDANCE))),
            ("\u{1b}[A", Some(Command::Unknown)),
            ("", None),
            (" \t", None),
        ] {
            assert_eq!(Command::parse(line), command, "{line:?}");
        }
    }

    #[test]
    fn the_help_lists_every_command() {
        for row in TABLE {
            let word = row.words.first().unwrap();
            assert!(strings::COMMANDS.contains(&format!("\n  {word}")), "{word}");
        }
    }
}
