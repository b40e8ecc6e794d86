//! The real window on a real screen with the real server, by keys and mouse. What it shows is read back: from the
//! clipboard, from window titles, from the picture, and from what others hear.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use std::net::TcpListener;

use desktop::{Desktop, ENTERING, Role, ScreenReader, Server, Stage, eventually};
use tempfile::TempDir;

const LOOSE_ENDS: &str = "ends";

#[test]
fn enters_by_keys_and_talks() {
    let (desktop, server, settings) = (Desktop::new(), Server::start(), TempDir::new().unwrap());
    let mut bia = server.member("bia");
    bia.line();
    let papo = desktop.open(settings.path(), &[]);
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    desktop.keys(&["ctrl+a"]);
    desktop.write(&server.addr.to_string());
    desktop.keys(&["Tab"]);
    desktop.write("João");
    desktop.picture("enter");
    desktop.keys(&["Return"]);
    let window = desktop.window("Papo — João");
    let joined = bia.line();
    let addr = joined.strip_prefix("João entrou no chat de ").unwrap();
    assert_eq!(desktop.title(&window), format!("Papo — João ({addr})"));
    desktop.expect_gone(ENTERING);
    desktop.focus(&window);
    desktop.write("olá, pessoal: ação, coração");
    desktop.keys(&["Return"]);
    bia.expect("João: olá, pessoal: ação, coração");
    desktop.picture("talk");
    drop(papo);
    assert_eq!(bia.line(), "João saiu do chat.");
}

#[test]
fn hears_what_others_say() {
    let mut stage = Stage::new();
    stage.bia.say("bom dia, ana 😀");
    stage.bia.say("@ana só para você");
    let mut caio = stage.server.member("caio");
    caio.say("cheguei");
    caio.rest();
    let caios_addr = caio.addr();
    stage.expect_conversation("bia: bom dia, ana 😀");
    stage.expect_conversation("caio: cheguei");
    drop(caio);
    stage.bia.say(LOOSE_ENDS);
    stage.expect_conversation(LOOSE_ENDS);
    assert!(!stage.conversation().contains("só para você"), "a private message stands in the room");
    stage.desktop.picture("hears");
    for note in [format!("caio ({caios_addr}) entrou"), format!("caio ({caios_addr}) saiu")] {
        stage.expect_conversation(&note);
    }
}

#[test]
fn whispers_by_at_and_by_double_click() {
    let mut stage = Stage::new();
    let mut caio = stage.server.member("caio");
    stage.bia.line();
    stage.desktop.write("@bia segredo um");
    stage.desktop.picture("private-mode");
    stage.desktop.keys(&["Return"]);
    stage.bia.expect("ana: segredo um (privado)");
    stage.desktop.click(&stage.window, stage.person("caio"), 1, 2);
    stage.desktop.write("segredo dois");
    stage.desktop.keys(&["Return"]);
    caio.rest();
    stage.desktop.picture("private-conversation");
    stage.expect_conversation("segredo dois");
    stage.desktop.write("para todos não");
    stage.desktop.keys(&["Return"]);
    eventually("caio hears", || caio.rest().iter().any(|line| line == "ana: para todos não (privado)"));
    assert_eq!(stage.bia.rest(), Vec::<String>::new());
}

#[test]
fn never_whispers_to_itself_or_to_nobody() {
    let mut stage = Stage::new();
    for text in ["@ana eu mesma", "@ninguem segredo"] {
        stage.desktop.write(text);
        stage.desktop.keys(&["Return"]);
        eventually("it says why not", || stage.desktop.pixels(&stage.window, "B3261E") > 0);
        stage.desktop.picture(&format!("refused-{}", text.len()));
        stage.expect_field(text);
        stage.desktop.keys(&["ctrl+a", "BackSpace"]);
    }
    stage.desktop.write(LOOSE_ENDS);
    stage.desktop.keys(&["Return"]);
    stage.bia.expect(&format!("ana: {LOOSE_ENDS}"));
}

#[test]
fn a_name_that_cannot_be_is_said_beside_the_field() {
    let (desktop, server, settings) = (Desktop::new(), Server::start(), TempDir::new().unwrap());
    let mut bia = server.member("bia");
    bia.line();
    let _papo = desktop.open(settings.path(), &["--server", &server.addr.to_string()]);
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    assert_eq!(desktop.pixels(&window, "FDF1F0"), 0);
    desktop.write("ana maria");
    eventually("the field turns red", || desktop.pixels(&window, "FDF1F0") > 1_000);
    desktop.picture("name-invalid");
    desktop.keys(&["Return", "ctrl+a"]);
    assert_eq!(bia.rest(), Vec::<String>::new());
    desktop.write("BIA");
    eventually("the field is clear again", || desktop.pixels(&window, "FDF1F0") == 0);
    desktop.keys(&["Return"]);
    eventually("in use", || desktop.pixels(&window, "FDF1F0") > 1_000);
    desktop.picture("name-in-use");
    desktop.keys(&["ctrl+a"]);
    desktop.write("caio");
    desktop.keys(&["Return"]);
    desktop.window("Papo — caio");
    assert!(bia.line().starts_with("caio entrou no chat de 127.0.0.1:"));
}

