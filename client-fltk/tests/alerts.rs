//! What calls somebody who looks elsewhere: the urgency hint, the desktop's own notifications, the sound's switch.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use std::fs::File;
use std::process::{Child, Command, Stdio};

use desktop::bus::{SessionBus, call};
use desktop::{Desktop, ENTERING, Member, Papo, Role, Server, Stage, eventually};
use tempfile::TempDir;

/// A session bus with a notification service, of which nothing is ours, and a witness of what the service is asked: what
/// it tells of itself differs between its versions.
struct Bus {
    dunst: Child,
    witness: Child,
    address: String,
    _session: SessionBus,
    folder: TempDir,
}

impl Bus {
    fn on(desktop: &Desktop) -> Bus {
        let session = SessionBus::start(&[]);
        let address = session.address.clone();
        let folder = TempDir::new().unwrap();
        let rules = folder.path().join("dunstrc");
        std::fs::write(&rules, "[global]\nmarkup = full\nmouse_left_click = do_action\n").unwrap();
        let dunst = Command::new("dunst")
            .arg("-conf")
            .arg(&rules)
            .env("DISPLAY", &desktop.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dunst is not installed: run scripts/setup test");
        let witness = Command::new("dbus-monitor")
            .args(["--address", &address, "interface='org.freedesktop.Notifications'"])
            .stdin(Stdio::null())
            .stdout(File::create(folder.path().join("asked")).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-monitor is not installed: run scripts/setup test");
        let bus = Bus { dunst, witness, address, _session: session, folder };
        eventually("the notification service and the witness are there", || {
            let service = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications");
            let answer = call(&bus.address, service, "org.freedesktop.Notifications.GetServerInformation", &[]);
            answer.contains("dunst") && bus.asked().contains("GetServerInformation")
        });
        bus
    }

    /// All that the service was asked, with the arguments.
    fn asked(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("asked")).unwrap_or_default()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        for child in [&mut self.witness, &mut self.dunst] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Desktop {
    /// Clicks at the notification, once one is there.
    fn click_notification(&self) {
        let mut found = String::new();
        eventually("a notification", || {
            found = self.xdotool(&["search", "--onlyvisible", "--class", "Dunst"]);
            !found.is_empty()
        });
        self.click(found.trim(), (20, 10), 1, 1);
    }
}

/// Another program's window in front of ana's.
fn look_elsewhere(stage: &Stage, settings: &TempDir) -> Papo {
    let other = stage.desktop.open(settings.path(), &[]);
    stage.desktop.focus(&stage.desktop.window(ENTERING));
    other
}

#[test]
fn a_private_message_and_a_mention_ask_for_attention_until_one_looks() {
    let (mut stage, settings) = (Stage::new(), TempDir::new().unwrap());
    let _other = look_elsewhere(&stage, &settings);
    for (idle, calling) in [("oi, gente", "@ana segredo"), ("anamaria não é ninguém", "onde anda a ANA?")] {
        stage.bia.say(idle);
        stage.bia.say(calling);
        eventually("the window asks for attention", || stage.desktop.is_urgent(&stage.window));
        stage.desktop.focus(&stage.window);
        eventually("it asks no more", || !stage.desktop.is_urgent(&stage.window));
        // Nothing calls somebody who is looking; what follows shows that all of it has come.
        stage.bia.say("@ana olhando");
        stage.bia.say("fim");
        stage.expect_conversation("fim");
        assert!(!stage.desktop.is_urgent(&stage.window));
        stage.desktop.focus(&stage.desktop.window(ENTERING));
    }
}

/// ana's window, open behind another one, which has the keys; bia on the wire.
struct Behind {
    // Ends first: a window whose screen has gone complains.
    papo: Papo,
    window: String,
    _other: Papo,
    other_window: String,
    bia: Member,
    _server: Server,
    _settings: [TempDir; 2],
    desktop: Desktop,
}

impl Behind {
    fn new() -> Behind {
        let (server, settings) = (Server::start(), [TempDir::new().unwrap(), TempDir::new().unwrap()]);
        let desktop = Desktop::with_new_windows_behind(settings[0].path());
        let bia = server.member("bia");
        // Without one that has the keys the window manager may still give them to the first that opens.
        let other = desktop.open(settings[1].path(), &[]);
        let other_window = desktop.window(ENTERING);
        desktop.focus(&other_window);
        let papo = desktop.open(settings[0].path(), &["--server", &server.addr.to_string(), "--name", "ana"]);
        let window = desktop.window("Papo — ana");
        Behind { papo, window, _other: other, other_window, bia, _server: server, _settings: settings, desktop }
    }
}

#[test]
fn a_window_that_never_was_in_front_asks_for_attention_too() {
    let Behind { desktop, window, bia, .. } = &mut Behind::new();
    bia.say("@ana segredo");
    eventually("the window asks for attention", || desktop.is_urgent(window));
    eventually("its title counts", || desktop.title(window).starts_with("(1) "));
    assert!(!desktop.is_in_front(window));
}

#[test]
fn a_window_that_was_in_front_for_a_moment_knows_when_it_is_again() {
    let Behind { papo, desktop, window, other_window, bia, .. } = &mut Behind::new();
    // It hears all at once that it came to the front and left again.
    papo.pause(true);
    desktop.focus(window);
    desktop.focus(other_window);
    papo.pause(false);
    bia.say("@ana segredo");
    eventually("its title counts", || desktop.title(window).starts_with("(1) "));
    // The first may have come before it heard that.
    bia.say("@ana outro");
    eventually("the window asks for attention", || desktop.is_urgent(window));
    assert!(desktop.is_in_front(other_window), "nothing takes the keys away");
    desktop.focus(window);
    eventually("it asks no more", || !desktop.is_urgent(window));
    bia.rest();
    desktop.write("oi");
    desktop.keys(&["Return"]);
    bia.expect("ana: oi");
}

#[test]
fn an_open_menu_closes_without_calling_the_window_back() {
    let (mut stage, settings) = (Stage::new(), TempDir::new().unwrap());
    let _other = stage.desktop.open(settings.path(), &[]);
    let entering = stage.desktop.window(ENTERING);
    for round in 0..2 {
        stage.desktop.focus(&stage.window);
        let before = stage.desktop.look(&stage.window);
        stage.desktop.click(&stage.window, stage.person("bia"), 3, 1);
        eventually("the menu is open", || stage.desktop.look(&stage.window) != before);
        stage.desktop.focus(&entering);
        // What calls shows that the window knows it is out of sight.
        stage.bia.say("@ana segredo");
        eventually("the window asks for attention", || stage.desktop.is_urgent(&stage.window));
        assert!(stage.desktop.is_in_front(&entering), "nothing takes the keys away");
        stage.desktop.focus(&stage.window);
        stage.say(&format!("de volta {round}"));
        stage.bia.expect(&format!("ana: de volta {round}"));
    }
}

#[test]
fn a_lost_connection_takes_the_keys_from_nobody_while_the_help_is_open() {
    let (mut stage, settings) = (Stage::new(), TempDir::new().unwrap());
    let _other = stage.desktop.open(settings.path(), &[]);
    let entering = stage.desktop.window(ENTERING);
    stage.desktop.focus(&stage.window);
    let before = stage.desktop.look(&stage.window);
    stage.desktop.keys(&["F1"]);
    eventually("the keys are shown", || stage.desktop.look(&stage.window) != before);
    stage.desktop.focus(&entering);
    stage.server.kill();
    // Above the help there is not much of it.
    eventually("a banner", || stage.desktop.pixels(&stage.window, "FFF2D1") > 1_000);
    assert!(stage.desktop.is_in_front(&entering), "nothing takes the keys away");
}

#[test]
fn several_at_once_make_one_notification() {
    let desktop = Desktop::new();
    let bus = Bus::on(&desktop);
    let mut stage = Stage::with(desktop, &[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
    let settings = TempDir::new().unwrap();
    let _other = look_elsewhere(&stage, &settings);
    stage.bia.say("ninguém em especial\n@ana <b>um</b>\n@ana dois\nana, três");
    let mut asked = String::new();
    eventually("a notification tells of all three", || {
        asked = bus.asked();
        asked.contains("string \"3 mensagens para você\"") && asked.contains("três\"")
    });
    stage.desktop.picture("notification");
    // One that says 0 does not take the place of another.
    assert_eq!(asked.matches("string \"Papo\"\n   uint32 0\n").count(), 1, "{asked}");
    let (_, last) = asked.rsplit_once("member=Notify\n").unwrap();
    for part in ["3 mensagens para você", "bia: &lt;b&gt;um&lt;/b&gt;", "bia: dois", "bia: ana, três"] {
        assert!(last.contains(part), "{part}: {asked}");
    }
    assert!(!asked.contains("em especial"), "{asked}");
}

#[test]
fn a_click_on_a_notification_opens_its_conversation_in_front() {
    let desktop = Desktop::new();
    let bus = Bus::on(&desktop);
    let mut stage = Stage::with(desktop, &[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
    let settings = TempDir::new().unwrap();
    for (said, field) in [("@ana segredo", "Privado para bia"), ("onde anda a Ana?", "Mensagem para a Sala")] {
        let _other = look_elsewhere(&stage, &settings);
        stage.bia.say(said);
        stage.desktop.click_notification();
        eventually("the window is in front", || stage.desktop.is_in_front(&stage.window));
        stage.reader.find(Role::Entry, field);
        eventually("nothing is unread", || stage.desktop.title(&stage.window).starts_with("Papo — ana"));
    }
    stage.say("cá estou");
    stage.bia.expect("ana: cá estou");
}

#[test]
fn without_a_service_the_talk_goes_on() {
    let (mut stage, settings) = (Stage::new(), TempDir::new().unwrap());
    let _other = look_elsewhere(&stage, &settings);
    stage.bia.say("@ana um");
    stage.bia.say("@ana dois");
    eventually("the window asks for attention", || stage.desktop.is_urgent(&stage.window));
    eventually("two are unread", || stage.desktop.title(&stage.window).starts_with("(2) Papo"));
    stage.desktop.focus(&stage.window);
    stage.say("aqui estou");
    stage.bia.expect("ana: aqui estou");
}

#[test]
fn the_sounds_switch_is_remembered() {
    let stage = Stage::new();
    let (width, _) = stage.desktop.size(&stage.window);
    let button = stage.reader.find(Role::Button, "Silenciar os avisos");
    let (bell, place) = (button.place(), button.middle());
    let away = (width / 2, 300);
    stage.desktop.point(&stage.window, away);
    let on = stage.desktop.look_at(&stage.window, bell);
    stage.desktop.click(&stage.window, place, 1, 1);
    stage.desktop.point(&stage.window, away);
    let mut off = Vec::new();
    eventually("the bell is crossed out", || {
        off = stage.desktop.look_at(&stage.window, bell);
        let saved = std::fs::read_to_string(stage.settings.path().join("settings.json")).unwrap_or_default();
        saved.contains("\"muted\": true") && off != on
    });
    stage.desktop.close(&stage.window);
    assert!(stage.papo.wait().success());
    let addr = stage.server.addr.to_string();
    let _papo = stage.desktop.open(stage.settings.path(), &["--server", &addr, "--name", "ana"]);
    let window = stage.desktop.window("Papo — ana");
    stage.desktop.picture("muted");
    // Had it been forgotten, this click would cross the bell out.
    stage.desktop.focus(&window);
    stage.desktop.click(&window, place, 1, 1);
    stage.desktop.point(&window, away);
    eventually("the bell is whole again", || {
        let saved = std::fs::read_to_string(stage.settings.path().join("settings.json")).unwrap();
        saved.contains("\"muted\": false") && stage.desktop.look_at(&window, bell) == on
    });
}
