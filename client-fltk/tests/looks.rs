//! Every screen of the talking window in both looks: each has its own ground colours, is another one than those before,
//! and leaves a picture in the build folder.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use desktop::{Desktop, Role, Stage, eventually};
use tempfile::TempDir;

/// One look, walked through.
struct Walk {
    stage: Stage,
    theme: &'static str,
}

impl Walk {
    /// Waits until this colour of the look covers so many pixels more than before, which `act` brings about, and takes
    /// a picture. Where keys `undo` it, waits until they did.
    #[track_caller]
    fn screen(&mut self, name: &str, colour: &str, more: usize, act: impl FnOnce(&mut Stage), undo: &[&str]) {
        let covered = |stage: &Stage| stage.desktop.pixels(&stage.window, colour);
        let before = covered(&self.stage);
        act(&mut self.stage);
        eventually(&format!("the {} screen '{name}'", self.theme), || covered(&self.stage) >= before + more);
        self.stage.desktop.picture_of(&self.stage.window, &format!("{name}-{}", self.theme));
        if !undo.is_empty() {
            self.stage.desktop.keys(undo);
            eventually(&format!("no more of '{name}'"), || covered(&self.stage) < before + more);
        }
    }
}

/// The colours by which a screen is known, as `look.md` names them.
struct Colours {
    raised: &'static str,
    side: &'static str,
    accent: &'static str,
    ground: &'static str,
    private: &'static str,
    private_ground: &'static str,
    error: &'static str,
    error_ground: &'static str,
    warning_ground: &'static str,
}

const LIGHT: Colours = Colours {
    raised: "E8EDEF",
    side: "F3F6F7",
    accent: "0A7771",
    ground: "FFFFFF",
    private: "7637AE",
    private_ground: "F6F0FC",
    error: "B3261E",
    error_ground: "FDF1F0",
    warning_ground: "FFF2D1",
};
const DARK: Colours = Colours {
    raised: "222C34",
    side: "182026",
    accent: "45C8BC",
    ground: "12181D",
    private: "CBA6F7",
    private_ground: "241D33",
    error: "FF8A80",
    error_ground: "331C1C",
    warning_ground: "33290F",
};

fn every_screen(theme: &'static str, colours: &Colours) {
    let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
    std::fs::write(settings.path().join("settings.json"), format!(r#"{{"theme":"{theme}"}}"#)).unwrap();
    let stage = Stage::with(desktop, &[("PAPO_CONFIG_DIR", settings.path().to_str().unwrap())]);
    let mut walk = Walk { stage, theme };
    let clear: &[&str] = &["ctrl+a", "BackSpace"];
    let say_hello = |stage: &mut Stage| {
        stage.bia.say("Bom dia! O passo a passo está em http://wiki.local/impressora");
        stage.bia.say("@ana a festa é na sexta");
        eventually("the private message is unread", || stage.desktop.title(&stage.window).starts_with("(1) Papo"));
    };
    walk.screen("room", colours.private, 100, say_hello, &[]);
    // The bar beside the line.
    walk.screen("mention", colours.accent, 60, |stage| stage.bia.say("Ana, viu o horário?"), &[]);
    walk.screen("private-mode", colours.private_ground, 20_000, |stage| stage.desktop.write("@bia oi"), clear);
    walk.screen("nobody", colours.error_ground, 20_000, |stage| stage.desktop.write("@duda oi"), clear);
    walk.screen("unknown-command", colours.error, 8, |stage| stage.say("/xis"), clear);
    let find = |stage: &mut Stage| {
        stage.desktop.keys(&["ctrl+f"]);
        stage.desktop.write("a");
    };
    walk.screen("find", colours.warning_ground, 200, find, &["Escape"]);
    walk.screen("keys", colours.raised, 5_000, |stage| stage.desktop.keys(&["F1"]), &["Escape"]);
    let menu = |stage: &mut Stage| stage.desktop.click(&stage.window, stage.person("bia"), 3, 1);
    walk.screen("person-menu", colours.ground, 10_000, menu, &["Escape"]);
    let whisper = |stage: &mut Stage| {
        stage.desktop.click(&stage.window, stage.person("bia"), 1, 2);
        stage.desktop.write("até lá");
    };
    walk.screen("private-conversation", colours.private_ground, 20_000, whisper, &["ctrl+a", "BackSpace", "ctrl+Tab"]);
    let be_silenced = |stage: &mut Stage| {
        stage.server.command("silenciar ana");
        // Shown with a sign of its own: by then what was ordered before it is done.
        stage.server.command("aviso silêncio");
        eventually("the notice", || stage.desktop.pixels(&stage.window, colours.warning_ground) > 300);
        stage.say("não vai chegar");
    };
    walk.screen("not-sent", colours.error, 2, be_silenced, &[]);
    walk.screen("lost", colours.warning_ground, 20_000, |stage| stage.server.kill(), &[]);
    let Walk { stage, .. } = walk;
    stage.desktop.resize(&stage.window, (480, 320));
    eventually("the window is small", || stage.desktop.size(&stage.window) == (480, 320));
    // The banner stands in it, and the ground around that has the colours of the look.
    eventually("it is drawn", || {
        stage.desktop.pixels(&stage.window, colours.warning_ground) > 8_000
            && stage.desktop.pixels(&stage.window, colours.side) > 8_000
    });
    stage.desktop.picture_of(&stage.window, &format!("narrow-{theme}"));
}

#[test]
fn every_screen_in_the_light_look() {
    every_screen("light", &LIGHT);
}

#[test]
fn every_screen_in_the_dark_look() {
    every_screen("dark", &DARK);
}

#[test]
#[cfg(target_os = "linux")]
fn the_help_takes_no_more_memory_in_windows_of_many_sizes() {
    let stage = Stage::new();
    stage.desktop.keys(&["F1"]);
    stage.reader.find(Role::Dialog, "Teclas e comandos");
    let resize = |height| {
        stage.desktop.resize(&stage.window, (1_000, height));
        eventually("it has its size", || stage.desktop.size(&stage.window).1 == height);
        eventually("the help is drawn in it", || {
            let (_, y, _, h) = stage.reader.find(Role::Dialog, "Teclas e comandos").place();
            2 * y + h <= height + 1
        });
    };
    (360..=370).for_each(resize);
    let before = stage.papo.memory();
    (371..=430).for_each(resize);
    let grown = stage.papo.memory().saturating_sub(before);
    assert!(grown < 30_000, "{before} KiB grew by {grown} KiB");
}
