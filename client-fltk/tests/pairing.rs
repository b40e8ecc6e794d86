//! Today's programs with those of an earlier version, as in a class whose machines are updated one after the other:
//! both windows in one room, on a server of either version. `scripts/pairing` builds the earlier programs.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use desktop::{Desktop, ENTERING, Papo, Server, eventually, server_binary};
use tempfile::TempDir;

/// The commit of the earlier version.
const EARLIER: &str = "e3f07ce";
/// The ground of the banner that stands there while the connection is lost, and of a field that is wrong.
const BANNER: &str = "FFF2D1";
const WRONG: &str = "FDF1F0";

#[test]
fn both_windows_on_todays_server() {
    let Some(earlier) = Programs::earlier() else { return };
    let today = Programs::today();
    check(&earlier, &today, [&today.server, &today.server]);
}

#[test]
fn both_windows_on_the_earlier_server() {
    let Some(earlier) = Programs::earlier() else { return };
    check(&earlier, &Programs::today(), [&earlier.server, &earlier.server]);
}

#[test]
fn the_server_is_updated_while_both_windows_are_open() {
    let Some(earlier) = Programs::earlier() else { return };
    let today = Programs::today();
    check(&earlier, &today, [&earlier.server, &today.server]);
}

/// Actions of two people who have windows of both versions. The second of the `servers` takes the place of the first,
/// which is killed.
#[track_caller]
fn check(earlier: &Programs, today: &Programs, servers: [&Path; 2]) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("papo.db");
    let mut server = Server::program_keeping(servers[0], "127.0.0.1:0", &path);
    let addr = server.addr.to_string();
    let ana = Window::enter(earlier, &addr, "ana");
    let bia = Window::enter(today, &addr, "bia");
    talk(&ana, &bia, "antes");
    for (programs, name) in [(earlier, "João"), (today, "Zoé")] {
        come_and_go_under_another_name(programs, name, &addr, [&ana, &bia]);
    }

    server.kill();
    for window in [&ana, &bia] {
        eventually("the banner", || window.is_lost());
    }
    let mut server = Server::program_keeping(servers[1], &addr, &path);
    for window in [&ana, &bia] {
        eventually("the window is in the room again", || !window.is_lost());
    }
    talk(&ana, &bia, "depois");
    for window in [&ana, &bia] {
        let said = window.expect("ana: depois");
        for line in ["ana: antes", "bia: antes\n    mais", "ana: depois", "bia: depois\n    mais"] {
            assert_eq!(said.matches(line).count(), 1, "'{line}' in {said}");
        }
    }

    server.command("sair");
    for window in [ana, bia] {
        window.expect_the_end();
    }
}

/// Both say something to all, and something to each other.
#[track_caller]
fn talk(ana: &Window, bia: &Window, word: &str) {
    ana.say(word);
    bia.say(&format!("{word}\nmais"));
    ana.say(&format!("@bia segredo de ana {word}"));
    bia.say(&format!("@ana segredo de bia {word}"));
    for window in [ana, bia] {
        window.expect(&format!("ana: {word}"));
        let room = window.expect(&format!("bia: {word}\n    mais"));
        assert!(!room.contains("segredo"), "a private message stands in the room of {}: {room}", window.name);
        window.desktop.keys(&["ctrl+Tab"]);
        window.expect(&format!("ana: segredo de ana {word}"));
        window.expect(&format!("bia: segredo de bia {word}"));
        window.desktop.keys(&["ctrl+Tab"]);
    }
}

/// Somebody tries the names of those who are `there`, enters as `name`, and closes the window.
#[track_caller]
fn come_and_go_under_another_name(programs: &Programs, name: &str, addr: &str, there: [&Window; 2]) {
    let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
    let papo = desktop.open_program(&programs.window, settings.path(), &["--server", addr, "--name", "ANA"], &[]);
    let entering = desktop.window(ENTERING);
    let is_wrong = || desktop.pixels(&entering, WRONG) > 1_000;
    for next in ["Bia", name] {
        eventually("the name is taken", is_wrong);
        desktop.focus(&entering);
        desktop.keys(&["ctrl+a"]);
        desktop.write(next);
        eventually("another name stands in the field", || !is_wrong());
        desktop.keys(&["Return"]);
    }
    desktop.close(&desktop.window(&format!("Papo — {name}")));
    assert!(papo.wait().success());
    for window in there {
        eventually("it came and went", || window.conversation().matches(&format!("{name} (")).count() == 2);
    }
}

