//! ARCHITECTURE.md is true: the files that it names are there, and its walks are short and take no step back.

#![allow(clippy::panic)]

use std::collections::HashSet;
use std::fs;
use std::path::Path;

/// The greatest number of files on the way of a message or a key.
const MOST_STEPS: usize = 15;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    fs::read_to_string(path).unwrap_or_else(|error| panic!("ARCHITECTURE.md: {error}"))
}

/// The paths in the text: the code in backticks that begins with `src/`.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("src/"))
}

#[test]
fn every_file_that_it_names_is_there() {
    let page = page();
    let missing: Vec<&str> =
        paths(&page).filter(|path| !Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(paths(&page).count() > 25);
}

#[test]
fn its_walks_are_short_and_pass_each_file_once() {
    let page = page();
    let walks = page.split("\n## ").filter(|section| section.starts_with("One "));
    let mut count = 0;
    for walk in walks {
        let steps: Vec<&str> = paths(walk).collect();
        assert!((5..=MOST_STEPS).contains(&steps.len()), "{steps:?}");
        let files: HashSet<&str> = steps.iter().copied().collect();
        // One file may come twice: the program hands a message to the model, and later runs its effects.
        assert!(steps.len() - files.len() <= 1, "{steps:?}");
        count += 1;
    }
    assert_eq!(count, 2);
}
