//! No two files of the crate import each other, not by way of others either.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The files of the crate but `lib.rs` and tests, each with its text, by their paths in it: `name::reserved`.
fn modules() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (inner, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
        folders.extend(inner);
        for file in files {
            let path = file.strip_prefix(&root).unwrap().with_extension("");
            let module = path.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("::");
            let text = fs::read_to_string(&file).unwrap();
            found.insert(module, text.split("#[cfg(test)]").next().unwrap().to_owned());
        }
    }
    found.retain(|module, _| module != "lib" && !module.ends_with("tests"));
    found
}

/// Each path behind `prefix` in a statement of `text`, lists of paths taken apart.
fn paths(text: &str, prefix: &str) -> Vec<String> {
    let statements = text.split(';').filter_map(|statement| statement.split_once(prefix));
    let whole = statements.flat_map(|(_, path)| match path.split_once('{') {
        None => vec![path.trim().to_owned()],
        Some((head, list)) => {
            list.trim_end_matches('}').split(',').map(|name| format!("{head}{}", name.trim())).collect()
        }
    });
    whole.filter(|path| !path.ends_with("::") && !path.is_empty()).collect()
}

/// The modules that `module` imports: named as such, or by what `lib.rs` exports of them.
fn imports(module: &str, text: &str, modules: &BTreeMap<String, String>, lib: &str) -> BTreeSet<String> {
    let exported = paths(lib, "pub use ");
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let inner = paths(text, "use self::").into_iter().map(|path| format!("{module}::{path}"));
    let beside = paths(text, "use super::").into_iter().map(|path| format!("{parent}::{path}"));
    let named = paths(text, "use crate::").into_iter().chain(inner).chain(beside).map(|path| {
        let export = exported.iter().find(|export| export.rsplit("::").next() == Some(&path));
        export.cloned().unwrap_or(path)
    });
    let modules = named.map(|path| {
        let holds = |it: &&String| path == **it || path.starts_with(&format!("{it}::"));
        let found = modules.keys().filter(holds).max_by_key(|it| it.len());
        found.unwrap_or_else(|| panic!("{module} imports {path}")).clone()
    });
    modules.filter(|imported| imported != module).collect()
}

#[test]
fn imports_make_no_circle() {
    let modules = modules();
    let lib = include_str!("../src/lib.rs");
    let mut left: BTreeMap<&String, BTreeSet<String>> =
        modules.iter().map(|(module, text)| (module, imports(module, text, &modules, lib))).collect();
    assert!(left.values().map(BTreeSet::len).sum::<usize>() > 30, "imports are not found: {left:?}");
    assert!(left[&"words".to_owned()].is_empty() && left[&"limits".to_owned()].is_empty());
    // A file that imports none of the others left is in no circle.
    while let Some(free) = left.iter().find(|(_, imported)| imported.is_empty()).map(|(module, _)| *module) {
        left.remove(free);
        for imported in left.values_mut() {
            imported.remove(free);
        }
    }
    assert!(left.is_empty(), "these import each other: {left:#?}");
}
