//! What there is to see: finding, the list of keys, sizes, looks. The pictures of all of it stay in the build folder.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses a part of it")]
mod desktop;

use desktop::{Desktop, ENTERING, Role, Stage, eventually};
use tempfile::TempDir;

const LIGHT_GROUND: &str = "FFFFFF";
const DARK_GROUND: &str = "12181D";
const RAISED: &str = "E8EDEF";
const SIDE: &str = "F3F6F7";
/// The head of the left column, in which nothing ever changes but its size and colours.
const HEAD: (i32, i32, i32, i32) = (0, 0, 180, 70);

/// A look that differs from that one, once it has come.
fn other_than(before: &[u8], mut look: impl FnMut() -> Vec<u8>) -> Vec<u8> {
    let mut now = Vec::new();
    eventually("it looks different", || {
        now = look();
        now != before
    });
    now
}

#[test]
fn finding_goes_from_hit_to_hit_and_round() {
    let mut stage = Stage::new();
    for text in ["uma ação", "nada", "AÇÃO de novo", "acao, fim"] {
        stage.bia.say(text);
    }
    stage.expect_conversation("acao, fim");
    let talk = stage.desktop.look(&stage.window);
    stage.desktop.keys(&["ctrl+f"]);
    let (width, _) = stage.desktop.size(&stage.window);
    let bar = || stage.desktop.look_at(&stage.window, (232, 56, width - 216 - 232, 48));
    let empty = other_than(&talk, || stage.desktop.look(&stage.window));
    stage.desktop.write("acao");
    other_than(&empty, || stage.desktop.look(&stage.window));
    // The last of three, found whatever its accents and case: the bar is seen at rest once upwards and downwards meet.
    stage.desktop.keys(&["Return", "F3"]);
    stage.desktop.picture("find");
    let third = settled(bar);
    stage.desktop.keys(&["Return"]);
    let second = other_than(&third, bar);
    stage.desktop.keys(&["shift+F3"]);
    let first = other_than(&second, bar);
    assert_ne!(first, third);
    for (key, expected) in [("Return", &third), ("F3", &first), ("F3", &second), ("F3", &third), ("shift+F3", &second)]
    {
        stage.desktop.keys(&[key]);
        eventually("the bar tells the hit", || bar() == *expected);
    }
    stage.desktop.write("zz");
    other_than(&second, bar);
    stage.desktop.picture("find-nothing");
    stage.desktop.keys(&["BackSpace", "BackSpace"]);
    eventually("it begins at the last again", || bar() == third);
    stage.desktop.keys(&["Escape"]);
    stage.say("de volta");
    stage.bia.expect("ana: de volta");
}

/// A look that stays the same from one glance to the next.
fn settled<T: PartialEq>(mut look: impl FnMut() -> T) -> T {
    let mut last = look();
    eventually("it comes to rest", || {
        let now = look();
        let rests = now == last;
        last = now;
        rests
    });
    last
}

#[test]
fn a_conversation_left_further_up_is_unread_until_its_end_is_in_sight() {
    let mut stage = Stage::new();
    (1..=40).for_each(|n| stage.bia.say(&format!("@ana linha {n}")));
    let is_counted = |count: &str| stage.desktop.title(&stage.window).starts_with(&format!("{count}Papo — ana"));
    eventually("all of them unread", || is_counted("(40) "));
    stage.desktop.keys(&["ctrl+Tab"]);
    eventually("none of them unread", || is_counted(""));
    stage.desktop.keys(&["Prior", "ctrl+Tab"]);
    (1..=3).for_each(|n| stage.bia.say(&format!("@ana mais {n}")));
    eventually("three more", || is_counted("(3) "));
    let room = stage.desktop.look(&stage.window);
    stage.desktop.keys(&["ctrl+Tab"]);
    other_than(&room, || stage.desktop.look(&stage.window));
    stage.desktop.picture("left-further-up");
    assert!(is_counted("(3) "), "they are out of sight");
    stage.desktop.keys(&["Escape"]);
    eventually("the end is in sight", || is_counted(""));
}

#[test]
fn the_message_under_the_pointer_stands_on_a_ground_of_its_own() {
    let mut stage = Stage::new();
    stage.say("oi");
    stage.bia.expect("ana: oi");
    stage.expect_conversation("oi");
    let ground = || stage.desktop.pixels(&stage.window, SIDE);
    stage.desktop.point(&stage.window, (600, 500));
    let before = settled(ground);
    stage.desktop.point(&stage.window, (600, 140));
    eventually("it stands out", || ground() > before + 10_000);
    stage.desktop.picture("hovered-message");
    stage.desktop.point(&stage.window, (600, 500));
    eventually("it does no more", || ground() == before);
}

