//! What one writes: keys, commands, completion, drafts, limits. Others hear it on the wire.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use std::process::Command;

use desktop::{Role, Stage, eventually};

/// Under the field while nobody can get what stands in it, and of what is wrong, in the light look.
const ERROR_GROUND: &str = "FDF1F0";
const ERROR: &str = "B3261E";
const PRIVATE_GROUND: &str = "F6F0FC";

#[test]
fn up_and_down_bring_back_what_was_sent_and_the_draft() {
    let mut stage = Stage::new();
    for text in ["um", "dois"] {
        stage.say(text);
        stage.bia.expect(&format!("ana: {text}"));
    }
    stage.desktop.write("rascunho");
    stage.desktop.keys(&["Up"]);
    stage.expect_field("dois");
    stage.desktop.keys(&["Up"]);
    stage.expect_field("um");
    stage.desktop.keys(&["Up", "Down", "Down"]);
    stage.expect_field("rascunho");
    stage.desktop.keys(&["Up", "Up", "Return"]);
    stage.bia.expect("ana: um");
    // However wide, a word is one line.
    stage.desktop.copy(&format!("http://wiki.local/{}", "a".repeat(300)));
    stage.desktop.keys(&["ctrl+v", "Up"]);
    stage.expect_field("um");
    stage.desktop.picture("long-word");
}

#[test]
fn shift_enter_begins_a_line_and_enter_sends_all_of_them() {
    let stage = Stage::new();
    let mut dora = stage.server.listener("dora");
    stage.desktop.write("linha um");
    stage.desktop.keys(&["shift+Return"]);
    stage.desktop.write("linha dois");
    stage.desktop.picture("two-lines");
    stage.desktop.keys(&["Return"]);
    dora.expect("linha um\nlinha dois");
}

#[test]
fn tab_completes_a_name_and_else_moves_to_the_button() {
    let mut stage = Stage::new();
    let mut bruno = stage.server.member("bruno");
    let mut beto = stage.server.member("beto");
    bruno.rest();
    beto.rest();
    bruno.say("cheguei");
    stage.expect_conversation("bruno: cheguei");
    stage.bia.rest();
    for (text, completed) in [("b", "bruno, "), ("B", "bruno, "), ("@BR", "@bruno "), ("olá bi", "olá bia")] {
        stage.desktop.write(text);
        stage.desktop.keys(&["Tab"]);
        stage.expect_field(completed);
        stage.desktop.keys(&["ctrl+a", "BackSpace"]);
    }
    // Who spoke last first, then by the alphabet, then from the beginning.
    for (tabs, name) in [(1, "bruno"), (2, "beto"), (3, "bia"), (4, "bruno")] {
        stage.desktop.write("b");
        stage.desktop.keys(&vec!["Tab"; tabs]);
        stage.desktop.write("oi");
        stage.desktop.keys(&["Return"]);
        stage.bia.expect(&format!("ana: {name}, oi"));
    }
    stage.desktop.write("nada a completar");
    stage.desktop.keys(&["Tab"]);
    stage.desktop.picture("focus-on-send");
    stage.desktop.keys(&["space"]);
    stage.bia.expect("ana: nada a completar");
}

#[test]
fn a_command_is_never_said() {
    let mut stage = Stage::new();
    assert_eq!(stage.desktop.pixels(&stage.window, ERROR), 0);
    for text in ["/x", "/sair agora", "/"] {
        stage.say(text);
        eventually("what is wrong stands above the field", || stage.desktop.pixels(&stage.window, ERROR) > 0);
        stage.expect_field(text);
        stage.desktop.picture("unknown-command");
        stage.desktop.keys(&["ctrl+a", "BackSpace"]);
        eventually("nothing is wrong", || stage.desktop.pixels(&stage.window, ERROR) == 0);
    }
    stage.say("//x");
    stage.bia.expect("ana: /x");
    stage.say("/etc/hosts");
    stage.bia.expect("ana: /etc/hosts");
    stage.say("/sair");
    stage.bia.expect("ana saiu do chat.");
    assert!(stage.papo.wait().success());
}

#[test]
fn ajuda_shows_the_keys_and_limpar_empties_the_conversation() {
    let mut stage = Stage::new();
    stage.bia.say("antes");
    stage.expect_conversation("antes");
    stage.desktop.keys(&["ctrl+a"]);
    let before = stage.desktop.look(&stage.window);
    stage.say("/ajuda");
    eventually("the keys are shown", || stage.desktop.look(&stage.window) != before);
    stage.desktop.write("not for anybody");
    stage.desktop.keys(&["Escape"]);
    eventually("the keys are gone", || stage.desktop.look(&stage.window) == before);
    stage.say("/limpar");
    stage.bia.say("depois");
    stage.expect_conversation("depois");
    assert!(!stage.conversation().contains("antes"));
    assert_eq!(stage.bia.rest(), Vec::<String>::new());
}

