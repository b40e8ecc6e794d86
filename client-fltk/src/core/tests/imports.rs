//! Checks the imports of the core: nothing from above it, and no circles among its files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Names reserved for the view, the network and the interpreter of effects.
const FORBIDDEN: [&str; 9] = [
    "crate::strings::",
    "crate::view",
    "crate::platform",
    "crate::export",
    "crate::accessibility",
    "fltk",
    "TcpStream",
    "SystemTime",
    "std::thread",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core")
}

/// The modules of the core, such as `find::index`, each with its text; without the tests.
fn modules() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder()];
    while let Some(folder_) = folders.pop() {
        for entry in fs::read_dir(folder_).expect("a folder") {
            let path = entry.expect("an entry").path();
            let relative = path.strip_prefix(folder()).expect("inside").with_extension("");
            let name = relative.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "::");
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("tests") {
                found.insert(name, fs::read_to_string(path).expect("a text"));
            }
        }
    }
    found
}

/// Each name after `crate::core::` (or `prefix`) in the imports of a file, as a path.
fn imports(text: &str, prefix: &str) -> Vec<String> {
    let statements = text.split(';').filter_map(|part| part.split_once(prefix).map(|(_, path)| path));
    let mut paths = Vec::new();
    for statement in statements {
        match statement.split_once('{') {
            Some((head, list)) => {
                let names = list.trim_end_matches('}').split(',').map(str::trim).filter(|name| !name.is_empty());
                paths.extend(names.map(|name| format!("{head}{name}")));
            }
            None => paths.push(statement.trim().to_owned()),
        }
    }
    paths
}

/// The module in which a path ends, told by the re-exports of the facade where it is a bare name.
fn module_of(path: &str, modules: &BTreeMap<String, String>, facade: &BTreeMap<String, String>) -> Option<String> {
    let path = facade.get(path).map_or(path, String::as_str);
    let parts: Vec<&str> = path.split("::").collect();
    (1..=parts.len()).rev().map(|count| parts[..count].join("::")).find(|module| modules.contains_key(module))
}

#[test]
fn the_core_names_nothing_above_it() {
    for (module, text) in modules() {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for word in FORBIDDEN {
                assert!(!line.contains(word), "core::{module} names {word}: {line}");
            }
        }
    }
}

#[test]
fn no_two_files_of_the_core_import_each_other() {
    let modules = modules();
    let exports = fs::read_to_string(folder().with_extension("rs")).expect("a text");
    let exported = imports(&exports, "pub use ");
    let facade = exported.iter().map(|path| (path.rsplit("::").next().unwrap_or(path).to_owned(), path.clone()));
    let facade: BTreeMap<String, String> = facade.collect();
    let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (module, text) in &modules {
        let imported = imports(text, "use crate::core::");
        let targets = imported.iter().filter_map(|path| module_of(path, &modules, &facade));
        edges.insert(module, targets.filter(|target| target != module).collect());
    }
    assert!(edges.values().map(BTreeSet::len).sum::<usize>() > 50, "the imports are read");
    // A module that imports none of those left is in no circle.
    while let Some(leaf) = edges.iter().find(|(_, targets)| targets.is_empty()).map(|(module, _)| *module) {
        edges.remove(leaf);
        for targets in edges.values_mut() {
            targets.remove(leaf);
        }
    }
    assert!(edges.is_empty(), "these import each other: {edges:#?}");
}
