//! Times and days as people read them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::strings::window as strings;

/// Local times; the zone is asked for once.
#[derive(Clone, Debug)]
pub(super) struct Calendar(TimeZone);

impl Calendar {
    /// Of this machine's zone.
    pub(super) fn local() -> Calendar {
        Calendar(TimeZone::system())
    }

    /// The day on which Unix time `at`, in ms, falls.
    pub(super) fn day(&self, at: u64) -> Date {
        self.zoned(at).date()
    }

    /// `10:42`.
    pub(super) fn time(&self, at: u64) -> String {
        let at = self.zoned(at);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// When the newest message of a conversation came: its time today, else the day.
    pub(super) fn recent(&self, at: u64) -> String {
        let (day, today) = (self.day(at), self.today());
        match relative(day, today) {
            Some(strings::TODAY) => self.time(at),
            Some(word) => word.to_owned(),
            None => format!("{:02}/{:02}", day.day(), day.month()),
        }
    }

    /// On which day a server was last used: `hoje`, `ontem`, `12 de novembro`.
    pub(super) fn last_used(&self, at: u64) -> String {
        let (day, today) = (self.day(at), self.today());
        relative(day, today).map_or_else(|| day_of_month(day, today), str::to_owned)
    }

    /// The head of a day: `domingo, 22 de novembro`.
    pub(super) fn heading(&self, day: Date) -> String {
        let weekday =
            strings::WEEKDAYS.get(day.weekday().to_sunday_zero_offset() as usize).copied().unwrap_or_default();
        format!("{weekday}, {}", day_of_month(day, self.today()))
    }

    /// The day that it is.
    pub(super) fn today(&self) -> Date {
        Timestamp::now().to_zoned(self.0.clone()).date()
    }

    /// A time that no calendar holds, as a broken clock might send it, counts as the epoch.
    fn zoned(&self, at: u64) -> Zoned {
        let at = i64::try_from(at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
        at.unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.0.clone())
    }
}

fn relative(day: Date, today: Date) -> Option<&'static str> {
    if day == today {
        return Some(strings::TODAY);
    }
    (day.tomorrow().ok() == Some(today)).then_some(strings::YESTERDAY)
}

fn day_of_month(day: Date, today: Date) -> String {
    let month = strings::MONTHS.get(day.month() as usize - 1).copied().unwrap_or_default();
    if day.year() == today.year() {
        format!("{} de {month}", day.day())
    } else {
        format!("{} de {month} de {}", day.day(), day.year())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn times_and_days() {
        let calendar = Calendar(TimeZone::UTC);
        let at = 1_763_805_720_000;
        assert_eq!(calendar.time(at), "10:02");
        assert_eq!(calendar.day(at), date(2025, 11, 22));
        assert!(calendar.heading(date(2020, 11, 22)).starts_with("domingo, 22 de novembro de 2020"));
        assert_eq!(calendar.time(u64::MAX), "00:00");
    }

    #[test]
    fn near_days_have_words() {
        let today = date(2026, 1, 1);
        for (day, expected) in [
            (today, Some("hoje")),
            (date(2025, 12, 31), Some("ontem")),
            (date(2025, 12, 30), None),
            (date(2026, 1, 2), None),
        ] {
            assert_eq!(relative(day, today), expected, "{day}");
        }
        assert_eq!(day_of_month(date(2026, 3, 5), today), "5 de março");
        assert_eq!(day_of_month(date(2025, 3, 5), today), "5 de março de 2025");
    }
}