#[test]
fn f1_shows_the_keys_and_esc_closes_them() {
    let mut stage = Stage::new();
    stage.say("oi");
    stage.bia.expect("ana: oi");
    stage.expect_conversation("oi");
    let before = settled(|| stage.desktop.look(&stage.window));
    stage.desktop.keys(&["F1"]);
    other_than(&before, || stage.desktop.look(&stage.window));
    stage.desktop.picture("keys");
    stage.desktop.keys(&["Escape"]);
    eventually("the keys are gone", || stage.desktop.look(&stage.window) == before);
}

#[test]
fn the_keys_are_read_by_pages_in_a_small_window() {
    let stage = Stage::new();
    stage.desktop.resize(&stage.window, (480, 320));
    eventually("the window is small", || stage.desktop.size(&stage.window) == (480, 320));
    let look = || stage.desktop.look(&stage.window);
    let room = settled(look);
    stage.desktop.keys(&["F1"]);
    let mut seen = vec![other_than(&room, look)];
    stage.desktop.picture_of(&stage.window, "keys-small");
    // As many pages as there are, not as many rows.
    for page in 1..=5 {
        stage.desktop.keys(&["Next"]);
        seen.push(other_than(&seen[seen.len() - 1], look));
        stage.desktop.picture_of(&stage.window, &format!("keys-small-{page}"));
    }
    stage.desktop.keys(&["Home"]);
    eventually("the beginning", || look() == seen[0]);
    // The bar leads where it is dragged to, and so do the keys.
    stage.desktop.drag(&stage.window, (452, 80), (452, 318));
    eventually("the end", || look() == seen[5]);
    stage.desktop.keys(&["Home"]);
    eventually("the beginning", || look() == seen[0]);
    stage.desktop.keys(&["End"]);
    eventually("the end", || look() == seen[5]);
}

#[test]
fn the_texts_size_changes_in_a_window_that_keeps_its_own_and_is_remembered() {
    let stage = Stage::new();
    let head = |window: &str| stage.desktop.look_at(window, HEAD);
    let (size, usual) = (stage.desktop.size(&stage.window), head(&stage.window));
    stage.desktop.keys(&["ctrl+equal"]);
    let larger = other_than(&usual, || head(&stage.window));
    stage.desktop.keys(&["ctrl+minus"]);
    eventually("the usual size", || head(&stage.window) == usual);
    stage.desktop.keys(&["ctrl+minus"]);
    other_than(&usual, || head(&stage.window));
    stage.desktop.picture("text-smaller");
    stage.desktop.keys(&["ctrl+0"]);
    eventually("the usual size", || head(&stage.window) == usual);
    stage.desktop.keys(&["ctrl+equal"]);
    eventually("the larger size", || head(&stage.window) == larger);
    eventually("the window's own size", || stage.desktop.size(&stage.window) == size);
    stage.desktop.picture("text-larger");
    stage.desktop.close(&stage.window);
    assert!(stage.papo.wait().success());
    let addr = stage.server.addr.to_string();
    let _papo = stage.desktop.open(stage.settings.path(), &["--server", &addr, "--name", "ana"]);
    let window = stage.desktop.window("Papo — ana");
    eventually("the larger size is remembered", || head(&window) == larger);
    eventually("the window's own size", || stage.desktop.size(&window) == size);
}

#[test]
fn the_window_stays_where_it_is_whatever_the_texts_size() {
    let stage = Stage::new();
    stage.desktop.resize(&stage.window, (900, 600));
    stage.desktop.put(&stage.window, (203, 171));
    let geometry = || settled(|| stage.desktop.geometry(&stage.window));
    let head = || stage.desktop.look_at(&stage.window, HEAD);
    let before = geometry();
    assert!(before.0 > 190 && before.1 > 160, "{before:?}");
    for key in ["ctrl+equal", "ctrl+equal", "ctrl+equal", "ctrl+0", "ctrl+minus", "ctrl+minus", "ctrl+0"] {
        let looked = head();
        stage.desktop.keys(&[key]);
        other_than(&looked, head);
        let (x, y, w, h) = geometry();
        let by = [x - before.0, y - before.1, w - before.2, h - before.3];
        assert!(by.iter().all(|by| by.abs() <= 2), "{key}: {before:?} {:?}", (x, y, w, h));
    }
}

