//! What a screen reader finds: the tree of the real window, read over the desktop's own accessibility bus.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use desktop::{Desktop, ENTERING, Part, Role, ScreenReader, Stage, eventually};
use tempfile::TempDir;

/// Waits until the keys go to that part.
#[track_caller]
fn expect_focus(reader: &ScreenReader, role: Role, name: &str) {
    let mut last = None;
    eventually(&format!("the keys go to {role:?} '{name}'"), || {
        last = reader.focused();
        last.as_ref().is_some_and(|part| part.is(role, name))
    });
}

#[test]
fn a_screen_reader_finds_who_is_there_and_what_is_said_and_presses_what_can_be_pressed() {
    let mut stage = Stage::new();
    let reader = &stage.reader;
    stage.bia.say("olá a quem escuta");
    eventually("what was said is found", || {
        let said = |name: &str| name.starts_with("bia, ") && name.ends_with(": olá a quem escuta");
        reader.parts().iter().any(|part| part.role == Role::Paragraph && said(&part.name))
    });
    let parts = reader.parts();
    for (role, name) in [
        (Role::ListBox, "Conversas"),
        (Role::ListItem, "Sala"),
        (Role::Heading, "Sala"),
        (Role::Button, "Procurar (Ctrl+F)"),
        (Role::Button, "Silenciar os avisos"),
        (Role::Log, "Sala"),
        (Role::Entry, "Mensagem para a Sala"),
        (Role::Button, "Enviar"),
        (Role::Entry, "Filtrar pessoas"),
        (Role::ListBox, "Pessoas, 2"),
        (Role::ListItem, "ana, 127.0.0.1:…"),
        (Role::Button, "Sair"),
        (Role::StatusBar, "conectado a …"),
    ] {
        let found: Vec<_> = parts.iter().filter(|part| part.is(role, name)).collect();
        assert!(found.len() == 1 && found[0].bounds.is_some(), "{role:?} {name}: {parts:#?}");
    }
    let is_mute = |part: &&Part| part.name.is_empty() || part.role != Role::Application && part.bounds.is_none();
    assert_eq!(parts.iter().find(is_mute).map(|part| part.role), None, "every part has a name and a place");
    reader.press(Role::ListItem, "bia, 127.0.0.1:…");
    reader.find(Role::Entry, "Privado para bia");
    reader.press(Role::Button, "Sair");
    stage.bia.expect("ana saiu do chat.");
    assert!(stage.papo.wait().success());
}

#[test]
fn wherever_the_keys_go_is_told() {
    let stage = Stage::new();
    let reader = &stage.reader;
    expect_focus(reader, Role::Entry, "Mensagem para a Sala");
    for (role, name) in [
        (Role::Button, "Enviar"),
        (Role::Entry, "Filtrar pessoas"),
        (Role::ListItem, "bia, 127.0.0.1:…"),
        (Role::Button, "Sair"),
        (Role::ListItem, "Sala"),
        (Role::Button, "Procurar (Ctrl+F)"),
        (Role::Button, "Salvar a conversa (Ctrl+S)"),
        (Role::Button, "Silenciar os avisos"),
        (Role::Button, "Tema escuro"),
        (Role::Log, "Sala"),
        (Role::Entry, "Mensagem para a Sala"),
    ] {
        stage.desktop.keys(&["Tab"]);
        expect_focus(reader, role, name);
    }
    stage.desktop.keys(&["ctrl+f"]);
    expect_focus(reader, Role::Entry, "Procurar na conversa");
    stage.desktop.keys(&["Tab"]);
    expect_focus(reader, Role::Button, "Fechar (Esc)");
    stage.desktop.keys(&["F1"]);
    expect_focus(reader, Role::Dialog, "Teclas e comandos");
    for line in ["Ctrl+F: procura na conversa", "Ctrl+C: copia o que está selecionado", "/sair: sai do chat"] {
        assert!(reader.has(Role::Paragraph, line), "{line}");
    }
    stage.desktop.keys(&["space", "Tab"]);
    expect_focus(reader, Role::Button, "Fechar");
    stage.desktop.keys(&["Escape"]);
    eventually("it is closed", || !reader.has(Role::Dialog, "Teclas e comandos"));
}

#[test]
fn a_menu_is_read_and_chosen_from() {
    let stage = Stage::new();
    let reader = &stage.reader;
    stage.desktop.click(&stage.window, reader.find(Role::ListItem, "bia, 127.0.0.1:…").middle(), 3, 1);
    reader.find(Role::MenuItem, "Copiar nome");
    stage.desktop.keys(&["Down", "Down"]);
    expect_focus(reader, Role::MenuItem, "Mencionar na Sala");
    reader.press(Role::MenuItem, "Copiar nome");
    eventually("the name is copied", || stage.desktop.clipboard() == "bia");
    assert!(!reader.has(Role::MenuItem, "Copiar nome"));
}

