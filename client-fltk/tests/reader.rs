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

/// The names of everything below an object, depth first.
fn names(bus: &str, object: (&str, &str), out: &mut Vec<String>) {
    let children = call(bus, object, "org.a11y.atspi.Accessible.GetChildren", &[]);
    let (services, paths) = (quoted(&children, "string "), quoted(&children, "object path "));
    for (service, path) in services.iter().zip(&paths) {
        let arguments = ["string:org.a11y.atspi.Accessible", "string:Name"];
        let name = call(bus, (service, path), &format!("{PROPERTIES}.Get"), &arguments);
        out.extend(quoted(&name, "string "));
        names(bus, (service, path), out);
    }
}

#[test]
fn a_screen_reader_finds_who_is_there_and_what_is_said() {
    let desktop = Desktop::new();
    let session = SessionBus::start(&[("DISPLAY", &desktop.display)]);
    let bus = accessibility_bus(&session);
    let mut stage = Stage::with(desktop, &[("DBUS_SESSION_BUS_ADDRESS", &session.address)]);
    stage.bia.say("olá a quem escuta");
    let mut found = Vec::new();
    eventually("what was said is found", || {
        found.clear();
        names(&bus, ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"), &mut found);
        found.iter().any(|name| name.starts_with("bia, ") && name.ends_with(": olá a quem escuta"))
    });
    for name in ["papo", "Conversas", "Sala", "Mensagem para a Sala", "Enviar", "Pessoas, 2", "Sair"] {
        assert!(found.iter().any(|it| it == name), "{name}: {found:?}");
    }
    for person in ["ana, 127.0.0.1:", "bia, 127.0.0.1:"] {
        assert!(found.iter().any(|it| it.starts_with(person)), "{person}: {found:?}");
    }
}
