//! Entering: what a welcome has to hold for a newcomer, and for one who comes back.

use papo_common::{Event, Message, Private, Welcome};

use super::{Native, Session};
use crate::client::Context;
use crate::truth::Place;

/// How many of the last messages a newcomer is given.
const FOR_NEWCOMERS: usize = 50;

impl Native {
    pub(super) fn enter(&mut self, welcome: &Welcome, cx: &mut Context<'_>) -> Result<(), String> {
        if self.is_in {
            return Err("was welcomed twice".into());
        }
        if cx.is_witness {
            cx.begin_run(welcome)?;
        }
        self.check_resumed(welcome, cx)?;
        let known = welcome.resumed.then_some((self.since, self.private_since));
        self.place = find_place(welcome, cx)?;
        let (messages, privates) = sorted(&welcome.history);
        self.check_messages(welcome, known.map(|(since, _)| since), &messages, cx)?;
        self.begin_session(welcome);
        self.check_privates(welcome, &privates, cx)?;
        // Some take these for their receipts, others ask again.
        for message in messages.into_iter().filter(|_| cx.client.is_multiple_of(2)) {
            self.confirm(message);
        }
        self.roster = welcome.users.to_vec().iter().map(|user| user.name.clone()).collect();
        self.is_in = true;
        self.send_again(welcome);
        Ok(())
    }

    /// Somebody who comes back in time is the same as before.
    fn check_resumed(&mut self, welcome: &Welcome, cx: &Context<'_>) -> Result<(), String> {
        let must_resume = self.resumes_until.take().is_some_and(|until| cx.now < until);
        match &self.session {
            Some(session) if welcome.resumed && (session.id != welcome.id || session.token != welcome.session) => {
                Err("came back as somebody else".into())
            }
            Some(_) if !welcome.resumed && must_resume => Err("came back in time, and is a stranger".into()),
            None if welcome.resumed => Err("came back without having been here".into()),
            _ => Ok(()),
        }
    }

    fn begin_session(&mut self, welcome: &Welcome) {
        let same_run = self.session.as_ref().is_some_and(|session| session.run == welcome.run);
        if !welcome.resumed {
            self.forget_session();
            self.private_since = 0;
        } else if !same_run || welcome.gap {
            self.epoch += 1;
        }
        self.session = Some(Session {
            name: welcome.name.to_string(),
            token: welcome.session.clone(),
            id: welcome.id,
            log: welcome.log.clone(),
            run: welcome.run,
        });
        self.since = welcome.seq;
        self.last_seq = welcome.seq;
    }

    fn check_privates(&mut self, welcome: &Welcome, privates: &[&Private], cx: &mut Context<'_>) -> Result<(), String> {
        for (private, before) in privates.iter().rev().zip((0..=welcome.pseq).rev()) {
            if private.pseq != before {
                return Err(format!("private message {before} is missing before {private:?}"));
            }
        }
        let first = welcome.pseq - privates.len() as u64;
        if welcome.resumed && (first < self.private_since || first > self.private_since && !welcome.gap) {
            return Err(format!("heard {} private messages, is given those behind {first}", self.private_since));
        }
        self.private_since = welcome.pseq;
        for private in privates {
            let is_own = private.id == welcome.id;
            self.take_private(private, is_own, cx)?;
        }
        Ok(())
    }

    /// The messages are the last ones, without a hole, and all that were missed unless the welcome says that some are not.
    fn check_messages(
        &self,
        welcome: &Welcome,
        since: Option<u64>,
        messages: &[&Message],
        cx: &Context<'_>,
    ) -> Result<(), String> {
        for event in &welcome.history {
            if let Event::Notice(notice) = event {
                cx.truth.check_notice(notice)?;
            }
        }
        let Some(place) = self.place.filter(|_| !cx.is_over() && !cx.is_stale()) else { return Ok(()) };
        let line = cx.truth.run(place.run).line(place.at);
        let since = since.filter(|since| *since <= welcome.seq);
        let missed: Vec<&Message> = cx.truth.told_between(since.unwrap_or(0).max(line), welcome.seq + 1).collect();
        let wrong = |why: &str| {
            let numbers: Vec<u64> = messages.iter().map(|message| message.seq).collect();
            let due: Vec<u64> = missed.iter().map(|message| message.seq).collect();
            Err(format!("{why}: since {since:?} told {numbers:?} of {due:?}, gap {}", welcome.gap))
        };
        // Messages that were taken back since it was written are left out of the comparison.
        let told: Vec<&&Message> = messages.iter().filter(|it| !cx.truth.removed().contains(&it.seq)).collect();
        if !missed.ends_with(&told.iter().map(|message| **message).collect::<Vec<_>>()) {
            return wrong("not the last messages");
        }
        let is_whole = told.len() == missed.len() || cx.truth.floor > 0;
        match since {
            Some(_) if !is_whole && !welcome.gap => wrong("some are missing"),
            None if !is_whole && told.len() < FOR_NEWCOMERS && cx.truth.removed().is_empty() => wrong("too few"),
            _ => Ok(()),
        }
    }

    /// Sends messages without a receipt again; private ones only where the server still knows whether they were read.
    fn send_again(&mut self, welcome: &Welcome) {
        self.outbox.retain(|said| said.to.is_none() || said.run == welcome.run);
        for said in self.outbox.clone() {
            self.send(&said);
        }
    }
}

/// How far the room had come when somebody entered; `None` if the run ended before anybody could hear of it.
fn find_place(welcome: &Welcome, cx: &Context<'_>) -> Result<Option<Place>, String> {
    if cx.is_witness {
        return Ok(Some(Place { run: cx.run, at: 0 }));
    }
    let run = cx.truth.run(cx.run);
    let Some(coming) = run.coming(welcome.id, welcome.addr) else {
        return if cx.is_over() { Ok(None) } else { Err("was let in, and nobody was told".into()) };
    };
    let place = Place { run: cx.run, at: coming + 1 };
    let number = run.number(place.at);
    if welcome.seq != number {
        return Err(format!("was told {} messages where {number} had been", welcome.seq));
    }
    if cx.truth.roster(place) != welcome.users.to_vec() {
        return Err(format!("was told {:?} where {:?} were there", welcome.users, cx.truth.roster(place)));
    }
    Ok(Some(place))
}

fn sorted(history: &[Event]) -> (Vec<&Message>, Vec<&Private>) {
    let messages = history.iter().filter_map(|event| if let Event::Message(it) = event { Some(it) } else { None });
    let privates = history.iter().filter_map(|event| if let Event::Private(it) = event { Some(it) } else { None });
    (messages.collect(), privates.collect())
}
