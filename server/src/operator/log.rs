//! The operator's log: one line per matter, with the time.

use std::fmt::{self, Display};
use std::io::Write;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::operator::output_buffer::OutputBuffer;
use crate::strings;

/// Where the log goes.
pub struct Log {
    out: OutputBuffer,
    zone: TimeZone,
    /// Whether the time zone of this machine cannot be read.
    lacks_zone: bool,
}

impl Log {
    /// Writes to `out`, in the time zone of this machine. Where `out` would have to wait it says so.
    pub fn new(out: Box<dyn Write>) -> Log {
        let zone = TimeZone::try_system();
        let lacks_zone = zone.is_err();
        Log { out: OutputBuffer::new(out), zone: zone.unwrap_or(TimeZone::UTC), lacks_zone }
    }

    /// Says so if the time zone of this machine cannot be read, so that all times are those of UTC.
    pub fn time_zone_error(&self) -> Option<String> {
        self.lacks_zone.then(|| strings::time_zone_unknown(std::env::var("TZ").ok().as_deref()))
    }

    /// The moment `at` to the minute, as short as it is clear at `now`, both Unix ms: without the day on the same day,
    /// without the year in the same year.
    pub fn when(&self, at: u64, now: u64) -> impl Display {
        let (then, now) = (self.local(at), self.local(now));
        let form = match (then.date() == now.date(), then.year() == now.year()) {
            (true, _) => "%H:%M",
            (_, true) => "%d/%m %H:%M",
            _ => "%d/%m/%Y %H:%M",
        };
        then.strftime(form).to_string()
    }

    /// The moment `at`, Unix ms, to the minute.
    pub fn date_and_time(&self, at: u64) -> impl Display {
        self.local(at).strftime("%d/%m/%Y %H:%M").to_string()
    }

    /// Notes `what` under the time `at`, Unix ms. A log that cannot be written is no reason to stop the chat.
    pub fn note(&mut self, at: u64, what: impl Display) {
        let time = self.local(at);
        self.out.push(&format!("{} {what}\n", time.strftime("%Y-%m-%d %H:%M:%S")));
    }

    /// Where what was noted goes.
    pub fn output(&mut self) -> &mut OutputBuffer {
        &mut self.out
    }

    fn local(&self, at: u64) -> Zoned {
        Timestamp::from_millisecond(at as i64).unwrap_or_default().to_zoned(self.zone.clone())
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_day_is_named() {
        let zone = TimeZone::posix("<-03>3").unwrap();
        let at = |date: &str| {
            let local: jiff::civil::DateTime = date.parse().unwrap();
            local.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond() as u64
        };
        let out = OutputBuffer::new(Box::new(std::io::sink()));
        let journal = Log { out, zone: zone.clone(), lacks_zone: false };
        let now = at("2026-03-19T00:05:00");
        for (then, shown) in [
            ("2026-03-19T00:01:00", "00:01"),
            ("2026-03-18T23:59:00", "18/03 23:59"),
            ("2026-03-20T00:01:00", "20/03 00:01"),
            ("2025-03-19T00:01:00", "19/03/2025 00:01"),
        ] {
            assert_eq!(journal.when(at(then), now).to_string(), shown);
        }
        assert_eq!(journal.date_and_time(now).to_string(), "19/03/2026 00:05");
    }
}