#[test]
fn a_field_says_its_text_and_its_caret() {
    let stage = Stage::new();
    let reader = &stage.reader;
    let field = reader.find(Role::Entry, "Mensagem para a Sala");
    stage.desktop.write("ação");
    // It is pasted, which takes its time.
    eventually("it is pasted", || reader.text(&field) == ("ação".to_owned(), 4));
    stage.desktop.keys(&["shift+Return"]);
    stage.desktop.write("fim");
    stage.desktop.keys(&["Left"]);
    let mut last = Default::default();
    eventually("the text and the caret are told", || {
        last = reader.text(&field);
        last == ("ação\nfim".to_owned(), 7)
    });
    reader.put_caret(&field, 2);
    eventually("the caret is put", || reader.text(&field).1 == 2);
    stage.desktop.write("x");
    eventually("it is written there", || reader.text(&field).0 == "açxão\nfim");
    reader.select(&field, 0, 6);
    eventually("a line is selected", || reader.text(&field).1 == 6);
    stage.desktop.write("y");
    eventually("it is replaced", || reader.text(&field).0 == "yfim");
    reader.take_focus(Role::Entry, "Filtrar pessoas");
    expect_focus(reader, Role::Entry, "Filtrar pessoas");
    stage.desktop.write("bi");
    let filter = reader.find(Role::Entry, "Filtrar pessoas");
    eventually("the filter is told", || reader.text(&filter) == ("bi".to_owned(), 2));
    assert!(reader.has(Role::ListItem, "bia, …") && !reader.has(Role::ListItem, "ana, …"));
}

#[test]
fn every_line_is_reached_by_scrolling_and_older_ones_are_not_announced() {
    let mut stage = Stage::new();
    stage.desktop.resize(&stage.window, (480, 320));
    (1..=150).for_each(|n| stage.bia.say(&format!("linha {n}.")));
    let reader = &stage.reader;
    let lines =
        || reader.parts().into_iter().filter(|part| part.role == Role::Paragraph && part.name.contains(": linha"));
    let is_line = |part: &Part, n: usize| part.name.ends_with(&format!(": linha {n}."));
    eventually("the last line is told", || lines().any(|line| is_line(&line, 150)));
    assert!(lines().count() < 150);
    let announced = reader.announcements();
    eventually("the first line is reached and in sight", || {
        let first = lines().next().unwrap();
        reader.scroll_to(&first);
        is_line(&first, 1) && first.bounds.is_some_and(|(_, _, _, height)| height > 0)
    });
    stage.bia.say("novidade");
    let heard: Vec<String> = announced.iter().take_while(|text| !text.ends_with(": novidade")).collect();
    assert!(heard.is_empty(), "{heard:?}");
}

#[test]
fn what_did_not_arrive_can_be_tried_again_or_discarded() {
    let mut stage = Stage::new();
    let reader = &stage.reader;
    stage.server.command("silenciar ana");
    stage.server.command("aviso silêncio");
    reader.find(Role::Paragraph, "Aviso…");
    stage.say("veja http://exemplo.org");
    reader.find(Role::Link, "http://exemplo.org");
    reader.find(Role::Button, "Descartar");
    stage.server.command("liberar ana");
    stage.server.command("aviso fim do silêncio");
    eventually("ana may speak again", || reader.parts().iter().any(|part| part.name.ends_with(": fim do silêncio")));
    reader.press(Role::Button, "Tentar de novo");
    eventually("it arrives at last", || stage.bia.rest().iter().any(|line| line == "ana: veja http://exemplo.org"));
    eventually("nothing is left to be done", || !reader.has(Role::Button, "Descartar"));
}

#[test]
fn the_conversation_has_the_focus_while_its_cursor_is_on_what_is_not_told() {
    let mut stage = Stage::new();
    let reader = &stage.reader;
    let _others = ["caio", "dora", "edu", "fabi"].map(|name| stage.server.member(name));
    reader.find(Role::ListItem, "fabi, 127.0.0.1:…");
    stage.desktop.keys(&["shift+Tab"]);
    expect_focus(reader, Role::Log, "Sala");
    let before = stage.desktop.look(&stage.window);
    stage.desktop.keys(&["Left"]);
    eventually("a ring is around the note", || stage.desktop.look(&stage.window) != before);
    // Announcements after the cursor moved come after the focus.
    stage.bia.say("depois");
    eventually("it is told", || reader.parts().iter().any(|part| part.name.ends_with(": depois")));
    expect_focus(reader, Role::Log, "Sala");
}

#[test]
fn what_is_hidden_in_a_small_window_is_not_told() {
    let stage = Stage::new();
    let reader = &stage.reader;
    reader.find(Role::ListBox, "Pessoas, 2");
    stage.desktop.resize(&stage.window, (480, 320));
    eventually("the people are gone", || !reader.has(Role::ListBox, "Pessoas, 2"));
    assert!(reader.has(Role::Log, "Sala") && !reader.has(Role::Entry, "Filtrar pessoas"));
    reader.press(Role::Button, "Pessoas");
    reader.find(Role::ListItem, "bia, 127.0.0.1:…");
    assert!(!reader.has(Role::Log, "Sala") && !reader.has(Role::Entry, "Mensagem para a Sala"));
}

#[test]
fn the_connect_window_says_what_its_fields_are_and_what_is_wrong() {
    let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
    let reader = ScreenReader::start(&desktop.display);
    let _papo = desktop.open_with(settings.path(), &["--server", "127.0.0.1:9"], &reader.environment());
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    expect_focus(&reader, Role::Entry, "Nome");
    let server = reader.find(Role::Entry, "Servidor");
    eventually("the server is told", || reader.text(&server).0 == "127.0.0.1:9");
    desktop.write("ana");
    let name = reader.find(Role::Entry, "Nome");
    eventually("the name is told", || reader.text(&name) == ("ana".to_owned(), 3));
    let is_wrong = || reader.parts().iter().any(|part| part.role == Role::Notification);
    assert!(!is_wrong());
    desktop.write(" maria");
    eventually("what is wrong is told", is_wrong);
    desktop.keys(&["Tab"]);
    expect_focus(&reader, Role::Button, "Entrar");
}