#[test]
fn the_windows_size_stays_from_start_to_start() {
    let mut stage = Stage::new();
    stage.desktop.resize(&stage.window, (1000, 701));
    eventually("the window has its size", || stage.desktop.size(&stage.window) == (1000, 701));
    let head = |window: &str| stage.desktop.look_at(window, HEAD);
    let usual = head(&stage.window);
    stage.desktop.keys(&["ctrl+equal"]);
    other_than(&usual, || head(&stage.window));
    let size = settled(|| stage.desktop.size(&stage.window));
    assert!((1000..=1001).contains(&size.0) && (701..=702).contains(&size.1), "{size:?}");
    stage.desktop.close(&stage.window);
    stage.bia.expect("ana saiu do chat.");
    for _ in 0..3 {
        let addr = stage.server.addr.to_string();
        let papo = stage.desktop.open(stage.settings.path(), &["--server", &addr, "--name", "ana"]);
        let window = stage.desktop.window("Papo — ana");
        stage.desktop.focus(&window);
        eventually("the size that it had", || stage.desktop.size(&window) == size);
        stage.desktop.close(&window);
        assert!(papo.wait().success());
    }
}

#[test]
fn pills_have_no_seams_whatever_the_texts_size() {
    let mut stage = Stage::new();
    stage.desktop.click(&stage.window, stage.person("bia"), 1, 2);
    stage.desktop.write("x");
    stage.expect_field("x");
    stage.bia.say("na Sala");
    eventually("it is unread", || stage.desktop.title(&stage.window).starts_with("(1) Papo"));
    stage.desktop.keys(&["ctrl+Tab"]);
    for percent in ["100", "110", "125", "150"] {
        let mut row = Vec::new();
        eventually("the line above what is new", || {
            row = row_of_pill(&settled(|| stage.desktop.look(&stage.window)), stage.desktop.size(&stage.window).0);
            !row.is_empty()
        });
        stage.desktop.picture_of(&stage.window, &format!("pill-{percent}"));
        let whole = row[row.len() - 1] - row[0] + 1;
        assert_eq!(row.len(), whole, "{percent}: {row:?}");
        let head = || stage.desktop.look_at(&stage.window, HEAD);
        let before = head();
        stage.desktop.keys(&["ctrl+equal"]);
        other_than(&before, head);
    }
}

/// The columns of those pixels of "novas mensagens" that stand in one row, above its words.
fn row_of_pill(look: &[u8], width: i32) -> Vec<usize> {
    const NEW: [u8; 3] = [0xB9, 0x3A, 0x12];
    let rows = look.chunks(3 * width as usize).map(|row| {
        let pixels = row.chunks(3).enumerate();
        pixels.filter(|(_, pixel)| **pixel == NEW).map(|(column, _)| column).collect::<Vec<usize>>()
    });
    rows.filter(|row| row.len() > 50).nth(2).unwrap_or_default()
}

#[test]
fn the_look_is_switched_and_remembered() {
    let stage = Stage::new();
    let ground = |window: &str, colour| stage.desktop.pixels(window, colour) > 200_000;
    eventually("a light window", || ground(&stage.window, LIGHT_GROUND));
    stage.desktop.click(&stage.window, stage.button("Tema escuro"), 1, 1);
    eventually("a dark window", || ground(&stage.window, DARK_GROUND) && !ground(&stage.window, LIGHT_GROUND));
    stage.desktop.close(&stage.window);
    assert!(stage.papo.wait().success());
    let addr = stage.server.addr.to_string();
    let _papo = stage.desktop.open(stage.settings.path(), &["--server", &addr, "--name", "ana"]);
    let window = stage.desktop.window("Papo — ana");
    eventually("still a dark window", || ground(&window, DARK_GROUND));
}

#[test]
fn what_a_button_says_of_itself_has_the_colours_of_the_look() {
    let stage = Stage::new();
    let before = stage.desktop.pixels("root", RAISED);
    stage.desktop.point(&stage.window, stage.button("Salvar a conversa (Ctrl+S)"));
    eventually("words on our ground", || stage.desktop.pixels("root", RAISED) > before + 2_000);
    stage.desktop.picture("tooltip");
}

#[test]
fn the_rail_tells_which_conversation_the_pointer_rests_on() {
    let mut stage = Stage::new();
    let mut bruno = stage.server.member("bruno");
    stage.bia.rest();
    for text in ["@ana oi", "@ana olá"] {
        stage.bia.say(text);
    }
    bruno.say("@ana eu também");
    eventually("three are unread", || stage.desktop.title(&stage.window).starts_with("(3) Papo"));
    stage.desktop.resize(&stage.window, (480, 320));
    eventually("the window is small", || stage.desktop.size(&stage.window) == (480, 320));
    stage.desktop.point(&stage.window, (300, 150));
    let look = || settled(|| stage.desktop.look_at(&stage.window, (60, 0, 420, 256)));
    let mut seen = vec![look()];
    for row in 0..3 {
        stage.desktop.point(&stage.window, (28, 28 + 48 * row));
        other_than(&seen[seen.len() - 1], look);
        let now = look();
        assert!(!seen.contains(&now), "{row}");
        seen.push(now);
        stage.desktop.picture_of(&stage.window, &format!("rail-{row}"));
    }
    stage.desktop.point(&stage.window, (300, 150));
    eventually("nothing is told any more", || look() == seen[0]);
}

