//! Notices of the operator to all, in memory, and their places among the messages.

use std::collections::VecDeque;
use std::ops::RangeFrom;

use papo_common::{Event, Notice};

/// How many notices are kept in memory, and the most that a welcome or a page of `history` holds: the last of them. A
/// line of the console has 4 KiB, so they have 200 KiB at most.
pub const MAX_NOTICES: usize = 50;

/// The last notices since the lesson began, oldest first.
#[derive(Debug, Default)]
pub struct Notices {
    notices: VecDeque<Notice>,
    /// The message after which the newest notice was given that is not kept here any more.
    lost_after: Option<u64>,
}

impl Notices {
    /// The last notices of an earlier run, at most [`MAX_NOTICES`]. Where they are so many there may be older ones.
    pub fn restored(notices: Vec<Notice>) -> Notices {
        let lost_after = notices.first().filter(|_| notices.len() >= MAX_NOTICES).and_then(|notice| notice.after);
        Notices { notices: notices.into(), lost_after }
    }

    /// Adds the newest notice.
    pub fn push(&mut self, notice: Notice) {
        self.notices.push_back(notice);
        if self.notices.len() > MAX_NOTICES
            && let Some(oldest) = self.notices.pop_front()
        {
            self.lost_after = oldest.after;
        }
    }

    /// Whether every notice that was given after message `after` or a later one is kept here.
    pub fn reaches(&self, after: u64) -> bool {
        self.lost_after.is_none_or(|lost| lost < after)
    }

    /// The notices that were given after one of these messages and before message `before`.
    pub fn between(&self, after: RangeFrom<u64>, before: u64) -> Vec<Notice> {
        let is_there = |notice: &&Notice| notice.after.is_some_and(|place| after.contains(&place) && place < before);
        self.notices.iter().filter(is_there).cloned().collect()
    }
}

/// `row` with the notices where they were given, both oldest first. Where private messages stand between the same two
/// public ones, the times decide.
pub fn interleave(row: Vec<Event>, notices: Vec<Notice>) -> Vec<Event> {
    let first = row.iter().find_map(|event| if let Event::Message(message) = event { Some(message.seq) } else { None });
    let mut told = first.map_or(u64::MAX, |first| first.saturating_sub(1));
    let mut notices = notices.into_iter().peekable();
    let mut placed = Vec::with_capacity(row.len() + notices.len());
    for event in row {
        while let Some(notice) = notices.next_if(|notice| match &event {
            Event::Message(message) => notice.after < Some(message.seq),
            Event::Private(private) => notice.after <= Some(told) && notice.at < private.at,
            _ => false,
        }) {
            placed.push(Event::Notice(notice));
        }
        if let Event::Message(message) = &event {
            told = message.seq;
        }
        placed.push(event);
    }
    placed.extend(notices.map(Event::Notice));
    placed
}

#[cfg(test)]
mod tests {
    use papo_common::{LineBreaks, MemberId, Message, Name, Private, Text};

    use super::*;

    fn text(text: &str) -> Text {
        Text::clean(text, LineBreaks::Keep).unwrap()
    }

    fn notice(after: u64, at: u64) -> Notice {
        Notice { text: text("oi"), at, after: Some(after), log: None }
    }

    fn message(seq: u64) -> Event {
        let (from, id) = (Name::parse("ana").unwrap(), MemberId::from_random(1));
        Event::Message(Message { seq, from, id, text: text("oi"), at: seq * 10, reference: None })
    }

    fn private(at: u64) -> Event {
        let (from, to) = (Name::parse("ana").unwrap(), Name::parse("bia").unwrap());
        let (id, text) = (MemberId::from_random(1), text("oi"));
        Event::Private(Private { pseq: 1, from, id, to, text, at, reference: None, away: false })
    }

    /// `5` for a message, `p` for a private one, `n4` for a notice after message 4.
    fn written(row: &[Event]) -> String {
        let word = |event: &Event| match event {
            Event::Message(message) => message.seq.to_string(),
            Event::Private(_) => "p".into(),
            Event::Notice(notice) => format!("n{}", notice.after.unwrap()),
            other => panic!("{other:?}"),
        };
        row.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_stands_behind_the_message_after_which_it_was_given() {
        for (row, notices, expected) in [
            (vec![], vec![notice(0, 1)], "n0"),
            (
                vec![message(5), message(8)],
                vec![notice(4, 1), notice(5, 1), notice(6, 1), notice(8, 1)],
                "n4 5 n5 n6 8 n8",
            ),
            (vec![private(10), private(30)], vec![notice(7, 20)], "p n7 p"),
            (vec![private(40), message(5), private(60)], vec![notice(4, 45), notice(5, 55)], "p n4 5 n5 p"),
            (vec![private(60), message(5)], vec![notice(5, 55)], "p 5 n5"),
        ] {
            assert_eq!(written(&interleave(row, notices)), expected);
        }
    }

    #[test]
    fn the_last_are_kept_and_which_are_not_is_known() {
        let mut notices = Notices::default();
        (0..MAX_NOTICES as u64).for_each(|n| notices.push(notice(n, n)));
        assert!(notices.reaches(0));
        notices.push(notice(70, 70));
        assert!(!notices.reaches(0) && notices.reaches(1));
        assert_eq!(notices.between(0.., u64::MAX).len(), MAX_NOTICES);
        assert_eq!(notices.between(49.., 70), [notice(49, 49)]);
        let again = Notices::restored(notices.between(0.., u64::MAX));
        assert!(!again.reaches(1) && again.reaches(2), "there may be another one after message 1");
        assert!(Notices::restored(vec![notice(3, 3)]).reaches(0));
    }
}
