//! Paths of the server's own files.

use std::path::{Path, PathBuf};

use papo_common::DEFAULT_PORT;

/// The folder of a service, which has no home.
const SERVICE_FOLDER: &str = "/var/lib/papo";

/// The default path of the history of a server on `port`; `None` where the system chooses the port, so that no later
/// server would find the file.
pub fn default_path(port: u16) -> Option<PathBuf> {
    let file = file_name_for("papo", "db", port)?;
    let dirs = if has_home() { directories::ProjectDirs::from("", "", "papo") } else { None };
    let of_user = || dirs.map_or_else(|| SERVICE_FOLDER.into(), |dirs| dirs.data_local_dir().to_owned());
    Some(state_directory().unwrap_or_else(of_user).join(file))
}

/// The name of a file of the server on `port`, without the port if it is the default one. `None` where the system
/// chooses the port.
pub fn file_name_for(stem: &str, ending: &str, port: u16) -> Option<String> {
    match port {
        0 => None,
        DEFAULT_PORT => Some(format!("{stem}.{ending}")),
        _ => Some(format!("{stem}-{port}.{ending}")),
    }
}

/// The state directory that systemd has made for the service; the first of several.
pub fn state_directory() -> Option<PathBuf> {
    let folders = std::env::var_os("STATE_DIRECTORY")?;
    std::env::split_paths(&folders).next().filter(|folder| folder.is_absolute())
}

/// Whether the user has a home folder. System users may name one that does not exist, or the root.
fn has_home() -> bool {
    std::env::var_os("HOME").is_some_and(|home| Path::new(&home) != Path::new("/") && Path::new(&home).is_dir())
}
