//! What is remembered from one start to the next: a JSON file in the user's configuration folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::files::{self, IfExists};
use crate::core::Recent;
use crate::core::preferences::Preferences;

/// Where the settings are kept.
#[derive(Debug)]
pub struct Store {
    /// `None` where the system has no place for them: then nothing is remembered.
    folder: Option<PathBuf>,
    /// What this window last read or wrote. What differs from it has changed here; the rest may have changed in another
    /// window of the same user since.
    saved: Preferences,
}

/// Overrides the folder, for tests and for several people under one account.
const FOLDER_VARIABLE: &str = "PAPO_CONFIG_DIR";
const FILE: &str = "settings.json";
/// Locked while one window reads, changes and writes the settings.
const LOCK: &str = "settings.lock";
/// A larger file was not written by this program.
const MAX_FILE: u64 = 64 * 1024;

impl Store {
    /// The user's own, or the one that `PAPO_CONFIG_DIR` names.
    pub fn of_user() -> Store {
        let named = std::env::var_os(FOLDER_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = || ProjectDirs::from("", "", "papo").map(|dirs| dirs.config_dir().to_owned());
        Store { folder: named.or_else(usual), saved: Preferences::default() }
    }

    /// The one in `folder`.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Store {
        Store { folder: Some(folder.into()), saved: Preferences::default() }
    }

    /// Reads the settings. One that is missing or broken gives the defaults: a chat must not fail for that.
    pub fn load(&mut self) -> Preferences {
        let written = self.folder.as_deref().and_then(|folder| read_fields(&folder.join(FILE)));
        self.saved = written.as_ref().map(known).unwrap_or_default();
        self.saved.clone()
    }

    /// Writes what has changed since the last [`load`](Store::load) or `save` and leaves the rest of the file to other
    /// windows: whole or not at all, also when the machine stops meanwhile. An error if the folder or the file cannot be
    /// written; the changes wait for the next time then.
    pub fn save(&mut self, settings: &Preferences) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if *settings == self.saved {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        let _lock = lock(folder);
        let path = folder.join(FILE);
        let written = read_fields(&path).map_or_else(|| fields(&self.saved), Ok)?;
        write(&path, &changed(written, &self.saved, settings)?)?;
        self.saved = settings.clone();
        Ok(())
    }
}

/// Waits for the lock, which ends with the file. `None` where the file system has no locks: then the last writer wins.
fn lock(folder: &Path) -> Option<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    // Another user who could open it could hold it for ever.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join(LOCK)).ok()?;
    fs4::FileExt::lock(&file).ok()?;
    Some(file)
}

/// The fields in `written`, with those that differ between `before` and `after` as they are in `after`.
fn changed(
    mut written: Map<String, Value>,
    before: &Preferences,
    after: &Preferences,
) -> io::Result<Map<String, Value>> {
    let servers = merged(&before.servers, &after.servers, field(&written, "servers"));
    let unchanged = fields(before)?;
    for (name, value) in fields(after)? {
        if unchanged.get(&name) != Some(&value) {
            let value = if name == "servers" { serde_json::to_value(&servers)? } else { value };
            written.insert(name, value);
        }
    }
    Ok(written)
}

/// The servers entered since `before`, then those that were written meanwhile.
fn merged(before: &[Recent], after: &[Recent], written: Vec<Value>) -> Vec<Recent> {
    let mut servers: Vec<Recent> = after.iter().filter(|it| !before.contains(it)).cloned().collect();
    let others = recent(written).filter(|other| !servers.iter().any(|it| it.address == other.address));
    let others: Vec<Recent> = others.collect();
    servers.extend(others);
    servers.truncate(Preferences::MAX_SERVERS);
    servers
}

fn recent(written: Vec<Value>) -> impl Iterator<Item = Recent> {
    written.into_iter().filter_map(|server| Recent::deserialize(server).ok())
}

fn fields(settings: &Preferences) -> io::Result<Map<String, Value>> {
    match serde_json::to_value(settings)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn read_fields(path: &Path) -> Option<Map<String, Value>> {
    if fs::metadata(path).ok()?.len() > MAX_FILE {
        return None;
    }
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Field by field: a word that another version wrote costs that field, not the servers and the name.
fn known(written: &Map<String, Value>) -> Preferences {
    Preferences {
        servers: recent(field(written, "servers")).take(Preferences::MAX_SERVERS).collect(),
        name: field(written, "name"),
        theme: field(written, "theme"),
        window: field(written, "window"),
        text_size: field(written, "text_size"),
        muted: field(written, "muted"),
    }
}

fn field<T: DeserializeOwned + Default>(written: &Map<String, Value>, name: &str) -> T {
    written.get(name).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
}

fn write(path: &Path, fields: &Map<String, Value>) -> io::Result<()> {
    files::write_with(path, IfExists::Replace, |file| {
        serde_json::to_writer_pretty(&mut *file, fields)?;
        file.write_all(b"\n")?;
        file.sync_all()
    })
}

#[cfg(test)]
mod tests {
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
}
