//! File names as the operator types them. Pure.

use std::path::{Path, PathBuf};

/// The file that is meant by `typed`, as someone used to a shell expects: quotes around it, or around a part that begins
/// after `/`, are none of its characters; a backslash before a blank, a quote or a backslash stands for that alone; `~`
/// in front is `home`. Blanks that stand by themselves are part of the name, as are quotes without a partner.
pub fn typed(typed: &str, home: Option<&Path>) -> PathBuf {
    let typed = typed.trim();
    match (typed.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.into(),
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(unquoted(rest.trim_start_matches('/'))),
        _ => unquoted(typed).into(),
    }
}

fn unquoted(typed: &str) -> String {
    let mut name = String::new();
    let mut rest = typed;
    while let Some(first) = rest.chars().next() {
        let begins = name.is_empty() || name.ends_with(['/', ' ']);
        if let Some((inside, behind)) = begins.then(|| quoted(rest)).flatten() {
            name += &inside;
            rest = behind;
            continue;
        }
        let (one, behind) = escaped(rest).unwrap_or_else(|| rest.split_at(first.len_utf8()));
        name += one;
        rest = behind;
    }
    name
}

/// The text between the quotes with which `rest` begins, and the text behind them; `None` without them.
fn quoted(rest: &str) -> Option<(String, &str)> {
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (mut inside, mut left) = (String::new(), &rest[1..]);
    loop {
        let next = left.chars().next()?;
        if next == quote {
            return Some((inside, &left[1..]));
        }
        // Nothing is special between single quotes.
        let (one, behind) = escaped(left).filter(|_| quote == '"').unwrap_or_else(|| left.split_at(next.len_utf8()));
        inside += one;
        left = behind;
    }
}

/// The character behind the backslash with which `rest` begins, and what comes behind it.
fn escaped(rest: &str) -> Option<(&str, &str)> {
    let behind = rest.strip_prefix('\\').filter(|behind| behind.starts_with([' ', '"', '\'', '\\']))?;
    Some(behind.split_at(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_a_shell() {
        for (line, path) in [
            ("lista.csv", "lista.csv"),
            ("lista da aula.csv", "lista da aula.csv"),
            ("\"lista da aula.csv\"", "lista da aula.csv"),
            ("'lista da aula.csv'", "lista da aula.csv"),
            ("  'x.csv' ", "x.csv"),
            ("~/lista.csv", "/home/prof/lista.csv"),
            ("~/\"lista da aula.csv\"", "/home/prof/lista da aula.csv"),
            ("~//lista.csv", "/home/prof/lista.csv"),
            ("~", "/home/prof"),
            ("'~/lista.csv'", "~/lista.csv"),
            ("~ana/lista.csv", "~ana/lista.csv"),
            ("a~.csv", "a~.csv"),
            ("/tmp/'minhas listas'/a.csv", "/tmp/minhas listas/a.csv"),
            ("lista\\ da\\ aula.csv", "lista da aula.csv"),
            ("c:\\temp\\a.csv", "c:\\temp\\a.csv"),
            ("\"diz \\\"oi\\\".csv\"", "diz \"oi\".csv"),
            ("'a\\ b'", "a\\ b"),
            ("d'água.csv", "d'água.csv"),
            ("d'água e d'óleo.csv", "d'água e d'óleo.csv"),
            ("\"sem par.csv", "\"sem par.csv"),
            ("\"\"", ""),
            ("\\", "\\"),
            ("", ""),
        ] {
            assert_eq!(typed(line, Some(Path::new("/home/prof"))), Path::new(path), "{line}");
        }
        assert_eq!(typed("~/a.csv", None), Path::new("~/a.csv"));
    }
}
