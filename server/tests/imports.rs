//! Checks the imports of the server: no two files import each other, directly or through others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Imports that still close a circle: the module and what it imports. A pair that closes none any more fails the test.
const KNOWN: [(&str, &str); 1] = [("engine::deadlines", "engine")];

/// Every module of `src`, such as `room::backlog`, with its code: neither comments nor tests.
fn modules() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().with_extension("").to_string_lossy().replace('/', "::");
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !name.ends_with("tests") {
                modules.insert(name, code_of(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    modules
}

fn code_of(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// All paths that `code` names after `prefix`, such as `room::Room` after `crate::`, each with every name of a list.
fn paths(code: &str, prefix: &str) -> Vec<String> {
    let is_part = |character: char| character.is_alphanumeric() || "_:".contains(character);
    let mut found = Vec::new();
    for (place, _) in code.match_indices(prefix) {
        if code[..place].ends_with(is_part) {
            continue;
        }
        let rest = &code[place + prefix.len()..];
        let head = &rest[..rest.find(|character| !is_part(character)).unwrap_or(rest.len())];
        match rest[head.len()..].strip_prefix('{').and_then(|list| list.split('}').next()) {
            Some(list) => found.extend(list.split(',').map(|name| format!("{head}{}", name.trim()))),
            None => found.push(head.to_owned()),
        }
    }
    found
}

/// The modules that `module` names, those behind a parent's `pub use` in the place of the parent.
fn imports(module: &str, modules: &BTreeMap<String, String>) -> BTreeSet<String> {
    let code = &modules[module];
    let parent = module.rsplit_once("::").map_or(String::new(), |(parent, _)| format!("{parent}::"));
    let grandparent = parent.trim_end_matches("::").rsplit_once("::").map_or("", |(parent, _)| parent);
    let absolute = paths(code, "crate::")
        .into_iter()
        .chain(paths(code, "self::").into_iter().map(|path| format!("{module}::{path}")))
        .chain(paths(code, "super::").into_iter().map(|path| match path.strip_prefix("super::") {
            None => format!("{parent}{path}"),
            Some(path) if grandparent.is_empty() => path.to_owned(),
            Some(path) => format!("{grandparent}::{path}"),
        }));
    absolute.filter_map(|path| target(&path, modules)).filter(|target| target != module).collect()
}

/// The module in which the item at `path` stands.
fn target(path: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let parts: Vec<&str> = path.split("::").collect();
    let length = (1..=parts.len()).rev().find(|length| modules.contains_key(&parts[..*length].join("::")))?;
    let module = parts[..length].join("::");
    let exports = modules[&module].split(';').filter(|statement| statement.trim_start().starts_with("pub use self::"));
    let exported: Vec<String> = exports.flat_map(|statement| paths(statement, "self::")).collect();
    let behind = parts.get(length).and_then(|item| exported.iter().find(|path| path.rsplit("::").next() == Some(item)));
    behind.and_then(|path| target(&format!("{module}::{path}"), modules)).or(Some(module))
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let modules = modules();
    let mut edges: BTreeMap<&str, BTreeSet<String>> =
        modules.keys().map(|module| (module.as_str(), imports(module, &modules))).collect();
    assert!(edges.values().map(BTreeSet::len).sum::<usize>() > 150, "the imports are read: {edges:#?}");
    for (module, target) in KNOWN {
        assert!(edges.get_mut(module).is_some_and(|targets| targets.remove(target)), "{module} imports {target}");
    }
    // A module that imports none of those left, or that none of those left imports, is in no circle.
    loop {
        let imported: BTreeSet<String> = edges.values().flatten().cloned().collect();
        let free = |(module, targets): &(&&str, &BTreeSet<String>)| targets.is_empty() || !imported.contains(**module);
        let Some(module) = edges.iter().find(free).map(|(module, _)| *module) else { break };
        edges.remove(module);
        for targets in edges.values_mut() {
            targets.remove(module);
        }
    }
    assert!(edges.is_empty(), "these import each other: {edges:#?}");
}
