//! Invariants over all that clients hear: one order, each message once and as it was said, nothing confirmed is lost.
//!
//! The witness is a member with a perfect network, which hears everything before anybody else does: what it hears is
//! what happened, and all others are compared with that as they hear it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use papo_common::{Event, MemberId, Message, Notice, User, Welcome};

use crate::run::Run;
use crate::storage::Stored;

/// Messages that a server certainly holds in memory while it cannot write, and bytes of them.
const OUTAGE_MESSAGES: usize = 8_000;
const OUTAGE_BYTES: usize = 3 << 20;

/// A text that a client says is found again by it: the number of the client, and its own number of what it says.
pub(crate) type Token = (usize, u64);

/// A place in what a run told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The number of the run.
    pub(crate) run: usize,
    /// How much of it was heard.
    pub(crate) at: usize,
}

/// The events so far, as far as anybody has heard.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    runs: Vec<Run>,
    /// The messages of this numbering.
    messages: BTreeMap<u64, Message>,
    removed: BTreeSet<u64>,
    notices: Vec<Notice>,
    /// The number of the last message before the lesson.
    line: u64,
    /// The text said under each token.
    said: BTreeMap<Token, String>,
    /// The message that each token has become, and whose that is.
    taken: BTreeMap<Token, (u64, MemberId)>,
    /// Members that may say again, later, what the disk has lost.
    disordered: HashSet<MemberId>,
    /// Whether the operator began a lesson that nobody was told of yet: a kill may come before that.
    pub(crate) awaits_lesson: bool,
    /// How often pages of history may differ from what was said: they were asked for under other conditions.
    pub(crate) upheavals: u64,
    /// Messages before this one may be missing on the disk: the file was taken away.
    pub(crate) floor: u64,
}

impl Truth {
    /// A client says `text`, which its token stands in front of.
    pub(crate) fn say(&mut self, token: Token, text: &str) {
        self.said.insert(token, text.into());
    }

    /// The server begins anew with what `stored` holds, and the witness is the first to enter.
    pub(crate) fn begin_run(&mut self, stored: &Stored, welcome: &Welcome) -> Result<(), String> {
        if welcome.seq != stored.seq {
            return Err(format!("began after message {}, but {} is stored", welcome.seq, stored.seq));
        }
        if let Some(last) = self.runs.last()
            && last.is_safe
            && !self.awaits_lesson
            && last.log != welcome.log
        {
            return Err(format!("the numbering {:?} became {:?}", last.log, welcome.log));
        }
        self.messages.clone_from(&stored.messages);
        self.removed.clone_from(&stored.removed);
        self.notices.clone_from(&stored.notices);
        self.line = stored.line;
        self.floor = 0;
        self.awaits_lesson = false;
        self.upheavals += 1;
        // Texts that the disk has lost may be said again.
        let is_lost = |seq: &u64| !self.messages.contains_key(seq) && !self.removed.contains(seq);
        let lost = self.taken.values().filter(|(seq, _)| is_lost(seq)).map(|(_, id)| *id);
        self.disordered.extend(lost);
        self.taken.retain(|_, (seq, _)| !is_lost(seq));
        for message in stored.messages.values() {
            let message = message.clone();
            self.take(&message)?;
        }
        self.runs.push(Run::new(stored.line, welcome.log.clone(), welcome.seq, welcome.users.to_vec()));
        Ok(())
    }

    /// The server has ended or was killed; `is_safe` says whether all that it told is stored.
    pub(crate) fn end_run(&mut self, is_safe: bool) {
        if let Some(run) = self.runs.last_mut() {
            run.is_over = true;
            run.is_safe = is_safe;
        }
    }

    /// Checks that every message told to anybody and said to be kept is in `stored`.
    pub(crate) fn check_stored(&self, stored: &Stored) -> Result<(), String> {
        if let Some(seq) = self.removed.iter().find(|seq| stored.messages.contains_key(seq)) {
            return Err(format!("message {seq} was taken back, and is stored"));
        }
        for (seq, message) in self.messages.range(self.floor..) {
            let is_removed = self.removed.contains(seq) || stored.removed.contains(seq);
            match stored.messages.get(seq) {
                Some(kept) if kept == message => {}
                None if is_removed => {}
                kept => return Err(format!("was told {message:?}, but {kept:?} is stored")),
            }
        }
        Ok(())
    }

    /// The current run's number.
    pub(crate) fn current_run(&self) -> usize {
        self.runs.len() - 1
    }

    /// How many runs there were.
    pub(crate) fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Whether all that the last run told is on the disk.
    pub(crate) fn is_safe(&self) -> bool {
        self.runs.last().is_some_and(|run| run.is_safe)
    }

    /// The run of that id.
    pub(crate) fn run(&self, number: usize) -> &Run {
        &self.runs[number]
    }

