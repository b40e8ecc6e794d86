//! Where the history lies, and who may read it. Unix alone.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Its name in the folder of the user's data.
const FILE: &str = "papo.db";
/// Where it lies for a service, which has no home.
const SYSTEM: &str = "/var/lib/papo";

/// Where it lies unless the operator says otherwise.
pub fn usual() -> PathBuf {
    let has_home = std::env::var_os("HOME").is_some_and(|home| !home.is_empty());
    let dirs = if has_home { directories::ProjectDirs::from("", "", "papo") } else { None };
    dirs.map_or_else(|| SYSTEM.into(), |dirs| dirs.data_local_dir().to_owned()).join(FILE)
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    number: u64,
}

/// The file that has that name now.
pub(super) fn id_of(path: &Path) -> Option<FileId> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(FileId { device: metadata.dev(), number: metadata.ino() })
}

/// Makes a file of what was said. An error if there is one already.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// Makes the file and its folder if they are not there: what was said in the room is for this user's eyes alone.
pub(super) fn make(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    File::options().create(true).append(true).mode(0o600).open(path).map(drop)
}
