//! The settings that are kept from one start to the next: a JSON file in the user's configuration folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::background::Worker;
use super::files::{self, IfExists};
use crate::core::Recent;
use crate::core::preferences::Preferences;

/// The store of the settings: a folder with the file and its lock.
#[derive(Debug)]
pub struct Store {
    /// The folder; `None` where the system has no place for settings: then none are kept.
    folder: Option<PathBuf>,
    /// The settings as this window last read or wrote them. Fields that differ from them have changed here; the others
    /// may have changed in another window of the same user since.
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
    /// The user's own store, or the one in the folder that `PAPO_CONFIG_DIR` names.
    pub fn of_user() -> Store {
        let named = std::env::var_os(FOLDER_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = || ProjectDirs::from("", "", "papo").map(|dirs| dirs.config_dir().to_owned());
        Store { folder: named.or_else(usual), saved: Preferences::default() }
    }

    /// The store in `folder`.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Store {
        Store { folder: Some(folder.into()), saved: Preferences::default() }
    }

    /// Reads the settings. A missing or broken field gives its default: a chat must not fail for that.
    pub fn load(&mut self) -> Preferences {
        let written = self.folder.as_deref().and_then(|folder| read_fields(&folder.join(FILE)));
        self.saved = written.as_ref().map(known).unwrap_or_default();
        self.saved.clone()
    }

    /// Writes the fields that have changed since the last [`load`](Store::load) or `save` and leaves the rest of the
    /// file to other windows: whole or not at all, also when the machine stops meanwhile. An error if the folder or the
    /// file cannot be written; the changes wait for the next time then.
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

/// Saves to `store` on a thread of its own: a disk that is busy for seconds does not hold up the window. `failed` is told,
/// on that thread, of each time that could not be done.
pub fn writer(mut store: Store, failed: impl Fn(&io::Error) + Send + 'static) -> Worker<Preferences> {
    Worker::latest("settings", move |preferences| {
        if let Err(error) = store.save(&preferences) {
            failed(&error);
        }
    })
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

/// The settings that this version understands, field by field: a value that another version wrote costs that field, not
/// the servers and the name.
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
mod tests;
