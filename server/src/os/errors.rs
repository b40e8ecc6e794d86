//! Errors of the system to which the standard library gives no kind.

use std::io::Error;

use rustix::io::Errno;

/// The subject of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The process, or the system, has as many files open as it may.
    TooManyFiles,
    /// The disk or the terminal failed.
    Device,
    /// The links of a path go round in circles.
    Loop,
    /// There is no such device.
    NoDevice,
}

/// The kind of an error of the system; `None` for any other.
pub fn kind(error: &Error) -> Option<ErrorKind> {
    match Errno::from_raw_os_error(error.raw_os_error()?) {
        Errno::MFILE | Errno::NFILE => Some(ErrorKind::TooManyFiles),
        Errno::IO => Some(ErrorKind::Device),
        Errno::LOOP => Some(ErrorKind::Loop),
        Errno::NODEV | Errno::NXIO => Some(ErrorKind::NoDevice),
        _ => None,
    }
}
