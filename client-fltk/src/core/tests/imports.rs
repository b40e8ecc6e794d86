//! Checks the imports of the program: the core names nothing above it, and no modules import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

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

/// The code of a module, without comments and tests.
struct Module {
    code: String,
    /// The full path behind each name that the module exports again.
    exports: BTreeMap<String, String>,
}

type Modules = BTreeMap<String, Module>;

/// The modules of the program, such as `core::find::index`.
fn modules() -> Modules {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules: Modules =
        files(&root).into_iter().filter_map(|path| Some((name(&root, &path)?, code(&path)))).collect();
    let exports: Vec<(String, BTreeMap<String, String>)> = modules
        .iter()
        .map(|(name, module)| {
            let paths = statements(&module.code).filter(|(is_public, _)| *is_public).flat_map(|(_, paths)| paths);
            let full = paths.filter_map(|path| absolute(&path, name, &modules));
            (name.clone(), full.map(|path| (last(&path).to_owned(), path)).collect())
        })
        .collect();
    for (name, exports) in exports {
        modules.entry(name).and_modify(|module| module.exports = exports);
    }
    modules
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The name of the module in that file; `None` for tests and for the roots.
fn name(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?.with_extension("");
    let name = relative.to_str()?.replace(MAIN_SEPARATOR, "::");
    let is_test = name.split("::").any(|part| part == "tests");
    (!is_test && name != "main" && name != "lib").then_some(name)
}

fn code(path: &Path) -> Module {
    let text = fs::read_to_string(path).expect("a text");
    // Tests come last.
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    Module { code: code.replace("(in crate::", "(in "), exports: BTreeMap::new() }
}

/// The `use` statements: whether it exports again, and the paths as they are written.
fn statements(code: &str) -> impl Iterator<Item = (bool, Vec<String>)> {
    let parts = code.split(';').filter_map(|part| {
        let start = part.lines().position(|line| line.trim_start_matches("pub").contains("use "))?;
        let statement: String = part.lines().skip(start).collect();
        let (before, tree) = statement.split_once("use ")?;
        let is_one = before.is_empty() || before.starts_with("pub");
        is_one.then(|| (before.starts_with("pub"), expanded(tree)))
    });
    parts.collect::<Vec<_>>().into_iter()
}

/// The paths of a tree such as `a::{b, c::{self, D}}`.
fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((head, list)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.trim_end_matches("::self").to_owned()];
    };
    let list = list.trim_end().strip_suffix('}').unwrap_or(list);
    let mut depth = 0;
    let at_top = |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    };
    let branches = list.split(at_top).map(str::trim).filter(|branch| !branch.is_empty());
    branches.flat_map(|branch| expanded(&format!("{head}{branch}"))).collect()
}

/// The paths that stand in the code outside of `use` statements.
fn inline(code: &str) -> impl Iterator<Item = String> {
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words.filter(|word| word.starts_with("crate::") || word.starts_with("super::")).map(str::to_owned)
}

/// A path as it is seen from the root of the crate; `None` if it leads out of it.
fn absolute(path: &str, from: &str, modules: &Modules) -> Option<String> {
    if let Some(path) = path.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    let (mut base, mut path) = (from, path);
    while let Some(rest) = path.strip_prefix("super::") {
        (base, path) = (base.rsplit_once("::").map_or("", |(above, _)| above), rest);
    }
    let path = format!("{base}::{path}");
    let is_child = path.match_indices("::").any(|(end, _)| modules.contains_key(&path[..end]) && end > from.len());
    (base != from || is_child).then(|| path.trim_start_matches("::").to_owned())
}

/// The module in which a path ends, beyond what others export again.
fn module_of(path: &str, modules: &Modules) -> Option<String> {
    let parts: Vec<&str> = path.split("::").collect();
    let count = (1..=parts.len()).rev().find(|&count| modules.contains_key(&parts[..count].join("::")))?;
    let module = parts[..count].join("::");
    let exported = parts.get(count).and_then(|name| modules[&module].exports.get(*name));
    exported.map_or(Some(module), |path| module_of(path, modules))
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

#[test]
fn the_core_names_nothing_above_it() {
    for (name, module) in modules().iter().filter(|(name, _)| name.starts_with("core")) {
        for line in module.code.lines() {
            for word in FORBIDDEN {
                assert!(!line.contains(word), "{name} names {word}: {line}");
            }
        }
    }
}

#[test]
fn no_modules_import_each_other() {
    let modules = modules();
    let mut edges: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
    for (name, module) in &modules {
        // A module does not use itself the names that it exports again.
        let used = statements(&module.code).filter(|(is_public, _)| !is_public).flat_map(|(_, paths)| paths);
        let paths = used.chain(inline(&module.code)).filter_map(|path| absolute(&path, name, &modules));
        let targets = paths.filter_map(|path| module_of(&path, &modules));
        edges.insert(name, targets.filter(|target| target != name).collect());
    }
    assert!(edges.values().map(BTreeSet::len).sum::<usize>() > 500, "the imports are read");
    // A module that imports none of those left is in no circle, nor is one that none of those left imports.
    loop {
        let imported: BTreeSet<String> = edges.values().flatten().cloned().collect();
        let count = edges.len();
        edges.retain(|name, targets| !targets.is_empty() && imported.contains(*name));
        let left: BTreeSet<String> = edges.keys().map(|name| (*name).clone()).collect();
        for targets in edges.values_mut() {
            targets.retain(|target| left.contains(target));
        }
        if edges.len() == count {
            break;
        }
    }
    assert!(edges.is_empty(), "these import each other: {edges:#?}");
}
