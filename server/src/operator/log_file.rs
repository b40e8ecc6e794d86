//! The log in a file, which does not grow for ever.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::os::files;

/// The largest size of the file, in bytes; then it is begun anew, and one old one is kept.
pub const MAX_SIZE: u64 = 4 << 20;
/// The ending of the old one's name.
const OLD: &str = ".1";

/// The file that the log goes to now.
#[derive(Debug)]
pub struct RotatingFile {
    file: File,
    path: PathBuf,
    size: u64,
    max_size: u64,
}

impl RotatingFile {
    /// Goes on with the file at `path`, or begins it and its folder, up to `max_size` bytes. Names and addresses of
    /// members are for this user's eyes alone. An error if it cannot be opened for writing.
    pub fn open(path: &Path, max_size: u64) -> io::Result<RotatingFile> {
        files::create(path)?;
        let file = File::options().append(true).open(path)?;
        // One of an earlier version may be open to all. Where it is somebody else's, that cannot be changed.
        let _ = files::restrict(&file);
        let size = file.metadata()?.len();
        Ok(RotatingFile { file, path: path.into(), size, max_size })
    }

    fn begin_anew(&mut self) -> io::Result<()> {
        let mut old = self.path.clone().into_os_string();
        old.push(OLD);
        fs::rename(&self.path, old)?;
        *self = RotatingFile::open(&self.path, self.max_size)?;
        Ok(())
    }
}

impl Write for RotatingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.size > 0 && self.size + bytes.len() as u64 > self.max_size {
            // Where that fails, a log that is too large is better than none.
            let _ = self.begin_anew();
        }
        let written = self.file.write(bytes)?;
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn at_its_size_it_is_begun_anew_and_one_old_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("servidor.log");
        fs::write(&path, "antes\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let mut log = RotatingFile::open(&path, 16).unwrap();
        for n in 0..10 {
            writeln!(log, "linha {n}").unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "linha 9\n");
        assert_eq!(fs::read_to_string(folder.path().join("servidor.log.1")).unwrap(), "linha 7\nlinha 8\n");
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 2);
        assert!(files.iter().all(|file| file.metadata().unwrap().permissions().mode() & 0o777 == 0o600));
    }
}
