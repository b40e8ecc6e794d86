//! Who is there: found by the filter, reached by keys, and behind a button where the window is small.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use desktop::{ENTERING, Role, Server, Stage, eventually};

#[test]
fn the_filter_leaves_those_whose_names_fit() {
    let mut stage = Stage::new();
    let mut joao = stage.server.member("João");
    stage.bia.rest();
    stage.desktop.click(&stage.window, stage.filter(), 1, 1);
    stage.desktop.write("joa");
    stage.desktop.picture("filter");
    stage.desktop.click(&stage.window, stage.person("João"), 1, 2);
    stage.say("oi");
    eventually("João hears it", || joao.rest().iter().any(|line| line == "ana: oi (privado)"));
    assert_eq!(stage.bia.rest(), Vec::<String>::new());
}

#[test]
fn the_people_are_reached_by_keys() {
    let mut stage = Stage::new();
    let place = stage.reader.find(Role::ListItem, "bia, 127.0.0.1:…").place();
    let row = || stage.desktop.look_at(&stage.window, place);
    let before = row();
    stage.desktop.click(&stage.window, stage.filter(), 1, 1);
    stage.desktop.keys(&["Tab"]);
    eventually("it shows where the focus is", || row() != before);
    stage.desktop.picture("focus-on-people");
    let closed = stage.desktop.look(&stage.window);
    stage.desktop.keys(&["shift+F10"]);
    eventually("the menu is open", || stage.desktop.look(&stage.window) != closed);
    stage.desktop.keys(&["Escape"]);
    eventually("the menu is closed", || stage.desktop.look(&stage.window) == closed);
    stage.desktop.keys(&["Return"]);
    stage.say("oi");
    stage.bia.expect("ana: oi (privado)");
}

#[test]
fn esc_in_the_filter_empties_it() {
    let mut stage = Stage::new();
    stage.desktop.click(&stage.window, stage.filter(), 1, 1);
    stage.desktop.write("ninguem");
    stage.desktop.keys(&["Escape"]);
    stage.desktop.picture("filter-emptied");
    // It keeps the keys: another name is looked for at once, and found.
    stage.desktop.write("bi");
    stage.desktop.keys(&["Return"]);
    stage.say("oi");
    stage.bia.expect("ana: oi (privado)");
}

#[test]
fn enter_in_the_filter_opens_the_conversation_with_the_first_hit() {
    let mut stage = Stage::new();
    let mut caio = stage.server.member("caio");
    let mut joao = stage.server.member("João");
    stage.bia.rest();
    caio.rest();
    stage.desktop.write("@bia para bia");
    stage.desktop.keys(&["Return"]);
    stage.bia.expect("ana: para bia (privado)");
    let filter = stage.filter();
    for enter in ["Return", "KP_Enter"] {
        stage.desktop.click(&stage.window, filter, 1, 1);
        stage.desktop.keys_at_once(&["c", "a", "i", enter, "o", "i", "Return"]);
        eventually("caio hears it", || caio.rest().iter().any(|line| line == "ana: oi (privado)"));
        stage.desktop.picture("filter-enter");
        // The filter is empty again: all rows stand in it.
        stage.desktop.click(&stage.window, stage.person("João"), 1, 2);
        stage.say("oi");
        eventually("João hears it", || joao.rest().iter().any(|line| line == "ana: oi (privado)"));
    }
    // Nobody is found: nothing is opened and nothing said.
    stage.desktop.click(&stage.window, filter, 1, 1);
    stage.desktop.write("ninguem");
    stage.desktop.keys(&["Return"]);
    stage.desktop.keys(&["ctrl+a", "BackSpace", "Return"]);
    stage.click_field();
    stage.say("fim");
    eventually("João hears it", || joao.rest().iter().any(|line| line == "ana: fim (privado)"));
    assert_eq!((stage.bia.rest(), caio.rest()), (Vec::new(), Vec::new()));
}