/// The window and the server of one version.
struct Programs {
    is_earlier: bool,
    window: PathBuf,
    server: PathBuf,
}

impl Programs {
    fn today() -> Programs {
        Programs { is_earlier: false, window: env!("CARGO_BIN_EXE_papo").into(), server: server_binary() }
    }

    /// The earlier programs in the folder `PAPO_EARLIER`, or where `scripts/pairing` puts them. Says aloud where there
    /// are none: the test is skipped then.
    fn earlier() -> Option<Programs> {
        let built = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("pairing").join(EARLIER);
        let folder = std::env::var_os("PAPO_EARLIER").map_or_else(built, PathBuf::from);
        let programs = Programs { is_earlier: true, window: folder.join("papo"), server: folder.join("papo-server") };
        let are_there = programs.window.exists() && programs.server.exists();
        if !are_there {
            // Directly, as cargo shows what a test prints only where it fails.
            let skipped = format!("PULADO: {} não está em {}: scripts/pairing\n", EARLIER, folder.display());
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
        }
        are_there.then_some(programs)
    }
}

/// A window in the room, of either version: used by keys, which are the same in both. It has a screen of its own, and
/// with it the clipboard: a slow window may copy once more what it is no longer asked for.
struct Window {
    is_earlier: bool,
    name: String,
    id: String,
    // Ends first: a window whose screen has gone complains.
    _papo: Papo,
    _settings: TempDir,
    desktop: Desktop,
}

impl Window {
    #[track_caller]
    fn enter(programs: &Programs, addr: &str, name: &str) -> Window {
        let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
        let papo = desktop.open_program(&programs.window, settings.path(), &["--server", addr, "--name", name], &[]);
        let id = desktop.window(&format!("Papo — {name}"));
        let is_earlier = programs.is_earlier;
        Window { is_earlier, name: name.to_owned(), id, _papo: papo, _settings: settings, desktop }
    }

    /// Says a text in ASCII, which is typed: what is pasted may come later than the Enter behind it.
    fn say(&self, text: &str) {
        self.desktop.focus(&self.id);
        for (n, line) in text.lines().enumerate() {
            if n > 0 {
                self.desktop.keys(&["shift+Return"]);
            }
            self.desktop.write(line);
        }
        self.desktop.keys(&["Return"]);
    }

    /// The whole conversation; the keys go back to the field.
    fn conversation(&self) -> String {
        self.desktop.focus(&self.id);
        self.desktop.keys(&["shift+Tab"]);
        let copied = self.desktop.copied_by(&["ctrl+a", "ctrl+c"]);
        self.desktop.keys(&["Tab"]);
        copied
    }

    /// The whole conversation, once `text` stands in it.
    #[track_caller]
    fn expect(&self, text: &str) -> String {
        let mut conversation = String::new();
        eventually(&format!("'{text}' in the window of {}", self.name), || {
            conversation = self.conversation();
            conversation.contains(text)
        });
        conversation
    }

    fn is_lost(&self) -> bool {
        self.desktop.pixels(&self.id, BANNER) > 5_000
    }

    /// The server has ended in good order: an alert says so, and the window closes.
    #[track_caller]
    fn expect_the_end(self) {
        let title = "Desconectado";
        // The failure stands in a window of its own in the earlier version alone.
        if self.is_earlier {
            self.desktop.focus(&self.desktop.window(title));
        } else {
            eventually(title, || self.desktop.title(&self.id).starts_with(title));
            self.desktop.focus(&self.id);
        }
        self.desktop.keys(&["Escape"]);
        self.desktop.expect_gone(&format!("Papo — {}", self.name));
    }
}
