//! Dialogs in the window: the chat goes on under them, and a conversation finds its way to a file.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use desktop::{ENTERING, Portal, Role, Server, Stage, eventually};
use tempfile::TempDir;

const SAVE: &str = "Salvar a conversa";
const REPLACE: &str = "Substituir o arquivo?";
const NOT_SAVED: &str = "A conversa não foi salva";
const ASKING: &str = "Salvando a conversa";
const OVER: &str = "Desconectado";

/// The conversation that was saved in ana's home folder, if one was.
fn saved(stage: &Stage) -> String {
    let mut entries = std::fs::read_dir(stage.settings.path()).unwrap().map(|entry| entry.unwrap().path());
    let saved = entries.find(|path| path.extension().is_some_and(|it| it == "txt"));
    saved.map(|path| std::fs::read_to_string(path).unwrap()).unwrap_or_default()
}

#[track_caller]
fn ask_to_save(stage: &mut Stage) {
    stage.desktop.keys(&["ctrl+s"]);
    stage.expect_dialog(SAVE);
}

/// A window whose conversation is `said`, with the dialog that saves it open.
#[track_caller]
fn asked_to_save(said: &str) -> Stage {
    let mut stage = Stage::new();
    stage.bia.say(said);
    stage.expect_conversation(said);
    ask_to_save(&mut stage);
    stage
}

#[test]
fn salvar_writes_the_conversation_to_a_file() {
    let mut stage = Stage::new();
    stage.bia.say("para guardar: ação");
    stage.expect_conversation("para guardar");
    stage.say("/salvar");
    stage.expect_dialog(SAVE);
    stage.desktop.picture("save-dialog");
    stage.desktop.keys(&["Return"]);
    stage.expect_no_dialog();
    let texts = saved(&stage);
    assert!(texts.starts_with("== Sala ==\n"), "{texts}");
    assert!(texts.contains("] bia: para guardar: ação\n"), "{texts}");
    stage.say("depois");
    stage.bia.expect("ana: depois");
    stage.expect_conversation("ana: depois");
    // The same file once more: nothing is written over unasked.
    ask_to_save(&mut stage);
    stage.desktop.keys(&["Return"]);
    stage.expect_dialog(REPLACE);
    stage.desktop.picture("replace");
    stage.desktop.keys(&["Escape"]);
    stage.expect_dialog(SAVE);
    assert_eq!(saved(&stage), texts);
    stage.desktop.keys(&["Return"]);
    stage.expect_dialog(REPLACE);
    stage.desktop.keys(&["Return"]);
    stage.expect_no_dialog();
    let texts = saved(&stage);
    assert!(texts.contains("] ana: depois\n"), "{texts}");
    // Cancelling the dialog changes nothing.
    ask_to_save(&mut stage);
    stage.desktop.keys(&["Escape"]);
    stage.expect_no_dialog();
    assert_eq!(saved(&stage), texts);
}

#[test]
fn keys_go_nowhere_until_the_desktop_has_asked_where_to_save() {
    let mut stage = Stage::new();
    let mut portal = Portal::on(stage.reader.session());
    stage.bia.say("para guardar");
    stage.expect_conversation("para guardar");
    stage.desktop.write("meio");
    stage.desktop.keys(&["ctrl+s", "s", "e", "n", "h", "a", "Return", "space", "ctrl+v"]);
    portal.expect_question();
    stage.expect_dialog(ASKING);
    stage.desktop.picture("asking");
    portal.answer(Some(&stage.settings.path().join("aqui.txt")));
    stage.expect_no_dialog();
    stage.expect_conversation("Conversa salva em");
    assert!(saved(&stage).contains("] bia: para guardar\n"));
    stage.desktop.keys(&["Return"]);
    stage.bia.expect("ana: meio");
    // A person who does not want to wait goes back to the chat; the answer counts all the same.
    stage.desktop.keys(&["ctrl+s"]);
    portal.expect_question();
    stage.expect_dialog(ASKING);
    stage.desktop.keys(&["Tab", "Return"]);
    stage.expect_no_dialog();
    stage.say("entretanto");
    stage.bia.expect("ana: entretanto");
    stage.desktop.keys(&["ctrl+s"]);
    stage.expect_dialog(ASKING);
    portal.answer(None);
    stage.expect_no_dialog();
}

#[test]
fn a_path_that_cannot_be_written_can_be_mended() {
    let stage = asked_to_save("para guardar");
    stage.desktop.keys(&["ctrl+a"]);
    stage.desktop.write("/nowhere/at/all.txt");
    stage.desktop.keys(&["Return"]);
    stage.expect_dialog(NOT_SAVED);
    stage.desktop.picture("not-saved");
    stage.desktop.keys(&["ctrl+a"]);
    stage.desktop.copy("~/aqui.txt");
    stage.desktop.keys(&["ctrl+v", "Return"]);
    stage.expect_no_dialog();
    assert!(saved(&stage).contains("] bia: para guardar\n"));
    assert!(stage.settings.path().join("aqui.txt").exists());
}