#[test]
fn it_is_whole_from_the_smallest_window_to_the_largest_screen_in_both_looks() {
    for theme in ["light", "dark"] {
        let (desktop, settings) = (Desktop::of_size("3840x2160x24"), TempDir::new().unwrap());
        std::fs::write(settings.path().join("settings.json"), format!(r#"{{"theme":"{theme}"}}"#)).unwrap();
        let mut stage = Stage::with(desktop, &[("PAPO_CONFIG_DIR", settings.path().to_str().unwrap())]);
        stage.bia.say("Bom dia! O passo a passo está em http://wiki.local/impressora");
        for (asked, given) in [((300, 200), (480, 320)), ((640, 480), (640, 480)), ((3840, 2160), (3840, 2160))] {
            stage.desktop.resize(&stage.window, asked);
            eventually("the window has its size", || stage.desktop.size(&stage.window) == given);
            let text = format!("@bia de {}", given.0);
            stage.desktop.write(&text);
            stage.desktop.picture_of(&stage.window, &format!("size-{}-{theme}", given.0));
            stage.desktop.keys(&["Return"]);
            stage.bia.expect(&format!("ana: de {} (privado)", given.0));
        }
    }
}

#[test]
fn it_grows_with_the_desktops_scale() {
    for (factor, size) in [("1.5", (1650, 1080)), ("2", (2200, 1440))] {
        let desktop = Desktop::of_size("3840x2160x24");
        let mut stage = Stage::with(desktop, &[("FLTK_SCALING_FACTOR", factor)]);
        eventually("the window has its size", || stage.desktop.size(&stage.window) == size);
        stage.say("oi");
        stage.bia.expect("ana: oi");
        stage.desktop.picture_of(&stage.window, &format!("scale-{factor}"));
    }
}

#[test]
fn a_window_that_cannot_shrink_fits_the_smaller_of_two_screens() {
    let settings = TempDir::new().unwrap();
    std::fs::write(settings.path().join("settings.json"), r#"{"text_size":200}"#).unwrap();
    let size_on = |desktop: &Desktop| {
        let _papo = desktop.open(settings.path(), &[]);
        let window = desktop.window(ENTERING);
        settled(|| desktop.size(&window))
    };
    let (wide, high) = size_on(&Desktop::new());
    assert!(wide > 640 && high > 600, "{wide}x{high} on one screen");
    let (wide, high) = size_on(&Desktop::of_screens(&["1280x900x24", "640x600x24"]));
    assert!((400..=640).contains(&wide) && (456..=600).contains(&high), "{wide}x{high} on two");
}

#[test]
fn the_texts_size_is_that_of_every_screen() {
    let mut stage = Stage::on(Desktop::of_screens(&["1280x900x24", "1100x800x24"]));
    let head = || stage.desktop.look_at(&stage.window, HEAD);
    let (usual, size) = (head(), stage.desktop.size(&stage.window));
    stage.desktop.keys(&["ctrl+equal"]);
    let larger = other_than(&usual, head);
    stage.desktop.keys(&["ctrl+0"]);
    eventually("the usual size", || head() == usual);
    // Nearer to the end of the smaller screen.
    stage.desktop.put(&stage.window, (60, 40));
    stage.desktop.keys(&["ctrl+equal"]);
    eventually("the same larger size", || head() == larger);
    eventually("the window's own size", || stage.desktop.size(&stage.window) == size);
    stage.say("oi");
    stage.bia.expect("ana: oi");
}

#[test]
fn marks_that_are_stacked_stay_in_their_own_line() {
    let mut stage = Stage::new();
    stage.bia.say("linha de cima");
    let above = stage.reader.find(Role::Paragraph, "bia, …");
    let look = || settled(|| stage.desktop.look_at(&stage.window, above.place()));
    stage.desktop.point(&stage.window, (600, 500));
    let before = look();
    stage.bia.say(&format!("o{}", "\u{301}".repeat(40)));
    eventually("it is told", || stage.reader.parts().iter().any(|part| part.name.contains('\u{301}')));
    assert!(look() == before, "the line above is as it was");
    stage.desktop.picture("stacked-marks");
}

#[test]
fn entering_in_both_looks() {
    for (theme, ground) in [("light", LIGHT_GROUND), ("dark", DARK_GROUND)] {
        let (desktop, settings) = (Desktop::new(), TempDir::new().unwrap());
        std::fs::write(settings.path().join("settings.json"), format!(r#"{{"theme":"{theme}","name":"ana"}}"#))
            .unwrap();
        let _papo = desktop.open(settings.path(), &[]);
        let window = desktop.window(ENTERING);
        eventually("the window has its look", || desktop.pixels(&window, ground) > 100_000);
        desktop.picture(&format!("enter-{theme}"));
    }
}
