//! The settings file, and several windows that write it.

use std::sync::mpsc;

use super::*;
use crate::core::Theme;

fn some_settings() -> Preferences {
    let mut settings = Preferences { theme: Some(Theme::Dark), window: Some((900, 600)), ..Preferences::default() };
    settings.entered(&"sala:99".parse().expect("an address"), "ana", 7);
    settings
}

fn files_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| name(entry.expect("an entry"))).collect();
    names.sort();
    names
}

#[test]
fn what_was_saved_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("um/dois");
    assert_eq!(Store::in_folder(&inner).load(), Preferences::default());

    Store::in_folder(&inner).save(&some_settings()).expect("saved");
    assert_eq!(Store::in_folder(&inner).load(), some_settings());
    assert_eq!(files_in(&inner), [FILE, LOCK], "no draft is left behind");
}

#[test]
fn a_broken_file_is_survived_and_kept_until_something_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    let huge = vec![b' '; MAX_FILE as usize + 1];
    for broken in [&b"{"[..], b"", b"[]", b"{\"servers\":7}", b"\xff\xfe", &huge] {
        fs::write(&path, broken).expect("written");
        let mut store = Store::in_folder(folder.path());
        let settings = store.load();
        assert_eq!(settings, Preferences::default());
        store.save(&settings).expect("nothing to do");
        assert_eq!(fs::read(&path).expect("read"), broken);
    }
    let mut store = Store::in_folder(folder.path());
    store.save(&some_settings()).expect("saved");
    assert_eq!(store.load(), some_settings());
}

#[test]
fn settings_of_another_version_are_read_as_far_as_they_are_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let known = Preferences { name: "ana".to_owned(), text_size: Some(125), ..some_settings() };
    let written = r#"{"name":"ana","text_size":125,"servers":[{"address":"sala:99","at":7},7],"window":[900,600],"#;
    for rest in [r#""theme":"dark","sounds":[1]}"#, r#""theme":"auto","muted":"às vezes"}"#] {
        let theme = Some(Theme::Dark).filter(|_| rest.contains("dark"));
        fs::write(folder.path().join(FILE), [written, rest].concat()).expect("written");
        assert_eq!(Store::in_folder(folder.path()).load(), Preferences { theme, ..known.clone() });
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let mut store = Store::in_folder(file);
    assert_eq!(store.load(), Preferences::default());
    assert!(store.save(&some_settings()).is_err());
    let mut nowhere = Store { folder: None, saved: Preferences::default() };
    assert!(nowhere.save(&some_settings()).is_ok());
}

fn entered(settings: &mut Preferences, port: u16, name: &str) {
    settings.entered(&format!("sala:{port}").parse().expect("an address"), name, u64::from(port));
}

#[test]
fn a_window_writes_what_changed_in_it_and_keeps_what_another_wrote() {
    let folder = tempfile::tempdir().expect("a folder");
    let [mut one, mut other] = [(); 2].map(|()| Store::in_folder(folder.path()));
    let (mut ana, mut bia) = (one.load(), other.load());
    entered(&mut ana, 1, "ana");
    one.save(&ana).expect("saved");
    entered(&mut bia, 2, "bia");
    other.save(&bia).expect("saved");
    ana.theme = Some(Theme::Dark);
    one.save(&ana).expect("saved");

    let mut both = Preferences { theme: Some(Theme::Dark), ..Preferences::default() };
    entered(&mut both, 1, "ana");
    entered(&mut both, 2, "bia");
    assert_eq!(Store::in_folder(folder.path()).load(), both);
}

#[test]
fn what_another_version_wrote_outlives_a_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    fs::write(&path, r#"{"sounds":[1],"theme":"auto","name":"ana"}"#).expect("written");
    let mut store = Store::in_folder(folder.path());
    let settings = Preferences { muted: true, ..store.load() };
    store.save(&settings).expect("saved");
    let written: Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    assert_eq!(written, serde_json::json!({"sounds": [1], "theme": "auto", "name": "ana", "muted": true}));
}

#[test]
fn windows_that_write_at_the_same_time_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let windows: Vec<_> = (0..4_u16)
        .map(|window| {
            let mut store = Store::in_folder(folder.path());
            std::thread::spawn(move || {
                let mut settings = store.load();
                for port in [1 + 2 * window, 2 + 2 * window] {
                    entered(&mut settings, port, "ana");
                    store.save(&settings).expect("saved");
                }
            })
        })
        .collect();
    for window in windows {
        window.join().expect("saved");
    }
    let settings = Store::in_folder(folder.path()).load();
    let mut written: Vec<u64> = settings.servers.iter().map(|recent| recent.at).collect();
    written.sort_unstable();
    assert_eq!(written, [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_where_somebody_was() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    Store::in_folder(folder.path()).save(&some_settings()).expect("saved");
    for name in files_in(folder.path()) {
        let metadata = fs::metadata(folder.path().join(&name)).expect("a file");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

fn named(name: &str) -> Preferences {
    Preferences { name: name.to_owned(), ..Preferences::default() }
}

#[test]
fn the_last_settings_are_on_the_disk_when_it_is_gone() {
    for count in [0, 1, 2, 50] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut worker = writer(Store::in_folder(folder.path()), |error| panic!("{error}"));
        (1..=count).for_each(|n| worker.hand(named(&n.to_string())));
        worker.finish();
        let expected = if count == 0 { String::new() } else { count.to_string() };
        assert_eq!(Store::in_folder(folder.path()).load().name, expected);
    }
}

#[test]
fn whoever_saves_does_not_wait_for_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    // Stuck for as long as somebody could receive that it failed.
    let (gate, failures) = mpsc::sync_channel::<String>(0);
    let mut worker = writer(Store::in_folder(file), move |error| {
        let _ = gate.send(error.to_string());
    });
    // If any of them waited, this would never end.
    (0..100).for_each(|n| worker.hand(named(&n.to_string())));
    assert!(!failures.recv().expect("a failure").is_empty());
    drop(failures);
}