#[test]
fn keys_stay_in_the_dialog() {
    let mut stage = Stage::new();
    stage.bia.say("oi");
    stage.expect_conversation("oi");
    stage.desktop.write("meio");
    ask_to_save(&mut stage);
    // The field, Salvar, Cancelar, and round again.
    stage.desktop.keys(&["Tab", "ctrl+f", "F1", "x", "Up", "Left", "ctrl+Tab", "shift+Tab", "Tab", "Tab", "Down"]);
    stage.desktop.picture("ring-on-cancel");
    stage.desktop.keys(&["Return"]);
    stage.expect_no_dialog();
    assert_eq!(saved(&stage), "");
    stage.desktop.keys(&["Return"]);
    stage.bia.expect("ana: meio");
}

#[test]
fn the_button_with_the_keys_has_them_again_when_the_window_comes_back() {
    let mut stage = asked_to_save("para guardar");
    stage.desktop.keys(&["Return"]);
    stage.expect_no_dialog();
    let texts = saved(&stage);
    stage.bia.say("depois");
    stage.expect_conversation("depois");
    ask_to_save(&mut stage);
    stage.desktop.keys(&["Return"]);
    stage.expect_dialog(REPLACE);
    stage.desktop.keys(&["Tab"]);
    let on_cancel = || stage.reader.focused().is_some_and(|part| part.is(Role::Button, "Cancelar"));
    eventually("Cancelar has the keys", on_cancel);
    let folder = TempDir::new().unwrap();
    let _other = stage.desktop.open(folder.path(), &[]);
    stage.desktop.focus(&stage.desktop.window(ENTERING));
    eventually("the keys go to the other window", || !on_cancel());
    stage.desktop.focus(&stage.window);
    // Announcements after the window came back come after the focus.
    stage.bia.say("psiu");
    eventually("it is told", || stage.reader.parts().iter().any(|part| part.name.ends_with(": psiu")));
    eventually("Cancelar has the keys", on_cancel);
    stage.desktop.keys(&["Return"]);
    stage.expect_dialog(SAVE);
    assert_eq!(saved(&stage), texts);
}

#[test]
fn a_dialog_leaves_the_window_in_front_where_it_is() {
    let mut stage = asked_to_save("oi");
    let folder = TempDir::new().unwrap();
    let _other = stage.desktop.open(folder.path(), &[]);
    let other = stage.desktop.window(ENTERING);
    stage.desktop.focus(&other);
    for unread in ["(1) Papo", "(2) Papo"] {
        stage.bia.say("psiu");
        eventually("it is unread", || stage.desktop.title(&stage.window).contains(unread));
        assert!(stage.desktop.is_in_front(&other));
    }
    stage.desktop.focus(&stage.window);
    stage.reader.find(Role::Entry, "Arquivo");
    stage.desktop.keys(&["Escape"]);
    stage.expect_no_dialog();
}

#[test]
fn the_chat_goes_on_under_a_dialog() {
    let mut stage = asked_to_save("oi");
    let folder = TempDir::new().unwrap();
    let _other = stage.desktop.open(folder.path(), &[]);
    stage.desktop.focus(&stage.desktop.window(ENTERING));
    stage.bia.say("@ana psiu");
    eventually("it is unread", || stage.desktop.title(&stage.window).contains("(1) Papo"));
    eventually("the window asks for attention", || stage.desktop.is_urgent(&stage.window));
    stage.desktop.focus(&stage.window);
    for line in 0..200 {
        stage.bia.say(&format!("linha {line}"));
    }
    // The client reconnects by itself, after caio has entered.
    stage.papo.pause(true);
    let addr = stage.server.addr.to_string();
    stage.server.kill();
    let server = Server::start_at(&addr);
    let mut caio = server.member("caio");
    assert!(caio.line().starts_with("caio entrou no chat de "));
    stage.papo.pause(false);
    assert!(caio.line().starts_with("ana entrou no chat de "));
    stage.desktop.picture("under-a-dialog");
    stage.expect_dialog(SAVE);
    stage.desktop.keys(&["Escape"]);
    stage.expect_no_dialog();
    stage.say("voltei");
    caio.expect("ana: voltei");
}

#[test]
fn a_chat_that_is_over_can_be_saved() {
    let mut stage = Stage::new();
    stage.bia.say("para guardar");
    stage.expect_conversation("para guardar");
    stage.server.command("sair");
    stage.expect_dialog(OVER);
    stage.desktop.picture("over");
    stage.desktop.keys(&["Return"]);
    stage.expect_dialog(SAVE);
    // Cancelling the save dialog brings back the dialog before it.
    stage.desktop.keys(&["Escape"]);
    stage.expect_dialog(OVER);
    stage.desktop.keys(&["Return"]);
    stage.expect_dialog(SAVE);
    stage.desktop.keys(&["Return"]);
    stage.desktop.window(ENTERING);
    assert!(saved(&stage).contains("] bia: para guardar\n"));
}
