//! Accents from the keyboards that Brazilians have, by real keys: dead keys, ç, the compose key.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use std::path::Path;

use desktop::{Desktop, Stage};

/// What X makes of dead keys comes from the language; this is the table of a Brazilian one, which need not be installed.
const TABLE: &str = "/usr/share/X11/locale/pt_BR.UTF-8/Compose";

/// Presses each row of keys in the field of a window on a desktop with that keyboard; bia hears the texts.
#[track_caller]
fn check(layout: &[&str], rows: &[(&[&str], &str)]) {
    assert!(Path::new(TABLE).exists(), "libx11-data is not installed: run scripts/setup test");
    let desktop = Desktop::new();
    desktop.set_keyboard(layout);
    let mut stage = Stage::with(desktop, &[("XCOMPOSEFILE", TABLE), ("XMODIFIERS", "@im=none")]);
    for (keys, text) in rows {
        stage.desktop.keys(keys);
        stage.desktop.keys(&["Return"]);
        stage.bia.expect(&format!("ana: {text}"));
    }
    stage.desktop.picture(&format!("keyboard-{}", layout.last().unwrap()));
}

#[test]
fn abnt2() {
    check(
        &["-layout", "br", "-model", "abnt2"],
        &[
            (&["dead_acute", "a", "dead_acute", "E"], "áÉ"),
            (&["dead_tilde", "a", "dead_tilde", "o"], "ãõ"),
            (&["dead_circumflex", "e"], "ê"),
            (&["dead_diaeresis", "u"], "ü"),
            (&["dead_grave", "a"], "à"),
            (&["ccedilla", "Ccedilla"], "çÇ"),
            (&["c", "o", "r", "a", "ccedilla", "dead_tilde", "a", "o"], "coração"),
            (&["dead_tilde", "space", "slash", "question"], "~/?"),
        ],
    );
}

#[test]
fn us_international() {
    check(
        &["-layout", "us", "-variant", "intl"],
        &[
            (&["dead_acute", "a", "dead_acute", "E"], "áÉ"),
            (&["dead_tilde", "a", "dead_tilde", "o"], "ãõ"),
            (&["dead_circumflex", "e"], "ê"),
            (&["dead_diaeresis", "u"], "ü"),
            (&["dead_grave", "a"], "à"),
            (&["dead_acute", "c", "dead_acute", "C"], "çÇ"),
            (&["dead_acute", "space", "dead_diaeresis", "space"], "'\""),
        ],
    );
}

#[test]
fn the_compose_key() {
    check(
        &["-layout", "us", "-option", "compose:menu"],
        &[
            (&["Multi_key", "apostrophe", "a"], "á"),
            (&["Multi_key", "asciitilde", "a"], "ã"),
            (&["Multi_key", "asciicircum", "e"], "ê"),
            (&["Multi_key", "comma", "c"], "ç"),
            (&["Multi_key", "quotedbl", "u"], "ü"),
            (&["Multi_key", "grave", "a"], "à"),
        ],
    );
}