    /// The number of the last message that anybody was told.
    pub(crate) fn last_seq(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.number(run.length()))
    }

    /// The numbers of messages that were taken back.
    pub(crate) fn removed(&self) -> &BTreeSet<u64> {
        &self.removed
    }

    /// The messages with these numbers that are told, oldest first.
    pub(crate) fn told_between(&self, after: u64, before: u64) -> impl DoubleEndedIterator<Item = &Message> {
        let range = self.messages.range(after.saturating_add(1)..before.max(after.saturating_add(1)));
        range.map(|(_, message)| message).filter(|message| !self.removed.contains(&message.seq))
    }

    /// Whether what was said under `token` has become a message.
    pub(crate) fn is_taken(&self, token: Token) -> bool {
        self.taken.contains_key(&token)
    }

    /// The number of the last message before the lesson, as things are now.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Whether more was said behind message `after` than a server holds in memory while it cannot write.
    pub(crate) fn outgrows_an_outage(&self, after: u64) -> bool {
        let said = self.messages.range(after + 1..).map(|(_, message)| message.text.as_str().len());
        said.clone().count() > OUTAGE_MESSAGES || said.sum::<usize>() > OUTAGE_BYTES
    }

    /// The text said under `token`.
    pub(crate) fn text_of(&self, token: Token) -> Option<&str> {
        self.said.get(&token).map(String::as_str)
    }

    /// Somebody at `place` hears `event`, which all hear. The witness is the first; only of the end of a run may others
    /// hear more than it.
    pub(crate) fn hear(&mut self, place: &mut Place, event: &Event, is_witness: bool) -> Result<(), String> {
        let is_current = place.run + 1 == self.runs.len();
        let run = &mut self.runs[place.run];
        match run.told(place.at) {
            Some(told) if told == event => {}
            Some(told) => return Err(format!("was told {event:?} where others were told {told:?}")),
            None if !is_witness && !run.is_over => return Err(format!("was told {event:?} before it happened")),
            None => {
                run.append(event)?;
                self.take_in(event, is_current, place.run)?;
            }
        }
        place.at += 1;
        Ok(())
    }

    /// Somebody is shown `message` outside of the broadcast: in a welcome, a page, a receipt.
    pub(crate) fn check_shown(&self, message: &Message) -> Result<(), String> {
        match self.messages.get(&message.seq) {
            Some(known) if known == message => Ok(()),
            known => Err(format!("was shown {message:?}, which is {known:?}")),
        }
    }

    /// A notice that somebody is shown was given.
    pub(crate) fn check_notice(&self, notice: &Notice) -> Result<(), String> {
        let is_same = |known: &&Notice| (&known.text, known.at) == (&notice.text, notice.at);
        self.notices.iter().find(is_same).map(drop).ok_or_else(|| format!("nobody gave {notice:?}"))
    }

    /// The people whom a welcome at `place` has to list.
    pub(crate) fn roster(&self, place: Place) -> &[User] {
        self.runs[place.run].roster(place.at)
    }

    fn take_in(&mut self, event: &Event, is_current: bool, run: usize) -> Result<(), String> {
        match event {
            Event::Message(message) if is_current => {
                self.messages.insert(message.seq, message.clone());
                self.take(message)
            }
            // The end of an earlier run reaches somebody late: it was written behind its commit.
            Event::Message(message) if self.runs[run].is_safe && message.seq >= self.floor => {
                if self.removed.contains(&message.seq) { Ok(()) } else { self.check_shown(message) }
            }
            Event::Notice(notice) => {
                self.notices.push(notice.clone());
                if notice.log.is_some() && is_current {
                    self.awaits_lesson = false;
                    self.line = notice.after.unwrap_or_default();
                    self.upheavals += 1;
                }
                Ok(())
            }
            Event::Removed { seq } if is_current => {
                self.removed.insert(*seq);
                self.upheavals += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Checks that a message holds a text that a client has said: once, whole, and in the order of its saying.
    fn take(&mut self, message: &Message) -> Result<(), String> {
        let Some(token) = token_of(message.text.as_str(), PUBLIC) else { return Ok(()) };
        let said = self.said.get(&token);
        if said.map(String::as_str) != Some(message.text.as_str()) {
            return Err(format!("{message:?} was said as {said:?}"));
        }
        if let Some((seq, _)) = self.taken.insert(token, (message.seq, message.id))
            && seq != message.seq
        {
            return Err(format!("{message:?} is message {seq} too"));
        }
        // Texts that a client said over an earlier connection, as somebody else, may come later than those it says now.
        let of_this_one = |(said, taken): &(&Token, &(u64, MemberId))| said.0 == token.0 && taken.1 == message.id;
        let earlier = self.taken.range(..token).rev().find(of_this_one);
        let later = self.taken.range((token.0, token.1 + 1)..).find(of_this_one);
        let is_in_order = earlier.is_none_or(|(_, (seq, _))| *seq < message.seq)
            && later.is_none_or(|(_, (seq, _))| *seq > message.seq);
        if is_in_order || self.disordered.contains(&message.id) {
            Ok(())
        } else {
            Err(format!("{message:?} was not said in this order"))
        }
    }
}

/// The prefix of a public text's token.
pub(crate) const PUBLIC: &str = "m";
/// The prefix of a private text's token: never to be seen by others, nor on the disk.
pub(crate) const PRIVATE: &str = "sigilo";

/// The token that `text` begins with, behind that `mark`.
pub(crate) fn token_of(text: &str, mark: &str) -> Option<Token> {
    let (client, rest) = text.strip_prefix(mark)?.split_once('.')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    Some((client.parse().ok()?, rest[..digits].parse().ok()?))
}
