//! What is remembered from one start to the next: a JSON file in the user's configuration folder.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::{Recent, Theme};
use crate::files;
use crate::net::Address;

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// The servers entered, the last one first, at most [`Settings::MAX_SERVERS`].
    pub servers: Vec<Recent>,
    /// The name last entered under.
    pub name: String,
    /// The look, once the person has chosen one.
    pub theme: Option<Theme>,
    /// The size of the talking window, in pixels.
    pub window: Option<(i32, i32)>,
    /// The size of the text, in percent of the usual.
    pub text_size: Option<u16>,
    /// Whether alerts are silent.
    pub muted: bool,
}

impl Settings {
    /// Older servers are forgotten.
    pub const MAX_SERVERS: usize = 8;

    /// Notes that `address` was entered under `name`.
    pub fn entered(&mut self, address: &Address, name: &str, at: u64) {
        let address = address.to_string();
        self.servers.retain(|recent| recent.address != address);
        self.servers.insert(0, Recent { address, at });
        self.servers.truncate(Settings::MAX_SERVERS);
        name.clone_into(&mut self.name);
    }
}

/// Where the settings are kept.
#[derive(Debug)]
pub struct Store {
    /// `None` where the system has no place for them: then nothing is remembered.
    folder: Option<PathBuf>,
    /// What the file holds, as far as it could be read: a file is only written over when something changed.
    saved: Settings,
}

/// Overrides the folder, for tests and for several people under one account.
const FOLDER_VARIABLE: &str = "PAPO_CONFIG_DIR";
const FILE: &str = "settings.json";
/// A larger file was not written by this program.
const MAX_FILE: u64 = 64 * 1024;

impl Store {
    /// The user's own, or the one that `PAPO_CONFIG_DIR` names.
    pub fn of_user() -> Store {
        let named = std::env::var_os(FOLDER_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = || ProjectDirs::from("", "", "papo").map(|dirs| dirs.config_dir().to_owned());
        Store { folder: named.or_else(usual), saved: Settings::default() }
    }

    /// The one in `folder`.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Store {
        Store { folder: Some(folder.into()), saved: Settings::default() }
    }

    /// Reads the settings. One that is missing or broken gives the defaults: a chat must not fail for that.
    pub fn load(&mut self) -> Settings {
        self.saved = self.folder.as_deref().and_then(|folder| read(&folder.join(FILE))).unwrap_or_default();
        self.saved.clone()
    }

    /// Writes the settings if they changed: whole or not at all, also when the machine stops meanwhile. An error if the
    /// folder or the file cannot be written; they count as changed then.
    pub fn save(&mut self, settings: &Settings) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if *settings == self.saved {
            return Ok(());
        }
        write(folder, settings)?;
        self.saved = settings.clone();
        Ok(())
    }
}

fn read(path: &Path) -> Option<Settings> {
    if fs::metadata(path).ok()?.len() > MAX_FILE {
        return None;
    }
    serde_json::from_slice(&fs::read(path).ok()?).ok().map(|written| known(&written))
}

/// Field by field: a word that another version wrote costs that field, not the servers and the name.
fn known(written: &Value) -> Settings {
    let servers: Vec<Value> = field(written, "servers");
    let servers = servers.into_iter().filter_map(|server| Recent::deserialize(server).ok());
    Settings {
        servers: servers.take(Settings::MAX_SERVERS).collect(),
        name: field(written, "name"),
        theme: field(written, "theme"),
        window: field(written, "window"),
        text_size: field(written, "text_size"),
        muted: field(written, "muted"),
    }
}

fn field<T: DeserializeOwned + Default>(written: &Value, name: &str) -> T {
    written.get(name).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
}

fn write(folder: &Path, settings: &Settings) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    files::replace(&folder.join(FILE), |file| {
        serde_json::to_writer_pretty(&mut *file, settings)?;
        file.write_all(b"\n")?;
        file.sync_all()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_settings() -> Settings {
        let mut settings = Settings { theme: Some(Theme::Dark), window: Some((900, 600)), ..Settings::default() };
        settings.entered(&"sala:99".parse().expect("an address"), "ana", 7);
        settings
    }

    fn files_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn what_was_saved_comes_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("um/dois");
        assert_eq!(Store::in_folder(&inner).load(), Settings::default());

        Store::in_folder(&inner).save(&some_settings()).expect("saved");
        assert_eq!(Store::in_folder(&inner).load(), some_settings());
        assert_eq!(files_in(&inner), [FILE], "no draft is left behind");
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
            assert_eq!(settings, Settings::default());
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
        let known = Settings { name: "ana".to_owned(), text_size: Some(125), ..some_settings() };
        let written = r#"{"name":"ana","text_size":125,"servers":[{"address":"sala:99","at":7},7],"window":[900,600],"#;
        for rest in [r#""theme":"dark","sounds":[1]}"#, r#""theme":"auto","muted":"às vezes"}"#] {
            let theme = Some(Theme::Dark).filter(|_| rest.contains("dark"));
            fs::write(folder.path().join(FILE), [written, rest].concat()).expect("written");
            assert_eq!(Store::in_folder(folder.path()).load(), Settings { theme, ..known.clone() });
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error_and_no_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("written");
        let mut store = Store::in_folder(file);
        assert_eq!(store.load(), Settings::default());
        assert!(store.save(&some_settings()).is_err());
        let mut nowhere = Store { folder: None, saved: Settings::default() };
        assert!(nowhere.save(&some_settings()).is_ok());
    }

    #[test]
    fn the_last_servers_are_remembered_each_once() {
        let mut settings = Settings::default();
        for at in 0..20_u16 {
            let address = format!("sala:{}", 1 + at % 10).parse().expect("an address");
            settings.entered(&address, "ana", u64::from(at));
        }
        let ports: Vec<&str> = settings.servers.iter().map(|recent| &recent.address[5..]).collect();
        assert_eq!(ports, ["10", "9", "8", "7", "6", "5", "4", "3"]);
    }
}