#[test]
fn where_the_people_are_behind_a_button_one_chooses_and_writes() {
    for size in [(480, 320), (640, 480), (799, 480)] {
        let mut stage = Stage::new();
        stage.desktop.resize(&stage.window, size);
        eventually("the window has its size", || stage.desktop.size(&stage.window) == size);
        stage.desktop.picture_of(&stage.window, &format!("folded-{}", size.0));
        stage.desktop.click(&stage.window, stage.button("Pessoas"), 1, 1);
        stage.desktop.picture_of(&stage.window, &format!("folded-people-{}", size.0));
        stage.desktop.click(&stage.window, stage.person("bia"), 1, 2);
        stage.say("oi");
        stage.bia.expect("ana: oi (privado)");
        // Also where that conversation is shown already.
        stage.desktop.click(&stage.window, stage.button("Pessoas"), 1, 1);
        stage.desktop.click(&stage.window, stage.person("bia"), 1, 2);
        stage.say("tchau");
        stage.bia.expect("ana: tchau (privado)");
    }
}

#[test]
fn what_is_written_or_looked_for_stands_where_the_people_stood() {
    let mut stage = Stage::new();
    let size = (480, 320);
    stage.desktop.resize(&stage.window, size);
    eventually("the window has its size", || stage.desktop.size(&stage.window) == size);
    let people = stage.button("Pessoas");
    let show_people = || stage.desktop.click(&stage.window, people, 1, 1);
    // A letter, and what the clipboard holds.
    show_people();
    stage.say("oi");
    stage.bia.expect("ana: oi");
    stage.desktop.copy("colado");
    show_people();
    stage.desktop.keys(&["ctrl+v", "Return"]);
    stage.bia.expect("ana: colado");
    // What is looked for does not get into what is said.
    show_people();
    stage.desktop.keys(&["ctrl+f"]);
    stage.desktop.write("procurado");
    stage.desktop.picture_of(&stage.window, "folded-find");
    stage.desktop.keys(&["Escape"]);
    stage.say("tudo bem");
    stage.bia.expect("ana: tudo bem");
    // The menu of somebody: the second line mentions.
    show_people();
    stage.desktop.click(&stage.window, stage.person("bia"), 3, 1);
    stage.desktop.picture_of(&stage.window, "folded-menu");
    stage.desktop.keys(&["Down", "Down", "Return"]);
    stage.say("sim");
    stage.bia.expect("ana: bia, sim");
    // Nobody sees what is said meanwhile, until Esc leads back.
    show_people();
    stage.bia.say("não se vê");
    eventually("it is unread", || stage.desktop.title(&stage.window).starts_with("(1)"));
    stage.desktop.keys(&["Escape"]);
    eventually("it is read", || stage.desktop.title(&stage.window).starts_with("Papo"));
}

#[test]
fn the_find_bar_comes_back_after_the_people() {
    let stage = Stage::new();
    let reader = &stage.reader;
    stage.desktop.resize(&stage.window, (700, 480));
    reader.find(Role::Button, "Pessoas");
    stage.desktop.keys(&["ctrl+f"]);
    reader.find(Role::Button, "Fechar (Esc)");
    reader.press(Role::Button, "Pessoas");
    reader.find(Role::Entry, "Filtrar pessoas");
    assert!(!reader.has(Role::Button, "Fechar (Esc)"));
    reader.press(Role::Button, "Pessoas");
    reader.find(Role::Log, "Sala");
    reader.find(Role::Button, "Fechar (Esc)");
}

#[test]
fn the_filter_is_empty_on_the_next_server() {
    let mut stage = Stage::new();
    stage.desktop.click(&stage.window, stage.filter(), 1, 1);
    stage.desktop.write("ninguem");
    let addr = stage.server.addr.to_string();
    stage.server.command("sair");
    stage.expect_dialog("Desconectado");
    stage.desktop.keys(&["Escape"]);
    let entering = stage.desktop.window(ENTERING);
    drop(stage.server);
    let server = Server::start_at(&addr);
    let mut bia = server.member("bia");
    bia.line();
    stage.desktop.focus(&entering);
    stage.desktop.keys(&["Return"]);
    let window = stage.desktop.window("Papo — ana");
    stage.desktop.focus(&window);
    assert!(bia.line().starts_with("ana entrou no chat de "));
    let row = stage.reader.find(Role::ListItem, "bia, 127.0.0.1:…").middle();
    stage.desktop.click(&window, row, 1, 2);
    stage.desktop.write("oi");
    stage.desktop.keys(&["Return"]);
    bia.expect("ana: oi (privado)");
}
