//! What was on its way when the connection ended: sent again on coming back, or given to the person to decide about.

use std::collections::HashSet;

use papo_common::{MemberId, Number, Request, Welcome};

use crate::core::history::resume::ResumePoint;
use crate::core::model::Model;
use crate::core::notices::Failure;
use crate::core::{ChatMessage, Conversation, Delivery, Effect};

/// More are not sent again by themselves: the person is asked.
const MAX_AGAIN: usize = 128;

/// What a welcome says about the server's memory of this session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Remembered {
    /// It knows the numbers of the public messages.
    public: bool,
    /// It knows those of the private ones too: it was not started anew since.
    private: bool,
}

impl Remembered {
    /// Public messages and their numbers outlive the server's run where it keeps history; private ones and theirs do
    /// not. Which of those arrived in another run nobody knows, so that none may be sent again: it may have been read.
    pub(crate) fn by(heard: &ResumePoint, welcome: &Welcome) -> Remembered {
        let public = welcome.resumed;
        Remembered { public, private: public && welcome.run.is_some() && welcome.run == heard.run }
    }

    fn knows(self, said: &ChatMessage) -> bool {
        if said.private_to.is_some() { self.private } else { self.public }
    }
}

impl Model {
    /// One is back, and has been told what one missed: what still waits is sent again under its own number, so that the
    /// server says nothing twice; what it does not know any more is given up, and what would reach another person than
    /// it was written to.
    pub(crate) fn settle_pending(&mut self, remembered: Remembered) {
        let pending = self.state.conversations.iter().flat_map(Conversation::pending);
        let misled = pending.filter(|(_, said)| self.would_reach_another(said)).map(|(reference, _)| reference);
        let misled: HashSet<Number> = misled.collect();
        for conversation in &mut self.state.conversations {
            conversation.fail_pending(&Failure::NotConfirmed, |said| !remembered.knows(said));
            conversation.fail_pending(&Failure::AnotherAddressee, |said| {
                said.reference.is_some_and(|reference| misled.contains(&reference))
            });
        }
        let mut again = self.pending_requests();
        again.sort_by_key(|(reference, _)| *reference);
        let surplus = again.get(MAX_AGAIN).map(|(reference, _)| *reference);
        if let Some(from) = surplus {
            again.truncate(MAX_AGAIN);
            for conversation in &mut self.state.conversations {
                conversation.fail_pending(&Failure::NotConfirmed, |said| said.reference >= Some(from));
            }
        }
        for (_, request) in again {
            self.request(Effect::Send(request));
        }
    }

    /// A name is all that the server is told: somebody else may have it by now.
    fn would_reach_another(&self, said: &ChatMessage) -> bool {
        let there = said.private_to.as_ref().and_then(|name| self.person(name));
        there.zip(said.meant_for).is_some_and(|(there, meant)| there.id != meant)
    }

    fn pending_requests(&self) -> Vec<(Number, Request)> {
        let pending = self.state.conversations.iter().flat_map(Conversation::pending);
        pending.map(|(reference, said)| (reference, said.request(reference))).collect()
    }

    /// There will be no receipts: the session is over.
    pub(crate) fn give_up_pending(&mut self) {
        for conversation in &mut self.state.conversations {
            conversation.fail_pending(&Failure::NotConfirmed, |_| true);
        }
    }

    /// Whether that is oneself, now or in an earlier session of the same chat.
    pub(crate) fn is_me(&self, id: MemberId) -> bool {
        self.state.me.as_ref().is_some_and(|me| me.id == id) || self.earlier_ids.contains(&id)
    }
}

impl ChatMessage {
    /// What says it under that number.
    pub(crate) fn request(&self, reference: Number) -> Request {
        let (reference, text) = (Some(reference), self.text.as_str().to_owned());
        match &self.private_to {
            None => Request::Say { reference, text },
            Some(name) => Request::Private { reference, to: name.as_str().to_owned(), text },
        }
    }

    /// The number under which it waits for its receipt.
    pub(crate) fn pending(&self) -> Option<Number> {
        match self.delivery {
            Delivery::Pending(reference) => Some(reference),
            Delivery::Done | Delivery::Kept | Delivery::Failed(_) => None,
        }
    }
}