#[test]
fn what_is_pasted_is_one_message() {
    let stage = Stage::new();
    let mut dora = stage.server.listener("dora");
    let long = "á".repeat(2048);
    let lines: Vec<String> = (1..=100).map(|number| format!("linha {number}")).collect();
    for text in [long, lines.join("\n")] {
        stage.desktop.copy(&text);
        stage.desktop.keys(&["ctrl+v"]);
        stage.desktop.picture(&format!("pasted-{}", text.lines().count()));
        stage.desktop.keys(&["Return"]);
        dora.expect(&text);
    }
    stage.say("fim");
    dora.expect("fim");
}

#[test]
fn a_text_over_the_limit_is_neither_sent_nor_lost() {
    let mut stage = Stage::new();
    let mut dora = stage.server.listener("dora");
    stage.bia.rest();
    let text = "á".repeat(2049);
    stage.desktop.copy(&text);
    stage.desktop.keys(&["ctrl+v"]);
    eventually("it says so before it is sent", || stage.desktop.pixels(&stage.window, ERROR) > 0);
    stage.desktop.keys(&["Return"]);
    stage.desktop.picture("too-long");
    stage.expect_field(&text);
    assert_eq!(stage.bia.rest(), Vec::<String>::new());
    stage.desktop.keys(&["BackSpace", "Return"]);
    dora.expect(&text[2..]);
}

#[test]
fn each_conversation_keeps_its_draft() {
    let mut stage = Stage::new();
    stage.desktop.write("para todos");
    stage.desktop.click(&stage.window, stage.person("bia"), 1, 2);
    stage.desktop.write("para bia");
    stage.desktop.keys(&["ctrl+Tab"]);
    stage.expect_field("para todos");
    stage.desktop.keys(&["ctrl+Tab"]);
    stage.expect_field("para bia");
    stage.desktop.keys(&["Return"]);
    stage.bia.expect("ana: para bia (privado)");
    stage.desktop.keys(&["ctrl+shift+Tab", "Return"]);
    stage.bia.expect("ana: para todos");
}

#[test]
fn whoever_types_on_while_conversations_change_leaks_nothing() {
    let mut stage = Stage::new();
    stage.desktop.click(&stage.window, stage.person("bia"), 1, 2);
    stage.desktop.write("segredo");
    stage.expect_field("segredo");
    stage.desktop.keys_at_once(&["ctrl+Tab", "o", "i", "Return"]);
    stage.bia.expect("ana: oi");
    stage.desktop.keys(&["ctrl+Tab"]);
    stage.expect_field("segredo");
}

/// Presses keys while the window is busy, so that they come to it all at once.
fn press_at_once(stage: &Stage, keys: &[&str]) {
    stage.papo.pause(true);
    stage.desktop.keys(keys);
    stage.papo.pause(false);
}

#[test]
fn whoever_types_faster_than_the_window_follows_writes_what_they_typed() {
    let mut stage = Stage::new();
    press_at_once(&stage, &["u", "m", "Return", "d", "o", "i", "s", "Return", "t", "r", "e", "s", "Return"]);
    for text in ["um", "dois", "tres"] {
        stage.bia.expect(&format!("ana: {text}"));
    }
    // What is refused is neither forgotten nor sent with what follows to anybody else.
    press_at_once(&stage, &["at", "x", "space", "u", "Return", "v", "Return", "w", "Return"]);
    stage.expect_field("@x uvw");
    stage.desktop.keys(&["ctrl+a", "BackSpace"]);
    for (keys, expected) in [
        (&["Up", "Up", "Return"][..], "dois"),
        (&["Up", "BackSpace", "n", "Left", "Delete", "o", "Return"], "doio"),
        (&["Up", "Home", "Right", "shift+End", "ctrl+x", "ctrl+v", "ctrl+v", "Return"], "doiooio"),
        (&["b", "Tab", "o", "i", "Return"], "bia, oi"),
        (&["a", "Return", "shift+Return", "b", "Up", "Delete", "c", "Return"], "cb"),
    ] {
        press_at_once(&stage, keys);
        let mut last = stage.bia.line();
        if last == "ana: a" {
            last = stage.bia.line();
        }
        assert_eq!(last, format!("ana: {expected}"), "{keys:?}");
    }
    assert_eq!(stage.bia.rest(), Vec::<String>::new());
}