#[test]
fn a_field_cannot_be_edited_while_the_window_connects() {
    let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
    let reader = ScreenReader::start(&desktop.display);
    // This listener takes the connection and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = silent.local_addr().unwrap().to_string();
    let _papo = desktop.open_with(settings.path(), &["--server", &addr], &reader.environment());
    desktop.focus(&desktop.window(ENTERING));
    let name = reader.find(Role::Entry, "Nome");
    let composed = "anaJ\u{303}";
    desktop.write(composed);
    eventually("the name stands in the field", || reader.text(&name) == (composed.to_owned(), 5));
    desktop.keys(&["Return"]);
    reader.find(Role::Button, "Cancelar");
    for (key, caret) in [("BackSpace", "Left"), ("Delete", "Right")] {
        desktop.keys(&[key, caret]);
        let expected = (composed.to_owned(), if caret == "Left" { 3 } else { 5 });
        eventually("the caret moves, and nothing goes", || reader.text(&name) == expected);
    }
}

#[test]
fn no_server_raises_an_alert_and_the_window_stays() {
    let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
    let mut gone = Server::start();
    let addr = gone.addr.to_string();
    gone.kill();
    let papo = desktop.open(settings.path(), &["--server", &addr, "--name", "ana"]);
    let alert = desktop.window("Erro de conexão");
    desktop.picture("no-server");
    desktop.focus(&alert);
    desktop.keys(&["Return"]);
    desktop.expect_gone("Erro de conexão");
    let _server = Server::start_at(&addr);
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    desktop.keys(&["Return"]);
    let window = desktop.window("Papo — ana");
    desktop.close(&window);
    assert!(papo.wait().success());
}

#[test]
fn the_servers_end_raises_an_alert_and_the_entering_window_comes_back() {
    let mut stage = Stage::new();
    let addr = stage.server.addr.to_string();
    stage.server.command("sair");
    assert!(stage.bia.last_words().ends_with("SERVIDOR_ENCERRADO\n"));
    stage.expect_dialog("Desconectado");
    stage.desktop.picture("server-ended");
    stage.desktop.keys(&["Escape"]);
    let window = stage.desktop.window(ENTERING);
    stage.desktop.expect_gone("Papo — ana");
    drop(stage.server);
    let server = Server::start_at(&addr);
    let mut bia = server.member("bia");
    bia.line();
    stage.desktop.focus(&window);
    stage.desktop.keys(&["Return"]);
    stage.desktop.window("Papo — ana");
    assert!(bia.line().starts_with("ana entrou no chat de "));
}

#[test]
fn enter_presses_the_button_that_has_the_ring() {
    let mut stage = Stage::new();
    stage.bia.say("para guardar");
    stage.expect_conversation("para guardar");
    // Backwards from the field: the conversation, then the moon, which keeps the ring.
    stage.desktop.keys(&["shift+Tab", "shift+Tab"]);
    for (key, ground) in [("Return", "12181D"), ("KP_Enter", "FFFFFF")] {
        stage.desktop.keys(&[key]);
        eventually("the other look", || stage.desktop.pixels(&stage.window, ground) > 100_000);
    }
    stage.desktop.picture("ring-on-moon");
    stage.server.command("sair");
    stage.expect_dialog("Desconectado");
    stage.desktop.keys(&["Tab"]);
    stage.desktop.picture("ring-on-no");
    stage.desktop.keys(&["Return"]);
    // Nothing is asked: the entering window comes.
    stage.desktop.window(ENTERING);
}

#[test]
fn sair_is_pressed_by_the_keypad_too() {
    let mut stage = Stage::new();
    // Forwards from the field: the button that sends, the filter, the people, Sair.
    stage.desktop.keys(&["Tab", "Tab", "Tab", "Tab"]);
    stage.desktop.picture("ring-on-leave");
    stage.desktop.keys(&["KP_Enter"]);
    stage.bia.expect("ana saiu do chat.");
    assert!(stage.papo.wait().success());
}

