//! The operator's log: one line per matter, with the time.

use std::fmt::{self, Display};
use std::io::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Where the log goes.
pub struct Journal {
    out: Box<dyn Write>,
    zone: TimeZone,
}

impl Journal {
    /// Writes to `out`, in the time zone of this machine.
    pub fn new(out: Box<dyn Write>) -> Journal {
        Journal { out, zone: TimeZone::system() }
    }

    /// Notes `what` under the time `at`, Unix ms. That the log cannot be written is no reason to stop the chat.
    pub fn note(&mut self, at: u64, what: impl Display) {
        let time = Timestamp::from_millisecond(at as i64).unwrap_or_default().to_zoned(self.zone.clone());
        let _ = writeln!(self.out, "{} {what}", time.strftime("%Y-%m-%d %H:%M:%S"));
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journal")
    }
}
