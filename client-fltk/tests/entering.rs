//! The entering window: where its keys and its alert are, and what it shows while it connects.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use std::io::{BufRead, BufReader, ErrorKind, Read as _, Write};
use std::net::TcpStream;

use desktop::{Desktop, ENTERING, PATIENCE, Server, eventually};
use tempfile::TempDir;

/// The inside of the two fields, and the caret in them.
const SERVER: (i32, i32, i32, i32) = (46, 189, 300, 30);
const NAME: (i32, i32, i32, i32) = (46, 283, 300, 30);
const CARET: [u8; 3] = [0x0A, 0x77, 0x71];

#[test]
fn the_alert_stands_over_the_middle_of_the_window() {
    let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
    let mut gone = Server::start();
    let addr = gone.addr.to_string();
    gone.kill();
    let _papo = desktop.open(settings.path(), &["--server", &addr]);
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    let middle = |window: &str| {
        let (x, y, w, h) = desktop.geometry(window);
        (x + w / 2, y + h / 2)
    };
    for (x, y) in [(300, 200), (700, 100)] {
        desktop.put(&window, (x, y));
        eventually("the window is there", || (middle(&window).0 - x - 200).abs() < 20);
        desktop.keys(&["ctrl+a"]);
        desktop.write("ana");
        desktop.keys(&["Return"]);
        let alert = desktop.window("Erro de conexão");
        desktop.focus(&alert);
        desktop.picture("alert-in-the-middle");
        let (alerts, windows) = (middle(&alert), middle(&window));
        assert!((alerts.0 - windows.0).abs() <= 12 && (alerts.1 - windows.1).abs() <= 24, "{alerts:?} {windows:?}");
        desktop.keys(&["Return"]);
        desktop.expect_gone("Erro de conexão");
        desktop.focus(&window);
    }
}

#[test]
fn the_keys_go_to_the_field_that_is_wrong() {
    let (desktop, server, settings) = (Desktop::new(), Server::start(), TempDir::new().unwrap());
    let mut bia = server.member("bia");
    bia.line();
    let _papo = desktop.open(settings.path(), &[]);
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    let wrong = |is_wrong| {
        eventually("a field is wrong, or none", || (desktop.pixels(&window, "FDF1F0") > 1_000) == is_wrong);
    };
    desktop.write("http://127.0.0.1");
    desktop.keys(&["Tab"]);
    desktop.write("...");
    desktop.keys(&["Return"]);
    wrong(true);
    desktop.picture("both-wrong");
    // The server first: the keys went back there.
    desktop.keys(&["ctrl+a"]);
    desktop.write(&server.addr.to_string());
    desktop.keys(&["Tab", "ctrl+a", "BackSpace", "shift+Tab", "Return"]);
    desktop.picture("name-wrong");
    wrong(true);
    desktop.write("ana");
    wrong(false);
    desktop.keys(&["Return"]);
    desktop.window("Papo — ana");
    assert!(bia.line().starts_with("ana entrou no chat de "));
}

#[test]
fn a_field_that_cannot_be_edited_has_no_caret() {
    let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let _papo = desktop.open(settings.path(), &[]);
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    desktop.keys(&["Tab"]);
    desktop.write("ana");
    desktop.keys(&["shift+Tab"]);
    desktop.write(&silent.local_addr().unwrap().to_string());
    let inside = |field: (i32, i32, i32, i32)| {
        let look = desktop.look_at(&window, field);
        look.chunks(3).any(|pixel| *pixel == CARET)
    };
    eventually("the caret is in the first field", || inside(SERVER) && !inside(NAME));
    desktop.keys(&["Return"]);
    eventually("no caret", || !inside(SERVER) && !inside(NAME));
    desktop.picture("connecting-without-caret");
    let (mut connection, _) = silent.accept().unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    // Twice Enter gives nothing up; Esc does. Another size of the window shows that it has handled the Enter before.
    let (before, size) = (desktop.look(&window), desktop.size(&window));
    desktop.keys(&["Return", "ctrl+minus"]);
    eventually("it is smaller", || desktop.size(&window).1 < size.1);
    desktop.keys(&["ctrl+0"]);
    eventually("it connects still", || desktop.look(&window) == before);
    desktop.keys(&["Escape"]);
    eventually("the caret is back", || inside(NAME));
    // The only connection has ended, and no other waits.
    let mut said = String::new();
    connection.read_to_string(&mut said).unwrap();
    assert_eq!(said.matches("hello").count(), 1, "{said}");
    silent.set_nonblocking(true).unwrap();
    assert_eq!(silent.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_refusal_takes_the_keys_from_nobody() {
    let (desktop, settings, others) = (Desktop::new(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let _other = desktop.open(others.path(), &[]);
    let other = desktop.window(ENTERING);
    let slow = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = slow.local_addr().unwrap().to_string();
    let _papo = desktop.open(settings.path(), &["--server", &addr, "--name", "ana"]);
    let mut connection = BufReader::new(slow.accept().unwrap().0);
    connection.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    let expect_hello = |connection: &mut BufReader<TcpStream>, name: &str| {
        let mut line = String::new();
        connection.read_line(&mut line).unwrap();
        assert!(line.contains(&format!(r#""name":"{name}""#)), "{line}");
    };
    expect_hello(&mut connection, "ana");
    let mut window = String::new();
    eventually("a second window", || {
        let listed = desktop.windows(ENTERING);
        window = listed.into_iter().find(|window| *window != other).unwrap_or_default();
        !window.is_empty()
    });
    desktop.focus(&other);
    connection.get_mut().write_all(b"{\"type\":\"refused\",\"reason\":\"name_in_use\",\"detail\":\"\"}\n").unwrap();
    eventually("the name is wrong", || desktop.pixels(&window, "FDF1F0") > 1_000);
    assert!(desktop.is_in_front(&other), "nothing takes the keys away");
    desktop.focus(&window);
    eventually("the name has the keys", || desktop.look_at(&window, NAME).chunks(3).any(|pixel| *pixel == CARET));
    desktop.write("2");
    desktop.keys(&["Return"]);
    expect_hello(&mut connection, "ana2");
}

#[test]
fn it_fits_the_screen_whatever_the_texts_size_and_keys_change_that() {
    let (desktop, settings) = (Desktop::of_size("1024x600x24"), TempDir::new().unwrap());
    std::fs::write(settings.path().join("settings.json"), r#"{"text_size":200}"#).unwrap();
    let _papo = desktop.open(settings.path(), &[]);
    let window = desktop.window(ENTERING);
    desktop.focus(&window);
    desktop.picture("enter-large");
    let largest = desktop.size(&window);
    assert!((500..=600).contains(&largest.1), "{largest:?}");
    desktop.keys(&["ctrl+0"]);
    eventually("it has its usual size", || desktop.size(&window) == (400, 456));
    desktop.keys(&["ctrl+minus"]);
    eventually("it is smaller", || desktop.size(&window).1 < 456);
    desktop.write("sala");
    desktop.picture("enter-small");
}