#[test]
fn a_lost_connection_shows_a_banner_and_comes_back_by_itself() {
    let mut stage = Stage::new();
    let addr = stage.server.addr.to_string();
    stage.desktop.write("texto que fica");
    stage.server.kill();
    eventually("a banner", || stage.desktop.pixels(&stage.window, "FFF2D1") > 5_000);
    stage.desktop.picture("lost");
    let server = Server::start_at(&addr);
    let mut caio = server.member("caio");
    eventually("the banner goes", || stage.desktop.pixels(&stage.window, "FFF2D1") == 0);
    eventually("ana is back", || caio.rest().iter().any(|line| line.starts_with("ana entrou no chat de ")));
    stage.desktop.focus(&stage.window);
    stage.desktop.keys(&["Return"]);
    caio.expect("ana: texto que fica");
}

#[test]
fn tab_goes_on_where_nothing_can_be_sent() {
    let mut stage = Stage::new();
    stage.server.kill();
    eventually("a banner", || stage.desktop.pixels(&stage.window, "FFF2D1") > 5_000);
    // Each pause is longer than the one before: soon there is one in which the button can be pressed.
    let has_ring = || stage.reader.focused().is_some_and(|part| part.is(Role::Button, "Tentar agora"));
    eventually("the button in the banner has the focus", || {
        stage.click_field();
        stage.desktop.keys(&["Tab"]);
        has_ring()
    });
    stage.desktop.picture("ring-on-retry");
}

#[test]
fn what_is_pressed_in_the_conversation_acts_where_it_is_let_go() {
    let mut stage = Stage::new();
    stage.server.command("silenciar ana");
    stage.server.command("aviso silêncio");
    stage.expect_conversation("silêncio");
    stage.say("não vai chegar");
    let (again, discard) = (stage.button("Tentar de novo"), stage.button("Descartar"));
    stage.desktop.drag(&stage.window, discard, again);
    stage.desktop.picture("let-go-elsewhere");
    stage.expect_conversation("não vai chegar");
    stage.desktop.click(&stage.window, discard, 1, 1);
    eventually("it is gone", || !stage.conversation().contains("não vai chegar"));
}

#[test]
fn a_long_reason_is_broken_into_lines() {
    let mut stage = Stage::new();
    stage.server.command(&format!("expulsar ana {}", "conversa demais durante a aula, ".repeat(12)));
    stage.expect_dialog("Desconectado");
    stage.desktop.picture("long-reason");
    stage.desktop.keys(&["Escape"]);
    stage.desktop.window(ENTERING);
}

#[test]
fn sair_and_the_close_button_leave_in_good_order() {
    for by_button in [true, false] {
        let mut stage = Stage::new();
        if by_button {
            stage.desktop.click(&stage.window, stage.button("Sair"), 1, 1);
        } else {
            stage.desktop.close(&stage.window);
        }
        stage.bia.expect("ana saiu do chat.");
        assert!(stage.papo.wait().success());
    }
}

#[test]
fn the_last_server_and_name_are_remembered() {
    let stage = Stage::new();
    stage.desktop.close(&stage.window);
    assert!(stage.papo.wait().success());
    let mut bia = stage.bia;
    bia.expect("ana saiu do chat.");
    let _papo = stage.desktop.open(stage.settings.path(), &[]);
    let window = stage.desktop.window(ENTERING);
    stage.desktop.focus(&window);
    stage.desktop.picture("remembered");
    stage.desktop.keys(&["Return"]);
    stage.desktop.window("Papo — ana");
    assert!(bia.line().starts_with("ana entrou no chat de "));
}

#[test]
fn the_find_bar_stays_in_a_window_of_another_size() {
    let stage = Stage::new();
    stage.desktop.keys(&["ctrl+f"]);
    let log = || stage.reader.find(Role::Log, "Sala").place();
    stage.reader.find(Role::Button, "Fechar (Esc)");
    let before = log();
    stage.desktop.resize(&stage.window, (900, 600));
    eventually("the conversation has another place", || log() != before);
    stage.reader.find(Role::Button, "Fechar (Esc)");
}

#[test]
fn three_windows_talk() {
    let (desktop, server) = (Desktop::new(), Server::start());
    let addr = server.addr.to_string();
    let settings: Vec<TempDir> = (0..3).map(|_| TempDir::new().unwrap()).collect();
    let mut witness = server.member("testemunha");
    witness.line();
    let mut papos = Vec::new();
    for (name, settings) in ["ana", "bia", "caio"].iter().zip(&settings) {
        papos.push(desktop.open(settings.path(), &["--server", &addr, "--name", name]));
        let window = desktop.window(&format!("Papo — {name}"));
        desktop.focus(&window);
        desktop.write(&format!("oi de {name}"));
        desktop.keys(&["Return"]);
        assert!(witness.line().starts_with(&format!("{name} entrou no chat de ")));
        witness.expect(&format!("{name}: oi de {name}"));
    }
    desktop.picture("three-windows");
    for (name, papo) in ["ana", "bia", "caio"].iter().zip(papos) {
        drop(papo);
        witness.expect(&format!("{name} saiu do chat."));
    }
}
