//! Files that are written whole or not at all, and that nobody but their owner can read.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use directories::UserDirs;

use super::background::{self, Task};

/// The rule for a file that already exists at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfExists {
    /// It stays, and writing fails with [`io::ErrorKind::AlreadyExists`].
    Refuse,
    /// It is replaced.
    Replace,
}

/// Puts `text` into the file at `path`. On any error the file that was there stays as it was.
fn write(path: &Path, if_exists: IfExists, text: &str) -> io::Result<()> {
    write_with(path, if_exists, |file| file.write_all(text.as_bytes()))
}

/// [`write()`] on a thread of its own, which calls `tell` with the path and the result. Wait for the task before the
/// program ends, or the file may be missing.
pub fn write_later(
    path: PathBuf,
    if_exists: IfExists,
    text: String,
    tell: impl FnOnce(PathBuf, io::Result<()>) + Send + 'static,
) -> Task {
    let target = path.clone();
    let write = move || write(&target, if_exists, &text);
    let no_thread = || Err(io::ErrorKind::OutOfMemory.into());
    background::answer_later("files", write, no_thread, move |written| tell(path, written))
}

/// A file of that name in the person's documents, or in the home folder where there is no such folder.
pub fn in_documents(name: &str) -> PathBuf {
    let user = UserDirs::new();
    let folder = user.as_ref().map(|user| user.document_dir().unwrap_or(user.home_dir()));
    folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
}

/// The absolute path of a path that a person typed: `~` at its beginning is the home folder.
pub fn absolute(typed: &Path) -> PathBuf {
    let user = UserDirs::new();
    let at_home = typed.strip_prefix("~").ok().zip(user).map(|(rest, user)| user.home_dir().join(rest));
    let path = at_home.unwrap_or_else(|| typed.to_owned());
    std::path::absolute(&path).unwrap_or(path)
}

/// Puts the output of `write` into the file at `path`. On any error, of `write` too, the file that was there stays as
/// it was.
pub(super) fn write_with(
    path: &Path,
    if_exists: IfExists,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    // Checked before the work of writing; a file that appears in between is refused below.
    if if_exists == IfExists::Refuse && path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    // The draft lies beside the file, so that it can be renamed.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".papo-").tempfile_in(folder)?;
    write(draft.as_file_mut())?;
    match if_exists {
        IfExists::Refuse => draft.persist_noclobber(path)?,
        IfExists::Replace => draft.persist(path)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_cannot_be_written_whole_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("conversa.txt");
        for (text, is_full, expected) in [("um", false, "um"), ("dois", true, "um"), ("três", false, "três")] {
            let written = write_with(&path, IfExists::Replace, |file| {
                file.write_all(text.as_bytes())?;
                if is_full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
            });
            assert_eq!(written.is_err(), is_full);
            assert_eq!(fs::read_to_string(&path).expect("read"), expected);
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "no draft is left behind");
        }
    }

    #[test]
    fn a_file_that_stands_there_is_replaced_only_where_that_is_wanted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("conversa.txt");
        for (if_exists, text, error, expected) in [
            (IfExists::Refuse, "um", None, "um"),
            (IfExists::Refuse, "dois", Some(io::ErrorKind::AlreadyExists), "um"),
            (IfExists::Replace, "três", None, "três"),
        ] {
            let (tell, told) = mpsc::channel();
            let task = write_later(path.clone(), if_exists, text.to_owned(), move |path, written| {
                tell.send((path, written.err().map(|it| it.kind()))).expect("the test waits");
            });
            task.wait();
            assert_eq!(told.try_recv(), Ok((path.clone(), error)));
            assert_eq!(fs::read_to_string(&path).expect("read"), expected);
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "no draft is left behind");
        }
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("conversa.txt");
        let written = write_with(&path, IfExists::Refuse, |_| fs::write(&path, "de outra"));
        assert_eq!(written.map_err(|it| it.kind()), Err(io::ErrorKind::AlreadyExists));
        assert_eq!(fs::read_to_string(&path).expect("read"), "de outra");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_a_file_not_even_while_it_is_written() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("conversa.txt");
        let mode = |metadata: io::Result<fs::Metadata>| metadata.expect("a file").permissions().mode() & 0o777;
        for _ in 0..2 {
            let check = |file: &mut File| {
                assert_eq!(mode(file.metadata()), 0o600);
                Ok(())
            };
            write_with(&path, IfExists::Replace, check).expect("written");
            assert_eq!(mode(fs::metadata(&path)), 0o600);
            // Earlier versions left files that others can read: the next write has to restrict them again.
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
        }
    }
}
