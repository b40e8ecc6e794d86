//! The operator's log: one line per matter, with the time.

use std::fmt::{self, Display};
use std::io::Write;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::spool::Spool;

/// Where the log goes.
pub struct Journal {
    out: Spool,
    zone: TimeZone,
}

impl Journal {
    /// Writes to `out`, in the time zone of this machine. Where `out` would have to wait it says so.
    pub fn new(out: Box<dyn Write>) -> Journal {
        Journal { out: Spool::new(out), zone: TimeZone::system() }
    }

    /// The time of day at `at`, Unix ms, to the minute.
    pub fn time_of_day(&self, at: u64) -> impl Display {
        self.local(at).strftime("%H:%M").to_string()
    }

    /// The date and the time of day at `at`, Unix ms, to the minute.
    pub fn date_and_time(&self, at: u64) -> impl Display {
        self.local(at).strftime("%d/%m/%Y %H:%M").to_string()
    }

    /// Notes `what` under the time `at`, Unix ms. That the log cannot be written is no reason to stop the chat.
    pub fn note(&mut self, at: u64, what: impl Display) {
        let time = self.local(at);
        self.out.push(&format!("{} {what}\n", time.strftime("%Y-%m-%d %H:%M:%S")));
    }

    /// Where what was noted goes.
    pub fn spool(&mut self) -> &mut Spool {
        &mut self.out
    }

    fn local(&self, at: u64) -> Zoned {
        Timestamp::from_millisecond(at as i64).unwrap_or_default().to_zoned(self.zone.clone())
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journal")
    }
}
