//! Files that are written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Puts what `write` writes in the place of the file at `path`. On any error, of `write` too, that stays as it is.
pub fn replace(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let draft = draft_of(path);
    let mut file = File::create(&draft)?;
    let written = write(&mut file).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Beside the file, so that it can be renamed. Two windows of one user may write at the same time.
fn draft_of(path: &Path) -> PathBuf {
    let mut draft = OsString::from(path);
    draft.push(format!(".{}", std::process::id()));
    draft.into()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_cannot_be_written_whole_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("conversa.txt");
        for (text, is_full, expected) in [("um", false, "um"), ("dois", true, "um"), ("três", false, "três")] {
            let written = replace(&path, |file| {
                file.write_all(text.as_bytes())?;
                if is_full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
            });
            assert_eq!(written.is_err(), is_full);
            assert_eq!(fs::read_to_string(&path).expect("read"), expected);
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "no draft is left behind");
        }
    }
}
