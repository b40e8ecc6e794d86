//! A line under what was said: whoever comes or looks back from then on finds nothing above it.

use papo_common::{LineBreaks, LogId, Text, sentences};

use super::Room;
use super::notices::Notices;
use super::record::Record;

impl Room {
    /// Begins a lesson: what was said so far is told to nobody any more, numbers go on under `log`, and all are given a
    /// notice of it. Members, sessions and the receipts of what they said stay. `at` is the time, Unix ms.
    pub fn begin_lesson(&mut self, log: LogId, at: u64) {
        let line = self.backlog.seq();
        (self.log, self.lesson_start) = (log, line);
        self.backlog.forget_all();
        self.notices = Notices::default();
        self.record(|| Record::LessonBegan { log, start: line });
        if let Some(text) = Text::clean(sentences::LESSON_BEGINS, LineBreaks::Space) {
            self.announce(text, at, Some(log));
        }
    }
}
