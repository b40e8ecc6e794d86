//! The targets that documents point at exist: links, source files, scripts, tests by name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::{fs, iter};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "client-fltk/ARCHITECTURE.md",
    "common/PROTOCOL.md",
    "common/REQUIREMENTS.md",
    "scripts/MEASURED.md",
    "server/ARCHITECTURE.md",
    "server/OPERATING.md",
    "server/benches/RESULTS.md",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The parts of `text` that stand between `open` and `close`.
fn between<'a>(text: &'a str, open: &'static str, close: char) -> impl Iterator<Item = &'a str> {
    let mut rest = text;
    iter::from_fn(move || {
        let (_, behind) = rest.split_once(open)?;
        let (part, more) = behind.split_once(close)?;
        rest = more;
        Some(part)
    })
}

#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let path = root().join(document);
        let text = fs::read_to_string(&path).unwrap();
        for link in between(&text, "](", ')').filter(|link| !link.contains("://")) {
            let (file, _) = link.split_once('#').unwrap_or((link, ""));
            assert!(path.parent().unwrap().join(file).exists(), "{document}: {link}");
        }
    }
}

#[test]
fn source_files_that_are_named_exist() {
    for document in DOCUMENTS {
        let folder = root().join(document).parent().unwrap().to_owned();
        let text = fs::read_to_string(root().join(document)).unwrap();
        let named = between(&text, "`", '`').filter(|name| name.contains('/') && !name.contains([' ', '{', '*', ':']));
        for name in named.filter(|name| ["rs", "md", "sql"].iter().any(|end| name.ends_with(&format!(".{end}")))) {
            assert!(root().join(name).exists() || folder.join(name).exists(), "{document}: {name}");
        }
    }
}

#[test]
fn tests_that_are_named_exist() {
    let mut sources = String::new();
    for folder in ["common", "server", "client-fltk"] {
        gather(&root().join(folder), &mut sources);
    }
    let text = fs::read_to_string(root().join("common/REQUIREMENTS.md")).unwrap();
    let names: Vec<&str> = between(&text, "`", '`').filter(|name| name.matches('_').count() >= 3).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(sources.contains(&format!("fn {name}(")), "no test is called {name}");
    }
}

fn gather(folder: &Path, sources: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, sources);
        } else if path.extension().is_some_and(|end| end == "rs") {
            *sources += &fs::read_to_string(&path).unwrap();
        }
    }
}
