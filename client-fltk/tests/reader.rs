//! What a screen reader finds: the tree of the real window, read over the desktop's own accessibility bus.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use desktop::bus::{SessionBus, call};
use desktop::{Desktop, Stage, eventually};

const STATUS: (&str, &str) = ("org.a11y.Bus", "/org/a11y/bus");
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// The bus on which programs tell of themselves, with a screen reader said to be there.
fn accessibility_bus(session: &SessionBus) -> String {
    for property in ["IsEnabled", "ScreenReaderEnabled"] {
        let arguments = ["string:org.a11y.Status", &format!("string:{property}"), "variant:boolean:true"];
        call(&session.address, STATUS, &format!("{PROPERTIES}.Set"), &arguments);
    }
    let answer = call(&session.address, STATUS, "org.a11y.Bus.GetAddress", &[]);
    quoted(&answer, "string ").pop().expect("at-spi2-core is not installed: run scripts/setup test")
}

/// What stands in quotation marks behind `mark`, in each line that has it.
fn quoted(answer: &str, mark: &str) -> Vec<String> {
    let behind = |line: &str| Some(line.split_once(mark)?.1.trim().strip_prefix('"')?.strip_suffix('"')?.to_owned());
    answer.lines().filter_map(behind).collect()
}

/// A part of a window: its service, its path, its name.
type Part = (String, String, String);

/// Everything below an object, depth first.
fn parts(bus: &str, object: (&str, &str), out: &mut Vec<Part>) {
    let children = call(bus, object, "org.a11y.atspi.Accessible.GetChildren", &[]);
    let (services, paths) = (quoted(&children, "string "), quoted(&children, "object path "));
    for (service, path) in services.into_iter().zip(paths) {
        let arguments = ["string:org.a11y.atspi.Accessible", "string:Name"];
        let name = call(bus, (&service, &path), &format!("{PROPERTIES}.Get"), &arguments);
        let names = quoted(&name, "string ");
        out.extend(names.into_iter().map(|name| (service.clone(), path.clone(), name)));
        parts(bus, (&service, &path), out);
    }
}

#[test]
fn a_screen_reader_finds_who_is_there_and_what_is_said_and_presses_what_can_be_pressed() {
    let desktop = Desktop::new();
    let session = SessionBus::start(&[("DISPLAY", &desktop.display)]);
    let bus = accessibility_bus(&session);
    let mut stage = Stage::with(desktop, &[("DBUS_SESSION_BUS_ADDRESS", &session.address)]);
    stage.bia.say("olá a quem escuta");
    let mut found = Vec::new();
    let mut find = |what: &str, holds: &dyn Fn(&str) -> bool| {
        eventually(what, || {
            found.clear();
            parts(&bus, ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"), &mut found);
            found.iter().any(|(.., name)| holds(name))
        });
        found.clone()
    };
    let said = |name: &str| name.starts_with("bia, ") && name.ends_with(": olá a quem escuta");
    let found = find("what was said is found", &said);
    for name in [
        "papo",
        "Conversas",
        "Sala",
        "Procurar (Ctrl+F)",
        "Silenciar os avisos",
        "Mensagem para a Sala",
        "Enviar",
        "Filtrar pessoas",
        "Pessoas, 2",
        "Sair",
    ] {
        assert!(found.iter().any(|(.., it)| it == name), "{name}: {found:?}");
    }
    for person in ["ana, 127.0.0.1:", "bia, 127.0.0.1:"] {
        assert!(found.iter().any(|(.., it)| it.starts_with(person)), "{person}: {found:?}");
    }
    let press = |found: &[Part], start: &str| {
        let (service, path, _) = found.iter().find(|(.., name)| name.starts_with(start)).unwrap();
        call(&bus, (service, path), "org.a11y.atspi.Action.DoAction", &["int32:0"]);
    };
    press(&found, "bia, 127.0.0.1:");
    let found = find("the private conversation is open", &|name| name == "Privado para bia");
    press(&found, "Sair");
    stage.bia.expect("ana saiu do chat.");
    assert!(stage.papo.wait().success());
}