#[test]
fn keys_that_come_at_once_go_where_the_first_of_them_leads() {
    let mut stage = Stage::new();
    stage.desktop.click(&stage.window, stage.person("bia"), 1, 2);
    // Whether the keys are in the filter at first, what is pressed in the room, and what bia hears of it.
    let rows: [(bool, &str, &[&str]); 10] = [
        (false, "ctrl+f s e n h a Return", &[]),
        (false, "F1 s e n h a Return", &[]),
        (false, "F1 s e n h a Escape o i Return", &["oi"]),
        (false, "F1 s e n h a F1 o i Return", &["oi"]),
        (false, "ctrl+f s e n h a Escape o i Return", &["oi"]),
        (false, "ctrl+f s e n h a ctrl+Tab o i Return", &["oi (privado)"]),
        (true, "b Return o i Return", &["oi (privado)"]),
        (true, "b ctrl+Tab o i Return", &["oi (privado)"]),
        (false, "x Tab space o i Return", &["x", "oi"]),
        (false, "b Tab o i Return", &["bia, oi"]),
    ];
    for (is_in_filter, keys, heard) in rows {
        stage.desktop.click(&stage.window, stage.reader.find(Role::ListItem, "Sala").middle(), 1, 1);
        if is_in_filter {
            stage.desktop.click(&stage.window, stage.filter(), 1, 1);
        }
        let keys: Vec<&str> = keys.split(' ').collect();
        press_at_once(&stage, &keys);
        for text in heard {
            assert_eq!(stage.bia.line(), format!("ana: {text}"), "{keys:?}");
        }
        // Nothing else was said, and nothing is left in the field.
        stage.desktop.keys(&["Escape", "Escape"]);
        stage.click_field();
        stage.say("@bia fim");
        assert_eq!(stage.bia.line(), "ana: fim (privado)", "{keys:?}");
    }
}

#[test]
fn the_private_mode_shows_itself() {
    let mut stage = Stage::new();
    let ground = |colour| stage.desktop.pixels(&stage.window, colour);
    assert_eq!((ground(PRIVATE_GROUND), ground(ERROR_GROUND)), (0, 0));
    stage.desktop.write("@bia oi");
    eventually("the field is private", || ground(PRIVATE_GROUND) > 5_000);
    stage.desktop.keys(&["Home", "Delete"]);
    eventually("the field is public", || ground(PRIVATE_GROUND) == 0);
    stage.desktop.write("@x");
    eventually("the field is nobody's", || ground(ERROR_GROUND) > 5_000);
    stage.desktop.keys(&["BackSpace", "Return"]);
    stage.bia.expect("ana: oi (privado)");
}

#[test]
fn esc_goes_to_the_end_of_the_conversation_from_everywhere() {
    let mut stage = Stage::new();
    for line in 0..60 {
        stage.bia.say(&format!("linha {line}"));
    }
    stage.expect_conversation("linha 59");
    let room = stage.reader.find(Role::ListItem, "Sala").middle();
    for place in [stage.filter(), stage.person("bia"), room] {
        stage.desktop.keys(&["Page_Up"]);
        stage.bia.say("mais uma");
        eventually("it is unread", || stage.desktop.title(&stage.window).starts_with("(1)"));
        stage.desktop.click(&stage.window, place, 1, 1);
        stage.desktop.keys(&["Escape"]);
        eventually("it is read", || stage.desktop.title(&stage.window).starts_with("Papo"));
        stage.click_field();
    }
}

#[test]
fn text_scrolls_while_a_selection_is_held_beyond_the_edge() {
    let mut stage = Stage::new();
    for line in 0..60 {
        stage.bia.say(&format!("linha {line}."));
    }
    stage.expect_conversation("linha 59.");
    let (x, y, w, h) = stage.reader.find(Role::Log, "Sala").place();
    let button = |action: &str| {
        let args = [action, "1"];
        assert!(Command::new("xdotool").args(args).env("DISPLAY", &stage.desktop.display).status().unwrap().success());
    };
    stage.desktop.point(&stage.window, (x + w / 2, y + h - 30));
    button("mousedown");
    stage.desktop.point(&stage.window, (x + w / 2, y - 30));
    // The pointer rests there: what stands above comes into sight by itself.
    eventually("the first line is in sight", || {
        let parts = stage.reader.parts();
        let first = parts.iter().find(|part| part.name.ends_with(": linha 0."));
        first.and_then(|part| part.bounds).is_some_and(|(_, _, w, h)| w > 0 && h > 0)
    });
    button("mouseup");
}

#[test]
fn a_composed_character_goes_as_a_whole() {
    let mut stage = Stage::new();
    stage.desktop.copy("a👨‍👩‍👧b");
    stage.desktop.keys(&["ctrl+v", "Left", "BackSpace", "Return"]);
    stage.bia.expect("ana: ab");
    stage.desktop.copy("🇧🇷e\u{301}fim");
    stage.desktop.keys(&["ctrl+v", "Home", "Right", "Delete"]);
    stage.desktop.write("A");
    stage.desktop.keys(&["Return"]);
    stage.bia.expect("ana: 🇧🇷Afim");
}
